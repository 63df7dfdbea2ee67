"""One walk over every address: by whoever has no business there, and by those whose work it is.

The addresses are read from the resolver: a new one is walked from its first day. What was answered is
kept as plain values, and the tests of this folder look at it from their sides.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pypdfium2
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models.signals import post_save
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from motcua.audit.models import Read
from motcua.cases.models import Case
from motcua.cases.tests.world import CHART, make_person, make_world
from motcua.desk.tests.rows import desk_clock, sign_in
from motcua.people import queries as people
from tests.rights.foreign import AFTER, APPLICANT, SECRETS, make_foreign

# Opens without signing in, and why.
PUBLIC = {
    "healthz": "says only that the server lives",
    "set_language": "whoever cannot read the page must be able to change its language",
    "account_login": "the door itself",
    "account_signup": "says that accounts are given by the administrator",
    "account_logout": "leads to the door; there is nobody to sign out",
    "account_inactive": "says that the account is closed",
    "account_email_verification_sent": "of the account package; nothing is sent from here",
    "account_confirm_login_code": "of the account package; leads to the door",
    "account_confirm_email": "of the account package; a key that nobody has",
    "account_reset_password": "asks whom to write to",
    "account_reset_password_done": "says that a letter is on its way",
    "account_reset_password_from_key": "opens with the key in the letter",
    "account_reset_password_from_key_done": "says that the password is changed",
    "cases:system-message": "asks other systems for their token, and answers 401 without one",
    "portal:what-if": "tells citizens what to expect; holds no case",
    "desk:offline-worker": "a program without data, which a browser without connection runs",
}
# The administrator's own work, which tells codes and steps of cases and nothing of their content.
OF_ADMINISTRATION = {"desk:dissolve", "desk:dissolve-part", "desk:undo-dissolution"}
# Of one's own account, whoever one is.
ACCOUNT = "account_"
# What the agency that is asked reads.
OF_THE_ASKED = {"desk:consultation", "desk:consultations"}
# Posted with nothing filled in it changes something: it asks for nothing.
ASKS_NOTHING = {"people:end-post"}
KEYS = {
    "procedures:procedure": {"code": "1.000001"},
    "procedures:export": {"form": "yaml"},
    "reporting:enter": {"indicator": "simplification_approved"},
    "desk:clock-act": {"slug": "yeu-cau-bo-sung"},
    "desk:draft-act": {"slug": "bo"},
    "desk:slip-text": {"slip": "receipt"},
    "desk:slip-preview": {"slip": "receipt"},
    "desk:slip-restore": {"slip": "receipt"},
    "desk:register-download": {"form": "xlsx"},
    "desk:result-act": {"slug": "ky"},
    "account_confirm_email": {"key": "x"},
    "account_reset_password_from_key": {"uidb36": "1", "key": "x-y"},
}
WORKFLOWS = {"workflow", "start-draft", "version", "version-chart", "migrate", "callers", "retire"}
# What must be sent before the question is whether one may, or to be told anything.
SENT: dict[str, Callable[[], dict[str, Any]]] = {
    "desk:start-draft": lambda: {"version": "1"},
    "desk:post-reveal": lambda: {"state": "sent", "ghi-ro": "Gọi điện"},
    "desk:draw-import": lambda: {
        "drawn_on": "1",
        "file": SimpleUploadedFile("chart.bpmn", CHART.encode()),
    },
}
UNIT = "?unit=H19.01&period=2023-Q1&first_day=15/12/2022&last_day=14/03/2023"
# Without it a page shows what is not the foreign thing.
ASKED = {"desk:post": "?state=sent"}
SEARCHES = ("/tim/", "/ho-so/", "/ket-qua/", "/so-theo-doi/")
PAGES = ("text/html", "application/json")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What somebody was answered; the text is kept of files and of what the asked agency reads."""

    who: str
    name: str
    method: str
    address: str
    status: int
    location: str
    secrets: tuple[str, ...]
    noted: tuple[tuple[str, bool], ...]
    is_file: bool
    text: str

    @property
    def areas(self) -> list[str]:
        """Of what kind each thing is whose reading was noted."""
        return [subject.partition(":")[0] for subject, _was_allowed in self.noted]


@dataclass(kw_only=True)
class Walked:
    """All answers, which tables a stranger's walk changed, and what the commands wrote."""

    answers: list[Answer] = field(default_factory=list)
    changed: dict[str, set[str]] = field(default_factory=dict)
    codes: list[str] = field(default_factory=list)
    written: str = ""
    noted_of_commands: list[str] = field(default_factory=list)

    def of(self, *who: str, name: str | None = None, method: str | None = None) -> list[Answer]:
        """Return what some were answered, at one address or at all."""
        return [
            answer
            for answer in self.answers
            if answer.who in who and name in (None, answer.name) and method in (None, answer.method)
        ]


STRANGERS = ("visitor", "oanh", "khoa", "phuc")
WORKERS = ("cuc", "binh", "controller", "dung")
# Both together may post wherever something foreign is told.
_POSTING = ("cuc", "controller")


def list_addresses(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from list_addresses(entry, f"{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern):
            groups = entry.pattern.regex.groupindex
            yield f"{space}{entry.name}", tuple(entry.pattern.converters) or tuple(groups)


EVERY = dict(list_addresses(get_resolver()))
AT_WORK = [name for name in EVERY if not name.startswith(ACCOUNT) and name not in PUBLIC]


def fill(name: str, known: dict[str, Any]) -> str:
    """Return the address of a foreign thing, or of a page, as it stands in a link."""
    space, _colon, short = name.rpartition(":")
    values = {**known, **KEYS.get(name, {})}
    if space == "reporting":
        values["key"] = "ii_06a"
    elif short in WORKFLOWS:
        values["key"] = "three-steps"
    elif name == "desk:hand-over-slip":
        values["code"] = known["returned_code"]
    lacking = set(EVERY[name]) - set(values)
    assert not lacking, f"{name} names {lacking}: let tests/rights/foreign.py make one"
    parts = {part: KEYS.get(name, {}).get(part, values[part]) for part in EVERY[name]}
    return reverse(name, kwargs=parts) + (UNIT if space == "reporting" else ASKED.get(name, ""))


def text_of(content: bytes) -> str:
    """Return the text of a file: of a PDF, of the parts of a workbook or document, or as it is."""
    if content.startswith(b"%PDF"):
        try:
            pages = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError:
            return content.decode(errors="replace")
        return "".join(page.get_textpage().get_text_range() for page in pages)
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return "".join(parts.read(name).decode(errors="replace") for name in parts.namelist())
    return content.decode(errors="replace")


def is_file(answer: HttpResponse) -> bool:
    return answer.status_code == 200 and (
        "Content-Disposition" in answer or not answer["Content-Type"].startswith(PAGES)
    )


def walk_everywhere(folder: Path) -> Walked:
    """Make the world with one of each thing, walk it, and take it away again."""
    with rolled_back():
        world = make_world()
        known = make_foreign(world)
        with desk_clock(AFTER):
            walk = _Walk(known)
            post_save.connect(walk.note, sender=Read)
            admin = make_person(world.system, "phuc", "Phạm Hồng Phúc", world.office, "ADMIN")
            walk.as_strangers(
                visitor=Client(),
                oanh=sign_in(world.oanh),
                khoa=sign_in(people.get_person(username="khoa")),
                phuc=sign_in(admin),
            )
            persons = (world.cuc, world.binh, world.controller, world.dung)
            walk.as_workers(
                {who: sign_in(person) for who, person in zip(WORKERS, persons, strict=True)}
            )
            walk.by_command(folder)
    return walk.walked


@contextmanager
def rolled_back() -> Iterator[None]:
    """Take back what is done within; actions may hold their transactions in it."""
    block = transaction.atomic()
    # As Django marks its own round a test: a durable block may stand within.
    block._from_testcase = True  # type: ignore[attr-defined]
    with block:
        yield
        transaction.set_rollback(True)


def digest() -> dict[str, str]:
    """Return a digest of the rows of each table, but who looked and who is signed in."""
    passing = {"audit_read", "django_session"}
    tables = [model._meta.db_table for model in apps.get_models() if model._meta.managed]
    digests = {}
    with connection.cursor() as cursor:
        for table in sorted(set(tables) - passing):
            cursor.execute(
                f'SELECT md5(string_agg(t::text, $$;$$ ORDER BY t::text)) FROM "{table}" t'
            )
            digests[table] = cursor.fetchone()[0]
    return digests


class _Walk:
    """Asks, and keeps what was answered."""

    def __init__(self, known: dict[str, Any]) -> None:
        self.known = known
        self.walked = Walked(codes=list(Case.objects.values_list("code", flat=True)))
        self.noted: list[tuple[str, bool]] = []

    def as_strangers(self, **clients: Client) -> None:
        """Let each try every address that is not public by both methods; nothing may change."""
        of_admin = OF_ADMINISTRATION | ASKS_NOTHING
        not_posted = {"khoa": OF_THE_ASKED, "phuc": of_admin}
        for who, client in clients.items():
            before = digest()
            names = AT_WORK if who != "visitor" else [name for name in EVERY if name not in PUBLIC]
            for name in names:
                self.ask(who, client, name)
                if name not in not_posted.get(who, set()):
                    self.ask(who, client, name, method="POST")
            if who == "phuc":
                self.search(who, client)
            after = digest()
            self.walked.changed[who] = {table for table in after if after[table] != before[table]}

    def as_workers(self, clients: dict[str, Client]) -> None:
        """Let each open every address, and post where somebody may; what changes is taken back.

        A leader reads what the controller does, and is asked only where that one does not get in.
        """
        for name in EVERY:
            for who, client in clients.items():
                if who == "dung" and self.walked.answers[-1].status == 200:
                    continue
                if who in _POSTING and not name.startswith(ACCOUNT):
                    with rolled_back():
                        self.ask(who, client, name, method="POST")
                self.ask(who, client, name)
        denied = {answer.name for answer in self.walked.of("oanh") if answer.status == 404}
        for name, who in ((name, who) for name in sorted(denied) for who in ("binh", "dung")):
            with rolled_back():
                self.ask(who, clients[who], name, method="POST")

    def search(self, who: str, client: Client) -> None:
        """Look for the citizen wherever one can search."""
        for page in SEARCHES:
            for word in (self.known["code"], APPLICANT.full_name, APPLICANT.identity_number):
                answer = client.get(page, {"q": word}, follow=True)
                self._keep(answer, who=who, name=page, method="GET", address=page)

    def ask(self, who: str, client: Client, name: str, *, method: str = "GET") -> None:
        address = fill(name, self.known)
        sent = SENT[name]() if name in SENT and who != "visitor" else {}
        answer = client.post(address, sent) if method == "POST" else client.get(address)
        self._keep(answer, who=who, name=name, method=method, address=address)

    def by_command(self, folder: Path) -> None:
        """Let the commands write their files."""
        days = ("--from", "2023-03-01", "--to", "2023-03-31")
        out = io.StringIO()
        call_command("export", "facts", parquet=folder, stdout=out)
        call_command("report", "lateness", *days, "--format", "json", stdout=out)
        for form in ("one-stop-table", "ii-06a", "ii-07a", "narrative"):
            asked = () if form == "narrative" else ("--unit", "H19.01")
            call_command("report", form, *asked, *days, "--format", "json", stdout=out)
        files = "".join(text_of(file.read_bytes()) for file in folder.iterdir())
        self.walked.written = out.getvalue() + files
        self.walked.noted_of_commands = [subject for subject, _was_allowed in self._taken()]

    def _keep(self, answer: Any, *, who: str, name: str, method: str, address: str) -> None:
        text = "" if answer.streaming else text_of(answer.content)
        told = tuple(word for word in SECRETS if word in text)
        is_kept = is_file(answer) or name in OF_THE_ASKED
        self.walked.answers.append(
            Answer(
                who=who,
                name=name,
                method=method,
                address=address,
                status=answer.status_code,
                location=answer.get("Location", ""),
                secrets=("streamed",) if answer.streaming else told,
                noted=self._taken(),
                is_file=is_file(answer),
                text=text if is_kept else "",
            )
        )

    def note(self, sender: object, instance: Read, **_of_signal: object) -> None:
        """Keep what is noted, as it is written."""
        self.noted.append((instance.subject, instance.was_allowed))

    def _taken(self) -> tuple[tuple[str, bool], ...]:
        """Return the readings noted since this was asked last."""
        noted, self.noted = tuple(self.noted), []
        return noted

"""Every address of the site, tried by a visitor, by another agency and by the administrator.

The addresses are read from the resolver: a new one is walked from its first day, and what it names
opens to strangers only when it is listed here with a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from motcua.cases.tests.world import CHART, World, make_person, make_world
from motcua.desk.tests.rows import desk_clock, sign_in
from motcua.people import queries as people
from tests.rights.foreign import AFTER, APPLICANT, SECRETS, make_foreign

Foreign = tuple[World, dict[str, Any]]

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
# Names a thing of another agency and opens to everybody at work, and why.
_CHART = "workflows are public within the administration: they hold steps and no person"
OPEN_AT_WORK = {
    "procedures:export": "the catalogue is published",
    "procedures:procedure": "the catalogue is published",
    "reporting:index": "the list of forms",
    "reporting:audit": "checks the file that the reader brings; holds nothing of its own",
    "messages:unread": "the moment at which the reader read their own notices",
    "desk:receive": "names a procedure; whoever receives nowhere is refused",
    "desk:workflow": _CHART,
    "desk:version": _CHART,
    "desk:version-chart": _CHART,
    "desk:callers": _CHART,
    "desk:draft": _CHART,
    "desk:draw": _CHART,
    "desk:draw-check": _CHART,
    "desk:draw-newest": _CHART,
    "desk:draw-export": _CHART,
    "desk:draw-units": "names of agencies",
    "desk:recorded-tests": _CHART,
    "desk:record-test": _CHART,
    "desk:rehearsals": _CHART,
    "desk:slip-text": "words of slips hold no case",
    "desk:slip-preview": "a made-up case; a real one is opened as everywhere",
    "desk:mass-recount": "says how far it is, and no case",
}
# The administrator's own work, which tells codes and steps of cases and nothing of their content.
OF_ADMINISTRATION = {"desk:dissolve", "desk:dissolve-part", "desk:undo-dissolution"}
# Of one's own account, whoever one is.
ACCOUNT = "account_"
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
# What must be sent before the question is whether one may.
SENT: dict[str, Callable[[], dict[str, Any]]] = {
    "desk:start-draft": lambda: {"version": "1"},
    "desk:draw-import": lambda: {
        "drawn_on": "1",
        "file": SimpleUploadedFile("chart.bpmn", CHART.encode()),
    },
}
UNIT = "?unit=H19.01&period=2023-Q1&first_day=15/12/2022&last_day=14/03/2023"


def list_addresses(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from list_addresses(entry, f"{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern):
            groups = entry.pattern.regex.groupindex
            yield f"{space}{entry.name}", tuple(entry.pattern.converters) or tuple(groups)


EVERY = dict(list_addresses(get_resolver()))


def fill(name: str, known: dict[str, Any]) -> str:
    """Return the address of a foreign thing, or of a page, as it stands in a link."""
    space, _colon, short = name.rpartition(":")
    values = {**known, **KEYS.get(name, {})}
    if space == "reporting":
        values["key"] = "ii_06a"
    elif short in WORKFLOWS:
        values["key"] = "three-steps"
    lacking = set(EVERY[name]) - set(values)
    assert not lacking, f"{name} names {lacking}: let tests/rights/foreign.py make one"
    parts = {part: KEYS.get(name, {}).get(part, values[part]) for part in EVERY[name]}
    return reverse(name, kwargs=parts) + (UNIT if space == "reporting" else "")


@pytest.fixture(scope="module")
def foreign_of_file(made_once: Callable[[Callable[[], Foreign]], Callable[[], Foreign]]) -> Any:
    """The world with one of each thing, made once for all walks."""

    def make() -> Foreign:
        world = make_world()
        return world, make_foreign(world)

    return made_once(make)


@pytest.fixture
def foreign(db: None, foreign_of_file: Callable[[], Foreign]) -> Iterator[Foreign]:
    with desk_clock(AFTER):
        yield foreign_of_file()


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


def told(answer: HttpResponse) -> str:
    """Return which secrets an answer gives away."""
    if answer.streaming:
        return "streamed"
    text = answer.content.decode(errors="replace")
    return ", ".join(secret for secret in SECRETS if secret in text)


@dataclass
class Walk:
    """What a walk over addresses met: what did not refuse, and what was said not to exist."""

    failed: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)


def walk(client: Client, known: dict[str, Any], *, names: list[str]) -> Walk:
    """Try every address by both methods."""
    found = Walk()
    for name in names:
        address = fill(name, known)
        answers = [client.get(address), client.post(address, SENT.get(name, dict)())]
        statuses = {answer.status_code for answer in answers}
        secrets = [secret for answer in answers if (secret := told(answer))]
        is_refused = statuses <= {403, 404, 405} and statuses != {405}
        names_a_thing = bool(EVERY[name]) or name.startswith("reporting:")
        if secrets or (names_a_thing and name not in OPEN_AT_WORK and not is_refused):
            found.failed[name] = f"{address} {statuses} {secrets}"
        if 404 in statuses:
            found.missing.append(name)
    return found


def make_admin(world: World) -> people.Person:
    return make_person(world.system, "phuc", "Phạm Hồng Phúc", world.office, "ADMIN")


def at_work() -> list[str]:
    return [name for name in EVERY if not name.startswith(ACCOUNT) and name not in PUBLIC]


def test_a_visitor_is_sent_to_the_door_from_everywhere(foreign: Foreign) -> None:
    _world, known = foreign
    client, before = Client(), digest()

    failed = {}
    for name in [name for name in EVERY if name not in PUBLIC]:
        for answer in (client.get(fill(name, known)), client.post(fill(name, known), {})):
            to_the_door = answer.status_code == 302 and "/tai-khoan/" in answer["Location"]
            if answer.status_code != 405 and not to_the_door:
                failed[name] = answer.status_code

    assert failed == {}, "\n".join(failed.values())
    assert digest() == before


def test_whoever_works_at_another_agency_is_refused(foreign: Foreign) -> None:
    world, known = foreign
    client = sign_in(world.oanh)
    before = digest()

    found = walk(client, known, names=at_work())

    assert found.failed == {}, "\n".join(found.failed.values())
    assert digest() == before
    # What was denied to exist is really there: else the walk would have tried nothing.
    next_clerk = people.get_person(username="sen")
    desks = [sign_in(one) for one in (world.binh, world.dung, next_clerk, make_admin(world))]
    for name in found.missing:
        answers = [desk.post(fill(name, known), {}).status_code for desk in desks]
        assert set(answers) - {403, 404, 405}, name


def test_the_administrator_sees_no_content(foreign: Foreign) -> None:
    world, known = foreign
    client = sign_in(make_admin(world))
    names = [name for name in at_work() if not name.startswith("people:")]
    before = digest()

    found = walk(client, known, names=[one for one in names if one not in OF_ADMINISTRATION])

    assert found.failed == {}, "\n".join(found.failed.values())
    for name in OF_ADMINISTRATION:
        assert told(client.get(fill(name, known))) == "", name
    assert digest() == before


def test_the_administrator_keeps_accounts_and_agencies_and_reads_no_citizens_data(
    foreign: Foreign,
) -> None:
    """Their own pages open, so they are not walked as foreign ones are; they tell no citizen's data."""
    world, known = foreign
    client = sign_in(make_admin(world))
    accounts = [name for name in at_work() if name.startswith("people:")]
    # What is posted with nothing filled in changes nothing, but ending a post, which asks for nothing.
    before = digest()

    for name in accounts:
        answers = [client.get(fill(name, known))]
        if name != "people:end-post":
            answers.append(client.post(fill(name, known), {}))
        assert [told(answer) for answer in answers] == [""] * len(answers), name
    for page in ("/tim/", "/ho-so/", "/ket-qua/", "/so-theo-doi/"):
        for word in (known["code"], APPLICANT.full_name, APPLICANT.identity_number):
            assert client.get(page, {"q": word}, follow=True).status_code == 403, page
    assert len(accounts) >= 5
    assert digest() == before


def test_the_asked_agency_sees_the_question_and_nothing_else_of_the_case(foreign: Foreign) -> None:
    """Its page tells the question; documents, downloads, slips and every other page stay closed."""
    _world, known = foreign
    client = sign_in(people.get_person(username="khoa"))
    theirs = {"desk:consultation", "desk:consultations"}
    before = digest()

    found = walk(client, known, names=[name for name in at_work() if name not in theirs])
    page, listed = (client.get(fill(name, known)) for name in sorted(theirs))

    assert found.failed == {}, "\n".join(found.failed.values())
    assert "Bí mật riêng có đúng không?" in page.content.decode()
    for answer in (page, listed):
        assert answer.status_code == 200
        assert [
            word for word in SECRETS if word != "Bí mật riêng" and word in answer.content.decode()
        ] == []
    assert digest() == before


def test_the_lists_of_what_is_open_name_addresses_that_exist() -> None:
    assert set(PUBLIC) | set(OPEN_AT_WORK) | set(KEYS) <= set(EVERY)

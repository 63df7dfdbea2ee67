"""Every file that leaves the product: listed in docs/reference/personal-data.md, and as harmless as it says there."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.core.management import call_command
from django.test import Client

from motcua.audit.models import Read
from motcua.cases import actions as cases
from motcua.cases.models import Case
from motcua.cases.tests.world import World
from motcua.desk.tests.rows import finish, sign_in
from motcua.people import queries as people
from tests.rights.foreign import AFTER, LATER, SECRETS
from tests.rights.test_every_address import EVERY, Foreign, fill, foreign, foreign_of_file

__all__ = ["foreign", "foreign_of_file"]

TABLE = Path(__file__).parents[2] / "docs" / "reference" / "personal-data.md"
PAGES = ("text/html", "application/json")


def kinds() -> dict[str, str]:
    """Return of each file that the table lists what kind it is."""
    after = (
        TABLE.read_text(encoding="utf-8").split("## What can be downloaded")[1].split("\n## ")[0]
    )
    cells = [line.strip("|").split("|") for line in after.splitlines() if line.startswith("| `")]
    return {name.strip(" `"): kind.strip() for name, _what, kind in cells}


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


def is_file(answer: Any) -> bool:
    return answer.status_code == 200 and (
        "Content-Disposition" in answer or not answer["Content-Type"].startswith(PAGES)
    )


def everybody(foreign: Foreign) -> list[Client]:
    """Return browsers of all who together may do everything with what is foreign."""
    world, _known = foreign
    persons = [
        world.cuc,
        world.binh,
        world.dung,
        world.controller,
        people.get_person(username="sen"),
    ]
    return [sign_in(person) for person in persons]


def _returned(world: World) -> str:
    """Receive, settle and hand over a case: only then there is a slip of the hand-over."""
    case = world.receive()
    finish(world, case, now=LATER)
    who = "Nguyễn Thị Thúy An"
    cases.return_result(officer=world.cuc, case_code=case.code, returned_to=who, now=AFTER)
    return str(case.code)


@pytest.fixture
def files(foreign: Foreign) -> dict[str, tuple[str, list[str]]]:
    """Download everything as whoever may; return the text of each file and what was noted."""
    world, known = foreign
    cases.enter_waiting(now=AFTER)
    returned = _returned(world)
    found = {}
    for name in EVERY:
        for client in everybody(foreign):
            last = Read.objects.order_by("pk").values_list("pk", flat=True).last() or 0
            of = {**known, "code": returned} if name == "desk:hand-over-slip" else known
            answer = client.get(fill(name, of))
            if is_file(answer):
                noted = Read.objects.filter(pk__gt=last, was_allowed=True)
                found[name] = (
                    text_of(answer.content),
                    list(noted.values_list("subject", flat=True)),
                )
                break
    return found


def test_every_file_is_listed_and_is_what_its_line_says(
    files: dict[str, tuple[str, list[str]]],
) -> None:
    listed = {name: kind for name, kind in kinds().items() if not name.startswith("motcua ")}
    codes = list(Case.objects.values_list("code", flat=True))

    assert sorted(files) == sorted(listed)
    for name, (text, noted) in files.items():
        areas = [subject.partition(":")[0] for subject in noted]
        if listed[name] == "no case":
            told = [word for word in (*SECRETS, "Ngọc", *codes) if word in text]
            assert (told, areas) == ([], []), name
        elif listed[name] == "one case":
            assert areas == ["case"], name
        else:
            assert areas.count("export") == 1, name


def test_the_commands_that_write_files_are_listed_and_tell_no_person(
    foreign: Foreign, tmp_path: Path
) -> None:
    commands = {name for name in kinds() if name.startswith("motcua ")}
    days = ("--from", "2023-03-01", "--to", "2023-03-31")
    out = io.StringIO()

    call_command("export", "facts", parquet=tmp_path, stdout=out)
    call_command("report", "lateness", *days, "--format", "json", stdout=out)
    for form in ("one-stop-table", "ii-06a", "ii-07a", "narrative"):
        asked = () if form == "narrative" else ("--unit", "H19.01")
        call_command("report", form, *asked, *days, "--format", "json", stdout=out)

    text = out.getvalue() + "".join(text_of(file.read_bytes()) for file in tmp_path.iterdir())
    subjects = Read.objects.filter(subject__startswith="export:").values_list("subject", flat=True)
    assert commands == {"motcua export facts", "motcua report lateness"}
    assert sorted(subjects) == ["export:facts", "export:lateness"]
    assert [secret for secret in SECRETS if secret in text] == []

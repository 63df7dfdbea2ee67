"""The table of slips: every slip is there, with the numbers, fields, sizes and addresses that it has."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest
from django.urls import resolve

from motcua.cases import letters
from motcua.cases.slip_words import SUBJECT, TEXTS, law_words, list_kinds
from motcua.cases.slips import PAPERS, TEMPLATES
from motcua.engine import slip_texts
from motcua.lawbook import queries as lawbook
from motcua.lawbook.entries import Entry
from motcua.people.rights import RIGHTS

TABLE = Path(__file__).parents[2] / "docs" / "reference" / "slips.md"
# Its words are names alone, so no form of law and no words of a controller belong to it.
WITHOUT_WORDS = {"label"}


class Line(NamedTuple):
    slip: str
    title: str
    forms: str
    printed_when: str
    printed_by: str
    page: str
    address: str
    paper: str
    is_editable: str
    fields: str


def lines() -> list[Line]:
    rows = [row for row in TABLE.read_text(encoding="utf-8").splitlines() if row.startswith("| `")]
    return [Line(*(cell.strip(" `") for cell in row.strip("|").split(" | "))) for row in rows]


def known_lines() -> list[Line]:
    return [line for line in lines() if line.slip not in WITHOUT_WORDS]


def numbers_of(slip: str) -> str:
    """Return the numbers of a slip as the table writes them: by the text that holds the form."""
    found = []
    for value in lawbook.get_rule(SUBJECT, slip).dated.values:
        form = value.value.entry.plain()
        if form["number"]:  # type: ignore[index]
            text = form["issued_with"].removeprefix("Thông tư số ")  # type: ignore[index]
            found.append(f"{text}: {form['number']}")  # type: ignore[index]
    return "; ".join(found) or "–"


@pytest.mark.parametrize("example", lawbook.get_subject(TEXTS).examples, ids=lambda e: e.where)
def test_the_examples_of_the_words_hold(example: Entry) -> None:
    given = example.plain()
    assert isinstance(given, dict)
    words = law_words(given["slip"], on=given["day"])

    made = slip_texts.filled(given["template"], given["filled_with"])

    assert given["template"] in "\n".join(words.parts.values()).splitlines()
    lines = ["".join(part.text or "…" for part in paragraph) for paragraph in made]
    assert lines == ([given["printed"]] if given["printed"] else [])


def test_every_slip_has_one_line() -> None:
    assert [line.slip for line in lines()] == [*list_kinds(), *sorted(WITHOUT_WORDS)]


def test_every_template_is_that_of_a_slip() -> None:
    shared = {"layout", "letter"}
    own = {path.stem for path in TEMPLATES.glob("*.typ")} - shared

    assert own | set(letters.LETTERS.values()) == {line.slip for line in lines()}


@pytest.mark.parametrize("line", known_lines(), ids=lambda line: line.slip)
def test_the_title_the_numbers_and_the_fields_are_those_of_the_law(line: Line) -> None:
    rule = lawbook.get_rule(SUBJECT, line.slip)

    assert line.title == rule.title_vi
    assert line.forms == numbers_of(line.slip)
    for value in lawbook.get_rule(TEXTS, line.slip).dated.values:
        words = law_words(line.slip, on=value.first_day)
        assert line.fields == ", ".join(words.fields)


@pytest.mark.parametrize("line", known_lines(), ids=lambda line: line.slip)
def test_the_first_size_is_that_of_the_form_and_every_size_can_be_printed(line: Line) -> None:
    sizes = line.paper.split(", ")

    for value in lawbook.get_rule(SUBJECT, line.slip).dated.values:
        assert value.value.entry.plain()["paper"] == sizes[0]  # type: ignore[index]
    assert set(sizes) <= set(PAPERS)


@pytest.mark.parametrize("line", lines(), ids=lambda line: line.slip)
def test_the_page_the_address_and_the_right_are_there(line: Line) -> None:
    (right,) = re.findall(r"`?([a-z]+\.[a-z_]+)$", line.printed_by)

    for place in (line.page, line.address):
        assert resolve(place.replace("<code>", "X").replace("<id>", "1")).func is not None
    assert right in RIGHTS
    assert line.is_editable == ("no" if line.slip in WITHOUT_WORDS else "yes")
    if line.slip in letters.BY_ADDRESS.values():
        (slip,) = re.findall(r"/giay/([a-z-]+)\.pdf$", line.address)
        assert letters.BY_ADDRESS[slip] == line.slip

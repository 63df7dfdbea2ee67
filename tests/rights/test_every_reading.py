"""Every page that tells a citizen's data: listed in docs/reference/personal-data.md, and noted once where it says so."""

from __future__ import annotations

from tests.rights.table import rows_of
from tests.rights.walk import EVERY, STRANGERS, WORKERS, Answer, Walked

KINDS = {name: kind for name, _what, kind in rows_of("Which pages tell it")}


def telling(walked: Walked) -> list[Answer]:
    """Return the pages that told somebody something; files have a table of their own."""
    return [
        answer
        for answer in walked.of(*WORKERS, *STRANGERS)
        if answer.secrets and not answer.is_file and answer.name in EVERY
    ]


def test_every_page_that_tells_is_listed(walked: Walked) -> None:
    told = {answer.name for answer in telling(walked)}

    assert sorted(told) == sorted(KINDS)
    for name, kind in KINDS.items():
        assert kind == "once" or kind.startswith("not noted: "), name


def test_a_page_that_tells_is_noted_once_or_not_as_its_line_says(walked: Walked) -> None:
    wrong = {
        f"{answer.method} {answer.address} {answer.who}": answer.noted
        for answer in telling(walked)
        if [was_allowed for _subject, was_allowed in answer.noted]
        != ([True] if KINDS.get(answer.name) == "once" else [])
    }

    assert list(wrong.items()) == []


def test_whoever_is_refused_is_noted_as_refused(walked: Walked) -> None:
    wrong = {
        f"{answer.method} {answer.address} {answer.who}": answer.noted
        for answer in walked.answers
        # What is sent is refused on the page, which its reader may open.
        if (answer.method, answer.status) == ("GET", 403)
        and any(was_allowed for _subject, was_allowed in answer.noted)
    }

    assert list(wrong.items()) == []

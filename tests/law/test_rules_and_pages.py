"""The table of rules and pages: each rule, example and page is there, and no rule of these subjects lacks."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import resolve

from motcua.lawbook import queries

TABLE = Path(__file__).parents[2] / "docs" / "reference" / "rules-and-pages.md"
LISTED = (
    "time/counting",
    "time/one_stop",
    "time/online",
    "time/publication",
    "office_hours",
    "government_levels",
    "product/clocks",
    "product/late_risk",
    "product/lateness",
    "product/masking",
    "product/overload",
    "product/reminders",
    "product/reveal",
    "product/undo",
    "product/workflow_control",
)


def lines() -> list[tuple[str, str, str, str]]:
    rows = [row for row in TABLE.read_text(encoding="utf-8").splitlines() if row.startswith("| ")]
    found = []
    for row in rows[1:]:
        rule, law, example, page = (cell.strip() for cell in row.strip("|").split("|"))
        found.append((rule, law, example, page))
    return found


@pytest.mark.parametrize("line", lines(), ids=lambda line: line[0])
def test_each_rule_has_its_law_its_example_and_its_page(line: tuple[str, str, str, str]) -> None:
    _rule, law, example, page = line
    subject, key = law.split(": ")

    names = {one.get("name").get("en").text() for one in queries.get_subject(subject).examples}

    assert key in queries.get_subject(subject).rules
    assert example in names
    assert resolve(page.replace("<code>", "X")).func is not None


def test_no_rule_of_these_subjects_is_without_a_line() -> None:
    listed = {law for _rule, law, _example, _page in lines()}

    assert listed == {
        f"{subject}: {key}" for subject in LISTED for key in queries.get_subject(subject).rules
    }

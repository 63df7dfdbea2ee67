"""SUM and STOCK: the figures of a settlement against each other."""

from __future__ import annotations

import pytest

from motcua.engine.auditor import FindingClass, Severity
from motcua.engine.tests.auditing import amounts, audit_one, classes

LAND = {
    "carried_over": 15,
    "received": 33,
    "total": 48,
    "on_time": 31,
    "late": 0,
    "done": 31,
    "open_in_time": 17,
    "open_overdue": 0,
    "open": 17,
    "rate": {"percent": 100},
}


def test_a_row_that_agrees_has_no_finding() -> None:
    assert audit_one("settlement", **LAND) == ()


def test_a_row_with_lost_figures_is_not_tested_where_they_are_lost() -> None:
    findings = audit_one(
        "settlement", **{**LAND, "carried_over": None, "received": None, "total": None}
    )

    assert findings == ()


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("total", 49, [FindingClass.SUM, FindingClass.STOCK]),
        ("received", 34, [FindingClass.SUM, FindingClass.STOCK]),
        ("late", 1, [FindingClass.SUM]),
        ("open", 18, [FindingClass.SUM, FindingClass.STOCK]),
        ("open_overdue", 1, [FindingClass.SUM]),
    ],
)
def test_one_changed_figure_is_found_by_each_identity_it_is_in(
    key: str, value: int, expected: list[FindingClass]
) -> None:
    findings = audit_one("settlement", **{**LAND, key: value, "rate": None})

    assert classes(findings) == expected


def test_early_and_on_the_day_add_up_to_on_time() -> None:
    findings = audit_one("settlement", early=20, on_day=10, on_time=31)

    assert classes(findings) == [FindingClass.SUM]
    assert amounts(findings[0]) == (31, 30, 1)


def test_named_parts_add_up_and_are_checked_themselves() -> None:
    rows = {
        "đất đai": {"done": 31, "on_time": 31, "rate": 90},
        "môi trường": {"done": 10, "on_time": 10},
    }

    findings = audit_one("settlement", done=42, on_time=41, parts=rows)

    assert [(one.statement, one.finding_class) for one in findings] == [
        ("one", FindingClass.SUM),
        ("one / đất đai", FindingClass.RATE),
    ]
    assert amounts(findings[0]) == (42, 41, 1)


def test_parts_that_do_not_all_print_a_figure_are_not_added_up() -> None:
    findings = audit_one("settlement", done=42, parts={"a": {"done": 31}, "b": {"done": None}})

    assert findings == ()


def test_files_that_vanish_are_an_error_when_nothing_unprinted_can_explain_them() -> None:
    findings = audit_one("settlement", carried_over=15, received=33, returned=0, done=31, open=15)

    assert classes(findings) == [FindingClass.STOCK]
    assert findings[0].severity is Severity.ERROR
    assert amounts(findings[0]) == (15, 17, -2)


def test_files_that_vanish_are_a_note_when_returned_ones_were_not_printed() -> None:
    findings = audit_one("settlement", carried_over=15, received=33, done=31, open=15)

    assert [one.severity for one in findings] == [Severity.NOTE]
    assert "trả lại" in findings[0].because.vi


def test_files_that_appear_are_a_note_when_carried_over_ones_were_not_printed() -> None:
    findings = audit_one("settlement", received=33, done=31, open=17)

    assert [one.severity for one in findings] == [Severity.NOTE]
    assert "carried over" in findings[0].because.en


def test_files_that_appear_are_an_error_when_carried_over_ones_were_printed() -> None:
    findings = audit_one("settlement", carried_over=0, received=33, done=31, open=17)

    assert [one.severity for one in findings] == [Severity.ERROR]


@pytest.mark.parametrize("open_files", [10, 8])
def test_returned_files_may_be_counted_as_done_or_apart(open_files: int) -> None:
    findings = audit_one(
        "settlement", carried_over=10, received=20, returned=2, done=20, open=open_files
    )

    assert findings == ()


def test_returned_files_are_named_when_neither_way_of_counting_them_agrees() -> None:
    findings = audit_one("settlement", carried_over=10, received=20, returned=2, done=20, open=7)

    assert classes(findings) == [FindingClass.STOCK]
    assert findings[0].expected == 8
    assert "returned 2 = 8" in findings[0].because.en


def test_a_total_that_is_not_done_and_open_names_what_would_reconcile() -> None:
    findings = audit_one("settlement", total=207, handled=272, open=35)

    assert classes(findings) == [FindingClass.STOCK]
    assert amounts(findings[0]) == (207, 307, -100)
    assert "đã xử lý 172" in findings[0].because.vi
    assert "không khớp" in findings[0].because.vi


def test_open_files_printed_in_part_are_at_least_that_many() -> None:
    too_many = audit_one("settlement", total=207, handled=272, open_in_time=35)
    possible = audit_one("settlement", total=207, handled=150, open_in_time=35)

    assert classes(too_many) == [FindingClass.STOCK]
    assert possible == ()


def test_done_is_put_together_from_on_time_and_late_when_it_was_not_printed() -> None:
    findings = audit_one(
        "settlement", carried_over=2, received=10, on_time=9, late=1, returned=0, open=3
    )

    assert classes(findings) == [FindingClass.STOCK]

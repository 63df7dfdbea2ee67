"""RATE, ROUND and DENOM: printed percentages against the figures they divide."""

from __future__ import annotations

from decimal import Decimal

import pytest

from motcua.engine.auditor import FindingClass, Severity
from motcua.engine.tests.auditing import audit_one, classes


@pytest.mark.parametrize(
    ("done", "on_time", "percent", "expected"),
    [
        (191, 190, "99.88", "99.48"),
        (31602, 31404, "99.49", "99.37"),
        (79139, 74605, "96.01", "94.27"),
        (137975, 136388, "98.86", "98.85"),
    ],
)
def test_a_rate_that_no_denominator_gives(
    done: int, on_time: int, percent: str, expected: str
) -> None:
    findings = audit_one("settlement", done=done, on_time=on_time, rate={"percent": f"{percent}%"})

    assert classes(findings) == [FindingClass.RATE]
    assert findings[0].severity is Severity.ERROR
    assert findings[0].expected == Decimal(expected)
    assert findings[0].difference == Decimal(percent) - Decimal(expected)


@pytest.mark.parametrize("percent", ["99.48", "99.5", "99", "99.476"])
def test_a_rate_right_at_its_own_precision_has_no_finding(percent: str) -> None:
    assert audit_one("settlement", done=191, on_time=190, rate=Decimal(percent)) == ()


@pytest.mark.parametrize(
    ("percent", "word"), [("99.47", "cắt bớt"), ("99.4", "cắt bớt"), ("100", "làm tròn lên")]
)
def test_a_rate_cut_off_or_rounded_to_the_wrong_side(percent: str, word: str) -> None:
    findings = audit_one("settlement", done=191, on_time=190, rate=Decimal(percent))

    assert classes(findings) == [FindingClass.ROUND]
    assert word in findings[0].because.vi


@pytest.mark.parametrize("percent", ["0.13", "0.12"])
def test_a_half_may_be_rounded_up_or_to_even(percent: str) -> None:
    assert audit_one("settlement", done=800, on_time=1, rate=Decimal(percent)) == ()


@pytest.mark.parametrize(
    ("figures", "named"),
    [
        ({"received": 200, "done": 150, "on_time": 148, "rate": 74}, "received"),
        ({"due": 160, "done": 150, "on_time": 148, "rate": Decimal("92.5")}, "due in the period"),
        ({"total": 300, "done": 150, "on_time": 148, "rate": Decimal("49.33")}, "total"),
        (
            {"carried_over": 50, "received": 250, "done": 150, "on_time": 148, "rate": "49,33%"},
            "carried over + received",
        ),
        ({"received": 5000, "on_time": 4900, "rate": 98}, "received"),
    ],
)
def test_a_rate_over_another_denominator_is_a_note_that_names_it(
    figures: dict[str, object], named: str
) -> None:
    findings = audit_one("settlement", **figures)

    assert classes(findings) == [FindingClass.DENOM]
    assert findings[0].severity is Severity.NOTE
    assert named in findings[0].because.en


def test_a_rate_in_time_among_all_files_is_a_note() -> None:
    findings = audit_one(
        "settlement", total=300, late=30, open_overdue=15, done=150, on_time=120, rate=85
    )

    assert classes(findings) == [FindingClass.DENOM]
    assert "total − late − open overdue" in findings[0].because.en


def test_a_declared_denominator_is_the_one_that_counts() -> None:
    declared = {"percent": 74, "of": "on_time", "over": "received"}

    agrees = audit_one("settlement", received=200, done=150, on_time=148, rate=declared)
    differs = audit_one(
        "settlement", received=200, done=150, on_time=148, rate={**declared, "percent": 75}
    )

    assert agrees == ()
    assert classes(differs) == [FindingClass.RATE]


def test_a_declared_denominator_may_be_a_sum_a_number_or_words() -> None:
    summed = {"percent": 50, "of": "done", "over": "carried_over + received"}
    numbered = {"percent": 50, "of": 10, "over": 20}
    in_words = {"percent": 50, "over": "Đến hạn trong kỳ"}

    assert audit_one("settlement", carried_over=5, received=15, done=10, rate=summed) == ()
    assert audit_one("settlement", rate=numbered) == ()
    assert audit_one("settlement", due=20, done=11, on_time=10, rate=in_words) == ()


def test_a_declared_denominator_that_was_not_printed_is_not_tested() -> None:
    findings = audit_one("settlement", done=10, on_time=9, rate={"percent": 12, "over": "due"})

    assert findings == ()


def test_a_rate_without_its_denominator_is_a_note_when_no_other_one_gives_it() -> None:
    findings = audit_one("settlement", received=120, on_time=90, rate=95)

    assert classes(findings) == [FindingClass.RATE]
    assert findings[0].severity is Severity.NOTE


def test_a_rate_without_any_other_figure_is_not_tested() -> None:
    assert audit_one("settlement", on_time=90, rate=95) == ()
    assert audit_one("settlement", done=31, total=48, rate=100) == ()


def test_the_rate_of_handled_petitions_is_over_what_came_in() -> None:
    agrees = audit_one("settlement", received=8153, handled=8083, rate=Decimal("99.14"))
    differs = audit_one("settlement", received=8153, handled=8083, rate=Decimal("98.14"))

    assert agrees == ()
    assert classes(differs) == [FindingClass.RATE]


def test_late_early_and_on_day_rates_are_tested_too() -> None:
    figures = {"early": 50, "on_day": 40, "on_time": 90, "late": 10, "done": 100}

    agrees = audit_one(
        "settlement", **figures, late_rate=10, early_rate=50, on_day_rate=40, rate=90
    )
    differs = audit_one("settlement", **figures, late_rate=12, early_rate=55, on_day_rate=44)

    assert agrees == ()
    assert classes(differs) == [FindingClass.RATE, FindingClass.RATE, FindingClass.DENOM]


def test_on_time_is_done_less_late_when_it_was_not_printed() -> None:
    assert audit_one("settlement", done=200, late=2, rate=99) == ()
    assert classes(audit_one("settlement", done=200, late=2, rate=95)) == [FindingClass.RATE]


def test_nothing_settled_has_no_rate_so_a_printed_one_is_found_without_a_division_error() -> None:
    printed = audit_one("settlement", done=0, on_time=0, rate=100)
    blank = audit_one("settlement", done=0, on_time=0, rate={"percent": None})

    assert classes(printed) == [FindingClass.RATE]
    assert printed[0].expected == "–"
    assert printed[0].difference is None
    assert blank == ()


def test_a_share_cut_off_at_its_printed_precision() -> None:
    findings = audit_one("ratio", numerator=298, denominator=1402, percent=Decimal("21.25"))

    assert classes(findings) == [FindingClass.ROUND]
    assert findings[0].expected == Decimal("21.26")


def test_a_share_of_rounded_numbers_is_given_their_doubt() -> None:
    figures = {"numerator": Decimal("1.2"), "denominator": Decimal("3.4")}

    assert audit_one("ratio", **figures, percent=Decimal("36.5")) == ()
    assert classes(audit_one("ratio", **figures, percent=Decimal("45.0"))) == [FindingClass.RATE]


def test_a_share_of_nothing_is_found_only_when_it_is_printed() -> None:
    printed = audit_one("ratio", numerator=0, denominator=0, percent=0)
    blank = audit_one("ratio", numerator=0, denominator=0, percent=None)

    assert classes(printed) == [FindingClass.RATE]
    assert blank == ()

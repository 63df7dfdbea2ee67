"""One disagreement planted among figures that agree is found: its class, its amounts, nothing else."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from motcua.engine.auditor import FindingClass, Severity
from motcua.engine.auditor.precision import round_as_printed
from motcua.engine.tests.auditing import amounts, audit_one, classes
from motcua.engine.tests.test_auditor_properties import counts, places, settlements, unhurried

ALL_KEYS = (
    *("carried_over", "received", "total", "early", "on_day", "on_time", "late", "done"),
    *("open_in_time", "open_overdue", "open", "rate", "late_rate", "early_rate", "on_day_rate"),
)
huge = st.integers(min_value=10**20, max_value=10**40)
changes = st.integers(min_value=1, max_value=1000)


@unhurried
@given(settlements(), st.sets(st.sampled_from(ALL_KEYS)))
def test_a_row_that_agrees_is_no_error_whatever_else_is_not_printed(
    row: dict[str, object], lost: set[str]
) -> None:
    findings = audit_one("settlement", **{**row, **dict.fromkeys(lost)})

    assert {one.severity for one in findings} <= {Severity.NOTE}
    if not lost & {"carried_over", "total", "done"}:
        assert findings == ()


@unhurried
@given(settlements(), st.data())
def test_rows_that_agree_add_up_to_a_whole_that_agrees(
    row: dict[str, object], data: st.DataObject
) -> None:
    figures = {key: value for key, value in row.items() if not key.endswith("rate")}
    other = data.draw(settlements())
    whole = {key: int(str(row[key])) + int(str(other[key])) for key in figures}

    assert audit_one("settlement", **whole, parts={"a": row, "b": other}) == ()

    key = data.draw(st.sampled_from(sorted(figures)))
    findings = audit_one("settlement", **{key: whole[key] + 1}, parts={"a": row, "b": other})
    assert classes(findings) == [FindingClass.SUM]
    assert amounts(findings[0]) == (whole[key] + 1, whole[key], 1)


@unhurried
@given(counts, counts, changes, st.sampled_from([1, -1]))
def test_a_changed_sum_says_by_how_much(early: int, on_day: int, change: int, sign: int) -> None:
    printed = max(early + on_day + sign * change, 0)
    wrong = printed - early - on_day

    findings = audit_one("settlement", early=early, on_day=on_day, on_time=printed)

    assert classes(findings) == ([FindingClass.SUM] if wrong else [])
    assert [amounts(one) for one in findings] == ([(printed, early + on_day, wrong)] * bool(wrong))


@unhurried
@given(counts, counts, counts, changes)
def test_vanished_files_are_an_error_unless_returned_ones_were_not_printed(
    carried: int, done: int, still_open: int, change: int
) -> None:
    row = {
        "carried_over": carried,
        "received": done + still_open + change,
        "done": done + carried,
        "open": still_open,
    }

    told, untold = audit_one("settlement", **row, returned=0), audit_one("settlement", **row)

    assert classes(told) == classes(untold) == [FindingClass.STOCK]
    assert (told[0].severity, untold[0].severity) == (Severity.ERROR, Severity.NOTE)
    assert amounts(told[0]) == amounts(untold[0]) == (still_open, still_open + change, -change)


@unhurried
@given(counts, counts, changes)
def test_files_from_nowhere_are_an_error_unless_carried_over_ones_were_not_printed(
    done: int, still_open: int, change: int
) -> None:
    row = {"received": done + still_open, "done": done, "open": still_open + change, "returned": 0}

    told, untold = audit_one("settlement", **row, carried_over=0), audit_one("settlement", **row)

    assert classes(told) == classes(untold) == [FindingClass.STOCK]
    assert (told[0].severity, untold[0].severity) == (Severity.ERROR, Severity.NOTE)
    assert amounts(told[0]) == (still_open + change, still_open, change)


@unhurried
@given(counts, counts, places, st.integers(min_value=2, max_value=50))
def test_a_wrong_rate_says_which_one_is_expected(
    on_time: int, late: int, digits: int, units: int
) -> None:
    done = on_time + late + 1
    right = round_as_printed(Fraction(100 * on_time, done), digits)
    wrong = right + units * Decimal(1).scaleb(-digits)

    for key, part in (("rate", "on_time"), ("late_rate", "late")):
        figures = {"done": done, part: on_time}
        findings = audit_one("settlement", **figures, **{key: {"percent": wrong}})
        assert classes(findings) == [FindingClass.RATE]
        assert amounts(findings[0]) == (wrong, right, wrong - right)


@unhurried
@given(huge, huge, changes)
def test_numbers_longer_than_any_province_stay_exact(one: int, other: int, change: int) -> None:
    agrees = audit_one("partition", total=one + other, parts={"a": one, "b": other})
    sums = audit_one("partition", total=one + other + change, parts={"a": one, "b": other})
    sames = audit_one("same", values={"a": one, "b": one, "c": one + change})
    ratios = audit_one("ratio", numerator=one * 10**40, denominator=3, percent=1)

    assert agrees == ()
    assert amounts(sums[0]) == (one + other + change, one + other, change)
    assert amounts(sames[0]) == (one + change, one, change)
    assert ratios[0].expected == (2 * one * 10**42 + 3) // 6


def test_nothing_minus_nothing_and_more_than_all_are_rates_like_others() -> None:
    assert audit_one("settlement", done=100, on_time=0, rate=Decimal("-0.00")) == ()
    assert audit_one("settlement", done=100, on_time=100, rate=Decimal("100.0")) == ()
    assert classes(audit_one("settlement", done=100, on_time=100, rate=101)) == [FindingClass.RATE]
    assert audit_one("ratio", numerator=5, denominator=2, percent=250) == ()
    assert audit_one("ratio", numerator=None, denominator=0, percent=5) == ()


def test_a_rate_of_nothing_is_told_for_each_kind_of_rate() -> None:
    figures = {"done": 0, "on_time": 0, "early": 0, "on_day": 0, "late": 0}

    for key in ("rate", "late_rate", "early_rate", "on_day_rate"):
        findings = audit_one("settlement", **figures, **{key: 0})
        assert classes(findings) == [FindingClass.RATE]
        assert (findings[0].expected, findings[0].difference) == ("–", None)

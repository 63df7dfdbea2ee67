"""What a chart promises against what the law gives: the sum of its steps, and its service norm."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from motcua.engine.limit_checks import (
    LegalLimit,
    LimitChoices,
    check_limits,
    hours_of,
    working_week,
)
from motcua.engine.limits import parse_limit
from motcua.engine.net import Net
from motcua.engine.office_hours import DayHours
from motcua.engine.tests.diagrams import net_of
from motcua.engine.tests.offices import MORNING, WEEK, make_hours

# Two steps of 4 hours each.
CHART = "start -> a\na -> b\nb -> end"
USUAL = working_week(make_hours())
CHOICES = LimitChoices(
    steps_against_law="error", norm_against_law="error", steps_against_norm="warning"
)


def found(net: Net, *limits: str) -> list[tuple[str, str]]:
    legal = [
        LegalLimit(procedure=f"1.00000{place}", limit=parse_limit(limit))
        for place, limit in enumerate(limits)
    ]
    return [(one.severity, one.code) for one in check_limits(net, legal, USUAL, CHOICES)]


def test_the_steps_may_take_exactly_the_legal_limit() -> None:
    assert found(net_of(CHART), "8 giờ", "1 ngày làm việc", "2 ngày") == []


def test_steps_that_add_up_to_more_than_the_law_gives_block() -> None:
    assert found(net_of(CHART), "7 giờ") == [("error", "LIMITS_EXCEED_LAW")]


def test_calendar_days_are_compared_by_the_working_week() -> None:
    assert found(net_of(CHART), "1 ngày") == [("error", "LIMITS_EXCEED_LAW")]
    assert hours_of(parse_limit("7 ngày"), USUAL) == 40
    assert hours_of(parse_limit("1 tháng"), USUAL) == 160


def test_the_procedures_with_the_shortest_limits_are_named_and_the_others_counted() -> None:
    legal = [
        LegalLimit(procedure=f"1.00000{hours}", limit=parse_limit(f"{hours} giờ"))
        for hours in range(1, 8)
    ]

    (finding,) = check_limits(net_of(CHART), legal, USUAL, CHOICES)

    assert "1.000001 (1 giờ làm việc), 1.000002" in finding.because.vi
    assert "1.000005 (5 giờ làm việc), 2 thủ tục khác" in finding.because.vi
    assert "“a” + “b”" in finding.because.vi


def test_a_norm_longer_than_the_law_blocks() -> None:
    net = replace(net_of(CHART), norm="3 ngày làm việc")

    assert found(net, "2 ngày làm việc") == [("error", "NORM_EXCEEDS_LAW")]
    assert found(net, "3 ngày làm việc") == []


def test_steps_that_add_up_to_more_than_the_norm_only_warn() -> None:
    net = replace(net_of(CHART), norm="6 giờ")

    assert found(net, "2 ngày làm việc") == [("warning", "LIMITS_EXCEED_NORM")]


def test_a_morning_that_only_takes_files_in_makes_no_week_longer() -> None:
    saturday = {**WEEK, 5: DayHours(hours=(MORNING,), counts=False)}

    week = working_week(make_hours(saturday))

    assert (week.hours_a_day, week.hours_a_week) == (Decimal(8), Decimal(40))

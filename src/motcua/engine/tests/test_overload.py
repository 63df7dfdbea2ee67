"""Overload: rates that are never made up, an end that follows from them, and words that say why."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.engine.overload import Flow, Outlook, OverloadRules, Pressure, look_ahead
from motcua.engine.tests.offices import make_calendar

CALENDAR = make_calendar()
RULES = OverloadRules(days_of_work=Decimal(10))
TUESDAY = date(2023, 3, 14)
counts = st.integers(0, 400)


def outlook(open_count: int, arrived: int, done: int, working_days: int = 20) -> Outlook:
    flow = Flow(open_count=open_count, arrived=arrived, done=done, working_days=working_days)
    return look_ahead(flow, on=TUESDAY, calendar=CALENDAR, rules=RULES)


@pytest.mark.parametrize(
    ("open_count", "arrived", "done", "pressure"),
    [
        (0, 0, 0, Pressure.IDLE),
        (0, 0, 5, Pressure.IDLE),
        (0, 5, 5, Pressure.KEEPS_UP),
        (10, 20, 20, Pressure.KEEPS_UP),
        (10, 21, 20, Pressure.GROWING),
        (11, 21, 20, Pressure.OVERLOADED),
        (11, 20, 20, Pressure.KEEPS_UP),
        (1, 0, 0, Pressure.OVERLOADED),
    ],
)
def test_a_unit_is_overloaded_when_much_waits_and_it_grows(
    open_count: int, arrived: int, done: int, pressure: Pressure
) -> None:
    assert outlook(open_count, arrived, done).pressure is pressure


def test_what_cannot_be_divided_is_not_zero() -> None:
    found = outlook(3, 2, 0)
    never_worked = outlook(3, 0, 0, working_days=0)

    assert found.completion_rate == 0
    assert found.days_of_work is None
    assert found.done_on is None
    assert "không việc nào xong, nên chưa biết bao giờ hết" in found.because.vi
    assert never_worked.arrival_rate is None
    assert never_worked.completion_rate is None


def test_an_end_beyond_the_calendar_is_said_to_be_so() -> None:
    found = outlook(400, 1, 1)

    assert found.days_of_work == 8000
    assert found.done_on is None
    assert "quá cuối lịch làm việc đã có" in found.because.vi
    assert "beyond the last calendar" in found.because.en


@given(counts, counts, counts, st.integers(0, 90))
def test_more_done_is_never_a_later_end(
    open_count: int, arrived: int, done: int, working_days: int
) -> None:
    slower = outlook(open_count, arrived, done, working_days)
    faster = outlook(open_count, arrived, done + 1, working_days)

    if slower.done_on is not None:
        assert faster.done_on is not None
        assert TUESDAY <= faster.done_on <= slower.done_on
    if open_count and slower.days_of_work is not None:
        assert abs(slower.days_of_work * done - open_count * working_days) < Decimal("1e-20")

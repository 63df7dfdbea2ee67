"""Working time: adding, subtracting and measuring are exact inverses on any calendar."""

import random
from datetime import date, datetime, time, timedelta
from functools import cache

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from motcua.engine.moments import VIETNAM
from motcua.engine.office_hours import DayHours, OpenHours
from motcua.engine.tests.depth import PROPERTY
from motcua.engine.tests.offices import make_calendar, make_day
from motcua.engine.worktime import CalendarEnds, CalendarNeverOpens, WorkCalendar

FIRST, LAST = date(2023, 1, 1), date(2023, 3, 31)
START = datetime(2023, 1, 1, tzinfo=VIETNAM)

spans = st.timedeltas(timedelta(0), timedelta(days=5))
moments = st.timedeltas(timedelta(0), timedelta(days=89)).map(lambda passed: START + passed)
some_days = st.dates(FIRST, LAST)


def random_hours(rng: random.Random) -> DayHours:
    edges = sorted(rng.sample(range(24 * 60), 2 * rng.randrange(4)))
    clocks = [time(minutes // 60, minutes % 60) for minutes in edges]
    return DayHours(
        hours=tuple(
            OpenHours(opens=opens, closes=closes)
            for opens, closes in zip(clocks[::2], clocks[1::2], strict=True)
        ),
        counts=rng.random() < 0.8,
    )


@cache
def numbered_calendar(number: int) -> WorkCalendar:
    """Number 0 is an ordinary office; the others keep any hours and close on any days."""
    rng = random.Random(number)
    week = {day: random_hours(rng) for day in range(7) if rng.random() < 0.8} if number else None
    days_off = {FIRST + timedelta(days=rng.randrange(90)) for _ in range(rng.randrange(12))}
    try:
        return make_calendar(
            week=week,
            days=[make_day(day) for day in days_off],
            first_day=FIRST,
            last_day=LAST,
        )
    except CalendarNeverOpens:
        return numbered_calendar(0)


def calendars() -> st.SearchStrategy[WorkCalendar]:
    return st.integers(0, 5000).map(numbered_calendar)


def add(calendar: WorkCalendar, moment: datetime, span: timedelta) -> datetime:
    try:
        return calendar.add(moment, span)
    except CalendarEnds:
        assume(False)
        raise


def subtract(calendar: WorkCalendar, moment: datetime, span: timedelta) -> datetime:
    try:
        return calendar.subtract(moment, span)
    except CalendarEnds:
        assume(False)
        raise


@PROPERTY
@given(calendars(), moments, spans)
def test_measuring_gives_back_what_was_added(
    calendar: WorkCalendar, moment: datetime, span: timedelta
) -> None:
    assert calendar.measure(moment, add(calendar, moment, span)) == span


@PROPERTY
@given(calendars(), moments, spans)
def test_measuring_gives_back_what_was_subtracted(
    calendar: WorkCalendar, moment: datetime, span: timedelta
) -> None:
    assert calendar.measure(subtract(calendar, moment, span), moment) == span


@PROPERTY
@given(calendars(), moments, spans, spans)
def test_adding_twice_is_adding_the_sum(
    calendar: WorkCalendar, moment: datetime, first: timedelta, second: timedelta
) -> None:
    both = add(calendar, moment, first + second)

    assert add(calendar, add(calendar, moment, first), second) in {
        both,
        *([add(calendar, moment, first)] if not second else []),
    }


@PROPERTY
@given(calendars(), moments, moments)
def test_adding_what_was_measured_reaches_the_end_or_the_closing_before_it(
    calendar: WorkCalendar, one: datetime, other: datetime
) -> None:
    start, end = sorted((one, other))

    reached = calendar.add(start, calendar.measure(start, end))

    assert start <= reached <= end
    assert calendar.measure(reached, end) == timedelta(0)


@PROPERTY
@given(calendars(), moments, spans)
def test_going_forth_and_back_loses_no_working_time(
    calendar: WorkCalendar, moment: datetime, span: timedelta
) -> None:
    back = calendar.subtract(add(calendar, moment, span), span)

    assert back >= moment
    assert calendar.measure(moment, back) == timedelta(0)


@PROPERTY
@given(calendars(), moments, moments, moments)
def test_measures_add_up(
    calendar: WorkCalendar, one: datetime, other: datetime, third: datetime
) -> None:
    start, middle, end = sorted((one, other, third))

    assert calendar.measure(start, end) == (
        calendar.measure(start, middle) + calendar.measure(middle, end)
    )
    assert calendar.measure(end, start) == -calendar.measure(start, end)


@PROPERTY
@given(calendars(), some_days, st.integers(1, 30))
def test_counting_gives_back_the_working_days_added(
    calendar: WorkCalendar, day: date, count: int
) -> None:
    try:
        later = calendar.working_day_after(day, count)
    except CalendarEnds:
        assume(False)
        raise

    assert calendar.is_working_day(later)
    assert calendar.working_days_between(day, later) == count
    if calendar.is_working_day(day):
        assert calendar.working_day_before(later, count) == day


@PROPERTY
@given(calendars(), moments)
def test_an_opening_is_open_and_nothing_earlier_is(
    calendar: WorkCalendar, moment: datetime
) -> None:
    try:
        opening = calendar.next_opening(moment)
    except CalendarEnds:
        assume(False)
        raise

    assert calendar.is_open(opening)
    assert opening >= moment
    assert calendar.next_opening(opening) == opening
    if opening > moment:
        assert not calendar.is_open(opening - timedelta(microseconds=1))


def test_a_negative_span_is_the_other_direction() -> None:
    calendar = make_calendar()
    noon = datetime(2023, 3, 16, 12, tzinfo=VIETNAM)

    assert calendar.add(noon, timedelta(hours=-9)) == calendar.subtract(noon, timedelta(hours=9))
    with pytest.raises(CalendarEnds):
        calendar.subtract(noon, timedelta(days=-400))

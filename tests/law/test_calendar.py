"""The calendars of law/ against the independent list of the package `holidays`."""

from datetime import date
from itertools import chain

import holidays
import pytest

from motcua.engine.office_hours import DayKind
from motcua.lawbook import queries

YEARS = range(2015, 2028)
CALENDAR = queries.get_calendar()

# law/calendar wins; each difference is known and has its reason.
ONLY_IN_LAW = {
    date(2026, 1, 2): "swapped for Saturday 10/01/2026",
}
WORKED_ONLY_IN_LAW = {
    date(2026, 1, 10): "worked in lieu of 02/01/2026",
}
ONLY_IN_PACKAGE = {
    date(2015, 2, 22): "a Sunday within the Lunar New Year holidays, off in any case",
    date(2025, 2, 1): "a Saturday within the Lunar New Year holidays, off in any case",
}


@pytest.mark.parametrize("year", YEARS)
def test_days_off_are_those_of_the_package(year: int) -> None:
    package = set(holidays.country_holidays("VN", years=year))
    law = {
        day
        for day, marked in CALENDAR.days.items()
        if day.year == year and marked.kind is not DayKind.WORKED_SATURDAY
    }

    assert law - package == {day for day in ONLY_IN_LAW if day.year == year}
    assert package - law == {day for day in ONLY_IN_PACKAGE if day.year == year}


def test_worked_saturdays_are_those_of_the_package() -> None:
    package = set(
        chain.from_iterable(
            holidays.country_holidays("VN", years=year).weekend_workdays for year in YEARS
        )
    )
    law = {d for d, m in CALENDAR.days.items() if m.kind is DayKind.WORKED_SATURDAY}

    assert law - package == set(WORKED_ONLY_IN_LAW)
    assert {day for day in package - law if day.year in YEARS} == set()


@pytest.mark.parametrize(
    ("year", "lost", "saturdays"),
    [
        (2023, "2/1 20/1 23/1 24/1 25/1 26/1 1/5 2/5 3/5 1/9 4/9", ""),
        (2024, "1/1 8/2 9/2 12/2 13/2 14/2 18/4 29/4 30/4 1/5 2/9 3/9", "4/5"),
        (2025, "1/1 27/1 28/1 29/1 30/1 31/1 7/4 30/4 1/5 2/5 1/9 2/9", "26/4"),
        (
            2026,
            "1/1 2/1 16/2 17/2 18/2 19/2 20/2 27/4 30/4 1/5 31/8 1/9 2/9 24/11",
            "10/1 22/8",
        ),
    ],
)
def test_working_days_lost_and_saturdays_worked(year: int, lost: str, saturdays: str) -> None:
    days = [date.fromordinal(n) for n in range(*_ordinals(year))]
    off = [day for day in days if day.weekday() < 5 and not CALENDAR.is_working_day(day)]
    worked = [day for day in days if day.weekday() >= 5 and CALENDAR.is_working_day(day)]

    assert [f"{day.day}/{day.month}" for day in off] == lost.split()
    assert [f"{day.day}/{day.month}" for day in worked] == saturdays.split()


def test_vietnamese_culture_day_counts_but_is_flagged() -> None:
    marked = CALENDAR.days[date(2026, 11, 24)]

    assert marked.counts
    assert not marked.is_verified
    assert not CALENDAR.is_working_day(date(2026, 11, 24))


def test_every_day_has_a_source_and_recollections_are_flagged() -> None:
    for day, marked in CALENDAR.days.items():
        assert marked.source
        if day.year not in range(2021, 2027):
            assert not marked.is_verified
    new_year_2026 = [CALENDAR.days[date(2026, 2, day)] for day in range(16, 21)]
    assert all(marked.is_verified for marked in new_year_2026)


def _ordinals(year: int) -> tuple[int, int]:
    return date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()

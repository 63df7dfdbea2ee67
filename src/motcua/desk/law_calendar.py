"""A year as the law counts it: months with days off and worked Saturdays, each with its source."""

from __future__ import annotations

import calendar as month_grids
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.desk.filter_chips import Chip
from motcua.desk.law_words import either
from motcua.engine.office_hours import CalendarDay, DayKind
from motcua.engine.wording import weekday_en, weekday_vi
from motcua.engine.worktime import WorkCalendar
from motcua.lawbook import queries as lawbook

KIND_NAMES = {
    DayKind.OFF: gettext_lazy("nghỉ lễ, tết"),
    DayKind.OFF_IN_LIEU: gettext_lazy("nghỉ bù, nghỉ hoán đổi"),
    DayKind.WORKED_SATURDAY: gettext_lazy("làm bù"),
}
# A letter beside the number, so that no day is told by its colour alone.
_MARKS = {DayKind.OFF: "L", DayKind.OFF_IN_LIEU: "B", DayKind.WORKED_SATURDAY: "+"}
_TONES = {DayKind.OFF: "bad", DayKind.OFF_IN_LIEU: "warn", DayKind.WORKED_SATURDAY: "good"}
_FIRST_OF_EACH_MONTH = range(1, 13)


@dataclass(frozen=True, kw_only=True, slots=True)
class DayCell:
    """One day of a month's grid; `number` is 0 where the week reaches into another month."""

    number: int
    is_working: bool = False
    mark: str = ""
    tone: str = ""
    name: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class MonthShown:
    """A month as rows of weeks that begin on Monday."""

    title: str
    weeks: tuple[tuple[DayCell, ...], ...]
    working_days: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SpecialDay:
    """A day that differs from its weekday."""

    day: date
    weekday: str
    name: str
    kind: str
    tone: str
    in_lieu_of: date | None
    counts: bool
    source: str
    is_verified: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class YearShown:
    """A year with its months and the days that differ from their weekday."""

    year: int
    months: tuple[MonthShown, ...]
    days: tuple[SpecialDay, ...]
    working_days: int
    legend: tuple[tuple[str, str, str], ...]


def year_shown(year: int) -> YearShown:
    """Return a year of the calendar that units with the usual office hours keep."""
    calendar = lawbook.get_calendar()
    marked = {one.day: one for one in lawbook.list_calendar_days(year)}
    months = tuple(_month(year, number, calendar, marked) for number in _FIRST_OF_EACH_MONTH)
    return YearShown(
        year=year,
        months=months,
        days=tuple(_special(one) for one in marked.values()),
        working_days=sum(month.working_days for month in months),
        legend=tuple((_MARKS[kind], _TONES[kind], str(KIND_NAMES[kind])) for kind in DayKind),
    )


def _month(
    year: int, number: int, calendar: WorkCalendar, marked: dict[date, CalendarDay]
) -> MonthShown:
    weeks = month_grids.Calendar().monthdatescalendar(year, number)
    cells = tuple(
        tuple(
            _cell(day, calendar, marked.get(day)) if day.month == number else DayCell(number=0)
            for day in week
        )
        for week in weeks
    )
    return MonthShown(
        title=_("Tháng %(month)s") % {"month": number},
        weeks=cells,
        working_days=sum(cell.is_working for week in cells for cell in week),
    )


def _cell(day: date, calendar: WorkCalendar, marked: CalendarDay | None) -> DayCell:
    is_working = calendar.is_working_day(day)
    if marked is None or not marked.counts:
        return DayCell(number=day.day, is_working=is_working)
    return DayCell(
        number=day.day,
        is_working=is_working,
        mark=_MARKS[marked.kind],
        tone=_TONES[marked.kind],
        name=either(marked.name_vi, marked.name_en),
    )


def _special(one: CalendarDay) -> SpecialDay:
    return SpecialDay(
        day=one.day,
        weekday=either(weekday_vi(one.day), weekday_en(one.day)),
        name=either(one.name_vi, one.name_en),
        kind=str(KIND_NAMES[one.kind]),
        tone=_TONES[one.kind],
        in_lieu_of=one.in_lieu_of,
        counts=one.counts,
        source=one.source,
        is_verified=one.is_verified,
    )


def weekday_letters() -> tuple[tuple[str, str], ...]:
    """Return the heads of a week's columns, short and in full, from Monday."""
    monday = date(2024, 1, 1)
    short = either("T2 T3 T4 T5 T6 T7 CN", "Mo Tu We Th Fr Sa Su").split()
    days = [monday + timedelta(days=number) for number in range(7)]
    return tuple(
        (letters, either(weekday_vi(day), weekday_en(day)))
        for letters, day in zip(short, days, strict=True)
    )


def year_chips(year: int) -> tuple[Chip, ...]:
    """Return a link for each year whose days off are known."""
    return tuple(
        Chip(
            label=str(one),
            url=f"{reverse('desk:law-year')}?year={one}",
            is_active=one == year,
        )
        for one in lawbook.list_calendar_years()
    )

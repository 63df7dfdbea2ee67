"""Decisions on days off: laid over the calendar that is known, and the reasons to refuse one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from motcua.engine.explain import Because
from motcua.engine.office_hours import CalendarDay, DayKind
from motcua.engine.wording import full_day


class DecidedKind(StrEnum):
    """What a decision makes of a day; ordinary takes back what an earlier one made of it."""

    OFF = "off"
    OFF_IN_LIEU = "off_in_lieu"
    WORKED_SATURDAY = "worked_saturday"
    ORDINARY = "ordinary"


@dataclass(frozen=True, kw_only=True, slots=True)
class DecidedDay:
    """One day of a decision; `source` names the decision."""

    day: date
    kind: DecidedKind
    name: str
    source: str = ""
    in_lieu_of: date | None = None


def laid_over(
    known: Iterable[CalendarDay], decided: Iterable[DecidedDay]
) -> tuple[CalendarDay, ...]:
    """Return the special days of a calendar after decisions, the latest last; in order of days."""
    days = {one.day: one for one in known}
    for one in decided:
        days.pop(one.day, None)
        if one.kind is not DecidedKind.ORDINARY:
            days[one.day] = CalendarDay(
                day=one.day,
                kind=DayKind(one.kind),
                name_vi=one.name,
                name_en=one.name,
                source=one.source,
                in_lieu_of=one.in_lieu_of,
            )
    return tuple(days[day] for day in sorted(days))


def problems_of(
    decided: Iterable[DecidedDay], *, known: Iterable[CalendarDay], last_year: int, today: date
) -> tuple[Because, ...]:
    """Return everything that forbids a decision; nothing when it can be entered.

    `known` are the special days before it, `last_year` the last year with any.
    """
    days = tuple(decided)
    if not days:
        return (
            Because(
                vi="Quyết định chưa có ngày nào; hãy ghi ít nhất một ngày nghỉ hoặc ngày làm bù.",
                en="The decision has no day; enter at least one day off or worked Saturday.",
            ),
        )
    before = {one.day: one for one in known if one.counts}
    found = [*_of_the_whole(days, last_year=last_year)]
    by_day = {one.day: one for one in days}
    for one in days:
        found += _of_one(one, by_day, before, today=today)
    return tuple(found)


def _of_the_whole(days: tuple[DecidedDay, ...], *, last_year: int) -> Iterator[Because]:
    seen: set[date] = set()
    for one in days:
        if one.day in seen:
            yield Because(
                vi=f"Ngày {full_day(one.day)} được ghi hai lần trong quyết định; hãy bỏ một dòng.",
                en=f"{full_day(one.day)} stands twice in the decision; leave one out.",
            )
        seen.add(one.day)
        if one.day.year > last_year + 1:
            yield Because(
                vi=f"Chưa có lịch của năm {last_year + 1}, nên chưa thể ghi ngày {full_day(one.day)}; "
                f"hãy ghi quyết định của năm {last_year + 1} trước.",
                en=f"The year {last_year + 1} has no calendar yet, so {full_day(one.day)} cannot be "
                f"entered; enter the decision of {last_year + 1} first.",
            )
    for year in sorted({one.day.year for one in days}):
        closed = {one.day for one in days if one.day.year == year and _closes(one)}
        weekdays = [day for day in _days_of(year) if day.weekday() < 5]
        if closed.issuperset(weekdays):
            yield Because(
                vi=f"Quyết định đóng cửa mọi ngày của năm {year}, nên không thời hạn nào kết thúc được.",
                en=f"The decision closes every day of {year}, so that no time limit could ever end.",
            )


def _days_of(year: int) -> Iterator[date]:
    first = date(year, 1, 1).toordinal()
    return (date.fromordinal(number) for number in range(first, date(year, 12, 31).toordinal() + 1))


def _closes(one: DecidedDay) -> bool:
    return one.kind in (DecidedKind.OFF, DecidedKind.OFF_IN_LIEU)


def _of_one(
    one: DecidedDay,
    days: Mapping[date, DecidedDay],
    before: Mapping[date, CalendarDay],
    *,
    today: date,
) -> Iterator[Because]:
    told = full_day(one.day)
    if one.day <= today:
        yield Because(
            vi=f"Ngày {told} đã đến hoặc đã qua, nên không đổi được nữa.",
            en=f"{told} has come or passed, so it cannot be changed any more.",
        )
    is_off = one.day in before and before[one.day].kind is not DayKind.WORKED_SATURDAY
    # A holiday may fall on a weekend, and a day in lieu then stands for it; a day in lieu may not.
    is_weekend = one.kind is DecidedKind.OFF_IN_LIEU and one.day.weekday() > 4
    if _closes(one) and (is_off or is_weekend):
        yield Because(
            vi=f"Ngày {told} đã là ngày nghỉ; hãy bỏ dòng này hoặc ghi ngày khác.",
            en=f"{told} is a day off already; leave it out or enter another day.",
        )
    if one.kind is DecidedKind.ORDINARY and one.day not in before:
        yield Because(
            vi=f"Ngày {told} vốn là ngày thường, không có gì để bỏ.",
            en=f"{told} is an ordinary day as it is, there is nothing to take back.",
        )
    if one.kind is DecidedKind.WORKED_SATURDAY:
        yield from _of_worked_saturday(one, days, before)
    if one.kind is DecidedKind.OFF_IN_LIEU:
        yield from _of_day_in_lieu(one, days, before)


def _of_worked_saturday(
    one: DecidedDay, days: Mapping[date, DecidedDay], before: Mapping[date, CalendarDay]
) -> Iterator[Because]:
    told = full_day(one.day)
    if one.day.weekday() != 5:
        yield Because(
            vi=f"Ngày làm bù {told} phải là Thứ Bảy.",
            en=f"The worked day {told} must be a Saturday.",
        )
    half = days.get(one.in_lieu_of) if one.in_lieu_of else None
    known = before.get(one.in_lieu_of) if one.in_lieu_of else None
    is_named = half is not None and half.in_lieu_of == one.day
    is_known = known is not None and known.kind is DayKind.OFF_IN_LIEU
    if not is_named and not is_known:
        yield Because(
            vi=f"Ngày làm bù {told} phải ghi nó bù cho ngày nghỉ hoán đổi nào, và ngày ấy phải ghi lại "
            "ngày làm bù này.",
            en=f"The worked Saturday {told} must name the day off it is worked for, and that day must "
            "name this Saturday.",
        )


def _of_day_in_lieu(
    one: DecidedDay, days: Mapping[date, DecidedDay], before: Mapping[date, CalendarDay]
) -> Iterator[Because]:
    told, other = full_day(one.day), one.in_lieu_of
    if other is None:
        yield Because(
            vi=f"Ngày nghỉ bù {told} phải ghi nghỉ thay cho ngày nào.",
            en=f"The day off {told} must name the day it stands for.",
        )
        return
    half = days.get(other)
    is_swap = half is not None and half.kind is DecidedKind.WORKED_SATURDAY
    holiday = half if half is not None and half.kind is DecidedKind.OFF else before.get(other)
    is_holiday_off = other.weekday() > 4 and holiday is not None and holiday.kind == DayKind.OFF
    if not (is_swap and half is not None and half.in_lieu_of == one.day) and not is_holiday_off:
        yield Because(
            vi=f"Ngày nghỉ {told} phải thay cho một ngày lễ rơi vào ngày nghỉ hằng tuần, hoặc hoán đổi "
            f"với một Thứ Bảy làm bù ghi lại nó; {full_day(other)} không phải ngày như vậy.",
            en=f"The day off {told} must stand for a holiday on a weekend, or be swapped for a worked "
            f"Saturday that names it; {full_day(other)} is neither.",
        )

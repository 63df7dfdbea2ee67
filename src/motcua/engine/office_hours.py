"""Office hours and days off: the facts from which a working calendar is compiled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

from motcua.engine.wording import full_day


class OfficeHoursRefused(ValueError):
    """The office hours contradict themselves; the message says where."""


class CalendarRefused(ValueError):
    """The days or hours given for a calendar contradict each other or leave a gap."""


class DayKind(StrEnum):
    """Why a day differs from its weekday: the three kinds of the Prime Minister's notices."""

    OFF = "off"
    OFF_IN_LIEU = "off_in_lieu"
    WORKED_SATURDAY = "worked_saturday"


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenHours:
    """A stretch of a day during which the office is open."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        """Raise OfficeHoursRefused when the office would close before it opens."""
        if self.opens >= self.closes:
            raise OfficeHoursRefused(
                f"Giờ mở cửa {self.opens:%H:%M} phải trước giờ đóng cửa {self.closes:%H:%M}."
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class DayHours:
    """The hours of one weekday; a day that does not count takes files in but moves no clock."""

    hours: tuple[OpenHours, ...]
    counts: bool = True

    def __post_init__(self) -> None:
        """Raise OfficeHoursRefused when stretches overlap or are out of order."""
        for earlier, later in zip(self.hours, self.hours[1:], strict=False):
            if earlier.closes >= later.opens:
                raise OfficeHoursRefused(
                    f"Khoảng giờ mở cửa từ {later.opens:%H:%M} chồng lên khoảng "
                    f"đóng cửa lúc {earlier.closes:%H:%M}."
                )


@dataclass(frozen=True, kw_only=True, slots=True)
class WeeklyHours:
    """The hours of each weekday (0 is Monday) from a first day to a last day, both included."""

    first_day: date
    last_day: date | None
    week: Mapping[int, DayHours]
    source: str
    is_verified: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class CalendarDay:
    """A public holiday, a day off in lieu, or a Saturday that is worked, with its reason."""

    day: date
    kind: DayKind
    name_vi: str
    name_en: str
    source: str
    is_verified: bool = True
    in_lieu_of: date | None = None
    counts: bool = True


CLOSED = DayHours(hours=())


def ordered_weeks(
    weeks: Iterable[WeeklyHours], first_day: date, last_day: date
) -> tuple[WeeklyHours, ...]:
    """Return the weekly hours in order; raise CalendarRefused when they overlap or leave a gap."""
    ordered = tuple(sorted(weeks, key=lambda week: week.first_day))
    if first_day > last_day or not ordered or ordered[0].first_day > first_day:
        raise CalendarRefused(
            f"Không có giờ làm việc cho ngày {full_day(first_day)}; hãy khai báo giờ làm việc "
            "từ ngày đó hoặc sớm hơn."
        )
    for earlier, later in zip(ordered, ordered[1:], strict=False):
        if earlier.last_day is None or later.first_day != earlier.last_day + timedelta(days=1):
            raise CalendarRefused(
                f"Giờ làm việc từ {full_day(later.first_day)} không nối tiếp ngay giờ làm việc "
                f"từ {full_day(earlier.first_day)}; các giai đoạn không được trùng hay hở."
            )
    ends = ordered[-1].last_day
    if ends is not None and ends < last_day:
        raise CalendarRefused(f"Không có giờ làm việc sau ngày {full_day(ends)}.")
    return ordered


def days_by_date(days: Iterable[CalendarDay]) -> dict[date, CalendarDay]:
    """Return the days that count, by date; raise CalendarRefused for a contradiction."""
    found: dict[date, CalendarDay] = {}
    for day in days:
        if not day.counts:
            continue
        if day.day in found:
            raise CalendarRefused(f"Ngày {full_day(day.day)} được khai báo hai lần trong lịch.")
        if day.kind is DayKind.WORKED_SATURDAY and (
            day.day.weekday() != 5 or day.in_lieu_of is None
        ):
            raise CalendarRefused(
                f"Ngày làm bù {full_day(day.day)} phải là Thứ Bảy và ghi rõ làm bù cho ngày nào."
            )
        found[day.day] = day
    return found


def hours_by_day(
    first_day: date,
    last_day: date,
    weeks: tuple[WeeklyHours, ...],
    special: Mapping[date, CalendarDay],
) -> Iterator[DayHours]:
    """Yield the hours of each day; a worked Saturday keeps those of the weekday it replaces."""
    position = 0
    for number in range(first_day.toordinal(), last_day.toordinal() + 1):
        day = date.fromordinal(number)
        while position + 1 < len(weeks) and weeks[position + 1].first_day <= day:
            position += 1
        week, weekday, marked = weeks[position].week, day.weekday(), special.get(day)
        if marked is not None:
            if marked.kind is not DayKind.WORKED_SATURDAY or marked.in_lieu_of is None:
                yield CLOSED
                continue
            weekday = marked.in_lieu_of.weekday()
        yield week.get(weekday, CLOSED)

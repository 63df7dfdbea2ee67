"""Working time: a calendar compiled once, then asked to add, subtract and measure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from motcua.engine.day_reasons import reason_of_day, reason_of_days_off
from motcua.engine.explain import Because
from motcua.engine.moments import VIETNAM, local
from motcua.engine.office_hours import (
    CalendarDay,
    WeeklyHours,
    days_by_date,
    hours_by_day,
    ordered_weeks,
)
from motcua.engine.wording import full_day

_MICROSECOND = timedelta(microseconds=1)
_MICROSECONDS_A_DAY = 86_400_000_000


class CalendarEnds(Exception):
    """The answer lies outside the years that the calendar knows."""

    def __init__(self, first_day: date, last_day: date) -> None:
        self.because = Because(
            vi=f"Lịch làm việc chỉ có từ {full_day(first_day)} đến {full_day(last_day)}; "
            "hãy bổ sung lịch nghỉ của năm còn thiếu rồi tính lại.",
            en=f"The working calendar only knows {full_day(first_day)} to {full_day(last_day)}; "
            "add the days off of the missing year and compute again.",
        )
        super().__init__(self.because.vi)


class CalendarNeverOpens(ValueError):
    """No day of the calendar is worked, so no deadline could ever be reached."""


@dataclass(frozen=True, slots=True)
class DayRun:
    """Consecutive days that are all working days, or all not."""

    first_day: date
    last_day: date
    is_working: bool

    @property
    def length(self) -> int:
        """The number of days."""
        return (self.last_day - self.first_day).days + 1


@dataclass(frozen=True, slots=True, eq=False)
class _Stretches:
    """Open time in microseconds since the calendar's first midnight, with its running total."""

    opens: tuple[int, ...]
    closes: tuple[int, ...]
    before: tuple[int, ...]

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, int]]) -> _Stretches:
        ordered = tuple(pairs)
        totals = [0]
        for opens, closes in ordered:
            totals.append(totals[-1] + closes - opens)
        return cls(tuple(o for o, _ in ordered), tuple(c for _, c in ordered), tuple(totals))

    def worked_before(self, moment: int) -> int:
        index = bisect_right(self.opens, moment) - 1
        if index < 0:
            return 0
        return self.before[index] + min(moment, self.closes[index]) - self.opens[index]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class WorkCalendar:
    """When the office works, compiled for every day from the first to the last known day.

    All answers are in Vietnamese time and cost O(log n) whatever the distance.
    """

    first_day: date
    last_day: date
    days: Mapping[date, CalendarDay]
    weeks: tuple[WeeklyHours, ...]
    _start: datetime
    _end: int
    _counted: _Stretches
    _open: _Stretches
    _working: tuple[int, ...]
    _closings: tuple[int, ...]
    _run_starts: tuple[int, ...]
    _told: dict[tuple[date, date], Because] = field(default_factory=dict)

    @classmethod
    def compile(
        cls,
        *,
        first_day: date,
        last_day: date,
        office_hours: Iterable[WeeklyHours],
        days: Iterable[CalendarDay] = (),
    ) -> WorkCalendar:
        """Compile hours and days off; raise CalendarRefused or CalendarNeverOpens."""
        weeks = ordered_weeks(office_hours, first_day, last_day)
        special = days_by_date(days)
        counted: list[tuple[int, int]] = []
        opened: list[tuple[int, int]] = []
        working: list[int] = []
        closings: list[int] = []
        for index, hours in enumerate(hours_by_day(first_day, last_day, weeks, special)):
            stretches = [
                (_microsecond_of(index, h.opens), _microsecond_of(index, h.closes))
                for h in hours.hours
            ]
            opened += stretches
            if hours.counts and stretches:
                counted += stretches
                working.append(index)
                closings.append(stretches[-1][1])
        if not working:
            raise CalendarNeverOpens(
                f"Lịch từ {full_day(first_day)} đến {full_day(last_day)} không có ngày làm việc "
                "nào; hãy kiểm tra giờ làm việc và ngày nghỉ đã khai báo."
            )
        length = (last_day - first_day).days + 1
        return cls(
            first_day=first_day,
            last_day=last_day,
            days=special,
            weeks=weeks,
            _start=datetime.combine(first_day, time(), VIETNAM),
            _end=length * _MICROSECONDS_A_DAY,
            _counted=_Stretches.of(counted),
            _open=_Stretches.of(opened),
            _working=tuple(working),
            _closings=tuple(closings),
            _run_starts=_run_starts(working, length),
        )

    # Working time

    def add(self, moment: datetime, working_time: timedelta) -> datetime:
        """Return the earliest moment by which this much working time has passed."""
        start, amount = self._offset(moment), working_time // _MICROSECOND
        if amount < 0:
            return self.subtract(moment, -working_time)
        if amount == 0:
            return self._moment(start)
        target = self._counted.worked_before(start) + amount
        index = bisect_left(self._counted.before, target) - 1
        if index >= len(self._counted.opens):
            raise CalendarEnds(self.first_day, self.last_day)
        return self._moment(self._counted.opens[index] + target - self._counted.before[index])

    def subtract(self, moment: datetime, working_time: timedelta) -> datetime:
        """Return the latest moment from which this much working time leads to the one given."""
        start, amount = self._offset(moment), working_time // _MICROSECOND
        if amount < 0:
            return self.add(moment, -working_time)
        if amount == 0:
            return self._moment(start)
        target = self._counted.worked_before(start) - amount
        if target < 0:
            raise CalendarEnds(self.first_day, self.last_day)
        index = bisect_right(self._counted.before, target) - 1
        return self._moment(self._counted.opens[index] + target - self._counted.before[index])

    def measure(self, start: datetime, end: datetime) -> timedelta:
        """Return the working time between two moments, negative when the end comes first."""
        counted = self._counted
        passed = counted.worked_before(self._offset(end)) - counted.worked_before(
            self._offset(start)
        )
        return timedelta(microseconds=passed)

    def is_open(self, moment: datetime) -> bool:
        """Say whether a file can be taken in at this moment; the closing minute still counts."""
        offset = self._offset(moment)
        index = bisect_right(self._open.opens, offset) - 1
        return index >= 0 and offset <= self._open.closes[index]

    def next_opening(self, moment: datetime) -> datetime:
        """Return the moment itself in office hours, else the next opening."""
        if self.is_open(moment):
            return local(moment)
        index = bisect_right(self._open.opens, self._offset(moment))
        if index >= len(self._open.opens):
            raise CalendarEnds(self.first_day, self.last_day)
        return self._moment(self._open.opens[index])

    def opening_after(self, moment: datetime) -> datetime:
        """Return the first opening of counted working time strictly after the moment."""
        index = bisect_right(self._counted.opens, self._offset(moment))
        if index >= len(self._counted.opens):
            raise CalendarEnds(self.first_day, self.last_day)
        return self._moment(self._counted.opens[index])

    def stretches(self, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
        """Return the counted working time between two moments, stretch by stretch."""
        low, high = self._offset(start), self._offset(end)
        counted = self._counted
        found: list[tuple[datetime, datetime]] = []
        index = max(bisect_right(counted.opens, low) - 1, 0)
        while index < len(counted.opens) and counted.opens[index] < high:
            opens, closes = max(counted.opens[index], low), min(counted.closes[index], high)
            if opens < closes:
                found.append((self._moment(opens), self._moment(closes)))
            index += 1
        return found

    # Working days

    def is_working_day(self, day: date) -> bool:
        """Say whether the day counts as a working day."""
        index = self._index(day)
        position = bisect_left(self._working, index)
        return position < len(self._working) and self._working[position] == index

    def working_day_after(self, day: date, count: int) -> date:
        """Return the count-th working day after a day; with 0 the day itself or the next one."""
        index = self._index(day)
        position = (
            bisect_right(self._working, index) + count - 1
            if count
            else bisect_left(self._working, index)
        )
        if count < 0 or position >= len(self._working):
            raise CalendarEnds(self.first_day, self.last_day)
        return self._day(self._working[position])

    def working_day_before(self, day: date, count: int) -> date:
        """Return the count-th working day before a day; with 0 the day itself or the last one."""
        index = self._index(day)
        position = (
            bisect_left(self._working, index) - count
            if count
            else bisect_right(self._working, index) - 1
        )
        if count < 0 or position < 0:
            raise CalendarEnds(self.first_day, self.last_day)
        return self._day(self._working[position])

    def working_days_between(self, after: date, through: date) -> int:
        """Count the working days after one day, up to and including another."""
        return bisect_right(self._working, self._index(through)) - bisect_right(
            self._working, self._index(after)
        )

    def closing(self, day: date) -> datetime:
        """Return the end of office hours of a working day, or of the next one."""
        position = bisect_left(self._working, self._index(day))
        if position >= len(self._closings):
            raise CalendarEnds(self.first_day, self.last_day)
        return self._moment(self._closings[position])

    def runs(self, first: date, last: date) -> Iterator[DayRun]:
        """Yield the days from first to last, both included, as runs of working days and others."""
        start, end = self._index(first), self._index(last)
        if start > end:
            return
        position = bisect_right(self._run_starts, start) - 1
        is_working = self.is_working_day(first)
        while start <= end:
            position += 1
            until = self._run_starts[position] if position < len(self._run_starts) else end + 1
            until = min(until, end + 1)
            yield DayRun(self._day(start), self._day(until - 1), is_working)
            start, is_working = until, not is_working

    def explain_day(self, day: date) -> Because:
        """Say why the day is worked or not, with the source."""
        marked, is_working = self.days.get(day), self.is_working_day(day)
        return reason_of_day(day, marked, self._week(day), is_working=is_working)

    def explain_days_off(self, first: date, last: date) -> Because:
        """Say in one line why none of these days is worked, with the sources."""
        told = self._told.get((first, last))
        if told is None:
            span = [self._day(i) for i in range(self._index(first), self._index(last) + 1)]
            told = self._told[first, last] = reason_of_days_off(
                [(day, self.days.get(day), self._week(day)) for day in span]
            )
        return told

    def _week(self, day: date) -> WeeklyHours:
        return self.weeks[bisect_right(self.weeks, day, key=lambda week: week.first_day) - 1]

    # Days and moments as offsets from the first midnight

    def _offset(self, moment: datetime) -> int:
        if moment.tzinfo is not VIETNAM:
            moment = local(moment)
        offset = (moment - self._start) // _MICROSECOND
        if not 0 <= offset < self._end:
            raise CalendarEnds(self.first_day, self.last_day)
        return offset

    def _moment(self, offset: int) -> datetime:
        return self._start + timedelta(microseconds=offset)

    def _index(self, day: date) -> int:
        if not self.first_day <= day <= self.last_day:
            raise CalendarEnds(self.first_day, self.last_day)
        return day.toordinal() - self.first_day.toordinal()

    def _day(self, index: int) -> date:
        return date.fromordinal(self.first_day.toordinal() + index)


def _microsecond_of(index: int, clock: time) -> int:
    return (
        index * _MICROSECONDS_A_DAY
        + ((clock.hour * 60 + clock.minute) * 60 + clock.second) * 1_000_000
    )


def _run_starts(working: list[int], length: int) -> tuple[int, ...]:
    starts = [0]
    is_working = working[0] == 0
    days = set(working)
    for index in range(1, length):
        if (index in days) is not is_working:
            is_working = not is_working
            starts.append(index)
    return tuple(starts)

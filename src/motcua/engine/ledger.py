"""The deadline ledger: the lines from which a due time follows, and their day-by-day form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from motcua.engine.explain import Because
from motcua.engine.limits import Limit, Unit
from motcua.engine.moments import midnight
from motcua.engine.wording import short_day, weekday_en, weekday_vi
from motcua.engine.worktime import WorkCalendar


class LedgerKind(StrEnum):
    """What a line of the ledger does to the clock."""

    START = "START"
    COUNTED = "COUNTED"
    SKIPPED = "SKIPPED"
    PAUSED = "PAUSED"
    RESUMED = "RESUMED"
    RESTARTED = "RESTARTED"
    EXTENDED = "EXTENDED"


class StoppedFor(StrEnum):
    """For whom a clock stands still: the citizen who must act, or nobody who could (a suspension)."""

    NOBODY = ""
    CITIZEN = "CITIZEN"
    SUSPENSION = "SUSPENSION"


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A stretch of time (or a single moment) and what it did to the clock.

    Lines that last follow each other without gap from the reception to the due time;
    START, RESUMED, RESTARTED and EXTENDED are moments. Only PAUSED lines stand still for someone.
    """

    starts_at: datetime
    ends_at: datetime
    kind: LedgerKind
    amount: Decimal
    unit: Unit
    because: Because
    stopped_for: StoppedFor = StoppedFor.NOBODY


@dataclass(frozen=True, kw_only=True, slots=True)
class Deadline:
    """When the answer is due, and why.

    `starts_at` is the reception moved into office hours. While the clock stands still, `stopped_since`
    says since when, and `due_at` is the due time as it was when the clock stopped.
    """

    received_at: datetime
    starts_at: datetime
    due_at: datetime
    limit: Limit
    ledger: tuple[LedgerLine, ...]
    warnings: tuple[Because, ...] = ()
    stopped_since: datetime | None = None
    supplement_requests: int = 0
    extensions: int = 0

    @property
    def is_stopped(self) -> bool:
        """Whether the clock stands still now, so that the due time will move."""
        return self.stopped_since is not None


def day_by_day(deadline: Deadline, calendar: WorkCalendar) -> tuple[LedgerLine, ...]:
    """Return the ledger with one line for each day; amounts still sum to the same whole."""
    lines = [short for line in deadline.ledger for short in _split(line, calendar)]
    return tuple(sorted(lines, key=lambda line: line.starts_at))


def _split(line: LedgerLine, calendar: WorkCalendar) -> Iterator[LedgerLine]:
    if line.unit is Unit.MINUTE or not line.amount or line.starts_at == line.ends_at:
        yield line
        return
    left = line.amount
    start = line.starts_at
    while start < line.ends_at:
        end = min(midnight(start.date()) + timedelta(days=1), line.ends_at)
        amount = _amount_of_day(line, start, end, left, calendar)
        left -= amount
        yield _worded(replace(line, starts_at=start, ends_at=end, amount=amount), calendar)
        start = end


def _amount_of_day(
    line: LedgerLine, start: datetime, end: datetime, left: Decimal, calendar: WorkCalendar
) -> Decimal:
    if end == line.ends_at:
        return left
    counts = line.unit is Unit.DAY or calendar.is_working_day(start.date())
    # A stretch that begins within a day takes that day from its predecessor, which counted it.
    starts_day = start == midnight(start.date())
    return min(left, Decimal(1)) if counts and starts_day else Decimal(0)


def _worded(line: LedgerLine, calendar: WorkCalendar) -> LedgerLine:
    day = line.starts_at.date()
    if line.kind is LedgerKind.COUNTED and line.amount == 1:
        unit_vi, unit_en = (
            ("ngày làm việc", "working day") if line.unit is Unit.WORKING_DAY else ("ngày", "day")
        )
        because = replace(
            line.because,
            vi=f"+1 {unit_vi} {weekday_vi(day)} {short_day(day)}",
            en=f"+1 {unit_en} {weekday_en(day)} {short_day(day)}",
        )
        return replace(line, because=because)
    if line.kind is LedgerKind.SKIPPED and line.starts_at == midnight(day):
        if calendar.is_working_day(day):
            return line
        told = calendar.explain_day(day)
        because = replace(told, vi=f"{told.vi}, không tính", en=f"{told.en}, not counted")
        return replace(line, because=because)
    return line

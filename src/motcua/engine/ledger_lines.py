"""Lines of the ledger: what a running clock counted and skipped between two moments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from motcua.engine.due_clock import CaseClock
from motcua.engine.explain import Because
from motcua.engine.ledger import LedgerKind, LedgerLine
from motcua.engine.limits import Unit
from motcua.engine.moments import day_reached, midnight
from motcua.engine.wording import (
    distinct,
    minutes_en,
    minutes_vi,
    moment_en,
    moment_vi,
    short_day,
    short_span,
    weekday_en,
    weekday_vi,
)
from motcua.engine.worktime import WorkCalendar

_ONE_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_NOTHING = Decimal(0)


def mark(
    moment: datetime, kind: LedgerKind, because: Because, amount: Decimal, unit: Unit
) -> LedgerLine:
    """Return a line that lasts no time."""
    return LedgerLine(moment, moment, kind, amount, unit, because)


def opening_lines(clock: CaseClock, received_at: datetime) -> Iterator[LedgerLine]:
    """Yield the reception, and the wait for the next opening when it came out of hours."""
    limit, starts_at = clock.limit, clock.anchor
    started = clock.counted(
        f"Tiếp nhận lúc {moment_vi(received_at)}; thời hạn {limit.text_vi()}",
        f"Received at {moment_en(received_at)}; time limit {limit.text_en()}",
    )
    yield mark(received_at, LedgerKind.START, started, _NOTHING, limit.unit)
    if starts_at > received_at:
        rule = clock.rules.after_hours.because
        because = Because(
            vi=f"Ngoài giờ làm việc, tính từ {moment_vi(starts_at)}",
            en=f"Out of office hours, counted from {moment_en(starts_at)}",
            source=rule.source,
            is_verified=rule.is_verified,
        )
        yield LedgerLine(received_at, starts_at, LedgerKind.SKIPPED, _NOTHING, Unit.DAY, because)


def run_lines(clock: CaseClock, stop: datetime) -> Iterator[LedgerLine]:
    """Yield what the clock counted and skipped from its anchor to the moment it stops."""
    if clock.days is None:
        yield from _time_lines(clock, clock.anchor, stop)
        return
    last_day = clock.last_day()
    whole_until = stop
    if clock.time:
        whole_until = min(stop, clock.calendar.closing(last_day))
    yield _first_day(clock, whole_until)
    first = clock.anchor.date() + _ONE_DAY
    if clock.counts_working_days:
        yield from _working_day_lines(clock.calendar, first, whole_until, *clock.origin())
    else:
        days = (first, clock.nominal_day(), whole_until)
        rule = clock.rules.day_off_at_end.because
        yield from _day_lines(clock.calendar, days, *clock.origin(), rule)
    if whole_until < stop:
        yield from _time_lines(clock, whole_until, stop)


def _first_day(clock: CaseClock, stop: datetime) -> LedgerLine:
    day = clock.anchor.date()
    end = min(midnight(day + _ONE_DAY), stop)
    if clock.days == 0:
        because = clock.counted(
            f"Phần còn lại của ngày làm việc {short_day(day)}",
            f"The rest of the working day {short_day(day)}",
        )
        return LedgerLine(clock.anchor, end, LedgerKind.COUNTED, _NOTHING, clock.unit, because)
    because = clock.rules.receipt_day.because
    if clock.has_gone_on:
        because = replace(
            because,
            vi=f"Ngày tiếp tục giải quyết {short_day(day)} không tính, như ngày tiếp nhận",
            en=f"The day of going on, {short_day(day)}, is not counted, like the day of receipt",
        )
    return LedgerLine(clock.anchor, end, LedgerKind.SKIPPED, _NOTHING, Unit.DAY, because)


# Files received on one day under one limit share these lines, so that a year's worth is told once.
@lru_cache(maxsize=20_000)
def _working_day_lines(
    calendar: WorkCalendar, first: date, stop: datetime, source: str, is_verified: bool
) -> tuple[LedgerLine, ...]:
    lines: list[LedgerLine] = []
    for run in calendar.runs(first, max(day_reached(stop), first - _ONE_DAY)):
        starts = midnight(run.first_day)
        ends = min(midnight(run.last_day + _ONE_DAY), stop)
        amount = Decimal(run.length)
        if run.is_working:
            span, days = short_span(run.first_day, run.last_day), _days_en(run.length)
            because = Because(
                vi=f"+{run.length} ngày làm việc {span}",
                en=f"+{run.length} working {days} {span}",
                source=source,
                is_verified=is_verified,
            )
            line = LedgerLine(starts, ends, LedgerKind.COUNTED, amount, Unit.WORKING_DAY, because)
        else:
            because = calendar.explain_days_off(run.first_day, run.last_day)
            line = LedgerLine(starts, ends, LedgerKind.SKIPPED, amount, Unit.DAY, because)
        lines.append(line)
    return tuple(lines)


def _days_en(length: int) -> str:
    return "day" if length == 1 else "days"


@lru_cache(maxsize=20_000)
def _day_lines(
    calendar: WorkCalendar,
    days: tuple[date, date, datetime],
    source: str,
    is_verified: bool,
    day_off_rule: Because,
) -> tuple[LedgerLine, ...]:
    first, nominal, stop = days
    touched = day_reached(stop)
    last = min(nominal, touched)
    lines: list[LedgerLine] = []
    if last >= first:
        length = (last - first).days + 1
        span = short_span(first, last)
        because = Because(
            vi=f"+{length} ngày {span}",
            en=f"+{length} {_days_en(length)} {span}",
            source=source,
            is_verified=is_verified,
        )
        starts, ends = midnight(first), min(midnight(last + _ONE_DAY), stop)
        amount = Decimal(length)
        lines.append(LedgerLine(starts, ends, LedgerKind.COUNTED, amount, Unit.DAY, because))
    if touched > nominal:
        starts = midnight(max(first, nominal + _ONE_DAY))
        amount = Decimal((touched - starts.date()).days + 1)
        because = _moved_from_day_off(calendar, nominal, day_off_rule)
        lines.append(LedgerLine(starts, stop, LedgerKind.SKIPPED, amount, Unit.DAY, because))
    return tuple(lines)


def _moved_from_day_off(calendar: WorkCalendar, nominal: date, rule: Because) -> Because:
    told = calendar.explain_day(nominal)
    return Because(
        vi=f"Ngày cuối rơi vào {told.vi}; {rule.vi}",
        en=f"The last day falls on {told.en}; {rule.en}",
        source=distinct((rule.source, told.source), "; "),
        is_verified=rule.is_verified and told.is_verified,
    )


def _time_lines(clock: CaseClock, start: datetime, stop: datetime) -> Iterator[LedgerLine]:
    calendar, cursor = clock.calendar, start
    for opens, closes in calendar.stretches(start, stop):
        if opens > cursor:
            yield _gap(calendar, cursor, opens)
        minutes = (closes - opens) // _MINUTE
        because = clock.counted(
            f"+{minutes_vi(minutes)} {weekday_vi(opens)} {short_day(opens)}",
            f"+{minutes_en(minutes)} {weekday_en(opens)} {short_day(opens)}",
        )
        yield LedgerLine(opens, closes, LedgerKind.COUNTED, Decimal(minutes), Unit.MINUTE, because)
        cursor = closes
    if cursor < stop:
        yield _gap(calendar, cursor, stop)


def _gap(calendar: WorkCalendar, start: datetime, end: datetime) -> LedgerLine:
    days = [
        start.date() + timedelta(days=number)
        for number in range((day_reached(end) - start.date()).days + 1)
    ]
    off = [day for day in days if not calendar.is_working_day(day)]
    if off:
        told = calendar.explain_days_off(off[0], off[-1])
        because = Because(
            vi=f"Ngoài giờ làm việc. {told.vi}",
            en=f"Out of office hours. {told.en}",
            source=told.source,
            is_verified=told.is_verified,
        )
    elif len(days) == 1:
        because = Because(vi="Nghỉ giữa giờ, không tính", en="Midday break, not counted")
    else:
        because = Because(
            vi="Ngoài giờ làm việc, không tính", en="Out of office hours, not counted"
        )
    minutes = Decimal((end - start) // _MINUTE)
    return LedgerLine(start, end, LedgerKind.SKIPPED, minutes, Unit.MINUTE, because)

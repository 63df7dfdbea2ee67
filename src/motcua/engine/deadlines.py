"""Deadlines: when an answer is due, and the ledger that says why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from motcua.engine.clock_events import (
    COMPLETES_FILE,
    EVENT_NAMES,
    STOPPED_BY,
    WAITING_NAMES,
    AlreadyExtended,
    AlreadyStopped,
    ClockEvent,
    ClockIsStopped,
    DeadlineAlreadyPassed,
    EventBeforeReceipt,
    EventKind,
    ExtensionRefused,
    ExtensionTooLate,
    NothingToResume,
    late_return,
)
from motcua.engine.due_clock import CaseClock, add_months
from motcua.engine.explain import Because
from motcua.engine.ledger import Deadline, LedgerKind, LedgerLine, StoppedFor
from motcua.engine.ledger_lines import mark, opening_lines, run_lines
from motcua.engine.limits import Limit, Unit
from motcua.engine.moments import day_reached, local_minute
from motcua.engine.timerules import CountingRules, SupplementEffect, TimeRules
from motcua.engine.wording import full_day, moment_en, moment_vi
from motcua.engine.worktime import WorkCalendar

_NOTHING = Decimal(0)
_MINUTE = timedelta(minutes=1)


def due_at(
    *,
    received_at: datetime,
    limit: Limit,
    calendar: WorkCalendar,
    rules: TimeRules | CountingRules,
) -> datetime:
    """Return only the due time; raise CalendarEnds beyond the known years."""
    starts_at = calendar.next_opening(local_minute(received_at))
    return CaseClock(limit, starts_at, calendar, _counting(rules)).due_at()


def due(
    *,
    received_at: datetime,
    limit: Limit,
    calendar: WorkCalendar,
    rules: TimeRules | CountingRules,
) -> Deadline:
    """Return the due time of a case to which nothing happened, with its ledger.

    Raises CalendarEnds beyond the years that the calendar knows.
    """
    received_at = local_minute(received_at)
    starts_at = calendar.next_opening(received_at)
    clock = CaseClock(limit, starts_at, calendar, _counting(rules))
    ends_at = clock.due_at()
    return Deadline(
        received_at=received_at,
        starts_at=starts_at,
        due_at=ends_at,
        limit=limit,
        ledger=(*opening_lines(clock, received_at), *run_lines(clock, ends_at)),
    )


def _counting(rules: TimeRules | CountingRules) -> CountingRules:
    return rules.counting if isinstance(rules, TimeRules) else rules


def replay(
    *,
    received_at: datetime,
    limit: Limit,
    events: Iterable[ClockEvent],
    calendar: WorkCalendar,
    rules: TimeRules,
) -> Deadline:
    """Return the due time after all events, ordered by their own times.

    Raises the ClockRefuses of the first event that the law or the order of things forbids.
    """
    told = _Replay(local_minute(received_at), limit, calendar, rules)
    ordered = sorted(
        (replace(event, at=local_minute(event.at)) for event in events), key=lambda e: e.at
    )
    for event in told.without_suspensions_before_receipt(ordered):
        told.follow(event)
    return told.deadline()


class _Replay:
    """The state of a case's clock while its events are followed one by one."""

    def __init__(
        self, received_at: datetime, limit: Limit, calendar: WorkCalendar, rules: TimeRules
    ) -> None:
        self.received_at = received_at
        self.limit = limit
        self.calendar = calendar
        self.rules = rules
        self.starts_at = calendar.next_opening(received_at)
        self.clock = CaseClock(limit, self.starts_at, calendar, rules.counting)
        self.due_at = self.clock.due_at()
        self.lines: list[LedgerLine] = list(opening_lines(self.clock, received_at))
        self.marks: list[LedgerLine] = []
        self.warnings: list[Because] = []
        self.stopped_by: dict[EventKind, datetime] = {}
        self.stopped_at: datetime | None = None
        self.paused_from: datetime | None = None
        self.restarts = False
        self.requests = 0
        self.extensions = 0

    def without_suspensions_before_receipt(self, events: list[ClockEvent]) -> Iterator[ClockEvent]:
        """Yield the events, leaving out suspensions that ended before the case was received."""
        still_on: ClockEvent | None = None
        for event in events:
            if event.at >= self.received_at:
                if still_on is not None:
                    yield replace(still_on, at=self.received_at)
                    still_on = None
                yield event
            elif event.kind is EventKind.SUSPENDED:
                still_on = event
            elif event.kind is EventKind.SUSPENSION_LIFTED:
                still_on = None
            else:
                raise EventBeforeReceipt(event, self.received_at)
        if still_on is not None:
            yield replace(still_on, at=self.received_at)

    def follow(self, event: ClockEvent) -> None:
        """Let one event move the clock."""
        if event.kind is EventKind.EXTENDED:
            self._extend(event)
        elif event.kind in STOPPED_BY:
            self._resume(event)
        else:
            self._pause(event)

    def _pause(self, event: ClockEvent) -> None:
        if event.kind in self.stopped_by:
            raise AlreadyStopped(event, self.stopped_by[event.kind])
        if self.paused_from is None and event.at > self.due_at:
            if event.kind is EventKind.SUSPENDED:
                self.stopped_by[event.kind] = event.at
                return
            raise DeadlineAlreadyPassed(event, self.due_at)
        if event.kind is EventKind.SUPPLEMENT_REQUESTED:
            self._count_request(event)
        elif event.kind is EventKind.RETURNED_AFTER_APPRAISAL:
            self._check_return(event)
        if self.paused_from is None:
            self.stopped_at = event.at
            self.paused_from = max(event.at, self.clock.anchor)
            if self.paused_from > self.clock.anchor:
                self.lines += run_lines(self.clock, self.paused_from)
            self.clock.stop(self.paused_from)
        else:
            self._write_pause(max(event.at, self.paused_from))
        self.stopped_by[event.kind] = event.at

    def _count_request(self, event: ClockEvent) -> None:
        self.requests += 1
        allowed = self.rules.supplement_requests
        if self.requests > allowed.value:
            self.warnings.append(
                Because(
                    vi=f"Yêu cầu bổ sung lần thứ {self.requests} lúc {moment_vi(event.at)}; "
                    f"{allowed.because.vi}",
                    en=f"Supplement request number {self.requests} at {moment_en(event.at)}; "
                    f"{allowed.because.en}",
                    source=allowed.because.source,
                    is_verified=allowed.because.is_verified,
                )
            )

    def _check_return(self, event: ClockEvent) -> None:
        rule = self.rules.return_after_appraisal
        until = due_at(
            received_at=self.received_at,
            limit=rule.value,
            calendar=self.calendar,
            rules=self.rules,
        )
        if event.at > until:
            self.warnings.append(late_return(event, until, rule.because))

    def _resume(self, event: ClockEvent) -> None:
        reason = STOPPED_BY[event.kind]
        if reason not in self.stopped_by:
            raise NothingToResume(event)
        if self.paused_from is None:
            del self.stopped_by[reason]
            return
        restart = self.rules.supplement_effect.value is SupplementEffect.RESTART
        self.restarts |= restart and event.kind in COMPLETES_FILE
        if len(self.stopped_by) > 1:
            self._write_pause(max(event.at, self.paused_from))
            del self.stopped_by[reason]
            return
        goes_on_at = self.calendar.next_opening(max(event.at, self.paused_from))
        self._write_pause(goes_on_at, goes_on=True)
        del self.stopped_by[reason]
        self.paused_from = self.stopped_at = None
        self._go_on(event, goes_on_at)

    def _go_on(self, event: ClockEvent, goes_on_at: datetime) -> None:
        if self.restarts:
            self.clock.wind(self.limit, goes_on_at)
            rule = self.rules.supplement_effect.because
            kind, amount, unit = LedgerKind.RESTARTED, self.limit.amount, self.limit.unit
        else:
            self.clock.go_on(goes_on_at)
            rule = self._rule_of(STOPPED_BY[event.kind])
            kind, amount, unit = LedgerKind.RESUMED, _NOTHING, self.clock.unit
        self.restarts = False
        name_vi, name_en = EVENT_NAMES[event.kind]
        because = Because(
            vi=f"{name_vi.capitalize()} lúc {moment_vi(event.at)}; {rule.vi}",
            en=f"{name_en.capitalize()} at {moment_en(event.at)}; {rule.en}",
            source=rule.source,
            is_verified=rule.is_verified,
        )
        self.lines.append(mark(goes_on_at, kind, because, amount, unit))
        self.due_at = self.clock.due_at()

    def _write_pause(self, until: datetime, *, goes_on: bool = False) -> None:
        """Write the line of the pause up to a moment, for the reasons that hold until then."""
        since = self.paused_from
        if since is None or until < since:
            return
        # The day on which the clock goes on belongs to the pause: it is not counted.
        last_day = until.date() if goes_on else day_reached(until)
        amount = (
            Decimal(self.calendar.measure(since, until) // _MINUTE)
            if self.clock.days is None
            else Decimal(self.clock.days_passed(day_reached(since), last_day))
        )
        if until > since:
            self.lines.append(self._pause_line(since, until, amount))
        self.paused_from = until

    def _pause_line(self, since: datetime, until: datetime, amount: Decimal) -> LedgerLine:
        suspended = EventKind.SUSPENDED in self.stopped_by
        return LedgerLine(
            since,
            until,
            LedgerKind.PAUSED,
            amount,
            self.clock.unit,
            self._why_stopped(),
            # Under force majeure nobody could have acted, whatever else was waited for.
            StoppedFor.SUSPENSION if suspended else StoppedFor.CITIZEN,
        )

    def _why_stopped(self) -> Because:
        rules = [self._rule_of(reason) for reason in self.stopped_by]
        names = [WAITING_NAMES[reason] for reason in self.stopped_by]
        return Because(
            vi=f"Tạm dừng {' và '.join(name for name, _ in names)}",
            en=f"Clock stopped: {' and '.join(name for _, name in names)}",
            source="; ".join(dict.fromkeys(rule.source for rule in rules)),
            is_verified=all(rule.is_verified for rule in rules),
        )

    def _rule_of(self, reason: EventKind) -> Because:
        if reason in (EventKind.SUPPLEMENT_REQUESTED, EventKind.RETURNED_AFTER_APPRAISAL):
            return self.rules.supplement_effect.because
        if reason is EventKind.PAYMENT_REQUESTED:
            return self.rules.payment_pause.because
        return self.rules.force_majeure.because

    def _extend(self, event: ClockEvent) -> None:
        if self.paused_from is not None:
            raise ClockIsStopped(event, self.stopped_at or self.paused_from)
        if event.at > self.due_at:
            raise DeadlineAlreadyPassed(event, self.due_at)
        allowed, notice = self.rules.extensions, self.rules.extension_notice
        if self.extensions >= allowed.value:
            raise AlreadyExtended(event, allowed.value, allowed.because)
        latest = latest_extension_day(self.due_at, self.calendar, notice.value)
        if event.at.date() > latest:
            raise ExtensionTooLate(event, latest, self.due_at, notice.because)
        old_due_at = self.due_at
        self._lengthen(event)
        self.due_at = self.clock.due_at()
        self.extensions += 1
        self._mark_extension(event, old_due_at)

    def _lengthen(self, event: ClockEvent) -> None:
        extra = event.extra
        if extra is not None and extra.unit in (Unit.HOUR, Unit.MINUTE):
            if self.clock.days is not None:
                raise ExtensionRefused(_extra_in_hours(event))
            minutes = extra.amount * (60 if extra.unit is Unit.HOUR else 1)
            self.clock.stretch_by(timedelta(minutes=int(minutes)))
            return
        if event.until is not None:
            day = event.until
        elif extra is not None:
            day = later_day(self.due_at.date(), extra, self.calendar)
        else:
            raise ExtensionRefused(_extension_without_day(event))
        if day <= self.due_at.date() or not self.calendar.is_working_day(day):
            raise ExtensionRefused(_extension_not_later(day, self.due_at))
        self.clock.stretch_to(day)

    def _mark_extension(self, event: ClockEvent, old_due_at: datetime) -> None:
        rule = self.rules.extensions.because
        amount, unit = (
            (event.extra.amount, event.extra.unit)
            if event.extra is not None
            else (
                Decimal(self.calendar.working_days_between(old_due_at.date(), self.due_at.date())),
                Unit.WORKING_DAY,
            )
        )
        because = Because(
            vi=f"Hẹn lại ngày trả kết quả từ {moment_vi(old_due_at)} đến {moment_vi(self.due_at)}; "
            f"{rule.vi}",
            en=f"Extended from {moment_en(old_due_at)} to {moment_en(self.due_at)}; {rule.en}",
            source=rule.source,
            is_verified=rule.is_verified,
        )
        at = max(event.at, self.received_at)
        self.marks.append(mark(at, LedgerKind.EXTENDED, because, amount, unit))

    def deadline(self) -> Deadline:
        """Return the due time and the ledger as they stand after the events followed so far."""
        lines = self.lines
        if self.paused_from is None:
            lines += run_lines(self.clock, self.due_at)
        else:
            lines.append(self._pause_line(self.paused_from, self.paused_from, _NOTHING))
        if self.marks:
            lines = sorted([*lines, *self.marks], key=lambda line: line.starts_at)
        return Deadline(
            received_at=self.received_at,
            starts_at=self.starts_at,
            due_at=self.due_at,
            limit=self.limit,
            ledger=tuple(lines),
            warnings=tuple(self.warnings),
            stopped_since=self.stopped_at,
            supplement_requests=self.requests,
            extensions=self.extensions,
        )


def latest_extension_day(due_at: datetime, calendar: WorkCalendar, notice: Limit) -> date:
    """Return the last day on which an extension of this due time may be announced."""
    if notice.unit is Unit.WORKING_DAY:
        return calendar.working_day_before(due_at.date(), int(notice.amount))
    return due_at.date() - timedelta(days=int(notice.amount))


def later_day(day: date, extra: Limit, calendar: WorkCalendar) -> date:
    """Return the working day to which an extension moves the last day."""
    count = int(extra.amount)
    if extra.unit is Unit.WORKING_DAY:
        return calendar.working_day_after(day, count)
    later = add_months(day, count) if extra.unit is Unit.MONTH else day + timedelta(days=count)
    return calendar.working_day_after(later, 0)


def _extra_in_hours(event: ClockEvent) -> Because:
    return Because(
        vi=f"Không thể hẹn lại theo giờ lúc {moment_vi(event.at)} cho thời hạn tính theo ngày; "
        "hãy ghi số ngày hoặc ngày hẹn mới.",
        en=f"A limit in days cannot be extended by hours at {moment_en(event.at)}; "
        "give days or the new day.",
    )


def _extension_without_day(event: ClockEvent) -> Because:
    return Because(
        vi=f"Việc hẹn lại lúc {moment_vi(event.at)} chưa ghi ngày hẹn trả mới; "
        "hãy ghi ngày mới hoặc số ngày hẹn thêm.",
        en=f"The extension at {moment_en(event.at)} names no new day; "
        "give the new day or a number of days.",
    )


def _extension_not_later(day: date, due_at: datetime) -> Because:
    return Because(
        vi=f"Ngày hẹn lại {full_day(day)} phải là ngày làm việc sau hạn cũ {moment_vi(due_at)}; "
        "hãy chọn ngày khác.",
        en=f"The new day {full_day(day)} must be a working day after the old due time "
        f"{moment_en(due_at)}; choose another day.",
    )

"""The clock of one case: what is left of its limit, and where that leads on the calendar."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta

from motcua.engine.explain import Because
from motcua.engine.limits import Limit, Unit
from motcua.engine.moments import at, day_reached
from motcua.engine.timerules import CountingRules, DueClock
from motcua.engine.worktime import WorkCalendar


def add_months(day: date, months: int) -> date:
    """Return the same day of a later month, or its last day where that month is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


class CaseClock:
    """What is left of a limit from an anchor on: whole days first, then working time.

    The day of the anchor is not counted in days; `days` is None once only working time is left.
    """

    __slots__ = (
        "anchor",
        "calendar",
        "counts_working_days",
        "days",
        "has_gone_on",
        "limit",
        "rules",
        "time",
    )

    def __init__(
        self, limit: Limit, anchor: datetime, calendar: WorkCalendar, rules: CountingRules
    ) -> None:
        self.calendar = calendar
        self.rules = rules
        self.wind(limit, anchor)

    def wind(self, limit: Limit, anchor: datetime) -> None:
        """Begin the limit from zero at the anchor."""
        self.limit = limit
        self.anchor = anchor
        self.has_gone_on = False
        self.counts_working_days = limit.unit is Unit.WORKING_DAY
        self.days: int | None = None
        self.time = timedelta()
        if limit.unit is Unit.HOUR:
            self.time = timedelta(minutes=int(limit.amount * 60))
        elif limit.unit is Unit.MINUTE:
            self.time = timedelta(minutes=int(limit.amount))
        elif limit.unit is Unit.MONTH:
            day = anchor.date()
            self.days = (add_months(day, int(limit.amount)) - day).days
        else:
            self.days = int(limit.amount) or None
            if limit.amount % 1:
                self.time = timedelta(hours=self.rules.half_day_hours.value)

    @property
    def unit(self) -> Unit:
        """The unit in which this clock counts."""
        if self.days is None:
            return Unit.MINUTE
        return Unit.WORKING_DAY if self.counts_working_days else Unit.DAY

    def origin(self) -> tuple[str, bool]:
        """Return the text that counted stretches rest on, the limit's or the counting rule's."""
        if self.limit.source:
            return self.limit.source, self.limit.is_verified
        rule = self.rules.receipt_day.because
        return rule.source, rule.is_verified

    def counted(self, vi: str, en: str) -> Because:
        """Return the reason of a counted stretch."""
        source, is_verified = self.origin()
        return Because(vi=vi, en=en, source=source, is_verified=is_verified)

    def nominal_day(self) -> date:
        """Return the last whole day of the limit, before a day off at its end moves it."""
        days = self.days or 0
        if self.counts_working_days and days:
            return self.calendar.working_day_after(self.anchor.date(), days)
        return self.anchor.date() + timedelta(days=days)

    def last_day(self) -> date:
        """Return the last whole day of the limit, moved on from a day off."""
        nominal = self.nominal_day()
        if self.counts_working_days and self.days:
            return nominal
        return self.calendar.working_day_after(nominal, 0)

    def due_at(self) -> datetime:
        """Return the moment at which the limit runs out."""
        if self.days is None:
            return self.calendar.add(self.anchor, self.time)
        day = self.last_day()
        if self.time:
            return self.calendar.add(self.calendar.closing(day), self.time)
        if self.rules.due_clock.value is DueClock.SAME_TIME:
            same_time = at(day, self.anchor.time())
            if day > self.anchor.date() and self.calendar.is_open(same_time):
                return same_time
        return self.calendar.closing(day)

    def days_passed(self, start: date, end: date) -> int:
        """Count the days after the first, up to and including the second, as this clock does."""
        if self.counts_working_days:
            return max(0, self.calendar.working_days_between(start, end))
        return max(0, (end - start).days)

    def stop(self, moment: datetime) -> None:
        """Take off what has run between the anchor and the moment."""
        if self.days is None:
            self.time -= self.calendar.measure(self.anchor, moment)
            return
        passed = self.days_passed(self.anchor.date(), day_reached(moment))
        closing = self.calendar.closing(self.last_day())
        if self.time and moment > closing:
            self.time -= self.calendar.measure(closing, moment)
            self.days = None
        else:
            self.days -= min(passed, self.days)

    def go_on(self, moment: datetime) -> None:
        """Run on from the moment with what is left."""
        self.anchor = moment
        self.has_gone_on = True

    def stretch_to(self, day: date) -> None:
        """Let the limit end with this working day instead."""
        if self.days is None:
            self.time = self.calendar.measure(self.anchor, self.calendar.closing(day))
        else:
            self.days = self.days_passed(self.anchor.date(), day)
            self.time = timedelta()

    def stretch_by(self, time: timedelta) -> None:
        """Lengthen what is left by working time."""
        self.time += time

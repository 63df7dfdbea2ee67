"""Service norms: the second clock of a case, which promises less time than the law gives."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from operator import attrgetter

from motcua.engine.clock_events import (
    ClockEvent,
    DeadlineAlreadyPassed,
    EventKind,
    ExtensionRefused,
    ExtensionTooLate,
)
from motcua.engine.deadlines import replay
from motcua.engine.ledger import Deadline
from motcua.engine.limits import Limit
from motcua.engine.timerules import ClockChoices, TimeRules
from motcua.engine.worktime import WorkCalendar


def norm_deadline(
    *,
    received_at: datetime,
    norm: Limit,
    events: Iterable[ClockEvent],
    calendar: WorkCalendar,
    rules: TimeRules,
    choices: ClockChoices,
) -> Deadline:
    """Return when the norm of a case runs out, by what moves its legal clock.

    Whether an extension moves it too is chosen; what happens after it has run out moves it no more.
    Raises CalendarEnds.
    """
    moves = choices.norm_at_extension.value == "move"
    moving = sorted(
        (one for one in events if moves or one.kind is not EventKind.EXTENDED),
        key=attrgetter("at"),
    )
    while True:
        try:
            return replay(
                received_at=received_at, limit=norm, events=moving, calendar=calendar, rules=rules
            )
        except (DeadlineAlreadyPassed, ExtensionTooLate, ExtensionRefused):
            moving.pop()


def has_passed(*, norm_due_at: datetime | None, stopped_at: datetime | None, now: datetime) -> bool:
    """Say whether the norm of an open case has run out; it stands still with the case's clock."""
    return norm_due_at is not None and norm_due_at < (stopped_at or now)

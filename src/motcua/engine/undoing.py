"""Undoing: until which day something recorded by mistake may be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from motcua.engine.moments import local
from motcua.engine.timerules import Rule
from motcua.engine.worktime import WorkCalendar


@dataclass(frozen=True, kw_only=True, slots=True)
class UndoRules:
    """For how many working days after its own day each record may be taken back; 0 is that day."""

    hand_over: Rule[int]


def last_day_to_undo(*, done_at: datetime, days: int, calendar: WorkCalendar) -> date:
    """Return the last day on which what was recorded at a moment may be taken back."""
    day = local(done_at).date()
    return calendar.working_day_after(day, days) if days else day

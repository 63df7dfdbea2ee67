"""Undoing: until which day something recorded by mistake may be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from motcua.engine.explain import Because
from motcua.engine.moments import local
from motcua.engine.timerules import Rule
from motcua.engine.wording import moment_en, moment_vi
from motcua.engine.worktime import WorkCalendar

# What can end a case before its result, by the status that it leads to.
_ENDINGS = {
    "REFUSED": ("từ chối giải quyết", "the refusal"),
    "WITHDRAWN": ("rút hồ sơ", "the withdrawal"),
    "STOPPED": ("dừng giải quyết", "the stop"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class UndoRules:
    """For how many working days after its own day each record may be taken back; 0 is that day.

    `ending_after_slip` says what a slip that tells of an ending and was printed does: warn or refuse.
    """

    hand_over: Rule[int]
    ending: Rule[int]
    ending_after_slip: Rule[str]


def last_day_to_undo(*, done_at: datetime, days: int, calendar: WorkCalendar) -> date:
    """Return the last day on which what was recorded at a moment may be taken back."""
    day = local(done_at).date()
    return calendar.working_day_after(day, days) if days else day


def ending_taken_back(status: str, *, at: datetime, reason: str) -> Because:
    """Return why a case that had ended with a status at a moment is counted again."""
    name_vi, name_en = _ENDINGS[status]
    ended_at = local(at)
    return Because(
        vi=f"Rút lại việc ghi nhầm {name_vi} lúc {moment_vi(ended_at)}: {reason}",
        en=f"Taken back, recorded by mistake: {name_en} at {moment_en(ended_at)}: {reason}",
    )

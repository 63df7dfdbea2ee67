"""Duties of the office with limits of their own: pass the file on, answer online, send it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from motcua.engine.deadlines import due, due_at
from motcua.engine.explain import Because
from motcua.engine.ledger import Deadline
from motcua.engine.moments import local_minute
from motcua.engine.timerules import TimeRules
from motcua.engine.worktime import WorkCalendar


class NoRuleYet(LookupError):
    """The law of that day sets no limit for this duty."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TransferDue:
    """By when a file must be passed on, and by which rule."""

    due_at: datetime
    because: Because


def transfer_due_at(*, received_at: datetime, calendar: WorkCalendar, rules: TimeRules) -> datetime:
    """Return by when a file must be passed to the unit that settles it."""
    return transfer_due(received_at=received_at, calendar=calendar, rules=rules).due_at


def transfer_due(*, received_at: datetime, calendar: WorkCalendar, rules: TimeRules) -> TransferDue:
    """Return by when a file must be passed to the unit that settles it, and why.

    NĐ 61/2018 Đ18.2: the same working day, or at the start of the next one when it came after 15:00.
    """
    starts_at = calendar.next_opening(local_minute(received_at))
    is_same_day = starts_at.time() <= rules.transfer_same_day_until.value
    if is_same_day and calendar.is_working_day(starts_at.date()):
        return TransferDue(
            due_at=calendar.closing(starts_at.date()),
            because=rules.transfer_same_day_until.because,
        )
    next_day = calendar.working_day_after(starts_at.date(), 1)
    opens = calendar.opening_after(calendar.closing(calendar.working_day_before(next_day, 1)))
    within = rules.transfer_next_opening_within
    return TransferDue(
        due_at=due_at(received_at=opens, limit=within.value, calendar=calendar, rules=rules),
        because=within.because,
    )


def online_answer_due(
    *, submitted_at: datetime, calendar: WorkCalendar, rules: TimeRules
) -> Deadline:
    """Return by when an online submission must be accepted or refused; raise NoRuleYet."""
    answer = rules.online_answer
    if answer is None:
        raise NoRuleYet("Vào ngày nộp chưa có quy định thời hạn trả lời hồ sơ trực tuyến.")
    return due(received_at=submitted_at, limit=answer.value, calendar=calendar, rules=rules)


def return_after_appraisal_due(
    *, received_at: datetime, calendar: WorkCalendar, rules: TimeRules
) -> Deadline:
    """Return by when a file that does not meet the conditions must be sent back for completion."""
    return due(
        received_at=received_at,
        limit=rules.return_after_appraisal.value,
        calendar=calendar,
        rules=rules,
    )


def may_refuse(*, due_at: datetime, is_stopped: bool, at: datetime, rules: TimeRules) -> bool:
    """Say whether a refusal to settle may still be sent: within the limit, which a stop holds open.

    NĐ 61/2018 Đ19.8.
    """
    is_bound = rules.refusal.value == "within_limit"
    return is_stopped or not is_bound or local_minute(at) <= local_minute(due_at)

"""Deadline chips: how much working time is left or passed, in words first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from motcua.cases import transfer_queries as transfers
from motcua.engine.moments import local, midnight
from motcua.engine.norms import has_passed
from motcua.engine.wording import clock_time, full_day
from motcua.engine.worktime import CalendarEnds, WorkCalendar

# On the last working day before the due time an extension can no longer be announced
# (NĐ 61/2018/NĐ-CP Đ19.9 asks for notice a day ahead): the officer must hurry from here on.
SOON_WORKING_DAYS = 1

STATUS_TONES = {
    "RECEIVED": "active",
    "PROCESSING": "active",
    "SUPPLEMENT": "warn",
    "PAYMENT": "warn",
    "REFUSED": "bad",
    "DONE": "good",
    "RETURNED": "good",
}
# How a result stands.
RESULT_TONES = {
    "DRAFT": "neutral",
    "SIGNED": "active",
    "NUMBERED": "active",
    "HANDED_OVER": "good",
    "ARCHIVED": "good",
    "REVOKED": "bad",
}
GIVEN_UP = {"REFUSED", "WITHDRAWN", "STOPPED"}
_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class DueChip:
    """What a deadline chip shows: words, and a tone (ok, soon, late, done, paused) behind them."""

    words: str
    tone: str


def soon_until(now: datetime, calendar: WorkCalendar) -> datetime:
    """Return the moment before which an open deadline counts as near."""
    today = local(now).date()
    try:
        last_day = calendar.working_day_after(today, SOON_WORKING_DAYS)
    except CalendarEnds:
        last_day = today
    return midnight(last_day + timedelta(days=1))


def open_chip(due_at: datetime, *, now: datetime, calendar: WorkCalendar) -> DueChip:
    """Return the chip of something that still waits: how long it has, or how late it is."""
    due_at, now = local(due_at), local(now)
    if now > due_at:
        return DueChip(words=_late_words(due_at, now, calendar), tone="late")
    tone = "soon" if due_at < soon_until(now, calendar) else "ok"
    return DueChip(words=_left_words(now, due_at, calendar), tone=tone)


def done_chip(due_at: datetime, *, done_at: datetime, calendar: WorkCalendar) -> DueChip:
    """Return the chip of something that is done: in time, or how late it was."""
    due_at, done_at = local(due_at), local(done_at)
    if done_at > due_at:
        late = _late_words(due_at, done_at, calendar)
        return DueChip(words=_("xong, %(late)s") % {"late": late}, tone="late")
    return DueChip(words=_("xong đúng hạn"), tone="done")


def working_days(start: datetime, end: datetime, calendar: WorkCalendar) -> int:
    """Return the longest limit in whole working days that runs from one moment to the other."""
    day = calendar.working_day_after(start.date(), 0)
    clock = start.time() if day == start.date() else time.min
    count = calendar.working_days_between(day, end.date()) - (clock > end.time())
    return max(count, 0)


def _left_words(now: datetime, due_at: datetime, calendar: WorkCalendar) -> str:
    try:
        days = working_days(now, due_at, calendar)
        length = calendar.measure(now, due_at)
    except CalendarEnds:
        return _("hạn %(day)s") % {"day": full_day(due_at)}
    if days:
        return ngettext("còn %(count)s ngày làm việc", "còn %(count)s ngày làm việc", days) % {
            "count": days
        }
    if length < _MINUTE:
        return _("đến hạn lúc %(time)s") % {"time": clock_time(due_at)}
    return _("còn %(length)s làm việc") % {"length": time_words(_short(length))}


def _late_words(due_at: datetime, now: datetime, calendar: WorkCalendar) -> str:
    try:
        days = _days_passed(due_at, now, calendar)
        length = calendar.measure(due_at, now)
    except CalendarEnds:
        return _("quá hạn từ %(day)s") % {"day": full_day(due_at)}
    if days:
        return ngettext(
            "quá hạn %(count)s ngày làm việc", "quá hạn %(count)s ngày làm việc", days
        ) % {"count": days}
    if length < _MINUTE:
        return _("quá hạn từ %(time)s") % {"time": clock_time(due_at)}
    return _("quá hạn %(length)s làm việc") % {"length": time_words(_short(length))}


def _days_passed(due_at: datetime, now: datetime, calendar: WorkCalendar) -> int:
    """Return the whole working days from a due time to now: a day is whole at the same hour."""
    count = calendar.working_days_between(due_at.date(), now.date())
    is_within_day = calendar.is_working_day(now.date()) and now.time() < due_at.time()
    return max(count - is_within_day, 0)


def time_words(length: timedelta) -> str:
    """Return hours and minutes in words, rounded down so that they promise nothing."""
    hours, minutes = length // _HOUR, length % _HOUR // _MINUTE
    told = []
    if hours:
        told.append(ngettext("%(count)s giờ", "%(count)s giờ", hours) % {"count": hours})
    if minutes:
        told.append(ngettext("%(count)s phút", "%(count)s phút", minutes) % {"count": minutes})
    return " ".join(told)


def _short(length: timedelta) -> timedelta:
    """Return a length without its minutes from two hours on: a chip is read at a glance."""
    return length // _HOUR * _HOUR if length >= 2 * _HOUR else length


def worked_words(start: datetime, end: datetime, calendar: WorkCalendar, *, in_days: bool) -> str:
    """Return how long something took as its limit counts: days without the first one, or hours."""
    start, end = local(start), local(end)
    try:
        days = calendar.working_days_between(start.date(), end.date())
        length = calendar.measure(start, end)
    except CalendarEnds:
        return ""
    if in_days and days:
        told = ngettext("%(count)s ngày làm việc", "%(count)s ngày làm việc", days)
        return told % {"count": days}
    if length < _MINUTE:
        return _("dưới 1 phút làm việc")
    return _("%(length)s làm việc") % {"length": time_words(length)}


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseRow:
    """A case in a list, with its deadline chip and, where it is work, the chip of its step.

    `transfer` is set while a counter still has to pass on what it received.
    """

    case: Any
    status_tone: str
    chip: DueChip | None
    step_chip: DueChip | None
    transfer: transfers.TransferDuty | None
    transfer_chip: DueChip | None
    is_late: bool
    past_norm: str
    stead_of: str


def case_chip(case: Any, *, now: datetime, calendar: WorkCalendar) -> DueChip | None:
    """Return the deadline chip of a case; none where nobody is settling it any more."""
    if case.status in GIVEN_UP:
        return None
    if case.finished_at is not None:
        return done_chip(case.due_at, done_at=case.finished_at, calendar=calendar)
    if case.clock_stopped_at is not None:
        since = full_day(local(case.clock_stopped_at))
        return DueChip(words=_("tạm dừng từ %(day)s") % {"day": since}, tone="paused")
    return open_chip(case.due_at, now=now, calendar=calendar)


def norm_words(case: Any, *, now: datetime, calendar: WorkCalendar) -> str:
    """Return by how much a case in time by law has passed its service norm; nothing otherwise."""
    if case.norm_due_at is None or case.finished_at is not None:
        return ""
    stopped = case.clock_stopped_at
    if not has_passed(norm_due_at=case.norm_due_at, stopped_at=stopped, now=now):
        return ""
    until = local(stopped or now)
    if until > local(case.due_at):
        return ""
    late = _late_words(local(case.norm_due_at), until, calendar)
    return _("hạn phục vụ: %(late)s") % {"late": late}


def step_chip(
    case: Any, due_at: datetime | None, *, now: datetime, calendar: WorkCalendar
) -> DueChip | None:
    """Return the chip of an open step; while the case's clock stands still, its step's does too."""
    if due_at is None:
        return None
    if case.clock_stopped_at is not None:
        return case_chip(case, now=now, calendar=calendar)
    return open_chip(due_at, now=now, calendar=calendar)


def case_rows(
    cases: Iterable[Any],
    *,
    now: datetime,
    calendar: WorkCalendar,
    steads: Mapping[tuple[int, str], str] | None = None,
) -> list[CaseRow]:
    """Return the rows of a list of cases; `steads` says whose places the reader fills for others."""
    rows = []
    for case in cases:
        place = (getattr(case, "task_agency_id", 0), getattr(case, "task_role", ""))
        chip = case_chip(case, now=now, calendar=calendar)
        step_due_at = getattr(case, "task_due_at", None)
        duty = transfers.find_duty_of_work(case)
        is_late = chip is not None and chip.tone == "late"
        rows.append(
            CaseRow(
                case=case,
                status_tone=STATUS_TONES.get(case.status, "neutral"),
                chip=chip,
                step_chip=step_chip(case, step_due_at, now=now, calendar=calendar),
                transfer=duty,
                transfer_chip=open_chip(duty.due_at, now=now, calendar=calendar) if duty else None,
                is_late=is_late,
                past_norm=norm_words(case, now=now, calendar=calendar),
                stead_of=(steads or {}).get(place, ""),
            )
        )
    return rows

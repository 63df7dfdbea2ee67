"""Reminders: when whoever has a case is reminded of its due time, and in which words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from motcua.engine.explain import Because
from motcua.engine.limits import Limit, Unit
from motcua.engine.moments import local, midnight
from motcua.engine.wording import moment_en, moment_vi
from motcua.engine.worktime import WorkCalendar


class Point(StrEnum):
    """What makes a reminder due."""

    SHARE_USED = "SHARE_USED"
    BEFORE_DUE = "BEFORE_DUE"
    NORM_PASSED = "NORM_PASSED"
    OVERDUE = "OVERDUE"


@dataclass(frozen=True, kw_only=True, slots=True)
class ReminderRules:
    """How long before the due time, and after which share of the time, a reminder is due.

    `tells_norm` says whether people are told that the service norm has passed.
    """

    before_due: Limit
    share_percent: int
    overdue_role: str
    tells_norm: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Reminder:
    """A point at which to remind, and when it comes."""

    point: Point
    at: datetime


def reminders(
    *,
    received_at: datetime,
    due_at: datetime,
    first_due_at: datetime,
    calendar: WorkCalendar,
    rules: ReminderRules,
    norm_due_at: datetime | None = None,
) -> tuple[Reminder, ...]:
    """Return the reminders of a case in the order in which they come; the last one is lateness.

    `first_due_at` is the due time as if nothing had moved the clock: the working time up to it is
    the whole, of which a share is used when no more than the rest is left. A point that would come
    before the case was received is left out. Raises CalendarEnds beyond the known years.
    """
    received_at, due_at = local(received_at), local(due_at)
    whole = calendar.measure(received_at, first_due_at)
    rest = whole * (100 - rules.share_percent) / 100
    early = [
        Reminder(point=Point.SHARE_USED, at=calendar.subtract(due_at, rest)),
        Reminder(point=Point.BEFORE_DUE, at=_before(due_at, rules.before_due, calendar)),
    ]
    if rules.tells_norm and norm_due_at is not None and norm_due_at < due_at:
        early.append(Reminder(point=Point.NORM_PASSED, at=local(norm_due_at)))
    kept = sorted((one for one in early if one.at > received_at), key=lambda one: one.at)
    return (*kept, Reminder(point=Point.OVERDUE, at=due_at))


def _before(due_at: datetime, length: Limit, calendar: WorkCalendar) -> datetime:
    """Return the opening of the working day so many days before, or so many hours before."""
    if length.unit == Unit.WORKING_DAY:
        day = calendar.working_day_before(due_at.date(), int(length.amount))
        return calendar.opening_after(midnight(day))
    return calendar.subtract(due_at, timedelta(hours=float(length.amount)))


def latest(found: tuple[Reminder, ...], *, now: datetime) -> Reminder | None:
    """Return the last point that has come; those before it say less and are not told any more."""
    come = [one for one in found if one.at < now]
    return come[-1] if come else None


def is_office_time(now: datetime, calendar: WorkCalendar) -> bool:
    """Say whether people may be told something now: in office hours of a working day."""
    return calendar.is_working_day(local(now).date()) and calendar.is_open(now)


def words(
    point: Point, *, case_code: str, due_at: datetime, step: str, rules: ReminderRules
) -> Because:
    """Return what a reminder says."""
    due_at = local(due_at)
    due_vi, due_en = moment_vi(due_at), moment_en(due_at)
    share = f"{rules.share_percent}%"
    vi, en = {
        Point.BEFORE_DUE: (
            f"Hồ sơ {case_code} sắp đến hạn: hạn trả là {due_vi}.",
            f"Case {case_code} is due soon: at {due_en}.",
        ),
        Point.SHARE_USED: (
            f"Hồ sơ {case_code} đã dùng hết {share} thời hạn; hạn trả là {due_vi}.",
            f"Case {case_code} has used {share} of its time; it is due at {due_en}.",
        ),
        Point.NORM_PASSED: (
            f"Hồ sơ {case_code} đã qua hạn phục vụ; hạn theo luật là {due_vi}.",
            f"Case {case_code} has passed its service norm; by law it is due at {due_en}.",
        ),
        Point.OVERDUE: (
            f"Hồ sơ {case_code} đã quá hạn từ {due_vi}.",
            f"Case {case_code} is overdue since {due_en}.",
        ),
    }[point]
    return Because(vi=f"{vi} Bước đang chờ: {step}.", en=f"{en} Waiting step: {step}.")


def morning_words(waiting: int, *, due_today: int, overdue: int) -> Because:
    """Return what a unit is told when its day begins."""
    if not (due_today or overdue):
        return Because(
            vi=f"{waiting} việc đang chờ đơn vị, không việc nào quá hạn hay đến hạn hôm nay.",
            en=f"{waiting} tasks wait for the unit, none of them overdue or due today.",
        )
    return Because(
        vi=f"{waiting} việc đang chờ đơn vị: {overdue} quá hạn, {due_today} đến hạn hôm nay.",
        en=f"{waiting} tasks wait for the unit: {overdue} overdue, {due_today} due today.",
    )

"""Offices to test with: calendars small enough to check by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal

from motcua.engine.explain import Because
from motcua.engine.limits import Limit, Unit
from motcua.engine.moments import VIETNAM
from motcua.engine.office_hours import CalendarDay, DayHours, DayKind, OpenHours, WeeklyHours
from motcua.engine.timerules import CountingRules, DueClock, Rule, SupplementEffect, TimeRules
from motcua.engine.worktime import WorkCalendar

MORNING = OpenHours(opens=time(7), closes=time(11, 30))
AFTERNOON = OpenHours(opens=time(13, 30), closes=time(17))
FULL_DAY = DayHours(hours=(MORNING, AFTERNOON))
WEEK = dict.fromkeys(range(5), FULL_DAY)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


def make_hours(
    week: dict[int, DayHours] | None = None,
    first_day: date = date(2023, 1, 1),
    last_day: date | None = None,
) -> WeeklyHours:
    return WeeklyHours(
        first_day=first_day, last_day=last_day, week=week or WEEK, source="quy chế làm việc"
    )


def make_day(
    day: date, kind: DayKind = DayKind.OFF, in_lieu_of: date | None = None, counts: bool = True
) -> CalendarDay:
    return CalendarDay(
        day=day,
        kind=kind,
        name_vi="Ngày lễ",
        name_en="Holiday",
        source="BLLĐ",
        in_lieu_of=in_lieu_of,
        counts=counts,
    )


def make_calendar(
    *,
    days: Iterable[CalendarDay] = (),
    week: dict[int, DayHours] | None = None,
    first_day: date = date(2023, 1, 1),
    last_day: date = date(2023, 12, 31),
) -> WorkCalendar:
    return WorkCalendar.compile(
        first_day=first_day,
        last_day=last_day,
        office_hours=[make_hours(week, first_day)],
        days=days,
    )


def _because(text: str) -> Because:
    return Because(vi=text, en=text, source="NĐ thử")


def make_counting(due_clock: DueClock = DueClock.CLOSE_OF_DAY) -> CountingRules:
    return CountingRules(
        receipt_day=Rule("not_counted", _because("ngày tiếp nhận không tính")),
        after_hours=Rule("next_opening", _because("tính từ đầu giờ sau")),
        day_off_at_end=Rule("next_working_day", _because("lùi đến ngày làm việc tiếp theo")),
        due_clock=Rule(due_clock, _because("hết giờ làm việc")),
        half_day_hours=Rule(4, _because("nửa ngày là 4 giờ")),
    )


def make_rules(
    *,
    supplement: SupplementEffect = SupplementEffect.RESTART,
    due_clock: DueClock = DueClock.CLOSE_OF_DAY,
) -> TimeRules:
    return TimeRules(
        counting=make_counting(due_clock),
        supplement_effect=Rule(supplement, _because("bổ sung")),
        supplement_requests=Rule(1, _because("chỉ một lần")),
        return_after_appraisal=Rule(days(3), _because("trả lại trong 3 ngày")),
        extensions=Rule(1, _because("không quá một lần")),
        extension_notice=Rule(Limit(amount=Decimal(1), unit=Unit.DAY), _because("trước 1 ngày")),
        payment_pause=Rule("pause", _because("không tính thời gian nộp tiền")),
        force_majeure=Rule("pause", _because("không tính bất khả kháng")),
        refusal=Rule("within_limit", _because("từ chối trong thời hạn")),
        transfer_same_day_until=Rule(time(15), _because("đến 15 giờ")),
        transfer_next_opening_within=Rule(
            Limit(amount=Decimal(1), unit=Unit.HOUR), _because("đầu giờ")
        ),
        online_answer=Rule(Limit(amount=Decimal(8), unit=Unit.HOUR), _because("8 giờ")),
    )


def days(count: int | str) -> Limit:
    return Limit(amount=Decimal(count), unit=Unit.WORKING_DAY)

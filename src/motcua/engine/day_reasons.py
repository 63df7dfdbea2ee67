"""Reasons of days: why one day, or a row of days off, is worked or not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from motcua.engine.explain import Because
from motcua.engine.office_hours import CLOSED, CalendarDay, WeeklyHours
from motcua.engine.wording import (
    distinct,
    full_day,
    short_day,
    short_span,
    weekday_en,
    weekday_vi,
)


def reason_of_day(
    day: date, marked: CalendarDay | None, week: WeeklyHours, *, is_working: bool
) -> Because:
    """Say why one day is worked or not."""
    if marked is not None:
        text_vi, text_en = marked.name_vi, marked.name_en
    elif is_working:
        text_vi, text_en = "ngày làm việc", "a working day"
    elif week.week.get(day.weekday(), CLOSED).hours:
        text_vi = "có tiếp nhận hồ sơ nhưng không tính là ngày làm việc"
        text_en = "files are taken in, but it does not count as a working day"
    else:
        text_vi, text_en = "ngày nghỉ hằng tuần", "a weekly day off"
    origin = marked or week
    return Because(
        vi=f"{weekday_vi(day)} {full_day(day)}: {text_vi}",
        en=f"{weekday_en(day)} {full_day(day)}: {text_en}",
        source=origin.source,
        is_verified=origin.is_verified,
    )


def reason_of_days_off(
    days: Sequence[tuple[date, CalendarDay | None, WeeklyHours]],
) -> Because:
    """Say in one line why a row of days is not counted, naming holidays once."""
    parts_vi, parts_en = [], []
    for name, group in groupby(days, key=lambda row: row[1] and (row[1].name_vi, row[1].name_en)):
        span = [row[0] for row in group]
        if name:
            parts_vi.append(f"{name[0]} {short_span(span[0], span[-1])}")
            parts_en.append(f"{name[1]} {short_span(span[0], span[-1])}")
        else:
            parts_vi += [f"{weekday_vi(day)} {short_day(day)}" for day in span]
            parts_en += [f"{weekday_en(day)} {short_day(day)}" for day in span]
    origins = [marked or week for _, marked, week in days]
    return Because(
        vi=f"Không tính {', '.join(parts_vi)}",
        en=f"Not counted: {', '.join(parts_en)}",
        source=distinct((origin.source for origin in origins), "; "),
        is_verified=all(origin.is_verified for origin in origins),
    )

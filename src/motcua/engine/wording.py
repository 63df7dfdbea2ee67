"""Wording: how days, moments and lengths of time are written in Vietnamese and English."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

WEEKDAYS_VI = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def weekday_vi(day: date) -> str:
    """Return the weekday in Vietnamese."""
    return WEEKDAYS_VI[day.weekday()]


def weekday_en(day: date) -> str:
    """Return the weekday in English."""
    return WEEKDAYS_EN[day.weekday()]


def short_day(day: date) -> str:
    """Return the day as 16/03."""
    return f"{day.day:02}/{day.month:02}"


def full_day(day: date) -> str:
    """Return the day as 16/03/2023."""
    return f"{day.day:02}/{day.month:02}/{day.year}"


def short_span(first: date, last: date) -> str:
    """Return one day as 16/03 and several as 16/03–20/03."""
    return short_day(first) if first == last else f"{short_day(first)}–{short_day(last)}"


def clock_time(moment: datetime) -> str:
    """Return the time of day as 09:32."""
    return f"{moment.hour:02}:{moment.minute:02}"


def moment_vi(moment: datetime) -> str:
    """Return the moment as 09:32 Thứ Sáu 27/10/2023."""
    return f"{clock_time(moment)} {weekday_vi(moment)} {full_day(moment)}"


def moment_en(moment: datetime) -> str:
    """Return the moment as 09:32 on Friday 27/10/2023."""
    return f"{clock_time(moment)} on {weekday_en(moment)} {full_day(moment)}"


def number_vi(amount: Decimal) -> str:
    """Return a number with the decimal comma and no superfluous zeros."""
    return number_en(amount).replace(".", ",")


def number_en(amount: Decimal) -> str:
    """Return a number with the decimal point and no superfluous zeros."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def minutes_vi(minutes: int) -> str:
    """Return a length of time as 1 giờ 58 phút."""
    hours, rest = divmod(minutes, 60)
    parts = ([f"{hours} giờ"] if hours else []) + ([f"{rest} phút"] if rest or not hours else [])
    return " ".join(parts)


def minutes_en(minutes: int) -> str:
    """Return a length of time as 1 h 58 min."""
    hours, rest = divmod(minutes, 60)
    parts = ([f"{hours} h"] if hours else []) + ([f"{rest} min"] if rest or not hours else [])
    return " ".join(parts)


def distinct(texts: Iterable[str], separator: str) -> str:
    """Join the texts that are not empty, each once, in the order of first appearance."""
    return separator.join(dict.fromkeys(text for text in texts if text))

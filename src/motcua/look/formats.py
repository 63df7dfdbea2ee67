"""How dates, times and numbers are written for people: 27/10/2023 09:32 and 1.234,56."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

NOTHING = "–"
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

Number = int | float | Decimal


def write_date(value: date | datetime | None) -> str:
    """Return a day as dd/mm/yyyy; a moment gives its day in Viet Nam. Raise ValueError if naive."""
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        value = _in_vietnam(value)
    return f"{value.day:02}/{value.month:02}/{value.year:04}"


def write_moment(value: datetime | None) -> str:
    """Return a moment as dd/mm/yyyy HH:MM in Viet Nam. Raise ValueError if it is naive."""
    if value is None:
        return NOTHING
    local = _in_vietnam(value)
    return f"{write_date(local)} {local.hour:02}:{local.minute:02}"


def _in_vietnam(value: datetime) -> datetime:
    if value.tzinfo is None:
        msg = f"{value.isoformat()} has no time zone, so its day in Viet Nam is not known."
        raise ValueError(msg)
    return value.astimezone(VIETNAM)


def write_number(value: Number | None, decimals: int = 0) -> str:
    """Return a number as 1.234,56; halves are rounded away from zero, as printed reports do."""
    if value is None:
        return NOTHING
    # By way of str, so that 1.005 is rounded as it is read and not as it is stored.
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    text = f"{rounded + 0:,.{decimals}f}"
    if not rounded:
        text = text.removeprefix("-")
    return text.translate(str.maketrans(",.", ".,"))


def write_percent(value: Number | None, decimals: int = 2) -> str:
    """Return a rate as 99,48%; a whole one as 100%, so that 99,999 reads 100,00% and differs."""
    if value is None:
        return NOTHING
    is_whole = Decimal(str(value)) % 1 == 0
    return f"{write_number(value, 0 if is_whole else decimals)}%"

"""Time limits: an amount and a unit, as a procedure or a person states them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import lru_cache

from motcua.engine.explain import Because
from motcua.engine.wording import number_en, number_vi


class Unit(StrEnum):
    """What time is counted in; MINUTE appears only in ledgers of limits in hours."""

    MINUTE = "MINUTE"
    HOUR = "HOUR"
    WORKING_DAY = "WORKING_DAY"
    DAY = "DAY"
    MONTH = "MONTH"


UNIT_NAMES: dict[Unit, tuple[str, str, str]] = {
    Unit.MINUTE: ("phút làm việc", "working minute", "working minutes"),
    Unit.HOUR: ("giờ làm việc", "working hour", "working hours"),
    Unit.WORKING_DAY: ("ngày làm việc", "working day", "working days"),
    Unit.DAY: ("ngày", "day", "days"),
    Unit.MONTH: ("tháng", "month", "months"),
}

_UNITS_BY_WORD = {
    "giờ": Unit.HOUR,
    "giờ làm việc": Unit.HOUR,
    "hour": Unit.HOUR,
    "hours": Unit.HOUR,
    "working hour": Unit.HOUR,
    "working hours": Unit.HOUR,
    "ngày làm việc": Unit.WORKING_DAY,
    "working day": Unit.WORKING_DAY,
    "working days": Unit.WORKING_DAY,
    "business day": Unit.WORKING_DAY,
    "business days": Unit.WORKING_DAY,
    "ngày": Unit.DAY,
    "ngày lịch": Unit.DAY,
    "day": Unit.DAY,
    "days": Unit.DAY,
    "calendar day": Unit.DAY,
    "calendar days": Unit.DAY,
    "tháng": Unit.MONTH,
    "month": Unit.MONTH,
    "months": Unit.MONTH,
}

LONGEST_AMOUNT = 10_000
"""An amount above this is a slip of the keyboard in every unit."""


class LimitRefused(ValueError):
    """The words or numbers given are not a time limit that can be counted."""

    def __init__(self, because: Because) -> None:
        super().__init__(because.vi)
        self.because = because


@dataclass(frozen=True, kw_only=True, slots=True)
class Limit:
    """How long something may take, and the text that says so."""

    amount: Decimal
    unit: Unit
    source: str = ""
    is_verified: bool = True

    def __post_init__(self) -> None:
        """Raise LimitRefused for an amount that cannot be counted in this unit."""
        amount = self.amount
        if not isinstance(amount, Decimal):
            amount = Decimal(amount)
            object.__setattr__(self, "amount", amount)
        if not amount.is_finite() or amount <= 0:
            raise LimitRefused(_not_positive(amount))
        if amount > LONGEST_AMOUNT:
            raise LimitRefused(_too_long(amount))
        step = _STEPS[self.unit]
        if (amount * step) % 1:
            raise LimitRefused(_too_fine(amount, self.unit))

    def text_vi(self) -> str:
        """Return the limit as 5 ngày làm việc."""
        return f"{number_vi(self.amount)} {UNIT_NAMES[self.unit][0]}"

    def text_en(self) -> str:
        """Return the limit as 5 working days."""
        return f"{number_en(self.amount)} {UNIT_NAMES[self.unit][1 if self.amount == 1 else 2]}"


# The finest part of each unit that can be counted: minutes of an hour, halves of a working day.
_STEPS = {Unit.MINUTE: 1, Unit.HOUR: 60, Unit.WORKING_DAY: 2, Unit.DAY: 1, Unit.MONTH: 1}

_LIMIT = re.compile(r"(?P<amount>[+-]?\d+(?:[.,]\d+)?)\s*(?P<unit>[^\d\s].*)")


@lru_cache(maxsize=1024)
def parse_limit(text: str, *, source: str = "", is_verified: bool = True) -> Limit:
    """Read '5 working days' or '5 ngày làm việc'; raise LimitRefused for anything unclear."""
    words = " ".join(text.casefold().split())
    found = _LIMIT.fullmatch(words)
    unit = _UNITS_BY_WORD.get(found["unit"]) if found else None
    if found is None or unit is None:
        raise LimitRefused(_unreadable(text))
    try:
        amount = Decimal(found["amount"].replace(",", "."))
    except InvalidOperation:
        raise LimitRefused(_unreadable(text)) from None
    return Limit(amount=amount, unit=unit, source=source, is_verified=is_verified)


_ISO_LENGTH = re.compile(r"P(?:(?P<days>\d+)D|(?P<weeks>\d+)W|(?P<months>\d+)M|T(?P<hours>\d+)H)")


def parse_length(text: str) -> Limit:
    """Read a limit in words, or an ISO length in one unit (P2D, P1W, P1M, PT4H); raise LimitRefused.

    Hours are working hours, days and months those of the calendar, as in limits in words.
    """
    found = _ISO_LENGTH.fullmatch(text.strip())
    if found is None:
        return parse_limit(text)
    if found["weeks"]:
        return Limit(amount=Decimal(found["weeks"]) * 7, unit=Unit.DAY)
    if found["days"]:
        return Limit(amount=Decimal(found["days"]), unit=Unit.DAY)
    if found["months"]:
        return Limit(amount=Decimal(found["months"]), unit=Unit.MONTH)
    return Limit(amount=Decimal(found["hours"]), unit=Unit.HOUR)


def _unreadable(text: str) -> Because:
    return Because(
        vi=f"Không hiểu thời hạn “{text}”; hãy ghi số và đơn vị, ví dụ “5 ngày làm việc”, "
        "“8 giờ”, “30 ngày”, “2 tháng”.",
        en=f"The limit “{text}” is not understood; give a number and a unit, for example "
        "“5 working days”, “8 hours”, “30 days”, “2 months”.",
    )


def _not_positive(amount: Decimal) -> Because:
    return Because(
        vi=f"Thời hạn phải lớn hơn 0, không thể là {amount}; hãy nhập lại số ngày hoặc số giờ.",
        en=f"A limit must be more than 0, it cannot be {amount}; enter the days or hours again.",
    )


def _too_long(amount: Decimal) -> Because:
    return Because(
        vi=f"Thời hạn {amount} quá dài (tối đa {LONGEST_AMOUNT}); hãy kiểm tra lại con số.",
        en=f"A limit of {amount} is too long (at most {LONGEST_AMOUNT}); check the number.",
    )


def _too_fine(amount: Decimal, unit: Unit) -> Because:
    name_vi, _, name_en = UNIT_NAMES[unit]
    part_vi, part_en = {
        Unit.HOUR: ("số phút chẵn", "whole minutes"),
        Unit.WORKING_DAY: ("nửa ngày", "half days"),
        Unit.DAY: (
            "số nguyên (nửa ngày hãy ghi là 0,5 ngày làm việc)",
            "whole numbers (half a day is written as 0.5 working days)",
        ),
    }.get(unit, ("số nguyên", "whole numbers"))
    return Because(
        vi=f"Thời hạn {number_vi(amount)} {name_vi} không tính được; "
        f"đơn vị này chỉ nhận đến {part_vi}.",
        en=f"A limit of {number_en(amount)} {name_en} cannot be counted; "
        f"this unit goes down to {part_en}.",
    )

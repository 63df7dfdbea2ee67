"""Printed numbers: the value, the decimals that were shown, and the interval they stand for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from motcua.engine.explain import Because

_PLAIN = re.compile(r"-?\d+(?:\.\d+)?")
_GROUPED = re.compile(r"-?[1-9]\d{0,2}(?:[.\u00a0\u2009\u202f ]\d{3})+")
_GROUPED_DECIMAL = re.compile(r"-?[1-9]\d{0,2}(?:\.\d{3})+,\d+")
_COMMA_DECIMAL = re.compile(r"-?\d+,\d+")
_COMMA_THREE = re.compile(r"-?[1-9]\d{0,2},\d{3}")
# A spreadsheet prints #DIV/0! where a report prints a dash: there is no rate over nothing.
_BLANK_MARKS = frozenset({"", "-", "–", "—", "#DIV/0!"})
_MOST_DIGITS = 100


class UnreadableNumber(Exception):
    """A printed number cannot be read, or can be read in two ways."""

    def __init__(self, because: Because) -> None:
        super().__init__(because.vi)
        self.because = because


@dataclass(frozen=True, slots=True)
class Interval:
    """All the exact values that a printed number may stand for, ends included."""

    low: Fraction
    high: Fraction

    def meets(self, other: Interval) -> bool:
        """Return whether one exact value can satisfy both."""
        return self.low <= other.high and other.low <= self.high

    def distance_to(self, value: Fraction) -> Fraction:
        """Return how far the nearest value of the interval is."""
        return max(self.low - value, value - self.high, Fraction(0))


@dataclass(frozen=True, slots=True)
class Printed:
    """A number as it was printed, its trailing zeros kept."""

    value: Decimal

    @property
    def places(self) -> int:
        """Return how many decimals were printed."""
        return max(0, -int(self.value.as_tuple().exponent))

    @property
    def unit(self) -> Fraction:
        """Return one unit of the last printed digit."""
        return Fraction(1, 10**self.places)

    @property
    def exact(self) -> Fraction:
        """Return the printed value as a fraction."""
        return Fraction(self.value)

    def as_rounded(self) -> Interval:
        """Return the interval of a rounded number: 99.49 stands for 99.485 to 99.495."""
        return Interval(self.exact - self.unit / 2, self.exact + self.unit / 2)

    def as_counted(self) -> Interval:
        """Return the interval of a counted number: a whole number is exact, a decimal is rounded."""
        return self.as_rounded() if self.places else Interval(self.exact, self.exact)


def round_as_printed(value: Fraction, places: int) -> Decimal:
    """Return an exact value rounded half up to a number of decimals."""
    scaled = value * 10**places
    # Fraction to Decimal is done on whole numbers, so no binary or context rounding comes in.
    doubled = 2 * abs(scaled.numerator) + scaled.denominator
    digits = doubled // (2 * scaled.denominator)
    return Decimal(digits if value >= 0 else -digits).scaleb(-places)


def read_count(value: object) -> int | None:
    """Return a printed count of cases as a whole number, None when it is blank.

    Raises UnreadableNumber.
    """
    printed = _read(value, percent=False)
    if printed is None:
        return None
    if printed.value != printed.value.to_integral_value():
        raise UnreadableNumber(_not_whole(value))
    if printed.value < 0:
        raise UnreadableNumber(
            Because(vi=f"“{value}” là số âm, không thể là số đếm", en=f"“{value}” is negative")
        )
    return int(printed.value)


def read_percent(value: object) -> Printed | None:
    """Return a printed percentage with its decimals, None when it is blank.

    Raises UnreadableNumber.
    """
    return _read(value, percent=True)


def read_number(value: object) -> Printed | None:
    """Return any other printed number, None when it is blank.

    Raises UnreadableNumber.
    """
    return _read(value, percent=isinstance(value, str) and value.rstrip().endswith("%"))


def _read(value: object, *, percent: bool) -> Printed | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise UnreadableNumber(_not_a_number(value))
    if isinstance(value, int) and abs(value) >= 10**_MOST_DIGITS:
        raise UnreadableNumber(_too_long())
    if len(str(value)) > _MOST_DIGITS + len("-,%"):
        raise UnreadableNumber(_too_long())
    if isinstance(value, str):
        return _read_text(value, percent=percent)
    number = value if isinstance(value, Decimal) else Decimal(repr(value))
    if not number.is_finite():
        raise UnreadableNumber(_not_a_number(value))
    return Printed(
        number if number.as_tuple().exponent in range(-30, 1) else Decimal(f"{number:f}")
    )


def _read_text(text: str, *, percent: bool) -> Printed | None:
    body = text.strip()
    if body in _BLANK_MARKS:
        return None
    if body.endswith("%"):
        if not percent:
            raise UnreadableNumber(
                Because(
                    vi=f"“{text}” là tỷ lệ phần trăm, ở đây cần một số đếm",
                    en=f"“{text}” is a percentage; a count is needed here",
                )
            )
        body = body[:-1].strip()
    if _GROUPED.fullmatch(body):
        # "31.404" is 31 404 to a Vietnamese reader; no count can be 31 and 404 thousandths. A rate can.
        if percent:
            raise UnreadableNumber(_ambiguous(text))
        return Printed(Decimal(re.sub(r"[.\u00a0\u2009\u202f ]", "", body)))
    if _GROUPED_DECIMAL.fullmatch(body):
        return Printed(Decimal(body.replace(".", "").replace(",", ".")))
    if _COMMA_THREE.fullmatch(body) and not percent:
        raise UnreadableNumber(_ambiguous(text))
    if _COMMA_DECIMAL.fullmatch(body):
        return Printed(Decimal(body.replace(",", ".")))
    if _PLAIN.fullmatch(body):
        return Printed(Decimal(body))
    raise UnreadableNumber(_not_a_number(text))


def _ambiguous(text: str) -> Because:
    return Because(
        vi=f"“{text}” có thể đọc theo hai cách (phân cách hàng nghìn hoặc phần thập phân); "
        "hãy ghi số không có dấu ngoặc kép, không phân cách hàng nghìn, dấu chấm thập phân",
        en=f"“{text}” can be read in two ways (thousands or decimals); "
        "write it without quotes or thousands separators, with a decimal point",
    )


def _not_a_number(value: object) -> Because:
    return Because(vi=f"“{value}” không phải là một con số", en=f"“{value}” is not a number")


def _too_long() -> Because:
    return Because(
        vi=f"số quá dài (hơn {_MOST_DIGITS} chữ số); hãy kiểm tra lại số đã ghi",
        en=f"the number is too long (more than {_MOST_DIGITS} digits); check what was written",
    )


def _not_whole(value: object) -> Because:
    return Because(
        vi=f"“{value}” không phải là số nguyên; số đếm trên một nghìn ghi là 31404 hoặc "
        '"31.404" (trong dấu ngoặc kép)',
        en=f"“{value}” is not a whole number; write a count above a thousand as 31404 or "
        '"31.404" (in quotes)',
    )

"""The auditor's words: names of the figures and numbers as each language writes them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from motcua.engine.auditor.precision import round_as_printed


@dataclass(frozen=True, slots=True)
class Words:
    """A piece of a sentence in Vietnamese and in English."""

    vi: str
    en: str


LABELS = {
    "carried_over": Words("kỳ trước chuyển sang", "carried over"),
    "received": Words("tiếp nhận trong kỳ", "received"),
    "total": Words("tổng số", "total"),
    "early": Words("trước hạn", "early"),
    "on_day": Words("đúng ngày hẹn", "on the day"),
    "on_time": Words("đúng hạn", "on time"),
    "late": Words("quá hạn", "late"),
    "done": Words("đã giải quyết", "done"),
    "handled": Words("đã xử lý", "handled"),
    "returned": Words("trả lại, rút hồ sơ", "returned"),
    "due": Words("đến hạn trong kỳ", "due in the period"),
    "open_in_time": Words("đang giải quyết trong hạn", "open in time"),
    "open_overdue": Words("đang giải quyết quá hạn", "open overdue"),
    "open": Words("đang giải quyết", "open"),
    "rate": Words("tỷ lệ", "rate"),
    "late_rate": Words("tỷ lệ quá hạn", "late rate"),
    "early_rate": Words("tỷ lệ trước hạn", "early rate"),
    "on_day_rate": Words("tỷ lệ đúng ngày hẹn", "on-the-day rate"),
    "percent": Words("tỷ lệ", "percentage"),
    "numerator": Words("tử số", "numerator"),
    "denominator": Words("mẫu số", "denominator"),
    "open_before": Words("còn lại của kỳ trước", "open at the end of the last period"),
}


def join(words: Iterable[Words], separator: str) -> Words:
    """Return several pieces as one."""
    pieces = list(words)
    return Words(separator.join(w.vi for w in pieces), separator.join(w.en for w in pieces))


def labels(keys: Iterable[str], separator: str = " + ") -> Words:
    """Return the names of several figures, put together."""
    return join((LABELS[key] for key in keys), separator)


def vi(number: Decimal | int) -> str:
    """Return a number as Vietnamese writes it: 1.234,56."""
    return en(number).translate(str.maketrans(",.", ".,"))


def en(number: Decimal | int) -> str:
    """Return a number as English writes it: 1,234.56."""
    return f"{number:,}" if isinstance(number, int) else f"{number:,f}"


def num(number: Decimal | int) -> Words:
    """Return a number in both languages."""
    return Words(vi(number), en(number))


def percent(value: Fraction, places: int) -> Words:
    """Return an exact ratio as a percentage with so many decimals."""
    shown = round_as_printed(value, places)
    return Words(f"{vi(shown)}%", f"{en(shown)}%")

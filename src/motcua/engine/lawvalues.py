"""Dated law: values that hold from a first day to a last day, each with its source."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, TypeVar

from motcua.engine.wording import full_day

T = TypeVar("T")


class LawRefused(ValueError):
    """The law as written down contradicts itself; the message begins with file and line."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}")
        self.where = where
        self.problem = problem


class LawWithoutSource(LawRefused):
    """A value names no text of law."""


class LawEndsBeforeItBegins(LawRefused):
    """The last day of a value lies before its first."""


class LawOverlaps(LawRefused):
    """Two values hold on the same day."""


class LawHasGap(LawRefused):
    """Between two values lies a day on which none holds."""


class NotInForce(LookupError):
    """No value was in force on the day asked for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ValueInForce(Generic[T]):
    """A value with its first and last day (both included), source, and place in the files."""

    value: T
    first_day: date
    last_day: date | None
    source: str
    is_verified: bool
    where: str = ""


@dataclass(frozen=True, slots=True, init=False)
class DatedValue(Generic[T]):
    """The values of one rule over time, in order, without gap or overlap."""

    name: str
    values: tuple[ValueInForce[T], ...]

    def __init__(self, name: str, values: Iterable[ValueInForce[T]]) -> None:
        """Raise a LawRefused for a missing source, an overlap or a gap, with file and line."""
        ordered = tuple(sorted(values, key=lambda value: value.first_day))
        if not ordered:
            raise LawRefused(name, "không có giá trị nào; hãy ghi ít nhất một giá trị có ngày.")
        for value in ordered:
            _check_alone(name, value)
        for earlier, later in zip(ordered, ordered[1:], strict=False):
            _check_neighbours(name, earlier, later)
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "values", ordered)

    def in_force(self, day: date) -> ValueInForce[T]:
        """Return the value of a day with its dates and source; raise NotInForce."""
        position = bisect_right(self.values, day, key=lambda value: value.first_day) - 1
        if position >= 0:
            found = self.values[position]
            if found.last_day is None or day <= found.last_day:
                return found
        raise NotInForce(
            f"“{self.name}” không có quy định cho ngày {full_day(day)}; quy định đầu tiên có "
            f"hiệu lực từ {full_day(self.values[0].first_day)}."
            if position < 0
            else f"“{self.name}” không còn quy định nào có hiệu lực vào ngày {full_day(day)}."
        )

    def value_on(self, day: date) -> T:
        """Return the bare value of a day; raise NotInForce."""
        return self.in_force(day).value


def _check_alone(name: str, value: ValueInForce[T]) -> None:
    if not value.source.strip():
        raise LawWithoutSource(
            value.where, f"“{name}” từ {full_day(value.first_day)} thiếu nguồn (source)."
        )
    if value.last_day is not None and value.last_day < value.first_day:
        raise LawEndsBeforeItBegins(
            value.where,
            f"“{name}” hết hiệu lực {full_day(value.last_day)} trước khi có hiệu lực "
            f"{full_day(value.first_day)}.",
        )


def _check_neighbours(name: str, earlier: ValueInForce[T], later: ValueInForce[T]) -> None:
    if earlier.last_day is None or later.first_day <= earlier.last_day:
        raise LawOverlaps(
            later.where,
            f"“{name}” từ {full_day(later.first_day)} chồng lên giá trị từ "
            f"{full_day(earlier.first_day)} ({earlier.where}).",
        )
    if later.first_day > earlier.last_day + timedelta(days=1):
        raise LawHasGap(
            later.where,
            f"“{name}” không có giá trị từ {full_day(earlier.last_day + timedelta(days=1))} đến "
            f"{full_day(later.first_day - timedelta(days=1))}.",
        )

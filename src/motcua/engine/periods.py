"""Reporting periods: from which day to which day a named period counts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from motcua.engine.lawvalues import DatedValue, ValueInForce


class PeriodUnknown(LookupError):
    """No reporting period has this name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PeriodRule:
    """Where a kind of period begins and ends, relative to the year in its name."""

    name_vi: str
    name_en: str
    first_month: int
    first_day: int
    last_month: int
    last_day: int
    first_year_offset: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """A period with its first and last day, both included."""

    name: str
    first_day: date
    last_day: date
    name_vi: str
    name_en: str
    source: str
    is_verified: bool

    def __post_init__(self) -> None:
        """Raise ValueError for a period that ends before it begins."""
        if self.last_day < self.first_day:
            raise ValueError(f"Kỳ báo cáo {self.name} kết thúc trước khi bắt đầu.")


_NAME = re.compile(r"(?P<year>\d{4})-(?P<kind>[A-Z]+\d*)")


def period_named(name: str, rules: Mapping[str, DatedValue[PeriodRule]]) -> Period:
    """Return the period called, say, 2023-Q1; raise PeriodUnknown."""
    found = _NAME.fullmatch(name.strip().upper())
    if found is None or found["kind"] not in rules:
        known = ", ".join(f"2023-{kind}" for kind in rules)
        raise PeriodUnknown(f"Không có kỳ báo cáo “{name}”; các kỳ hợp lệ có dạng {known}.")
    year, kind = int(found["year"]), found["kind"]
    for value in rules[kind].values:
        try:
            period = _period(f"{year:04}-{kind}", year, value)
        except ValueError:  # the first years have no year before them
            continue
        # The law of the day on which the data are cut off decides where the period begins and ends.
        if value.first_day <= period.last_day <= (value.last_day or period.last_day):
            return period
    raise PeriodUnknown(f"Không có quy định về kỳ báo cáo “{year}-{kind}” vào thời gian đó.")


def _period(name: str, year: int, value: ValueInForce[PeriodRule]) -> Period:
    rule = value.value
    return Period(
        name=name,
        first_day=date(year + rule.first_year_offset, rule.first_month, rule.first_day),
        last_day=date(year, rule.last_month, rule.last_day),
        name_vi=rule.name_vi.format(year=year),
        name_en=rule.name_en.format(year=year),
        source=value.source,
        is_verified=value.is_verified,
    )

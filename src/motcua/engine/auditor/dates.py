"""Printed dates and period names, as Vietnamese reports write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

FindPeriod = Callable[[str], tuple[date, date] | None]

DATE = (
    r"(?P<day>\d{1,2})"
    r"(?:\s*[/.\-]\s*(?P<month>\d{1,2})\s*[/.\-]\s*|\s+tháng\s+(?P<month_in_words>\d{1,2})\s+năm\s+)"
    r"(?P<year>\d{4})"
)
_DATE = re.compile(DATE, re.IGNORECASE)
_CODES = {"quarter": "Q", "half_year": "H", "nine_months": "N", "month": "M", "year": "Y"}
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_YEAR = r"\s*(?:/|,|-|\.)?\s*(?:năm\s+|year\s+)?(?P<year>\d{4})"
_LEAD = re.compile(r"^(?:báo cáo|kỳ báo cáo|kỳ)\s+")
_NAMES = (
    ("quarter", re.compile(rf"(?:quý|quí|quarter|q)\s*(?P<number>iv|i{{1,3}}|0?[1-4]){_YEAR}")),
    ("half_year", re.compile(rf"(?:0?6|sáu)\s+tháng\s+(?P<half>đầu|cuối)(?:\s+của)?{_YEAR}")),
    ("half_year", re.compile(r"(?P<half>first|second)\s+half\s+(?:of\s+)?(?P<year>\d{4})")),
    ("nine_months", re.compile(rf"(?:0?9|chín)\s+tháng(?:\s+đầu)?(?:\s+của)?{_YEAR}")),
    ("month", re.compile(rf"tháng\s+(?P<number>\d{{1,2}}){_YEAR}")),
    ("year", re.compile(r"(?:(?:cả\s+)?năm|year)\s+(?P<year>\d{4})")),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class PeriodName:
    """A reporting period by kind, number within the year, and year."""

    kind: str
    number: int
    year: int

    @property
    def code(self) -> str:
        """Return the name that the law data use: 2023-Q1, 2023-H1, 2023-Y."""
        letter = _CODES[self.kind]
        return (
            f"{self.year:04}-{letter}" if letter == "Y" else f"{self.year:04}-{letter}{self.number}"
        )


def read_printed_date(value: object) -> date | None:
    """Return a date printed as 15/12/2022, 2022-12-15 or "15 tháng 12 năm 2022", or None."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value).strip()
    try:
        if match := _DATE.fullmatch(text):
            day, month, year = date_numbers(match)
            return date(year, month, day)
        return date.fromisoformat(text)
    except ValueError:
        return None


def date_numbers(match: re.Match[str]) -> tuple[int, int, int]:
    """Return day, month and year of a match of DATE, even of a day that does not exist."""
    month = match["month"] or match["month_in_words"]
    return int(match["day"]), int(month), int(match["year"])


def parse_period_name(name: str) -> PeriodName | None:
    """Return what a period name says ("Quý I năm 2023", "6 tháng đầu năm 2023"), or None."""
    text = " ".join(unicodedata.normalize("NFC", name).lower().split())
    text = _LEAD.sub("", text)
    for kind, pattern in _NAMES:
        if match := pattern.fullmatch(text):
            return PeriodName(kind=kind, number=_number_in_year(match), year=int(match["year"]))
    return None


def _number_in_year(match: re.Match[str]) -> int:
    groups = match.groupdict()
    if half := groups.get("half"):
        return 1 if half in {"đầu", "first"} else 2
    number = groups.get("number") or "1"
    return _ROMAN.get(number) or int(number)

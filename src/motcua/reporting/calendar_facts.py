"""Facts of the calendar: for the days of the catalogue, how many days and working days went before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from motcua.lawbook import queries as lawbook

_SATURDAY: Final = 5
# The days of which the calendar must tell how many days and working days went before them.
DAYS_OF_CATALOGUE: Final = (
    "SELECT decided_on FROM revision_facts WHERE decided_on IS NOT NULL"
    " UNION SELECT starts_on FROM revision_facts"
)


def list_calendar(days: Iterable[date]) -> list[tuple[date, int, int]]:
    """Return each day with how many days and how many working days went before it.

    A day that no calendar tells of yet works from Monday to Friday.
    """
    calendar = lawbook.get_calendar()
    wanted = set(days)
    found: list[tuple[date, int, int]] = []
    working, day, last = 0, min(wanted, default=date.max), max(wanted, default=date.min)
    number = 0
    while day <= last:
        if day in wanted:
            found.append((day, number, working))
        is_told = calendar.first_day <= day <= calendar.last_day
        working += calendar.is_working_day(day) if is_told else day.weekday() < _SATURDAY
        number += 1
        day += timedelta(days=1)
    return found

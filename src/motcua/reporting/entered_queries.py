"""What can be asked of entered figures: those of a period, and how one came about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from motcua.reporting.models import EnteredFigure
from motcua.reporting.unit_and_period import Period


@dataclass(frozen=True, kw_only=True, slots=True)
class Entered:
    """A figure as it was entered: by whom, when, why."""

    indicator: str
    value: Decimal | None
    note: str
    reason: str
    entered_at: datetime
    entered_by: str


def find_entered(agency_id: int, period: Period) -> dict[str, Entered]:
    """Return the newest figure of each indicator that an agency entered for exactly these days."""
    return {one.indicator: one for one in _entered(agency_id, period)}


def list_history(agency_id: int, period: Period, indicator: str) -> tuple[Entered, ...]:
    """Return every figure that was ever entered for an indicator of a period, the newest first."""
    found = [one for one in _entered(agency_id, period) if one.indicator == indicator]
    return tuple(reversed(found))


def _entered(agency_id: int, period: Period) -> list[Entered]:
    rows = (
        EnteredFigure.objects.filter(
            agency_id=agency_id, first_day=period.first_day, last_day=period.last_day
        )
        .select_related("entered_by")
        .order_by("pk")
    )
    return [
        Entered(
            indicator=row.indicator,
            value=row.value,
            note=row.note,
            reason=row.reason,
            entered_at=row.entered_at,
            entered_by=row.entered_by.full_name,
        )
        for row in rows
    ]

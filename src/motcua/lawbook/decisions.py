"""The days decided on the page, as this process read them last; read again when there is a newer one.

Counting time is on the hot path, so a calendar must not cost a query each time it is asked for.
Whoever begins a request, a job or a command calls `refresh_decisions`: one small query, and the days
only when there is a decision that this process has not seen.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Max, QuerySet

from motcua.engine.calendar_decisions import DecidedDay, DecidedKind
from motcua.engine.wording import full_day
from motcua.lawbook.models import CalendarDecision
from motcua.lawbook.models import DecidedDay as Row


@dataclass(slots=True)
class _Seen:
    """The newest decision that this process has seen, and the days of all."""

    newest: int = 0
    days: tuple[DecidedDay, ...] = ()


_seen = _Seen()


def read_last() -> tuple[DecidedDay, ...]:
    """Return the decided days as they were read last, the latest decision last."""
    return _seen.days


def refresh_decisions() -> None:
    """See whether there is a decision that this process does not know, and read it if so."""
    newest = CalendarDecision.objects.aggregate(newest=Max("id"))["newest"] or 0
    if newest != _seen.newest:
        rows = Row.objects.select_related("decision").order_by("decision_id", "day")
        _seen.days = tuple(_as_day(row) for row in rows)
        _seen.newest = newest


def list_decisions() -> QuerySet[CalendarDecision]:
    """Return all decisions with their days, the latest first."""
    return (
        CalendarDecision.objects.select_related("recorded_by")
        .prefetch_related("days")
        .order_by("-id")
    )


def _as_day(row: Row) -> DecidedDay:
    decision = row.decision
    return DecidedDay(
        day=row.day,
        kind=DecidedKind(row.kind),
        name=row.name,
        source=f"{decision.number} ({full_day(decision.decided_on)})",
        in_lieu_of=row.in_lieu_of,
    )


def forget() -> None:
    """Know of no decision until the next refresh."""
    _seen.newest, _seen.days = 0, ()

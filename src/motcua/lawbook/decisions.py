"""The days decided on the page, as this process read them last; read again when there is a newer one.

Counting time is on the hot path, so a calendar must not cost a query each time it is asked for.
Whoever begins a request, a job or a command calls `refresh_decisions`: one small query, and the days
only when there is a decision that this process has not seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Max, QuerySet

from motcua.engine.calendar_decisions import DecidedDay, DecidedKind
from motcua.engine.wording import full_day


@dataclass(frozen=True, slots=True, eq=False)
class Decided:
    """The days of all decisions up to the newest, the latest decision last.

    The same only as itself: calendars are kept by it, and comparing its days would cost each time.
    """

    newest: int = 0
    days: tuple[DecidedDay, ...] = ()


_NOTHING = Decided()
# One place, filled anew as a whole, so that no thread sees the days of one and the number of another.
_seen = [_NOTHING]


def read_last() -> Decided:
    """Return the decided days as they were read last."""
    return _seen[0]


def refresh_decisions() -> None:
    """See whether there is a decision that this process does not know, and read it if so."""
    newest = _table("CalendarDecision").aggregate(newest=Max("id"))["newest"] or 0
    if newest != _seen[0].newest:
        rows = _table("DecidedDay").select_related("decision").order_by("decision_id", "day")
        _seen[0] = Decided(newest=newest, days=tuple(_as_day(row) for row in rows))


def list_decisions() -> QuerySet[Any]:
    """Return all decisions with their days, the latest first."""
    found: QuerySet[Any] = (
        _table("CalendarDecision")
        .select_related("recorded_by")
        .prefetch_related("days")
        .order_by("-id")
    )
    return found


def _table(name: str) -> Any:
    """Return the rows of a table, asked for by name: the law is read without Django's set-up too."""
    return apps.get_model("lawbook", name).objects


def _as_day(row: Any) -> DecidedDay:
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
    _seen[0] = _NOTHING

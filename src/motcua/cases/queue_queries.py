"""The queue before a counter today: who waits, who was called last, and how long people wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Avg, Count, F, Q, QuerySet

from motcua.cases.models import QueueTicket
from motcua.people import queries as people

_SHOWN = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class QueueState:
    """How the queue of a counter stands on a day."""

    waiting: int
    served: int
    absent: int
    # Between taking a number and being called; None when nobody was called yet.
    average_wait: timedelta | None


def list_waiting(agency_id: int, *, now: datetime) -> QuerySet[QueueTicket]:
    """Return the numbers that wait today, in the order in which they will be called."""
    return _of_today(agency_id, now=now).filter(called_at=None).order_by("-goes_first", "number")


def list_called(agency_id: int, *, now: datetime) -> QuerySet[QueueTicket]:
    """Return the numbers called last today, the latest first."""
    called = _of_today(agency_id, now=now).filter(called_at__isnull=False)
    return called.order_by("-called_at", "-number")[:_SHOWN]


def find_current(officer: people.Person, agency_id: int, *, now: datetime) -> QueueTicket | None:
    """Return the number that the clerk called and has not finished with."""
    return (
        _of_today(agency_id, now=now)
        .filter(called_by_id=officer.id, served_at=None)
        .order_by("-called_at")
        .first()
    )


def count_queue(agency_id: int, *, now: datetime) -> QueueState:
    """Return how the queue stands today. One query."""
    counts = _of_today(agency_id, now=now).aggregate(
        waiting=Count("pk", filter=Q(called_at=None)),
        served=Count("pk", filter=Q(served_at__isnull=False, was_absent=False)),
        absent=Count("pk", filter=Q(was_absent=True)),
        average_wait=Avg(F("called_at") - F("taken_at"), filter=Q(called_at__isnull=False)),
    )
    return QueueState(**counts)


def _of_today(agency_id: int, *, now: datetime) -> QuerySet[QueueTicket]:
    return QueueTicket.objects.filter(queue__agency_id=agency_id, queue__day=people.day_of(now))

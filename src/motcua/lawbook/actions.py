"""Stores decisions on days off. Who may decide, and what that does to cases, is asked above."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from motcua.engine.calendar_decisions import DecidedDay
from motcua.lawbook.models import CalendarDecision
from motcua.lawbook.models import DecidedDay as Row


def store_decision(
    *,
    number: str,
    decided_on: date,
    title: str,
    days: Iterable[DecidedDay],
    officer_id: int,
    now: datetime,
) -> CalendarDecision:
    """Store a checked decision with its days, in the caller's transaction."""
    decision = CalendarDecision.objects.create(
        number=number,
        decided_on=decided_on,
        title=title,
        recorded_at=now,
        recorded_by_id=officer_id,
    )
    Row.objects.bulk_create(
        Row(
            decision=decision,
            day=one.day,
            kind=str(one.kind),
            name=one.name,
            in_lieu_of=one.in_lieu_of,
        )
        for one in days
    )
    return decision

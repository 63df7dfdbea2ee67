"""Keeps how a case stood, where its row will not tell it any more."""

from __future__ import annotations

from datetime import datetime

from motcua.cases.models import Case, PastStanding


def keep_standing(case: Case, *, now: datetime) -> None:
    """Keep how a finished case stands until now.

    Called before its row is changed, in the transaction that takes something back, or that records
    something of an earlier day.
    """
    assert case.finished_at is not None, (
        "an open case tells its past by its clock events and recounts"
    )
    PastStanding.objects.create(
        case=case,
        status=case.status,
        due_at=case.due_at,
        finished_at=case.finished_at,
        returned_at=case.returned_at,
        known_until=now,
    )

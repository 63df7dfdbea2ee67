"""Moves the clocks of many cases one by one: a decision or a suspension reaches each of them here."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from motcua.cases import mass_queries
from motcua.cases.actions.clock_records import (
    CannotMoveClock,
    ClockMoved,
    count_with,
    locked_by_id,
    record_event,
    tell,
    write_generation,
)
from motcua.cases.models import Case, ClockEvent
from motcua.cases.recounting import Refused, norm_deadline_of, recount
from motcua.engine import clock_events as engine
from motcua.engine.explain import Because
from motcua.people import queries as people


@transaction.atomic(durable=True)
def recount_case(
    *, officer: people.Person, case_id: int, because: Because, now: datetime
) -> ClockMoved | None:
    """Count one case again, after its calendar changed; None when its due time stays.

    The caller guards: this is a part of a decision over many cases. Raises CannotMoveClock.
    """
    case = locked_by_id(case_id)
    if case is None or case.finished_at is not None:
        return None
    (answer,) = recount([case])
    if isinstance(answer, Refused):
        raise CannotMoveClock(answer.refusal.because.vi)
    if not answer.moves:
        norm = norm_deadline_of(case)
        if norm is not None and norm.due_at != case.norm_due_at:
            case.norm_due_at = norm.due_at
            case.save(update_fields=["norm_due_at"])
        return None
    due_before = case.due_at
    write_generation(case, answer.deadline, because, officer=officer, now=now)
    tell(case, "case.recounted", officer=officer, because=because.vi, facts={}, now=now)
    return ClockMoved(case_code=case.code, due_before=due_before, deadline=answer.deadline)


@transaction.atomic(durable=True)
def record_unit_event(
    *,
    officer: people.Person,
    case_id: int,
    kind: engine.EventKind,
    at: datetime,
    reason: str,
    origin: str,
    now: datetime,
) -> ClockMoved | None:
    """Record for one case what befell its whole unit; None when it stands there already.

    The caller guards: this is a part of a decision over many cases. Raises CannotMoveClock.
    """
    case = locked_by_id(case_id)
    if case is None or case.finished_at is not None:
        return None
    if ClockEvent.objects.filter(case=case, kind=kind, origin=origin).exists():
        return None
    event = engine.ClockEvent(at=at, kind=kind)
    deadline = count_with(case, event, now=now)
    return record_event(
        case, event, deadline, officer=officer, reason=reason, origin=origin, status=None, now=now
    )


def suspend_at_reception(case: Case, *, officer: people.Person, now: datetime) -> None:
    """Let a case that was received just now stand still where its unit does.

    Called in the transaction of its reception.
    """
    suspension = mass_queries.find_suspension_at(case.settling_agency_id, at=now)
    if suspension is None:
        return
    event = engine.ClockEvent(at=now, kind=engine.EventKind.SUSPENDED)
    record_event(
        case,
        event,
        count_with(case, event, now=now),
        officer=officer,
        reason=suspension.reason,
        origin=f"suspension:{suspension.pk}",
        status=None,
        now=now,
    )

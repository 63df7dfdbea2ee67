"""What every change of a clock does: lock the case, count again, record with the next generation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.audit import actions as audit
from motcua.cases import events
from motcua.cases.actions.telling import tell_applicant
from motcua.cases.clock_queries import waits_of
from motcua.cases.models import Case, ClockEvent, LedgerEntry, Recount
from motcua.cases.recounting import (
    calendar_of,
    norm_deadline_of,
    recount_one,
    rules_of,
    step_timers_stand,
)
from motcua.engine import clock_events as engine
from motcua.engine.explain import Because
from motcua.engine.ledger import Deadline
from motcua.engine.wording import moment_en, moment_vi
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.workflow import actions as workflow
from motcua.workflow import queries as workflow_queries

# kind of event → what the citizen is told (law/forms/citizen_messages.yaml).
TOLD = {
    engine.EventKind.SUPPLEMENT_REQUESTED: "supplement",
    engine.EventKind.SUPPLEMENTED: "supplemented",
    engine.EventKind.RETURNED_AFTER_APPRAISAL: "returned_file",
    engine.EventKind.RESUBMITTED: "taken_again",
    engine.EventKind.PAYMENT_REQUESTED: "payment",
    engine.EventKind.PAID: "paid",
    engine.EventKind.EXTENDED: "apology",
}


class CannotMoveClock(Exception):
    """The law, the order of events or the state of the case forbids this; the message says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockMoved:
    """What moving the clock did: the due time before and after, and what the law warns of."""

    case_code: str
    due_before: datetime
    deadline: Deadline

    @property
    def warnings(self) -> tuple[Because, ...]:
        """What the law says against it, although it was recorded."""
        return self.deadline.warnings


def locked(cases: QuerySet[Case]) -> Case | None:
    """Return the first of these cases, locked; its trail must be held before."""
    return cases.select_for_update(of=("self",)).select_related("receiving_agency", "run").first()


def locked_by_id(case_id: int) -> Case | None:
    """Hold the trail of a case and lock it; None when there is none."""
    code = Case.objects.filter(pk=case_id).values_list("code", flat=True).first()
    if code is None:
        return None
    audit.hold(f"case:{code}")
    return locked(Case.objects.filter(pk=case_id))


def require_at_case(officer: people.Person, function: str, case: Case, *, now: datetime) -> None:
    """Raise NotAllowed unless the function is the officer's at the unit that receives or settles."""
    scope = people.scope_of(officer, function, now=now)
    for agency_id in (case.settling_agency_id, case.receiving_agency_id):
        if scope.covers(agency_id=agency_id, agency_path=""):
            return
    people_actions.require(officer, function, now=now, agency_id=case.settling_agency_id)


def count_with(case: Case, event: engine.ClockEvent | None, *, now: datetime) -> Deadline:
    """Return the deadline after one more event, if any; raise CannotMoveClock with the law's reason."""
    if event is not None and event.at > now:
        raise CannotMoveClock(
            _("Thời điểm %(at)s còn ở phía trước nên chưa thể ghi. Hãy ghi khi việc đã xảy ra.")
            % {"at": moment_vi(timezone.localtime(event.at))}
        )
    try:
        return recount_one(case, more=(event,) if event is not None else ())
    except engine.ClockRefuses as refusal:
        raise CannotMoveClock(str(refusal)) from refusal


def record_event(
    case: Case,
    event: engine.ClockEvent,
    deadline: Deadline,
    *,
    officer: people.Person,
    reason: str,
    status: Case.Status | None,
    origin: str = "",
    now: datetime,
) -> ClockMoved:
    """Save the event, the next generation of the ledger and the case, and tell."""
    due_before, stood_still = case.due_at, case.clock_stopped_at is not None
    ClockEvent.objects.create(
        case=case,
        kind=str(event.kind),
        at=event.at,
        extra_amount=event.extra.amount if event.extra else None,
        extra_unit=str(event.extra.unit) if event.extra else "",
        until=event.until,
        reason=reason,
        origin=origin,
        recorded_at=now,
        recorded_by_id=officer.id,
    )
    if status is not None:
        case.status = status
    name_vi, name_en = engine.EVENT_NAMES[event.kind]
    # A view's clock tells the time in UTC; people read the office's.
    office_time = timezone.localtime(event.at)
    because = Because(
        vi=f"{name_vi.capitalize()} lúc {moment_vi(office_time)}",
        en=f"{name_en.capitalize()} at {moment_en(office_time)}",
    )
    write_generation(case, deadline, because, officer=officer, now=now)
    if stood_still and not deadline.is_stopped:
        workflow.restart_open_tasks(
            run_id=case.run_id,
            calendar=calendar_of(case),
            rules=rules_of(case),
            with_timers=step_timers_stand(case.law_date),
            now=now,
        )
    tell(
        case,
        f"case.{str(event.kind).lower()}",
        officer=officer,
        because=because.vi,
        facts={
            "at": event.at.isoformat(),
            "reason": reason,
            "due_before": due_before.isoformat(),
            "due_at": case.due_at.isoformat(),
            "warnings": [warning.vi for warning in deadline.warnings],
        },
        now=now,
    )
    # A suspension of a whole unit tells nobody one by one.
    if event.kind in TOLD and not origin:
        tell_applicant(case, TOLD[event.kind], reason=reason, now=now)
    return ClockMoved(case_code=case.code, due_before=due_before, deadline=deadline)


def waiting_status(case: Case, *, met: str = "") -> Case.Status | None:
    """Return the status of a case that waits for its citizen; None when it waits for nothing.

    `met` is a request that is met just now.
    """
    found = ClockEvent.objects.filter(case=case, cancels=None, cancelled_by=None)
    waits = {str(event.kind) for event in waits_of(found.order_by("at", "id"))}
    waits -= {str(asked) for answer, asked in engine.STOPPED_BY.items() if answer == met}
    if waits & {"SUPPLEMENT_REQUESTED", "RETURNED_AFTER_APPRAISAL"}:
        return Case.Status.SUPPLEMENT
    return Case.Status.PAYMENT if "PAYMENT_REQUESTED" in waits else None


def status_of_open(case: Case) -> Case.Status:
    """Return the status of an open case, by what it waits for and whether a step of it was done."""
    if waits := waiting_status(case):
        return waits
    if workflow_queries.has_completed_step(case.run_id, since=case.received_at):
        return Case.Status.PROCESSING
    return Case.Status.RECEIVED


def write_generation(
    case: Case, deadline: Deadline, because: Because, *, officer: people.Person, now: datetime
) -> None:
    """Append the next generation of the ledger with its reason, and set the case's due time."""
    generation = case.ledger_generation + 1
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            case=case,
            generation=generation,
            number=number,
            kind=str(line.kind),
            stopped_for=str(line.stopped_for),
            starts_at=line.starts_at,
            ends_at=line.ends_at,
            amount=Decimal(line.amount),
            unit=str(line.unit),
            because_vi=line.because.vi,
            because_en=line.because.en,
            source=line.because.source,
            is_verified=line.because.is_verified,
            recorded_at=now,
            recorded_by_id=officer.id,
        )
        for number, line in enumerate(deadline.ledger, start=1)
    )
    Recount.objects.create(
        case=case,
        generation=generation,
        because_vi=because.vi,
        because_en=because.en,
        due_before=case.due_at,
        due_after=deadline.due_at,
        recorded_at=now,
        recorded_by_id=officer.id,
    )
    case.due_at, case.clock_stopped_at = deadline.due_at, deadline.stopped_since
    case.norm_due_at = norm.due_at if (norm := norm_deadline_of(case)) else None
    case.ledger_generation = generation
    case.save(
        update_fields=["status", "due_at", "norm_due_at", "clock_stopped_at", "ledger_generation"]
    )


def renew_norm(case_id: int) -> None:
    """Count the service norm of a case again, after its run went over to another version.

    Called in the transaction that moved it, which holds the trail of the case.
    """
    case = Case.objects.select_related("receiving_agency", "run").get(pk=case_id)
    norm = norm_deadline_of(case)
    Case.objects.filter(pk=case_id).update(norm_due_at=norm.due_at if norm else None)


def tell(
    case: Case,
    event: str,
    *,
    officer: people.Person,
    because: str,
    facts: dict[str, object],
    now: datetime,
) -> None:
    """Add the change to the trail of the case, and announce it."""
    audit.record(
        event=event,
        subject=f"case:{case.code}",
        actor_id=officer.id,
        at=now,
        because=because,
        facts=facts,
    )
    events.clock_moved.send(sender=Case, case_id=case.pk, event=event)

"""Moves the clock of a case: what happened is recorded, and the due time counted again with reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.audit import actions as audit
from motcua.cases import events, mass_queries, queries
from motcua.cases.models import Case, ClockEvent, LedgerEntry, Recount
from motcua.cases.recounting import Refused, calendar_of, recount, recount_one, rules_of
from motcua.engine import clock_events as engine
from motcua.engine.explain import Because
from motcua.engine.ledger import Deadline
from motcua.engine.limits import Limit
from motcua.engine.wording import moment_en, moment_vi
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.workflow import actions as workflow


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


@transaction.atomic(durable=True)
def request_supplement(
    *,
    officer: people.Person,
    case_code: str,
    reason: str,
    is_second_meant: bool = False,
    at: datetime | None = None,
    now: datetime,
) -> ClockMoved:
    """Ask the citizen for what is missing, in words, and stop the clock (NĐ 61/2018 Đ17.2a, Đ19.4).

    A further request warns: it happens only when it `is_second_meant`. Raises CannotMoveClock,
    NotAllowed or NoSuchCase.
    """
    case = _lock(officer, case_code, "cases.ask_citizen", now=now)
    event = engine.ClockEvent(at=at or now, kind=engine.EventKind.SUPPLEMENT_REQUESTED)
    deadline = _count(case, event, now=now)
    if deadline.warnings and not is_second_meant:
        raise CannotMoveClock(
            _("%(warning)s. Nếu vẫn phải yêu cầu, hãy xác nhận đây là lần yêu cầu thêm.")
            % {"warning": deadline.warnings[-1].text("vi")}
        )
    return _record(
        case,
        event,
        deadline,
        officer=officer,
        reason=_words(reason, _("Hãy ghi rõ giấy tờ nào còn thiếu hoặc cần sửa, và vì sao.")),
        status=Case.Status.SUPPLEMENT,
        now=now,
    )


@transaction.atomic(durable=True)
def take_supplement(
    *,
    officer: people.Person,
    case_code: str,
    note: str = "",
    at: datetime | None = None,
    now: datetime,
) -> ClockMoved:
    """Take in the papers that were asked for; the clock goes on as the law of the case's day says.

    Raises CannotMoveClock (nothing was asked for, or it was answered already), NotAllowed or
    NoSuchCase.
    """
    case = _lock(officer, case_code, "cases.take_supplement", now=now)
    return _resume(
        case, engine.EventKind.SUPPLEMENTED, officer=officer, reason=note, at=at, now=now
    )


@transaction.atomic(durable=True)
def request_payment(
    *,
    officer: people.Person,
    case_code: str,
    reason: str,
    at: datetime | None = None,
    now: datetime,
) -> ClockMoved:
    """Tell the citizen what must be paid, and stop the clock until it is.

    Raises CannotMoveClock, NotAllowed or NoSuchCase.
    """
    case = _lock(officer, case_code, "cases.ask_citizen", now=now)
    event = engine.ClockEvent(at=at or now, kind=engine.EventKind.PAYMENT_REQUESTED)
    return _record(
        case,
        event,
        _count(case, event, now=now),
        officer=officer,
        reason=_words(reason, _("Hãy ghi khoản phải nộp và số tiền.")),
        status=Case.Status.PAYMENT,
        now=now,
    )


@transaction.atomic(durable=True)
def record_payment(
    *,
    officer: people.Person,
    case_code: str,
    note: str = "",
    at: datetime | None = None,
    now: datetime,
) -> ClockMoved:
    """Record that the citizen has paid; the clock goes on.

    Raises CannotMoveClock (no payment is waited for), NotAllowed or NoSuchCase.
    """
    case = _lock(officer, case_code, "cases.take_supplement", now=now)
    return _resume(case, engine.EventKind.PAID, officer=officer, reason=note, at=at, now=now)


@transaction.atomic(durable=True)
def extend_with_apology(
    *,
    officer: people.Person,
    case_code: str,
    until: date,
    reason: str,
    at: datetime | None = None,
    now: datetime,
) -> ClockMoved:
    """Apologise and set a new day for the result: in time, and once (NĐ 61/2018 Đ19.9).

    Raises CannotMoveClock (too late, a second time, not a later working day, clock stopped),
    NotAllowed or NoSuchCase.
    """
    case = _lock(officer, case_code, "cases.put_off", now=now)
    event = engine.ClockEvent(at=at or now, kind=engine.EventKind.EXTENDED, until=until)
    return _record(
        case,
        event,
        _count(case, event, now=now),
        officer=officer,
        reason=_words(reason, _("Hãy ghi lý do chậm, để người dân được xin lỗi và giải thích.")),
        status=None,
        now=now,
    )


def preview_event(
    *,
    officer: people.Person,
    case_code: str,
    kind: engine.EventKind,
    extra: Limit | None = None,
    until: date | None = None,
    now: datetime,
) -> ClockMoved:
    """Return what an event at this moment would do to the due time; nothing is written.

    Raises CannotMoveClock with the law's reason, NotAllowed or NoSuchCase.
    """
    case = queries.get_case_in_scope(case_code=case_code, officer=officer, now=now)
    event = engine.ClockEvent(at=now, kind=kind, extra=extra, until=until)
    return ClockMoved(
        case_code=case.code, due_before=case.due_at, deadline=_count(case, event, now=now)
    )


@transaction.atomic(durable=True)
def recount_case(
    *, officer: people.Person, case_id: int, because: Because, now: datetime
) -> ClockMoved | None:
    """Count one case again, after its calendar changed; None when its due time stays.

    The caller guards: this is a part of a decision over many cases. Raises CannotMoveClock.
    """
    case = _locked_by_id(case_id)
    if case is None or case.finished_at is not None:
        return None
    (answer,) = recount([case])
    if isinstance(answer, Refused):
        raise CannotMoveClock(answer.refusal.because.vi)
    if not answer.moves:
        return None
    due_before = case.due_at
    _write_generation(case, answer.deadline, because, officer=officer, now=now)
    _tell(case, "case.recounted", officer=officer, because=because.vi, facts={}, now=now)
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
    case = _locked_by_id(case_id)
    if case is None or case.finished_at is not None:
        return None
    if ClockEvent.objects.filter(case=case, kind=kind, origin=origin).exists():
        return None
    event = engine.ClockEvent(at=at, kind=kind)
    deadline = _count(case, event, now=now)
    return _record(
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
    _record(
        case,
        event,
        _count(case, event, now=now),
        officer=officer,
        reason=suspension.reason,
        origin=f"suspension:{suspension.pk}",
        status=None,
        now=now,
    )


def _lock(officer: people.Person, case_code: str, function: str, *, now: datetime) -> Case:
    """Return the locked case that the officer may do this to, or raise."""
    audit.hold(f"case:{case_code}")
    case = _locked(Case.objects.filter(code=case_code))
    if case is None:
        raise queries.NoSuchCase(queries.no_such_case(case_code))
    require_at_case(officer, function, case, now=now)
    if case.finished_at is not None:
        raise CannotMoveClock(
            _("Hồ sơ %(code)s đã kết thúc lúc %(at)s, nên thời hạn không đổi nữa.")
            % {"code": case.code, "at": f"{timezone.localtime(case.finished_at):%H:%M %d/%m/%Y}"}
        )
    return case


def _locked(cases: QuerySet[Case]) -> Case | None:
    return cases.select_for_update(of=("self",)).select_related("receiving_agency").first()


def _locked_by_id(case_id: int) -> Case | None:
    code = Case.objects.filter(pk=case_id).values_list("code", flat=True).first()
    if code is None:
        return None
    audit.hold(f"case:{code}")
    return _locked(Case.objects.filter(pk=case_id))


def require_at_case(officer: people.Person, function: str, case: Case, *, now: datetime) -> None:
    """Raise NotAllowed unless the function is the officer's at the unit that receives or settles."""
    scope = people.scope_of(officer, function, now=now)
    for agency_id in (case.settling_agency_id, case.receiving_agency_id):
        if scope.covers(agency_id=agency_id, agency_path=""):
            return
    people_actions.require(officer, function, now=now, agency_id=case.settling_agency_id)


def _count(case: Case, event: engine.ClockEvent, *, now: datetime) -> Deadline:
    if event.at > now:
        raise CannotMoveClock(
            _("Thời điểm %(at)s còn ở phía trước nên chưa thể ghi. Hãy ghi khi việc đã xảy ra.")
            % {"at": moment_vi(timezone.localtime(event.at))}
        )
    try:
        return recount_one(case, more=(event,))
    except engine.ClockRefuses as refusal:
        raise CannotMoveClock(str(refusal)) from refusal


def _resume(
    case: Case,
    kind: engine.EventKind,
    *,
    officer: people.Person,
    reason: str,
    at: datetime | None,
    now: datetime,
) -> ClockMoved:
    event = engine.ClockEvent(at=at or now, kind=kind)
    deadline = _count(case, event, now=now)
    moved = _record(
        case,
        event,
        deadline,
        officer=officer,
        reason=reason.strip(),
        status=_status_after(case, kind, is_stopped=deadline.is_stopped),
        now=now,
    )
    if not deadline.is_stopped:
        workflow.restart_open_tasks(
            run_id=case.run_id, calendar=calendar_of(case), rules=rules_of(case), now=now
        )
    return moved


def _status_after(case: Case, kind: engine.EventKind, *, is_stopped: bool) -> Case.Status:
    """Return the status once one reason to wait is gone: another may still hold the case."""
    if not is_stopped:
        return Case.Status.PROCESSING
    waited = (
        Case.Status.SUPPLEMENT if kind is engine.EventKind.SUPPLEMENTED else Case.Status.PAYMENT
    )
    other = {Case.Status.SUPPLEMENT: Case.Status.PAYMENT}.get(waited, Case.Status.SUPPLEMENT)
    is_left = ClockEvent.objects.filter(case=case, kind=_ASKED[other], cancelled_by=None).count()
    is_met = ClockEvent.objects.filter(case=case, kind=_MET[other], cancelled_by=None).count()
    return other if is_left > is_met else Case.Status.PROCESSING


_ASKED = {
    Case.Status.SUPPLEMENT: ClockEvent.Kind.SUPPLEMENT_REQUESTED,
    Case.Status.PAYMENT: ClockEvent.Kind.PAYMENT_REQUESTED,
}
_MET = {
    Case.Status.SUPPLEMENT: ClockEvent.Kind.SUPPLEMENTED,
    Case.Status.PAYMENT: ClockEvent.Kind.PAID,
}


def _record(
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
    due_before = case.due_at
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
    _write_generation(case, deadline, because, officer=officer, now=now)
    _tell(
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
    return ClockMoved(case_code=case.code, due_before=due_before, deadline=deadline)


def _write_generation(
    case: Case, deadline: Deadline, because: Because, *, officer: people.Person, now: datetime
) -> None:
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
    case.ledger_generation = generation
    case.save(update_fields=["status", "due_at", "clock_stopped_at", "ledger_generation"])


def _tell(
    case: Case,
    event: str,
    *,
    officer: people.Person,
    because: str,
    facts: dict[str, object],
    now: datetime,
) -> None:
    audit.record(
        event=event,
        subject=f"case:{case.code}",
        actor_id=officer.id,
        at=now,
        because=because,
        facts=facts,
    )
    events.clock_moved.send(sender=Case, case_id=case.pk, event=event)


def _words(text: str, refusal: str) -> str:
    words = text.strip()
    if not words:
        raise CannotMoveClock(refusal)
    return words

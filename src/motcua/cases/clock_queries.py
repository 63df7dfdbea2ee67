"""What can be asked about the clock of a case: what moved it, and what a person may do to it now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from motcua.cases.models import Case, ClockEvent, Consultation, LedgerEntry, Recount
from motcua.cases.recounting import (
    as_event,
    calendar_of,
    latest_day_to_put_off,
    norm_deadline_of,
    rules_of,
)
from motcua.engine import duties
from motcua.engine.explain import Because
from motcua.engine.lawvalues import NotInForce
from motcua.engine.ledger import Deadline
from motcua.engine.moments import local
from motcua.engine.timerules import TimeRules
from motcua.engine.worktime import WorkCalendar
from motcua.lawbook import queries as lawbook
from motcua.people import queries as people


class NoSuchConsultation(LookupError):
    """No question to another agency has this number."""


class Act(StrEnum):
    """What an officer can do to the clock of a case, or to end it."""

    REQUEST_SUPPLEMENT = "REQUEST_SUPPLEMENT"
    TAKE_SUPPLEMENT = "TAKE_SUPPLEMENT"
    RETURN_FILE = "RETURN_FILE"
    TAKE_FILE_AGAIN = "TAKE_FILE_AGAIN"
    REQUEST_PAYMENT = "REQUEST_PAYMENT"
    RECORD_PAYMENT = "RECORD_PAYMENT"
    EXTEND = "EXTEND"
    CONSULT = "CONSULT"
    REFUSE = "REFUSE"
    STOP = "STOP"
    WITHDRAW = "WITHDRAW"


_FUNCTIONS = {
    Act.REQUEST_SUPPLEMENT: "cases.ask_citizen",
    Act.TAKE_SUPPLEMENT: "cases.take_supplement",
    Act.RETURN_FILE: "cases.return_file",
    Act.TAKE_FILE_AGAIN: "cases.take_supplement",
    Act.REQUEST_PAYMENT: "cases.ask_citizen",
    Act.RECORD_PAYMENT: "cases.take_supplement",
    Act.EXTEND: "cases.put_off",
    Act.CONSULT: "cases.consult",
    Act.REFUSE: "cases.end",
    Act.STOP: "cases.end",
    Act.WITHDRAW: "cases.withdraw",
}
_ENDS = {
    ClockEvent.Kind.SUPPLEMENT_REQUESTED: ClockEvent.Kind.SUPPLEMENTED,
    ClockEvent.Kind.RETURNED_AFTER_APPRAISAL: ClockEvent.Kind.RESUBMITTED,
    ClockEvent.Kind.PAYMENT_REQUESTED: ClockEvent.Kind.PAID,
}


# Who may record it may take it back; what befalls a whole unit is nobody's to take back here.
RIGHT_TO_TAKE_BACK: dict[str, str] = {
    ClockEvent.Kind.SUPPLEMENT_REQUESTED: _FUNCTIONS[Act.REQUEST_SUPPLEMENT],
    ClockEvent.Kind.SUPPLEMENTED: _FUNCTIONS[Act.TAKE_SUPPLEMENT],
    ClockEvent.Kind.RETURNED_AFTER_APPRAISAL: _FUNCTIONS[Act.RETURN_FILE],
    ClockEvent.Kind.RESUBMITTED: _FUNCTIONS[Act.TAKE_FILE_AGAIN],
    ClockEvent.Kind.PAYMENT_REQUESTED: _FUNCTIONS[Act.REQUEST_PAYMENT],
    ClockEvent.Kind.PAID: _FUNCTIONS[Act.RECORD_PAYMENT],
    ClockEvent.Kind.EXTENDED: _FUNCTIONS[Act.EXTEND],
    ClockEvent.Kind.SUSPENDED: "cases.suspend",
    ClockEvent.Kind.SUSPENSION_LIFTED: "cases.suspend",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockOfCase:
    """What moved the clock of a case, who was asked about it, and what a person may do to it now."""

    events: tuple[ClockEvent, ...]
    consultations: tuple[Consultation, ...]
    acts: tuple[Act, ...]
    calendar: WorkCalendar
    # The last event, where the person may take it back unless a step was completed since.
    last_of_mine: ClockEvent | None = None

    @property
    def waits(self) -> tuple[ClockEvent, ...]:
        """The requests to the citizen that are not met yet."""
        return waits_of(self.events)

    @property
    def supplement_requests(self) -> int:
        """How often papers were asked for."""
        return sum(event.kind == ClockEvent.Kind.SUPPLEMENT_REQUESTED for event in self.events)


def get_clock(case: Case, officer: people.Person, *, now: datetime) -> ClockOfCase:
    """Return the clock of a case that comes with `receiving_agency` joined. Two queries."""
    events = tuple(
        ClockEvent.objects.filter(case=case, cancels=None, cancelled_by=None)
        .select_related("recorded_by")
        .order_by("at", "id")
    )
    return ClockOfCase(
        events=events,
        consultations=tuple(
            Consultation.objects.filter(case=case)
            .select_related("agency", "asked_by", "answered_by")
            .order_by("asked_at", "id")
        ),
        acts=_acts(case, events, officer, now=now),
        calendar=calendar_of(case),
        last_of_mine=_last_of_mine(case, events, officer, now=now),
    )


def _last_of_mine(
    case: Case, events: tuple[ClockEvent, ...], officer: people.Person, *, now: datetime
) -> ClockEvent | None:
    if not events or case.finished_at is not None or events[-1].origin:
        return None
    function = RIGHT_TO_TAKE_BACK[events[-1].kind]
    return events[-1] if _is_allowed(function, case, officer, now=now) else None


def waits_of(events: Iterable[ClockEvent]) -> tuple[ClockEvent, ...]:
    """Return the requests to the citizen that are not met yet, of events in order."""
    waits: dict[str, ClockEvent] = {}
    for event in events:
        if event.kind in _ENDS:
            waits[str(_ENDS[ClockEvent.Kind(event.kind)])] = event
        else:
            waits.pop(event.kind, None)
    return tuple(waits.values())


def _acts(
    case: Case, events: tuple[ClockEvent, ...], officer: people.Person, *, now: datetime
) -> tuple[Act, ...]:
    """Return what the person may do by right, the state of the case and the law of its day."""
    if case.finished_at is not None:
        return ()
    try:
        rules = rules_of(case)
    except NotInForce:
        return ()
    fitting = _fitting(case, events, rules, now=now)
    return tuple(act for act in Act if act in fitting and _is_mine(act, case, officer, now=now))


def _is_mine(act: Act, case: Case, officer: people.Person, *, now: datetime) -> bool:
    return _is_allowed(_FUNCTIONS[act], case, officer, now=now)


def _is_allowed(function: str, case: Case, officer: people.Person, *, now: datetime) -> bool:
    scope = people.scope_of(officer, function, now=now)
    return any(
        scope.covers(agency_id=agency_id, agency_path="")
        for agency_id in (case.settling_agency_id, case.receiving_agency_id)
    )


def _fitting(
    case: Case, events: tuple[ClockEvent, ...], rules: TimeRules, *, now: datetime
) -> set[Act]:
    counts = Counter(event.kind for event in events)
    waits = {event.kind for event in waits_of(events)}
    is_stopped = case.clock_stopped_at is not None
    may_still_stop = is_stopped or now <= case.due_at
    latest = latest_day_to_put_off(case)
    found = {Act.CONSULT, Act.STOP, Act.WITHDRAW}
    for kind, ask, met in (
        (ClockEvent.Kind.SUPPLEMENT_REQUESTED, Act.REQUEST_SUPPLEMENT, Act.TAKE_SUPPLEMENT),
        (ClockEvent.Kind.RETURNED_AFTER_APPRAISAL, Act.RETURN_FILE, Act.TAKE_FILE_AGAIN),
        (ClockEvent.Kind.PAYMENT_REQUESTED, Act.REQUEST_PAYMENT, Act.RECORD_PAYMENT),
    ):
        if kind in waits:
            found.add(met)
        elif may_still_stop:
            found.add(ask)
    is_left = counts[ClockEvent.Kind.EXTENDED] < rules.extensions.value
    if is_left and latest is not None and local(now).date() <= latest:
        found.add(Act.EXTEND)
    if duties.may_refuse(due_at=case.due_at, is_stopped=is_stopped, at=now, rules=rules):
        found.add(Act.REFUSE)
    return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """By when the law wants something done, why, and whether that has passed."""

    until: datetime
    because: Because
    has_passed: bool


def return_after_appraisal(case: Case, *, now: datetime) -> Notice:
    """Return by when an incomplete file must go back to the citizen (NĐ 61/2018 Đ19.4)."""
    rules = rules_of(case)
    due = duties.return_after_appraisal_due(
        received_at=case.received_at, calendar=calendar_of(case), rules=rules
    )
    return Notice(
        until=due.due_at,
        because=rules.return_after_appraisal.because,
        has_passed=now > due.due_at,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeSplit:
    """Working time of a case since its reception: in all, and of it in the hands of the citizen."""

    passed: timedelta
    with_citizen: timedelta

    @property
    def with_offices(self) -> timedelta:
        """What is left when the citizen's time is taken off, as QĐ 766/QĐ-TTg measures."""
        return self.passed - self.with_citizen


def split_time(case: Case, events: Iterable[ClockEvent], *, now: datetime) -> TimeSplit:
    """Return how long a case has taken, and how long of it the citizen had it.

    Computed from the intervals as they were recorded, whatever they did to the due time.
    """
    until = local(case.finished_at or now)
    calendar = calendar_of(case)
    waiting: set[str] = set()
    with_citizen, since = timedelta(), until
    for event in events:
        at = min(local(event.at), until)
        if event.kind in _ENDS:
            since = since if waiting else at
            waiting.add(str(_ENDS[ClockEvent.Kind(event.kind)]))
        elif event.kind in waiting:
            waiting.discard(event.kind)
            with_citizen += timedelta() if waiting else calendar.measure(since, at)
    if waiting:
        with_citizen += calendar.measure(since, until)
    passed = calendar.measure(min(local(case.received_at), until), until)
    return TimeSplit(passed=passed, with_citizen=with_citizen)


def get_norm(case: Case, events: Iterable[ClockEvent]) -> Deadline | None:
    """Return when the service norm of a case runs out, with its ledger; None where there is none."""
    return norm_deadline_of(case, [as_event(event) for event in events])


def list_recounts(case: Case) -> tuple[Recount, ...]:
    """Return each time that the due time of a case was counted again, and why."""
    found = Recount.objects.filter(case=case).select_related("recorded_by")
    return tuple(found.order_by("generation"))


def list_ledger(case: Case, generation: int) -> tuple[LedgerEntry, ...]:
    """Return the lines of one generation of a case's ledger."""
    lines = LedgerEntry.objects.filter(case=case, generation=generation)
    return tuple(lines.order_by("number"))


def calendar_of_unit(agency_code: str) -> WorkCalendar:
    """Return the working calendar of an agency: its own office hours, or the usual ones."""
    return lawbook.get_calendar(office_hours_key=lawbook.office_hours_key_of(agency_code))


def list_consultations(officer: people.Person, *, now: datetime) -> QuerySet[Consultation]:
    """Return the questions to the person's agencies, those that wait for an answer first."""
    scope = people.scope_of(officer, "cases.answer", now=now)
    asked = Consultation.objects.filter(agency__in=people.agencies_in_scope(scope))
    return asked.select_related(
        "case__revision__procedure", "case__field", "case__settling_agency", "agency", "answered_by"
    ).order_by(F("answered_at").desc(nulls_first=True), "due_at", "id")


def get_consultation(consultation_id: int) -> Consultation:
    """Return a question with its case and agencies; raise NoSuchConsultation."""
    found = (
        Consultation.objects.select_related(
            "case__revision__procedure",
            "case__field",
            "case__settling_agency",
            "agency",
            "asked_by",
            "answered_by",
        )
        .filter(pk=consultation_id)
        .first()
    )
    if found is None:
        raise NoSuchConsultation(
            _("Không có phiếu lấy ý kiến số %(number)s.") % {"number": consultation_id}
        )
    return found

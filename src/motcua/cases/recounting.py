"""Recounting: the due time of a case from all that moved its clock, without writing anything."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from motcua.cases.models import Case, ClockEvent
from motcua.engine import clock_events as engine
from motcua.engine import deadlines, norms
from motcua.engine.ledger import Deadline
from motcua.engine.limits import Limit, Unit, parse_limit
from motcua.engine.moments import local
from motcua.engine.timerules import TimeRules
from motcua.engine.worktime import WorkCalendar
from motcua.lawbook import queries as lawbook
from motcua.procedures import queries as procedures
from motcua.workflow import queries as workflow


@dataclass(frozen=True, kw_only=True, slots=True)
class Recounted:
    """A case counted again: its due time as stored, and the deadline that follows now."""

    case: Case
    deadline: Deadline

    @property
    def moves(self) -> bool:
        """Whether the due time, or whether the clock runs, is another than what is stored."""
        is_stopped = self.case.clock_stopped_at is not None
        return (
            self.deadline.due_at != self.case.due_at or self.deadline.is_stopped is not is_stopped
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """A case that cannot be counted with these events, and the engine's reason."""

    case: Case
    refusal: engine.ClockRefuses


def recount(
    cases: Iterable[Case],
    *,
    more: Mapping[int, tuple[engine.ClockEvent, ...]] | None = None,
    calendars: Mapping[str, WorkCalendar] | None = None,
) -> list[Recounted | Refused]:
    """Return the deadlines of cases by the law of their own day and their unit's office hours.

    `more` are events that are not stored (yet), by the id of the case. `calendars` are other
    calendars than those in force, by the key of their office hours. Cases come with
    `receiving_agency` joined; one query asks for all their events. Raises CalendarEnds.
    """
    found = list(cases)
    stored = events_of(found)
    return [
        _recounted(case, (*stored[case.pk], *(more or {}).get(case.pk, ())), calendars or {})
        for case in found
    ]


def recount_one(case: Case, *, more: tuple[engine.ClockEvent, ...] = ()) -> Deadline:
    """Return the deadline of one case; raise ClockRefuses for events that law or order forbid."""
    (answer,) = recount([case], more={case.pk: more})
    if isinstance(answer, Refused):
        raise answer.refusal
    return answer.deadline


def _recounted(
    case: Case,
    events: tuple[engine.ClockEvent, ...],
    calendars: Mapping[str, WorkCalendar],
) -> Recounted | Refused:
    try:
        deadline = deadlines.replay(
            received_at=case.received_at,
            limit=limit_of(case),
            events=events,
            calendar=calendar_of(case, calendars),
            rules=rules_of(case),
        )
    except engine.ClockRefuses as refusal:
        return Refused(case=case, refusal=refusal)
    return Recounted(case=case, deadline=deadline)


def events_of(cases: Iterable[Case]) -> dict[int, tuple[engine.ClockEvent, ...]]:
    """Return the events of cases that were not taken back, by the id of the case. One query."""
    ids = [case.pk for case in cases]
    rows = ClockEvent.objects.filter(case__in=ids, cancels=None, cancelled_by=None)
    found: dict[int, list[engine.ClockEvent]] = defaultdict(list)
    for row in rows.order_by("at", "id"):
        found[row.case_id].append(as_event(row))
    return {pk: tuple(found[pk]) for pk in ids}


def as_event(row: ClockEvent) -> engine.ClockEvent:
    """Return a stored event as the engine knows it."""
    extra = None
    if row.extra_amount is not None:
        extra = Limit(amount=row.extra_amount.normalize(), unit=Unit(row.extra_unit))
    return engine.ClockEvent(
        at=local(row.at), kind=engine.EventKind(row.kind), extra=extra, until=row.until
    )


def limit_of(case: Case) -> Limit:
    """Return the time limit of a case: its channel's, under its own revision of the procedure."""
    sheet = procedures.get_sheet_of(case.revision_id)
    channel = next(one for one in sheet.channels if one.kind == case.channel)
    return Limit(amount=channel.limit_amount, unit=Unit(channel.limit_unit), source=sheet.source)


def rules_of(case: Case) -> TimeRules:
    """Return the rules about clocks of the day on which the case was received."""
    return lawbook.get_time_rules(case.law_date)


def calendar_of(case: Case, others: Mapping[str, WorkCalendar] | None = None) -> WorkCalendar:
    """Return the working calendar of the unit that received the case and returns its result."""
    key = lawbook.office_hours_key_of(case.receiving_agency.code)
    return (others or {}).get(key) or lawbook.get_calendar(office_hours_key=key)


def step_timers_stand(law_date: date) -> bool:
    """Say whether timers of steps stand still while the clock of their case does."""
    return lawbook.get_clock_choices(law_date).step_timers.value == "stand"


def norm_deadline_of(
    case: Case, events: Iterable[engine.ClockEvent] | None = None
) -> Deadline | None:
    """Return when the service norm of a case runs out, and why; None where its workflow has none.

    The events are asked for unless they are given.
    """
    norm = norm_limit(case.run.version_id)
    if norm is None:
        return None
    return norms.norm_deadline(
        received_at=case.received_at,
        norm=norm,
        events=events_of([case])[case.pk] if events is None else events,
        calendar=calendar_of(case),
        rules=rules_of(case),
        choices=lawbook.get_clock_choices(case.law_date),
    )


def norm_limit(version_id: int) -> Limit | None:
    """Return the service norm of a version of a workflow, with the version as its source."""
    version = workflow.get_version(version_id)
    if not version.net.norm:
        return None
    source = _("Quy trình “%(name)s”, phiên bản %(number)s") % {
        "name": version.net.name or version.workflow_key,
        "number": version.number,
    }
    return parse_limit(version.net.norm, source=source)


def latest_day_to_put_off(case: Case) -> date | None:
    """Return the last day on which an extension may be announced; None while the clock stands."""
    if case.clock_stopped_at is not None:
        return None
    notice = rules_of(case).extension_notice.value
    return deadlines.latest_extension_day(local(case.due_at), calendar_of(case), notice)

"""What can be asked about changes that move many cases at once: who is touched, and how far it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet

from motcua.cases.models import Case, ClockEvent, HandedCase, MassRecount, Suspension
from motcua.cases.recounting import Recounted, Refused, recount
from motcua.engine import clock_events as engine
from motcua.engine.calendar_decisions import DecidedDay
from motcua.lawbook import queries as lawbook
from motcua.people import agency_queries
from motcua.people import queries as people

if TYPE_CHECKING:
    from motcua.people.models import Agency


@dataclass(frozen=True, kw_only=True, slots=True)
class Effect:
    """What a change would do to the open cases: those whose due time moves, and those refused."""

    moved: tuple[Recounted, ...]
    refused: tuple[Refused, ...]
    asked: int

    def by_unit(self) -> tuple[tuple[str, int], ...]:
        """Return how many cases move at each settling unit, the most first."""
        counts: dict[str, int] = {}
        for one in self.moved:
            name = one.case.settling_agency.name
            counts[name] = counts.get(name, 0) + 1
        return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def open_cases(origin: str) -> QuerySet[Case]:
    """Return the cases that a change of this origin may touch."""
    if not origin.startswith("suspension:"):
        return Case.objects.filter(finished_at=None)
    suspension = get_suspension(origin)
    reached = under_suspension(
        suspension.agency,
        with_subordinate=suspension.with_subordinate,
        starts_at=suspension.starts_at,
        ends_at=suspension.ends_at,
    )
    # Wherever they went since: what stands still for it goes on with it.
    standing = ClockEvent.objects.filter(case=OuterRef("pk"), origin=origin)
    return Case.objects.filter(Q(pk__in=reached.values("pk")) | Exists(standing), finished_at=None)


def get_suspension(origin: str) -> Suspension:
    """Return the suspension of which an origin tells."""
    rows = Suspension.objects.select_related("agency")
    return rows.get(pk=int(origin.removeprefix("suspension:")))


def under_suspension(
    agency: Agency, *, with_subordinate: bool, starts_at: datetime, ends_at: datetime | None
) -> QuerySet[Case]:
    """Return the open cases whose clocks a suspension stops: those settled there while it lasts.

    What a dissolved agency left behind is settled at its successor, and at itself until it moved.
    """
    worked = agency_queries.list_worked_by(agency, with_subordinate=with_subordinate)
    inside = _out_of(agency, with_subordinate=with_subordinate)
    went = _moves().filter(inside, case=OuterRef("pk"), moved_at__gt=starts_at)
    found = Case.objects.filter(Q(settling_agency__in=worked) | Exists(went), finished_at=None)
    if ends_at is not None:
        came = _moves().filter(~inside, case=OuterRef("pk"), dissolution__heir__in=worked)
        found = found.filter(~Exists(came.filter(moved_at__gte=ends_at)), received_at__lt=ends_at)
    return found


def suspended_from(case: Case, suspension: Suspension) -> datetime:
    """Return from when on a suspension stops the clock of a case: not before it came to the unit."""
    agency, with_subordinate = suspension.agency, suspension.with_subordinate
    worked = agency_queries.list_worked_by(agency, with_subordinate=with_subordinate)
    inside = _out_of(agency, with_subordinate=with_subordinate)
    came = _moves().filter(~inside, case=case, dissolution__heir__in=worked)
    return max(suspension.starts_at, case.received_at, *came.values_list("moved_at", flat=True))


def _moves() -> QuerySet[HandedCase]:
    """Return which cases went to a successor that settles them since."""
    return HandedCase.objects.filter(was_settling=True, dissolution__undone_at=None)


def _out_of(agency: Agency, *, with_subordinate: bool) -> Q:
    """Return which moves led out of a dissolved agency that was the suspended one, or below it."""
    if with_subordinate:
        return Q(dissolution__agency__path__startswith=agency.path)
    return Q(dissolution__agency=agency)


def preview_calendar(days: tuple[DecidedDay, ...]) -> Effect:
    """Return what these days would do to all open cases; nothing is written."""
    keys = [rule.key for rule in lawbook.list_office_hours()]
    calendars = {key: lawbook.get_calendar_with(days, office_hours_key=key) for key in keys}
    return _effect(recount(_with_units(open_cases("calendar:")), calendars=calendars))


def preview_suspension(
    agency: Agency, *, with_subordinate: bool, starts_at: datetime, ends_at: datetime | None
) -> Effect:
    """Return what a suspension would do to the unit's open cases; nothing is written."""
    cases = list(
        _with_units(
            under_suspension(
                agency, with_subordinate=with_subordinate, starts_at=starts_at, ends_at=ends_at
            )
        )
    )
    begun = engine.ClockEvent(at=starts_at, kind=engine.EventKind.SUSPENDED)
    events: tuple[engine.ClockEvent, ...] = (begun,)
    if ends_at is not None:
        ended = engine.ClockEvent(at=ends_at, kind=engine.EventKind.SUSPENSION_LIFTED)
        events = (begun, ended)
    return _effect(recount(cases, more={case.pk: events for case in cases}))


def _with_units(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.select_related("receiving_agency", "settling_agency").order_by("due_at", "pk")


def _effect(answers: Iterable[Recounted | Refused]) -> Effect:
    told = list(answers)
    return Effect(
        moved=tuple(one for one in told if isinstance(one, Recounted) and one.moves),
        refused=tuple(one for one in told if isinstance(one, Refused)),
        asked=len(told),
    )


def find_overlap(
    agency: Agency, *, starts_at: datetime, ends_at: datetime | None
) -> Suspension | None:
    """Return a suspension that holds for the unit in the same time, if there is one."""
    at_the_time = Q(ends_at=None) | Q(ends_at__gt=starts_at)
    found = Suspension.objects.select_related("agency").filter(at_the_time)
    if ends_at is not None:
        found = found.filter(starts_at__lt=ends_at)
    return next((one for one in found if _holds_for(one, agency)), None)


def _holds_for(suspension: Suspension, agency: Agency) -> bool:
    return agency.pk in agency_queries.list_worked_by(
        suspension.agency, with_subordinate=suspension.with_subordinate
    )


def find_suspension_at(agency_id: int, *, at: datetime) -> Suspension | None:
    """Return the suspension under which a unit's clocks stand still at a moment, if any."""
    holding = Suspension.objects.select_related("agency").filter(
        Q(ends_at=None) | Q(ends_at__gt=at), starts_at__lte=at
    )
    found = list(holding)
    if not found:
        return None
    agency = people.agencies_in_scope(
        people.Scope(everything=False, agency_ids=frozenset([agency_id]), subtrees=())
    ).get()
    return next((one for one in found if _holds_for(one, agency)), None)


def list_suspensions() -> QuerySet[Suspension]:
    """Return all suspensions, the latest first."""
    return Suspension.objects.select_related("agency", "recorded_by").order_by("-starts_at", "-id")


def get_mass_recount(mass_id: int) -> MassRecount | None:
    """Return a recount of many cases with its progress; None when there is none."""
    return MassRecount.objects.filter(pk=mass_id).first()


def list_unfinished() -> list[int]:
    """Return the recounts of many cases that are not done."""
    return list(MassRecount.objects.filter(finished_at=None).values_list("pk", flat=True))

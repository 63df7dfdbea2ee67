"""How likely open cases end late: learned from the newest finished steps, told for many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from django.db.models import QuerySet

from motcua.cases import recounting
from motcua.cases.models import Case
from motcua.engine.laterisk import History, PastStep, Path, Risk, StepAhead, StepKey
from motcua.engine.moments import midnight
from motcua.engine.net import AGENCY_PREFIX, RECEIVING, Node
from motcua.engine.path_ahead import KeyOf, path_ahead
from motcua.engine.worktime import CalendarEnds, WorkCalendar
from motcua.lawbook import queries as lawbook
from motcua.people import queries as people
from motcua.workflow import queries as workflow

MOST_CASES: Final = 2_000
"""So many open cases, the nearest due first, are compared at once."""

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class RiskyCase:
    """An open case with the chance that it ends late; none while it waits for something else."""

    case: Case
    risk: Risk | None
    open_step: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RiskList:
    """Open cases, the most endangered first, and how many there are in all."""

    cases: tuple[RiskyCase, ...]
    count: int


def get_history(now: datetime) -> History:
    """Return what finished steps teach; learned once a day in each process, from before that day.

    Once a day is enough, since a day adds little to months of history; and the same day then
    always tells the same chance for the same state.
    """
    return _history(midnight(people.day_of(now)))


def forget() -> None:
    """Forget what was learned."""
    _history.cache_clear()


@lru_cache(maxsize=2)
def _history(before: datetime) -> History:
    rules = lawbook.get_risk_rules(people.day_of(before))
    return History.compile(past_steps(before=before), enough=rules.enough_history)


def past_steps(*, before: datetime) -> list[PastStep]:
    """Return the newest steps that people had finished before a moment. One query.

    Cases whose clock ever stood still are left out: their steps waited for someone else.
    """
    most = lawbook.get_risk_rules(people.day_of(before)).learned_steps
    rows = (
        Case.objects.filter(
            clock_events=None,
            run__tasks__kind="USER",
            run__tasks__was_withdrawn=False,
            run__tasks__completed_at__lt=before,
        )
        .order_by("-run__tasks__id")
        .values_list(
            "run__version_id",
            "run__tasks__node",
            "run__tasks__role",
            "run__tasks__agency__code",
            "run__tasks__opened_at",
            "run__tasks__completed_at",
        )[:most]
    )
    return [
        PastStep(
            StepKey(_step_name(version, node), unit, role),
            _calendar_of(unit).measure(opened, done) // _MINUTE,
        )
        for version, node, role, unit, opened, done in rows
        if done is not None
    ]


def _calendar_of(agency_code: str) -> WorkCalendar:
    """Return the working calendar of the unit that does a step."""
    return lawbook.get_calendar(office_hours_key=lawbook.office_hours_key_of(agency_code))


def list_risky(officer: people.Person, *, now: datetime) -> RiskList:
    """Return the open cases that the person's units settle, the most endangered first.

    Of more than MOST_CASES those that are due first are compared. Three queries.
    """
    scope = people.scope_of(officer, "reports.see", now=now)
    agencies = people.agencies_in_scope(scope).values("pk")
    found = Case.objects.filter(settling_agency__in=agencies, finished_at=None)
    found = found.exclude(status=Case.Status.REFUSED)
    compared = _comparable(found).order_by("due_at", "id")[:MOST_CASES]
    told = tell_risks(compared, now=now)
    told.sort(key=lambda one: (-one.risk.probability if one.risk else 1, one.case.due_at))
    return RiskList(cases=tuple(told), count=found.count())


def sort_by_risk(work: QuerySet[Case], *, now: datetime) -> list[Case]:
    """Return the first MOST_CASES rows of work, the most endangered first. Two queries."""
    told = tell_risks(work.select_related("run")[:MOST_CASES], now=now)
    # A case that waits cannot be foretold, and is not what to do first.
    told.sort(key=lambda one: -one.risk.probability if one.risk else 1)
    return [one.case for one in told]


def risk_of(case: Case, *, now: datetime) -> RiskyCase | None:
    """Return the chance that one case ends late; None when it has ended."""
    found = list(_comparable(Case.objects.filter(pk=case.pk, finished_at=None)))
    return tell_risks(found, now=now)[0] if found else None


def _comparable(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.select_related("run", "receiving_agency", "settling_agency", "revision__procedure")


def tell_risks(cases: Iterable[Case], *, now: datetime) -> list[RiskyCase]:
    """Return the chances of cases that come with run, agencies and procedure joined. One query."""
    history, found = get_history(now), list(cases)
    tasks: dict[int, list[Any]] = defaultdict(list)
    for task in workflow.list_open_tasks_of_runs(case.run_id for case in found):
        tasks[task.run_id].append(task)
    return [_told(case, tasks[case.run_id], history, now=now) for case in found]


def _told(case: Case, tasks: list[Any], history: History, *, now: datetime) -> RiskyCase:
    names = ", ".join(task.name for task in tasks)
    if case.clock_stopped_at is not None or not tasks:
        return RiskyCase(case=case, risk=None, open_step=names)
    try:
        spent = {
            task.node: _calendar_of(task.agency.code).measure(task.opened_at, now) // _MINUTE
            for task in tasks
        }
        remaining = recounting.calendar_of(case).measure(now, case.due_at) // _MINUTE
    except CalendarEnds:
        return RiskyCase(case=case, risk=None, open_step=names)
    risk = history.risk(path=path_of_case(case, spent), remaining_minutes=remaining)
    return RiskyCase(case=case, risk=risk, open_step=names)


def path_of_case(case: Case, spent: dict[str, int]) -> Path:
    """Return the steps ahead; what follows the open ones is found once for many cases."""
    version_id = case.run.version_id
    places = (case.receiving_agency.code, case.settling_agency.code)
    net = workflow.get_version(version_id).net
    known = {node: max(0, minutes) for node, minutes in spent.items() if node in net.by_id}
    if len(known) == 1:
        ((node, minutes),) = known.items()
        step = net.by_id[node]
        first = StepAhead(_keys(version_id, places)(step), step.label, minutes)
        return (first, *_path_after(version_id, node, places))
    return path_ahead(net, known, _keys(version_id, places))


@lru_cache(maxsize=5_000)
def _path_after(version_id: int, node: str, places: tuple[str, str]) -> Path:
    net = workflow.get_version(version_id).net
    return path_ahead(net, {node: 0}, _keys(version_id, places))[1:]


def keys_of(case: Case) -> KeyOf:
    """Return how the steps of a case are known among past steps."""
    places = (case.receiving_agency.code, case.settling_agency.code)
    return _keys(case.run.version_id, places)


def _keys(version_id: int, places: tuple[str, str]) -> KeyOf:
    def key_of(node: Node) -> StepKey:
        unit = places[0] if node.unit in ("", RECEIVING) else places[1]
        if node.unit.startswith(AGENCY_PREFIX):
            unit = node.unit.removeprefix(AGENCY_PREFIX)
        return StepKey(_step_name(version_id, node.id), unit, node.role)

    return key_of


def _step_name(version_id: int, node: str) -> str:
    """Return the name of a step that is the same in all versions of a workflow."""
    return f"{workflow.get_version(version_id).workflow_key}:{node}"

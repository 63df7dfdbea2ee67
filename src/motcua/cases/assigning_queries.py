"""Which tasks a leader may put in whose hands: by unit, by who holds them, and who has left or is away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from motcua.cases import queries
from motcua.cases.models import Case
from motcua.engine.load import Candidate
from motcua.people import absence_queries
from motcua.people import queries as people
from motcua.workflow import queries as workflow

STATES = ("all", "unheld", "overdue", "away", "left")


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a task must be done: a role at an agency."""

    agency_id: int
    role: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftTasks:
    """Somebody who left a post but still holds tasks of it."""

    person_id: int
    name: str
    count: int


def list_tasks(
    officer: people.Person, *, state: str, holder_id: int | None, now: datetime
) -> QuerySet[Case]:
    """Return the cases with an open task at the person's units, nearest due first, one row a task."""
    found = _held_by(_tasks(officer, now=now), holder_id).filter(_state(state, now=now))
    return queries.with_names(found.order_by("due_at", "task_id"))


def count_tasks(officer: people.Person, *, holder_id: int | None, now: datetime) -> dict[str, int]:
    """Return, for each state, how many rows list_tasks gives. One query."""
    counts: dict[str, int] = _held_by(_tasks(officer, now=now), holder_id).aggregate(
        **{state: Count("task_id", filter=_state(state, now=now)) for state in STATES}
    )
    return counts


def agencies_of(officer: people.Person, *, now: datetime) -> frozenset[int]:
    """Return the agencies whose tasks a person may assign. One query."""
    scope = people.scope_of(officer, "cases.assign", now=now)
    return frozenset(people.agencies_in_scope(scope).values_list("pk", flat=True))


def _tasks(officer: people.Person, *, now: datetime) -> QuerySet[Any]:
    scope = people.scope_of(officer, "cases.assign", now=now)
    agencies = people.agencies_in_scope(scope).values("pk")
    return _with_holders(Q(run__tasks__agency__in=agencies), now=now)


def _with_holders(where: Q, *, now: datetime) -> QuerySet[Any]:
    """Return the open tasks of people, with who holds them, and whether they left or are away.

    All conditions stand in one filter: in two, a case would be joined to its tasks twice.
    """
    today = people.day_of(now)
    posts = absence_queries.posts_in_force(on=today).filter(
        person=OuterRef("task_assignee_id"),
        agency=OuterRef("task_agency_id"),
        role=OuterRef("task_role"),
    )
    away = absence_queries.in_force(on=today).filter(absent=OuterRef("task_assignee_id"))
    found: QuerySet[Any] = Case.objects.filter(
        where, run__tasks__completed_at__isnull=True, run__tasks__kind="USER"
    ).annotate(
        task_id=F("run__tasks__id"),
        task_name=F("run__tasks__name"),
        task_agency_id=F("run__tasks__agency_id"),
        task_agency=F("run__tasks__agency__name"),
        task_role=F("run__tasks__role"),
        task_assignee_id=F("run__tasks__assignee_id"),
        task_assignee=F("run__tasks__assignee__full_name"),
        has_post=Exists(posts),
        is_away=Exists(away),
    )
    return found


def _held_by(tasks: QuerySet[Any], holder_id: int | None) -> QuerySet[Any]:
    return tasks if holder_id is None else tasks.filter(task_assignee_id=holder_id)


def _state(state: str, *, now: datetime) -> Q:
    return {
        "unheld": Q(task_assignee_id=None),
        "overdue": Q(due_at__lt=now, clock_stopped_at=None),
        "away": Q(task_assignee_id__isnull=False, is_away=True),
        "left": Q(task_assignee_id__isnull=False, has_post=False),
    }.get(state, Q())


def list_left_tasks(*, now: datetime) -> tuple[LeftTasks, ...]:
    """Return who holds tasks of a post that they no longer have, and how many. One query."""
    left = _with_holders(Q(), now=now).filter(_state("left", now=now))
    rows = (
        left.order_by()
        .values("task_assignee_id", "task_assignee")
        .annotate(count=Count("task_id"))
        .order_by("task_assignee", "task_assignee_id")
        .values_list("task_assignee_id", "task_assignee", "count")
    )
    return tuple(LeftTasks(person_id=pk, name=name, count=count) for pk, name, count in rows)


def list_candidates(
    places: Iterable[Place], *, now: datetime
) -> dict[Place, tuple[Candidate, ...]]:
    """Return who may do the tasks of each place today and is there, with their loads. Three queries."""
    wanted = set(places)
    today = people.day_of(now)
    away = absence_queries.absent_ids(on=today)
    held = workflow.count_held()
    found: defaultdict[Place, list[Candidate]] = defaultdict(list)
    agencies = {place.agency_id for place in wanted}
    for person_id, name, agency_id, role in absence_queries.list_qualified(agencies, on=today):
        place = Place(agency_id=agency_id, role=role)
        if place in wanted and person_id not in away:
            found[place].append(
                Candidate(id=person_id, name=name, open_count=held.get(person_id, 0))
            )
    return {place: tuple(found[place]) for place in wanted}

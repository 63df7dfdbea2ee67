"""Hands the open steps of an agency on to its successor, and back again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from motcua.people import absence_queries
from motcua.people import queries as people
from motcua.workflow.models import Run, Task


@dataclass(frozen=True, kw_only=True, slots=True)
class HandedStep:
    """A step that went to the successor: who held it, and whether they hold it there still."""

    run_id: int
    task_id: int
    role: str
    assignee_id: int | None
    is_kept: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class HandedOn:
    """What went to the successor: the open steps, and the runs that it receives or settles now."""

    steps: tuple[HandedStep, ...]
    receiving: frozenset[int]
    settling: frozenset[int]

    @property
    def run_ids(self) -> frozenset[int]:
        """Every run of which something changed."""
        return self.receiving | self.settling | {step.run_id for step in self.steps}


def hand_on(*, agency_id: int, heir_id: int, run_ids: Collection[int], now: datetime) -> HandedOn:
    """Let the successor go on with the runs of an agency: their open steps and all that follow.

    Roles and due times stay. Whoever holds a step keeps it where they have its role at the successor.
    As many statements for one run as for many. Called inside the transaction of the area whose work
    it is, which holds the trails of the runs' cases.
    """
    open_at = Task.objects.filter(run_id__in=run_ids, agency_id=agency_id, completed_at=None)
    tasks = list(open_at.select_for_update().order_by("pk"))
    held = absence_queries.posts_in_force(on=people.day_of(now)).filter(agency_id=heir_id)
    holders = set(held.values_list("person_id", "role"))
    steps = tuple(
        HandedStep(
            run_id=task.run_id,
            task_id=task.pk,
            role=task.role,
            assignee_id=task.assignee_id,
            is_kept=(task.assignee_id, task.role) in holders,
        )
        for task in tasks
    )
    given_up = [step.task_id for step in steps if not step.is_kept]
    Task.objects.filter(pk__in=[step.task_id for step in steps]).update(agency_id=heir_id)
    Task.objects.filter(pk__in=given_up).update(assignee_id=None)
    runs = list(
        Run.objects.filter(
            Q(receiving_agency_id=agency_id) | Q(settling_agency_id=agency_id),
            pk__in=run_ids,
            finished_at=None,
        ).values_list("pk", "receiving_agency_id", "settling_agency_id")
    )
    receiving = frozenset(pk for pk, at, _settling in runs if at == agency_id)
    settling = frozenset(pk for pk, _receiving, at in runs if at == agency_id)
    _place(Run.objects.filter(pk__in=receiving | settling), receiving, settling, heir_id)
    return HandedOn(steps=steps, receiving=receiving, settling=settling)


def _place(
    runs: Any, receiving: Collection[int], settling: Collection[int], agency_id: int
) -> None:
    runs.filter(pk__in=receiving).update(receiving_agency_id=agency_id)
    runs.filter(pk__in=settling).update(settling_agency_id=agency_id)


def list_touched(
    *, steps: Mapping[int, int | None], run_ids: Collection[int], heir_id: int, since: datetime
) -> list[int]:
    """Return the runs that went on at the successor: a step done, passed on, taken or opened there.

    `steps` gives of each step that was handed on who held it afterwards.
    """
    tasks = Task.objects.filter(pk__in=steps).values_list(
        "pk", "run_id", "agency_id", "completed_at", "assignee_id"
    )
    touched = {
        run_id
        for pk, run_id, agency_id, completed_at, assignee_id in tasks
        if completed_at is not None or agency_id != heir_id or assignee_id != steps[pk]
    }
    opened = Task.objects.filter(run_id__in=run_ids, agency_id=heir_id, opened_at__gt=since)
    opened = opened.exclude(pk__in=steps)
    return sorted(touched | set(opened.values_list("run_id", flat=True)))


def hand_back(
    *,
    agency_id: int,
    assignees: Mapping[int, int | None],
    receiving: Collection[int],
    settling: Collection[int],
) -> None:
    """Put steps and runs back to the agency they were at, in the hands they were in.

    Called as hand_on is, for what list_touched does not name.
    """
    tasks = list(Task.objects.select_for_update().filter(pk__in=assignees).order_by("pk"))
    for task in tasks:
        task.agency_id, task.assignee_id = agency_id, assignees[task.pk]
    Task.objects.bulk_update(tasks, ["agency", "assignee"])
    _place(Run.objects.all(), receiving, settling, agency_id)

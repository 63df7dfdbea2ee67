"""How much work comes to each unit, goes out of it and waits there, and the tasks behind each figure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from motcua.cases.models import Case

# What is counted of tasks. A withdrawn task was closed without being done: it neither came nor went.
PARTS = ("open", "unheld", "overdue", "arrived", "done")


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """The moments between which tasks come and go; what is open is open at the end."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """How many tasks are open, in nobody's hands, beyond their own time; came and were done."""

    open: int = 0
    unheld: int = 0
    overdue: int = 0
    arrived: int = 0
    done: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkOfRole:
    """The work of a role at an agency."""

    agency_id: int
    agency: str
    role: str
    work: Work


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkOfPerson:
    """What a person holds at agencies and did there in the span; `arrived` is not known of people."""

    person_id: int
    name: str
    work: Work


def count_work_of_roles(agencies: QuerySet[Any], span: Span) -> tuple[WorkOfRole, ...]:
    """Return the work of each role at each of the agencies that had any. One query."""
    rows = (
        _tasks(agencies, span)
        .values("task_agency_id", "task_agency", "task_role")
        .annotate(**{part: Count("task_id", filter=_is(part, span)) for part in PARTS})
        .order_by("task_agency", "task_agency_id", "task_role")
    )
    return tuple(
        WorkOfRole(
            agency_id=row["task_agency_id"],
            agency=row["task_agency"],
            role=row["task_role"],
            work=Work(**{part: row[part] for part in PARTS}),
        )
        for row in rows
        if any(row[part] for part in PARTS)
    )


def count_work_of_people(agencies: QuerySet[Any], span: Span) -> tuple[WorkOfPerson, ...]:
    """Return what each person holds and has done at the agencies, most in hand first. Two queries."""
    tasks = _tasks(agencies, span)
    held = tasks.filter(_is("open", span), task_assignee_id__isnull=False)
    found: dict[int, dict[str, Any]] = {}
    for row in held.values("task_assignee_id", "task_assignee").annotate(
        open=Count("task_id"), overdue=Count("task_id", filter=_is("overdue", span))
    ):
        holder = row.pop("task_assignee_id")
        found[holder] = {"name": row.pop("task_assignee"), **row}
    did = tasks.filter(_is("done", span), task_doer_id__isnull=False)
    for row in did.values("task_doer_id", "task_doer").annotate(done=Count("task_id")):
        found.setdefault(row["task_doer_id"], {"name": row["task_doer"]})["done"] = row["done"]
    people = [
        WorkOfPerson(person_id=pk, name=told.pop("name"), work=Work(**told))
        for pk, told in found.items()
    ]
    return tuple(sorted(people, key=lambda one: (-one.work.open, one.name, one.person_id)))


def list_tasks(
    agencies: QuerySet[Any],
    span: Span,
    *,
    part: str,
    agency_id: int | None = None,
    role: str = "",
    person_id: int | None = None,
) -> QuerySet[Any]:
    """Return the cases with the tasks behind a figure, one row a task, the oldest first.

    A person's open tasks are those in their hands, and done ones those that they did.
    """
    found = _tasks(agencies, span).filter(_is(part, span))
    if agency_id is not None:
        found = found.filter(task_agency_id=agency_id)
    if role:
        found = found.filter(task_role=role)
    if person_id is not None:
        doer = "task_doer_id" if part == "done" else "task_assignee_id"
        found = found.filter(**{doer: person_id})
    return found.order_by("task_opened_at", "task_id")


def _tasks(agencies: QuerySet[Any] | list[int], span: Span) -> QuerySet[Any]:
    """Return the tasks of people that were open at the end of the span, or came or went in it.

    All conditions stand in one filter: in two, a case would be joined to its tasks twice.
    """
    return Case.objects.filter(
        Q(run__tasks__completed_at__isnull=True) | Q(run__tasks__completed_at__gte=span.starts_at),
        run__tasks__agency__in=agencies,
        run__tasks__kind="USER",
        run__tasks__opened_at__lt=span.ends_at,
    ).annotate(
        task_id=F("run__tasks__id"),
        task_name=F("run__tasks__name"),
        task_agency_id=F("run__tasks__agency_id"),
        task_agency=F("run__tasks__agency__name"),
        task_role=F("run__tasks__role"),
        task_assignee_id=F("run__tasks__assignee_id"),
        task_assignee=F("run__tasks__assignee__full_name"),
        task_doer_id=F("run__tasks__completed_by_id"),
        task_doer=F("run__tasks__completed_by__full_name"),
        task_opened_at=F("run__tasks__opened_at"),
        task_due_at=F("run__tasks__due_at"),
        task_completed_at=F("run__tasks__completed_at"),
        task_was_withdrawn=F("run__tasks__was_withdrawn"),
    )


def _is(part: str, span: Span) -> Q:
    is_open = Q(task_completed_at__isnull=True) | Q(task_completed_at__gte=span.ends_at)
    return {
        "open": is_open,
        "unheld": is_open & Q(task_assignee_id__isnull=True),
        "overdue": is_open & Q(task_due_at__lt=span.ends_at),
        # What was withdrawn after the span was there at its end.
        "arrived": Q(task_opened_at__gte=span.starts_at)
        & (Q(task_was_withdrawn=False) | Q(task_completed_at__gte=span.ends_at)),
        "done": Q(
            task_completed_at__gte=span.starts_at,
            task_completed_at__lt=span.ends_at,
            task_was_withdrawn=False,
        ),
    }[part]

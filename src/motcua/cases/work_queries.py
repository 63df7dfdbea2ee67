"""What waits for a person: the steps at their posts, and the results at their counters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Count, F, Prefetch, Q, QuerySet, Value
from django.utils import timezone

from motcua.cases import online_queries as online
from motcua.cases import queries
from motcua.cases.models import Case, Party
from motcua.engine.moments import local, midnight
from motcua.people import queries as people
from motcua.workflow import change_queries as changes

STATES = ("all", "mine", "overdue", "today", "soon")


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkFilter:
    """Which part of a person's work to list."""

    state: str = "all"  # one of STATES
    field_id: int | None = None


def list_work(
    officer: people.Person, *, wanted: WorkFilter, soon_until: datetime, now: datetime
) -> QuerySet[Case]:
    """Return the cases with a task that waits for the person or their unit, nearest due first.

    Each row is one task: `task_id`, `task_name`, `task_due_at`, `task_assignee_id`, `task_assignee`,
    and what `transfer_queries.due_of_work` asks.
    """
    work: QuerySet[Any] = _narrowed(
        _work(officer, now=now), officer, wanted=wanted, soon_until=soon_until, now=now
    )
    named = work.annotate(task_assignee=F("run__tasks__assignee__full_name"))
    # The run, by which the chance of lateness is told.
    return queries.with_names(named.select_related("run").order_by("due_at", "task_id"))


def has_work(officer: people.Person, *, case_code: str, now: datetime) -> bool:
    """Say whether a task of the case waits for the person or their unit."""
    return _work(officer, now=now).filter(code=case_code).exists()


def count_work(
    officer: people.Person, *, field_id: int | None, soon_until: datetime, now: datetime
) -> dict[str, int]:
    """Return, for each state, how many rows list_work gives. One query."""
    work: QuerySet[Any] = _work(officer, now=now)
    if field_id is not None:
        work = work.filter(field_id=field_id)
    counts: dict[str, int] = work.aggregate(
        **{
            state: Count("task_id", filter=_state(state, officer, soon_until=soon_until, now=now))
            for state in STATES
        }
    )
    return counts


def count_work_by_field(
    officer: people.Person, *, state: str, soon_until: datetime, now: datetime
) -> list[dict[str, Any]]:
    """Return the fields that occur in the work of a state, with how many rows each."""
    wanted = WorkFilter(state=state)
    rows: QuerySet[Any] = _narrowed(
        _work(officer, now=now), officer, wanted=wanted, soon_until=soon_until, now=now
    )
    grouped: QuerySet[Any, dict[str, Any]] = rows.values(
        "field_id", "field__name", "field__name_en", "field__sort_name"
    )
    return list(grouped.annotate(count=Count("task_id")).order_by("field__sort_name"))


def _work(officer: people.Person, *, now: datetime) -> QuerySet[Case]:
    """Return cases joined to their open tasks at the person's posts, one row a task."""
    mine = Q(pk__in=[])
    for post in officer.working_posts_on(timezone.localtime(now).date()):
        mine |= Q(run__tasks__agency_id=post.agency_id, run__tasks__role=post.role)
    return Case.objects.filter(mine, run__tasks__completed_at__isnull=True).annotate(
        task_id=F("run__tasks__id"),
        task_name=F("run__tasks__name"),
        task_due_at=F("run__tasks__due_at"),
        task_opened_at=F("run__tasks__opened_at"),
        task_agency_id=F("run__tasks__agency_id"),
        task_role=F("run__tasks__role"),
        task_assignee_id=F("run__tasks__assignee_id"),
    )


def _state(state: str, officer: people.Person, *, soon_until: datetime, now: datetime) -> Q:
    if state == "mine":
        return Q(task_assignee_id=officer.id)
    if state == "overdue":
        return Q(due_at__lt=now, clock_stopped_at=None)
    if state == "today":
        tomorrow = midnight(local(now).date() + timedelta(days=1))
        return Q(due_at__gte=now, due_at__lt=tomorrow, clock_stopped_at=None)
    if state == "soon":
        return Q(due_at__gte=now, due_at__lt=soon_until, clock_stopped_at=None)
    return Q()


def _narrowed(
    work: QuerySet[Case],
    officer: people.Person,
    *,
    wanted: WorkFilter,
    soon_until: datetime,
    now: datetime,
) -> QuerySet[Case]:
    work = work.filter(_state(wanted.state, officer, soon_until=soon_until, now=now))
    if wanted.field_id is not None:
        work = work.filter(field_id=wanted.field_id)
    return work


def list_to_return(officer: people.Person, *, text: str, now: datetime) -> QuerySet[Case]:
    """Return finished cases whose results wait at the person's counters, longest waiting first."""
    waiting = _to_return(officer, now=now)
    applicants = Party.objects.filter(role=Party.Role.APPLICANT)
    named = queries.with_names(queries.holding(waiting, text)).prefetch_related(
        Prefetch("parties", queryset=applicants, to_attr="applicants")
    )
    return named.order_by("finished_at", "id")


def _to_return(officer: people.Person, *, now: datetime) -> QuerySet[Case]:
    scope = people.scope_of(officer, "cases.return", now=now)
    return Case.objects.filter(
        status=Case.Status.DONE,
        # What the index holds; a finished case that was not handed over has both.
        finished_at__isnull=False,
        returned_at__isnull=True,
        receiving_agency__in=people.agencies_in_scope(scope),
    )


def _counted(page: str, rows: QuerySet[Any]) -> QuerySet[Any, tuple[str, int]]:
    """Return one row: the name of a page, and how many rows wait there."""
    named = rows.order_by().annotate(page=Value(page)).values("page")
    counted: QuerySet[Any, tuple[str, int]] = named.annotate(count=Count("pk")).values_list(
        "page", "count"
    )
    return counted


def count_waiting(officer: people.Person, *, now: datetime) -> dict[str, int]:
    """Return what the rail counts, by the name of the page it leads to. One query.

    Every page of the desk asks this. Whoever has no scope for a page has nothing there.
    """
    sql, values = _count_waiting_sql(officer, people.day_of(now))
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        waiting: dict[str, int] = dict(cursor.fetchall())
    on_workflows = waiting.pop("asks", 0) + waiting.pop("drafts", 0)
    return {
        "desk:returns": 0,
        "desk:online": 0,
        **waiting,
        # One inbox: the steps of cases, and what waits about workflows.
        "desk:my-work": waiting.get("desk:my-work", 0) + on_workflows,
    }


@lru_cache(maxsize=1024)
def _count_waiting_sql(officer: people.Person, day: date) -> tuple[str, tuple[Any, ...]]:
    """Return the SQL that counts the lists themselves, composed once for a person's posts of a day.

    To compose it takes several times as long as to have it answered.
    """
    now = midnight(day)
    counted = _counted("desk:my-work", _work(officer, now=now)).union(
        _counted("desk:returns", _to_return(officer, now=now)),
        _counted("desk:online", online.waiting_for(officer, now=now)),
        _counted("asks", changes.asks_waiting_for(officer, now=now)),
        _counted("drafts", changes.drafts_waiting_for(officer, now=now)),
        all=True,
    )
    sql, values = counted.query.get_compiler(connection=connection).as_sql()
    return str(sql), tuple(values)

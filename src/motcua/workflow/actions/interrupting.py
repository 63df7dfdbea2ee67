"""What the work that a run carries does to its tasks from outside: their time begins anew, or they end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from motcua.engine import deadlines
from motcua.engine.limits import parse_length
from motcua.engine.timerules import TimeRules
from motcua.engine.worktime import WorkCalendar
from motcua.workflow import queries
from motcua.workflow.models import Run, Task


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """Where a run stood: its tokens before joins, its open nodes, and the ids of its open tasks."""

    waiting: tuple[str, ...]
    open: tuple[str, ...]
    tasks: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ClosedRun:
    """The names of the steps that nobody will do in a run that was closed, when, and where it stood."""

    steps_left: tuple[str, ...]
    closed_at: datetime
    standing: Standing


def restart_open_tasks(
    *, run_id: int, calendar: WorkCalendar, rules: TimeRules, with_timers: bool, now: datetime
) -> None:
    """Give each open task of a run its whole limit again from now on, after its clock stood still.

    So do its timers, `with_timers`: where they ran on meanwhile they are left alone.

    Called inside the transaction of the area whose work it is, which knows its calendar and law.
    """
    run = Run.objects.get(pk=run_id)
    net = queries.get_version(run.version_id).net
    kinds = [Task.Kind.USER, Task.Kind.TIMER] if with_timers else [Task.Kind.USER]
    for task in Task.objects.filter(run=run, kind__in=kinds, completed_at__isnull=True):
        node = net.by_id[task.node]
        limit = node.timer if task.kind == Task.Kind.TIMER else node.limit
        if limit:
            task.due_at = deadlines.due_at(
                received_at=now,
                limit=parse_length(limit),
                calendar=calendar,
                rules=rules,
            )
            task.save(update_fields=["due_at"])


def close_run(*, run_id: int, officer_id: int, reason: str, now: datetime) -> ClosedRun:
    """End a run before its chart does, and return what nobody will do, and where its tokens waited.

    It ends at `now`, but not before its last step opened: whoever waited for the lock while another
    completed a step knew of that moment only then.

    Called inside the transaction of the area whose work it is, which holds the lock.
    """
    run = Run.objects.select_for_update().get(pk=run_id)
    open_tasks = Task.objects.filter(run=run, completed_at__isnull=True).order_by("id")
    left = tuple(open_tasks.values_list("pk", "name", "opened_at"))
    closed_at = max(now, *(opened_at for _pk, _name, opened_at in left))
    standing = Standing(
        waiting=tuple(run.waiting),
        open=tuple(run.open_nodes),
        tasks=tuple(pk for pk, _name, _opened_at in left),
    )
    open_tasks.update(
        completed_at=closed_at, completed_by_id=officer_id, was_withdrawn=True, comment=reason
    )
    run.waiting, run.open_nodes, run.finished_at = [], [], closed_at
    run.save(update_fields=["waiting", "open_nodes", "finished_at"])
    return ClosedRun(
        steps_left=tuple(name for _pk, name, _opened_at in left),
        closed_at=closed_at,
        standing=standing,
    )


def reopen_run(*, run_id: int, standing: Standing) -> None:
    """Let a run that close_run ended go on from where it stood: its tasks are as they were.

    Called inside the transaction of the area whose work it is, which holds the lock and knows that
    nothing has happened since.
    """
    Task.objects.filter(run_id=run_id, pk__in=standing.tasks, was_withdrawn=True).update(
        completed_at=None, completed_by=None, was_withdrawn=False, comment=""
    )
    Run.objects.filter(pk=run_id).update(
        waiting=list(standing.waiting), open_nodes=list(standing.open), finished_at=None
    )

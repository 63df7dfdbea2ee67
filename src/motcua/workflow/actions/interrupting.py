"""What the work that a run carries does to its tasks from outside: their time begins anew, or they end."""

from __future__ import annotations

from datetime import datetime

from motcua.engine import deadlines
from motcua.engine.limits import parse_length
from motcua.engine.timerules import TimeRules
from motcua.engine.worktime import WorkCalendar
from motcua.workflow import queries
from motcua.workflow.models import Run, Task


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


def close_run(*, run_id: int, officer_id: int, reason: str, now: datetime) -> tuple[str, ...]:
    """End a run before its chart does, and return the names of the steps that nobody will do.

    Called inside the transaction of the area whose work it is, which holds the lock.
    """
    open_tasks = Task.objects.filter(run_id=run_id, completed_at__isnull=True).order_by("id")
    names = tuple(open_tasks.values_list("name", flat=True))
    open_tasks.update(
        completed_at=now, completed_by_id=officer_id, was_withdrawn=True, comment=reason
    )
    Run.objects.filter(pk=run_id).update(waiting=[], open_nodes=[], finished_at=now)
    return names

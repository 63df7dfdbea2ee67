"""Moves a run to another version of its chart, and puts it back while it has not gone on.

Open tasks stay what they are, with who holds them and since when; only what their step says anew is
changed: its name, place, role, outcomes, and the time by which it is due when its limit differs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.engine import migration, tokens
from motcua.engine.net import RECEIVING, SETTLING, Kind, Net
from motcua.workflow import queries
from motcua.workflow.actions.running import NewTask, new_task
from motcua.workflow.models import Run, Task

# What of a task a migration may change; the rest says what happened and stays.
_FIELDS = ("node", "name", "kind", "agency_id", "role", "outcomes", "assignee_id", "due_at")


class CannotMoveRun(Exception):
    """The run has ended, left the version, has gone on, or finds no place in the other chart."""


def move_run(
    *,
    run_id: int,
    from_version_id: int,
    to_version_id: int,
    mapping: Mapping[str, str],
    now: datetime,
) -> tuple[dict[str, Any], dict[str, Any], str]:
    """Move a run to another version; return how it stood before and after, and what to know of it.

    Called inside the transaction of the area whose work it is, which holds the lock. Raises
    CannotMoveRun with every conflict.
    """
    run = Run.objects.select_for_update().get(pk=run_id)
    if run.finished_at is not None:
        raise CannotMoveRun(
            _("Hồ sơ đã kết thúc lúc %(at)s, trước khi được chuyển, nên giữ nguyên phiên bản cũ.")
            % {"at": _moment(run.finished_at)}
        )
    if run.version_id != from_version_id:
        raise CannotMoveRun(
            _("Hồ sơ đã chuyển sang phiên bản khác trước đó, nên lần này giữ nguyên.")
        )
    old, new = (queries.get_version(pk).net for pk in (from_version_id, to_version_id))
    found = migration.place(
        old,
        new,
        tokens.Marking(waiting=tuple(run.waiting), open=tuple(run.open_nodes)),
        migration.propose(old, new, mapping),
        variables=run.facts,
    )
    if found.marking is None:
        raise CannotMoveRun(" ".join(conflict.because.vi for conflict in found.conflicts))
    tasks = _open_tasks(run_id)
    before = _told(run, tasks)
    places = dict(found.steps)
    for task in tasks:
        _fit(task, places[task.node], run, old, new)
    tasks += _new_timers(run, new, set(found.marking.open) - set(places.values()), now=now)
    run.version_id = to_version_id
    run.waiting, run.open_nodes = list(found.marking.waiting), list(found.marking.open)
    run.save(update_fields=["version", "waiting", "open_nodes"])
    return before, _told(run, tasks), " ".join(note.vi for note in found.notes)


def put_run_back(
    *,
    run_id: int,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    officer_id: int,
    now: datetime,
) -> None:
    """Put a run back to where it stood before a migration, if it stands as that left it.

    Called as move_run is. Raises CannotMoveRun once the run has gone on.
    """
    run = Run.objects.select_for_update().get(pk=run_id)
    tasks = _open_tasks(run_id)
    _require_unmoved(run, tasks, after)
    was = {task["id"]: task for task in before["tasks"]}
    became = {task["id"]: task for task in after["tasks"]}
    for task in tasks:
        if task.pk not in was:
            # A timer that only the newer chart has.
            task.completed_at, task.completed_by_id, task.was_withdrawn = now, officer_id, True
            task.save(update_fields=["completed_at", "completed_by", "was_withdrawn"])
            continue
        restored = dict(was[task.pk])
        if was[task.pk]["assignee_id"] == became[task.pk]["assignee_id"]:
            # Whoever took or gave back the task since keeps it so.
            restored["assignee_id"] = task.assignee_id
        for name in _FIELDS:
            setattr(task, name, _read(name, restored[name]))
        task.save(update_fields=list(_FIELDS))
    run.version_id = before["version"]
    run.waiting, run.open_nodes = list(before["waiting"]), list(before["open"])
    run.save(update_fields=["version", "waiting", "open_nodes"])


def _open_tasks(run_id: int) -> list[Task]:
    return list(Task.objects.filter(run_id=run_id, completed_at=None).order_by("pk"))


def _told(run: Run, tasks: Iterable[Task]) -> dict[str, Any]:
    """Return how a run stands, as plain values that fit a JSON column and a trail."""
    return {
        "version": run.version_id,
        "waiting": sorted(run.waiting),
        "open": sorted(run.open_nodes),
        "tasks": [
            {"id": task.pk, **{name: _plain(getattr(task, name)) for name in _FIELDS}}
            for task in tasks
        ],
    }


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def _read(name: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if name == "due_at" and value else value


def _fit(task: Task, node_id: str, run: Run, old: Net, new: Net) -> None:
    """Make an open task what its place in the newer chart says; its time goes on from its opening."""
    was, node = old.by_id[task.node], new.by_id[node_id]
    wanted = _wanted(node_id, run, new, now=task.opened_at)
    if (task.agency_id, task.role) != (wanted.agency_id, wanted.role):
        task.assignee_id = None
    if (was.limit, was.timer) != (node.limit, node.timer):
        task.due_at = wanted.due_at
    task.node, task.name, task.kind = wanted.node, wanted.name, wanted.kind
    task.agency_id, task.role = wanted.agency_id, wanted.role
    task.outcomes = list(wanted.outcomes)
    task.save(update_fields=list(_FIELDS))


def _wanted(node_id: str, run: Run, new: Net, *, now: datetime) -> NewTask:
    units = {RECEIVING: run.receiving_agency_id, SETTLING: run.settling_agency_id}
    return new_task(new, new.by_id[node_id], units, now=now)


def _new_timers(run: Run, new: Net, nodes: set[str], *, now: datetime) -> list[Task]:
    made = []
    for node_id in sorted(nodes):
        if new.by_id[node_id].kind is not Kind.TIMER:
            continue
        wanted = _wanted(node_id, run, new, now=now)
        made.append(
            Task.objects.create(
                run=run,
                node=wanted.node,
                name=wanted.name,
                agency_id=wanted.agency_id,
                kind=wanted.kind,
                role=wanted.role,
                outcomes=list(wanted.outcomes),
                opened_at=now,
                due_at=wanted.due_at,
            )
        )
    return made


def _require_unmoved(run: Run, tasks: list[Task], after: Mapping[str, Any]) -> None:
    """Raise CannotMoveRun unless the run stands as the migration left it, whoever holds its tasks."""

    def standing(told: Mapping[str, Any]) -> Any:
        kept = [{**task, "assignee_id": None} for task in told["tasks"]]
        return {**told, "tasks": kept}

    now_told = _told(run, tasks)
    if standing(now_told) == standing(after):
        return
    done = Task.objects.filter(
        run=run, pk__in=[task["id"] for task in after["tasks"]], completed_at__isnull=False
    )
    first = done.order_by("completed_at").first()
    if first is not None and first.completed_at is not None:
        raise CannotMoveRun(
            _(
                "Sau khi chuyển, hồ sơ đã đi tiếp (bước “%(step)s” xong lúc %(at)s), nên không hoàn tác được "
                "nữa. Hồ sơ ở lại phiên bản mới."
            )
            % {"step": first.name, "at": _moment(first.completed_at)}
        )
    raise CannotMoveRun(
        _(
            "Sau khi chuyển, hồ sơ đã thay đổi (đổi phiên bản, kết thúc, hoặc thời hạn của bước được tính "
            "lại), nên không hoàn tác được nữa."
        )
    )


def _moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%H:%M %d/%m/%Y}"

"""What can be asked about workflows, runs and tasks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from motcua.engine import recorded_tests
from motcua.engine.net import AGENCY_PREFIX, Net
from motcua.workflow.models import (
    Call,
    Draft,
    DraftEdit,
    PlayedTest,
    RecordedTest,
    Run,
    Task,
    Version,
    Workflow,
)

OUTCOME_NAMES = {
    "": _("Hoàn thành"),
    "APPROVE": _("Đồng ý"),
    "RETURN": _("Trả lại để làm lại"),
    "REFUSE": _("Từ chối"),
    "QUALIFIED": _("Đủ điều kiện"),
    "UNQUALIFIED": _("Không đủ điều kiện"),
    "VERIFY": _("Cần xác minh"),
}


class NoSuchWorkflow(LookupError):
    """No version of the workflow was published for that day."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedVersion:
    """A published flow chart in its compiled form."""

    id: int
    workflow_key: str
    number: int
    net: Net


def get_version_in_force(*, workflow_key: str, on: date) -> PublishedVersion:
    """Return the newest version of a workflow in force on a day; raise NoSuchWorkflow if none."""
    found = find_version_in_force(workflow_key=workflow_key, on=on)
    if found is None:
        raise NoSuchWorkflow(
            _("Chưa có quy trình “%(workflow)s” nào được công bố cho ngày %(day)s.")
            % {"workflow": workflow_key, "day": f"{on:%d/%m/%Y}"}
        )
    return found


def find_version_in_force(*, workflow_key: str, on: date) -> PublishedVersion | None:
    """Return the newest version of a workflow in force on a day, or None."""
    found = (
        versions_in_force(on)
        .filter(workflow__key=workflow_key)
        .order_by("-starts_on", "-number")
        .values_list("pk", flat=True)
        .first()
    )
    return get_version(found) if found is not None else None


def versions_in_force(on: date) -> QuerySet[Version]:
    """Return the versions that have begun by a day and are not retired by then; the newest counts."""
    return Version.objects.filter(starts_on__lte=on).exclude(retirement__ends_on__lte=on)


@dataclass(frozen=True, kw_only=True, slots=True)
class Caller:
    """A workflow whose newest version calls a process, and which version of it."""

    workflow_key: str
    workflow_name: str
    version_id: int
    version_number: int
    starts_on: date
    called_number: int
    newest_number: int

    @property
    def lags(self) -> bool:
        """Say whether it still calls an older version than the one in force."""
        return self.called_number < self.newest_number


def list_callers(workflow_key: str, *, on: date) -> tuple[Caller, ...]:
    """Return the workflows that call a process, by name, with how far behind each is on a day."""
    in_force = find_version_in_force(workflow_key=workflow_key, on=on)
    newest = (
        Version.objects.filter(workflow_id=OuterRef("caller__workflow_id"))
        .order_by("-number")
        .values("pk")[:1]
    )
    rows = (
        Call.objects.filter(called__workflow__key=workflow_key, caller_id=Subquery(newest))
        .values_list(
            "caller__workflow__key",
            "caller__workflow__name",
            "caller_id",
            "caller__number",
            "caller__starts_on",
        )
        .annotate(oldest=Min("called__number"))
        .order_by("caller__workflow__name")
    )
    return tuple(
        Caller(
            workflow_key=key,
            workflow_name=name,
            version_id=version_id,
            version_number=number,
            starts_on=starts_on,
            called_number=oldest,
            newest_number=in_force.number if in_force else oldest,
        )
        for key, name, version_id, number, starts_on, oldest in rows
    )


@lru_cache(maxsize=2000)
def get_version(version_id: int) -> PublishedVersion:
    """Return a version in its compiled form; kept in memory, since a version never changes."""
    version = Version.objects.select_related("workflow").get(pk=version_id)
    return PublishedVersion(
        id=version.pk,
        workflow_key=version.workflow.key,
        number=version.number,
        net=Net.from_json(version.net),
    )


def get_drawing(version_id: int) -> str:
    """Return the BPMN 2.0 XML of a version."""
    return Version.objects.values_list("bpmn_xml", flat=True).get(pk=version_id)


def has_completed_step(run_id: int, *, since: datetime) -> bool:
    """Say whether a step of a run was completed by somebody since a moment."""
    done = Task.objects.filter(run_id=run_id, kind=Task.Kind.USER, was_withdrawn=False)
    return done.filter(completed_at__gte=since).exists()


def list_tasks(run_id: int) -> QuerySet[Task]:
    """Return the tasks of a run in the order in which they opened, with who and where."""
    return (
        Task.objects.filter(run_id=run_id)
        .select_related("agency", "assignee", "completed_by", "completed_for")
        .order_by("opened_at", "id")
    )


def list_tasks_of_runs(run_ids: Iterable[int]) -> QuerySet[Task]:
    """Return the tasks of runs in the order in which they opened, with where."""
    return (
        Task.objects.filter(run_id__in=list(run_ids))
        .select_related("agency")
        .order_by("opened_at", "id")
    )


def done_tasks(runs: QuerySet[Any, Any]) -> QuerySet[Task]:
    """Return what was done in runs (a query of ids); timers and what was withdrawn are left out."""
    done = Task.objects.filter(run_id__in=runs, completed_at__isnull=False, was_withdrawn=False)
    return done.exclude(kind=Task.Kind.TIMER)


def list_closed_tasks(run_id: int) -> QuerySet[Task]:
    """Return what was done in a run, timers too, in the order in which it was done."""
    done = Task.objects.filter(run_id=run_id, completed_at__isnull=False, was_withdrawn=False)
    return done.order_by("completed_at", "id")


def list_open_tasks_of_runs(run_ids: Iterable[int]) -> QuerySet[Task]:
    """Return the tasks of runs that wait for people."""
    waiting = open_tasks().filter(run_id__in=list(run_ids)).select_related("agency")
    return waiting.order_by("opened_at", "id")


def open_tasks() -> QuerySet[Task]:
    """Return every task that waits for someone."""
    return Task.objects.filter(completed_at__isnull=True, kind=Task.Kind.USER)


def count_held() -> dict[int, int]:
    """Return how many open tasks each person holds; none of who holds nothing."""
    held = open_tasks().filter(assignee__isnull=False).values_list("assignee_id")
    return dict(held.annotate(Count("pk")))


def list_due_timers(now: datetime) -> list[int]:
    """Return the ids of the timers that should have gone off, the longest overdue first."""
    waiting = Task.objects.filter(completed_at__isnull=True, kind=Task.Kind.TIMER, due_at__lte=now)
    return list(waiting.order_by("due_at", "id").values_list("pk", flat=True))


def list_open_services() -> list[int]:
    """Return the ids of the tasks that the system itself must carry out, the oldest first."""
    waiting = Task.objects.filter(completed_at__isnull=True, kind=Task.Kind.SERVICE)
    return list(waiting.order_by("opened_at", "id").values_list("pk", flat=True))


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageWait:
    """An event of a run that waits, or waited, for a message."""

    task_id: int
    message: str
    agency_id: int
    completed_at: datetime | None
    reference: str


def list_message_waits(run_id: int) -> tuple[MessageWait, ...]:
    """Return what a run waits or waited for, oldest first; what was withdrawn is left out."""
    net = get_version(Run.objects.values_list("version_id", flat=True).get(pk=run_id)).net
    tasks = Task.objects.filter(run_id=run_id, kind=Task.Kind.MESSAGE, was_withdrawn=False)
    return tuple(
        MessageWait(
            task_id=task.pk,
            message=net.by_id[task.node].message,
            agency_id=task.agency_id,
            completed_at=task.completed_at,
            reference=task.comment,
        )
        for task in tasks.order_by("opened_at", "id")
        # One that was done before the run moved to a version without it is over.
        if task.node in net.by_id
    )


def runs_at(agencies: QuerySet[Any, Any]) -> QuerySet[Task, Any]:
    """Return, for use inside other queries, the runs with a task at agencies (a query of ids)."""
    return Task.objects.filter(agency_id__in=agencies).values("run_id")


def runs_waiting_at(agencies: Iterable[int]) -> QuerySet[Task, Any]:
    """Return, for use inside other queries, the runs with an open step at agencies."""
    return Task.objects.filter(agency_id__in=list(agencies), completed_at=None).values("run_id")


def waiting_at(agency: Any) -> QuerySet[Task]:
    """Return the open steps at an agency, those of the system and timers too."""
    return Task.objects.filter(agency_id=agency, completed_at=None)


def list_naming(agency_code: str, *, agency_id: int, on: date) -> QuerySet[Workflow]:
    """Return the workflows that an agency owns, or whose version in force names it in a lane or step."""
    newest = versions_in_force(on).filter(workflow=OuterRef("pk")).order_by("-starts_on", "-number")
    in_force = Version.objects.filter(
        pk__in=Workflow.objects.values(v=Subquery(newest.values("pk")[:1]))
    )
    naming = in_force.annotate(words=Cast("net", TextField())).filter(
        words__contains=f'"{AGENCY_PREFIX}{agency_code}"'
    )
    return Workflow.objects.filter(
        Q(owner=agency_id) | Q(pk__in=naming.values("workflow_id"))
    ).order_by("name", "pk")


class NoSuchDraft(LookupError):
    """No draft has this number."""


def get_draft(draft_id: int) -> Draft:
    """Return a draft with its workflow, its owner and its people; raise NoSuchDraft otherwise."""
    people = ("workflow__owner", "based_on", "created_by", "edited_by")
    draft = Draft.objects.select_related(*people).filter(pk=draft_id).first()
    if draft is None:
        raise no_such_draft(draft_id)
    return draft


def no_such_draft(draft_id: int) -> NoSuchDraft:
    """Return the refusal of a draft that is not there."""
    return NoSuchDraft(
        _("Không có bản thảo số %(id)d. Hãy mở lại từ danh sách quy trình.") % {"id": draft_id}
    )


def list_edits(draft_id: int) -> QuerySet[DraftEdit]:
    """Return the edits of a draft, the newest first, with who made them."""
    return DraftEdit.objects.filter(draft_id=draft_id).select_related("edited_by").order_by("-pk")


def get_drawing_of_edit(draft_id: int, revision: int) -> str:
    """Return what a draft was after one of its edits; raise NoSuchDraft when there is none."""
    edits = DraftEdit.objects.filter(draft_id=draft_id, revision=revision)
    found = edits.values_list("bpmn_xml", flat=True).first()
    if found is None:
        raise NoSuchDraft(
            _("Bản thảo số %(id)d không có lần lưu %(revision)d.")
            % {"id": draft_id, "revision": revision}
        )
    return found


def get_published(*, workflow_key: str, number: int) -> Version:
    """Return the row of a version with its workflow and owner; raise NoSuchWorkflow otherwise."""
    found = (
        Version.objects.select_related("workflow__owner")
        .filter(workflow__key=workflow_key, number=number)
        .first()
    )
    if found is None:
        raise NoSuchWorkflow(
            _("Quy trình “%(workflow)s” không có phiên bản %(number)d.")
            % {"workflow": workflow_key, "number": number}
        )
    return found


def get_version_row(version_id: int) -> Version:
    """Return the row of a version with its workflow and owner."""
    return Version.objects.select_related("workflow__owner").get(pk=version_id)


def list_tests(workflow_id: int) -> QuerySet[RecordedTest]:
    """Return the tests of a workflow that count, by name."""
    return (
        RecordedTest.objects.filter(workflow_id=workflow_id, retired_at=None)
        .select_related("recorded_by")
        .order_by("name")
    )


def list_played_tests(draft_id: int) -> QuerySet[PlayedTest]:
    """Return how the tests that count came out on a draft, failing ones first."""
    return (
        PlayedTest.objects.filter(draft_id=draft_id, test__retired_at=None)
        .select_related("test__recorded_by")
        .order_by("failed_since", "test__name")
    )


def list_retired_tests(workflow_id: int) -> QuerySet[RecordedTest]:
    """Return the tests of a workflow that were retired, the newest first, with who did it."""
    retired = RecordedTest.objects.filter(workflow_id=workflow_id, retired_at__isnull=False)
    return retired.select_related("retired_by").order_by("-retired_at", "-pk")


def as_recorded(test: RecordedTest) -> recorded_tests.RecordedTest:
    """Return a stored test as the engine knows it."""
    return recorded_tests.RecordedTest(
        name=test.name,
        facts=test.facts,
        choices=tuple(recorded_tests.Choice(**choice) for choice in test.choices),
        expected=tuple(tuple(opened) for opened in test.expected),
        finishes=test.finishes,
    )

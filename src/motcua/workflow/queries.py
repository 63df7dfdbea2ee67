"""What can be asked about workflows, runs and tasks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from motcua.engine.net import Net
from motcua.workflow.models import Task, Version

OUTCOME_NAMES = {
    "": _("Hoàn thành"),
    "APPROVE": _("Đồng ý"),
    "RETURN": _("Trả lại để làm lại"),
    "REFUSE": _("Từ chối"),
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
    found = (
        Version.objects.filter(workflow__key=workflow_key, starts_on__lte=on)
        .order_by("-starts_on", "-number")
        .values_list("pk", flat=True)
        .first()
    )
    if found is None:
        raise NoSuchWorkflow(
            _("Chưa có quy trình «%(workflow)s» nào được công bố cho ngày %(day)s.")
            % {"workflow": workflow_key, "day": f"{on:%d/%m/%Y}"}
        )
    return get_version(found)


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


def list_tasks(run_id: int) -> QuerySet[Task]:
    """Return the tasks of a run in the order in which they opened, with who and where."""
    return (
        Task.objects.filter(run_id=run_id)
        .select_related("agency", "assignee", "completed_by")
        .order_by("opened_at", "id")
    )


def open_tasks() -> QuerySet[Task]:
    """Return every task that waits for someone."""
    return Task.objects.filter(completed_at__isnull=True)


def runs_at(agencies: QuerySet[Any, Any]) -> QuerySet[Task, Any]:
    """Return, for use inside other queries, the runs with a task at agencies (a query of ids)."""
    return Task.objects.filter(agency_id__in=agencies).values("run_id")

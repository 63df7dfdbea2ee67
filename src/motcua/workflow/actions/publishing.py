"""Publishing a version of a workflow, and anew those that call it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.audit import actions as audit
from motcua.engine import bpmn
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.workflow import queries
from motcua.workflow.actions import recording
from motcua.workflow.charts import CompiledChart, compile_chart
from motcua.workflow.models import Call, Run, Version, Workflow


class CannotPublishWorkflow(Exception):
    """The drawing has faults, or its day comes before the version in force or cases on it."""


class CannotRepublishCallers(Exception):
    """No caller lags behind, or the note is missing, or a caller has faults by now."""


@transaction.atomic
def publish_version(
    *,
    officer: people.Person,
    key: str,
    name: str,
    bpmn_xml: str,
    starts_on: date,
    decision: str = "",
    owner_id: int | None = None,
    now: datetime,
) -> Version:
    """Check a drawing, compile it, and make it the newest version. Not durable: imports add many.

    The owner, an agency, counts for a workflow that is new. What the chart calls is pinned to the
    version in force on its first day.
    """
    people_actions.require(officer, "workflow.publish", now=now)
    chart = _compiled(bpmn_xml, key=key, name=name, on=starts_on)
    workflow, _created = Workflow.objects.get_or_create(
        key=key, defaults={"name": name, "owner_id": owner_id}
    )
    Workflow.objects.select_for_update().get(pk=workflow.pk)
    _require_passing_tests(workflow, chart)
    last = workflow.versions.order_by("-number").first()
    if last is not None:
        _require_a_day_to_come(last, name=name, starts_on=starts_on)
    version = Version.objects.create(
        workflow=workflow,
        number=last.number + 1 if last else 1,
        bpmn_xml=bpmn_xml,
        net=chart.net.to_json(),
        digest=chart.net.digest,
        starts_on=starts_on,
        decision=decision,
        published_at=now,
    )
    Call.objects.bulk_create(
        Call(caller=version, node=node, called_id=called) for node, called in chart.called.items()
    )
    pinned = {"calls": chart.called} if chart.called else {}
    audit.record(
        event="workflow.published",
        subject=f"workflow:{key}",
        actor_id=officer.id,
        at=now,
        because=decision,
        facts={"version": version.number, "digest": chart.net.digest, **pinned},
    )
    return version


@transaction.atomic
def republish_callers(
    *, officer: people.Person, key: str, note: str, starts_on: date, now: datetime
) -> tuple[Version, ...]:
    """Publish anew, as they are drawn, all workflows that call an older version of a process.

    Those that call them in turn follow. All or none; `note` is the reason in each one's trail.
    """
    people_actions.require(officer, "workflow.publish", now=now)
    if not note.strip():
        raise CannotRepublishCallers(
            _("Hãy ghi lý do công bố lại, để nơi dùng các quy trình này biết điều gì đã đổi.")
        )
    made: list[Version] = []
    pending = [key]
    for called in pending:
        for caller in queries.list_callers(called, on=starts_on):
            if not caller.lags:
                continue
            drawn = Version.objects.select_related("workflow").get(pk=caller.version_id)
            try:
                version = publish_version(
                    officer=officer,
                    key=caller.workflow_key,
                    name=caller.workflow_name,
                    bpmn_xml=drawn.bpmn_xml,
                    starts_on=starts_on,
                    decision=note.strip(),
                    now=now,
                )
            except CannotPublishWorkflow as refusal:
                raise CannotRepublishCallers(str(refusal)) from refusal
            made.append(version)
            pending.append(caller.workflow_key)
    if not made:
        raise CannotRepublishCallers(
            _("Mọi quy trình gọi “%(key)s” đều đã dùng phiên bản áp dụng ngày %(day)s.")
            % {"key": key, "day": f"{starts_on:%d/%m/%Y}"}
        )
    return tuple(made)


def _compiled(bpmn_xml: str, *, key: str, name: str, on: date) -> CompiledChart:
    try:
        chart = compile_chart(bpmn_xml=bpmn_xml, key=key, on=on)
    except bpmn.BpmnProblem as problem:
        raise CannotPublishWorkflow(str(problem)) from problem
    if chart.errors:
        raise CannotPublishWorkflow(
            _("Lưu đồ “%(name)s” chưa thể công bố: %(errors)s")
            % {"name": name, "errors": " ".join(finding.because.vi for finding in chart.errors)}
        )
    return chart


def _require_passing_tests(workflow: Workflow, chart: CompiledChart) -> None:
    failing = recording.failing_tests(workflow.pk, chart.net)
    if failing:
        raise CannotPublishWorkflow(
            _(
                "Quy trình “%(name)s” chưa công bố được vì %(count)d kịch bản của chủ quy trình không còn đúng: "
                "%(tests)s Hãy sửa lưu đồ, hoặc bỏ kịch bản kèm lý do."
            )
            % {
                "name": workflow.name,
                "count": len(failing),
                "tests": " ".join(f"“{name}”: {why.vi}" for name, why in failing),
            }
        )


def _require_a_day_to_come(last: Version, *, name: str, starts_on: date) -> None:
    """Refuse a day before the last version's, and one since which cases run on that version."""
    if last.starts_on > starts_on:
        raise CannotPublishWorkflow(
            _(
                "Quy trình “%(name)s” đã có phiên bản áp dụng từ %(day)s; phiên bản mới không thể "
                "áp dụng sớm hơn. Hãy chọn ngày muộn hơn."
            )
            % {"name": name, "day": f"{last.starts_on:%d/%m/%Y}"}
        )
    first = timezone.make_aware(datetime.combine(starts_on, datetime.min.time()))
    runs = Run.objects.filter(version__workflow_id=last.workflow_id, started_at__gte=first)
    newest = runs.order_by("-started_at").values_list("started_at", flat=True).first()
    if newest is not None:
        raise CannotPublishWorkflow(
            _(
                "Từ %(day)s đã có hồ sơ chạy theo phiên bản cũ của “%(name)s” (gần nhất ngày %(last)s), "
                "nên phiên bản mới không thể áp dụng lùi về ngày đó. Hãy chọn ngày sau %(last)s."
            )
            % {
                "name": name,
                "day": f"{starts_on:%d/%m/%Y}",
                "last": f"{timezone.localtime(newest):%d/%m/%Y}",
            }
        )

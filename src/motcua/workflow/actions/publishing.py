"""Publishing a version of a workflow."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from motcua.audit import actions as audit
from motcua.engine import bpmn, flowcheck
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.workflow.models import Version, Workflow


class CannotPublishWorkflow(Exception):
    """The drawing has faults, or comes before the version in force."""


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

    The owner, an agency, counts for a workflow that is new.
    """
    people_actions.require(officer, "workflow.publish", now=now)
    try:
        net = bpmn.compile_bpmn(bpmn_xml)
    except bpmn.BpmnProblem as problem:
        raise CannotPublishWorkflow(str(problem)) from problem
    errors = [f for f in flowcheck.check(net) if f.severity == "error"]
    if errors:
        raise CannotPublishWorkflow(
            _("Lưu đồ «%(name)s» chưa thể công bố: %(errors)s")
            % {"name": name, "errors": " ".join(finding.because.vi for finding in errors)}
        )
    workflow, _created = Workflow.objects.get_or_create(
        key=key, defaults={"name": name, "owner_id": owner_id}
    )
    Workflow.objects.select_for_update().get(pk=workflow.pk)
    last = workflow.versions.order_by("-number").first()
    if last is not None and last.starts_on > starts_on:
        raise CannotPublishWorkflow(
            _(
                "Quy trình «%(name)s» đã có phiên bản áp dụng từ %(day)s; phiên bản mới không thể "
                "áp dụng sớm hơn. Hãy chọn ngày muộn hơn."
            )
            % {"name": name, "day": f"{last.starts_on:%d/%m/%Y}"}
        )
    version = Version.objects.create(
        workflow=workflow,
        number=last.number + 1 if last else 1,
        bpmn_xml=bpmn_xml,
        net=net.to_json(),
        digest=net.digest,
        starts_on=starts_on,
        decision=decision,
        published_at=now,
    )
    audit.record(
        event="workflow.published",
        subject=f"workflow:{key}",
        actor_id=officer.id,
        at=now,
        because=decision,
        facts={"version": version.number, "digest": net.digest},
    )
    return version

"""Deciding on versions: publish a consented draft, put a version out of force, keep the register."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.audit import actions as audit
from motcua.engine import consents
from motcua.engine.explain import Because
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.procedures import queries as procedures
from motcua.workflow import blockers, queries
from motcua.workflow.actions import change_news
from motcua.workflow.actions.consulting import (
    drawn_on_an_older_version,
    hash_of,
    lock_draft,
    newest_round,
    tell,
)
from motcua.workflow.actions.publishing import CannotPublishWorkflow, publish_version
from motcua.workflow.models import Decision, Draft, Retirement, Version, Workflow

REGISTER = "register:workflow-decisions"


class CannotPublishDraft(Exception):
    """The draft is not consented as it is drawn, its days do not fit, or something hinders it."""

    def __init__(self, message: str, blockers: tuple[Because, ...] = ()) -> None:
        super().__init__(message)
        self.blockers = blockers


class CannotRetireVersion(Exception):
    """The version is out of force, its day is past, or somebody still needs it."""


class CannotRegisterDecision(Exception):
    """The row has no title or no source."""


@transaction.atomic(durable=True)
def publish_draft(
    *,
    officer: people.Person,
    draft_id: int,
    number: str,
    decided_on: date,
    starts_on: date,
    now: datetime,
) -> Version:
    """Make a consented draft the newest version, by a decision, from a day that is not past."""
    people_actions.require(officer, "workflow.publish", now=now)
    draft = lock_draft(draft_id)
    _require_consented(draft)
    number = number.strip()
    if not number:
        raise CannotPublishDraft(_("Công bố phải có số quyết định. Hãy ghi số quyết định."))
    hindrance = consents.check_days(
        starts_on=starts_on, decided_on=decided_on, today=people.day_of(now)
    )
    if hindrance is not None:
        raise CannotPublishDraft(hindrance.text(get_language() or "vi"))
    found = blockers.list_blockers(draft, on=starts_on)
    if found:
        raise CannotPublishDraft(
            _(
                "Chưa công bố được vì %(count)d điều dưới đây. Lấy lại bản thảo để sửa, rồi hỏi ý kiến lại."
            )
            % {"count": len(found)},
            found,
        )
    version = _publish(draft, officer=officer, number=number, starts_on=starts_on, now=now)
    _decide(
        version,
        kind=Decision.Kind.PUBLISHED,
        number=number,
        decided_on=decided_on,
        draft=draft,
        officer=officer,
        now=now,
    )
    draft.status = Draft.Status.PUBLISHED
    draft.save(update_fields=["status"])
    tell(
        draft,
        "draft.published",
        officer_id=officer.id,
        because=number,
        facts={"version": version.number, "decided_on": decided_on.isoformat()},
        now=now,
    )
    change_news.tell_published(draft, version, starts_on=starts_on, now=now)
    return version


def _require_consented(draft: Draft) -> None:
    if draft.status != Draft.Status.CONSENTED:
        raise CannotPublishDraft(
            _(
                "Bản thảo đang ở trạng thái “%(status)s”. Chỉ công bố được bản thảo mà mọi cơ quan được hỏi đã đồng "
                "ý, hoặc đã có quyết định thay ý kiến."
            )
            % {"status": draft.get_status_display()}
        )
    if newest_round(draft).drawing_hash != hash_of(draft.bpmn_xml):
        raise CannotPublishDraft(
            _("Lưu đồ đã khác bản mà các cơ quan đồng ý. Hãy lấy lại bản thảo và hỏi ý kiến lại.")
        )
    newest = Version.objects.filter(workflow=draft.workflow).order_by("-number").first()
    if newest is not None and newest.pk != draft.based_on_id:
        raise CannotPublishDraft(drawn_on_an_older_version(newest))


def _publish(
    draft: Draft, *, officer: people.Person, number: str, starts_on: date, now: datetime
) -> Version:
    try:
        return publish_version(
            officer=officer,
            key=draft.workflow.key,
            name=draft.workflow.name,
            bpmn_xml=draft.bpmn_xml,
            starts_on=starts_on,
            decision=number[:100],
            now=now,
        )
    except CannotPublishWorkflow as refusal:
        raise CannotPublishDraft(str(refusal)) from refusal


@transaction.atomic(durable=True)
def retire_version(
    *,
    officer: people.Person,
    workflow_key: str,
    version_number: int,
    ends_on: date,
    reason: str,
    number: str,
    decided_on: date,
    now: datetime,
) -> Retirement:
    """Put a version out of force from a day on; the one before it holds again, if there is one."""
    people_actions.require(officer, "workflow.publish", now=now)
    workflow = Workflow.objects.select_for_update().filter(key=workflow_key).first()
    found = Version.objects.filter(workflow=workflow, number=version_number)
    version = found.select_related("retirement").first() if workflow else None
    if workflow is None or version is None:
        raise CannotRetireVersion(
            _("Không có phiên bản này. Hãy chọn lại trong danh sách quy trình.")
        )
    reason, number = reason.strip(), number.strip()
    _require_retirable(version, ends_on=ends_on, decided_on=decided_on, today=people.day_of(now))
    if not reason or not number:
        raise CannotRetireVersion(_("Hãy ghi cả lý do và số quyết định thôi áp dụng."))
    _require_nobody_left_without(workflow, version, ends_on=ends_on)
    decision = _decide(
        version,
        kind=Decision.Kind.RETIRED,
        number=number,
        decided_on=decided_on,
        draft=None,
        officer=officer,
        now=now,
    )
    retirement = Retirement.objects.create(
        version=version,
        ends_on=ends_on,
        reason=reason,
        decision=decision,
        retired_by_id=officer.id,
        retired_at=now,
    )
    audit.record(
        event="workflow.retired",
        subject=f"workflow:{workflow.key}",
        actor_id=officer.id,
        at=now,
        because=reason,
        facts={
            "version": version.number,
            "ends_on": ends_on.isoformat(),
            "decision": decision.number,
        },
    )
    change_news.tell_retired(workflow, version, ends_on=ends_on, reason=reason, now=now)
    return retirement


def _require_retirable(version: Version, *, ends_on: date, decided_on: date, today: date) -> None:
    if hasattr(version, "retirement"):
        raise CannotRetireVersion(
            _("Phiên bản %(number)d đã có quyết định thôi áp dụng từ %(day)s.")
            % {"number": version.number, "day": f"{version.retirement.ends_on:%d/%m/%Y}"}
        )
    if ends_on < today or ends_on <= version.starts_on:
        raise CannotRetireVersion(
            _(
                "Ngày thôi áp dụng %(day)s đã qua hoặc trước ngày phiên bản bắt đầu. Hãy chọn từ %(today)s trở đi."
            )
            % {"day": f"{ends_on:%d/%m/%Y}", "today": f"{max(today, version.starts_on):%d/%m/%Y}"}
        )
    if decided_on > today:
        raise CannotRetireVersion(
            _("Quyết định ghi ngày %(day)s còn chưa tới. Hãy ghi ngày ký thật.")
            % {"day": f"{decided_on:%d/%m/%Y}"}
        )


def _require_nobody_left_without(workflow: Workflow, version: Version, *, ends_on: date) -> None:
    """Refuse while procedures or callers need the workflow and no other version would hold."""
    after = queries.versions_in_force(ends_on).filter(workflow=workflow).exclude(pk=version.pk)
    if after.exists():
        return
    codes = procedures.revisions_on(ends_on).filter(workflow_key=workflow.key)
    needed = list(codes.order_by("procedure__code").values_list("procedure__code", flat=True))
    needed += [caller.workflow_name for caller in queries.list_callers(workflow.key, on=ends_on)]
    if needed:
        raise CannotRetireVersion(
            _(
                "Từ %(day)s còn %(count)d thủ tục hoặc quy trình cần “%(name)s”: %(needed)s. Hãy chuyển chúng sang "
                "quy trình khác, hoặc công bố phiên bản thay thế trước."
            )
            % {
                "day": f"{ends_on:%d/%m/%Y}",
                "count": len(needed),
                "name": workflow.name,
                "needed": ", ".join(needed[:10]) + ("…" if len(needed) > 10 else ""),
            }
        )


def _decide(
    version: Version,
    *,
    kind: str,
    number: str,
    decided_on: date,
    draft: Draft | None,
    officer: people.Person,
    now: datetime,
) -> Decision:
    return Decision.objects.create(
        kind=kind,
        number=number[:100],
        decided_on=decided_on,
        counted_on=decided_on,
        title=f"{version.workflow.name}, {version.number}",
        version=version,
        draft=draft,
        source=number[:300],
        is_verified=True,
        recorded_by_id=officer.id,
        recorded_at=now,
    )


# Not durable: an import registers many at once.
@transaction.atomic
def register_decision(
    *,
    officer: people.Person,
    title: str,
    counted_on: date,
    source: str,
    number: str = "",
    decided_on: date | None = None,
    is_verified: bool = False,
    now: datetime,
) -> Decision:
    """Enter a decision that was made outside this system, with the source it is known from."""
    people_actions.require(officer, "workflow.publish", now=now)
    if not title.strip() or not source.strip():
        raise CannotRegisterDecision(
            _("Một dòng của sổ phải có nội dung và nguồn. Hãy ghi cả hai.")
        )
    decision = Decision.objects.create(
        kind=Decision.Kind.REGISTERED,
        number=number.strip()[:100],
        decided_on=decided_on,
        counted_on=decided_on or counted_on,
        title=title.strip()[:300],
        source=source.strip()[:300],
        is_verified=is_verified,
        recorded_by_id=officer.id,
        recorded_at=now,
    )
    audit.record(
        event="workflow.decision_registered",
        subject=REGISTER,
        actor_id=officer.id,
        at=now,
        because=decision.title,
        facts={"decision": decision.pk, "number": decision.number, "source": decision.source},
    )
    return decision

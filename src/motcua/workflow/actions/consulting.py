"""Asking about a draft: begin a round, and take the draft back to change it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from motcua.audit import actions as audit
from motcua.engine import consents, deadlines
from motcua.engine.net import Net
from motcua.lawbook import queries as lawbook
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.procedures import queries as procedures
from motcua.workflow import course_queries, queries
from motcua.workflow.actions import change_news
from motcua.workflow.models import Ask, Call, Consultation, Draft, TakenBack, Version, Workflow

OPEN_ROUND = (Draft.Status.CONSULTATION, Draft.Status.HELD_UP, Draft.Status.CONSENTED)


class CannotConsultOnDraft(Exception):
    """The draft is not being drawn, has faults, changes nothing, or was drawn on an older version."""


class CannotTakeDraftBack(Exception):
    """The draft is not out for consultation, or no reason is given."""


@transaction.atomic(durable=True)
def begin_consultation(
    *, officer: people.Person, draft_id: int, note: str = "", now: datetime
) -> Consultation:
    """Send a draft to every agency with a place in it; where there is none, it is consented at once."""
    draft = lock_draft(draft_id)
    require_drawing(officer, draft.workflow, now=now)
    if draft.status != Draft.Status.DRAFT:
        raise CannotConsultOnDraft(
            _("Bản thảo này đang ở trạng thái “%(status)s”, nên không gửi lấy ý kiến được nữa.")
            % {"status": draft.get_status_display()}
        )
    net = _checked(draft, now=now)
    asked = _who(draft, net, officer=officer, now=now)
    consultation = Consultation.objects.create(
        draft=draft,
        number=draft.consultations.count() + 1,
        drawing_hash=hash_of(draft.bpmn_xml),
        note=note.strip(),
        opened_by_id=officer.id,
        opened_at=now,
        ends_at=_end(now=now),
    )
    agencies = {one.agency: people.get_agency(one.agency) for one in asked}
    Ask.objects.bulk_create(
        Ask(
            consultation=consultation,
            agency=agencies[one.agency],
            because=[{"vi": because.vi, "en": because.en} for because in one.because],
        )
        for one in asked
    )
    draft.status = Draft.Status.CONSULTATION if asked else Draft.Status.CONSENTED
    draft.save(update_fields=["status"])
    tell(
        draft,
        "draft.consultation_begun",
        officer_id=officer.id,
        because=consultation.note,
        facts={
            "round": consultation.number,
            "drawing": consultation.drawing_hash,
            "asked": sorted(agencies),
            "ends_at": consultation.ends_at.isoformat(),
        },
        now=now,
    )
    change_news.tell_begun(consultation, agencies.values(), now=now)
    if not asked:
        change_news.tell_consented(consultation, now=now)
    return consultation


@transaction.atomic(durable=True)
def take_draft_back(*, officer: people.Person, draft_id: int, reason: str, now: datetime) -> Draft:
    """End the round of a draft so that it can be changed; what was answered no longer counts."""
    draft = lock_draft(draft_id)
    require_drawing(officer, draft.workflow, now=now)
    if draft.status not in OPEN_ROUND:
        raise CannotTakeDraftBack(
            _("Bản thảo này đang ở trạng thái “%(status)s”, không có gì để lấy lại.")
            % {"status": draft.get_status_display()}
        )
    if not reason.strip():
        raise CannotTakeDraftBack(
            _(
                "Hãy ghi lý do lấy lại bản thảo, để các cơ quan đã cho ý kiến biết vì sao phải hỏi lại."
            )
        )
    consultation = newest_round(draft)
    TakenBack.objects.create(
        consultation=consultation,
        reason=reason.strip(),
        taken_back_by_id=officer.id,
        taken_back_at=now,
    )
    draft.status = Draft.Status.DRAFT
    draft.save(update_fields=["status"])
    tell(
        draft,
        "draft.taken_back",
        officer_id=officer.id,
        because=reason.strip(),
        facts={"round": consultation.number},
        now=now,
    )
    change_news.tell_taken_back(consultation, reason.strip(), now=now)
    return draft


def lock_draft(draft_id: int) -> Draft:
    """Lock a draft and return it with its workflow; raise NoSuchDraft."""
    draft = (
        Draft.objects.select_for_update(of=("self",))
        .select_related("workflow__owner", "created_by")
        .filter(pk=draft_id)
        .first()
    )
    if draft is None:
        # Says so in the same words as the pages.
        return queries.get_draft(draft_id)
    return draft


def newest_round(draft: Draft) -> Consultation:
    """Return the newest round of a draft that was sent out."""
    return draft.consultations.select_related("draft__workflow").order_by("-number")[0]


def require_drawing(officer: people.Person, workflow: Workflow, *, now: datetime) -> None:
    """Stop unless the officer may draw for the owner of the workflow."""
    owner = workflow.owner
    people_actions.require(
        officer,
        "workflow.draw",
        now=now,
        agency_id=owner.pk if owner else 0,
        agency_path=owner.path if owner else "",
    )


def hash_of(bpmn_xml: str) -> str:
    """Return the hash by which a drawing is known: a consent is to this drawing and no other."""
    return hashlib.sha256(bpmn_xml.encode()).hexdigest()


def tell(
    draft: Draft,
    event: str,
    *,
    officer_id: int,
    because: str = "",
    facts: dict[str, object] | None = None,
    now: datetime,
) -> None:
    """Add an entry to the trail of a draft's workflow."""
    audit.record(
        event=event,
        subject=f"workflow:{draft.workflow.key}",
        actor_id=officer_id,
        at=now,
        because=because or draft.name,
        facts={"draft": draft.pk, **(facts or {})},
    )


def _checked(draft: Draft, *, now: datetime) -> Net:
    net, faults = course_queries.compile_draft(draft, on=people.day_of(now))
    if net is None or faults:
        raise CannotConsultOnDraft(
            _("Lưu đồ còn chỗ phải sửa nên chưa gửi lấy ý kiến được: %(faults)s")
            % {"faults": " ".join(fault.vi for fault in faults)}
        )
    newest = Version.objects.filter(workflow=draft.workflow).order_by("-number").first()
    if newest is not None and newest.pk != draft.based_on_id:
        raise CannotConsultOnDraft(drawn_on_an_older_version(newest))
    if newest is not None and newest.bpmn_xml == draft.bpmn_xml:
        raise CannotConsultOnDraft(
            _(
                "Bản thảo giống hệt phiên bản %(number)d, nên không có gì để hỏi ý kiến. Hãy sửa lưu đồ trước."
            )
            % {"number": newest.number}
        )
    return net


def drawn_on_an_older_version(newest: Version) -> str:
    """Return the refusal of a draft that would undo what was published since it was begun."""
    return _(
        "Sau khi bản thảo này bắt đầu, phiên bản %(number)d đã được công bố; công bố bản thảo sẽ làm mất thay "
        "đổi ấy. Hãy soạn bản thảo mới từ phiên bản %(number)d."
    ) % {"number": newest.number}


def _who(
    draft: Draft, net: Net, *, officer: people.Person, now: datetime
) -> tuple[consents.MustConsent, ...]:
    owner = draft.workflow.owner
    mine = {post.agency_code for post in officer.posts_on(people.day_of(now))}
    sender = owner.code if owner and owner.code in mine else ""
    around = surroundings(draft, net, now=now)
    return consents.who_must_consent(net, around, sender=sender)


def surroundings(draft: Draft, net: Net, *, now: datetime) -> consents.Surroundings:
    """Return what is known around a drawing: what it calls, what calls it, who works along it."""
    on = people.day_of(now)
    workflow = draft.workflow
    called = Workflow.objects.filter(key__in={node.called for node in net.nodes if node.called})
    newest = {one.version_id for one in queries.list_callers(workflow.key, on=on)}
    calling = Call.objects.filter(caller_id__in=newest).values("caller__workflow")
    return consents.Surroundings(
        owner=workflow.owner.code if workflow.owner else "",
        called=tuple(_neighbours(called)),
        callers=tuple(_neighbours(Workflow.objects.filter(pk__in=calling))),
        settlers=tuple(
            consents.Settler(agency=code, procedures=count)
            for code, count in procedures.count_settlers(workflow_key=workflow.key, on=on)
        ),
    )


def _neighbours(workflows: QuerySet[Workflow]) -> Iterable[consents.Neighbour]:
    for workflow in workflows.select_related("owner").order_by("name"):
        if workflow.owner:
            yield consents.Neighbour(name=workflow.name, owner=workflow.owner.code)


def _end(*, now: datetime) -> datetime:
    day = people.day_of(now)
    return deadlines.due_at(
        received_at=now,
        limit=lawbook.get_consultation_period(day),
        calendar=lawbook.get_calendar(),
        rules=lawbook.get_time_rules(day),
    )

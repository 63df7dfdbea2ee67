"""Answering about a draft: consent, object, be noted as silent; and going on in spite of it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.engine import consents
from motcua.engine.consents import Answered, Asked, Outcome, Standing
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.workflow.actions import change_news
from motcua.workflow.actions.consulting import lock_draft, newest_round, tell
from motcua.workflow.models import Ask, Consultation, Draft, Opinion, Override

ANSWERED_IN = (Draft.Status.CONSULTATION, Draft.Status.HELD_UP)


class CannotAnswerConsultation(Exception):
    """The round is over or the time is, the reason is missing, or it was decided in its place."""


class CannotOverrideOpinion(Exception):
    """There is no objection or silence to go on in spite of, or reason or decision is missing."""


@transaction.atomic(durable=True)
def answer_consultation(
    *, officer: people.Person, ask_id: int, answer: str, reason: str = "", now: datetime
) -> Opinion:
    """Consent or object for one's agency; until the time is over the newest answer counts."""
    ask = _lock(ask_id)
    agency = ask.agency
    people_actions.require(
        officer, "workflow.consent", now=now, agency_id=agency.pk, agency_path=agency.path
    )
    _require_open(ask)
    reason = reason.strip()
    if answer not in {Answered.CONSENT, Answered.OBJECTION}:
        raise CannotAnswerConsultation(_("Hãy chọn “Đồng ý” hoặc “Không đồng ý”."))
    if answer == Answered.OBJECTION and not reason:
        raise CannotAnswerConsultation(
            _("Không đồng ý thì phải nêu lý do, để cơ quan chủ trì biết cần sửa gì. Hãy ghi lý do.")
        )
    hindrance = consents.may_answer(
        consents.standing_of(asked(ask)), ends_at=ask.consultation.ends_at, now=now
    )
    if hindrance is not None:
        raise CannotAnswerConsultation(hindrance.text(get_language() or "vi"))
    opinion = _add(ask, answer=answer, reason=reason, officer_id=officer.id, now=now)
    change_news.tell_answered(opinion, now=now)
    _settle(ask.consultation, now=now)
    return opinion


@transaction.atomic(durable=True)
def record_silence(*, officer: people.Person, ask_id: int, now: datetime) -> Opinion | None:
    """Note that an agency let its time run out; None when it has answered or the round is over.

    Only the system itself does this, from the job that looks for it.
    """
    people_actions.require_system(officer)
    ask = _lock(ask_id)
    if ask.consultation.draft.status not in ANSWERED_IN or not _is_newest(ask):
        return None
    if asked(ask).answered is not None:
        return None
    if now < ask.consultation.ends_at:
        raise CannotAnswerConsultation(
            _("Thời hạn trả lời của %(agency)s còn đến %(end)s, chưa thể ghi là im lặng.")
            % {
                "agency": ask.agency.name,
                "end": f"{timezone.localtime(ask.consultation.ends_at):%H:%M %d/%m/%Y}",
            }
        )
    opinion = _add(ask, answer=Answered.SILENCE, reason="", officer_id=officer.id, now=now)
    change_news.tell_answered(opinion, now=now)
    _settle(ask.consultation, now=now)
    return opinion


@transaction.atomic(durable=True)
def override_opinion(
    *, officer: people.Person, ask_id: int, reason: str, decision: str, now: datetime
) -> Override:
    """Go on in spite of an agency's objection or silence: signed by name, with reason and decision."""
    ask = _lock(ask_id)
    people_actions.require(officer, "workflow.override", now=now)
    if ask.consultation.draft.status not in ANSWERED_IN or not _is_newest(ask):
        raise CannotOverrideOpinion(_round_is_over(ask))
    if consents.standing_of(asked(ask)) not in {Standing.OBJECTED, Standing.SILENT}:
        raise CannotOverrideOpinion(
            _(
                "%(agency)s không có ý kiến phản đối và cũng không im lặng, nên không có gì để quyết định thay."
            )
            % {"agency": ask.agency.name}
        )
    reason, decision = reason.strip(), decision.strip()
    if not reason or not decision:
        raise CannotOverrideOpinion(
            _(
                "Hãy ghi cả lý do và số quyết định: quyết định thay một cơ quan phải tra cứu lại được."
            )
        )
    override = Override.objects.create(
        opinion=ask.opinions.order_by("-pk")[0],
        reason=reason,
        decision=decision[:100],
        decided_by_id=officer.id,
        decided_at=now,
    )
    tell(
        ask.consultation.draft,
        "draft.opinion_overridden",
        officer_id=officer.id,
        because=reason,
        facts={"agency": ask.agency.code, "decision": override.decision},
        now=now,
    )
    change_news.tell_overridden(override, ask, now=now)
    _settle(ask.consultation, now=now)
    return override


def asked(ask: Ask) -> Asked:
    """Return what an agency answered last, and whether that was overridden."""
    last = ask.opinions.select_related("override").order_by("-pk").first()
    if last is None:
        return Asked()
    return Asked(answered=Answered(last.answer), is_overridden=hasattr(last, "override"))


def _lock(ask_id: int) -> Ask:
    """Lock the draft that an ask is about, so that answers come one after the other."""
    ask = Ask.objects.filter(pk=ask_id).values_list("consultation__draft_id", flat=True).first()
    if ask is None:
        raise CannotAnswerConsultation(
            _("Không có lượt hỏi ý kiến này. Hãy mở lại bản thảo từ danh sách quy trình.")
        )
    draft = lock_draft(ask)
    found = Ask.objects.select_related("agency", "consultation__opened_by").get(pk=ask_id)
    found.consultation.draft = draft
    return found


def _is_newest(ask: Ask) -> bool:
    return newest_round(ask.consultation.draft).pk == ask.consultation_id


def _require_open(ask: Ask) -> None:
    if ask.consultation.draft.status not in ANSWERED_IN or not _is_newest(ask):
        raise CannotAnswerConsultation(_round_is_over(ask))


def _round_is_over(ask: Ask) -> str:
    return _(
        "Lượt lấy ý kiến này đã kết thúc: bản thảo đang ở trạng thái “%(status)s”. Hãy mở lại trang bản thảo."
    ) % {"status": ask.consultation.draft.get_status_display()}


def _add(ask: Ask, *, answer: str, reason: str, officer_id: int, now: datetime) -> Opinion:
    opinion = Opinion.objects.create(
        ask=ask, answer=answer, reason=reason, answered_by_id=officer_id, answered_at=now
    )
    tell(
        ask.consultation.draft,
        f"draft.{answer.lower()}",
        officer_id=officer_id,
        because=reason,
        facts={
            "agency": ask.agency.code,
            "round": ask.consultation.number,
            "drawing": ask.consultation.drawing_hash,
        },
        now=now,
    )
    return opinion


def _settle(consultation: Consultation, *, now: datetime) -> None:
    """Give the draft the state that its answers make, and tell whoever must go on."""
    draft = consultation.draft
    asks = consultation.asks.order_by("pk")
    outcome = consents.outcome_of(consents.standing_of(asked(one)) for one in asks)
    status = {
        Outcome.WAITING: Draft.Status.CONSULTATION,
        Outcome.HELD_UP: Draft.Status.HELD_UP,
        Outcome.CONSENTED: Draft.Status.CONSENTED,
    }[outcome]
    if status == draft.status:
        return
    draft.status = status
    draft.save(update_fields=["status"])
    if outcome is Outcome.HELD_UP:
        change_news.tell_held_up(consultation, now=now)
    elif outcome is Outcome.CONSENTED:
        change_news.tell_consented(consultation, now=now)

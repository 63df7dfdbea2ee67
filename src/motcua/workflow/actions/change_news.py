"""Who is told what about the course of a draft: whoever is asked, who drew it, who must go on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from motcua.engine.explain import Because
from motcua.messages import actions as messages
from motcua.people import queries as people
from motcua.workflow.models import Ask, Consultation, Draft, Opinion, Override, Version, Workflow

_ANSWERS = {
    "CONSENT": Because(vi="đồng ý với", en="consents to"),
    "OBJECTION": Because(vi="không đồng ý với", en="objects to"),
    "SILENCE": Because(vi="im lặng đến hết hạn về", en="stayed silent until the end about"),
}


def tell_begun(consultation: Consultation, agencies: Iterable[Any], *, now: datetime) -> None:
    """Ask the leaders of the agencies."""
    draft = consultation.draft
    end = f"{timezone.localtime(consultation.ends_at):%H:%M %d/%m/%Y}"
    _tell(
        draft,
        f"begun:{consultation.pk}",
        vi=f"Xin ý kiến về bản thảo quy trình “{draft.name}”, trả lời trước {end}.",
        en=f"Your opinion is asked on the draft of the workflow “{draft.name}”, before {end}.",
        leaders=[agency.pk for agency in agencies],
        now=now,
    )


def tell_answered(opinion: Opinion, *, now: datetime) -> None:
    """Tell who sent the draft, and who began it, what an agency answered."""
    consultation = opinion.ask.consultation
    draft, agency = consultation.draft, opinion.ask.agency
    answered = _ANSWERS[opinion.answer]
    reason = f": {opinion.reason}" if opinion.reason else ""
    _tell(
        draft,
        f"answered:{opinion.pk}",
        vi=f"{agency.name} {answered.vi} bản thảo “{draft.name}”{reason}.",
        en=f"{agency.name_en or agency.name} {answered.en} the draft “{draft.name}”{reason}.",
        persons={consultation.opened_by_id, draft.created_by_id},
        now=now,
    )


def tell_overridden(override: Override, ask: Ask, *, now: datetime) -> None:
    """Tell the agency that was decided over, and who sent the draft."""
    draft = ask.consultation.draft
    _tell(
        draft,
        f"overridden:{override.pk}",
        vi=f"Quyết định {override.decision} thay ý kiến của {ask.agency.name} về bản thảo “{draft.name}”: "
        f"{override.reason}",
        en=f"Decision {override.decision} stands in place of the opinion of "
        f"{ask.agency.name_en or ask.agency.name} on the draft “{draft.name}”: {override.reason}",
        leaders=[ask.agency_id],
        persons={ask.consultation.opened_by_id, draft.created_by_id},
        now=now,
    )


def tell_held_up(consultation: Consultation, *, now: datetime) -> None:
    """Tell procedure control and who sent the draft that it cannot go on by itself."""
    draft = consultation.draft
    _tell(
        draft,
        f"held-up:{consultation.pk}:{now.isoformat()}",
        vi=f"Bản thảo “{draft.name}” có cơ quan không đồng ý hoặc im lặng: sửa lại, hoặc kiểm soát thủ tục quyết "
        "định thay.",
        en=f"The draft “{draft.name}” met objection or silence: change it, or procedure control decides in place.",
        persons={consultation.opened_by_id, draft.created_by_id},
        controllers=True,
        now=now,
    )


def tell_consented(consultation: Consultation, *, now: datetime) -> None:
    """Tell procedure control and who sent the draft that it can be published."""
    draft = consultation.draft
    _tell(
        draft,
        f"consented:{consultation.pk}:{now.isoformat()}",
        vi=f"Bản thảo “{draft.name}” đã được thống nhất, chờ công bố.",
        en=f"The draft “{draft.name}” is consented and waits to be published.",
        persons={consultation.opened_by_id, draft.created_by_id},
        controllers=True,
        now=now,
    )


def tell_taken_back(consultation: Consultation, reason: str, *, now: datetime) -> None:
    """Tell whoever was asked that the answers no longer count."""
    draft = consultation.draft
    _tell(
        draft,
        f"taken-back:{consultation.pk}",
        vi=f"Bản thảo “{draft.name}” được lấy lại để sửa, sẽ hỏi ý kiến lại từ đầu: {reason}",
        en=f"The draft “{draft.name}” was taken back to be changed and will be asked about anew: {reason}",
        leaders=consultation.asks.values_list("agency_id", flat=True),
        now=now,
    )


def tell_published(draft: Draft, version: Version, *, starts_on: date, now: datetime) -> None:
    """Tell everybody touched from when the version counts: whoever was asked, the owner, who drew it."""
    rounds = draft.consultations.all()
    asked = Ask.objects.filter(consultation__in=rounds).values_list("agency_id", flat=True)
    touched = {*asked, *([draft.workflow.owner_id] if draft.workflow.owner_id else [])}
    _tell(
        draft,
        f"published:{version.pk}",
        vi=f"Phiên bản {version.number} của quy trình “{draft.name}” đã công bố, áp dụng từ "
        f"{starts_on:%d/%m/%Y}: {version.decision}.",
        en=f"Version {version.number} of the workflow “{draft.name}” is published and in force from "
        f"{starts_on:%d/%m/%Y}: {version.decision}.",
        path=reverse("desk:version", args=[draft.workflow.key, version.number]),
        leaders=touched,
        officers=touched,
        persons={draft.created_by_id},
        now=now,
    )


def tell_retired(
    workflow: Workflow, version: Version, *, ends_on: date, reason: str, now: datetime
) -> None:
    """Tell the owner from when a version no longer counts."""
    if workflow.owner_id is None:
        return
    messages.tell(
        news=_news(
            f"workflow-retired:{version.pk}",
            path=reverse("desk:version", args=[workflow.key, version.number]),
            vi=f"Phiên bản {version.number} của quy trình “{workflow.name}” thôi áp dụng từ "
            f"{ends_on:%d/%m/%Y}: {reason}",
            en=f"Version {version.number} of the workflow “{workflow.name}” is out of force from "
            f"{ends_on:%d/%m/%Y}: {reason}",
            roles=[(workflow.owner_id, "LEADER"), (workflow.owner_id, "OFFICER")],
            persons=(),
        ),
        now=now,
    )


def _tell(
    draft: Draft,
    key: str,
    *,
    vi: str,
    en: str,
    path: str = "",
    leaders: Iterable[int] = (),
    officers: Iterable[int] = (),
    persons: Iterable[int] = (),
    controllers: bool = False,
    now: datetime,
) -> None:
    roles = [(agency, "LEADER") for agency in leaders]
    roles += [(agency, "OFFICER") for agency in officers]
    if controllers:
        roles += [
            (agency, "CONTROLLER") for agency in people.list_control_agencies(on=people.day_of(now))
        ]
    messages.tell(
        news=_news(
            f"draft:{draft.pk}:{key}",
            path=path or reverse("desk:draft", args=[draft.pk]),
            vi=vi,
            en=en,
            roles=roles,
            persons=persons,
        ),
        now=now,
    )


def _news(
    key: str,
    *,
    path: str,
    vi: str,
    en: str,
    roles: Iterable[tuple[int, str]],
    persons: Iterable[int],
) -> Iterator[messages.News]:
    for agency_id, role in roles:
        yield messages.News(
            once_key=f"{key}:{agency_id}:{role}",
            path=path,
            text_vi=vi,
            text_en=en,
            agency_id=agency_id,
            role=role,
        )
    for person_id in sorted(persons):
        yield messages.News(
            once_key=f"{key}:{person_id}", path=path, text_vi=vi, text_en=en, person_id=person_id
        )

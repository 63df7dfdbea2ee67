"""What the page of a draft shows of its course: the rounds, where each agency stands, what one may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from motcua.desk import change_forms
from motcua.engine import consents
from motcua.engine.consents import Standing
from motcua.people import queries as people
from motcua.workflow import change_queries
from motcua.workflow.change_queries import AskSeen, ChangeTask, RoundSeen

STANDINGS = {
    Standing.WAITING: (gettext_lazy("đang chờ"), "active"),
    Standing.CONSENTED: (gettext_lazy("đồng ý"), "good"),
    Standing.OBJECTED: (gettext_lazy("không đồng ý"), "bad"),
    Standing.SILENT: (gettext_lazy("im lặng đến hết hạn"), "warn"),
    Standing.OVERRIDDEN: (gettext_lazy("đã có quyết định thay"), "good"),
}
TASKS = {
    "ANSWER": gettext_lazy("Cho ý kiến về bản thảo"),
    "DRAFT": gettext_lazy("Soạn tiếp, gửi lấy ý kiến"),
    "HELD_UP": gettext_lazy("Có cơ quan không đồng ý hoặc im lặng"),
    "CONSENTED": gettext_lazy("Đã thống nhất, chờ công bố"),
}
_COURSE = ("DRAFT", "CONSULTATION", "CONSENTED", "PUBLISHED")


@dataclass(frozen=True, kw_only=True, slots=True)
class AskShown:
    """An agency that was asked, in words, with the forms that the reader may use."""

    id: int
    agency: str
    reasons: tuple[str, ...]
    standing: Any
    tone: str
    opinions: tuple[Any, ...]
    answer_form: forms.Form | None
    override_form: forms.Form | None


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundShown:
    """A round in words."""

    consultation: Any
    taken_back: Any
    asks: tuple[AskShown, ...]


def show_course(
    draft: Any,
    rounds: tuple[RoundSeen, ...],
    *,
    person: people.Person,
    form: forms.Form | None,
    now: datetime,
) -> dict[str, Any]:
    """Return the state of a draft with everything that the reader may do next."""
    owner = draft.workflow.owner
    may_draw = people.scope_of(person, "workflow.draw", now=now).covers(
        agency_id=owner.pk if owner else 0, agency_path=owner.path if owner else ""
    )
    may_publish = not people.scope_of(person, "workflow.publish", now=now).is_empty
    is_out = draft.status in ("CONSULTATION", "HELD_UP", "CONSENTED")
    return {
        "course": _course(draft.status),
        "rounds": [_round(one, draft, person=person, form=form, now=now) for one in rounds],
        "send_form": _kept(form, change_forms.SendForm)
        if may_draw and draft.status == "DRAFT"
        else None,
        "take_back_form": _kept(form, change_forms.TakeBackForm) if may_draw and is_out else None,
        "may_discard": may_draw and draft.status == "DRAFT",
        "publish_form": _publish_form(form, now=now)
        if may_publish and draft.status == "CONSENTED"
        else None,
    }


def _course(status: str) -> list[dict[str, Any]]:
    """Return the states that a draft goes through, up to where it stands."""
    names = {
        "DRAFT": _("Soạn"),
        "CONSULTATION": _("Lấy ý kiến"),
        "CONSENTED": _("Thống nhất"),
        "PUBLISHED": _("Công bố"),
    }
    place = (
        _COURSE.index("CONSULTATION" if status == "HELD_UP" else status)
        if status != "DISCARDED"
        else 0
    )
    return [
        {"label": names[name], "is_done": at < place, "is_current": at == place}
        for at, name in enumerate(_COURSE)
    ]


def _kept(form: forms.Form | None, wanted: type[forms.Form], **known: Any) -> forms.Form:
    """Return the form that was sent, with what was typed, if it is this one; else an empty one."""
    if isinstance(form, wanted) and form.prefix == known.get("prefix"):
        return form
    return wanted(**known)


def _publish_form(form: forms.Form | None, *, now: datetime) -> forms.Form:
    today = people.day_of(now)
    return _kept(form, change_forms.PublishForm, initial={"decided_on": today, "starts_on": today})


def _round(
    seen: RoundSeen,
    draft: Any,
    *,
    person: people.Person,
    form: forms.Form | None,
    now: datetime,
) -> RoundShown:
    is_open = seen.taken_back is None and draft.status in change_queries.ANSWERED_IN
    may_override = is_open and not people.scope_of(person, "workflow.override", now=now).is_empty
    answering = people.scope_of(person, "workflow.consent", now=now)
    language = get_language() or "vi"
    return RoundShown(
        consultation=seen.consultation,
        taken_back=seen.taken_back,
        asks=tuple(
            AskShown(
                id=one.ask.pk,
                agency=(language == "en" and one.ask.agency.name_en) or one.ask.agency.name,
                reasons=tuple(
                    because["en" if language == "en" else "vi"] for because in one.ask.because
                ),
                standing=STANDINGS[one.standing][0],
                tone=STANDINGS[one.standing][1],
                opinions=one.opinions,
                answer_form=_answer_form(one, seen, answering, form, now=now) if is_open else None,
                override_form=_kept(form, change_forms.OverrideForm, prefix=str(one.ask.pk))
                if may_override and one.standing in {Standing.OBJECTED, Standing.SILENT}
                else None,
            )
            for one in seen.asks
        ),
    )


def _answer_form(
    one: AskSeen,
    seen: RoundSeen,
    answering: people.Scope,
    form: forms.Form | None,
    *,
    now: datetime,
) -> forms.Form | None:
    agency = one.ask.agency
    if not answering.covers(agency_id=agency.pk, agency_path=agency.path):
        return None
    ends_at = seen.consultation.ends_at
    if consents.may_answer(one.standing, ends_at=ends_at, now=now) is not None:
        return None
    return _kept(form, change_forms.AnswerForm, prefix=str(one.ask.pk))


def show_tasks(tasks: list[ChangeTask]) -> list[dict[str, Any]]:
    """Return what waits for a person about workflows, each with what to do and where."""
    is_english = get_language() == "en"
    return [
        {
            "what": TASKS[task.kind],
            "name": task.draft.name,
            "url": reverse("desk:draft", args=[task.draft.pk]),
            "agency": ((is_english and task.agency.name_en) or task.agency.name)
            if task.agency
            else "",
            "due_at": task.due_at,
        }
        for task in tasks
    ]

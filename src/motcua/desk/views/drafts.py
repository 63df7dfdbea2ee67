"""The course of a draft: what it changes, who must consent, and how it becomes a version."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from motcua.clock import queries as clock
from motcua.desk import change_forms, change_page, workflow_page
from motcua.desk.views.workflows import DeskRequest, unknown
from motcua.look.inputs import whole_number
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.workflow import actions, change_queries, course_queries, queries

REFUSALS = (
    actions.CannotConsultOnDraft,
    actions.CannotTakeDraftBack,
    actions.CannotDiscardDraft,
    actions.CannotAnswerConsultation,
    actions.CannotOverrideOpinion,
    actions.CannotPublishDraft,
)


@require_safe
@login_required
def draft(request: DeskRequest, draft_id: int) -> HttpResponse:
    """Show where a draft stands, what it changes, and what comes next."""
    now = clock.now()
    people_actions.require(request.person, "workflow.see", now=now)
    return _page(request, draft_id, now=now)


def _page(
    request: DeskRequest,
    draft_id: int,
    *,
    now: datetime,
    form: forms.Form | None = None,
    refusal: Exception | None = None,
    status: int = 200,
) -> HttpResponse:
    try:
        seen = course_queries.see_draft(draft_id, on=people.day_of(now))
    except queries.NoSuchDraft as error:
        return unknown(request, error)
    language = get_language() or "vi"
    blockers = getattr(refusal, "blockers", ())
    context = {
        "seen": seen,
        "tone": workflow_page.DRAFT_TONES[seen.draft.status],
        "steps": workflow_page.show_steps(seen.net, seen.names),
        "faults": [fault.text(language) for fault in seen.faults],
        "changes": workflow_page.show_changes(seen.differences),
        "marks_before": workflow_page.marks_before(seen.differences),
        "marks_after": workflow_page.marks_after(seen.differences),
        "published": change_queries.find_publication(seen.draft),
        "refusal": str(refusal) if refusal else "",
        "blockers": [blocker.text(language) for blocker in blockers],
        **change_page.show_course(
            seen.draft,
            change_queries.list_rounds(draft_id),
            person=request.person,
            form=form,
            now=now,
        ),
    }
    return render(request, "desk/workflows/draft.html", context, status=status)


@require_POST
@login_required
def act(request: DeskRequest, draft_id: int, slug: str) -> HttpResponse:
    """Do one thing to a draft, or show its page again with why it was not done."""
    now = clock.now()
    if slug not in _ACTS:
        raise Http404(_("Không có việc nào mang tên “%(name)s”.") % {"name": slug})
    form_class, do, done = _ACTS[slug]
    # Boxes of several agencies on one page are told apart by the number of the ask.
    ask = request.POST.get("ask", "")
    ask_id = whole_number(ask, most_digits=9) or 0
    form = form_class(request.POST, prefix=ask or None)
    if not form.is_valid():
        return _page(request, draft_id, now=now, form=form, status=422)
    try:
        do(request.person, draft_id, ask_id, form.cleaned_data, now)
    except queries.NoSuchDraft as error:
        return unknown(request, error)
    except REFUSALS as refusal:
        return _page(request, draft_id, now=now, form=form, refusal=refusal, status=422)
    messages.success(request, str(done()))
    return redirect("desk:draft", draft_id)


_Do = Callable[[people.Person, int, int, dict[str, Any], datetime], Any]


def _send(person: people.Person, draft_id: int, _ask: int, data: Any, now: datetime) -> Any:
    return actions.begin_consultation(officer=person, draft_id=draft_id, now=now, **data)


def _take_back(person: people.Person, draft_id: int, _ask: int, data: Any, now: datetime) -> Any:
    return actions.take_draft_back(officer=person, draft_id=draft_id, now=now, **data)


def _discard(person: people.Person, draft_id: int, _ask: int, data: Any, now: datetime) -> Any:
    return actions.discard_draft(officer=person, draft_id=draft_id, now=now)


def _answer(person: people.Person, _draft: int, ask_id: int, data: Any, now: datetime) -> Any:
    return actions.answer_consultation(officer=person, ask_id=ask_id, now=now, **data)


def _override(person: people.Person, _draft: int, ask_id: int, data: Any, now: datetime) -> Any:
    return actions.override_opinion(officer=person, ask_id=ask_id, now=now, **data)


def _publish(person: people.Person, draft_id: int, _ask: int, data: Any, now: datetime) -> Any:
    return actions.publish_draft(officer=person, draft_id=draft_id, now=now, **data)


# slug → the form, what is done with it, and what is said then.
_ACTS: dict[str, tuple[type[forms.Form], _Do, Callable[[], str]]] = {
    "gui": (change_forms.SendForm, _send, lambda: _("Đã gửi lấy ý kiến.")),
    "lay-lai": (
        change_forms.TakeBackForm,
        _take_back,
        lambda: _("Đã lấy lại bản thảo; sửa xong hãy gửi lấy ý kiến lại."),
    ),
    "bo": (forms.Form, _discard, lambda: _("Đã bỏ bản thảo.")),
    "tra-loi": (change_forms.AnswerForm, _answer, lambda: _("Đã ghi ý kiến.")),
    "quyet-dinh-thay": (
        change_forms.OverrideForm,
        _override,
        lambda: _("Đã ghi quyết định thay ý kiến."),
    ),
    "cong-bo": (change_forms.PublishForm, _publish, lambda: _("Đã công bố phiên bản mới.")),
}

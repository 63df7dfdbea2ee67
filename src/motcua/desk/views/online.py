"""Online intake: what citizens sent and waits for an answer, one submission, the two answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from motcua.cases import actions
from motcua.cases import online_queries as online
from motcua.clock import queries as clock
from motcua.desk import counter_page, online_page
from motcua.desk.views.work import PAGE_LENGTH, DeskRequest
from motcua.lawbook import queries as lawbook
from motcua.people import actions as people_actions


class RefusalForm(forms.Form):
    """Why a submission is refused, in words."""

    reason = forms.CharField(
        label=gettext_lazy("Lý do từ chối"),
        max_length=2000,
        help_text=gettext_lazy(
            "Ghi hồ sơ thiếu hoặc sai điều gì và người nộp cần làm gì tiếp; đây là lời trả lời gửi cho họ."
        ),
        error_messages={
            "required": gettext_lazy(
                "Chưa ghi lý do; người nộp cần biết hồ sơ thiếu hoặc sai điều gì."
            )
        },
        widget=forms.Textarea(attrs={"rows": 4}),
    )


@require_safe
@login_required
def submissions(request: DeskRequest) -> HttpResponse:
    """List the online submissions of a state: what waits comes nearest answer deadline first."""
    now = clock.now()
    people_actions.require(request.person, "cases.see", now=now)
    state = request.GET.get("state", "")
    if state not in online.STATES:
        state = "waiting"
    found = online.list_submissions(request.person, state=state, now=now)
    page = Paginator(found, PAGE_LENGTH).get_page(request.GET.get("page"))
    counts = online.count_submissions(request.person, now=now)
    context: dict[str, Any] = {
        "page": page,
        "rows": online_page.rows_of(page.object_list, now=now, calendar=lawbook.get_calendar()),
        "state": state,
        "chips": online_page.state_chips(counts, state=state),
    }
    return render(request, "desk/online/list.html", context)


@require_safe
@login_required
def submission(request: DeskRequest, key: UUID) -> HttpResponse:
    """Show what a citizen sent, by when it must be answered, and the two answers."""
    return _show(request, key)


@require_POST
@login_required
def accept(request: DeskRequest, key: UUID) -> HttpResponse:
    """Receive the case that was sent online."""
    now = clock.now()
    try:
        row = actions.accept_submission(officer=request.person, key=key, now=now)
    except online.NoSuchSubmission as error:
        return _unknown(request, error)
    except actions.CannotReceiveCase as refusal:
        problems = [problem.message for problem in refusal.problems]
        return _show(request, key, status=422, problems=problems)
    except actions.CannotAnswerSubmission as refusal:
        return _show(request, key, status=409, problems=[str(refusal)])
    except counter_page.CANNOT_COUNT as error:
        return _show(request, key, status=422, problems=[str(error)])
    code = row.case.code if row.case else ""
    is_new = row.answered_at == now
    told = (
        _("Đã tiếp nhận hồ sơ %(code)s.")
        if is_new
        else _(
            "Hồ sơ này đã được tiếp nhận trước đó, mã %(code)s; không có hồ sơ thứ hai nào được tạo."
        )
    )
    messages.add_message(
        request,
        messages.INFO if is_new else messages.WARNING,
        format_html(
            '{} <a href="{}" target="_blank">{}</a>',
            told % {"code": code},
            reverse("desk:receipt", args=[code]),
            _("In giấy tiếp nhận"),
        ),
    )
    return redirect("desk:case", code=code)


@require_POST
@login_required
def refuse(request: DeskRequest, key: UUID) -> HttpResponse:
    """Refuse what was sent online, with the reason in words."""
    form = RefusalForm(request.POST)
    if not form.is_valid():
        return _show(request, key, status=422, form=form)
    try:
        row = actions.refuse_submission(
            officer=request.person,
            key=key,
            reason=form.cleaned_data["reason"],
            now=clock.now(),
        )
    except online.NoSuchSubmission as error:
        return _unknown(request, error)
    except actions.CannotAnswerSubmission as refusal:
        return _show(request, key, status=409, form=form, problems=[str(refusal)])
    messages.info(
        request, _("Đã từ chối hồ sơ trực tuyến của %(name)s.") % {"name": row.applicant_name}
    )
    return redirect("desk:online")


def _show(
    request: DeskRequest,
    key: UUID,
    *,
    status: int = 200,
    form: RefusalForm | None = None,
    problems: list[str] | None = None,
) -> HttpResponse:
    now = clock.now()
    try:
        row = actions.open_submission(officer=request.person, key=key, now=now)
    except online.NoSuchSubmission as error:
        return _unknown(request, error)
    context: dict[str, Any] = {
        "row": row,
        "shown": online_page.show_submission(
            row, calendar=lawbook.get_calendar(), officer=request.person, now=now
        ),
        "form": form or RefusalForm(),
        "problems": problems or [],
    }
    return render(request, "desk/online/submission.html", context, status=status)


def _unknown(request: DeskRequest, error: Exception) -> HttpResponse:
    return render(request, "desk/online/unknown.html", {"reason": str(error)}, status=404)

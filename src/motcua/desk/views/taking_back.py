"""The pages that take back what was recorded on a case by mistake: on its clock, or that it ended."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from motcua.cases import actions, ending_queries, queries
from motcua.clock import queries as clock
from motcua.desk.clock_forms import TakeBackForm
from motcua.desk.result_forms import UndoForm
from motcua.desk.views.refusing import refuse
from motcua.desk.views.work import DeskRequest
from motcua.look import formats
from motcua.people import actions as people_actions


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def take_back(request: DeskRequest, code: str, event_id: int) -> HttpResponse:
    """Ask why, then take it back; the due time is counted again."""
    now = clock.now()
    try:
        page = actions.open_case(
            officer=request.person, case_code=code, what="case.clock_read", now=now
        )
    except queries.NoSuchCase as error:
        return refuse(request, error)
    event = next((one for one in page.clock.events if one.pk == event_id), None)
    form, status, problem = TakeBackForm(), 200, ""
    if request.method == "POST":
        form, status = TakeBackForm(request.POST), 422
        if form.is_valid():
            try:
                moved = actions.take_back_event(
                    officer=request.person,
                    case_code=page.code,
                    event_id=event_id,
                    reason=form.cleaned_data["reason"],
                    now=now,
                )
            except actions.CannotTakeBack as refusal:
                problem, status = str(refusal), 409
            except people_actions.NotAllowed as refusal:
                problem, status = str(refusal), 403
            else:
                due = formats.write_moment(moved.deadline.due_at)
                text = _("Đã thu hồi việc ghi nhầm ở hồ sơ %(code)s. Hạn trả: %(due)s.")
                messages.success(request, text % {"code": page.code, "due": due})
                return redirect("desk:case", page.code)
    elif event is None:
        problem, status = _("Việc này không có, hoặc đã được thu hồi rồi. Hãy mở lại hồ sơ."), 404
    context = {"case": page.case, "event": event, "form": form, "problem": problem}
    return render(request, "desk/case/take_back.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def take_back_ending(request: DeskRequest, code: str) -> HttpResponse:
    """Ask why, then let a case go on that was withdrawn, refused or stopped by mistake."""
    now = clock.now()
    try:
        page = actions.open_case(
            officer=request.person, case_code=code, what="case.ending_read", now=now
        )
    except queries.NoSuchCase as error:
        return refuse(request, error)
    ending = ending_queries.find_ending(page.case, page.trail, now=now)
    is_theirs = ending is not None and ending_queries.may_take_back(
        page.case, ending, request.person, now=now
    )
    form, status, problem = UndoForm(), 200, _why_not(page, ending, is_theirs=is_theirs)
    if request.method == "POST":
        form, status = UndoForm(request.POST), 422
        # Who may not, or comes too late, hears that before their words are judged.
        if problem or form.is_valid():
            try:
                moved = actions.take_back_ending(
                    officer=request.person,
                    case_code=page.code,
                    reason=form.data.get("reason", ""),
                    now=now,
                )
            except actions.CannotTakeBackEnding as refusal:
                problem, status = str(refusal), 409
            except people_actions.NotAllowed as refusal:
                problem, status = str(refusal), 403
            else:
                messages.success(request, _gone_on(page.code, moved))
                return redirect("desk:case", page.code)
    context = {
        "case": page.case,
        "ending": ending,
        "form": form,
        "problem": problem,
        "may": is_theirs and ending is not None and not ending.why_it_stands,
    }
    return render(request, "desk/case/take_back_ending.html", context, status=status)


def _why_not(
    page: queries.CasePage, ending: ending_queries.Ending | None, *, is_theirs: bool
) -> str:
    """Return why the reader cannot take the ending back; empty when they can."""
    if ending is None:
        return _("Hồ sơ %(code)s không phải đã rút, bị từ chối hay dừng giải quyết.") % {
            "code": page.code
        }
    if ending.why_it_stands or is_theirs:
        return ending.why_it_stands
    return _(
        "Chỉ %(who)s, người đã ghi, hoặc lãnh đạo đơn vị của hồ sơ rút lại được. Hãy báo cho họ."
    ) % {"who": ending.by}


def _gone_on(code: str, moved: actions.ClockMoved) -> str:
    if moved.deadline.is_stopped:
        return _("Hồ sơ %(code)s được giải quyết tiếp; thời hạn vẫn đang tạm dừng.") % {
            "code": code
        }
    due = formats.write_moment(moved.deadline.due_at)
    return _("Hồ sơ %(code)s được giải quyết tiếp. Hạn trả: %(due)s.") % {"code": code, "due": due}

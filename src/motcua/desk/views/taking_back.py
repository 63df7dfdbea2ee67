"""The page that takes back what was recorded on the clock of a case by mistake."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from motcua.cases import actions, queries
from motcua.clock import queries as clock
from motcua.desk.clock_forms import TakeBackForm
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
        context = {"reason": str(error), "is_unknown": True}
        return render(request, "desk/case/refused.html", context, status=404)
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

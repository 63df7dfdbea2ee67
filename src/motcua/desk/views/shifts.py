"""The end of a shift at the counter: its report, the hand-over to a colleague, the printed slip."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.audit import queries as audit
from motcua.cases import actions, shift_queries, slips
from motcua.clock import queries as clock
from motcua.desk.shift_forms import ShiftForm
from motcua.desk.views.counter import ask_to_switch, counter_post
from motcua.desk.views.refusing import refuse
from motcua.desk.views.work import DeskRequest
from motcua.people import queries as people

_SHOWN = 20
_PRINTED = "shift.slip_printed"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def shift(request: DeskRequest) -> HttpResponse:
    """Show the report of the clerk's shift, and hand it over."""
    now = clock.now()
    post = counter_post(request, now=now)
    if post is None:
        return ask_to_switch(request, now=now)
    clerks = shift_queries.list_next_clerks(request.person, agency_id=post.agency_id, now=now)
    if request.method != "POST":
        return _show(request, post, ShiftForm(clerks=clerks), now=now)
    form = ShiftForm(request.POST, clerks=clerks)
    if not form.is_valid():
        return _show(request, post, form, now=now, status=422)
    try:
        made = actions.hand_over_shift(
            officer=request.person,
            agency_id=post.agency_id,
            next_clerk_id=form.cleaned_data["next_clerk"],
            cash_vnd=form.cleaned_data["cash"],
            note=form.cleaned_data["note"],
            now=now,
        )
    except actions.CannotHandOverShift as refusal:
        form.add_error(None, str(refusal))
        return _show(request, post, form, now=now, status=422)
    told = _("Đã bàn giao ca cho %(who)s; ca của anh/chị kết thúc lúc này.")
    messages.info(request, told % {"who": dict(clerks)[made.next_clerk_id]})
    return redirect("desk:shift")


def _show(
    request: DeskRequest,
    post: people.HeldPost,
    form: ShiftForm,
    *,
    now: datetime,
    status: int = 200,
) -> HttpResponse:
    here = post.agency_id
    ended = shift_queries.find_ended(request.person.id, agency_id=here, now=now)
    context: dict[str, Any] = {
        "post": post,
        "form": form,
        "ended": ended,
        "report": ended or shift_queries.report_shift(request.person, agency_id=here, now=now),
        "offered": shift_queries.list_offered(request.person, agency_id=here),
        "latest": shift_queries.list_latest(here)[:_SHOWN],
    }
    return render(request, "desk/counter/shift.html", context, status=status)


@require_POST
@login_required
def answer(request: DeskRequest, hand_over_id: int) -> HttpResponse:
    """Accept a colleague's shift, or decline it with a reason."""
    now = clock.now()
    try:
        if request.POST.get("answer") == "decline":
            reason = request.POST.get("reason", "")
            actions.decline_shift(
                officer=request.person, hand_over_id=hand_over_id, reason=reason, now=now
            )
            messages.info(request, _("Đã trả ca lại cho người bàn giao."))
        else:
            actions.accept_shift(officer=request.person, hand_over_id=hand_over_id, now=now)
            messages.info(request, _("Đã nhận ca. Từ nay giấy tờ và tiền này do anh/chị giữ."))
    except actions.CannotHandOverShift as refusal:
        messages.warning(request, str(refusal))
    except shift_queries.NoSuchShift as error:
        return refuse(request, error)
    return redirect("desk:shift")


@require_POST
@login_required
def resume(request: DeskRequest) -> HttpResponse:
    """Let the clerk back into today's shift."""
    now = clock.now()
    post = counter_post(request, now=now)
    if post is None:
        return ask_to_switch(request, now=now)
    try:
        actions.resume_shift(officer=request.person, agency_id=post.agency_id, now=now)
    except actions.CannotHandOverShift as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.info(request, _("Anh/chị đã vào ca lại và tiếp nhận được."))
    return redirect("desk:shift")


@require_safe
@login_required
def slip(request: DeskRequest, hand_over_id: int) -> HttpResponse:
    """Print the slip of a hand-over; from the second time on it says it is a copy."""
    now = clock.now()
    try:
        hand_over, cases = actions.open_shift_slip(
            officer=request.person, hand_over_id=hand_over_id, what=_PRINTED, now=now
        )
    except shift_queries.NoSuchShift as error:
        return refuse(request, error)
    actions.note_paper(officer=request.person, what="shift-slip", rows=len(cases), now=now)
    reads = audit.list_reads(actions.subject_of_shift(hand_over_id))
    # This printing is noted already.
    print_number = reads.filter(what=_PRINTED, was_allowed=True).count()
    content = slips.shift_slip_content(hand_over, cases)
    made = slips.make_shift_slip(content, print_number=print_number, now=now)
    name = f"ban-giao-ca-{hand_over.day:%Y-%m-%d}-{hand_over.pk}.pdf"
    disposition = content_disposition_header(as_attachment=False, filename=name)
    return HttpResponse(
        made,
        content_type="application/pdf",
        headers={"Content-Disposition": disposition or "inline"},
    )

"""Case files that another system sent on: the list, one with both statuses, and who owns it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from motcua.cases import actions, mirror_queries, sending_queries
from motcua.clock import queries as clock
from motcua.desk import filter_chips
from motcua.desk.views.refusing import refuse
from motcua.desk.views.work import PAGE_LENGTH, DeskRequest
from motcua.people import actions as people_actions
from motcua.people import queries as people


class TakeOverForm(forms.Form):
    """The code of the case under which it is settled here."""

    case_code = forms.CharField(
        label=gettext_lazy("Mã hồ sơ đã tiếp nhận tại đây"),
        max_length=60,
        help_text=gettext_lazy("Ghi mã trên giấy tiếp nhận; từ đó trạng thái do hệ thống này giữ."),
        error_messages={"required": gettext_lazy("Chưa ghi mã hồ sơ. Hãy tiếp nhận hồ sơ trước.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ReasonForm(forms.Form):
    """Why the status goes back to the other system, or comes to us again."""

    reason = forms.CharField(
        label=gettext_lazy("Lý do"),
        max_length=600,
        help_text=gettext_lazy("Lý do đi vào nhật ký của hồ sơ."),
        error_messages={"required": gettext_lazy("Chưa ghi lý do. Hãy ghi bằng lời.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@require_safe
@login_required
def cases(request: DeskRequest) -> HttpResponse:
    """List the case files of other systems: no names, since nobody here works on them yet."""
    now = clock.now()
    people_actions.require(request.person, "cases.see", now=now)
    state = request.GET.get("state", "")
    state = state if state in mirror_queries.STATES else "theirs"
    found = mirror_queries.list_mirrored(request.person, state=state, now=now)
    page = Paginator(found, PAGE_LENGTH).get_page(request.GET.get("page"))
    names = {
        "theirs": _("Hệ thống khác đang giữ"),
        "ours": _("Đã chuyển cho mình"),
        "all": _("Tất cả"),
    }
    counts = mirror_queries.count_mirrored(request.person, now=now)
    context = {
        "page": page,
        "grounds": sending_queries.list_grounds(people.day_of(now)),
        "rows": [_shown(row) for row in page.object_list],
        "chips": filter_chips.state_chips(
            names, counts, address=reverse("desk:mirrored"), state=state
        ),
    }
    return render(request, "desk/mirrored/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def case(request: DeskRequest, mirrored_id: int) -> HttpResponse:
    """Show one with its owner, both statuses and all that was told; take it over."""
    now = clock.now()
    try:
        row = actions.open_mirrored(officer=request.person, mirrored_id=mirrored_id, now=now)
    except mirror_queries.NoSuchMirroredCase as error:
        return refuse(request, error)
    form, status = TakeOverForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                row = actions.take_over_case(
                    officer=request.person,
                    mirrored_id=mirrored_id,
                    case_code=form.cleaned_data["case_code"],
                    now=now,
                )
            except actions.CannotTakeOver as refusal:
                form.add_error("case_code", str(refusal))
            else:
                done = _("Từ nay trạng thái hồ sơ %(code)s do hệ thống này giữ.")
                messages.success(request, done % {"code": row.foreign_code})
                return redirect("desk:mirrored-case", mirrored_id)
    told = [
        (one, mirror_queries.name_status(one.status)) for one in mirror_queries.list_statuses(row)
    ]
    may_take_over = row.case is None and people.is_allowed(
        request.person, "cases.receive", now=now, agency=row.agency
    )
    context: dict[str, Any] = {
        "grounds": sending_queries.list_grounds(people.day_of(now)),
        "shown": _shown(row),
        "row": row,
        "told": told,
        "hand_backs": mirror_queries.list_hand_backs(row),
        "form": form if may_take_over else None,
        "may_move": actions.may_hand_back(request.person, row, now=now),
    }
    return render(request, "desk/mirrored/case.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def owner(request: DeskRequest, mirrored_id: int) -> HttpResponse:
    """Hand the status back to the other system, or take it again, with a reason."""
    now = clock.now()
    try:
        row = actions.open_mirrored(
            officer=request.person, mirrored_id=mirrored_id, to_move=True, now=now
        )
    except mirror_queries.NoSuchMirroredCase as error:
        return refuse(request, error)
    is_ours, form, status = mirror_queries.is_ours(row), ReasonForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        # What was on the page decides, not what stands by now: a second click undoes nothing.
        hands_back = request.POST.get("act") == "hand-back"
        act = actions.hand_back_case if hands_back else actions.take_case_again
        if form.is_valid():
            try:
                act(
                    officer=request.person,
                    mirrored_id=mirrored_id,
                    reason=form.cleaned_data["reason"],
                    now=now,
                )
            except (actions.CannotHandBack, actions.CannotTakeAgain) as refusal:
                form.add_error("reason", str(refusal))
            else:
                shown = {"code": row.foreign_code, "source": mirror_queries.name_source(row.source)}
                done = (
                    _("Từ nay trạng thái hồ sơ %(code)s lại do %(source)s giữ.")
                    if hands_back
                    else _("Từ nay trạng thái hồ sơ %(code)s lại do hệ thống này giữ.")
                )
                messages.success(request, done % shown)
                return redirect("desk:mirrored-case", mirrored_id)
    context = {"shown": _shown(row), "row": row, "form": form, "is_ours": is_ours}
    return render(request, "desk/mirrored/owner.html", context, status=status)


def _shown(row: Any) -> dict[str, Any]:
    """Return who owns the status, and both statuses in words."""
    source = mirror_queries.name_source(row.source)
    is_ours = row.case is not None and not row.is_handed_back
    return {
        "row": row,
        "source": source,
        "owner": _("Hệ thống một cửa này") if is_ours else source,
        "is_ours": is_ours,
        "theirs": mirror_queries.name_status(row.foreign_status),
        "ours": mirror_queries.name_status(mirror_queries.code_of(row.case)) if row.case else "",
    }

"""Stand-ins: who is away and who works in their stead, named here and taken back here."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from motcua.clock import queries as clock
from motcua.desk.absence_forms import StandInForm
from motcua.desk.views.work import PAGE_LENGTH, DeskRequest
from motcua.people import absence_queries
from motcua.people import actions as people_actions
from motcua.people import queries as people


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def absences(request: DeskRequest) -> HttpResponse:
    """List absences with their stand-ins, and name a stand-in."""
    now = clock.now()
    people_actions.require(request.person, "people.name_stand_in", now=now)
    if request.method != "POST":
        return _page(request, _form(request, None, now=now), now=now)
    form = _form(request, request.POST, now=now)
    if not form.is_valid():
        return _page(request, form, now=now, status=422)
    asked = form.cleaned_data
    try:
        named = people_actions.name_stand_in(
            officer=request.person,
            absent_id=asked["absent"],
            stand_in_id=asked["stand_in"],
            starts_on=asked["first_day"],
            ends_on=form.ends_on,
            now=now,
        )
    except people_actions.CannotNameStandIn as refusal:
        form.add_error(None, str(refusal))
        return _page(request, form, now=now, status=422)
    messages.success(
        request,
        _("Đã cử %(who)s làm thay %(absent)s từ %(first)s đến hết %(last)s.")
        % {
            "who": named.stand_in.full_name,
            "absent": named.absent.full_name,
            "first": f"{named.starts_on:%d/%m/%Y}",
            "last": f"{asked['last_day']:%d/%m/%Y}",
        },
    )
    return redirect("desk:absences")


def _form(request: DeskRequest, data: Any, *, now: datetime) -> StandInForm:
    today = people.day_of(now)
    return StandInForm(
        data,
        absent=absence_queries.list_absent_choices(request.person, now=now),
        stand_ins=absence_queries.list_stand_in_choices(request.person, now=now),
        initial={"absent": request.person.id, "first_day": today, "last_day": today},
    )


def _page(
    request: DeskRequest, form: StandInForm, *, now: datetime, status: int = 200
) -> HttpResponse:
    found = absence_queries.list_absences(request.person, now=now)
    page = Paginator(found, PAGE_LENGTH).get_page(request.GET.get("page"))
    today = people.day_of(now)
    of_others = people.is_allowed(request.person, "people.name_stand_in_of_others", now=now)
    rows = [
        _row(one, today=today, may_take_back=of_others or one.absent_id == request.person.id)
        for one in page.object_list
    ]
    context = {"form": form, "page": page, "rows": rows}
    return render(request, "desk/assigning/absences.html", context, status=status)


def _row(absence: Any, *, today: date, may_take_back: bool) -> dict[str, Any]:
    """Return an absence as a row: its last day, its state in words and tone, what can be done."""
    if absence.withdrawn_at is not None:
        state, tone = _("Đã thu hồi"), "neutral"
    elif absence.ends_on <= today:
        state, tone = _("Đã kết thúc"), "neutral"
    elif absence.starts_on > today:
        state, tone = _("Chưa bắt đầu"), "warn"
    else:
        state, tone = _("Đang làm thay"), "good"
    is_over = absence.withdrawn_at is not None or absence.ends_on <= today
    return {
        "absence": absence,
        "last_day": absence.ends_on - timedelta(days=1),
        "state": state,
        "tone": tone,
        "may_take_back": may_take_back and not is_over,
        "dialog": f"take-back-{absence.pk}",
    }


@require_POST
@login_required
def take_back(request: DeskRequest, absence_id: int) -> HttpResponse:
    """End a stand-in at once."""
    try:
        ended = people_actions.take_back_stand_in(
            officer=request.person, absence_id=absence_id, now=clock.now()
        )
    except absence_queries.NoSuchAbsence as error:
        raise Http404(str(error)) from error
    except people_actions.CannotTakeBackStandIn as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            _("Đã thu hồi: %(who)s không còn làm thay %(absent)s.")
            % {"who": ended.stand_in.full_name, "absent": ended.absent.full_name},
        )
    return redirect("desk:absences")

"""Dissolving an agency: what that does, before it is done; what went to its successor; taking it back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.cases import actions
from motcua.cases import dissolution_queries as queries
from motcua.clock import queries as clock
from motcua.desk import dissolution_page as page
from motcua.desk.dissolution_forms import DissolveForm, UndoForm
from motcua.desk.views.work import DeskRequest
from motcua.people import actions as people_actions
from motcua.people import agency_queries
from motcua.people import queries as people

if TYPE_CHECKING:
    from motcua.people.models import Agency

PAGE_LENGTH = 50


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def dissolve(request: DeskRequest, agency_code: str) -> HttpResponse:
    """Show what dissolving an agency would do, and do it; afterwards, what it did."""
    now = clock.now()
    agency = _agency(request, agency_code, now=now)
    try:
        made = queries.get_dissolution(agency.pk)
    except queries.NoSuchDissolution:
        pass
    else:
        return _show_dissolved(request, made, now=now)
    successors = {
        one.code: one
        for one in agency_queries.list_possible_successors(agency, on=people.day_of(now))
    }
    form = DissolveForm(
        request.POST if request.method == "POST" else None,
        successors=[
            (code, f"{page.name_agency(one)} ({code})") for code, one in successors.items()
        ],
        initial={"last_day": people.day_of(now), "decision_date": people.day_of(now)},
    )
    if form.is_valid():
        asked = form.cleaned_data
        heir = successors.get(asked.pop("successor"))
        try:
            made = actions.dissolve_agency(
                officer=request.person,
                agency_id=agency.pk,
                successor_id=heir.pk if heir else None,
                now=now,
                **asked,
            )
        except actions.CannotDissolveAgency as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _words(made))
            return redirect("desk:dissolve", agency.code)
    return _show_form(request, agency, form, now=now)


def _agency(request: DeskRequest, code: str, *, now: datetime) -> Agency:
    """Return the agency of this code, if the person may dissolve it; raise NotAllowed or Http404."""
    people_actions.require(request.person, "people.dissolve", now=now)
    agency = people.find_agency(code.replace("\0", ""))
    if agency is None:
        raise Http404(_("Không có cơ quan nào mang mã “%(code)s”.") % {"code": code})
    people_actions.require(
        request.person, "people.dissolve", now=now, agency_id=agency.pk, agency_path=agency.path
    )
    return agency


def _words(made: Any) -> str:
    told = {"agency": page.name_agency(made.agency), "day": f"{made.last_day:%d/%m/%Y}"}
    if made.moved_at is None:
        return (
            _(
                "Đã ghi giải thể %(agency)s, ngày hoạt động cuối %(day)s. Việc chuyển vào đầu giờ làm việc đầu tiên sau ngày đó."
            )
            % told
        )
    return _("Đã giải thể %(agency)s, ngày hoạt động cuối %(day)s, và chuyển việc.") % told


def _show_form(
    request: DeskRequest, agency: Agency, form: DissolveForm, *, now: datetime
) -> HttpResponse:
    today = people.day_of(now)
    hindrance = ""
    try:
        people_actions.check_ending(
            officer=request.person,
            agency_id=agency.pk,
            successor_id=None,
            last_day=max(today, agency.starts_on),
            now=now,
        )
    except actions.CannotDissolveAgency as refusal:
        hindrance = str(refusal)
    context = {
        "agency": agency,
        "name": page.name_agency(agency),
        "form": form,
        "hindrance": "" if form.is_bound else hindrance,
        "can_end": agency.ends_on is None and agency.parent_id is not None,
        "parts": page.show_parts(agency, last_day=today, now=now),
    }
    return render(
        request, "desk/dissolving/dissolve.html", context, status=422 if form.is_bound else 200
    )


def _show_dissolved(
    request: DeskRequest,
    made: Any,
    *,
    now: datetime,
    form: UndoForm | None = None,
    status: int = 200,
) -> HttpResponse:
    handed = Paginator(queries.list_handed(made), PAGE_LENGTH).get_page(request.GET.get("page"))
    opens_cases = people.is_allowed(request.person, "cases.see", now=now)
    context = {
        "made": made,
        "agency": made.agency,
        "name": page.name_agency(made.agency),
        "successor": page.name_agency(made.successor) if made.successor else "",
        "heir": page.name_agency(made.heir) if made.heir else "",
        "page": handed,
        "rows": page.show_handed(handed, opens_cases=opens_cases),
        "parts": None
        if made.moved_at
        else page.show_parts(made.agency, last_day=made.last_day, now=now),
        "form": form or UndoForm(),
    }
    return render(request, "desk/dissolving/dissolved.html", context, status=status)


@require_safe
@login_required
def part(request: DeskRequest, agency_code: str, part: str) -> HttpResponse:
    """List one part of the work of an agency that is to be dissolved."""
    now = clock.now()
    agency = _agency(request, agency_code, now=now)
    try:
        title = page.name_part(part)
    except KeyError as error:
        raise Http404(_("Không có danh sách này.")) from error
    found = queries.list_part(agency, part, last_day=people.day_of(now), now=now)
    rows = Paginator(found, PAGE_LENGTH).get_page(request.GET.get("page"))
    opens_cases = people.is_allowed(request.person, "cases.see", now=now)
    context = {
        "agency": agency,
        "name": page.name_agency(agency),
        "title": title,
        "page": rows,
        "rows": page.show_rows(part, rows, opens_cases=opens_cases),
    }
    return render(request, "desk/dissolving/part.html", context)


@require_POST
@login_required
def undo(request: DeskRequest, agency_code: str) -> HttpResponse:
    """Take the dissolution of an agency back."""
    now = clock.now()
    agency = _agency(request, agency_code, now=now)
    try:
        made = queries.get_dissolution(agency.pk)
    except queries.NoSuchDissolution as error:
        messages.info(request, str(error))
        return redirect("desk:dissolve", agency.code)
    form = UndoForm(request.POST)
    if form.is_valid():
        try:
            actions.undo_dissolution(
                officer=request.person, dissolution_id=made.pk, now=now, **form.cleaned_data
            )
        except actions.CannotUndoDissolution as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                _("Đã hủy giải thể %(agency)s; việc và vị trí trở lại như trước.")
                % {"agency": page.name_agency(agency)},
            )
            return redirect("desk:dissolve", agency.code)
    return _show_dissolved(request, made, now=now, form=form, status=422)

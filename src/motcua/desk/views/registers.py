"""The register of workflow decisions, who calls a shared process, and putting a version out of force."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from motcua.clock import queries as clock
from motcua.desk import decisions_workbook as workbook
from motcua.desk.change_forms import PeriodForm, RepublishForm, RetireForm
from motcua.desk.views.workflows import DeskRequest, unknown
from motcua.lawbook import queries as lawbook
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.workflow import actions, change_queries, overview_queries, queries

PAGE_LENGTH = 50
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@login_required
def decisions(request: DeskRequest) -> HttpResponse:
    """List the register of workflow decisions, whole or in a period."""
    now = clock.now()
    people_actions.require(request.person, "workflow.see", now=now)
    form = PeriodForm(request.GET or None)
    first_day, last_day = form.days()
    rows = change_queries.list_decisions(first_day=first_day, last_day=last_day)
    page = Paginator(rows, PAGE_LENGTH).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "chips": _period_chips(first_day, last_day, today=people.day_of(now)),
        "query": _days_query(first_day, last_day),
    }
    return render(request, "desk/workflows/decisions.html", context)


def _period_chips(
    first_day: date | None, last_day: date | None, *, today: date
) -> list[dict[str, Any]]:
    periods = lawbook.list_periods(year=today.year)
    counts = change_queries.count_decisions(
        (one.name, one.first_day, one.last_day) for one in periods
    )
    is_english = get_language() == "en"
    here = reverse("desk:workflow-decisions")
    chips = [
        {
            "label": _("Tất cả"),
            "url": here,
            "count": counts[""],
            "is_active": first_day is None and last_day is None,
        }
    ]
    return chips + [
        {
            "label": one.name_en if is_english else one.name_vi,
            "url": f"{here}?{_days_query(one.first_day, one.last_day)}",
            "count": counts[one.name],
            "is_active": (first_day, last_day) == (one.first_day, one.last_day),
        }
        for one in periods
    ]


def _days_query(first_day: date | None, last_day: date | None) -> str:
    days = {"first_day": first_day, "last_day": last_day}
    return urlencode({name: f"{day:%d/%m/%Y}" for name, day in days.items() if day})


@require_safe
@login_required
def decisions_workbook(request: DeskRequest) -> HttpResponse:
    """Hand out the register as XLSX, whole or in a period."""
    now = clock.now()
    people_actions.require(request.person, "workflow.see", now=now)
    first_day, last_day = PeriodForm(request.GET or None).days()
    rows = change_queries.list_decisions(first_day=first_day, last_day=last_day)
    name = f"quyet-dinh-quy-trinh_{first_day or 'dau'}_{last_day or people.day_of(now)}.xlsx"
    return HttpResponse(
        workbook.build_workbook(rows, first_day=first_day, last_day=last_day),
        content_type=_XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def callers(request: DeskRequest, key: str) -> HttpResponse:
    """Show who calls a process and how far behind each is; publish anew those that lag."""
    now = clock.now()
    people_actions.require(request.person, "workflow.see", now=now)
    try:
        workflow = overview_queries.get_workflow(key)
    except overview_queries.NoSuchVersion as error:
        return unknown(request, error)
    if request.method != "POST":
        return _callers_page(request, workflow, now=now)
    people_actions.require(request.person, "workflow.publish", now=now)
    form = RepublishForm(request.POST)
    if not form.is_valid():
        return _callers_page(request, workflow, now=now, form=form, status=422)
    try:
        made = actions.republish_callers(
            officer=request.person, key=key, now=now, **form.cleaned_data
        )
    except (actions.CannotRepublishCallers, actions.CannotPublishWorkflow) as refusal:
        return _callers_page(
            request, workflow, now=now, form=form, refusal=str(refusal), status=422
        )
    return _callers_page(request, workflow, now=now, made=made)


def _callers_page(
    request: DeskRequest,
    workflow: Any,
    *,
    now: datetime,
    form: RepublishForm | None = None,
    refusal: str = "",
    made: Any = (),
    status: int = 200,
) -> HttpResponse:
    today = people.day_of(now)
    newest = overview_queries.get_newest_day(workflow.key)
    on = max(today, newest) if newest else today
    rows = queries.list_callers(workflow.key, on=on)
    context = {
        "workflow": workflow,
        "on": on,
        "callers": rows,
        "lagging": sum(row.lags for row in rows),
        "form": form or RepublishForm(initial={"starts_on": on}),
        "may_publish": people.is_allowed(request.person, "workflow.publish", now=now),
        "refusal": refusal,
        "made": made,
    }
    return render(request, "desk/workflows/callers.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def retire(request: DeskRequest, key: str, number: int) -> HttpResponse:
    """Put a version out of force, by a decision and with its reason."""
    now = clock.now()
    people_actions.require(request.person, "workflow.publish", now=now)
    today = people.day_of(now)
    try:
        seen = overview_queries.see_version(key, number, on=today)
    except overview_queries.NoSuchVersion as error:
        return unknown(request, error)
    form = RetireForm(request.POST or None, initial={"ends_on": today, "decided_on": today})
    context = {"seen": seen, "form": form}
    if request.method != "POST":
        return render(request, "desk/workflows/retire.html", context)
    if not form.is_valid():
        return render(request, "desk/workflows/retire.html", context, status=422)
    try:
        actions.retire_version(
            officer=request.person,
            workflow_key=key,
            version_number=number,
            now=now,
            **form.cleaned_data,
        )
    except actions.CannotRetireVersion as refusal:
        context["refusal"] = str(refusal)
        return render(request, "desk/workflows/retire.html", context, status=422)
    messages.success(request, _("Đã ghi quyết định thôi áp dụng phiên bản này."))
    return redirect("desk:version", key, number)

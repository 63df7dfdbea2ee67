"""Decisions on days off and suspensions of a unit: typed, their effect looked at, then applied."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.cases import actions, mass_queries
from motcua.cases import queries as cases
from motcua.clock import queries as clock
from motcua.desk import law_page
from motcua.desk.decision_forms import (
    DayRows,
    DecisionForm,
    LiftForm,
    SuspensionForm,
    decided_days,
)
from motcua.desk.views.law import DeskRequest
from motcua.lawbook import queries as lawbook
from motcua.people import actions as people_actions
from motcua.people import queries as people

CASES_SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def calendar_decisions(request: DeskRequest) -> HttpResponse:
    """List the decisions on days off; take a new one, showing its effect before it is applied."""
    now = _admit(request)
    if request.method != "POST":
        return _calendar_page(request, DecisionForm(), DayRows(), now=now)
    people_actions.require(request.person, "law.decide", now=now)
    form, rows = DecisionForm(request.POST), DayRows(request.POST)
    if not form.is_valid() or not rows.is_valid():
        return _calendar_page(request, form, rows, now=now, status=422)
    days = decided_days(rows)
    try:
        if "apply" not in request.POST:
            actions.check_calendar_decision(days, now=now)
            effect = mass_queries.preview_calendar(days)
            return _calendar_page(request, form, rows, now=now, effect=effect)
        mass = actions.decide_calendar(
            officer=request.person, days=days, now=now, **form.cleaned_data
        )
    except actions.CannotDecideCalendar as refusal:
        return _calendar_page(request, form, rows, now=now, problems=refusal.problems, status=422)
    return redirect("desk:mass-recount", mass.pk)


def _calendar_page(
    request: DeskRequest,
    form: DecisionForm,
    rows: Any,
    *,
    now: datetime,
    effect: mass_queries.Effect | None = None,
    problems: Iterable[str] = (),
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "tabs": law_page.tabs("decisions"),
        "form": form,
        "rows": rows,
        "problems": tuple(problems),
        "may_decide": people.is_allowed(request.person, "law.decide", now=now),
        "decisions": Paginator(lawbook.list_decisions(), CASES_SHOWN).get_page(
            request.GET.get("page")
        ),
        **_effect(request, effect, now=now),
    }
    return render(request, "desk/law/decisions.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def suspensions(request: DeskRequest) -> HttpResponse:
    """List the suspensions by force majeure; take a new one, showing its effect before."""
    now = _admit(request)
    if request.method != "POST":
        return _suspension_page(request, _suspension_form(request, None, now=now), now=now)
    people_actions.require(request.person, "cases.suspend", now=now)
    form = _suspension_form(request, request.POST, now=now)
    if not form.is_valid():
        return _suspension_page(request, form, now=now, status=422)
    asked = form.cleaned_data
    starts_at, ends_at = form.moment("start") or now, form.moment("end")
    try:
        if "apply" not in request.POST:
            effect = mass_queries.preview_suspension(
                people.get_agency(asked["agency"]),
                with_subordinate=asked["with_subordinate"],
                starts_at=starts_at,
                ends_at=ends_at,
            )
            return _suspension_page(request, form, now=now, effect=effect)
        mass = actions.suspend_unit(
            officer=request.person,
            agency_code=asked["agency"],
            with_subordinate=asked["with_subordinate"],
            starts_at=starts_at,
            ends_at=ends_at,
            reason=asked["reason"],
            document=asked["document"],
            now=now,
        )
    except actions.CannotSuspend as refusal:
        return _suspension_page(request, form, now=now, refusal=str(refusal), status=422)
    return redirect("desk:mass-recount", mass.pk)


def _suspension_form(request: DeskRequest, data: Any, *, now: datetime) -> SuspensionForm:
    scope = people.scope_of(request.person, "cases.suspend", now=now)
    agencies = people.agencies_in_scope(scope) if not scope.is_empty else ()
    day = people.day_of(now)
    choices = sorted(
        (one.name, one.code)
        for one in agencies
        if one.starts_on <= day and (one.ends_on is None or day < one.ends_on)
    )
    return SuspensionForm(data, agencies=[(code, name) for name, code in choices])


def _suspension_page(
    request: DeskRequest,
    form: SuspensionForm,
    *,
    now: datetime,
    effect: mass_queries.Effect | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    page = Paginator(mass_queries.list_suspensions(), CASES_SHOWN).get_page(request.GET.get("page"))
    for one in page.object_list:
        # Each open one has a form of its own, so that no two boxes share a name for the reader.
        one.lift_form = LiftForm(auto_id=f"lift-{one.pk}-%s")  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "tabs": law_page.tabs("suspensions"),
        "form": form,
        "refusal": refusal,
        "may_suspend": people.is_allowed(request.person, "cases.suspend", now=now),
        "suspensions": page,
        **_effect(request, effect, now=now),
    }
    return render(request, "desk/law/suspensions.html", context, status=status)


@require_POST
@login_required
def lift_suspension(request: DeskRequest, suspension_id: int) -> HttpResponse:
    """End a suspension; the clocks of its cases go on from then."""
    now = _admit(request)
    people_actions.require(request.person, "cases.suspend", now=now)
    form = LiftForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Hãy ghi ngày và giờ kết thúc, ví dụ 10/03/2023 và 08:00."))
        return redirect("desk:suspensions")
    try:
        mass = actions.lift_suspension(
            officer=request.person,
            suspension_id=suspension_id,
            ends_at=form.moment("end") or now,
            now=now,
        )
    except actions.CannotSuspend as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:suspensions")
    return redirect("desk:mass-recount", mass.pk)


@require_safe
@login_required
def mass_recount(request: DeskRequest, mass_id: int) -> HttpResponse:
    """Show how far the cases have been counted again; the page may be left meanwhile."""
    _admit(request)
    mass = mass_queries.get_mass_recount(mass_id)
    if mass is None:
        raise Http404
    percent = 100 if not mass.total else min(100, mass.done * 100 // mass.total)
    is_panel = bool(request.headers.get("HX-Request"))
    template = "desk/law/recount_progress.html" if is_panel else "desk/law/recount.html"
    return render(
        request,
        template,
        {"mass": mass, "percent": 100 if mass.finished_at else percent, "tabs": law_page.tabs("")},
    )


def _effect(
    request: DeskRequest, effect: mass_queries.Effect | None, *, now: datetime
) -> dict[str, Any]:
    """Return what the preview shows: only cases that the reader may see are named."""
    if effect is None:
        return {"effect": None}
    shown = effect.moved[:CASES_SHOWN]
    visible = cases.cases_in_scope(request.person, now=now)
    known = set(visible.filter(pk__in=[one.case.pk for one in shown]).values_list("pk", flat=True))
    return {
        "effect": effect,
        "units": effect.by_unit(),
        "shown": shown,
        "visible": known,
        "left_out": len(effect.moved) - len(shown),
    }


def _admit(request: DeskRequest | HttpRequest) -> datetime:
    now = clock.now()
    people_actions.require(request.person, "law.see", now=now)  # type: ignore[union-attr]
    return now

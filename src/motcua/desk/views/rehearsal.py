"""Rehearsing a draft: ask for it, see how far it is, read the figures and the cases behind them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from motcua.cases import actions, rehearsal_queries
from motcua.cases import queries as cases
from motcua.clock import queries as clock
from motcua.desk import rehearsal_page
from motcua.desk.rehearsal_forms import RehearsalForm, list_periods
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.workflow import queries as workflow

ROWS_SHOWN = 50


class DeskRequest(HttpRequest):
    """A request with the person that the desk's middleware found."""

    person: people.Person


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def rehearsals(request: DeskRequest, draft_id: int) -> HttpResponse:
    """Choose a period and a unit and let a job rehearse; list earlier rehearsals of the draft."""
    now, draft = _admit(request, draft_id)
    form = _form(request, now=now)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        period = form.chosen_period
        try:
            asked = actions.ask_for_rehearsal(
                officer=request.person,
                draft_id=draft_id,
                unit_code=form.cleaned_data["unit"],
                with_subordinate=form.cleaned_data["with_subordinate"],
                first_day=period.first_day,
                last_day=period.last_day,
                now=now,
            )
        except actions.CannotRehearse as error:
            refusal = str(error)
        else:
            return redirect("desk:rehearsal", draft_id, asked.pk)
    context: dict[str, Any] = {
        "draft": draft,
        "form": form,
        "refusal": refusal,
        "may_rehearse": _may_draw(request.person, draft, now=now),
        "page": Paginator(rehearsal_queries.list_rehearsals(draft_id), ROWS_SHOWN).get_page(
            request.GET.get("page")
        ),
    }
    wrong = bool(refusal) or (form.is_bound and not form.is_valid())
    return render(request, "desk/rehearsal/list.html", context, status=422 if wrong else 200)


def _may_draw(person: people.Person, draft: Any, *, now: datetime) -> bool:
    owner = draft.workflow.owner
    return people.scope_of(person, "workflow.draw", now=now).covers(
        agency_id=owner.pk if owner else 0, agency_path=owner.path if owner else ""
    )


def _form(request: DeskRequest, *, now: datetime) -> RehearsalForm:
    today = people.day_of(now)
    scope = people.scope_of(request.person, "reports.see", now=now)
    agencies = people.agencies_in_scope(scope) if not scope.is_empty else ()
    units = [
        (one.path, one.code, one.name)
        for one in agencies
        if one.starts_on <= today and (one.ends_on is None or today < one.ends_on)
    ]
    return RehearsalForm(
        request.POST if request.method == "POST" else None,
        periods=list_periods(today),
        units=[(code, name) for _path, code, name in sorted(units)],
    )


@require_safe
@login_required
def rehearsal(request: DeskRequest, draft_id: int, rehearsal_id: int) -> HttpResponse:
    """Show how far a rehearsal is, then its figures; the page may be left meanwhile."""
    _now, found = _found(request, draft_id, rehearsal_id)
    percent = 100 if not found.total else found.done * 100 // found.total
    context: dict[str, Any] = {
        "rehearsal": found,
        "draft": found.draft,
        "percent": percent,
        "shown": rehearsal_page.ResultShown(found) if found.result else None,
    }
    is_panel = bool(request.headers.get("HX-Request"))
    if is_panel and found.finished_at is None:
        return render(request, "desk/rehearsal/progress.html", context)
    answer = render(request, "desk/rehearsal/rehearsal.html", context)
    if is_panel:
        # The figures take the whole page.
        answer["HX-Refresh"] = "true"
    return answer


@require_safe
@login_required
def rehearsed_cases(request: DeskRequest, draft_id: int, rehearsal_id: int) -> HttpResponse:
    """List the cases behind one figure of a rehearsal."""
    now, found = _found(request, draft_id, rehearsal_id)
    if not found.result:
        raise Http404
    figure, unit, step = (request.GET.get(name, "") for name in ("figure", "unit", "step"))
    places = rehearsal_page.places_of(found.result, unit=unit, step=step) if unit else []
    rows = rehearsal_queries.list_behind(found, figure, places)
    if rows is None:
        raise Http404
    page = Paginator(rows, ROWS_SHOWN).get_page(request.GET.get("page"))
    visible = cases.cases_in_scope(request.person, now=now)
    known = visible.filter(pk__in=[row.case_id for row in page.object_list])
    name = rehearsal_queries.name_agencies([unit], on=found.last_day)[unit]
    context: dict[str, Any] = {
        "rehearsal": found,
        "draft": found.draft,
        "heading": rehearsal_page.heading_of(figure, step=step, unit=name),
        "count": page.paginator.count,
        "page": page,
        "has_place": bool(places),
        "lines": rehearsal_page.case_lines(
            page.object_list,
            figure=figure,
            places=places,
            visible=set(known.values_list("pk", flat=True)),
        ),
    }
    return render(request, "desk/rehearsal/cases.html", context)


def _admit(request: DeskRequest, draft_id: int) -> tuple[datetime, Any]:
    """Return the time and the draft, for a person who may see workflows."""
    now = clock.now()
    people_actions.require(request.person, "workflow.see", now=now)
    try:
        return now, workflow.get_draft(draft_id)
    except workflow.NoSuchDraft as error:
        raise Http404(_("Không có bản thảo này.")) from error


def _found(request: DeskRequest, draft_id: int, rehearsal_id: int) -> tuple[datetime, Any]:
    """Return the time and a rehearsal, for a person who may see the reports of its unit."""
    now = clock.now()
    people_actions.require(request.person, "workflow.see", now=now)
    found = rehearsal_queries.find_rehearsal(draft_id, rehearsal_id)
    if found is None:
        raise Http404
    actions.require_reader(
        request.person, agency=found.agency, with_subordinate=found.with_subordinate, now=now
    )
    return now, found

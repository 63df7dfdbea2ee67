"""The public's pages: when would a procedure be due if it were filed now, or on another day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from motcua.cases import what_if_queries
from motcua.clock import queries as clock
from motcua.engine.moments import local
from motcua.engine.worktime import CalendarEnds
from motcua.lawbook import queries as lawbook
from motcua.look.formats import write_date
from motcua.portal import what_if_page
from motcua.portal.forms import FilingForm, LimitForm, SearchForm, TimeForm
from motcua.procedures import queries as procedures

PAGE_LENGTH = 20
_TIME = ("day", "time")


@require_safe
@cache_control(private=True, max_age=60)
def what_if(request: HttpRequest) -> HttpResponse:
    """Tell when a file would be due, for a procedure or a plain limit; nothing is written."""
    now = local(clock.now())
    code = request.GET.get("procedure", "").strip()[:60]
    if code:
        return _of_procedure(request, code, now)
    if "limit" in request.GET:
        return _of_limit(request, now)
    return _search(request, now)


def _search(request: HttpRequest, now: datetime, *, problem: str = "") -> HttpResponse:
    """Show the box in which to look for a procedure, and what it finds."""
    form = SearchForm(request.GET if "q" in request.GET else None)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    context: dict[str, Any] = {
        "form": form,
        "limit_form": LimitForm(),
        "problem": problem,
        "text": text,
    }
    if text:
        found = procedures.search_revisions(text=text, field_id=None, on=now.date())
        page = Paginator(found, PAGE_LENGTH).get_page(request.GET.get("page"))
        context |= {"page": page, "found": what_if_page.found_of(page.object_list, _kept(request))}
    is_refused = bool(problem) or (form.is_bound and not form.is_valid())
    return render(request, "portal/search.html", context, status=422 if is_refused else 200)


def _kept(request: HttpRequest) -> dict[str, str]:
    return {name: value for name in _TIME if (value := request.GET.get(name, ""))}


def _of_procedure(request: HttpRequest, code: str, now: datetime) -> HttpResponse:
    moment = TimeForm(_asked(request, now), **_days()).moment(now)
    try:
        choices = what_if_queries.get_filing_choices(procedure_code=code, on=moment.date())
    except what_if_queries.CannotTellDueTime as refused:
        return _search(request, now, problem=str(refused))
    form = FilingForm(
        {
            "channel": what_if_page.usual_channel(choices.limits),
            "place": what_if_page.usual_place(choices.places),
            **_asked(request, now),
        },
        channels=what_if_page.channel_choices(choices.limits),
        places=what_if_page.place_choices(choices.places),
        **_days(),
    )
    context: dict[str, Any] = {"choices": choices, "form": form}
    if form.is_valid():
        context |= _answer(
            lambda: what_if_queries.what_if_procedure(
                procedure_code=code,
                channel=form.cleaned_data["channel"],
                received_at=moment,
                agency_code=form.cleaned_data["place"],
            )
        )
    return _show(request, context)


def _of_limit(request: HttpRequest, now: datetime) -> HttpResponse:
    moment = TimeForm(_asked(request, now), **_days()).moment(now)
    places = what_if_queries.list_places(on=moment.date())
    form = FilingForm(
        {"place": what_if_page.usual_place(places), **_asked(request, now)},
        channels=(),
        places=what_if_page.place_choices(places),
        **_days(),
    )
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        context |= _answer(
            lambda: what_if_queries.what_if_limit(
                limit=form.cleaned_data["limit"],
                received_at=moment,
                agency_code=form.cleaned_data["place"],
            )
        )
    return _show(request, context)


def _asked(request: HttpRequest, now: datetime) -> dict[str, str]:
    """Return what the address asks; a day or a time left empty is now."""
    usual = {"day": f"{now:%Y-%m-%d}", "time": f"{now:%H:%M}"}
    asked = {name: request.GET.get(name, "") for name in request.GET}
    return {**asked, **{name: asked.get(name) or usual[name] for name in usual}}


def _days() -> dict[str, date]:
    calendar = lawbook.get_calendar()
    return {"first_day": calendar.first_day, "last_day": calendar.last_day}


def _answer(ask: Callable[[], what_if_queries.WhatIf]) -> dict[str, Any]:
    """Return the answer for the page, or the reason why there is none."""
    try:
        return {"answer": what_if_page.answer_of(ask())}
    except what_if_queries.CannotTellDueTime as refused:
        return {"problem": str(refused)}
    except CalendarEnds:
        last_day = write_date(lawbook.get_calendar().last_day)
        return {"problem": what_if_page.beyond_calendar(last_day)}


def _show(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    status = 200 if "answer" in context else 422
    return render(request, "portal/what_if.html", context, status=status)

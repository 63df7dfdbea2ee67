"""The law in force: every rule on a day, what changed between two days, the calendar, the register."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motcua.clock import queries as clock
from motcua.desk import law_calendar, law_page
from motcua.desk.law_forms import CompareForm, DayForm
from motcua.lawbook import queries as lawbook
from motcua.people import actions as people_actions
from motcua.people import queries as people


class DeskRequest(HttpRequest):
    """A request with the person that the desk's middleware found."""

    person: people.Person


@require_safe
@login_required
def law(request: DeskRequest) -> HttpResponse:
    """Show every rule as it is on a day, or what differs between two days."""
    now = _admit(request)
    if "from" in request.GET or "to" in request.GET:
        return _compare(request)
    form = DayForm(request.GET if "on" in request.GET else None)
    asked = form.cleaned_data["on"] if form.is_valid() else None
    on: date = asked or people.day_of(now)
    subjects = law_page.subjects_on(on)
    context: dict[str, Any] = {
        "tabs": law_page.tabs("rules"),
        "form": form,
        "on": on,
        "subjects": subjects,
        "counts": law_page.count_rules(subjects),
    }
    return render(request, "desk/law/rules.html", context, status=_status(form))


def _compare(request: DeskRequest) -> HttpResponse:
    form = CompareForm(request.GET)
    first, second = (
        (form.cleaned_data["from"], form.cleaned_data["to"]) if form.is_valid() else (None, None)
    )
    context: dict[str, Any] = {
        "tabs": law_page.tabs("compare"),
        "form": form,
        "boxes": [form["from"], form["to"]],
        "first": first,
        "second": second,
        "change_chips": law_page.change_chips(first, second),
        "comparison": law_page.compare(first, second) if first and second else None,
    }
    return render(request, "desk/law/compare.html", context, status=_status(form))


@require_safe
@login_required
def year(request: DeskRequest) -> HttpResponse:
    """Show the working calendar of a year."""
    now = _admit(request)
    years = lawbook.list_calendar_years()
    text = request.GET.get("year", "").strip()
    today = people.day_of(now).year
    asked = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else 0
    problem = ""
    if text and asked not in years:
        problem = _(
            "Không có lịch của năm “%(year)s”; lịch chỉ có từ năm %(first)s đến năm %(last)s."
        ) % {"year": text[:20], "first": years[0], "last": years[-1]}
    shown = asked if asked in years else min(max(today, years[0]), years[-1])
    context: dict[str, Any] = {
        "tabs": law_page.tabs("year"),
        "problem": problem,
        "year": law_calendar.year_shown(shown),
        "year_chips": law_calendar.year_chips(shown),
        "weekdays": law_calendar.weekday_letters(),
    }
    return render(request, "desk/law/year.html", context, status=422 if problem else 200)


@require_safe
@login_required
def documents(request: DeskRequest) -> HttpResponse:
    """Show the register of the legal documents that reports cite."""
    _admit(request)
    context: dict[str, Any] = {
        "tabs": law_page.tabs("documents"),
        "documents": lawbook.list_documents(),
    }
    return render(request, "desk/law/documents.html", context)


def _admit(request: DeskRequest) -> datetime:
    """Return the time, for a person who may see the law; raise NotAllowed."""
    now = clock.now()
    people_actions.require(request.person, "law.see", now=now)
    return now


def _status(form: Any) -> int:
    return 422 if form.is_bound and not form.is_valid() else 200

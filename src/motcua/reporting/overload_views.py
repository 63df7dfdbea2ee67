"""Pages of overload: who has how much to do, and the tasks behind each figure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motcua.clock import queries as clock
from motcua.look.inputs import whole_number
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.reporting import overload as load
from motcua.reporting import overload_pages, queries
from motcua.reporting.form_views import page_number
from motcua.reporting.unit_and_period import Unit
from motcua.reporting.views import read_question, refuse

OVERLOAD = "reporting/overload.html"


@require_safe
@login_required
def overload(request: HttpRequest) -> HttpResponse:
    """Show what came, went and waits at a unit in a period, until when, and who can help."""
    now = clock.now()
    asked = read_question(request, now=now)
    if asked.question is None:
        return refuse(request, asked.form, template=OVERLOAD)
    names_people = _may_name_people(request, asked.question, now=now)
    try:
        found = load.get_overload(**asked.question, names_people=names_people)
    except queries.CannotReport as refusal:
        return refuse(request, asked.form, refusal, template=OVERLOAD)
    page = overload_pages.overload_page(
        found, names_people=names_people, language=get_language() or "vi"
    )
    return render(request, OVERLOAD, {"form": asked.form, "page": page})


@require_safe
@login_required
def overload_tasks(request: HttpRequest) -> HttpResponse:
    """List the tasks behind a figure of the page of overload."""
    now = clock.now()
    asked = read_question(request, now=now)
    if asked.question is None:
        return refuse(request, asked.form, template=OVERLOAD)
    names_people = _may_name_people(request, asked.question, now=now)
    person_id = whole_number(request.GET.get("person", ""), most_digits=17)
    if person_id is not None and not names_people:
        raise people_actions.NotAllowed(
            _(
                "Chỉ người phân công việc của đơn vị xem được việc của từng người. Hãy mở số liệu của "
                "cả đơn vị."
            )
        )
    try:
        period, behind = load.list_tasks_behind(
            **asked.question,
            part=request.GET.get("part", ""),
            agency_id=whole_number(request.GET.get("agency", ""), most_digits=17),
            role=request.GET.get("role", ""),
            person_id=person_id,
        )
    except queries.CannotReport as refusal:
        return refuse(request, asked.form, refusal, template=OVERLOAD)
    page = Paginator(behind.rows, queries.CASES_PER_PAGE).get_page(page_number(request))
    context = {
        "page": overload_pages.tasks_page(
            asked.question["unit"],
            period,
            behind,
            page,
            include_subordinate=asked.question["include_subordinate"],
            names_people=names_people,
            visible=queries.visible_ids(
                (case.pk for case in page.object_list), officer=_person(request), now=now
            ),
            language=get_language() or "vi",
        ),
        "numbers": page,
    }
    return render(request, "reporting/overload_tasks.html", context)


def _may_name_people(request: HttpRequest, question: Any, *, now: datetime) -> bool:
    """Say whether the reader assigns the work of the unit, and of all below it if asked."""
    scope = people.scope_of(_person(request), "cases.assign", now=now)
    unit: Unit = question["unit"]
    covers_tree = scope.everything or any(unit.path.startswith(tree) for tree in scope.subtrees)
    if question["include_subordinate"]:
        return covers_tree
    return covers_tree or scope.covers(agency_id=unit.id, agency_path=unit.path)


def _person(request: HttpRequest) -> people.Person:
    person: people.Person = request.person  # type: ignore[attr-defined]
    return person

"""Workflows for those who control them: which procedures pass an agency in how many steps."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from motcua.clock import queries as clock
from motcua.desk import step_page
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.workflow import step_queries


class DeskRequest(HttpRequest):
    """A request with the person that the desk's middleware found."""

    person: people.Person


@require_safe
@login_required
def step_comparison(request: DeskRequest) -> HttpResponse:
    """Show procedures of one class that pass the same agency in different numbers of steps."""
    now = clock.now()
    people_actions.require(request.person, "workflow.compare", now=now)
    on = people.day_of(now)
    found = step_queries.compare_steps(on=on)
    context = {
        "on": on,
        "pairs": step_page.show_pairs(found),
        "compared": found.compared,
        "differing": step_page.count_differing(found),
    }
    return render(request, "desk/workflows/step_comparison.html", context)

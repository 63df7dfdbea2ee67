"""The queue before a counter: the machine that gives numbers, the clerk who calls, the screen."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.cases import actions, queue_queries
from motcua.clock import queries as clock
from motcua.desk.views.work import DeskRequest
from motcua.lawbook import queries as lawbook
from motcua.look.inputs import whole_number
from motcua.people import actions as people_actions
from motcua.people import queries as people


@require_safe
@never_cache
@login_required
def queue(request: DeskRequest) -> HttpResponse:
    """Show the clerk who waits, whom they called, and the button for the next."""
    now = clock.now()
    post = _post(request)
    context: dict[str, Any] = {
        "post": post,
        "state": queue_queries.count_queue(post.agency_id, now=now),
        "waiting": queue_queries.list_waiting(post.agency_id, now=now)[:50],
        "current": queue_queries.find_current(request.person, post.agency_id, now=now),
        "window": request.session.get("queue_window", ""),
    }
    return render(request, "desk/queue/queue.html", context)


@require_POST
@login_required
def call(request: DeskRequest) -> HttpResponse:
    """Call the next number, or be done with the current one."""
    now, post = clock.now(), _post(request)
    window = request.POST.get("window", request.session.get("queue_window", "")).strip()[:20]
    request.session["queue_window"] = window
    act = request.POST.get("act", "next")
    try:
        if act == "next":
            ticket = actions.call_next(
                officer=request.person, agency_id=post.agency_id, window=window, now=now
            )
            messages.info(request, _("Mời số %(number)s.") % {"number": f"{ticket.number:03}"})
        else:
            actions.finish_number(
                officer=request.person,
                agency_id=post.agency_id,
                was_absent=act == "absent",
                now=now,
            )
    except actions.CannotCall as refusal:
        messages.warning(request, str(refusal))
    return redirect("desk:queue")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def machine(request: DeskRequest) -> HttpResponse:
    """Give out numbers on the tablet at the entrance, which a clerk has signed in."""
    now, post = clock.now(), _post(request)
    if request.method == "POST":
        ticket = actions.take_number(
            officer=request.person,
            agency_id=post.agency_id,
            goes_first="first" in request.POST,
            now=now,
        )
        return redirect(f"{reverse('desk:queue-machine')}?so={ticket.number}")
    number = whole_number(request.GET.get("so"), most_digits=9)
    context: dict[str, Any] = {
        "post": post,
        "number": "" if number is None else f"{number:03}",
        "state": queue_queries.count_queue(post.agency_id, now=now),
        "now": now,
        "goes_first": _who_goes_first(people.day_of(now)),
    }
    return render(request, "desk/queue/machine.html", context)


@require_safe
@never_cache
@login_required
def screen(request: DeskRequest) -> HttpResponse:
    """Show on the wall which numbers are called, and where."""
    now, post = clock.now(), _post(request)
    context: dict[str, Any] = {
        "post": post,
        "called": list(queue_queries.list_called(post.agency_id, now=now)),
        "state": queue_queries.count_queue(post.agency_id, now=now),
    }
    part = "desk/queue/called.html" if request.headers.get("HX-Request") else None
    return render(request, part or "desk/queue/screen.html", context)


def _who_goes_first(day: date) -> str:
    value = lawbook.get_rule("parties", "goes_first").dated.in_force(day).value
    return value.text_en if (get_language() or "").startswith("en") else value.text_vi


def _post(request: DeskRequest) -> people.HeldPost:
    """Return the post at whose counter the person works now; raise NotAllowed."""
    now = clock.now()
    people_actions.require(request.person, "cases.receive", now=now)
    post = people.current_post(request.person, request.session.get("post_id"), now=now)
    assert post is not None, "whoever may receive holds a post"
    people_actions.require(request.person, "cases.receive", now=now, agency_id=post.agency_id)
    return post

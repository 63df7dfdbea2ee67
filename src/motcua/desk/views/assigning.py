"""Assignment: the open tasks of a leader's units, and many of them put in other hands at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from motcua.cases import actions
from motcua.cases import assigning_queries as tasks
from motcua.clock import queries as clock
from motcua.desk import chips
from motcua.desk.views.work import PAGE_LENGTH, DeskRequest
from motcua.engine.load import suggest
from motcua.lawbook import queries as lawbook
from motcua.look.inputs import whole_number
from motcua.people import actions as people_actions
from motcua.people import queries as people

MOST_AT_ONCE = 500


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def assigning(request: DeskRequest) -> HttpResponse:
    """List the open tasks of the leader's units; put those chosen in other hands."""
    now = clock.now()
    people_actions.require(request.person, "cases.assign", now=now)
    if request.method != "POST":
        return _page(request, now=now)
    wanted, receiver = _chosen(request, now=now), request.POST.get("to", "")
    if not wanted:
        return _page(
            request, now=now, refusal=_("Chưa chọn việc nào. Hãy đánh dấu ít nhất một việc.")
        )
    if receiver != "suggest" and whole_number(receiver, most_digits=17) is None:
        return _page(request, now=now, refusal=_("Chưa chọn người nhận. Hãy chọn một người."))
    results = actions.assign_tasks(
        officer=request.person,
        task_ids=wanted,
        receiver_id=whole_number(receiver, most_digits=17),
        now=now,
    )
    refused = sum(bool(one.refusal) for one in results)
    context = {
        "results": results,
        "refused": refused,
        "done": len(results) - refused,
        "back": request.get_full_path(),
    }
    return render(request, "desk/assigning/results.html", context)


def _page(request: DeskRequest, *, now: datetime, refusal: str = "") -> HttpResponse:
    state, holder = _asked(request)
    found = tasks.list_tasks(request.person, state=state, holder_id=holder, now=now)
    page = Paginator(found, PAGE_LENGTH).get_page(request.GET.get("page"))
    rows: list[Any] = list(page.object_list)
    places = {tasks.Place(agency_id=row.task_agency_id, role=row.task_role) for row in rows}
    candidates = tasks.list_candidates(places, now=now)
    counts = tasks.count_tasks(request.person, holder_id=holder, now=now)
    calendar = lawbook.get_calendar()
    context = {
        "page": page,
        "rows": chips.case_rows(rows, now=now, calendar=calendar),
        "suggestions": _suggestions(rows, candidates),
        "people": sorted(
            {one for offered in candidates.values() for one in offered},
            key=lambda one: (one.open_count, one.name),
        ),
        "state": state,
        "holder": holder,
        "chips": _chips(state, holder, counts),
        "total": counts[state],
        "refusal": refusal,
    }
    return render(request, "desk/assigning/assigning.html", context, status=422 if refusal else 200)


def _suggestions(
    rows: list[Any], candidates: dict[tasks.Place, tuple[Any, ...]]
) -> list[dict[str, str]]:
    """Return, for each place on the page, who has the least to do there and why."""
    told = {}
    for row in rows:
        place = tasks.Place(agency_id=row.task_agency_id, role=row.task_role)
        found = suggest(candidates[place])
        told[place] = {
            "place": f"{people.name_role(row.task_role)}, {row.task_agency}",
            "words": found.because.text(get_language() or "vi")
            if found
            else _("Không có ai có mặt ở vai trò này."),
        }
    return list(told.values())


def _asked(request: HttpRequest) -> tuple[str, int | None]:
    """Return the state and the holder in the address; what makes no sense there filters nothing."""
    state = request.GET.get("state", "")
    return state if state in tasks.STATES else "all", whole_number(
        request.GET.get("holder", ""), most_digits=17
    )


def _chosen(request: DeskRequest, *, now: datetime) -> list[int]:
    """Return the tasks marked, or all that the address asks for when that was the button."""
    if "all" in request.POST:
        state, holder = _asked(request)
        found: Any = tasks.list_tasks(request.person, state=state, holder_id=holder, now=now)
        return list(found.values_list("task_id", flat=True)[:MOST_AT_ONCE])
    marked = [
        whole_number(text, most_digits=17) for text in request.POST.getlist("task")[:MOST_AT_ONCE]
    ]
    return [number for number in marked if number is not None]


def _chips(state: str, holder: int | None, counts: dict[str, int]) -> list[dict[str, Any]]:
    """Return a chip for each state, with the count of the list it leads to."""
    names = {
        "all": _("Tất cả"),
        "unheld": _("Chưa ai nhận"),
        "overdue": _("Quá hạn"),
        "away": _("Người giữ đang vắng"),
        "left": _("Người giữ đã rời vị trí"),
    }
    kept = {} if holder is None else {"holder": holder}
    return [
        {
            "label": label,
            "url": f"{reverse('desk:assigning')}?{urlencode({**kept, 'state': name})}",
            "count": counts[name],
            "is_active": name == state,
        }
        for name, label in names.items()
    ]

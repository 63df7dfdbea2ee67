"""My work: what waits for me or my unit, where the day begins, and the post I work in."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from motcua.cases import risk_queries
from motcua.cases import work_queries as cases
from motcua.clock import queries as clock
from motcua.desk import change_page, chips, risk_words
from motcua.lawbook import queries as lawbook
from motcua.look.inputs import whole_number
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.workflow import change_queries

PAGE_LENGTH = 50
_FIRST_PAGES = (
    ("cases.complete_step", "desk:my-work"),
    ("cases.see", "desk:cases"),
    ("people.see", "people:posts"),
    ("procedures.see", "procedures:list"),
)


class DeskRequest(HttpRequest):
    """A request with the person that the desk's middleware found."""

    person: people.Person


@require_safe
@login_required
def home(request: DeskRequest) -> HttpResponse:
    """Lead to the first page that the person's posts allow."""
    now = clock.now()
    for function, page in _FIRST_PAGES:
        if people.is_allowed(request.person, function, now=now):
            return redirect(page)
    # Nothing is allowed: the refusal says which post has ended, or that there is none.
    people_actions.require(request.person, "cases.complete_step", now=now)
    return redirect("desk:my-work")


@require_POST
@login_required
def choose_post(request: DeskRequest) -> HttpResponse:
    """Work in another of one's posts from here on."""
    now = clock.now()
    wanted = request.POST.get("post", "")
    held = {str(post.id): post for post in request.person.posts_on(people.day_of(now))}
    if wanted in held:
        request.session["post_id"] = held[wanted].id
    else:
        messages.error(
            request,
            _("Anh/chị không còn giữ vị trí đã chọn. Hãy chọn một vị trí trong danh sách."),
        )
    return redirect("desk:home")


@require_safe
@login_required
def my_work(request: DeskRequest) -> HttpResponse:
    """List what waits for the person and their unit, nearest deadline first."""
    now, calendar = clock.now(), lawbook.get_calendar()
    may_publish = people.is_allowed(request.person, "workflow.publish", now=now)
    if not may_publish:
        people_actions.require(request.person, "cases.complete_step", now=now)
    wanted = _wanted(request)
    soon_until = chips.soon_until(now, calendar)
    work = cases.list_work(request.person, wanted=wanted, soon_until=soon_until, now=now)
    by_risk = request.GET.get("sort") == "risk"
    ordered = risk_queries.sort_by_risk(work, now=now) if by_risk else work
    page = Paginator(ordered, PAGE_LENGTH).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "may_answer": not people.scope_of(request.person, "cases.answer", now=now).is_empty,
        "rows": risk_words.with_risks(
            chips.case_rows(
                page.object_list,
                now=now,
                calendar=calendar,
                steads=_steads(request.person, now=now),
            ),
            risk_queries.tell_risks(page.object_list, now=now),
            lawbook.get_risk_rules(people.day_of(now)),
        ),
        "state": wanted.state,
        "state_chips": _state_chips(
            wanted,
            cases.count_work(
                request.person, field_id=wanted.field_id, soon_until=soon_until, now=now
            ),
        ),
        "field_chips": _field_chips(
            wanted,
            cases.count_work_by_field(
                request.person, state=wanted.state, soon_until=soon_until, now=now
            ),
        ),
        "sort_chips": _sort_chips(wanted, by_risk=by_risk),
        "here": request.get_full_path(),
        "changes": change_page.show_tasks(change_queries.list_changes(request.person, now=now)),
    }
    return render(request, "desk/work/my_work.html", context)


def _steads(officer: people.Person, *, now: datetime) -> dict[tuple[int, str], str]:
    """Return, by agency and role, in whose stead the person works there, and only so."""
    today = people.day_of(now)
    own = {(post.agency_id, post.role) for post in officer.posts_on(today)}
    filled = {(post.agency_id, post.role): post.stead_of for post in officer.stand_ins_on(today)}
    return {place: name for place, name in filled.items() if place not in own}


def _wanted(request: HttpRequest) -> cases.WorkFilter:
    """Return the filter in the address; what makes no sense there filters nothing."""
    state, field = request.GET.get("state", ""), request.GET.get("field", "")
    return cases.WorkFilter(
        state=state if state in cases.STATES else "all", field_id=whole_number(field, most_digits=9)
    )


def _address(state: str, field_id: int | None) -> str:
    kept = {"state": state} if state != "all" else {}
    if field_id is not None:
        kept["field"] = str(field_id)
    address = reverse("desk:my-work")
    return f"{address}?{urlencode(kept)}" if kept else address


def _sort_chips(wanted: cases.WorkFilter, *, by_risk: bool) -> list[dict[str, Any]]:
    """Return a chip for each order of the list."""
    address = _address(wanted.state, wanted.field_id)
    risky = f"{address}{'&' if '?' in address else '?'}sort=risk"
    return [
        {"label": _("Gần hạn nhất trước"), "url": address, "is_active": not by_risk},
        {"label": _("Dễ trễ nhất trước"), "url": risky, "is_active": by_risk},
    ]


def _state_chips(wanted: cases.WorkFilter, counts: dict[str, int]) -> list[dict[str, Any]]:
    """Return a chip for each state, with the count of the list it leads to."""
    names = {
        "all": _("Tất cả"),
        "mine": _("Tôi đã nhận"),
        "overdue": _("Quá hạn"),
        "today": _("Đến hạn hôm nay"),
        "soon": _("Sắp đến hạn"),
    }
    return [
        {
            "label": names[state],
            "url": _address(state, wanted.field_id),
            "count": counts[state],
            "is_active": state == wanted.state,
        }
        for state in cases.STATES
    ]


def _field_chips(wanted: cases.WorkFilter, fields: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a chip for all fields and one for each that occurs; none where there is no choice."""
    if len(fields) < 2 and wanted.field_id is None:
        return []
    is_english = get_language() == "en"
    everything = {
        "label": _("Mọi lĩnh vực"),
        "url": _address(wanted.state, None),
        "count": sum(field["count"] for field in fields),
        "is_active": wanted.field_id is None,
    }
    return [everything] + [
        {
            "label": (is_english and field["field__name_en"]) or field["field__name"],
            "url": _address(wanted.state, field["field_id"]),
            "count": field["count"],
            "is_active": field["field_id"] == wanted.field_id,
        }
        for field in fields
    ]

"""The pages of posts, accounts and agencies: lists, giving and ending a post, a new account."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from motcua.clock import queries as clock
from motcua.people import actions, queries
from motcua.people.forms import (
    AddAccountForm,
    AgencySearchForm,
    EndPostForm,
    GivePostForm,
    PostSearchForm,
)

PAGE_LENGTH = 50
TREE_LENGTH = 250
MOST_WITHOUT_POST = 10


class DeskRequest(HttpRequest):
    """A request with the person that the desk's middleware found."""

    person: queries.Person


@require_safe
@login_required
def posts(request: DeskRequest) -> HttpResponse:
    """List every post, those in force first, found by words, agency, role and state."""
    now = clock.now()
    actions.require(request.person, "people.see", now=now)
    form = PostSearchForm(request.GET, agencies=_agency_choices(queries.list_agencies_with_posts()))
    asked = (
        {name: form.cleaned_data.get(name, "") for name in form.fields} if form.is_valid() else {}
    )
    found = queries.find_posts(
        text=asked.get("q", ""),
        agency_code=asked.get("agency", ""),
        role=asked.get("role", ""),
        now=now,
    )
    counts = queries.count_posts(found, now=now)
    state = asked.get("state", "")
    state = state if state in counts else ""
    page = Paginator(queries.narrow_posts(found, state=state, now=now), PAGE_LENGTH).get_page(
        request.GET.get("page")
    )
    may_change = queries.is_allowed(request.person, "people.change", now=now)
    context = {
        "form": form,
        "is_searched": any(asked.values()),
        "state": state,
        "chips": _state_chips(asked, state, counts),
        "page": page,
        "rows": [post_row(post, today=queries.day_of(now)) for post in page],
        "may_change": may_change,
        "without_post": list(queries.list_accounts_without_post()[:MOST_WITHOUT_POST])
        if may_change
        else [],
    }
    return render(request, "people/posts.html", context)


def _agency_choices(agencies: Any) -> list[tuple[str, str]]:
    return [(agency.code, queries.name_agency(agency)) for agency in agencies]


def _state_chips(asked: dict[str, Any], state: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    """Return a chip for each state, which keeps the rest of the search."""
    kept = {name: asked[name] for name in ("q", "agency", "role") if asked.get(name)}
    labels = {
        "": _("Tất cả"),
        "in_force": _("Đang hiệu lực"),
        "coming": _("Chưa bắt đầu"),
        "ended": _("Đã kết thúc"),
    }
    chips = []
    for name, label in labels.items():
        query = urlencode({**kept, **({"state": name} if name else {})})
        url = reverse("people:posts")
        chips.append(
            {
                "label": label,
                "url": f"{url}?{query}" if query else url,
                "count": counts[name],
                "is_active": name == state,
            }
        )
    return chips


def post_row(post: Any, *, today: date) -> dict[str, Any]:
    """Return a post as a row: the agency's name, the last day, and its state in words and tone."""
    if post.has_ended:
        state, tone = _("Đã kết thúc"), "neutral"
    elif post.starts_on > today:
        state, tone = _("Chưa bắt đầu"), "warn"
    else:
        state, tone = _("Đang hiệu lực"), "good"
    return {
        "post": post,
        "agency_name": queries.name_agency(post.agency),
        "last_day": _last_day(post),
        "state": state,
        "tone": tone,
    }


def _last_day(post: Any) -> date | None:
    return post.ends_on - timedelta(days=1) if post.ends_on else None


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def give_post(request: DeskRequest) -> HttpResponse:
    """Give somebody a post; what is not clear yet is asked for, with everything typed kept."""
    now = clock.now()
    actions.require(request.person, "people.change", now=now)
    if request.method != "POST":
        form = GivePostForm(
            initial={
                "person": request.GET.get("person", ""),
                "agency": request.GET.get("agency", ""),
                "first_day": queries.day_of(now),
            }
        )
        return _show_give_post(request, form)
    form = GivePostForm(request.POST)
    if form.is_valid():
        asked = form.cleaned_data
        try:
            post = actions.give_post(
                officer=request.person,
                now=now,
                person_id=asked["person_id"],
                agency_id=asked["agency_id"],
                role=asked["role"],
                starts_on=asked["first_day"],
                ends_on=form.ends_on,
            )
        except actions.CannotChangePost as error:
            form.add_error(None, str(error))
        else:
            return _tell_given(request, post.pk)
    return _show_give_post(request, form, status=422)


def _tell_given(request: DeskRequest, post_id: int) -> HttpResponse:
    given = queries.get_post(post_id)
    messages.success(
        request,
        _("Đã giao vị trí %(role)s tại %(agency)s cho %(who)s từ ngày %(day)s.")
        % {
            "role": given.get_role_display(),
            "agency": queries.name_agency(given.agency),
            "who": given.person.full_name,
            "day": f"{given.starts_on:%d/%m/%Y}",
        },
    )
    return redirect(f"{reverse('people:posts')}?{urlencode({'q': given.person.username})}")


def _show_give_post(request: DeskRequest, form: GivePostForm, *, status: int = 200) -> HttpResponse:
    roles = [
        {"label": label, "powers": queries.name_powers(role)}
        for role, label in queries.list_roles()
    ]
    return render(request, "people/give_post.html", {"form": form, "roles": roles}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def end_post(request: DeskRequest, post_id: int) -> HttpResponse:
    """Let a post end with a day, and say before what that means."""
    now = clock.now()
    actions.require(request.person, "people.change", now=now)
    try:
        post = queries.get_post(post_id)
    except queries.NoSuchPost as error:
        raise Http404(str(error)) from error
    today = queries.day_of(now)
    form = EndPostForm(
        request.POST if request.method == "POST" else None,
        initial={"last_day": max(today, post.starts_on)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            ended = actions.end_post(
                officer=request.person, post_id=post.pk, ends_on=form.ends_on, now=now
            )
        except actions.CannotChangePost as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request,
                _("Vị trí của %(who)s tại %(agency)s hết hiệu lực sau ngày %(day)s.")
                % {
                    "who": post.person.full_name,
                    "agency": queries.name_agency(post.agency),
                    "day": f"{_last_day(ended):%d/%m/%Y}",
                },
            )
            return redirect(f"{reverse('people:posts')}?{urlencode({'q': post.person.username})}")
    context = {
        "form": form,
        "post": post,
        "row": _post_row_of(post, today=today),
        "powers": queries.name_powers(post.role),
        "others": queries.list_other_posts(post, on=today),
        "is_own": post.person_id == request.person.id,
    }
    return render(request, "people/end_post.html", context, status=422 if form.is_bound else 200)


def _post_row_of(post: Any, *, today: date) -> dict[str, Any]:
    post.has_ended = post.ends_on is not None and post.ends_on <= today
    return post_row(post, today=today)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def add_account(request: DeskRequest) -> HttpResponse:
    """Add an account, and go on to give it a post: without one it can do nothing."""
    now = clock.now()
    actions.require(request.person, "people.change", now=now)
    form = AddAccountForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            user = actions.add_person(officer=request.person, now=now, **form.cleaned_data)
        except actions.CannotAddPerson as error:
            form.add_error("username", str(error))
        else:
            messages.success(
                request,
                _(
                    "Đã thêm tài khoản %(username)s của %(who)s. Hãy giao vị trí để người này làm việc được."
                )
                % {"username": user.username, "who": user.full_name},
            )
            query = urlencode({"person": user.username})
            return redirect(f"{reverse('people:give-post')}?{query}")
    return render(
        request, "people/add_account.html", {"form": form}, status=422 if form.is_bound else 200
    )


@require_safe
@login_required
def agencies(request: DeskRequest) -> HttpResponse:
    """List the agencies as a tree, with levels, codes old and new, and their days."""
    now = clock.now()
    actions.require(request.person, "people.see", now=now)
    form = AgencySearchForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    text, level = asked.get("q", ""), asked.get("level", "")
    found = queries.list_agency_tree(text=text, now=now)
    chips = _level_chips(found, text=text, level=level)
    rows = [row for row in found if not level or row.agency.level == level]
    page = Paginator(rows, TREE_LENGTH).get_page(request.GET.get("page"))
    may_end = queries.scope_of(request.person, "people.dissolve", now=now)
    context = {
        "form": form,
        "is_searched": bool(text or level),
        "chips": chips,
        "page": page,
        "rows": [
            {
                "row": row,
                "agency": row.agency,
                "name": queries.name_agency(row.agency),
                "steps": range(0 if text or level else row.depth),
                "last_day": _last_day(row.agency),
                "may_end": row.agency.parent_id is not None
                and may_end.covers(agency_id=row.agency.pk, agency_path=row.agency.path),
            }
            for row in page
        ],
        "may_end": not may_end.is_empty,
        "may_change": queries.is_allowed(request.person, "people.change", now=now),
    }
    return render(request, "people/agencies.html", context)


def _level_chips(found: list[queries.AgencyRow], *, text: str, level: str) -> list[dict[str, Any]]:
    """Return a chip for each level that is found, which keeps the words."""
    kept = {"q": text} if text else {}
    chips = []
    for name, label in [("", _("Mọi cấp")), *queries.list_levels()]:
        query = urlencode({**kept, **({"level": name} if name else {})})
        url = reverse("people:agencies")
        chips.append(
            {
                "label": label,
                "url": f"{url}?{query}" if query else url,
                "count": sum(not name or row.agency.level == name for row in found),
                "is_active": name == level,
            }
        )
    return chips

"""The page of an account, on which it is closed, opened and given a new password; and a new agency."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.clock import queries as clock
from motcua.people import actions, queries
from motcua.people.forms import AddAgencyForm, NewPasswordForm, ReasonForm
from motcua.people.views import DeskRequest, post_row

# Two forms on one page ask why: their boxes are told apart by these.
_OF_PASSWORD, _OF_TURNING = "password_%s", "turning_%s"


@never_cache
@require_safe
@login_required
def account(request: DeskRequest, user_id: int) -> HttpResponse:
    """Show an account: its posts, and whether anybody can sign in to it."""
    actions.require(request.person, "people.change", now=clock.now())
    return _show(request, user_id)


@never_cache
@sensitive_post_parameters("password")
@require_POST
@login_required
def reset_password(request: DeskRequest, user_id: int) -> HttpResponse:
    """Give an account a new password."""
    form = NewPasswordForm(request.POST, auto_id=_OF_PASSWORD)
    told = _(
        "Đã đặt mật khẩu mới cho %(username)s; ai đang đăng nhập bằng mật khẩu cũ đã bị thoát."
    )
    return _change(request, user_id, actions.reset_password, told, password_form=form)


@require_POST
@login_required
def close_account(request: DeskRequest, user_id: int) -> HttpResponse:
    """Close an account, so that nobody signs in to it any more."""
    form = ReasonForm(request.POST, auto_id=_OF_TURNING)
    told = _("Đã khóa tài khoản %(username)s của %(who)s.")
    return _change(request, user_id, actions.close_account, told, turning_form=form)


@require_POST
@login_required
def open_account(request: DeskRequest, user_id: int) -> HttpResponse:
    """Open a closed account again."""
    form = ReasonForm(request.POST, auto_id=_OF_TURNING)
    told = _("Đã mở lại tài khoản %(username)s của %(who)s.")
    return _change(request, user_id, actions.open_account, told, turning_form=form)


def _change(
    request: DeskRequest, user_id: int, act: Any, told: str, **filled_in: forms.Form
) -> HttpResponse:
    """Do to an account what the one form that was filled in asks, or show it again with what is wrong."""
    now = clock.now()
    actions.require(request.person, "people.change", now=now)
    (form,) = filled_in.values()
    if form.is_valid():
        try:
            user = act(officer=request.person, user_id=user_id, now=now, **form.cleaned_data)
        except queries.NoSuchPerson as error:
            raise Http404(str(error)) from error
        except actions.CannotChangeAccount as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, told % {"username": user.username, "who": user.full_name})
            return redirect("people:account", user_id)
    return _show(request, user_id, status=422, **filled_in)


def _show(
    request: DeskRequest, user_id: int, *, status: int = 200, **filled_in: forms.Form
) -> HttpResponse:
    now = clock.now()
    try:
        found = queries.get_account(user_id)
    except queries.NoSuchPerson as error:
        raise Http404(str(error)) from error
    today = queries.day_of(now)
    context = {
        "account": found,
        "rows": [
            post_row(post, today=today) for post in queries.list_posts_held_by(found.pk, now=now)
        ],
        "is_own": found.pk == request.person.id,
        "is_system": found.username == actions.SYSTEM_USERNAME,
        "password_form": NewPasswordForm(auto_id=_OF_PASSWORD),
        "turning_form": ReasonForm(auto_id=_OF_TURNING),
        **filled_in,
    }
    return render(request, "people/account.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def add_agency(request: DeskRequest) -> HttpResponse:
    """Add an agency below another; posts are given there next."""
    now = clock.now()
    actions.require(request.person, "people.change", now=now)
    today = queries.day_of(now)
    parents = [
        (one.code, f"{queries.name_agency(one)} ({one.code})")
        for one in queries.list_agencies(on=today)
    ]
    form = AddAgencyForm(
        request.POST if request.method == "POST" else None, parents=parents, first_day=today
    )
    if form.is_valid():
        asked = dict(form.cleaned_data)
        try:
            agency = actions.add_agency(
                officer=request.person,
                now=now,
                parent=queries.get_agency(asked.pop("parent")),
                starts_on=asked.pop("first_day"),
                **asked,
            )
        except actions.CannotAddAgency as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request,
                _("Đã thêm %(agency)s (%(code)s). Hãy giao vị trí để cơ quan làm việc được.")
                % {"agency": queries.name_agency(agency), "code": agency.code},
            )
            return redirect("people:agencies")
    return render(
        request, "people/add_agency.html", {"form": form}, status=422 if form.is_bound else 200
    )

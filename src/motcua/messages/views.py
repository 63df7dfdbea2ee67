"""The page of notices: all or only the unread, read one by one or all at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from motcua.clock import queries as clock
from motcua.messages import actions, queries
from motcua.people import queries as people

PAGE_LENGTH = 50
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class DeskRequest(HttpRequest):
    """A request with the person that the desk's middleware found."""

    person: people.Person


@require_safe
@login_required
def notices(request: DeskRequest) -> HttpResponse:
    """List the person's notices, newest first."""
    now = clock.now()
    state = "all" if request.GET.get("state") == "all" else "unread"
    asked = queries.list_notices if state == "all" else queries.list_unread
    page = Paginator(asked(request.person, now=now), PAGE_LENGTH).get_page(request.GET.get("page"))
    counts = queries.count_notices(request.person, now=now)
    roles = dict(people.list_roles())
    context = {
        "page": page,
        "rows": [_row(notice, roles) for notice in page],
        "state": state,
        "chips": _chips(state, counts),
        "unread": counts["unread"],
    }
    return render(request, "messages/notices.html", context)


def _row(notice: Any, roles: dict[str, Any]) -> dict[str, Any]:
    is_english = get_language() == "en"
    agency = notice.agency
    return {
        "id": notice.pk,
        "text": notice.text_en if is_english else notice.text_vi,
        "created_at": notice.created_at,
        "read_at": notice.read_at,
        "role": roles[notice.role] if agency else "",
        "agency": ((is_english and agency.name_en) or agency.name) if agency else "",
    }


def _chips(state: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    here = reverse("messages:list")
    return [
        {
            "label": label,
            "url": url,
            "count": counts[name],
            "is_active": name == state,
        }
        for name, label, url in (
            ("unread", _("Chưa đọc"), here),
            ("all", _("Tất cả"), f"{here}?state=all"),
        )
    ]


@require_POST
@login_required
def read(request: DeskRequest, notice_id: int) -> HttpResponse:
    """Mark a notice as read, and open what it is about or stay at the list."""
    now = clock.now()
    try:
        notice = actions.mark_read(officer=request.person, notice_id=notice_id, now=now)
    except queries.NoSuchNotice as missing:
        raise Http404(str(missing)) from None
    if request.POST.get("to") == "open":
        return redirect(notice.path)
    messages.success(request, _("Đã đánh dấu một thông báo là đã đọc."), extra_tags=_undo(now))
    return redirect("messages:list")


@require_POST
@login_required
def read_all(request: DeskRequest) -> HttpResponse:
    """Mark all the person's notices as read."""
    now = clock.now()
    count = actions.mark_all_read(officer=request.person, now=now)
    if count:
        told = ngettext(
            "Đã đánh dấu %(count)s thông báo là đã đọc.",
            "Đã đánh dấu %(count)s thông báo là đã đọc.",
            count,
        ) % {"count": count}
        messages.success(request, told, extra_tags=_undo(now))
    else:
        messages.info(request, _("Không còn thông báo nào chưa đọc."))
    return redirect("messages:list")


def _undo(now: datetime) -> str:
    moment = (now - _EPOCH) // _MICROSECOND
    return f"undo:{reverse('messages:unread', args=[moment])}"


@require_POST
@login_required
def unread(request: DeskRequest, moment: int) -> HttpResponse:
    """Take back what was marked as read at a moment (microseconds since 1970)."""
    try:
        read_at = _EPOCH + moment * _MICROSECOND
    except OverflowError:
        raise Http404 from None
    if actions.mark_unread(officer=request.person, read_at=read_at):
        messages.success(request, _("Các thông báo ấy lại là chưa đọc."))
    else:
        messages.info(request, _("Không có gì để hoàn tác: các thông báo ấy đang là chưa đọc."))
    return redirect("messages:list")

"""What every page of the desk needs: the rail by work, the posts and the current post."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.cases import assigning_queries as assigning
from motcua.cases import work_queries as cases
from motcua.clock import queries as clock
from motcua.messages import queries as messages
from motcua.people import queries as people


@dataclass(frozen=True, kw_only=True, slots=True)
class RailItem:
    """One entry of the rail: where it leads, and how many rows wait there (None: not counted)."""

    label: str
    url: str
    icon: str
    is_current: bool
    count: int | None = None


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the rail, the posts in force and the current one; nothing for a visitor."""
    now = clock.now()
    everyone = {"is_demonstration": clock.is_shifted(), "now": now}
    # A request that an early middleware refuses has no user yet.
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return everyone
    person: people.Person = request.person  # type: ignore[attr-defined]
    return {
        **everyone,
        "person": person,
        "posts": person.posts_on(people.day_of(now)),
        "current_post": people.current_post(person, request.session.get("post_id"), now=now),
        "rail": _rail(request, person, now=now),
        # Asked on the page of posts only: who left a post and still holds tasks of it.
        "list_left_tasks": partial(assigning.list_left_tasks, now=now),
        "may_assign": people.is_allowed(person, "cases.assign", now=now),
        # Asked where the bell is drawn only: what comes by htmx has none.
        "count_unread": partial(messages.count_unread, person, now=now),
    }


def _rail(request: HttpRequest, person: people.Person, *, now: datetime) -> list[RailItem]:
    labels = {
        "desk:my-work": _("Việc của tôi"),
        "desk:counter": _("Tiếp nhận"),
        "desk:online": _("Trực tuyến"),
        "desk:returns": _("Trả kết quả"),
        "desk:post": _("Bưu chính"),
        "desk:cases": _("Hồ sơ"),
        "desk:late-risk": _("Nguy cơ trễ"),
        "procedures:list": _("Thủ tục"),
        "desk:workflows": _("Quy trình"),
        "reporting:index": _("Báo cáo"),
        "reporting:audit": _("Soát số liệu"),
        "desk:law": _("Luật"),
        "people:posts": _("Quản trị"),
    }
    icons = {
        "desk:my-work": ("inbox", "cases.complete_step workflow.publish"),
        "desk:counter": ("file-plus", "cases.receive"),
        "desk:online": ("world", "cases.see"),
        "desk:returns": ("package-export", "cases.return"),
        "desk:post": ("mailbox", "cases.return"),
        "desk:cases": ("folders", "cases.see"),
        "desk:late-risk": ("trending-up", "reports.see"),
        "procedures:list": ("book-2", "procedures.see"),
        "desk:workflows": ("sitemap", "workflow.see"),
        "reporting:index": ("report-analytics", "reports.see"),
        "reporting:audit": ("list-check", "reports.see"),
        "desk:law": ("scale", "law.see"),
        "people:posts": ("settings", "people.see"),
    }
    counts = cases.count_waiting(person, now=now)
    current = _current(request.path, [reverse(name) for name in labels])
    items = []
    for name, label in labels.items():
        icon, function = icons[name]
        if not any(people.is_allowed(person, name, now=now) for name in function.split()):
            continue
        url = reverse(name)
        items.append(
            RailItem(
                label=label,
                url=url,
                icon=icon,
                is_current=url == current,
                count=counts.get(name),
            )
        )
    return items


def _current(path: str, entries: list[str]) -> str:
    """Return the entry whose page, or page of the same kind, is open: the nearest one above it."""
    above = [entry for entry in entries if path.startswith(entry)]
    if above:
        return max(above, key=len)
    reports = reverse("reporting:one-stop-table")
    shared = reports.split("/")[1]
    return reports if path.startswith(f"/{shared}/") else ""

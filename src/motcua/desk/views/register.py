"""The register of cases of a counter and year: its lines, as a workbook and on paper, and its closing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from motcua.cases import actions, register_queries, slips
from motcua.clock import queries as clock
from motcua.desk import register_page
from motcua.desk.register_workbook import build_workbook
from motcua.desk.views.work import PAGE_LENGTH, DeskRequest
from motcua.lawbook import queries as lawbook
from motcua.look.inputs import whole_number
from motcua.people import actions as people_actions
from motcua.people import queries as people

if TYPE_CHECKING:
    from motcua.cases.models import RegisterBook

_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """Which counter's book of which year, which lines of it; no book where nothing was entered."""

    counters: tuple[register_queries.Counter, ...]
    counter: register_queries.Counter | None
    books: tuple[RegisterBook, ...]
    book: RegisterBook | None
    text: str

    def address(self, name: str = "register") -> str:
        """Return the address of the same lines."""
        query = {
            "unit": self.counter.code if self.counter else "",
            "year": self.book.year if self.book else "",
            **({"q": self.text} if self.text else {}),
        }
        return f"{reverse(f'desk:{name}')}?{urlencode(query)}"


@require_safe
@login_required
def register(request: DeskRequest) -> HttpResponse:
    """Show the lines of a counter's register of a year."""
    now = clock.now()
    asked = _read(request, request.GET, now=now)
    page = None
    if asked.book:
        found = register_queries.list_lines(asked.book, text=asked.text)
        page = Paginator(found, PAGE_LENGTH).get_page(request.GET.get("page"))
    near = people.agencies_worked_at(request.person, now=now)
    context = {
        "asked": asked,
        "page": page,
        "lines": [
            register_page.line_on_screen(
                register_queries.shown(line),
                near=near,
                counter_id=asked.book.agency_id if asked.book else 0,
                rules=lawbook.get_masking_rules(people.day_of(now)),
            )
            for line in (page.object_list if page else ())
        ],
        "may_close": _may_close(request, asked, now=now),
    }
    return render(request, "desk/register/register.html", context)


@require_safe
@login_required
def download(request: DeskRequest, form: str) -> HttpResponse:
    """Send the register, or the lines looked for, as a workbook or on paper, and note who took it."""
    if form not in _TYPES:
        raise Http404
    now = clock.now()
    asked = _read(request, request.GET, now=now)
    if asked.book is None:
        raise people_actions.NotAllowed(
            _("Đơn vị anh/chị chưa có sổ theo dõi nào để tải. Sổ mở khi có hồ sơ đầu tiên của năm.")
        )
    found = register_queries.list_lines(asked.book, text=asked.text)
    try:
        actions.note_export(
            officer=request.person,
            what="register",
            rows=found.count(),
            narrowed={
                "unit": asked.book.agency.code,
                "year": asked.book.year,
                "is_searched": bool(asked.text),
            },
            now=now,
        )
        lines = [register_queries.shown(line) for line in found]
        content = (
            build_workbook(asked.book, lines)
            if form == "xlsx"
            else slips.make_register(
                slips.register_content(asked.book, day=people.day_of(now), issued_at=now),
                lines,
                now=now,
            )
        )
    except (actions.CannotExport, slips.CannotPrintSlip) as refusal:
        messages.error(request, str(refusal))
        return redirect(asked.address())
    response = HttpResponse(content, content_type=_TYPES[form])
    name = f"so-theo-doi-{asked.book.agency.code}-{asked.book.year}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@login_required
def close(request: DeskRequest) -> HttpResponse:
    """Close the book of a year that is over."""
    now = clock.now()
    asked = _read(request, request.POST, now=now)
    year = whole_number(request.POST.get("year", ""), most_digits=4)
    if asked.counter is None or year is None:
        return redirect("desk:register")
    try:
        book = actions.close_register(
            officer=request.person,
            agency_id=asked.counter.id,
            agency_path=asked.counter.path,
            year=year,
            now=now,
        )
    except actions.CannotCloseRegister as refusal:
        messages.warning(request, str(refusal))
    else:
        told = _("Đã khóa sổ năm %(year)s của %(unit)s: %(count)s dòng.")
        messages.success(
            request,
            told % {"year": year, "unit": asked.counter.name, "count": book.last_number},
        )
    return redirect(f"{reverse('desk:register')}?unit={asked.counter.code}&year={year}")


def _read(request: DeskRequest, data: Any, *, now: datetime) -> Asked:
    """Return what is asked for; at first the newest book of the counter where the person works.

    Raises NotAllowed for whoever sees no cases, and for another's counter.
    """
    people_actions.require(request.person, "cases.see", now=now)
    counters = register_queries.list_counters(request.person, now=now)
    code, post = (
        data.get("unit", ""),
        people.current_post(request.person, request.session.get("post_id"), now=now),
    )
    own = next((one for one in counters if post and one.id == post.agency_id), None)
    counter = next((one for one in counters if one.code == code), None)
    if counter is None and code:
        raise people_actions.NotAllowed(
            _(
                "Anh/chị không xem được sổ theo dõi của đơn vị mang mã “%(code)s”, hoặc đơn vị này chưa tiếp "
                "nhận hồ sơ nào. Hãy chọn đơn vị trong danh sách."
            )
            % {"code": code[:40]}
        )
    counter = counter or own or next(iter(counters), None)
    books = register_queries.list_books(counter.id) if counter else ()
    year = whole_number(data.get("year", ""), most_digits=4)
    book = next((one for one in books if one.year == year), None)
    return Asked(
        counters=counters,
        counter=counter,
        books=books,
        book=book or next(iter(books), None),
        text=data.get("q", "")[:200].strip(),
    )


def _may_close(request: DeskRequest, asked: Asked, *, now: datetime) -> bool:
    if asked.counter is None or asked.book is None or asked.book.closed_at is not None:
        return False
    scope = people.scope_of(request.person, "cases.close_register", now=now)
    is_over = timezone.localtime(now).year > asked.book.year
    return is_over and scope.covers(agency_id=asked.counter.id, agency_path=asked.counter.path)

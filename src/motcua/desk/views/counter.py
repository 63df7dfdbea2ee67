"""The counter: find a procedure, receive a case, print its receipt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from motcua.audit import queries as audit
from motcua.cases import actions, post_queries, queries, slips
from motcua.cases import reception_queries as reception
from motcua.clock import queries as clock
from motcua.desk import counter_page
from motcua.desk.forms import COUNTER_CHANNELS, CounterSearchForm, ReceptionForm
from motcua.desk.views.work import DeskRequest
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.procedures import queries as procedures

PAGE_LENGTH = 25
_PRINTED = "case.receipt_printed"
_PAPERS = ("A5", "A4")


@require_GET
@login_required
def find_procedure(request: DeskRequest) -> HttpResponse:
    """Find the procedure that someone at the counter asks for; Enter opens the first."""
    now = clock.now()
    post = counter_post(request, now=now)
    if post is None:
        return ask_to_switch(request, now=now)
    form = CounterSearchForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    text, field = asked.get("q", ""), asked.get("field", "")
    found = reception.list_at_counter(text=text, field_code=field, post=post, on=people.day_of(now))
    if "mo" in request.GET and form.is_valid():
        return redirect(_where_enter_leads(found, text=text, field=field, seen=asked["mo"]))
    page = Paginator(found.revisions, PAGE_LENGTH).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "text": text,
        "field": field,
        "post": post,
        "page": page,
        "parts": counter_page.parts_of(page.object_list),
        "chips": counter_page.field_chips(found, text=text, field=field),
    }
    return render(request, "desk/counter/find.html", context)


def _where_enter_leads(found: reception.CounterList, *, text: str, field: str, seen: str) -> str:
    """Return the first procedure if its row was seen, or is the only one or the one of this code.

    Otherwise return the list, so that nobody lands on a form they did not choose.
    """
    if text:
        first = list(found.here[:2])
        is_sure = seen == text or [one.procedure.code for one in first][:1] == [text]
        if first and (is_sure or len(first) == 1):
            return reverse("desk:receive", args=[first[0].procedure.code])
    kept = {name: value for name, value in (("q", text), ("field", field)) if value}
    return f"{reverse('desk:counter')}?{urlencode(kept)}" if kept else reverse("desk:counter")


@require_http_methods(["GET", "POST"])
@login_required
def receive(request: DeskRequest, procedure_code: str) -> HttpResponse:
    """Show the form of a procedure, or receive the case that was filled in."""
    now = clock.now()
    post = counter_post(request, now=now)
    if post is None:
        return ask_to_switch(request, now=now)
    code = procedure_code.replace("\0", "")
    try:
        sheet = procedures.get_sheet(code=code, on=people.day_of(now))
    except procedures.NoSuchProcedure:
        return _no_such_procedure(request, code, now=now)
    obstacle = _obstacle(sheet, post)
    if obstacle:
        status = 422 if request.method == "POST" else 200
        return _refuse(request, _("Không tiếp nhận được ở đây"), obstacle, status=status)
    if request.method == "POST" and "reload" not in request.POST:
        return _receive(request, sheet, post, now=now)
    return _show(request, _open_form(request, sheet), post, now=now)


def _open_form(request: HttpRequest, sheet: procedures.Sheet) -> ReceptionForm:
    """Return an empty form, or the one on the screen with another variant or all papers counted."""
    if request.method == "POST":
        fills = request.POST["reload"] == "full"
        return ReceptionForm.reloaded(sheet, request.POST, fills=fills)
    wanted = {"variant": request.GET.get("truong-hop"), "channel": request.GET.get("cach")}
    return ReceptionForm(sheet, initial={name: value for name, value in wanted.items() if value})


def _obstacle(sheet: procedures.Sheet, post: people.HeldPost) -> str:
    """Return why a procedure cannot be received at this counter, or nothing."""
    if not procedures.place_of_filing(sheet, post=post).is_allowed:
        return _(
            "Thủ tục “%(name)s” không nộp tại %(here)s. Hãy hướng dẫn người dân nộp tại: %(place)s."
        ) % {
            "name": sheet.name,
            "here": post.agency_label,
            "place": counter_page.place_words(sheet.level),
        }
    if not any(channel.kind in COUNTER_CHANNELS for channel in sheet.channels):
        return _(
            "Thủ tục “%(name)s” chỉ nhận trực tuyến. Hãy hướng dẫn người dân nộp trên Cổng dịch vụ công."
        ) % {"name": sheet.name}
    if not sheet.variants:
        return _(
            "Danh mục chưa ghi trường hợp và thành phần hồ sơ nào cho thủ tục “%(name)s”. Hãy báo cán bộ "
            "kiểm soát thủ tục hành chính bổ sung."
        ) % {"name": sheet.name}
    return ""


def _receive(
    request: DeskRequest, sheet: procedures.Sheet, post: people.HeldPost, *, now: datetime
) -> HttpResponse:
    form = ReceptionForm(sheet, request.POST)
    if not form.is_valid():
        return _show(request, form, post, now=now, status=422)
    submission = form.submission()
    duplicates = reception.list_likely_duplicates(submission)
    if not form.has_seen(one.code for one in duplicates):
        form = form.having_seen(one.code for one in duplicates)
        return _show(request, form, post, now=now, status=409, duplicates=duplicates)
    try:
        case = actions.receive_case(
            officer=request.person, agency_id=post.agency_id, submission=submission, now=now
        )
    except actions.CannotReceiveCase as refusal:
        form.add_problems(refusal.problems)
        return _show(request, form, post, now=now, status=422)
    except counter_page.CANNOT_COUNT as error:
        form.add_error(None, str(error))
        return _show(request, form, post, now=now, status=422)
    _tell(request, case.code, submission, received_at=case.received_at, now=now)
    return redirect("desk:case", code=case.code)


def _tell(
    request: HttpRequest,
    code: str,
    submission: actions.Submission,
    *,
    received_at: datetime,
    now: datetime,
) -> None:
    """Say what became of the form, and offer the next two things a clerk does."""
    told = _("Đã tiếp nhận hồ sơ %(code)s.") % {"code": code}
    if received_at != now:
        told = _(
            "Biểu mẫu này đã gửi trước đó: hồ sơ %(code)s đã tiếp nhận lúc %(at)s, không có hồ sơ thứ hai "
            "nào được tạo."
        ) % {"code": code, "at": f"{timezone.localtime(received_at):%H:%M %d/%m/%Y}"}
    chosen = urlencode({"truong-hop": submission.variant_code, "cach": submission.channel})
    again = f"{reverse('desk:receive', args=[submission.procedure_code])}?{chosen}"
    level = messages.INFO if received_at == now else messages.WARNING
    messages.add_message(
        request,
        level,
        format_html(
            '{} <a href="{}" target="_blank" data-shortcut="i">{}</a> · '
            '<a href="{}" data-shortcut="l">{}</a>',
            told,
            reverse("desk:receipt", args=[code]),
            _("In giấy tiếp nhận"),
            again,
            _("Tiếp nhận hồ sơ khác cùng thủ tục"),
        ),
    )


def _show(
    request: HttpRequest,
    form: ReceptionForm,
    post: people.HeldPost,
    *,
    now: datetime,
    status: int = 200,
    duplicates: Sequence[reception.LikelyDuplicate] = (),
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "sheet": form.sheet,
        "post": post,
        "promises": counter_page.promises_of(form, agency_code=post.agency_code, now=now),
        "papers": counter_page.papers_of(form),
        "applicant": counter_page.party_of(form, "applicant"),
        "owner": counter_page.party_of(form, "owner"),
        "representative": counter_page.party_of(form, "representative"),
        "duplicates": duplicates,
        "arrivals": post_queries.list_arrivals(post.agency_id),
        "has_one_variant": len(form.sheet.variants) == 1,
    }
    return render(request, "desk/counter/receive.html", context, status=status)


@require_GET
@never_cache
@login_required
def receipt(request: DeskRequest, code: str) -> HttpResponse:
    """Print the receipt of a case; from the second time on it says that it is a copy."""
    now = clock.now()
    code = code.replace("\0", "")
    paper = request.GET.get("kho", "").upper()
    if paper and paper not in _PAPERS:
        reason = _("Không in được trên khổ giấy “%(paper)s”. Hãy chọn %(papers)s.")
        told = reason % {"paper": paper[:20], "papers": " / ".join(_PAPERS)}
        return _refuse(request, _("Chưa in được giấy tiếp nhận"), told, case=code, status=422)
    printed_before = (
        audit.list_reads(f"case:{code}").filter(what=_PRINTED, was_allowed=True).count()
    )
    try:
        page = actions.open_case(officer=request.person, case_code=code, what=_PRINTED, now=now)
        content = slips.receipt_content(page)
        printed = slips.make_receipt(content, paper=paper, print_number=printed_before + 1, now=now)
    except queries.NoSuchCase as error:
        return _refuse(request, _("Không có hồ sơ này"), str(error), status=404)
    except slips.CannotPrintSlip as error:
        return _refuse(request, _("Chưa in được giấy tiếp nhận"), str(error), case=code, status=422)
    disposition = content_disposition_header(False, f"giay-tiep-nhan-{page.code}.pdf")
    return HttpResponse(
        printed,
        content_type="application/pdf",
        headers={"Content-Disposition": disposition or "inline"},
    )


@require_GET
@never_cache
@login_required
def label(request: DeskRequest, code: str) -> HttpResponse:
    """Print the label for the cover of a paper file, as often as one is needed."""
    now, code = clock.now(), code.replace("\0", "")
    try:
        page = actions.open_case(
            officer=request.person, case_code=code, what="case.label_printed", now=now
        )
        printed = slips.make_label(page, now=now)
    except queries.NoSuchCase as error:
        return _refuse(request, _("Không có hồ sơ này"), str(error), status=404)
    except slips.CannotPrintSlip as error:
        return _refuse(request, _("Chưa in được nhãn"), str(error), case=code, status=422)
    disposition = content_disposition_header(False, f"nhan-{page.code}.pdf")
    return HttpResponse(
        printed,
        content_type="application/pdf",
        headers={"Content-Disposition": disposition or "inline"},
    )


def counter_post(request: DeskRequest, *, now: datetime) -> people.HeldPost | None:
    """Return the post at whose counter the person works now; None when it has no counter.

    Raises NotAllowed when the person has no counter anywhere.
    """
    people_actions.require(request.person, "cases.receive", now=now)
    post = people.current_post(request.person, request.session.get("post_id"), now=now)
    return post if post and _is_counter(post, request.person, now=now) else None


def _is_counter(post: people.HeldPost, person: people.Person, *, now: datetime) -> bool:
    """Say whether the person could receive cases if this were their only post."""
    alone = people.Person(
        id=person.id, username=person.username, full_name=person.full_name, posts=(post,)
    )
    return people.is_allowed(alone, "cases.receive", now=now)


def ask_to_switch(request: DeskRequest, *, now: datetime) -> HttpResponse:
    """Offer the posts in which the person may receive cases."""
    held = request.person.posts_on(people.day_of(now))
    counters = [post for post in held if _is_counter(post, request.person, now=now)]
    return render(request, "desk/counter/switch_post.html", {"counters": counters}, status=403)


def _no_such_procedure(request: HttpRequest, code: str, *, now: datetime) -> HttpResponse:
    reason = _(
        "Không có thủ tục nào mang mã “%(code)s” trong danh mục đang áp dụng ngày %(day)s. Mã có thể gõ "
        "nhầm, hoặc thủ tục đã bị bãi bỏ: hãy tìm lại theo tên."
    ) % {"code": code, "day": f"{people.day_of(now):%d/%m/%Y}"}
    return _refuse(request, _("Không có thủ tục này"), reason, status=404)


def _refuse(
    request: HttpRequest, title: str, reason: str, *, status: int, case: str = ""
) -> HttpResponse:
    """Say why something cannot be done, with a way back."""
    context = {"refusal_title": title, "reason": reason, "case_code": case}
    return render(request, "desk/counter/refusal.html", context, status=status)

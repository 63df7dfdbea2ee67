"""The post of a counter: what arrived, results handed to the postman, proof of delivery."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from motcua.audit import queries as audit
from motcua.cases import actions, post_queries, queries, slips
from motcua.clock import queries as clock
from motcua.desk import post_page
from motcua.desk.post_forms import ArrivalForm, DeliveryForm, FailureForm
from motcua.desk.views.refusing import refuse
from motcua.desk.views.work import PAGE_LENGTH, DeskRequest
from motcua.look.inputs import whole_number
from motcua.people import actions as people_actions
from motcua.people import queries as people

_PRINTED = "post.slip_printed"


@require_safe
@login_required
def post(request: DeskRequest) -> HttpResponse:
    """List the post of the person's counters in one state."""
    return _list(request, state=request.GET.get("state", ""))


def _list(
    request: DeskRequest,
    *,
    state: str,
    status: int = 200,
    refusal: str = "",
    arrival: ArrivalForm | None = None,
    opened: int | None = None,
    forms_of: dict[str, forms.Form] | None = None,
    **more: Any,
) -> HttpResponse:
    now = clock.now()
    people_actions.require(request.person, "cases.return", now=now)
    shown = state if state in post_queries.STATES else "arrived"
    found = post_queries.list_post(request.person, state=shown, now=now)
    page = Paginator(found, PAGE_LENGTH).get_page(request.GET.get("page"))
    counts = post_queries.count_post(request.person, now=now)
    at = timezone.localtime(now)
    context: dict[str, Any] = {
        "page": page,
        "state": shown,
        "chips": post_page.state_chips(counts, state=shown),
        "refusal": refusal,
        "to_call_back": counts["recalled"],
        "arrival": arrival or ArrivalForm(),
        "opened": opened
        if opened is not None
        else whole_number(request.GET.get("buu-gui"), most_digits=17),
        "reasons": post_page.reveal_reasons(people.day_of(now)),
        "typed": request.POST,
        "delivery": DeliveryForm(initial={"day": at.date(), "clock": at.time()}),
        "failure": FailureForm(),
        **(forms_of or {}),
        **more,
    }
    return render(request, "desk/post/post.html", context, status=status)


@require_POST
@login_required
def arrive(request: DeskRequest) -> HttpResponse:
    """Register a dossier that the post brought."""
    now = clock.now()
    form = ArrivalForm(request.POST)
    if not form.is_valid():
        return _list(request, state="arrived", arrival=form, status=422)
    try:
        item = actions.register_arrival(
            officer=request.person, agency_id=_counter(request), now=now, **form.cleaned_data
        )
    except actions.CannotPost as refusal:
        form.add_error("tracking_number", str(refusal))
        return _list(request, state="arrived", arrival=form, status=422)
    messages.info(request, _("Đã ghi bưu gửi %(number)s đến.") % {"number": item.tracking_number})
    return redirect("desk:post")


@require_POST
@login_required
def send(request: DeskRequest) -> HttpResponse:
    """Hand the chosen results to the postman, with one slip."""
    now = clock.now()
    numbers = {
        number: request.POST.get(f"so-{pk}", "")
        for pk in request.POST.getlist("chon")
        if (number := whole_number(pk, most_digits=17)) is not None
    }
    try:
        slip = actions.hand_to_post(
            officer=request.person,
            agency_id=_counter(request),
            tracking_numbers=numbers,
            carrier_name=request.POST.get("carrier_name", ""),
            now=now,
        )
    except actions.CannotPost as refusal:
        return _list(request, state="ready", refusal=str(refusal), status=422)
    messages.info(
        request,
        format_html(
            '{} <a class="text-decoration-underline" href="{}" target="_blank">{}</a>',
            _("Đã giao %(count)s bưu gửi cho bưu chính.") % {"count": len(numbers)},
            reverse("desk:postal-slip", args=[slip.pk]),
            _("In phiếu giao nhận"),
        ),
    )
    return redirect(f"{reverse('desk:post')}?state=sent")


@require_POST
@login_required
def deliver(request: DeskRequest, item_id: int) -> HttpResponse:
    """Record the proof that a result was delivered."""
    form = DeliveryForm(request.POST)
    if not form.is_valid():
        return _again(request, item_id, delivery=form)
    try:
        item = actions.record_delivery(
            officer=request.person,
            item_id=item_id,
            delivered_to=form.cleaned_data["delivered_to"],
            delivered_at=form.delivered_at(),
            now=clock.now(),
        )
    except actions.CannotPost as refusal:
        form.add_error(None, str(refusal))
        return _again(request, item_id, delivery=form)
    except (post_queries.NoSuchPost, queries.NoSuchCase) as error:
        return refuse(request, error)
    if item.was_delivered_in_vain:
        say, told = (
            messages.warning,
            _(
                "Đã ghi bưu gửi %(number)s phát cho %(who)s dù kết quả đã bị thu hồi. Hồ sơ %(code)s không tính "
                "là đã trả; người dân được báo mang trả lại."
            ),
        )
    else:
        say = messages.info
        told = _("Đã ghi bưu gửi %(number)s phát cho %(who)s; hồ sơ %(code)s đã trả kết quả.")
    say(
        request,
        told
        % {
            "number": item.tracking_number,
            "who": item.delivered_to,
            "code": item.case.code if item.case else "",
        },
    )
    return redirect(f"{reverse('desk:post')}?state=sent")


@require_POST
@login_required
def bring_back(request: DeskRequest, item_id: int) -> HttpResponse:
    """Record that the post could not deliver a result and brought it back."""
    form = FailureForm(request.POST)
    if not form.is_valid():
        return _again(request, item_id, failure=form)
    try:
        item = actions.record_failure(
            officer=request.person,
            item_id=item_id,
            reason=form.cleaned_data["reason"],
            now=clock.now(),
        )
    except actions.CannotPost as refusal:
        form.add_error(None, str(refusal))
        return _again(request, item_id, failure=form)
    except (post_queries.NoSuchPost, queries.NoSuchCase) as error:
        return refuse(request, error)
    if item.recalled_at is not None:
        told = _(
            "Bưu gửi %(number)s đã về. Kết quả hồ sơ %(code)s đã bị thu hồi: hãy chuyển bản giấy cho cơ quan "
            "đã thu hồi, đừng trả cho người dân."
        )
    else:
        told = _("Bưu gửi %(number)s đã chuyển hoàn; kết quả hồ sơ %(code)s lại chờ trả tại quầy.")
    messages.warning(
        request,
        told % {"number": item.tracking_number, "code": item.case.code if item.case else ""},
    )
    return redirect(f"{reverse('desk:post')}?state=sent")


@require_safe
@login_required
def postal_slip(request: DeskRequest, slip_id: int) -> HttpResponse:
    """Print a hand-over slip; from the second time on it says it is a copy."""
    now = clock.now()
    try:
        slip, items = actions.open_postal_slip(
            officer=request.person, slip_id=slip_id, what=_PRINTED, now=now
        )
        actions.note_paper(officer=request.person, what="postal-slip", rows=len(items), now=now)
        reads = audit.list_reads(actions.subject_of_slip(slip_id))
        # This printing is noted already.
        print_number = reads.filter(what=_PRINTED, was_allowed=True).count()
        content = slips.postal_slip_content(slip, items)
        made = slips.make_postal_slip(content, print_number=print_number, now=now)
    except post_queries.NoSuchPost as error:
        return refuse(request, error)
    except slips.CannotPrintSlip as error:
        return _list(request, state="sent", refusal=str(error), status=422)
    name = f"phieu-buu-chinh-{slip.number}-{slip.year}.pdf"
    disposition = content_disposition_header(as_attachment=False, filename=name)
    return HttpResponse(
        made,
        content_type="application/pdf",
        headers={"Content-Disposition": disposition or "inline"},
    )


@require_POST
@never_cache
@login_required
def reveal(request: DeskRequest, item_id: int) -> HttpResponse:
    """Show one parcel's telephone and address in full, in its row; the reading is noted, and why."""
    now = clock.now()
    chosen, typed = (request.POST.get(name, "") for name in ("ly-do", "ghi-ro"))
    asked: dict[str, Any] = {"asked_of": item_id, "chosen": chosen, "said": typed}
    try:
        actions.reveal_item(
            officer=request.person, item_id=item_id, chosen=chosen, typed=typed, now=now
        )
    except post_queries.NoSuchPost as error:
        return refuse(request, error)
    except actions.CannotReveal as refusal:
        asked["unreasoned"] = str(refusal)
    else:
        asked["revealed"] = item_id
    if request.headers.get("HX-Request"):
        # In its row a refusal is shown as what was asked for: htmx drops what comes as an error.
        row = {"item": post_queries.get_item(item_id), **asked}
        row["reasons"] = post_page.reveal_reasons(people.day_of(now))
        return render(request, "desk/post/party.html", row)
    status = 422 if "unreasoned" in asked else 200
    return _list(request, state=request.POST.get("state", ""), status=status, **asked)


def _again(request: DeskRequest, item_id: int, **forms_of: forms.Form) -> HttpResponse:
    return _list(request, state="sent", status=422, opened=item_id, forms_of=forms_of)


def _counter(request: DeskRequest) -> int:
    """Return the agency at whose counter the person stands now."""
    now = clock.now()
    post_held = people.current_post(request.person, request.session.get("post_id"), now=now)
    return post_held.agency_id if post_held else 0

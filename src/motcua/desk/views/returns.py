"""The return desk: finished cases that wait, handing over, the slip."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from motcua.audit import queries as audit
from motcua.cases import actions, queries, result_queries, slips, work_queries
from motcua.clock import queries as clock
from motcua.desk import chips
from motcua.desk.views.refusing import refuse
from motcua.desk.views.work import PAGE_LENGTH, DeskRequest
from motcua.lawbook import queries as lawbook
from motcua.people import actions as people_actions

_PRINTED = "case.hand_over_slip_printed"


class SearchForm(forms.Form):
    """What is looked for at the return desk, and the row that is opened."""

    q = forms.CharField(max_length=200, required=False)
    case = forms.CharField(max_length=60, required=False)


class HandOverForm(forms.Form):
    """Who receives the result."""

    returned_to = forms.CharField(
        label=gettext_lazy("Người nhận kết quả"),
        max_length=200,
        help_text=gettext_lazy("Ghi họ tên người đến nhận, theo giấy tờ của họ."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@require_safe
@login_required
def returns(request: DeskRequest) -> HttpResponse:
    """List the results that wait at the person's counters, longest waiting first."""
    form = SearchForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    return _list(request, text=asked.get("q", ""), opened=asked.get("case", ""))


def _list(
    request: DeskRequest,
    *,
    text: str,
    opened: str,
    form: HandOverForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    now = clock.now()
    people_actions.require(request.person, "cases.return", now=now)
    waiting = work_queries.list_to_return(request.person, text=text, now=now)
    page = Paginator(waiting, PAGE_LENGTH).get_page(request.GET.get("page"))
    rows = chips.case_rows(page.object_list, now=now, calendar=lawbook.get_calendar())
    found = next((row for row in rows if row.case.code == opened), None)
    if found is None and text and len(rows) == 1:
        found = rows[0]
    context: dict[str, Any] = {
        "page": page,
        "rows": rows,
        "text": text,
        "elsewhere_url": f"{reverse('desk:search')}?{urlencode({'q': text})}",
        "refusal": refusal,
        "opened": found,
        "not_ready": result_queries.why_not_ready(found.case) if found else "",
        "form": form or HandOverForm(initial={"returned_to": _receiver(found)}),
    }
    return render(request, "desk/returns/returns.html", context, status=status)


def _receiver(row: chips.CaseRow | None) -> str:
    """Return who most likely comes for the result: whoever handed the papers in."""
    return row.case.applicants[0].full_name if row and row.case.applicants else ""


@require_POST
@login_required
def hand_over(request: DeskRequest, code: str) -> HttpResponse:
    """Hand a result over to the citizen, once."""
    form = HandOverForm(request.POST)
    if not form.is_valid():
        return _list(request, text=code, opened=code, form=form, status=422)
    now = clock.now()
    try:
        # Opening refuses what is out of reach, and notes the attempt.
        actions.open_case(officer=request.person, case_code=code, what="case.returned", now=now)
        case = actions.return_result(
            officer=request.person,
            case_code=code,
            returned_to=form.cleaned_data["returned_to"],
            now=now,
        )
    except queries.NoSuchCase as error:
        return refuse(request, error)
    except actions.CannotReturnResult as refusal:
        return _list(request, text="", opened="", refusal=str(refusal), status=409)
    slip = reverse("desk:hand-over-slip", args=[case.code])
    told = _("Đã trả kết quả hồ sơ %(code)s cho %(who)s.")
    messages.info(
        request,
        format_html(
            '{} <a class="text-decoration-underline" href="{}" target="_blank">{}</a>',
            told % {"code": case.code, "who": case.returned_to},
            slip,
            _("In phiếu trả kết quả"),
        ),
    )
    return redirect("desk:returns")


@require_safe
@login_required
def hand_over_slip(request: DeskRequest, code: str) -> HttpResponse:
    """Print the slip for handing over a result; from the second time on it says it is a copy."""
    now, paper = clock.now(), request.GET.get("kho", "").upper()
    if paper and paper not in slips.PAPERS:
        reason = _("Không in được trên khổ giấy “%(paper)s”. Hãy chọn %(papers)s.")
        told = reason % {"paper": paper[:20], "papers": " / ".join(slips.PAPERS)}
        return refuse(request, told, status=422)
    try:
        page = actions.open_case(
            officer=request.person,
            case_code=code,
            what=_PRINTED,
            function="cases.return",
            now=now,
        )
        slip = slips.make_hand_over_slip(
            slips.hand_over_content(page, clerk_name=request.person.full_name),
            paper=paper,
            print_number=_print_number(page),
            now=now,
        )
    except queries.NoSuchCase as error:
        return refuse(request, error)
    except slips.CannotPrintSlip as refusal:
        return refuse(request, refusal, status=409)
    name = content_disposition_header(as_attachment=False, filename=f"tra-ket-qua-{code}.pdf")
    return HttpResponse(
        slip, content_type="application/pdf", headers={"Content-Disposition": name or "inline"}
    )


def _print_number(page: queries.CasePage) -> int:
    """Return which print of the slip this is, since the result was there; raise CannotPrintSlip."""
    since = page.case.returned_at or page.case.finished_at
    if since is None:
        raise slips.CannotPrintSlip(
            _(
                "Hồ sơ %(code)s chưa xử lý xong nên chưa có kết quả để in phiếu trả. Hãy đợi bước "
                "cuối hoàn thành."
            )
            % {"code": page.code}
        )
    printed = audit.list_reads(f"case:{page.code}").filter(
        what=_PRINTED, was_allowed=True, happened_at__gte=since
    )
    # This printing is noted already.
    return printed.count()

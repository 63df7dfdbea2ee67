"""The pages of results: those of one case with what may be done now, and where any is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.cases import actions, queries, result_queries
from motcua.clock import queries as clock
from motcua.desk import chips
from motcua.desk.filter_chips import Chip
from motcua.desk.result_forms import FORMS, DraftForm, form_of
from motcua.desk.views.refusing import refuse
from motcua.desk.views.work import PAGE_LENGTH, DeskRequest
from motcua.files import queries as files
from motcua.people import actions as people_actions
from motcua.people import queries as people


class SearchForm(forms.Form):
    """What is looked for among the results."""

    q = forms.CharField(max_length=200, required=False)
    state = forms.CharField(max_length=12, required=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class ActShown:
    """One act on the valid result that the reader may do now."""

    slug: str
    label: str
    icon: str
    consequence: str
    is_grave: bool
    # What comes next in a result's life: its form stands open.
    is_next: bool
    form: forms.Form
    url: str


# slug → action, label, icon, what follows, what is told when it is done.
_ACTS: dict[str, tuple[Callable[..., Any], Any, str, Any, Any]] = {
    "ky": (
        actions.sign_result,
        gettext_lazy("Ký kết quả"),
        "signature",
        gettext_lazy("Sau khi ký, tệp không thay được nữa; chỉ thu hồi bằng quyết định."),
        gettext_lazy("Đã ký kết quả hồ sơ %(code)s. Bước tiếp theo: cấp số."),
    ),
    "cap-so": (
        actions.number_result,
        gettext_lazy("Cấp số"),
        "hash",
        gettext_lazy("Kết quả nhận mã riêng theo mã hồ sơ và được trả cho người dân."),
        gettext_lazy("Đã cấp số cho kết quả hồ sơ %(code)s."),
    ),
    "tra": (
        actions.hand_over_replacement,
        gettext_lazy("Trả kết quả thay thế"),
        "package-export",
        gettext_lazy("Ngày trả kết quả của hồ sơ giữ như lần đầu."),
        gettext_lazy("Đã trả kết quả thay thế của hồ sơ %(code)s."),
    ),
    "luu-tru": (
        actions.archive_result,
        gettext_lazy("Lưu trữ"),
        "folders",
        gettext_lazy("Ghi nơi lưu để tìm lại bản giấy."),
        gettext_lazy("Đã ghi lưu trữ kết quả hồ sơ %(code)s."),
    ),
    "thu-hoi": (
        actions.revoke_result,
        gettext_lazy("Thu hồi kết quả"),
        "ban",
        gettext_lazy(
            "Kết quả hết giá trị nhưng vẫn tra cứu được, kèm quyết định và lý do; người dân được báo tin, "
            "bưu gửi đang chuyển được gọi về."
        ),
        gettext_lazy("Đã thu hồi kết quả hồ sơ %(code)s."),
    ),
    "rut-chu-ky": (
        actions.take_back_signature,
        gettext_lazy("Rút chữ ký"),
        "arrow-back-up",
        gettext_lazy("Kết quả trở lại là dự thảo; việc rút và lý do nằm trong nhật ký."),
        gettext_lazy("Đã rút chữ ký ở kết quả hồ sơ %(code)s."),
    ),
    "rut-luu-tru": (
        actions.take_back_archiving,
        gettext_lazy("Rút việc ghi lưu trữ"),
        "arrow-back-up",
        gettext_lazy("Kết quả trở lại là đã trả; việc rút và lý do nằm trong nhật ký."),
        gettext_lazy("Đã rút việc ghi lưu trữ ở hồ sơ %(code)s."),
    ),
    "rut-viec-tra": (
        actions.take_back_return,
        gettext_lazy("Rút việc ghi đã trả"),
        "arrow-back-up",
        gettext_lazy(
            "Kết quả lại chờ ở trang Trả kết quả; người dân được báo là tin trước ghi nhầm."
        ),
        gettext_lazy("Đã rút việc ghi đã trả ở hồ sơ %(code)s; kết quả lại chờ trả."),
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def case_results(request: DeskRequest, code: str) -> HttpResponse:
    """Show the results of a case, and take a draft in."""
    if request.method != "POST":
        return _show(request, code)
    form = DraftForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, code, draft=form, status=422)
    file = form.cleaned_data["file"]

    def draft(**known: Any) -> None:
        actions.draft_result(
            **known, title=form.cleaned_data["title"], name=file.name, content=file.read()
        )

    told = _("Đã đưa lên dự thảo kết quả hồ sơ %(code)s. Bước tiếp theo: ký.")
    return _do(request, code, draft, told, draft=form)


@require_POST
@login_required
def result_act(request: DeskRequest, code: str, result_id: int, slug: str) -> HttpResponse:
    """Do one act on a result, or show the page again with what is wrong."""
    if slug not in FORMS or slug == "rut-viec-tra":
        raise Http404
    form = form_of(slug, request.POST)
    if not form.is_valid():
        return _show(request, code, bound={slug: form}, status=422)
    action, _label, _icon, _consequence, told = _ACTS[slug]

    def act(**known: Any) -> None:
        action(**known, result_id=result_id, **form.cleaned_data)

    return _do(request, code, act, str(told), bound={slug: form})


@require_POST
@login_required
def take_back_return(request: DeskRequest, code: str) -> HttpResponse:
    """Take back that the result of a case was handed over, recorded by mistake."""
    form = form_of("rut-viec-tra", request.POST)
    if not form.is_valid():
        return _show(request, code, bound={"rut-viec-tra": form}, status=422)
    action, _label, _icon, _consequence, told = _ACTS["rut-viec-tra"]

    def act(**known: Any) -> None:
        action(**known, **form.cleaned_data)

    return _do(request, code, act, str(told), bound={"rut-viec-tra": form})


def _do(
    request: DeskRequest, code: str, act: Callable[..., None], told: str, **kept: Any
) -> HttpResponse:
    now = clock.now()
    try:
        # Opening refuses what is out of reach, and notes the attempt.
        page = actions.open_case(
            officer=request.person, case_code=code, what="case.result_act", now=now
        )
        act(officer=request.person, case_code=code, now=now)
    except (queries.NoSuchCase, result_queries.NoSuchResult) as error:
        return refuse(request, error)
    except (actions.CannotChangeResult, actions.CannotReturnResult) as refusal:
        return _show(request, code, page=page, refusal=str(refusal), status=409, **kept)
    messages.success(request, told % {"code": code})
    return redirect("desk:case-results", code)


def _show(
    request: DeskRequest,
    code: str,
    *,
    page: queries.CasePage | None = None,
    refusal: str = "",
    draft: DraftForm | None = None,
    bound: dict[str, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    now = clock.now()
    try:
        # Whoever tried an act has opened the case for it, which is noted.
        page = page or actions.open_case(
            officer=request.person, case_code=code, what="case.results_read", now=now
        )
    except queries.NoSuchCase as error:
        return refuse(request, error)
    shown = result_queries.show_results(page.case, request.person, now=now)
    valid = next((one for one in shown.results if one.revoked_at is None), None)
    context = {
        "case": page.case,
        "rows": [(one, chips.RESULT_TONES[one.stage]) for one in shown.results],
        "valid": valid,
        "acts": _acts(page.case.code, valid.pk if valid else 0, shown, bound or {}),
        "may_draft": shown.may_draft,
        "wanted": page.case.revision.get_recorded_result_display() if shown.is_wanted else "",
        "draft_form": draft or DraftForm(),
        "refusal": refusal,
    }
    return render(request, "desk/results/case_results.html", context, status=status)


def _acts(
    code: str,
    result_id: int,
    shown: result_queries.ResultsOfCase,
    bound: dict[str, forms.Form],
) -> tuple[ActShown, ...]:
    allowed = {
        "ky": shown.may_sign,
        "cap-so": shown.may_number,
        "tra": shown.may_hand_over,
        "luu-tru": shown.may_archive,
        "thu-hoi": shown.may_revoke,
        "rut-chu-ky": shown.may_take_back_signature,
        "rut-luu-tru": shown.may_take_back_archiving,
        "rut-viec-tra": shown.may_take_back_return,
    }
    return tuple(
        ActShown(
            slug=slug,
            label=str(label),
            icon=icon,
            consequence=str(consequence),
            is_grave=slug == "thu-hoi",
            is_next=slug in {"ky", "cap-so", "tra", "luu-tru"},
            form=bound.get(slug) or form_of(slug),
            url=reverse("desk:take-back-return", args=[code])
            if slug == "rut-viec-tra"
            else reverse("desk:result-act", args=[code, result_id, slug]),
        )
        for slug, (_action, label, icon, consequence, _told) in _ACTS.items()
        if allowed[slug]
    )


@require_safe
@login_required
def result_file(request: DeskRequest, code: str, result_id: int) -> HttpResponse:
    """Hand out the file of a result as a download."""
    try:
        actions.open_case(
            officer=request.person, case_code=code, what="case.result_read", now=clock.now()
        )
        result = result_queries.get_result(case_code=code, result_id=result_id)
    except (queries.NoSuchCase, result_queries.NoSuchResult) as error:
        return refuse(request, error)
    named = content_disposition_header(as_attachment=True, filename=result.file.name)
    return HttpResponse(
        files.read_content(result.file),
        content_type=result.file.media_type,
        headers={"Content-Disposition": named or "attachment", "X-Content-Type-Options": "nosniff"},
    )


@require_safe
@login_required
def results(request: DeskRequest) -> HttpResponse:
    """Find results by code, document number or holder, in the person's scope."""
    now = clock.now()
    people_actions.require(request.person, "cases.see", now=now)
    form = SearchForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    text, state = asked.get("q", ""), asked.get("state", "")
    found = result_queries.search_results(officer=request.person, text=text, state=state, now=now)
    counts = result_queries.count_results(officer=request.person, text=text, now=now)
    page = Paginator(found, PAGE_LENGTH).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(one, chips.RESULT_TONES[one.stage]) for one in page.object_list],
        "near": people.agencies_worked_at(request.person, now=now),
        "text": text,
        "state": state,
        "chips": _chips(counts, text=text, state=state),
        "everything_url": reverse("desk:results"),
    }
    return render(request, "desk/results/results.html", context)


def _chips(counts: dict[str, int], *, text: str, state: str) -> list[Chip]:
    names = {
        "all": _("Tất cả"),
        "waiting": _("Chưa trả"),
        "handed-over": _("Đã trả"),
        "archived": _("Đã lưu trữ"),
        "revoked": _("Đã bị thu hồi"),
    }
    kept = {"q": text} if text else {}
    chosen = state if state in names else "all"
    return [
        Chip(
            label=label,
            url=f"?{urlencode({**kept, **({} if one == 'all' else {'state': one})})}",
            count=counts[one],
            is_active=one == chosen,
        )
        for one, label in names.items()
    ]

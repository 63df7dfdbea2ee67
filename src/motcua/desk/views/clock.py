"""The pages that move the clock of a case, end it, ask other agencies, and explain its due time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from motcua.cases import actions, clock_queries, queries
from motcua.cases.clock_queries import Act
from motcua.clock import queries as clock
from motcua.desk import case_clock, explanation
from motcua.desk.clock_forms import ActForm, AnswerForm
from motcua.desk.transfer_words import tell_transfer
from motcua.desk.views.refusing import refuse
from motcua.desk.views.work import PAGE_LENGTH, DeskRequest
from motcua.look import formats
from motcua.look.inputs import whole_number
from motcua.people import actions as people_actions
from motcua.people import queries as people

REFUSALS = (actions.CannotMoveClock, actions.CannotConsult, actions.CannotEndCase)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def act(request: DeskRequest, code: str, slug: str) -> HttpResponse:
    """Show what an act would do to the clock of a case, then do it."""
    words = case_clock.BY_SLUG.get(slug)
    now = clock.now()
    if words is None:
        told = _("Không có việc nào mang tên “%(name)s”. Hãy mở hồ sơ %(code)s rồi chọn việc ở đó.")
        return refuse(request, case_clock.NoSuchAct(told % {"name": slug[:40], "code": code[:40]}))
    try:
        page = actions.open_case(
            officer=request.person, case_code=code, what="case.clock_read", now=now
        )
    except queries.NoSuchCase as error:
        return refuse(request, error)
    if request.method != "POST" or "preview" in request.POST:
        return _show_act(request, page, words, _form(page, words, request.POST, now=now), now=now)
    form = _form(page, words, request.POST, now=now, is_sent=True)
    if not form.is_valid():
        return _show_act(request, page, words, form, now=now, status=422)
    try:
        told = _ACTIONS[words.act](request.person, page.code, form.cleaned_data, now)
    except REFUSALS as refusal:
        return _show_act(request, page, words, form, now=now, status=409, refusal=str(refusal))
    except people_actions.NotAllowed as refusal:
        return _show_act(request, page, words, form, now=now, status=403, refusal=str(refusal))
    _say(request, page.code, words, told)
    return redirect("desk:case", page.code)


def _say(request: DeskRequest, code: str, words: case_clock.ActWords, told: Any) -> None:
    """Say what was done, and offer the slip that it leads to."""
    done = f"{words.done % {'code': code}} {_told(told)}".strip()
    if not words.slip:
        messages.success(request, done)
        return
    messages.success(
        request,
        format_html(
            '{} <a class="text-decoration-underline" href="{}" target="_blank">{}</a>',
            done,
            reverse("desk:letter", args=[code, words.slip]),
            _("In giấy"),
        ),
    )


def _form(
    page: queries.CasePage,
    words: case_clock.ActWords,
    data: Any,
    *,
    now: datetime,
    is_sent: bool = False,
) -> ActForm:
    """Return the form of an act; what came for a look ahead fills it without being judged."""
    known: dict[str, Any] = {
        "act": words.act,
        "is_second": page.clock.supplement_requests > 0,
        "is_late": words.act is Act.RETURN_FILE
        and clock_queries.return_after_appraisal(page.case, now=now).has_passed,
        "agencies": _agencies(page, now=now) if words.act is Act.CONSULT else None,
    }
    if is_sent:
        return ActForm(data, **known)
    initial = {"until": case_clock.next_day_to_promise(page)} if words.act is Act.EXTEND else {}
    return ActForm(initial={**initial, **data.dict()}, **known)


def _agencies(page: queries.CasePage, *, now: datetime) -> list[tuple[str, str]]:
    agencies = people.list_agencies(on=people.day_of(now))
    is_english = get_language() == "en"
    return [
        (agency.code, (is_english and agency.name_en) or agency.name)
        for agency in agencies.exclude(pk=page.case.settling_agency_id)
    ]


def _show_act(
    request: DeskRequest,
    page: queries.CasePage,
    words: case_clock.ActWords,
    form: ActForm,
    *,
    now: datetime,
    status: int = 200,
    refusal: str = "",
) -> HttpResponse:
    """Show the form of an act with what it would do, or why it cannot be done."""
    preview, problem = None, refusal
    if words.kind is not None and not refusal:
        try:
            moved = actions.preview_event(
                officer=request.person,
                case_code=page.code,
                kind=words.kind,
                until=_until(form) if words.act is Act.EXTEND else None,
                now=now,
            )
            preview = case_clock.preview_of(moved, page)
        except actions.CannotMoveClock as error:
            problem = str(error)
    if words.act not in page.clock.acts and not problem:
        problem = _(
            "Việc này không làm được lúc này: vị trí của anh/chị không có quyền, hoặc hồ sơ không ở "
            "trạng thái cần việc này."
        )
    context = {
        "case": page.case,
        "deed": words,
        "form": form,
        "preview": preview,
        "problem": problem,
        "is_allowed": words.act in page.clock.acts,
        "notices": case_clock.notices(page, words.act, now=now),
    }
    return render(request, "desk/case/clock_act.html", context, status=status)


def _until(form: ActForm) -> date | None:
    """Return the day that stands in the form, whether it was sent or only looked at."""
    try:
        day: date | None = form.fields["until"].clean(form["until"].value())
    except ValidationError:
        return None
    return day


_Action = Callable[[people.Person, str, dict[str, Any], datetime], Any]


def _moves(action: Callable[..., Any], *, text: str = "reason") -> _Action:
    def run(officer: people.Person, code: str, asked: dict[str, Any], now: datetime) -> Any:
        return action(officer=officer, case_code=code, now=now, **{text: asked["reason"]})

    return run


def _ask(officer: people.Person, code: str, asked: dict[str, Any], now: datetime) -> Any:
    return actions.request_supplement(
        officer=officer,
        case_code=code,
        reason=asked["reason"],
        is_second_meant=bool(asked.get("is_second_meant")),
        now=now,
    )


def _return_file(officer: people.Person, code: str, asked: dict[str, Any], now: datetime) -> Any:
    return actions.return_after_appraisal(
        officer=officer,
        case_code=code,
        reason=asked["reason"],
        is_late_meant=bool(asked.get("is_late_meant")),
        now=now,
    )


def _extend(officer: people.Person, code: str, asked: dict[str, Any], now: datetime) -> Any:
    return actions.extend_with_apology(
        officer=officer, case_code=code, until=asked["until"], reason=asked["reason"], now=now
    )


def _consult(officer: people.Person, code: str, asked: dict[str, Any], now: datetime) -> Any:
    return actions.consult_agency(
        officer=officer,
        case_code=code,
        agency_code=asked["agency"],
        question=asked["reason"],
        limit=asked["limit"],
        now=now,
    )


_ACTIONS: dict[Act, _Action] = {
    Act.REQUEST_SUPPLEMENT: _ask,
    Act.TAKE_SUPPLEMENT: _moves(actions.take_supplement, text="note"),
    Act.RETURN_FILE: _return_file,
    Act.TAKE_FILE_AGAIN: _moves(actions.take_file_again, text="note"),
    Act.REQUEST_PAYMENT: _moves(actions.request_payment),
    Act.RECORD_PAYMENT: _moves(actions.record_payment, text="note"),
    Act.EXTEND: _extend,
    Act.CONSULT: _consult,
    Act.REFUSE: _moves(actions.refuse_case),
    Act.STOP: _moves(actions.stop_case),
    Act.WITHDRAW: _moves(actions.withdraw_case),
}


def _told(done: Any) -> str:
    """Return what it did to the due time, in one sentence."""
    if not isinstance(done, actions.ClockMoved):
        return ""
    if done.deadline.is_stopped:
        return _("Thời hạn đang tạm dừng.")
    return _("Hạn trả: %(due)s.") % {"due": formats.write_moment(done.deadline.due_at)}


@require_safe
@login_required
def due_time(request: DeskRequest, code: str) -> HttpResponse:
    """Explain, day by day, why a case is due when it is, or was due at an earlier count."""
    now = clock.now()
    try:
        page = actions.open_case(
            officer=request.person, case_code=code, what="case.due_time_read", now=now
        )
    except queries.NoSuchCase as error:
        return refuse(request, error)
    asked = request.GET.get("lan", "")
    told = explanation.explain_due_time(
        page,
        calendar=page.clock.calendar,
        language=get_language() or "vi",
        generation=whole_number(asked, most_digits=4),
        now=now,
    )
    transfer = tell_transfer(page, language=get_language() or "vi", now=now)
    return render(request, "desk/case/due_time.html", {"told": told, "transfer": transfer})


@require_safe
@login_required
def consultations(request: DeskRequest) -> HttpResponse:
    """List the questions to the person's agencies, those that wait first."""
    now = clock.now()
    people_actions.require(request.person, "cases.answer", now=now)
    found = clock_queries.list_consultations(request.person, now=now)
    page = Paginator(found, PAGE_LENGTH).get_page(request.GET.get("page"))
    rows = [
        {"case": row.case, "asked": case_clock.asked_of(row, now=now)} for row in page.object_list
    ]
    return render(request, "desk/case/consultations.html", {"page": page, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def consultation(request: DeskRequest, consultation_id: int) -> HttpResponse:
    """Show a question to an agency, and take its answer."""
    now = clock.now()
    form, refusal, status = AnswerForm(), "", 200
    try:
        asked = actions.open_consultation(
            officer=request.person, consultation_id=consultation_id, now=now
        )
        if request.method == "POST":
            form = AnswerForm(request.POST)
            if form.is_valid():
                actions.answer_consultation(
                    officer=request.person,
                    consultation_id=consultation_id,
                    answer=form.cleaned_data["answer"],
                    now=now,
                )
                messages.success(
                    request,
                    _("Đã trả lời ý kiến về hồ sơ %(code)s.") % {"code": asked.case.code},
                )
                return redirect("desk:consultation", consultation_id)
            status = 422
    except clock_queries.NoSuchConsultation as error:
        return refuse(request, error)
    except actions.CannotConsult as error:
        refusal, status = str(error), 409
        asked = clock_queries.get_consultation(consultation_id)
    may_answer = people.scope_of(request.person, "cases.answer", now=now).covers(
        agency_id=asked.agency_id, agency_path=""
    )
    context = {
        "case": asked.case,
        "row": asked,
        "asked": case_clock.asked_of(asked, now=now),
        "form": form,
        "refusal": refusal,
        "may_answer": may_answer and asked.answered_at is None,
    }
    return render(request, "desk/case/consultation.html", context, status=status)

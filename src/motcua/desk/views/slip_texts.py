"""The words of slips: which are in force, what a controller writes in their place, and how they look."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.cases import actions, queries, slip_samples, slip_text_queries, slip_words
from motcua.cases.slip_text_queries import NoSuchSlip, SlipShown
from motcua.cases.slips import PAPERS, CannotPrintSlip
from motcua.clock import queries as clock
from motcua.desk import law_page
from motcua.desk.law_words import either
from motcua.desk.slip_forms import RestoreForm, WordsForm, part_label
from motcua.desk.views.law import DeskRequest
from motcua.desk.views.refusing import refuse
from motcua.lawbook import queries as lawbook
from motcua.people import actions as people_actions
from motcua.people import queries as people

TEXTS_SHOWN = 20


@require_safe
@login_required
def slips(request: DeskRequest) -> HttpResponse:
    """List the slips with their forms and whose words they have."""
    now = _admit(request)
    context: dict[str, Any] = {
        "tabs": law_page.tabs("slips"),
        "slips": [
            (_title(shown.kind), shown)
            for shown in slip_text_queries.list_slips(on=people.day_of(now))
        ],
    }
    return render(request, "desk/slips/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def slip(request: DeskRequest, slip: str) -> HttpResponse:
    """Show the words of a slip and who wrote them; write new ones."""
    now = _admit(request)
    try:
        shown = slip_text_queries.get_slip(slip, on=people.day_of(now))
    except NoSuchSlip as error:
        return refuse(request, error)
    if request.method != "POST":
        return _page(request, shown, now=now)
    people_actions.require(request.person, "slips.write", now=now)
    form = _words_form(request.POST, shown, now=now)
    if not form.is_valid():
        return _page(request, shown, form=form, now=now, status=422)
    asked = form.cleaned_data
    try:
        actions.write_slip_texts(
            officer=request.person,
            slip=slip,
            texts=form.texts,
            starts_on=asked["starts_on"],
            reason=asked["reason"],
            seen=asked["seen"],
            now=now,
        )
    except actions.CannotWriteSlip as refusal:
        form.tell(refusal.problems)
        return _page(request, shown, form=form, now=now, status=422)
    told = _("Đã ghi lời mới của “%(title)s”, có hiệu lực từ %(day)s.")
    day = f"{asked['starts_on']:%d/%m/%Y}"
    messages.success(request, told % {"title": _title(slip), "day": day})
    return redirect("desk:slip-text", slip)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def preview(request: DeskRequest, slip: str) -> HttpResponse:
    """Show a slip as it prints: the words in force, or those being written; nothing is stored."""
    now = _admit(request)
    try:
        shown = slip_text_queries.get_slip(slip, on=people.day_of(now))
    except NoSuchSlip as error:
        return refuse(request, error)
    if request.method != "POST":
        paper = request.GET.get("kho", "").upper()
        made = slip_samples.make_sample(
            slip,
            words=shown.words,
            form=shown.form,
            paper=paper if paper in PAPERS else "",
            now=now,
        )
        return _pdf(slip, made)
    people_actions.require(request.person, "slips.write", now=now)
    form = _words_form(request.POST, shown, is_preview=True, now=now)
    if not form.is_valid():
        return _page(request, shown, form=form, now=now, status=422)
    try:
        return _pdf(slip, _preview(request, shown, form, now=now))
    except actions.CannotWriteSlip as refusal:
        form.tell(refusal.problems)
    except (queries.NoSuchCase, CannotPrintSlip) as refusal:
        form.add_error("case_code" if "case_code" in form.fields else None, str(refusal))
    return _page(request, shown, form=form, now=now, status=422)


def _preview(request: DeskRequest, shown: SlipShown, form: WordsForm, *, now: datetime) -> bytes:
    asked = form.cleaned_data
    on: date = asked.get("starts_on") or people.day_of(now)
    coming = slip_text_queries.get_slip(shown.kind, on=max(on, people.day_of(now)))
    words = actions.slip_words_of(coming, form.texts, now=now)
    code, paper = asked.get("case_code", ""), asked.get("paper", "")
    if not code:
        return slip_samples.make_sample(
            shown.kind, words=words, form=coming.form, paper=paper, now=now
        )
    page = actions.open_case(
        officer=request.person, case_code=code, what="case.slip_previewed", now=now
    )
    return slip_samples.make_of_case(
        shown.kind, page, words=words, officer_name=request.person.full_name, paper=paper, now=now
    )


@require_POST
@never_cache
@login_required
def restore(request: DeskRequest, slip: str) -> HttpResponse:
    """Let the words of the law hold again for a part of a slip."""
    now = _admit(request)
    people_actions.require(request.person, "slips.write", now=now)
    try:
        shown = slip_text_queries.get_slip(slip, on=people.day_of(now))
    except NoSuchSlip as error:
        return refuse(request, error)
    form = _restore_form(request.POST, shown, now=now)
    if not form.is_valid():
        return _page(request, shown, restore_form=form, now=now, status=422)
    asked = form.cleaned_data
    try:
        actions.restore_slip_text(officer=request.person, slip=slip, now=now, **asked)
    except actions.CannotWriteSlip as refusal:
        for where, texts in refusal.problems.items():
            form.add_error(where or None, list(texts))
        return _page(request, shown, restore_form=form, now=now, status=422)
    told = _("“%(part)s” trở về lời của luật từ %(day)s.")
    day = f"{asked['starts_on']:%d/%m/%Y}"
    messages.success(request, told % {"part": part_label(asked["part"]), "day": day})
    return redirect("desk:slip-text", slip)


def _words_form(
    data: Any, shown: SlipShown, *, is_preview: bool = False, now: datetime
) -> WordsForm:
    return WordsForm(
        data,
        shown=shown,
        seen=slip_text_queries.newest_id(shown.kind),
        today=people.day_of(now),
        is_preview=is_preview,
        has_case=shown.kind in slip_samples.OF_A_CASE,
    )


def _restore_form(data: Any, shown: SlipShown, *, now: datetime) -> RestoreForm:
    written = [part.part for part in shown.parts if part.written]
    coming = [row.part for row in shown.coming if row.text and row.part in shown.words.parts]
    return RestoreForm(
        data,
        parts=list(dict.fromkeys([*written, *coming])),
        seen=slip_text_queries.newest_id(shown.kind),
        today=people.day_of(now),
    )


def _page(
    request: DeskRequest,
    shown: SlipShown,
    *,
    form: WordsForm | None = None,
    restore_form: RestoreForm | None = None,
    now: datetime,
    status: int = 200,
) -> HttpResponse:
    may_write = people.is_allowed(request.person, "slips.write", now=now)
    texts = Paginator(slip_text_queries.list_texts(shown.kind), TEXTS_SHOWN)
    page = texts.get_page(request.GET.get("page"))
    for text in page.object_list:
        text.label = part_label(text.part)  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "tabs": law_page.tabs("slips"),
        "slip": shown,
        "title": _title(shown.kind),
        "parts": [(part_label(part.part), part) for part in shown.parts],
        "fields": [
            (f"{{{name}}}", slip_words.FIELDS[name], name in shown.words.must_name)
            for name in shown.words.fields
        ],
        "texts": page,
        "papers": PAPERS if shown.kind in slip_samples.OF_A_CASE else (shown.form.paper,),
        "may_write": may_write,
    }
    if may_write:
        context["form"] = form or _words_form(None, shown, now=now)
        context["restore_form"] = restore_form or _restore_form(None, shown, now=now)
    return render(request, "desk/slips/slip.html", context, status=status)


def _title(kind: str) -> str:
    """Return what a slip is called in the law's folder: two of them may share a form and its title."""
    rule = lawbook.get_rule(slip_words.SUBJECT, kind)
    return either(rule.title_vi, rule.title_en)


def _pdf(slip: str, made: bytes) -> HttpResponse:
    name = content_disposition_header(as_attachment=False, filename=f"xem-truoc-{slip}.pdf")
    return HttpResponse(
        made, content_type="application/pdf", headers={"Content-Disposition": name or "inline"}
    )


def _admit(request: DeskRequest) -> datetime:
    now = clock.now()
    people_actions.require(request.person, "law.see", now=now)
    return now

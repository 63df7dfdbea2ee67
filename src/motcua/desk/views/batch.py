"""Many files of one applicant, received in one go."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from motcua.cases import actions
from motcua.cases import reception_queries as reception
from motcua.clock import queries as clock
from motcua.desk import counter_page
from motcua.desk.batch_forms import BatchForm, BatchRow, UnknownCode, new_row, rows_of
from motcua.desk.views.counter import ask_to_switch, counter_post
from motcua.desk.views.work import DeskRequest
from motcua.people import queries as people


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def receive_batch(request: DeskRequest) -> HttpResponse:
    """Add and remove files, then receive them all: each for itself, with a result for each."""
    now = clock.now()
    post = counter_post(request, now=now)
    if post is None:
        return ask_to_switch(request, now=now)
    if request.method != "POST":
        return _show(request, BatchForm(), [], post, now=now)
    today = people.day_of(now)
    form, rows = BatchForm(request.POST), rows_of(request.POST, on=today)
    if not form.is_valid():
        return _show(request, form, rows, post, now=now, status=422)
    if "remove" in request.POST:
        return _show(request, form, rows, post, now=now)
    if "add" in request.POST:
        try:
            rows.append(new_row(form.cleaned_data["code"] or "", rows, on=today))
        except UnknownCode as error:
            form.add_error("code", str(error))
            return _show(request, form, rows, post, now=now, status=422)
        # The place for the next code stands empty and ready: one scan after the other.
        form = BatchForm({**request.POST.dict(), "code": ""})
        form.fields["code"].widget.attrs["autofocus"] = True
        return _show(request, form, rows, post, now=now)
    if not rows:
        form.add_error("code", _("Chưa có hồ sơ nào. Hãy thêm thủ tục đầu tiên."))
        return _show(request, form, rows, post, now=now, status=422)
    if left := form.cleaned_data["code"]:
        told = _("Mã “%(code)s” chưa được thêm vào. Hãy bấm Thêm hồ sơ, hoặc xóa mã rồi tiếp nhận.")
        form.add_error("code", told % {"code": left})
        return _show(request, form, rows, post, now=now, status=422)
    made = actions.receive_batch(
        officer=request.person,
        agency_id=post.agency_id,
        submissions=[row.submission(form.applicant()) for row in rows],
        now=now,
    )
    return _tell(request, form, rows, made, post, now=now)


def _tell(
    request: DeskRequest,
    form: BatchForm,
    rows: list[BatchRow],
    made: list[actions.Received],
    post: people.HeldPost,
    *,
    now: datetime,
) -> HttpResponse:
    """Show the cases that were made; what was refused stays in the form with its reasons."""
    refused: list[BatchRow] = []
    for row, result in zip(rows, made, strict=True):
        if result.case is None:
            of_applicant = [p for p in result.problems if p.field.startswith("applicant_")]
            for problem in of_applicant:
                if problem.message not in form.errors.get(problem.field, []):
                    form.add_error(problem.field, problem.message)
            row.problems = tuple(p.message for p in result.problems if p not in of_applicant)
            row.number = len(refused) + 1
            refused.append(row)
    received = [
        (row.sheet.name, result.case)
        for row, result in zip(rows, made, strict=True)
        if result.case is not None
    ]
    status = 422 if refused else 200
    return _show(request, form, refused, post, now=now, status=status, received=received)


def _show(
    request: DeskRequest,
    form: BatchForm,
    rows: list[BatchRow],
    post: people.HeldPost,
    *,
    now: datetime,
    status: int = 200,
    received: list[tuple[str, Any]] | None = None,
) -> HttpResponse:
    found = reception.list_at_counter(text="", field_code="", post=post, on=people.day_of(now))
    context: dict[str, Any] = {
        "form": form,
        "rows": rows,
        "post": post,
        "received": received or [],
        "applicant": counter_page.party_of(form, "applicant"),
        "known": found.here.values_list("procedure__code", "name"),
    }
    return render(request, "desk/counter/batch.html", context, status=status)

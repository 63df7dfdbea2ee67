"""Bulk exports: the list of cases as a workbook with masked names, and the log of who took what."""

from __future__ import annotations

import io
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motcua.cases import actions, export_queries
from motcua.clock import queries as clock
from motcua.desk import export_words
from motcua.desk.views.case import SearchForm
from motcua.desk.views.work import PAGE_LENGTH, DeskRequest
from motcua.people import actions as people_actions

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@login_required
def cases_workbook(request: DeskRequest) -> HttpResponse:
    """Send the list of cases as it is narrowed, or say why it is too long."""
    form = SearchForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    text, status = asked.get("q", ""), asked.get("status", "")
    try:
        rows = actions.export_cases(
            officer=request.person, text=text, status=status, now=clock.now()
        )
    except actions.CannotExport as refusal:
        messages.error(request, str(refusal))
        narrowed = {key: value for key, value in (("q", text), ("status", status)) if value}
        return redirect(f"{reverse('desk:cases')}?{urlencode(narrowed)}")
    response = HttpResponse(_workbook(rows), content_type=_XLSX)
    response["Content-Disposition"] = 'attachment; filename="ho-so.xlsx"'
    return response


def _workbook(rows: tuple[actions.ExportedCase, ...]) -> bytes:
    buffer = io.BytesIO()
    # Text that looks like a formula stays text: a name may begin with an equals sign.
    import xlsxwriter  # noqa: PLC0415 - slow to load

    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet(_("Hồ sơ"))
    sheet.set_column(0, 7, 24)
    bold, moment = (
        book.add_format({"bold": True}),
        book.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
    )
    heads = (
        _("Hồ sơ"), _("Mã thủ tục"), _("Thủ tục"), _("Cơ quan giải quyết"), _("Chủ hồ sơ"),
        _("Trạng thái"), _("Tiếp nhận"), _("Hạn trả"),
    )  # fmt: skip
    sheet.write_row(0, 0, heads, bold)
    for place, row in enumerate(rows, start=1):
        words = (
            row.code, row.procedure_code, row.procedure_name, row.agency, row.owner, row.status,
        )  # fmt: skip
        for column, text in enumerate(words):
            sheet.write_string(place, column, text)
        for column, at in enumerate((row.received_at, row.due_at), start=len(words)):
            sheet.write_datetime(place, column, timezone.localtime(at).replace(tzinfo=None), moment)
    book.close()
    return buffer.getvalue()


@require_safe
@login_required
def export_log(request: DeskRequest) -> HttpResponse:
    """List who took, or was refused, how many case files at once."""
    people_actions.require(request.person, "exports.see", now=clock.now())
    page = Paginator(export_queries.list_exports(), PAGE_LENGTH).get_page(request.GET.get("page"))
    told = export_queries.tell_exports(page.object_list)
    context: dict[str, Any] = {
        "page": page,
        "rows": [
            (row, export_words.what_words(row), export_words.filter_words(row)) for row in told
        ],
    }
    return render(request, "desk/case/exports.html", context)

"""The register of workflow decisions as an Excel workbook: title, period, rows with their sources."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext as _

from motcua.look import formats

_FONT = {"font_name": "Times New Roman", "font_size": 11, "valign": "vcenter", "text_wrap": True}
_WIDTHS = (6, 22, 14, 22, 52, 48)


def build_workbook(
    decisions: Iterable[Any], *, first_day: date | None, last_day: date | None
) -> bytes:
    """Return the register as XLSX, in the language that is active."""
    buffer = io.BytesIO()
    import xlsxwriter  # noqa: PLC0415 - slow to load

    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    title = _("Sổ quyết định về quy trình")
    # The same register gives the same file: its date is the period's last day, not the moment.
    made = datetime.combine(last_day or date(2000, 1, 1), time())
    book.set_properties({"title": title, "created": made})
    sheet = book.add_worksheet(_("Sổ quyết định"))
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    for place, width in enumerate(_WIDTHS):
        sheet.set_column(place, place, width)
    last = len(_WIDTHS) - 1
    headed = book.add_format({**_FONT, "bold": True, "font_size": 14, "align": "center"})
    sheet.merge_range(0, 0, 0, last, title, headed)
    centred = book.add_format({**_FONT, "align": "center"})
    sheet.merge_range(1, 0, 1, last, _period(first_day, last_day), centred)
    head = book.add_format({**_FONT, "bold": True, "border": 1, "bg_color": "#E9ECEF"})
    for place, words in enumerate(
        (_("STT"), _("Số quyết định"), _("Ngày"), _("Loại"), _("Nội dung"), _("Nguồn"))
    ):
        sheet.write_string(3, place, words, head)
    cell = book.add_format({**_FONT, "border": 1})
    for row, decision in enumerate(decisions, start=1):
        values = (
            decision.number,
            formats.write_date(decision.counted_on),
            str(decision.get_kind_display()),
            decision.title,
            decision.source,
        )
        sheet.write_number(3 + row, 0, row, cell)
        for place, value in enumerate(values, start=1):
            sheet.write_string(3 + row, place, value, cell)
    book.close()
    return buffer.getvalue()


def _period(first_day: date | None, last_day: date | None) -> str:
    if first_day is None and last_day is None:
        return _("Mọi thời gian")
    words = {"first": formats.write_date(first_day), "last": formats.write_date(last_day)}
    return _("Từ %(first)s đến %(last)s") % words

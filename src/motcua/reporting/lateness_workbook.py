"""Lateness as an Excel workbook: who lost how much time, and every late case file."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.engine import moments
from motcua.look import formats
from motcua.reporting import wording
from motcua.reporting.lateness import Lateness, PartLine
from motcua.reporting.lateness_pages import party_words, step_words

_FONT = {"font_name": "Times New Roman", "font_size": 11, "valign": "top", "text_wrap": True}
_HEAD = {**_FONT, "bold": True, "align": "center", "border": 1, "bg_color": "#E9ECEF"}


def file_name(found: Lateness) -> str:
    """Return the name under which the workbook is saved, without marks or spaces."""
    period = found.period
    return f"tre-han_{found.unit.code}_{period.first_day:%Y%m%d}-{period.last_day:%Y%m%d}.xlsx"


def build_workbook(found: Lateness) -> bytes:
    """Return the lateness as XLSX, in the language that is active."""
    buffer = io.BytesIO()
    import xlsxwriter  # noqa: PLC0415 - slow to load

    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    # The same figures give the same file: its date is the cut-off, not the moment of writing.
    created = moments.local(found.period.cut_off).replace(tzinfo=None)
    book.set_properties({"title": _("Ai làm chậm?"), "created": created})
    _write_parties(book, found)
    _write_cases(book, found)
    book.close()
    return buffer.getvalue()


def _write_parties(book: Any, found: Lateness) -> None:
    sheet = book.add_worksheet(_("Ai làm chậm"))
    heads = (_("Đơn vị"), _("Bước"), _("Số hồ sơ"), _("Phút làm việc"))
    line = _write_head(book, sheet, found, heads, widths=(44, 34, 12, 16))
    plain, bold = book.add_format({**_FONT, "border": 1}), book.add_format({**_HEAD})
    for part in found.lines:
        _write_row(sheet, line, _part_values(part), plain)
        line += 1
    total = (_("TỔNG CỘNG"), "", len(found.cases), found.minutes)
    _write_row(sheet, line, total, bold)
    line += 2
    if found.waits:
        sheet.merge_range(line, 0, line, 3, waits_words(), book.add_format(_FONT))
        for part in found.waits:
            line += 1
            _write_row(sheet, line, _part_values(part), plain)


def waits_words() -> str:
    """Return what is said above the waiting that is nobody's lateness."""
    return _("Thời gian đồng hồ đứng yên, không tính là chậm của ai")


def _part_values(part: PartLine) -> tuple[str | int, ...]:
    return party_words(part.party), step_words(part.party), len(part.cases), part.minutes


def _write_cases(book: Any, found: Lateness) -> None:
    sheet = book.add_worksheet(_("Hồ sơ chậm"))
    heads = (
        _("Hồ sơ"), _("Đơn vị"), _("Tiếp nhận"), _("Hẹn trả"), _("Giải quyết xong"),
        _("Phút làm việc"),
    )  # fmt: skip
    line = _write_head(book, sheet, found, heads, widths=(30, 34, 18, 18, 18, 14))
    plain = book.add_format({**_FONT, "border": 1})
    for case in found.cases:
        values = (
            case.code,
            case.unit_name,
            formats.write_moment(case.received_at),
            formats.write_moment(case.due_at),
            formats.write_moment(case.finished_at),
            case.minutes,
        )
        _write_row(sheet, line, values, plain)
        line += 1


def _write_head(
    book: Any, sheet: Any, found: Lateness, heads: tuple[str, ...], *, widths: tuple[int, ...]
) -> int:
    """Write title, unit, period and column heads; return the line below them."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    language = get_language() or "vi"
    title = book.add_format({**_FONT, "bold": True, "font_size": 14, "align": "center"})
    centred = book.add_format({**_FONT, "align": "center"})
    unit = found.unit.label(language)
    told = (
        (_("Ai làm chậm?"), title),
        (
            _("Đơn vị báo cáo: %(unit)s (%(code)s)") % {"unit": unit, "code": found.unit.code},
            centred,
        ),
        (_("Bao gồm các đơn vị trực thuộc") if found.include_subordinate else "", centred),
        (wording.write_period(found.period, language), centred),
        (wording.write_cut_off(found.period), centred),
    )
    line = 0
    for text, form in told:
        if text:
            sheet.merge_range(line, 0, line, len(heads) - 1, text, form)
            line += 1
    _write_row(sheet, line + 1, heads, book.add_format(_HEAD))
    sheet.freeze_panes(line + 2, 0)
    return line + 2


def _write_row(sheet: Any, line: int, values: Iterable[str | int], form: Any) -> None:
    for column, value in enumerate(values):
        # A text stays a text, whatever sign it begins with.
        write = sheet.write_number if isinstance(value, int) else sheet.write_string
        write(line, column, value, form)

"""The register of cases as an Excel workbook, in the columns of Mẫu số 06 of TT 01/2018/TT-VPCP."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.cases.register_queries import LineShown

if TYPE_CHECKING:
    from motcua.cases.models import RegisterBook

_FONT = {"font_name": "Times New Roman", "font_size": 11, "valign": "vcenter", "text_wrap": True}
_WIDTHS = (7, 28, 40, 8, 28, 40, 28, 17, 17, 17, 14, 24, 24)


def build_workbook(book: RegisterBook, lines: Iterable[LineShown]) -> bytes:
    """Return the register as XLSX, in the language that is active."""
    buffer = io.BytesIO()
    # Text that looks like a formula stays text: a name may begin with an equals sign.
    import xlsxwriter  # noqa: PLC0415 - slow to load

    made = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    sheet = made.add_worksheet(str(book.year))
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    for place, width in enumerate(_WIDTHS):
        sheet.set_column(place, place, width)
    title = made.add_format({**_FONT, "bold": True, "font_size": 14, "align": "center"})
    words = _("Sổ theo dõi hồ sơ năm %(year)s") % {"year": book.year}
    sheet.merge_range(0, 0, 0, len(_WIDTHS) - 1, f"{words}, {book.agency.name}", title)
    head = made.add_format({**_FONT, "bold": True, "border": 1, "bg_color": "#E9ECEF"})
    sheet.write_row(2, 0, headings(), head)
    cell = made.add_format({**_FONT, "border": 1})
    moment = made.add_format({**_FONT, "border": 1, "num_format": "dd/mm/yyyy hh:mm"})
    for row, line in enumerate(lines, start=3):
        for place, value in enumerate(values(line)):
            _write(sheet, row, place, value, cell, moment)
    made.close()
    return buffer.getvalue()


def headings() -> tuple[str, ...]:
    """Return the columns of the form."""
    return (
        _("STT"), _("Mã hồ sơ"), _("Thủ tục"), _("Số bộ"), _("Tên cá nhân, tổ chức"),
        _("Địa chỉ, số điện thoại"), _("Cơ quan giải quyết"), _("Nhận hồ sơ"), _("Hẹn trả"),
        _("Trả kết quả"), _("Cách nhận kết quả"), _("Người nhận"), _("Ghi chú"),
    )  # fmt: skip


def values(line: LineShown) -> tuple[str | int | datetime | None, ...]:
    """Return the cells of a line, in the order of the headings."""
    return (
        line.number,
        line.code,
        line.procedure,
        line.sets,
        line.owner,
        ", ".join(filter(None, (line.address, line.phone))),
        line.settling,
        line.received_at,
        line.due_at,
        line.returned_at,
        _("Bưu chính") if line.by_post else _("Trực tiếp"),
        line.receiver,
        line.note,
    )


def _write(sheet: Any, row: int, place: int, value: Any, cell: Any, moment: Any) -> None:
    if isinstance(value, datetime):
        sheet.write_datetime(row, place, timezone.localtime(value).replace(tzinfo=None), moment)
    elif isinstance(value, int):
        sheet.write_number(row, place, value, cell)
    else:
        sheet.write_string(row, place, value or "", cell)

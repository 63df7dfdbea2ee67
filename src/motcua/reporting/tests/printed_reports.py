"""Printed reports as offices send them: merged heads, numbers as text, letters and tables."""

from __future__ import annotations

import io
from collections.abc import Sequence

import docx
import openpyxl

OFFICE_ROWS: tuple[tuple[object, ...], ...] = (
    (6, "Tài nguyên nước", 11, 49, 60, 35, 0, 35, 25, 0, 25, "100%"),
    (7, "Đất đai", 15, 33, 48, 31, 0, 31, 17, 0, 17, "100%"),
    (None, "TỔNG CỘNG", "42", "242", "284", "190", "1", "191", "93", "0", "93", "99,88%"),
)


def one_stop_xlsx(rows: Sequence[Sequence[object]] = OFFICE_ROWS) -> bytes:
    """Return the one-stop table as printed, with its two merged rows of heads."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Kết quả giải quyết hồ sơ Quý I/2023 từ ngày 15/12/2022 đến ngày 14/3/2023"])
    sheet.merge_cells("A1:L1")
    done, still = "Đã giải quyết", "Đang giải quyết"
    sheet.append(["STT", "Lĩnh vực", "Hồ sơ nhận giải quyết", None, None, done, None, None, still])
    sheet["L2"] = "Tỷ lệ (%)"
    rest = ("Đúng hạn", "Quá hạn", "Tổng số", "Trong hạn", "Quá hạn", "Tổng số", None)
    sheet.append([None, None, "Kỳ trước chuyển sang", "Mới tiếp nhận", "Tổng số", *rest])
    for area in ("A2:A3", "B2:B3", "C2:E2", "F2:H2", "I2:K2", "L2:L3"):
        sheet.merge_cells(area)
    for row in rows:
        sheet.append(list(row))
    return saved(book)


FORM_3 = (
    ("STT", "Chỉ tiêu thống kê", "Đơn vị tính", "Số liệu", "Ghi chú"),
    ("1.5.", "Tổng số TTHC thuộc thẩm quyền giải quyết tại địa phương", "Thủ tục", "1.972", ""),
    ("1.5.1.", "Số TTHC cấp tỉnh", "Thủ tục", "1.539", ""),
    ("1.5.2.", "Số TTHC cấp huyện", "Thủ tục", "313", ""),
    ("1.5.3.", "Số TTHC cấp xã", "Thủ tục", "120", ""),
    ("3.1.", "Tỷ lệ hồ sơ do các sở, ngành giải quyết đúng hạn", "%", "99,49%", ""),
    ("3.1.1.", "Tổng số hồ sơ TTHC đã giải quyết xong", "Hồ sơ", "31.602", ""),
    ("3.1.2.", "Số hồ sơ TTHC giải quyết đúng hạn", "Hồ sơ", "31.404", ""),
    ("3.4.", "Tỷ lệ giải quyết phản ánh, kiến nghị", "%", "99,14%", ""),
    ("3.4.1.", "Tổng số PAKN đã tiếp nhận", "PAKN", "8.153", ""),
    ("3.4.2.", "Số PAKN đã giải quyết xong", "PAKN", "8.083", ""),
)


def form_3_docx() -> bytes:
    """Return form 3 of the seed as a text document, a wrong citation in its letter."""
    document = docx.Document()
    document.add_paragraph("Thực hiện Nghị định số 45/2020/NĐ-CP ngày 08/4/2021 của Chính phủ.")
    table = document.add_table(rows=0, cols=len(FORM_3[0]))
    for row in FORM_3:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def saved(book: openpyxl.Workbook) -> bytes:
    """Return the bytes of a workbook."""
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()

"""Reads a published report (XLSX, DOCX or YAML) into the plain values that the auditor checks."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from motcua.engine.auditor import PrintedTable, ReadDocument, UnreadableDocument, read_document
from motcua.engine.auditor import read_tables as statements_of

if TYPE_CHECKING:
    from docx.table import Table as DocxTable
    from openpyxl.worksheet.worksheet import Worksheet

MOST_BYTES = 5_000_000
_MOST_BYTES_UNPACKED = 50_000_000
_MOST_PARTS = 2_000
_MOST_ROWS, _MOST_COLUMNS = 5_000, 60
# Office wraps what a password protects in the container of its old files.
_OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")
_DECIMALS = re.compile(r"\.(0+)")
ENDINGS = (".yaml", ".yml", ".xlsx", ".docx")


class CannotReadReport(Exception):
    """The file is not one of the three kinds, is damaged or too large, or states nothing."""


def read_report(name: str, content: bytes, *, language: str) -> ReadDocument:
    """Return what a file states, ready to be audited; raise CannotReadReport."""
    ending = PurePath(name).suffix.lower()
    if ending not in ENDINGS:
        raise CannotReadReport(
            _(
                "Tệp “%(name)s” không phải XLSX, DOCX hay YAML nên không soát được. Hãy lưu báo cáo "
                "thành một trong ba dạng đó (tệp .doc, .xls cũ: mở ra rồi chọn Lưu thành)."
            )
            % {"name": name}
        )
    if not content:
        raise CannotReadReport(_("%(file)s: tệp trống. Hãy chọn tệp khác.") % {"file": name})
    if len(content) > MOST_BYTES:
        raise CannotReadReport(
            _("Tệp “%(name)s” lớn hơn %(most)s MB. Hãy tách riêng phần bảng số liệu.")
            % {"name": name, "most": MOST_BYTES // 1_000_000}
        )
    if ending in (".yaml", ".yml"):
        return _read_yaml(name, content, language)
    _refuse_unsafe(name, content)
    try:
        tables, passages = _READERS[ending](content)
    except CannotReadReport:
        raise
    # A damaged office file fails anywhere inside the libraries, in many ways.
    except Exception as error:
        raise CannotReadReport(
            _("Tệp “%(name)s” bị hỏng nên không mở được. Hãy mở, lưu lại rồi tải lên lần nữa.")
            % {"name": name}
        ) from error
    document = statements_of(tables, passages)
    if not document["statements"]:
        raise CannotReadReport(
            _(
                "Trong tệp “%(name)s” không nhận ra bảng số liệu giải quyết hồ sơ, biểu chỉ tiêu có mã số "
                "hay đoạn dẫn văn bản nào. Hãy giữ nguyên tiêu đề cột của biểu, hoặc ghi số liệu vào tệp "
                "YAML theo mẫu."
            )
            % {"name": name}
        )
    return ReadDocument(content=document, lines=())


def _read_yaml(name: str, content: bytes, language: str) -> ReadDocument:
    try:
        return read_document(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise CannotReadReport(
            _("%(file)s: không phải tệp văn bản UTF-8. Hãy lưu lại tệp với mã UTF-8.")
            % {"file": name}
        ) from None
    except UnreadableDocument as problem:
        place = f"{name}:{problem.line}" if problem.line else name
        raise CannotReadReport(f"{place}: {problem.because.text(language)}") from None


def _refuse_unsafe(name: str, content: bytes) -> None:
    """Refuse what is no office file, and what would fill the memory, before it is parsed."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        if content.startswith(_OLD_OFFICE):
            raise CannotReadReport(
                _(
                    "Tệp “%(name)s” có mật khẩu, hoặc là tệp .doc, .xls cũ mang đuôi mới. Hãy mở tệp, bỏ mật "
                    "khẩu rồi lưu thành .docx hay .xlsx."
                )
                % {"name": name}
            ) from None
        raise CannotReadReport(
            _(
                "Tệp “%(name)s” không phải tệp Office như đuôi tệp cho biết. Hãy mở bằng Word, Excel hoặc "
                "LibreOffice rồi lưu lại."
            )
            % {"name": name}
        ) from None
    if len(parts) > _MOST_PARTS or sum(p.file_size for p in parts) > _MOST_BYTES_UNPACKED:
        raise CannotReadReport(
            _("Tệp “%(name)s” khi mở ra quá lớn. Hãy bỏ hình ảnh, chỉ giữ phần bảng số liệu.")
            % {"name": name}
        )


def _read_xlsx(content: bytes) -> tuple[list[PrintedTable], list[str]]:
    # data_only: of a formula, what was printed.
    import openpyxl  # noqa: PLC0415 - slow to load

    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    tables: list[PrintedTable] = []
    passages: list[str] = []
    for sheet in book.worksheets:
        rows = _cells_of(sheet)
        passages += [cell for row in rows for cell in dict.fromkeys(row) if isinstance(cell, str)]
        tables.append(PrintedTable(name=sheet.title, rows=tuple(rows)))
    return tables, list(dict.fromkeys(passages))


def _cells_of(sheet: Worksheet) -> list[tuple[str | int | Decimal | None, ...]]:
    """Return the cells of a sheet; a merged cell says the same in each of its places."""
    height, width = min(sheet.max_row, _MOST_ROWS), min(sheet.max_column, _MOST_COLUMNS)
    values = [
        [_printed(cell) for cell in row] for row in sheet.iter_rows(max_row=height, max_col=width)
    ]
    for area in sheet.merged_cells.ranges:
        if area.min_row > height or area.min_col > width:
            continue
        spoken = values[area.min_row - 1][area.min_col - 1]
        for row in range(area.min_row - 1, min(area.max_row, height)):
            for column in range(area.min_col - 1, min(area.max_col, width)):
                values[row][column] = spoken
    return [tuple(row) for row in values]


def _printed(cell: Any) -> str | int | Decimal | None:
    """Return a cell as it was printed: with the decimals, and the percent, of its format."""
    value, pattern = cell.value, str(cell.number_format or "")
    if value is None or isinstance(value, str | bool):
        return value if isinstance(value, str) else None
    if not isinstance(value, int | float):
        return str(value)
    number = Decimal(repr(value))
    found = _DECIMALS.search(pattern)
    if "%" in pattern:
        decimals = len(found[1]) if found else 0
        number = (number * 100).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN)
        return f"{number:f}%".replace(".", ",")
    if number == number.to_integral_value() and not found:
        return int(number)
    return number.quantize(Decimal(1).scaleb(-len(found[1])), ROUND_HALF_EVEN) if found else number


def _read_docx(content: bytes) -> tuple[list[PrintedTable], list[str]]:
    import docx  # noqa: PLC0415 - slow to load

    document = docx.Document(io.BytesIO(content))
    tables = [
        PrintedTable(
            name=_("Bảng %(number)s") % {"number": number},
            rows=tuple(_rows_of(table)),
        )
        for number, table in enumerate(document.tables, start=1)
    ]
    passages = [paragraph.text.strip() for paragraph in document.paragraphs]
    passages += [
        cell for table in tables for row in table.rows for cell in row if isinstance(cell, str)
    ]
    return tables, [text for text in dict.fromkeys(passages) if text]


def _rows_of(table: DocxTable) -> Iterator[tuple[str | None, ...]]:
    # A merged cell of a text document is named in each of its places already.
    for row in table.rows[:_MOST_ROWS]:
        yield tuple(cell.text.strip() or None for cell in row.cells[:_MOST_COLUMNS])


_READERS = {".xlsx": _read_xlsx, ".docx": _read_docx}

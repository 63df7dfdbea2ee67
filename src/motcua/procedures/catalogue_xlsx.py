"""Reads an XLSX file into the cells of a catalogue, each with its sheet, row and column."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from motcua.engine import vietnamese
from motcua.procedures.catalogue import AGENCY_KINDS, FORMAT, CannotReadCatalogue, Cell, Problem
from motcua.procedures.catalogue_sheets import (
    CHANNELS,
    COMPONENTS,
    FIELDS,
    PROCEDURES,
    SHEETS,
    STEPS,
    Sheet,
)
from motcua.procedures.catalogue_values import read_day

_MOST_BYTES_UNPACKED: Final = 200_000_000
_MOST_ROWS: Final = 200_000


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet: its place and a cell for every column, empty ones included."""

    place: str
    cells: dict[str, Cell]

    def text(self, key: str) -> str:
        """Return the text of a cell, tidied; empty when there is none."""
        value = self.cells[key].value
        return vietnamese.tidy(value) if isinstance(value, str) else ""

    @property
    def revision_key(self) -> tuple[str, str]:
        """The code and the first day that tie rows of different sheets together."""
        start = self.text("revision")
        return self.text("procedure"), str(read_day(start) or start)


@dataclass(slots=True)
class _Variant:
    """What the rows of two sheets say about one case variant."""

    row: Row
    components: list[Cell] = field(default_factory=list)
    steps: list[Cell] = field(default_factory=list)


def read_xlsx(data: bytes) -> tuple[Cell, tuple[Problem, ...]]:
    """Return the cells of a workbook in the shape of the file format, and what does not fit in it.

    Raise CannotReadCatalogue when it is no workbook, is unsafe, or lacks a sheet or a column.
    """
    _refuse_unsafe(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheets = _find_sheets(book)
        rows = {sheet.name: list(_rows(sheet, sheets.get(sheet.name))) for sheet in SHEETS}
    except CannotReadCatalogue:
        raise
    # A damaged workbook fails anywhere inside the library, in many ways.
    except Exception as error:  # noqa: BLE001
        raise CannotReadCatalogue(
            _("Tệp XLSX bị hỏng (%s). Hãy mở bằng Excel hoặc LibreOffice, lưu lại rồi tải lên.")
            % error
        )
    joined = _Joined(rows)
    return joined.root(), tuple(joined.problems)


def _refuse_unsafe(data: bytes) -> None:
    """Refuse what would fill the memory, and document types, before anything is parsed."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if sum(member.file_size for member in members) > _MOST_BYTES_UNPACKED:
                raise CannotReadCatalogue(
                    _("Tệp XLSX giải nén ra quá lớn; hãy chia thành nhiều tệp.")
                )
            if not any(member.filename == "xl/workbook.xml" for member in members):
                raise CannotReadCatalogue(
                    _("Đây là tệp nén nhưng không phải bảng tính XLSX. Hãy lưu dưới dạng .xlsx.")
                )
            for member in members:
                if member.filename.endswith((".xml", ".rels")):
                    content = archive.read(member)
                    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
                        raise CannotReadCatalogue(
                            _("Tệp XLSX chứa khai báo không an toàn (%s).") % member.filename
                        )
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise CannotReadCatalogue(
            _("Tệp XLSX bị hỏng (%s). Hãy mở bằng Excel hoặc LibreOffice, lưu lại rồi tải lên.")
            % error
        )


def _find_sheets(book: Any) -> dict[str, Any]:
    known = {vietnamese.fold(sheet.name): sheet.name for sheet in SHEETS}
    found: dict[str, Any] = {}
    for title in book.sheetnames:
        name = known.get(vietnamese.fold(title))
        if name is not None:
            found[name] = book[title]
        elif any(any(value is not None for value in row) for row in book[title].values):
            raise CannotReadCatalogue(
                _("Không rõ trang “%(title)s”. Các trang được dùng: %(known)s.")
                % {"title": title, "known": ", ".join(known.values())}
            )
    for sheet in (PROCEDURES, CHANNELS, COMPONENTS):
        # A workbook of fields alone is complete.
        if sheet.name not in found and (FIELDS.name not in found or PROCEDURES.name in found):
            raise CannotReadCatalogue(_("Tệp thiếu trang “%s”.") % sheet.name)
    return found


def _rows(sheet: Sheet, source: Any) -> Iterator[Row]:
    if source is None:
        return
    # The size that a file states for itself is often wrong.
    source.reset_dimensions()
    lines = source.iter_rows(values_only=True)
    headings = _headings(sheet, next(lines, ()))
    for number, line in enumerate(lines, start=2):
        if number > _MOST_ROWS:
            raise CannotReadCatalogue(
                _("Trang “%(sheet)s” có hơn %(most)d dòng; hãy chia thành nhiều tệp.")
                % {"sheet": sheet.name, "most": _MOST_ROWS}
            )
        if any(value is not None and str(value).strip() for value in line):
            place = _("trang %(sheet)s, dòng %(row)d") % {"sheet": sheet.name, "row": number}
            yield Row(place, dict(_cells(sheet, line, headings, place)))


def _headings(sheet: Sheet, line: tuple[Any, ...]) -> dict[str, int]:
    """Return the position of each column, whatever their order."""
    known = {vietnamese.fold(column.heading): column.key for column in sheet.columns}
    found: dict[str, int] = {}
    for position, value in enumerate(line):
        text = vietnamese.tidy(str(value)) if value is not None else ""
        if not text:
            continue
        place = _("trang %(sheet)s, dòng 1, cột %(letter)s") % {
            "sheet": sheet.name,
            "letter": get_column_letter(position + 1),
        }
        key = known.get(vietnamese.fold(text))
        if key is None:
            message = _("Không rõ cột “%(heading)s”. Các cột được dùng: %(known)s.") % {
                "heading": text[:60],
                "known": ", ".join(column.heading for column in sheet.columns),
            }
            raise CannotReadCatalogue(message, place=place)
        if key in found:
            raise CannotReadCatalogue(_("Cột “%s” có hai lần.") % text, place=place)
        found[key] = position
    for column in sheet.columns:
        if column.key not in found and not column.is_optional:
            raise CannotReadCatalogue(
                _("Thiếu cột “%s”.") % column.heading,
                place=_("trang %s, dòng 1") % sheet.name,
            )
    return found


def _cells(
    sheet: Sheet, line: tuple[Any, ...], headings: dict[str, int], place: str
) -> Iterator[tuple[str, Cell]]:
    # Translated once a row, not once a cell.
    where_words = _("%(row)s, cột %(letter)s (%(heading)s)")
    for column in sheet.columns:
        if column.key not in headings:
            yield column.key, Cell(None, place)
            continue
        position = headings[column.key]
        value = line[position] if position < len(line) else None
        where = where_words % {
            "row": place,
            "letter": get_column_letter(position + 1),
            "heading": column.heading,
        }
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        yield column.key, Cell(_text(value), where, is_number)


def _text(value: object) -> str | None:
    """Return a spreadsheet value as the text that the reader understands; a day as 2023-01-31."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        is_day = not (value.hour or value.minute or value.second)
        return str(value.date()) if is_day else value.isoformat(sep=" ")
    if isinstance(value, date):
        return str(value)
    if isinstance(value, float):
        # Without an exponent, and without the ".0" of a whole number.
        return f"{Decimal(repr(value)).normalize():f}"
    return str(value)


class _Joined:
    """Joins the rows of the five sheets into one tree of cells."""

    def __init__(self, rows: dict[str, list[Row]]) -> None:
        self.problems: list[Problem] = []
        self._rows = rows
        self._channels: dict[tuple[str, str], list[Cell]] = {}
        self._variants: dict[tuple[str, str], dict[str, _Variant]] = {}

    def _refuse(self, place: str, message: str) -> None:
        self.problems.append(Problem(place=place, message=message))

    def root(self) -> Cell:
        """Return the whole file."""
        known = {row.revision_key for row in self._rows[PROCEDURES.name]}
        self._gather_channels(known)
        self._gather_variants(known)
        fields = tuple(Cell(row.cells, row.place) for row in self._rows[FIELDS.name])
        whole: dict[str, Cell] = {
            "format": Cell(FORMAT, ""),
            "fields": Cell(fields, ""),
            "procedures": Cell(self._procedures(), ""),
        }
        return Cell(whole, "")

    def _is_known(self, row: Row, known: set[tuple[str, str]]) -> bool:
        if row.revision_key in known:
            return True
        self._refuse(
            row.place,
            _(
                "Trang “%(sheet)s” không có bản nào của thủ tục “%(code)s” áp dụng từ ngày “%(start)s”; "
                "mã và ngày phải giống hệt ở hai trang."
            )
            % {
                "sheet": PROCEDURES.name,
                "code": row.text("procedure"),
                "start": row.text("revision"),
            },
        )
        return False

    def _gather_channels(self, known: set[tuple[str, str]]) -> None:
        for row in self._rows[CHANNELS.name]:
            if self._is_known(row, known):
                cell = _nested(
                    row, ("kind", "limit.amount", "limit.unit", "fee.amount", "fee.note")
                )
                self._channels.setdefault(row.revision_key, []).append(cell)

    def _gather_variants(self, known: set[tuple[str, str]]) -> None:
        for row in self._rows[COMPONENTS.name]:
            if not self._is_known(row, known):
                continue
            variants = self._variants.setdefault(row.revision_key, {})
            variant = variants.setdefault(row.text("variant"), _Variant(row))
            if row.text("variant_name") != variant.row.text("variant_name"):
                self._refuse(
                    row.cells["variant_name"].place,
                    _("Tên trường hợp khác với dòng đầu của trường hợp này (%s).")
                    % variant.row.place,
                )
            keys = ("name", "form", "originals", "copies", "required")
            if any(row.text(key) for key in keys):
                variant.components.append(_nested(row, keys))
        for row in self._rows[STEPS.name]:
            if not self._is_known(row, known):
                continue
            owner = self._variants.get(row.revision_key, {}).get(row.text("variant"))
            if owner is None:
                self._refuse(
                    row.cells["variant"].place,
                    _("Trang “%(sheet)s” không có trường hợp “%(code)s” của bản thủ tục này.")
                    % {"sheet": COMPONENTS.name, "code": row.text("variant")},
                )
            else:
                owner.steps.append(row.cells["step"])

    def _procedures(self) -> tuple[Cell, ...]:
        grouped: dict[str, list[Row]] = {}
        for row in self._rows[PROCEDURES.name]:
            grouped.setdefault(row.text("procedure"), []).append(row)
        return tuple(self._procedure(rows) for rows in grouped.values())

    def _procedure(self, rows: list[Row]) -> Cell:
        first = rows[0]
        for row in rows[1:]:
            for key in ("code_status", "field", "level"):
                if row.text(key) != first.text(key):
                    self._refuse(
                        row.cells[key].place,
                        _("“%(value)s” khác với “%(first)s” ở dòng đầu của thủ tục này.")
                        % {"value": row.text(key), "first": first.text(key)},
                    )
        return Cell(
            {
                "code": first.cells["procedure"],
                "code_status": first.cells["code_status"],
                "field": first.cells["field"],
                "level": first.cells["level"],
                "revisions": Cell(tuple(self._revision(row) for row in rows), first.place),
            },
            first.place,
        )

    def _revision(self, row: Row) -> Cell:
        own = {"procedure", "code_status", "field", "level", "revision", "agency", "legal_basis"}
        cells = _nested(row, tuple(key for key in row.cells if key not in own)).value
        variants = self._variants.get(row.revision_key, {})
        return Cell(
            {
                **(cells if isinstance(cells, dict) else {}),
                "starts_on": row.cells["revision"],
                "agency": _agency(row.cells["agency"]),
                "legal_basis": _lines(row.cells["legal_basis"]),
                "channels": Cell(tuple(self._channels.get(row.revision_key, ())), row.place),
                "variants": Cell(
                    tuple(_variant(variant) for variant in variants.values()), row.place
                ),
            },
            row.place,
        )


def _nested(row: Row, keys: tuple[str, ...]) -> Cell:
    """Return some cells of a row as a mapping; "limit.amount" becomes a mapping inside it."""
    found: dict[str, Cell] = {}
    inner: dict[str, dict[str, Cell]] = {}
    for key in keys:
        outer, dot, name = key.partition(".")
        if dot:
            inner.setdefault(outer, {})[name] = row.cells[key]
        else:
            found[key] = row.cells[key]
    return Cell(
        {**found, **{key: Cell(cells, row.place) for key, cells in inner.items()}}, row.place
    )


def _agency(cell: Cell) -> Cell:
    """A word for a kind of agency becomes what the file format has for it; a code stays."""
    wanted = vietnamese.fold(cell.value) if isinstance(cell.value, str) else ""
    for kind, word in AGENCY_KINDS.items():
        if wanted in {vietnamese.fold(kind), vietnamese.fold(word)}:
            return Cell({"kind": Cell(kind, cell.place)}, cell.place)
    return cell


def _lines(cell: Cell) -> Cell:
    texts = cell.value.splitlines() if isinstance(cell.value, str) else []
    return Cell(tuple(Cell(text, cell.place) for text in texts if text.strip()), cell.place)


def _variant(variant: _Variant) -> Cell:
    place = variant.row.place
    return Cell(
        {
            "code": variant.row.cells["variant"],
            "name": variant.row.cells["variant_name"],
            "steps": Cell(tuple(variant.steps), place),
            "components": Cell(tuple(variant.components), place),
        },
        place,
    )

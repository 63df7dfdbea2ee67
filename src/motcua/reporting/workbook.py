"""The one-stop table as an Excel workbook: title, unit, period, figures, formula, sources."""

from __future__ import annotations

import io
from itertools import groupby
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.engine import moments
from motcua.reporting import wording
from motcua.reporting.one_stop_table import Figure, Note
from motcua.reporting.queries import Table

_FONT = {"font_name": "Times New Roman", "font_size": 11, "valign": "vcenter"}
_WRAPPED = {**_FONT, "text_wrap": True}
_HEADED = {**_WRAPPED, "bold": True, "align": "center", "border": 1, "bg_color": "#E9ECEF"}
_FIRST_FIGURE = 2


def build_workbook(table: Table) -> bytes:
    """Return the table as XLSX, in the language that is active."""
    sheet = _Sheet(table)
    sheet.write_head()
    sheet.write_rows()
    sheet.write_notes()
    return sheet.finish()


def file_name(table: Table) -> str:
    """Return the name under which the workbook is saved, without marks or spaces."""
    period = table.period
    return f"mot-cua_{table.unit.code}_{period.first_day:%Y%m%d}-{period.last_day:%Y%m%d}.xlsx"


class _Sheet:
    """The sheet being written, from the top down."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.language = get_language() or "vi"
        self.columns = table.definition.columns
        self.last = _FIRST_FIGURE + len(self.columns) - 1
        self.buffer = io.BytesIO()
        import xlsxwriter  # noqa: PLC0415 - slow to load

        self.book = xlsxwriter.Workbook(self.buffer, {"in_memory": True})
        # The same table gives the same file: its date is the cut-off, not the moment of writing.
        self.book.set_properties(
            {
                "title": table.definition.title.text(self.language),
                "created": moments.local(table.period.cut_off).replace(tzinfo=None),
            }
        )
        self.sheet = self.book.add_worksheet(_("Bảng một cửa"))
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_column(0, 0, 5)
        self.sheet.set_column(1, 1, 34)
        self.sheet.set_column(_FIRST_FIGURE, self.last, 11)
        self.formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self.line = 0

    def format(self, **properties: Any) -> Any:
        """Return a cell format with the sheet's font."""
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format({**_WRAPPED, **properties})
        return self.formats[key]

    def write_head(self) -> None:
        """Write title, unit, period and the two rows of column heads."""
        table = self.table
        title = self.format(bold=True, font_size=14, align="center")
        centred = self.format(align="center")
        unit = table.unit.label(self.language)
        for text, form in (
            (table.definition.title.text(self.language), title),
            (
                _("Đơn vị báo cáo: %(unit)s (%(code)s)") % {"unit": unit, "code": table.unit.code},
                centred,
            ),
            (_("Bao gồm các đơn vị trực thuộc") if table.include_subordinate else "", centred),
            (wording.write_period(table.period, self.language), centred),
            (wording.write_cut_off(table.period), centred),
            (_("Đơn vị tính: hồ sơ"), centred),
        ):
            if text:
                self.sheet.merge_range(self.line, 0, self.line, self.last, text, form)
                self.line += 1
        self.line += 1
        self._write_column_heads()

    def _write_column_heads(self) -> None:
        head = self.book.add_format(_HEADED)
        top = self.line
        self.sheet.merge_range(top, 0, top + 1, 0, _("STT"), head)
        self.sheet.merge_range(top, 1, top + 1, 1, _("Lĩnh vực"), head)
        place = _FIRST_FIGURE
        for group, members in groupby(self.columns, key=lambda column: column.group):
            columns = list(members)
            if len(columns) == 1:
                name = columns[0].name.text(self.language)
                self.sheet.merge_range(top, place, top + 1, place, name, head)
            else:
                text = group.text(self.language)
                self.sheet.merge_range(top, place, top, place + len(columns) - 1, text, head)
                for offset, column in enumerate(columns):
                    self.sheet.write_string(
                        top + 1, place + offset, column.name.text(self.language), head
                    )
            place += len(columns)
        self.sheet.freeze_panes(top + 2, _FIRST_FIGURE)
        self.sheet.repeat_rows(top, top + 1)
        self.line = top + 2

    def write_rows(self) -> None:
        """Write a line for each field, and the total."""
        plain = self.format(border=1)
        for number, row in enumerate(self.table.rows, start=1):
            self.sheet.write_number(self.line, 0, number, plain)
            self.sheet.write_string(self.line, 1, row.field.label(self.language), plain)
            self._write_figures(row.figures, bold=False)
        bold = self.format(border=1, bold=True)
        self.sheet.merge_range(self.line, 0, self.line, 1, _("TỔNG CỘNG"), bold)
        self._write_figures(self.table.total, bold=True)

    def _write_figures(self, figures: Any, *, bold: bool) -> None:
        for place, column in enumerate(self.columns, start=_FIRST_FIGURE):
            decimals = column.rate.decimals if column.rate else 0
            pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
            form = self.format(border=1, bold=bold, align="right", num_format=pattern)
            self._write_figure(place, figures[column.id], form)
        self.line += 1

    def _write_figure(self, place: int, figure: Figure, form: Any) -> None:
        if figure is None:
            self.sheet.write_string(self.line, place, "–", form)
        else:
            self.sheet.write_number(self.line, place, figure, form)

    def write_notes(self) -> None:
        """Write the formula of each rate, what each column counts, and the choices made."""
        self.line += 1
        for column in self.columns:
            if column.rate is not None:
                self._write_note(column.definition.words.text(self.language))
                total = wording.write_rate(column, self.table.total)
                self._write_note(_("Tổng cộng: %(sum)s") % {"sum": total})
        for note in wording.notes_of(self.table):
            self._write_note(self._with_source(note))
        self.line += 1
        self._write_note(_("Cách tính từng cột"), bold=True)
        for column in self.columns:
            name = f"{column.group.text(self.language)} – {column.name.text(self.language)}"
            self._write_note(f"{name}: {self._with_source(column.definition)}")

    def _with_source(self, note: Note) -> str:
        mark = "" if note.is_verified else f" ({wording.unverified_mark()})"
        source = _("Nguồn: %(source)s") % {"source": note.source}
        return f"{note.words.text(self.language)} [{source}{mark}]"

    def _write_note(self, text: str, *, bold: bool = False) -> None:
        form = self.format(bold=bold, valign="top")
        self.sheet.merge_range(self.line, 0, self.line, self.last, text, form)
        # A merged cell does not grow by itself: about 150 letters fit a line of it.
        self.sheet.set_row(self.line, 15 * (1 + len(text) // 150))
        self.line += 1

    def finish(self) -> bytes:
        """Close the workbook and return its bytes."""
        self.book.close()
        return self.buffer.getvalue()

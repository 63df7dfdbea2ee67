"""A filled form as an Excel workbook: heads, figures, and the same footnotes as on the page."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.engine import moments
from motcua.engine.indicators import Indicator
from motcua.reporting import wording
from motcua.reporting.definitions import Setting
from motcua.reporting.filled_forms import FilledForm, FilledRow, Values
from motcua.reporting.form_pages import footnotes, row_name

_FONT = {"font_name": "Times New Roman", "font_size": 11, "valign": "vcenter", "text_wrap": True}


def build_workbook(
    filled: FilledForm, settings: Iterable[Setting], chosen: Mapping[str, str]
) -> bytes:
    """Return the form as XLSX, in the language that is active."""
    return _Sheet(filled).write(settings, chosen)


def file_name(filled: FilledForm) -> str:
    """Return the name under which the workbook is saved, without marks or spaces."""
    period = filled.question.period
    days = f"{period.first_day:%Y%m%d}-{period.last_day:%Y%m%d}"
    return f"{filled.form.key}_{filled.question.unit.code}_{days}.xlsx"


class _Sheet:
    """The sheet being written, from the top down."""

    def __init__(self, filled: FilledForm) -> None:
        self.filled = filled
        self.form = filled.form
        self.language = get_language() or "vi"
        self.width = 2 + len(self.form.columns) if self.form.is_grid else 5
        self.buffer = io.BytesIO()
        import xlsxwriter  # noqa: PLC0415 - slow to load

        self.book = xlsxwriter.Workbook(self.buffer, {"in_memory": True})
        # The same form gives the same file: its date is the cut-off, not the moment of writing.
        cut_off = moments.local(filled.question.period.cut_off).replace(tzinfo=None)
        title = self.form.title.text(self.language)
        self.book.set_properties({"title": title, "created": cut_off})
        self.sheet = self.book.add_worksheet()
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self.line = 0

    def write(self, settings: Iterable[Setting], chosen: Mapping[str, str]) -> bytes:
        """Write everything and return the bytes."""
        self._write_title()
        if self.form.is_grid:
            self._write_grid()
        else:
            self._write_list()
        self.line += 1
        for note in footnotes(self.filled, settings, chosen, self.language):
            mark = "" if note.is_verified else f" ({wording.unverified_mark()})"
            source = _("Nguồn: %(source)s") % {"source": note.source}
            source = f" [{source}{mark}]"
            self._write_across(f"{note.text}{source if note.source else ''}")
        self.book.close()
        return self.buffer.getvalue()

    def _format(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format({**_FONT, **properties})
        return self.formats[key]

    def _write_across(self, text: str, **properties: Any) -> None:
        form = self._format(**properties)
        self.sheet.merge_range(self.line, 0, self.line, self.width - 1, text, form)
        # A merged cell does not grow by itself: about 140 letters fit a line of it.
        self.sheet.set_row(self.line, 15 * (1 + len(text) // 140))
        self.line += 1

    def _write_title(self) -> None:
        question = self.filled.question
        if self.form.number:
            number = _("Biểu số: %(number)s") % {"number": self.form.number}
            self._write_across(number, italic=True)
        title = self.form.title.text(self.language)
        self._write_across(title, bold=True, font_size=14, align="center")
        unit = {"unit": question.unit.label(self.language), "code": question.unit.code}
        self._write_across(_("Đơn vị báo cáo: %(unit)s (%(code)s)") % unit, align="center")
        period = wording.write_period(question.period, self.language)
        self._write_across(period, align="center")
        self._write_across(wording.write_cut_off(question.period), align="center")
        self.line += 1

    def _write_grid(self) -> None:
        head = self._format(bold=True, align="center", border=1, bg_color="#E9ECEF")
        top = self.line
        self.sheet.set_column(1, 1, 34)
        self.sheet.set_column(2, self.width - 1, 11)
        self.sheet.merge_range(top, 0, top + 1, 0, _("STT"), head)
        self.sheet.merge_range(top, 1, top + 1, 1, _("Nội dung"), head)
        place = 2
        for group, members in groupby(self.form.columns, key=lambda column: column.group):
            columns = list(members)
            words = group.text(self.language)
            if len(columns) > 1:
                self.sheet.merge_range(top, place, top, place + len(columns) - 1, words, head)
            else:
                self.sheet.write_string(top, place, words, head)
            for column in columns:
                name = f"{column.name.text(self.language)} {column.number}".strip()
                self.sheet.write_string(top + 1, place, name, head)
                place += 1
        self.line = top + 2
        for number, row in enumerate(self.filled.rows, start=1):
            self._write_row(str(number), row, bold=False)
        self._write_row("", self.filled.total, bold=True)

    def _write_row(self, number: str, row: FilledRow, *, bold: bool) -> None:
        plain = self._format(border=1, bold=bold)
        self.sheet.write_string(self.line, 0, number, plain)
        self.sheet.write_string(self.line, 1, row_name(row.label, self.language), plain)
        for place, column in enumerate(self.form.columns, start=2):
            self._write_figure(place, column.indicator, row.values, bold=bold)
        self.line += 1

    def _write_list(self) -> None:
        head = self._format(bold=True, align="center", border=1, bg_color="#E9ECEF")
        words = (_("STT"), _("Chỉ tiêu thống kê"), _("Đơn vị tính"), _("Số liệu"), _("Ghi chú"))
        for place, (text, width) in enumerate(zip(words, (8, 70, 16, 14, 30), strict=True)):
            self.sheet.set_column(place, place, width)
            self.sheet.write_string(self.line, place, text, head)
        self.line += 1
        for one in self.filled.lines:
            line, indicator = one.line, one.line.indicator
            plain = self._format(border=1, bold=indicator is None)
            self.sheet.write_string(self.line, 0, line.code, plain)
            self.sheet.write_string(self.line, 1, line.name.text(self.language), plain)
            unit = indicator.unit.text(self.language) if indicator else ""
            entered = self.filled.entered.get(indicator.id) if indicator else None
            self.sheet.write_string(self.line, 2, unit, plain)
            self.sheet.write_string(self.line, 4, entered.note if entered else "", plain)
            if indicator:
                self._write_figure(3, indicator, one.values, bold=False)
            else:
                self.sheet.write_string(self.line, 3, "", plain)
            self.line += 1

    def _write_figure(
        self, place: int, indicator: Indicator, values: Values, *, bold: bool
    ) -> None:
        figure = indicator.rounded(values.get(indicator.id))
        pattern = "#,##0" + ("." + "0" * indicator.decimals if indicator.decimals else "")
        form = self._format(border=1, bold=bold, align="right", num_format=pattern)
        if figure is None:
            self.sheet.write_string(self.line, place, "–", form)
        else:
            self.sheet.write_number(self.line, place, figure, form)

"""A filled form for the command line: as JSON and as aligned text."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table as Grid
from rich.text import Text

from motcua.engine import moments
from motcua.engine.indicators import Indicator
from motcua.reporting import wording
from motcua.reporting.definitions import Setting
from motcua.reporting.filled_forms import FilledForm, FilledRow, Values
from motcua.reporting.form_pages import footnotes, row_name, write_figure

_WIDTH = 176


def as_json(filled: FilledForm, chosen: Mapping[str, str]) -> str:
    """Return a form as JSON: figures as printed, by indicator, in rows or lines."""
    form, question = filled.form, filled.question
    values: dict[str, Any] = {
        "form": form.key,
        "number": form.number,
        "title": form.title.vi,
        "unit": question.unit.code,
        "with_subordinate": question.include_subordinate,
        "from": question.period.first_day.isoformat(),
        "to": question.period.last_day.isoformat(),
        "cut_off": moments.local(question.period.cut_off).isoformat(),
        "counted_as": dict(chosen),
    }
    if form.is_grid:
        values["rows_by"] = question.rows_by
        values["rows"] = [
            {"key": row.label.key, "name": row.label.vi, **_figures(filled, row)}
            for row in filled.rows
        ]
        values["total"] = _figures(filled, filled.total)
    else:
        values["lines"] = list(_lines(filled))
    values["does_not_hold"] = list(filled.broken)
    return json.dumps(values, ensure_ascii=False, indent=2) + "\n"


def _figures(filled: FilledForm, row: FilledRow) -> dict[str, int | float | None]:
    return {
        column.indicator.id: _plain(column.indicator, row.values) for column in filled.form.columns
    }


def _lines(filled: FilledForm) -> Iterable[dict[str, Any]]:
    for one in filled.lines:
        indicator = one.line.indicator
        if indicator is None:
            yield {"code": one.line.code, "heading": one.line.name.vi}
            continue
        entered = filled.entered.get(indicator.id)
        yield {
            "code": one.line.code,
            "name": one.line.name.vi,
            "indicator": indicator.id,
            "level": one.line.level,
            "unit": indicator.unit.vi,
            "value": _plain(indicator, one.values),
            "note": entered.note if entered else "",
        }


def _plain(indicator: Indicator, values: Values) -> int | float | None:
    figure = indicator.rounded(values.get(indicator.id))
    if figure is None:
        return None
    return float(figure) if indicator.decimals else int(figure)


def as_text(filled: FilledForm, settings: Iterable[Setting], chosen: Mapping[str, str]) -> str:
    """Return a form as aligned text, with its unit, period and footnotes."""
    buffer = io.StringIO()
    console = Console(file=buffer, width=_WIDTH, highlight=False)
    question = filled.question
    if filled.form.number:
        console.print(escape(_("Biểu số: %(number)s") % {"number": filled.form.number}))
    console.print(escape(filled.form.title.vi))
    subordinate = _(", cộng cả các đơn vị trực thuộc") if question.include_subordinate else ""
    console.print(escape(f"{question.unit.name} ({question.unit.code}){subordinate}"))
    period = wording.write_period(question.period, "vi")
    console.print(f"{period}. {wording.write_cut_off(question.period)}.")
    console.print(_grid(filled) if filled.form.is_grid else _list(filled))
    for note in footnotes(filled, settings, chosen, "vi"):
        console.print(escape(note.text))
    for identity in filled.broken:
        console.print(escape(_("Không khớp: %(identity)s") % {"identity": identity}))
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines()) + "\n"


def _grid(filled: FilledForm) -> Grid:
    grid = Grid(box=box.SIMPLE_HEAD, show_footer=True)
    grid.add_column(_("Nội dung"), footer=_("TỔNG CỘNG"), width=34, vertical="bottom")
    for column in filled.form.columns:
        head = f"{column.group.vi}\n{column.name.vi} {column.number}".strip()
        total = write_figure(column.indicator, filled.total.values)
        grid.add_column(Text(head), footer=total, justify="right", width=9, vertical="bottom")
    for row in filled.rows:
        figures = (write_figure(column.indicator, row.values) for column in filled.form.columns)
        grid.add_row(escape(row_name(row.label, "vi")), *figures)
    return grid


def _list(filled: FilledForm) -> Grid:
    grid = Grid(box=box.SIMPLE_HEAD)
    grid.add_column(_("STT"))
    grid.add_column(_("Chỉ tiêu thống kê"), max_width=90)
    grid.add_column(_("Đơn vị tính"))
    grid.add_column(_("Số liệu"), justify="right")
    for one in filled.lines:
        indicator = one.line.indicator
        unit, figure = "", ""
        if indicator:
            unit, figure = indicator.unit.vi, write_figure(indicator, one.values)
        grid.add_row(escape(one.line.code), escape(one.line.name.vi), escape(unit), figure)
    return grid

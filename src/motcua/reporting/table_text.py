"""The one-stop table for the command line: as JSON and as aligned text."""

from __future__ import annotations

import io
import json

from django.utils.translation import gettext as _
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table as Grid
from rich.text import Text

from motcua.reporting import queries, wording
from motcua.reporting.one_stop_table import Figure, Figures

WIDTH = 164


def as_json(table: queries.Table) -> str:
    """Return the table as JSON: rows by field, and the total."""
    values = {
        "rows": [{"field": row.field.name, **_plain(row.figures)} for row in table.rows],
        "total": _plain(table.total),
    }
    return json.dumps(values, ensure_ascii=False, indent=2) + "\n"


def _plain(figures: Figures) -> dict[str, int | float | None]:
    return {name: _plain_figure(figure) for name, figure in figures.items()}


def _plain_figure(figure: Figure) -> int | float | None:
    return figure if figure is None or isinstance(figure, int) else float(figure)


def as_text(table: queries.Table) -> str:
    """Return the table as aligned text, with its unit, period and formula."""
    buffer = io.StringIO()
    console = Console(file=buffer, width=WIDTH, highlight=False)
    subordinate = _(", cộng cả các đơn vị trực thuộc") if table.include_subordinate else ""
    console.print(escape(table.definition.title.vi))
    console.print(escape(f"{table.unit.name} ({table.unit.code}){subordinate}"))
    console.print(
        f"{wording.write_period(table.period, 'vi')}. {wording.write_cut_off(table.period)}."
    )
    grid = Grid(box=box.SIMPLE_HEAD, show_footer=True)
    grid.add_column(_("Lĩnh vực"), footer=_("TỔNG CỘNG"), width=26, vertical="bottom")
    for column in table.definition.columns:
        head = f"{column.group.vi}\n{column.name.vi}" if column.is_counted else column.name.vi
        total = wording.write_figure(column, table.total[column.id])
        grid.add_column(Text(head), footer=total, justify="right", width=10, vertical="bottom")
    for row in table.rows:
        figures = (
            wording.write_figure(column, row.figures[column.id])
            for column in table.definition.columns
        )
        grid.add_row(escape(row.field.name), *figures)
    console.print(grid)
    for column in table.definition.columns:
        if not column.is_counted:
            console.print(escape(column.definition.words.vi))
            console.print(wording.write_rate(column, table.total))
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines()) + "\n"

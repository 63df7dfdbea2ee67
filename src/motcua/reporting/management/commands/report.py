"""Writes a report from the command line: `motcua report one-stop-table --unit CODE --period 2023-Q1`.

The other form is `lateness`: who lost the time of the late case files.
It asks as the system, not as a person: who may run commands on the server is its administrator.
"""

from __future__ import annotations

import io
import json
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table as Grid
from rich.text import Text

from motcua.clock import queries as clock
from motcua.reporting import lateness, lateness_text, lateness_workbook, queries, wording, workbook
from motcua.reporting.one_stop_table import Figure, Figures

FORMATS = ("text", "json", "xlsx")
FORM_QUERIES: dict[str, Callable[..., Any]] = {
    "one-stop-table": queries.get_one_stop_table,
    "lateness": lateness.get_lateness,
}
FORMS = tuple(FORM_QUERIES)
WIDTH = 164


class Command(BaseCommand):
    """Write a report as JSON, text or XLSX, to a file or to standard output."""

    help = (
        "Make a report of one unit in one period: the one-stop-table, or who lost time (lateness)."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        # Everything is read as text and checked in handle(), so that a mistake is one clear line.
        parser.add_argument("form", metavar="FORM", help=f"one of: {', '.join(FORMS)}")
        parser.add_argument(
            "--unit", default="", metavar="CODE", help="code of the unit (the Office if not given)"
        )
        parser.add_argument(
            "--from", dest="first_day", metavar="DAY", help="first day, such as 2022-12-15"
        )
        parser.add_argument(
            "--to", dest="last_day", metavar="DAY", help="last day, itself included"
        )
        parser.add_argument("--period", metavar="NAME", help="a period of the law, such as 2023-Q1")
        parser.add_argument(
            "--with-subordinate", action="store_true", help="add the units below it"
        )
        parser.add_argument("--format", default="text", metavar="|".join(FORMATS))
        parser.add_argument("--output", metavar="FILE", help="write to this file")

    def handle(self, *args: Any, **options: Any) -> None:
        _require_one_of(options["form"], FORMS, what=_("biểu"))
        _require_one_of(options["format"], FORMATS, what=_("định dạng"))
        _refuse_bytes_on_screen(options)
        try:
            now = clock.now()
            first_day, last_day = _days(options)
            # A wrong period is told before a unit is looked for on its last day.
            queries.get_period(first_day=first_day, last_day=last_day, now=now)
            ask = FORM_QUERIES[options["form"]]
            found = ask(
                unit=queries.get_unit(options["unit"], on=last_day),
                first_day=first_day,
                last_day=last_day,
                now=now,
                include_subordinate=options["with_subordinate"],
            )
        except queries.CannotReport as refusal:
            raise CommandError(str(refusal), returncode=2) from refusal
        self._deliver(found, kind=options["format"], output=options["output"])

    def _deliver(
        self, found: queries.Table | lateness.Lateness, *, kind: str, output: str | None
    ) -> None:
        if isinstance(found, lateness.Lateness):
            content = _lateness_as(kind, found)
        else:
            content = _table_as(kind, found)
        if output:
            _write_whole(Path(output), content)
        elif kind == "xlsx":
            sys.stdout.buffer.write(content)
            sys.stdout.flush()
        else:
            self.stdout.write(content.decode(), ending="")


def _table_as(kind: str, table: queries.Table) -> bytes:
    if kind == "xlsx":
        return workbook.build_workbook(table)
    return (as_json(table) if kind == "json" else as_text(table)).encode()


def _lateness_as(kind: str, found: lateness.Lateness) -> bytes:
    if kind == "xlsx":
        return lateness_workbook.build_workbook(found)
    write = lateness_text.as_json if kind == "json" else lateness_text.as_text
    return write(found).encode()


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


def _days(options: Mapping[str, Any]) -> tuple[date, date]:
    """Return the days asked for: of a period that the law names, or from and to."""
    given = [options["first_day"], options["last_day"]]
    if options["period"]:
        if any(given):
            raise CommandError(
                _("Chỉ dùng một trong hai: --period, hoặc --from cùng --to."), returncode=2
            )
        period = queries.get_named_period(options["period"])
        return period.first_day, period.last_day
    if not all(given):
        raise CommandError(
            _("Thiếu kỳ báo cáo: hãy ghi --period 2023-Q1, hoặc --from và --to."), returncode=2
        )
    return _day("--from", given[0]), _day("--to", given[1])


def _day(option: str, text: str) -> date:
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text.strip(), pattern).date()  # noqa: DTZ007 - only a day
        except ValueError:
            continue
    raise CommandError(
        _(
            "%(option)s: “%(text)s” không phải ngày có thật. Hãy ghi năm-tháng-ngày (2023-03-14) hoặc "
            "ngày/tháng/năm (14/03/2023)."
        )
        % {"option": option, "text": text},
        returncode=2,
    )


def _require_one_of(given: str, known: tuple[str, ...], *, what: str) -> None:
    if given not in known:
        raise CommandError(
            _("Không có %(what)s “%(given)s”. Hãy dùng: %(known)s.")
            % {"what": what, "given": given, "known": ", ".join(known)},
            returncode=2,
        )


def _refuse_bytes_on_screen(options: Mapping[str, Any]) -> None:
    if options["format"] == "xlsx" and not options["output"] and sys.stdout.isatty():
        raise CommandError(
            _("Tệp Excel không đọc được trên màn hình. Hãy thêm --output TÊN-TỆP.xlsx."),
            returncode=2,
        )


def _write_whole(path: Path, content: bytes) -> None:
    """Write a file beside its place and move it there, so that nobody finds half of it."""
    beside: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            beside = Path(file.name)
            file.write(content)
        # A temporary file is closed to others; a report is not.
        umask = os.umask(0)
        os.umask(umask)
        beside.chmod(0o666 & ~umask)
        beside.replace(path)
    except OSError as error:
        if beside is not None:
            beside.unlink(missing_ok=True)
        raise CommandError(
            _("Không ghi được vào “%(path)s”: %(reason)s. Hãy chọn chỗ khác.")
            % {"path": path, "reason": error.strerror},
            returncode=2,
        ) from error

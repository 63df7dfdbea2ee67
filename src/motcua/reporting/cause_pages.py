"""What the page, the workbook and the command show of form II.07a: each count with its address."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table as Grid

from motcua.engine import moments
from motcua.look import formats
from motcua.reporting import wording
from motcua.reporting.late_causes import CauseRow, CauseTable, part_of
from motcua.reporting.lateness_pages import address_of

_FONT = {"font_name": "Times New Roman", "font_size": 11, "valign": "vcenter", "text_wrap": True}
_WIDTH = 132


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """A count under its head; `label` says to those who hear it whose it is.

    One that is missing has no address: there are no rows of which it could be the number.
    """

    head: str
    words: str
    url: str
    label: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A field, or everything, with its counts."""

    label: str
    cells: tuple[Count, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class CausesPage:
    """The whole page of the form."""

    number: str
    title: str
    unit: str
    unit_code: str
    include_subordinate: bool
    period: str
    cut_off: str
    heads: tuple[str, ...]
    lines: tuple[Line, ...]
    total: Line
    note: str
    source: str
    is_verified: bool
    workbook_url: str
    form_url: str


def causes_page(table: CauseTable, *, language: str) -> CausesPage:
    """Return the form as its page shows it, every count with the address of its rows."""
    form, found = table.form, table.found
    return CausesPage(
        number=form.number,
        title=form.title.text(language),
        unit=found.unit.label(language),
        unit_code=found.unit.code,
        include_subordinate=found.include_subordinate,
        period=wording.write_period(found.period, language),
        cut_off=wording.write_cut_off(found.period),
        heads=(_("Số hồ sơ quá hạn"), *(words.text(language) for words in form.causes.values())),
        lines=tuple(_line(row, table, language) for row in table.rows),
        total=_line(table.total, table, language),
        note=form.note.text(language),
        source=form.source,
        is_verified=form.is_verified,
        workbook_url=address_of(found, "causes-workbook"),
        form_url=_form_address(table),
    )


def _line(row: CauseRow, table: CauseTable, language: str) -> Line:
    name = row.name.text(language)
    cells: list[tuple[str, int | None, str]] = [
        (part_of(None, row.code), row.total, _("Số hồ sơ quá hạn"))
    ]
    cells += [
        (part_of(cause, row.code), row.counts[cause], words.text(language))
        for cause, words in table.form.causes.items()
    ]
    return Line(
        label=name,
        cells=tuple(
            Count(
                head=head,
                words=formats.write_number(count),
                url="" if count is None else address_of(table.found, "lateness-cases", part=part),
                label=f"{name}, {head}",
            )
            for part, count, head in cells
        ),
    )


def _form_address(table: CauseTable) -> str:
    """Return the address of II.06a for the same question, whose (10) and (13) this form explains."""
    found = table.found
    query = {
        "unit": found.unit.code,
        "first_day": formats.write_date(found.period.first_day),
        "last_day": formats.write_date(found.period.last_day),
        **({"include_subordinate": "on"} if found.include_subordinate else {}),
    }
    return f"{reverse('reporting:form', args=['ii_06a'])}?{urlencode(query)}"


def file_name(table: CauseTable) -> str:
    """Return the name under which the workbook is saved, without marks or spaces."""
    period = table.found.period
    days = f"{period.first_day:%Y%m%d}-{period.last_day:%Y%m%d}"
    return f"ii_07a_{table.found.unit.code}_{days}.xlsx"


def build_workbook(table: CauseTable, *, language: str) -> bytes:
    """Return the form as XLSX."""
    page = causes_page(table, language=language)
    buffer = io.BytesIO()
    import xlsxwriter  # noqa: PLC0415 - slow to load

    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    # The same form gives the same file: its date is the cut-off, not the moment of writing.
    created = moments.local(table.found.period.cut_off).replace(tzinfo=None)
    book.set_properties({"title": page.title, "created": created})
    sheet = book.add_worksheet()
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, len(page.heads), 18)
    plain, bold = book.add_format(_FONT), book.add_format({**_FONT, "bold": True})
    cell = book.add_format({**_FONT, "border": 1})
    head = book.add_format({**_FONT, "bold": True, "border": 1, "bg_color": "#E9ECEF"})
    above = (
        _("Biểu số: %(number)s") % {"number": page.number},
        page.title,
        f"{page.unit} ({page.unit_code})",
        f"{page.period}. {page.cut_off}.",
    )
    for place, text in enumerate(above):
        sheet.merge_range(place, 0, place, len(page.heads), text, bold if place == 1 else plain)
    place = len(above)
    sheet.write_row(place, 0, [_("Lĩnh vực"), *page.heads], head)
    for row in (*table.rows, table.total):
        place += 1
        counts = (row.counts[cause] for cause in table.form.causes)
        figures = [formats.NOTHING if count is None else count for count in counts]
        sheet.write_row(place, 0, [row.name.text(language), row.total, *figures], cell)
    sheet.merge_range(place + 2, 0, place + 2, len(page.heads), page.note, plain)
    sheet.set_row(place + 2, 90)
    book.close()
    return buffer.getvalue()


def as_json(table: CauseTable) -> str:
    """Return the form as JSON: counts by field and cause."""
    found = table.found
    values = {
        "form": "ii_07a",
        "number": table.form.number,
        "unit": found.unit.code,
        "with_subordinate": found.include_subordinate,
        "from": found.period.first_day.isoformat(),
        "to": found.period.last_day.isoformat(),
        "rows": [{"key": row.code, "name": row.name.vi, **_counts(row)} for row in table.rows],
        "total": _counts(table.total),
    }
    return json.dumps(values, ensure_ascii=False, indent=2) + "\n"


def _counts(row: CauseRow) -> dict[str, Any]:
    return {"late": row.total, **{str(cause).lower(): n for cause, n in row.counts.items()}}


def as_text(table: CauseTable) -> str:
    """Return the form as aligned text."""
    page = causes_page(table, language="vi")
    buffer = io.StringIO()
    console = Console(file=buffer, width=_WIDTH, highlight=False)
    console.print(escape(_("Biểu số: %(number)s") % {"number": page.number}))
    console.print(escape(page.title))
    subordinate = _(", cộng cả các đơn vị trực thuộc") if page.include_subordinate else ""
    console.print(escape(f"{page.unit} ({page.unit_code}){subordinate}"))
    console.print(f"{page.period}. {page.cut_off}.")
    grid = Grid(box=box.SIMPLE_HEAD, show_footer=True)
    grid.add_column(_("Lĩnh vực"), footer=page.total.label)
    for head, total in zip(page.heads, page.total.cells, strict=True):
        grid.add_column(head, footer=total.words, justify="right", max_width=22)
    for line in page.lines:
        grid.add_row(escape(line.label), *(cell.words for cell in line.cells))
    console.print(grid)
    console.print(escape(page.note))
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines()) + "\n"

"""What the pages of the one-stop table show: cells with their links, lists, explanations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from motcua.look import formats
from motcua.reporting import queries, wording
from motcua.reporting.one_stop_table import Column, Figures, Note

# How loudly a list says how a case file stood; the words say it as well.
_TONES = {
    "finished_in_period_by_due_time": "good",
    "finished_in_period_after_due_time": "bad",
    "open_at_cut_off_within_time": "active",
    "open_at_cut_off_overdue": "bad",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """Words that lead somewhere."""

    words: str
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class HeadCell:
    """A head over columns: words, how many columns it spans, and the address that explains it."""

    words: str
    span: int
    explain_url: str
    stands_alone: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """A figure of the table: its words, the list or explanation behind it, and what it is."""

    words: str
    url: str
    label: str
    is_counted: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A row of the table as it is printed."""

    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SourcedText:
    """A sentence with its source, as the look's ledger prints it."""

    amount: str
    text: str
    source: str
    is_verified: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class TablePage:
    """The whole page of the table."""

    title: str
    unit: str
    unit_code: str
    include_subordinate: bool
    period: str
    cut_off: str
    is_provisional: bool
    groups: tuple[HeadCell, ...]
    heads: tuple[HeadCell, ...]
    lines: tuple[Line, ...]
    total: Line
    formulas: tuple[SourcedText, ...]
    definitions: tuple[SourcedText, ...]
    footnotes: tuple[SourcedText, ...]
    workbook_url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseLine:
    """A case file in a list; its address is empty where the reader may not open it."""

    number: int
    code: str
    url: str
    procedure: str
    field: str
    unit: str
    received_at: datetime
    due_at: datetime
    finished_at: datetime | None
    standing: str
    tone: str
    is_late: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class CasesPage:
    """The list behind a cell."""

    field: str
    column: str
    count: int
    definition: str
    unit: str
    include_subordinate: bool
    period: str
    cut_off: str
    lines: tuple[CaseLine, ...]
    table_url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """What a column counts, for one row."""

    title: str
    row: str
    figure: str
    formula: str
    lines: tuple[SourcedText, ...]
    links: tuple[Link, ...]


def table_page(table: queries.Table, *, language: str) -> TablePage:
    """Return the table as the page shows it, every figure with its address."""
    definition = table.definition
    columns = definition.columns
    return TablePage(
        title=definition.title.text(language),
        unit=table.unit.label(language),
        unit_code=table.unit.code,
        include_subordinate=table.include_subordinate,
        period=wording.write_period(table.period, language),
        cut_off=wording.write_cut_off(table.period),
        is_provisional=table.period.is_provisional,
        groups=_group_heads(table, language),
        heads=tuple(
            _column_head(table, column, language)
            for column in columns
            if not _stands_alone(columns, column)
        ),
        lines=tuple(
            Line(
                label=row.field.label(language),
                cells=_cells(table, row.figures, row.field, language),
            )
            for row in table.rows
        ),
        total=Line(label=_("TỔNG CỘNG"), cells=_cells(table, table.total, None, language)),
        formulas=tuple(
            _sourced(c.definition, language, amount="") for c in columns if not c.is_counted
        ),
        definitions=tuple(
            _sourced(c.definition, language, amount="", name=_full_name(c, language))
            for c in columns
        ),
        footnotes=tuple(_sourced(note, language, amount="") for note in wording.notes_of(table)),
        workbook_url=_address("one-stop-workbook", table),
    )


def _group_heads(table: queries.Table, language: str) -> tuple[HeadCell, ...]:
    heads: list[HeadCell] = []
    for group, members in groupby(table.definition.columns, key=lambda column: column.group):
        columns = list(members)
        if len(columns) == 1:
            heads.append(_column_head(table, columns[0], language))
        else:
            words = group.text(language)
            heads.append(
                HeadCell(words=words, span=len(columns), explain_url="", stands_alone=False)
            )
    return tuple(heads)


def _stands_alone(columns: Iterable[Column], wanted: Column) -> bool:
    return sum(column.group == wanted.group for column in columns) == 1


def _column_head(table: queries.Table, column: Column, language: str) -> HeadCell:
    return HeadCell(
        words=column.name.text(language),
        span=1,
        explain_url=_address("one-stop-explanation", table, column=column.id),
        stands_alone=_stands_alone(table.definition.columns, column),
    )


def _cells(
    table: queries.Table, figures: Figures, field: queries.FieldLabel | None, language: str
) -> tuple[Cell, ...]:
    row = field.label(language) if field else _("Tổng cộng")
    extra = {"field": field.code} if field else {}
    return tuple(
        Cell(
            words=wording.write_figure(column, figures[column.id]),
            url=_address(
                "one-stop-cases" if column.is_counted else "one-stop-explanation",
                table,
                column=column.id,
                **extra,
            ),
            label=f"{row}, {_full_name(column, language)}",
            is_counted=column.is_counted,
        )
        for column in table.definition.columns
    )


def _full_name(column: Column, language: str) -> str:
    if not column.is_counted:
        return column.name.text(language)
    return f"{column.group.text(language)} – {column.name.text(language)}"


def _sourced(note: Note, language: str, *, amount: str, name: str = "") -> SourcedText:
    words = note.words.text(language)
    return SourcedText(
        amount=amount,
        text=f"{name}: {words}" if name else words,
        source=note.source,
        is_verified=note.is_verified,
    )


def _address(name: str, asked: queries.Table | queries.CellCases, **extra: str) -> str:
    """Return the address of a page about the same unit and days."""
    query = {
        "unit": asked.unit.code,
        "first_day": formats.write_date(asked.period.first_day),
        "last_day": formats.write_date(asked.period.last_day),
        **({"include_subordinate": "on"} if asked.include_subordinate else {}),
        **extra,
    }
    return f"{reverse(f'reporting:{name}')}?{urlencode(query)}"


def cases_page(cell: queries.CellCases, *, visible: frozenset[int], language: str) -> CasesPage:
    """Return the list behind a cell; only case files in `visible` get an address."""
    first = (cell.page - 1) * cell.per_page + 1
    return CasesPage(
        field=cell.field.label(language) if cell.field else _("Tổng cộng"),
        column=_full_name(cell.column, language),
        count=cell.count,
        definition=cell.column.definition.words.text(language),
        unit=cell.unit.label(language),
        include_subordinate=cell.include_subordinate,
        period=wording.write_period(cell.period, language),
        cut_off=wording.write_cut_off(cell.period),
        lines=tuple(
            _case_line(case, number, is_visible=case.case_id in visible, language=language)
            for number, case in enumerate(cell.cases, start=first)
        ),
        table_url=_address("one-stop-table", cell),
    )


def _case_line(
    case: queries.ListedCase, number: int, *, is_visible: bool, language: str
) -> CaseLine:
    standing = case.standing.standing
    tone = _TONES.get(case.standing.condition or "", "neutral")
    return CaseLine(
        number=number,
        code=case.code,
        url=case_address(case.code) if is_visible else "",
        procedure=case.procedure_name,
        field=case.field.label(language),
        unit=case.unit_name,
        received_at=case.received_at,
        due_at=case.due_at,
        finished_at=case.finished_at,
        standing=standing.text(language) if standing else "",
        tone=tone,
        is_late=tone == "bad",
    )


def case_address(code: str) -> str:
    """Return the address of a case's page, or nothing where no desk is installed."""
    try:
        return reverse("desk:case", args=[code])
    except NoReverseMatch:
        return ""


def explain_cell(
    table: queries.Table, *, column_id: str, field_code: str | None, language: str
) -> Explanation:
    """Return what a column counts and its figure in one row; raise CannotReportCell."""
    column = table.definition.column(column_id)
    row = table.row(field_code)
    if column is None or (field_code is not None and row is None):
        raise queries.CannotReportCell(
            _("Bảng này không có ô “%(column)s, %(field)s”. Hãy mở giải thích từ một ô của bảng.")
            % {"column": column_id, "field": field_code or _("Tổng cộng")}
        )
    figures = row.figures if row else table.total
    parts = [part for name in column.parts if (part := table.definition.column(name))]
    listed = [part for part in (column, *parts) if part.is_counted]
    extra = {"field": field_code} if field_code else {}
    return Explanation(
        title=_full_name(column, language),
        row=row.field.label(language) if row else _("Tổng cộng"),
        figure=wording.write_figure(column, figures[column.id]),
        formula=wording.write_rate(column, figures),
        lines=tuple(
            _sourced(
                each.definition,
                language,
                amount=wording.write_figure(each, figures[each.id]),
                name="" if each is column else _full_name(each, language),
            )
            for each in (column, *parts)
        ),
        links=tuple(
            _list_link(table, part, figures, extra=extra, language=language) for part in listed
        ),
    )


def _list_link(
    table: queries.Table, part: Column, figures: Figures, *, extra: dict[str, str], language: str
) -> Link:
    words = _("Mở danh sách: %(column)s (%(count)s)") % {
        "column": _full_name(part, language),
        "count": wording.write_figure(part, figures[part.id]),
    }
    return Link(words=words, url=_address("one-stop-cases", table, column=part.id, **extra))

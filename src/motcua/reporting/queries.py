"""What can be asked of the reports: the one-stop table of a unit, and the case files of a cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from django.db import connection
from django.utils.translation import gettext as _

from motcua.cases import queries as case_queries
from motcua.engine.lawvalues import NotInForce
from motcua.lawbook import queries as lawbook
from motcua.people import queries as people
from motcua.procedures import queries as procedures
from motcua.reporting.definitions import get_catalogue
from motcua.reporting.entered_queries import find_entered
from motcua.reporting.one_stop_table import (
    OVERLAPS_PERIOD,
    CaseTimes,
    Column,
    Definition,
    Figures,
    Window,
    definition_on,
)
from motcua.reporting.unit_and_period import (
    CannotReport,
    CannotReportPeriod,
    CannotReportUnit,
    Period,
    Unit,
    UnitChoice,
    find_newest_period,
    get_named_period,
    get_period,
    get_province,
    get_unit,
    list_named_periods,
    list_reporting_units,
    require_existence,
    require_reader,
)

__all__ = [
    "CannotReport",
    "CannotReportCell",
    "CannotReportPeriod",
    "CannotReportUnit",
    "CellCases",
    "FieldLabel",
    "ListedCase",
    "Period",
    "Row",
    "Table",
    "Unit",
    "UnitChoice",
    "find_entered",
    "find_newest_period",
    "get_catalogue",
    "get_definition",
    "get_named_period",
    "get_one_stop_table",
    "get_period",
    "get_province",
    "get_unit",
    "list_cell_cases",
    "list_named_periods",
    "list_reporting_units",
    "list_visible_case_ids",
    "require_existence",
    "require_reader",
]

CASES_PER_PAGE = 50


class CannotReportCell(CannotReport):
    """The cell is not one of the table's, or does not stand for case files."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldLabel:
    """A field of procedures, as a row is called."""

    id: int
    code: str
    name: str
    name_en: str

    def label(self, language: str) -> str:
        """Return the field's name in the language asked for, as far as it has one."""
        return (self.name_en if language.startswith("en") else "") or self.name


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One row of the table: a field with its figures, by column."""

    field: FieldLabel
    figures: Figures


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """The one-stop table of a unit and a period, with the definition it was counted by."""

    unit: Unit
    include_subordinate: bool
    period: Period
    definition: Definition
    rows: tuple[Row, ...]
    total: Figures

    def row(self, field_code: str | None) -> Row | None:
        """Return the row of a field, or None where the field has no case file here."""
        return next((row for row in self.rows if row.field.code == field_code), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedCase:
    """One case file behind a cell: nothing personal, only where it stood at the cut-off."""

    case_id: int
    code: str
    procedure_name: str
    field: FieldLabel
    unit_name: str
    received_at: datetime
    due_at: datetime
    finished_at: datetime | None
    standing: Column


class HasCaseId(Protocol):
    """A row of a list that stands for a case file."""

    @property
    def case_id(self) -> int:
        """The id of the case file."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CellCases:
    """The case files behind one cell, one page of them, and how many there are."""

    unit: Unit
    include_subordinate: bool
    period: Period
    column: Column
    field: FieldLabel | None
    count: int
    page: int
    per_page: int
    cases: tuple[ListedCase, ...]


def get_definition(period: Period) -> Definition:
    """Return the table's definition for a period; raise CannotReportPeriod before the first one."""
    law = lawbook.get_subject("indicators/one_stop_table")
    try:
        return definition_on(law, period.last_day)
    except NotInForce as error:
        first = min(rule.dated.values[0].first_day for rule in law.rules.values())
        raise CannotReportPeriod(
            _(
                "Bảng một cửa được lập cho các kỳ kết thúc từ ngày %(start)s; kỳ này kết thúc ngày "
                "%(last)s. Hãy chọn kỳ muộn hơn."
            )
            % {"start": f"{first:%d/%m/%Y}", "last": f"{period.last_day:%d/%m/%Y}"}
        ) from error


def get_one_stop_table(
    *,
    unit: Unit,
    first_day: date,
    last_day: date,
    now: datetime,
    include_subordinate: bool = False,
) -> Table:
    """Return the table of the cases that a unit settles, by field; raise CannotReport.

    `last_day` is included. While the period still runs, it is cut off at `now`.
    """
    period = get_period(first_day=first_day, last_day=last_day, now=now)
    definition = get_definition(period)
    require_existence(unit, period)
    counts = _count_by_field(unit, period, definition, include_subordinate=include_subordinate)
    fields = _fields()
    total = {
        column: sum(row[column] for row in counts.values()) for column in _counted_ids(definition)
    }
    return Table(
        unit=unit,
        include_subordinate=include_subordinate,
        period=period,
        definition=definition,
        rows=tuple(
            Row(field=field, figures=definition.complete(counts[pk]))
            for pk, field in fields.items()
            if pk in counts
        ),
        total=definition.complete(total),
    )


def _count_by_field(
    unit: Unit, period: Period, definition: Definition, *, include_subordinate: bool
) -> dict[int, dict[str, int]]:
    """Return the counted columns of each field, in one pass over the period's case facts."""
    ids = _counted_ids(definition)
    filters = ", ".join(
        f"count(*) FILTER (WHERE {_any_of(definition, column)})"
        for column in definition.columns
        if column.id in ids
    )
    where, params = _rows_of(unit, period, include_subordinate=include_subordinate)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT field_id, {filters} FROM case_facts WHERE {where} GROUP BY field_id", params
        )
        return {row[0]: dict(zip(ids, row[1:], strict=True)) for row in cursor.fetchall()}


def list_cell_cases(
    *,
    unit: Unit,
    first_day: date,
    last_day: date,
    field_code: str | None,
    column: str,
    now: datetime,
    page: int = 1,
    per_page: int = CASES_PER_PAGE,
    include_subordinate: bool = False,
) -> CellCases:
    """Return the case files behind a cell (`field_code` None: the total row); raise CannotReport.

    The same conditions as the table's decide, so that their number is the figure in the cell.
    """
    period = get_period(first_day=first_day, last_day=last_day, now=now)
    definition = get_definition(period)
    require_existence(unit, period)
    wanted = _counted_column(definition, column)
    fields = _fields()
    field = _field_with_code(fields.values(), field_code)
    where, params = _rows_of(unit, period, include_subordinate=include_subordinate)
    where += f" AND ({_any_of(definition, wanted)})"
    if field is not None:
        where += " AND field_id = %(field)s"
        params["field"] = field.id
    count, page, rows = _page_of_rows(where, params, page=page, per_page=per_page)
    return CellCases(
        unit=unit,
        include_subordinate=include_subordinate,
        period=period,
        column=wanted,
        field=field,
        count=count,
        page=page,
        per_page=per_page,
        cases=_listed(rows, fields=fields, definition=definition, window=period.window),
    )


_LISTED = (
    "case_id",
    "case_code",
    "revision_id",
    "field_id",
    "unit_id",
    "received_at",
    "due_at",
    "finished_at",
    "clock_stopped_at",
)


def _page_of_rows(
    where: str, params: Mapping[str, Any], *, page: int, per_page: int
) -> tuple[int, int, list[dict[str, Any]]]:
    """Return how many rows there are, the page that exists nearest to the one asked, its rows."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM case_facts WHERE {where}", params)
        count = int(cursor.fetchone()[0])
        page = max(1, min(page, -(-count // per_page)))
        cursor.execute(
            f"SELECT {', '.join(_LISTED)} FROM case_facts WHERE {where}"
            " ORDER BY received_at, case_id LIMIT %(limit)s OFFSET %(offset)s",
            {**params, "limit": per_page, "offset": (page - 1) * per_page},
        )
        rows = [dict(zip(_LISTED, row, strict=True)) for row in cursor.fetchall()]
    return count, page, rows


def _listed(
    rows: Iterable[Mapping[str, Any]],
    *,
    fields: Mapping[int, FieldLabel],
    definition: Definition,
    window: Window,
) -> tuple[ListedCase, ...]:
    rows = tuple(rows)
    ids = {row["revision_id"] for row in rows}
    # A case keeps the revision it was received under, and so the name it had then.
    revisions = procedures.full_revisions().filter(pk__in=ids).prefetch_related(None)
    names = dict(revisions.values_list("pk", "name"))
    settling = frozenset(row["unit_id"] for row in rows)
    agencies = people.Scope(everything=False, agency_ids=settling, subtrees=())
    units = dict(people.agencies_in_scope(agencies).values_list("pk", "name"))
    return tuple(
        ListedCase(
            case_id=row["case_id"],
            code=row["case_code"],
            procedure_name=names[row["revision_id"]],
            field=fields[row["field_id"]],
            unit_name=units[row["unit_id"]],
            received_at=row["received_at"],
            due_at=row["due_at"],
            finished_at=row["finished_at"],
            standing=definition.standing(
                CaseTimes(
                    received_at=row["received_at"],
                    due_at=row["due_at"],
                    finished_at=row["finished_at"],
                    clock_stopped_at=row["clock_stopped_at"],
                ),
                window,
            ),
        )
        for row in rows
    )


def list_visible_case_ids(
    cases: Iterable[HasCaseId], *, officer: people.Person, now: datetime
) -> frozenset[int]:
    """Return which of the listed cases the officer may open."""
    visible = case_queries.cases_in_scope(officer, now=now)
    ids = [case.case_id for case in cases]
    return frozenset(visible.filter(pk__in=ids).values_list("pk", flat=True))


def _rows_of(
    unit: Unit, period: Period, *, include_subordinate: bool
) -> tuple[str, dict[str, Any]]:
    """Return the condition on the rows to read, and its values."""
    params: dict[str, Any] = {"starts_at": period.starts_at, "cut_off": period.cut_off}
    if include_subordinate:
        # A path is made of ids and slashes, so nothing in it is special to LIKE.
        return f"unit_path LIKE %(tree)s AND {OVERLAPS_PERIOD.sql}", {
            **params,
            "tree": f"{unit.path}%",
        }
    return f"unit_id = %(unit)s AND {OVERLAPS_PERIOD.sql}", {**params, "unit": unit.id}


def _any_of(definition: Definition, column: Column) -> str:
    return " OR ".join(f"({condition.sql})" for condition in definition.conditions(column))


def _counted_ids(definition: Definition) -> tuple[str, ...]:
    return tuple(column.id for column in definition.columns if column.condition is not None)


def _fields() -> dict[int, FieldLabel]:
    """Return every field by id, in the order of the Vietnamese alphabet."""
    rows = procedures.list_fields().values_list("sort_name", "pk", "code", "name", "name_en")
    return {
        pk: FieldLabel(id=pk, code=code, name=name, name_en=name_en)
        for _order, pk, code, name, name_en in sorted(rows)
    }


def _counted_column(definition: Definition, column_id: str) -> Column:
    column = definition.column(column_id)
    if column is None:
        raise CannotReportCell(
            _("Bảng một cửa không có cột “%(column)s”. Hãy mở danh sách từ một ô của bảng.")
            % {"column": column_id}
        )
    if not column.is_counted:
        raise CannotReportCell(
            _(
                "Cột “%(column)s” là số tính từ các cột khác nên không có danh sách hồ sơ. "
                "Hãy mở danh sách từ các cột đã giải quyết."
            )
            % {"column": column.name.vi}
        )
    return column


def _field_with_code(fields: Iterable[FieldLabel], code: str | None) -> FieldLabel | None:
    if code is None:
        return None
    for field in fields:
        if field.code == code:
            return field
    raise CannotReportCell(
        _("Không có lĩnh vực nào mang mã “%(code)s”. Hãy mở danh sách từ một ô của bảng.")
        % {"code": code}
    )

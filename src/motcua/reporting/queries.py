"""What can be asked of the reports: the one-stop table of a unit, and the case files of a cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from django.utils.translation import gettext as _

from motcua.cases import queries as case_queries
from motcua.engine.lawvalues import NotInForce
from motcua.lawbook import queries as lawbook
from motcua.people import queries as people
from motcua.procedures import queries as procedures
from motcua.reporting import facts
from motcua.reporting.definitions import get_catalogue
from motcua.reporting.entered_queries import find_entered
from motcua.reporting.facts import Slice
from motcua.reporting.one_stop_table import Column, Definition, Figures, definition_on
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
    "slice_of",
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
    engine: facts.Engine | None = None,
) -> Table:
    """Return the table of the cases that a unit settles, by field; raise CannotReport.

    `last_day` is included. While the period still runs, it is cut off at `now`. What counts is the
    database unless another engine holds the facts.
    """
    period = get_period(first_day=first_day, last_day=last_day, now=now)
    definition = get_definition(period)
    require_existence(unit, period)
    wanted = slice_of(unit, period, include_subordinate=include_subordinate)
    counts = _count_by_field(wanted, definition, engine)
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
    wanted: Slice, definition: Definition, engine: facts.Engine | None
) -> dict[int, dict[str, int]]:
    """Return the counted columns of each field, by the same facts as every other form."""
    states = {
        name: definition.states(_column(definition, name)) for name in _counted_ids(definition)
    }
    asked = [state for of_column in states.values() for state in of_column]
    found = facts.count_cases(wanted, by=("field",), counts=asked, engine=engine)
    return {
        field: {
            name: sum(figures[state] for state in of_column) for name, of_column in states.items()
        }
        for (field,), figures in found.items()
    }


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
    found = slice_of(
        unit,
        period,
        include_subordinate=include_subordinate,
        where={} if field is None else {"field": (field.id,)},
    )
    states = definition.states(wanted)
    count = facts.count_rows(found, counts=states)
    # The page that exists nearest to the one asked for.
    page = max(1, min(page, -(-count // per_page)))
    rows = facts.list_rows(found, counts=states, limit=per_page, offset=(page - 1) * per_page)
    return CellCases(
        unit=unit,
        include_subordinate=include_subordinate,
        period=period,
        column=wanted,
        field=field,
        count=count,
        page=page,
        per_page=per_page,
        cases=_listed(rows, fields=fields, definition=definition, cut_off=period.cut_off),
    )


def _listed(
    rows: Iterable[Mapping[str, Any]],
    *,
    fields: Mapping[int, FieldLabel],
    definition: Definition,
    cut_off: datetime,
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
            finished_at=facts.finished_by(row, cut_off),
            standing=definition.standing(facts.standing_of(row)),
        )
        for row in rows
    )


def list_visible_case_ids(
    cases: Iterable[HasCaseId], *, officer: people.Person, now: datetime
) -> frozenset[int]:
    """Return which of the listed cases the officer may open."""
    return visible_ids((case.case_id for case in cases), officer=officer, now=now)


def visible_ids(
    case_ids: Iterable[int], *, officer: people.Person, now: datetime
) -> frozenset[int]:
    """Return which of these cases the officer may open."""
    visible = case_queries.cases_in_scope(officer, now=now)
    return frozenset(visible.filter(pk__in=list(case_ids)).values_list("pk", flat=True))


def slice_of(
    unit: Unit,
    period: Period,
    *,
    include_subordinate: bool,
    where: Mapping[str, tuple[Any, ...]] | None = None,
) -> Slice:
    """Return which case files a report of a unit and a period is about."""
    return Slice(
        starts_at=period.starts_at,
        cut_off=period.cut_off,
        unit_ids=() if include_subordinate else (unit.id,),
        trees=(unit.path,) if include_subordinate else (),
        where=where or {},
    )


def _column(definition: Definition, column_id: str) -> Column:
    return next(column for column in definition.columns if column.id == column_id)


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

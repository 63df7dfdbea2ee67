"""Writes the catalogue as an XLSX file that opens ready to be edited."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from motcua.procedures.catalogue import AGENCY_KINDS, FLAGS, ParsedCatalogue
from motcua.procedures.catalogue_sheets import (
    CHANNELS,
    COMPONENTS,
    FIELDS,
    PROCEDURES,
    STEPS,
    Sheet,
)

_LAST_ROW = 1_048_575

# In the order of the sheet's columns.
_Row = tuple[str | date | Decimal | int | bool | None, ...]


def write_xlsx(catalogue: ParsedCatalogue) -> bytes:
    """Return the catalogue as an XLSX file."""
    memory = io.BytesIO()
    # Text that begins with "=" stays text.
    import xlsxwriter  # noqa: PLC0415 - slow to load

    with xlsxwriter.Workbook(memory, {"in_memory": True, "strings_to_formulas": False}) as book:
        formats = {
            "head": book.add_format({"bold": True, "bg_color": "#EEF1F4", "border": 1}),
            "text": book.add_format({"num_format": "@", "valign": "top", "text_wrap": True}),
            "day": book.add_format({"num_format": "dd/mm/yyyy", "valign": "top"}),
            "whole": book.add_format({"num_format": "#,##0", "valign": "top"}),
            "decimal": book.add_format({"num_format": "#,##0.0#", "valign": "top"}),
        }
        for sheet, rows in (
            (PROCEDURES, _procedure_rows(catalogue)),
            (CHANNELS, _channel_rows(catalogue)),
            (COMPONENTS, _component_rows(catalogue)),
            (STEPS, _step_rows(catalogue)),
            (FIELDS, _field_rows(catalogue)),
        ):
            _write_sheet(book.add_worksheet(sheet.name), sheet, rows, formats)
    return memory.getvalue()


def _write_sheet(target: Any, sheet: Sheet, rows: Iterator[_Row], formats: dict[str, Any]) -> None:
    last = 0
    for number, row in enumerate(rows, start=1):
        last = number
        for place, value in enumerate(row):
            column = sheet.columns[place]
            if isinstance(value, date):
                target.write_datetime(number, place, value, formats["day"])
            elif isinstance(value, bool):
                target.write_string(number, place, FLAGS[str(value).lower()], formats["text"])
            elif isinstance(value, (int, Decimal)):
                kind = "whole" if value == int(value) else "decimal"
                target.write_number(number, place, value, formats[kind])
            elif value:
                text = column.words.get(value, value) if column.words else value
                target.write_string(number, place, text, formats["text"])
    for place, column in enumerate(sheet.columns):
        target.write_string(0, place, column.heading, formats["head"])
        # The format of the whole column: codes typed below keep their zeros.
        is_text = column.key in {"procedure", "variant", "code", "field", "name"}
        target.set_column(place, place, column.width, formats["text"] if is_text else None)
        if column.words:
            target.data_validation(
                *(1, place, _LAST_ROW, place),
                {"validate": "list", "source": list(column.words.values())},
            )
    target.freeze_panes(1, 1)
    target.autofilter(0, 0, last, len(sheet.columns) - 1)


def _field_rows(catalogue: ParsedCatalogue) -> Iterator[_Row]:
    for entry in catalogue.fields:
        yield entry.code, entry.name, entry.name_en


def _procedure_rows(catalogue: ParsedCatalogue) -> Iterator[_Row]:
    for entry in catalogue.procedures:
        for revision in entry.revisions:
            yield (
                entry.code,
                entry.code_status,
                entry.field_code,
                entry.level,
                revision.name,
                revision.name_en,
                revision.starts_on,
                revision.last_day,
                AGENCY_KINDS.get(revision.agency_kind, "") or revision.agency,
                revision.decision_number,
                revision.decision_date,
                revision.decision_status,
                "\n".join(revision.legal_basis),
                revision.online,
                revision.is_interagency_same_level,
                revision.is_interagency_across_levels,
                revision.is_place_independent,
                revision.is_on_the_spot,
                revision.workflow,
                revision.result,
                revision.recorded_result,
            )


def _channel_rows(catalogue: ParsedCatalogue) -> Iterator[_Row]:
    for entry in catalogue.procedures:
        for revision in entry.revisions:
            for channel in revision.channels:
                yield (
                    entry.code,
                    revision.starts_on,
                    channel.kind,
                    channel.limit_amount,
                    channel.limit_unit,
                    channel.fee_vnd,
                    channel.fee_note,
                )


def _component_rows(catalogue: ParsedCatalogue) -> Iterator[_Row]:
    for entry in catalogue.procedures:
        for revision in entry.revisions:
            for variant in revision.variants:
                head = (entry.code, revision.starts_on, variant.code, variant.name)
                for component in variant.components:
                    yield (
                        *head,
                        component.name,
                        component.form,
                        component.originals,
                        component.copies,
                        component.is_required,
                    )
                if not variant.components:
                    yield head


def _step_rows(catalogue: ParsedCatalogue) -> Iterator[_Row]:
    for entry in catalogue.procedures:
        for revision in entry.revisions:
            for variant in revision.variants:
                for step in variant.steps:
                    yield entry.code, revision.starts_on, variant.code, step

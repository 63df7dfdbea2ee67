"""Facts in Parquet files: written from the database, and counted by DuckDB with the same SQL."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from django.db import connection

from motcua.reporting.calendar_facts import DAYS_OF_CATALOGUE, list_calendar

_PARAMETER = re.compile(r"(?<![:\w]):([a-z_]+)\b")
# The views of facts and the types of their columns, as every engine reads them.
FACTS: Final[Mapping[str, Mapping[str, str]]] = {
    "case_facts": {
        "case_id": "BIGINT",
        "case_code": "VARCHAR",
        "unit_id": "BIGINT",
        "unit_path": "VARCHAR",
        "level": "VARCHAR",
        "receiving_agency_id": "BIGINT",
        "field_id": "BIGINT",
        "procedure_id": "BIGINT",
        "revision_id": "BIGINT",
        "channel": "VARCHAR",
        "status": "VARCHAR",
        "received_at": "TIMESTAMPTZ",
        "due_at": "TIMESTAMPTZ",
        "finished_at": "TIMESTAMPTZ",
        "returned_at": "TIMESTAMPTZ",
        "clock_stopped_at": "TIMESTAMPTZ",
    },
    "due_facts": {
        "case_id": "BIGINT",
        "due_at": "TIMESTAMPTZ",
        "known_from": "TIMESTAMPTZ",
        "known_until": "TIMESTAMPTZ",
    },
    "stop_facts": {
        "case_id": "BIGINT",
        "kind": "VARCHAR",
        "stops": "BIGINT",
        "happened_at": "TIMESTAMPTZ",
        "known_from": "TIMESTAMPTZ",
        "known_until": "TIMESTAMPTZ",
    },
    "past_facts": {
        "past_id": "BIGINT",
        "case_id": "BIGINT",
        "status": "VARCHAR",
        "due_at": "TIMESTAMPTZ",
        "finished_at": "TIMESTAMPTZ",
        "returned_at": "TIMESTAMPTZ",
        "known_until": "TIMESTAMPTZ",
    },
    "theirs_facts": {
        "case_id": "BIGINT",
        "starts_at": "TIMESTAMPTZ",
        "ends_at": "TIMESTAMPTZ",
    },
    "step_facts": {
        "step_id": "BIGINT",
        "case_id": "BIGINT",
        "step_key": "VARCHAR",
        "unit_id": "BIGINT",
        "unit_path": "VARCHAR",
        "level": "VARCHAR",
        "role": "VARCHAR",
        "opened_at": "TIMESTAMPTZ",
        "due_at": "TIMESTAMPTZ",
        "completed_at": "TIMESTAMPTZ",
    },
    "place_facts": {
        "unit_id": "BIGINT",
        "unit_path": "VARCHAR",
        "level": "VARCHAR",
        "kind": "VARCHAR",
    },
    "revision_facts": {
        "revision_id": "BIGINT",
        "procedure_id": "BIGINT",
        "level": "VARCHAR",
        "field_id": "BIGINT",
        "unit_id": "BIGINT",
        "unit_path": "VARCHAR",
        "unit_kind": "VARCHAR",
        "online": "VARCHAR",
        "decided_on": "DATE",
        "starts_on": "DATE",
        "ends_on": "DATE",
    },
    # From the law, for the days that stand in revision_facts: no table holds it.
    "calendar_facts": {
        "day": "DATE",
        "days_before": "BIGINT",
        "working_days_before": "BIGINT",
    },
}


def count_facts() -> int:
    """Return how many case files the facts tell of."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM case_facts")
        return int(cursor.fetchone()[0])


def write_facts(folder: Path, *, duckdb: Any, connection: Any = connection) -> dict[str, int]:
    """Write one Parquet file for each view of facts; return how many rows each holds.

    `duckdb` is the module, which is not installed with motcua itself. The facts are those of the
    application's database unless another connection is given.
    """
    written = {}
    for name, columns in FACTS.items():
        with tempfile.NamedTemporaryFile(suffix=".csv") as file:
            for piece in _rows_of(name, columns, connection):
                file.write(piece)
            file.flush()
            types = ", ".join(f"'{column}': '{kind}'" for column, kind in columns.items())
            with duckdb.connect() as engine:
                engine.execute("SET TimeZone = 'UTC'")
                engine.execute(
                    f"COPY (FROM read_csv('{file.name}', auto_detect = false, header = false,"
                    f" delim = ',', quote = '\"', escape = '\"', nullstr = '', columns = {{{types}}}))"
                    f" TO '{folder / name}.parquet' (FORMAT parquet)"
                )
                count = f"SELECT count(*) FROM '{folder / name}.parquet'"
                written[name] = int(engine.execute(count).fetchone()[0])
    return written


def _rows_of(name: str, columns: Iterable[str], connection: Any) -> Iterator[bytes]:
    """Yield the rows of a view as CSV, piece by piece; those of the calendar come from the law."""
    with connection.cursor() as cursor:
        if name == "calendar_facts":
            cursor.execute(DAYS_OF_CATALOGUE)
            for row in list_calendar(row[0] for row in cursor.fetchall()):
                yield f"{','.join(map(str, row))}\n".encode()
            return
        query = f"COPY (SELECT {', '.join(columns)} FROM {name}) TO STDOUT (FORMAT csv)"
        with cursor.copy(query) as rows:
            yield from rows


class FactFiles:
    """Facts in Parquet files, counted by DuckDB: what counts on the database counts here as well."""

    def __init__(self, folder: Path, *, duckdb: Any) -> None:
        self.engine = duckdb.connect()
        self.engine.execute("SET TimeZone = 'UTC'")
        for name in FACTS:
            self.engine.execute(f"CREATE VIEW {name} AS FROM '{folder / name}.parquet'")

    def rows(self, sql: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Return the rows of a query whose parameters are written :name."""
        asked = {name: parameters[name] for name in _PARAMETER.findall(sql)}
        found: list[tuple[Any, ...]] = self.engine.execute(
            _PARAMETER.sub(r"$\1", sql), asked
        ).fetchall()
        return found

"""Tables of a printed report turned into statements: columns known by their heads, rows by their codes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from motcua.engine.auditor.citations import cites_a_document
from motcua.engine.auditor.heads import find_settlement_columns
from motcua.engine.auditor.listed import read_listed_figures
from motcua.engine.vietnamese import fold

Cell = str | int | Decimal | None
Row = tuple[Cell, ...]

_PERIOD_NAME = re.compile(
    r"(?:quý\s+(?:iv|i{1,3}|[1-4])|6\s+tháng\s+(?:đầu|cuối)\s+năm|năm)\s*(?:[/.-]\s*|năm\s+)?\d{4}",
    re.IGNORECASE,
)
_PERIOD_DAYS = re.compile(
    r"từ\s+(?:ngày\s+)?(\d{1,2}/\d{1,2}/\d{4})\s*(?:đến|[-–])\s*(?:hết\s+)?(?:ngày\s+)?"
    r"(\d{1,2}/\d{1,2}/\d{4})",
    re.IGNORECASE,
)
_TOTALS = ("tong cong", "tong so", "cong", "toan tinh", "tong")


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintedTable:
    """A table as it was printed: where it stands, and its cells, merged ones repeated."""

    name: str
    rows: tuple[Row, ...]


def read_tables(tables: Sequence[PrintedTable], passages: Sequence[str]) -> dict[str, object]:
    """Return the statements that tables and passages make, as plain values of a statements file."""
    statements: list[dict[str, object]] = []
    seen: set[str] = set()
    for table in tables:
        for statement in _of_table(table):
            statement["id"] = _once(str(statement["id"]), table.name, seen)
            statements.append(statement)
    cited = list(dict.fromkeys(text for text in passages if cites_a_document(text)))
    if cited:
        name = _once("Văn bản được dẫn", "", seen)
        statements.append({"id": name, "kind": "citation", "text": cited})
    document: dict[str, object] = {"statements": statements}
    if period := _period(passages):
        document["period"] = period
    return document


def _once(wanted: str, table: str, seen: set[str]) -> str:
    """Return a name that no statement has yet: with its table's name, then with a number."""
    name, number = wanted, 2
    if name in seen and table:
        name = wanted = f"{table}: {wanted}"
    while name in seen:
        name = f"{wanted} ({number})"
        number += 1
    seen.add(name)
    return name


def _of_table(table: PrintedTable) -> Iterator[dict[str, object]]:
    found = find_settlement_columns(table.rows)
    if found is None:
        yield from read_listed_figures(table.rows)
        return
    first_row, columns = found
    rows: list[tuple[str, Cell, dict[str, object]]] = []
    for row in table.rows[first_row:]:
        figures = _figures(row, columns)
        label = _label(row, columns)
        if label and any(value not in (None, "") for value in figures.values()):
            rows.append((label, _number_of(row, columns), figures))
    parts: list[tuple[str, Cell, dict[str, object]]] = []
    for label, number, figures in rows:
        statement: dict[str, object] = {"id": label, "kind": "settlement", **figures}
        if fold(label).strip(" :.") in _TOTALS:
            if _is_whole(parts):
                statement["parts"] = {name: dict(part) for name, _number, part in parts}
                yield statement
            else:
                # Lines are missing in print, so that nothing can be said of their sum.
                yield from ({"id": n, "kind": "settlement", **f} for n, _x, f in parts)
                yield statement
            parts = []
        else:
            parts.append((label, number, figures))
    yield from ({"id": name, "kind": "settlement", **part} for name, _number, part in parts)


def _figures(row: Row, columns: Mapping[int, str]) -> dict[str, object]:
    """Return the figures of a row; two columns of one figure (online, at the counter) are added."""
    figures: dict[str, object] = {}
    for place, key in columns.items():
        value = row[place] if place < len(row) else None
        if key in figures and isinstance(value, int) and isinstance(figures[key], int):
            figures[key] = int(str(figures[key])) + value
        else:
            figures[key] = value
    return figures


def _label(row: Row, columns: Mapping[int, str]) -> str:
    left = row[: min(columns)]
    texts = [c.strip() for c in left if isinstance(c, str) and re.search(r"[^\W\d_]{2}", c)]
    return texts[-1] if texts else ""


def _number_of(row: Row, columns: Mapping[int, str]) -> Cell:
    first = row[0] if row and min(columns) > 0 else None
    if isinstance(first, str) and first.strip().rstrip(".").isdecimal():
        return int(first.strip().rstrip("."))
    return first if isinstance(first, int) else None


def _is_whole(parts: Sequence[tuple[str, Cell, dict[str, object]]]) -> bool:
    """Say whether the rows above a total are all there: numbered from 1, or not numbered at all."""
    names = [name for name, _number, _figures in parts]
    numbers = [number for _name, number, _figures in parts]
    if not parts or len(set(names)) != len(names):
        return False
    return all(n is None for n in numbers) or numbers == list(range(1, len(parts) + 1))


def _period(passages: Sequence[str]) -> dict[str, str] | None:
    """Return the period that a passage names together with its days."""
    for text in passages:
        name, days = _PERIOD_NAME.search(text), _PERIOD_DAYS.search(text)
        if name and days:
            return {"name": name[0], "from": days[1], "to": days[2]}
    return None

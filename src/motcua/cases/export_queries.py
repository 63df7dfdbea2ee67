"""What can be asked about bulk exports: how many rows one may hold, and who took which."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from motcua.audit import queries as audit
from motcua.lawbook import queries as lawbook

KINDS = ("cases", "lateness", "register")


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportRow:
    """Who took, or was refused, how many case files at once."""

    at: datetime
    who: str
    what: str
    rows: int
    most: int
    was_allowed: bool


def most_rows(on: date) -> int:
    """Return how many case files one export may hold on a day; a province sets it in law/product."""
    return int(str(lawbook.get_value("product/exports", "most_rows", on=on).value))


def subject_of(what: str) -> str:
    """Return under which subject exports of a kind are noted."""
    return f"export:{what}"


def list_exports() -> Any:
    """Return what was noted of exports, the newest first."""
    return audit.list_reads_of([subject_of(kind) for kind in KINDS])


def tell_exports(reads: Iterable[Any]) -> list[ExportRow]:
    """Return noted exports as rows."""
    rows = []
    for read in reads:
        noted = json.loads(read.note or "{}")
        rows.append(
            ExportRow(
                at=read.happened_at,
                who=read.actor.full_name,
                what=read.subject.partition(":")[2],
                rows=noted.get("rows", 0),
                most=noted.get("most", 0),
                was_allowed=read.was_allowed,
            )
        )
    return rows

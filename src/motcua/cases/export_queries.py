"""What can be asked about bulk exports: how many rows one may hold, and who took which."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from motcua.audit import queries as audit
from motcua.cases.models import Case
from motcua.lawbook import queries as lawbook

# What carries case files or personal data out of the product, many at once.
KINDS = ("cases", "lateness", "register", "facts", "postal-slip", "shift-slip")


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportRow:
    """Who took, or was refused, how many case files at once."""

    at: datetime
    who: str
    what: str
    rows: int
    # None for papers of the counter, which hold what was handed over and have no limit of their own.
    most: int | None
    was_allowed: bool
    # Whose account of the server ran the command; empty for what was taken from a page.
    account: str
    narrowed: Mapping[str, Any]


def most_rows(on: date) -> int:
    """Return how many case files one export may hold on a day; a province sets it in law/product."""
    return _most("most_rows", on)


def most_rows_at_server(on: date) -> int:
    """Return how many case files a command on the server may export on a day."""
    return _most("most_rows_at_server", on)


def _most(rule: str, on: date) -> int:
    return int(str(lawbook.get_value("product/exports", rule, on=on).value))


def subject_of(what: str) -> str:
    """Return under which subject exports of a kind are noted."""
    return f"export:{what}"


def name_of_status(status: str) -> str:
    """Return how a status is called by which a list was narrowed."""
    return str(dict(Case.Status.choices).get(status, status))


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
                rows=noted.pop("rows", 0),
                most=noted.pop("most", None),
                was_allowed=read.was_allowed,
                account=noted.pop("account", ""),
                narrowed=noted,
            )
        )
    return rows

"""Facts: case files counted and listed by what they were at a cut-off, from one file of SQL."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Any, Final, Protocol

from django.db import connection

from motcua.reporting.calendar_facts import DAYS_OF_CATALOGUE, list_calendar
from motcua.reporting.fact_files import FACTS

_PARAMETER = re.compile(r"(?<![:\w]):([a-z_]+)\b")
_COMMENT = re.compile(r"--[^\n]*")
_STATE = re.compile(r"AS is_(\w+)")
# The parts by which case files are told apart, and the column of each.
COLUMNS: Final = {
    "unit": "unit_id",
    "level": "level",
    "field": "field_id",
    "procedure": "procedure_id",
    "channel": "channel",
}
# What the middle of the SQL decides on the way; it is no count of its own.
_ON_THE_WAY: Final = frozenset({"late", "before_day", "overdue", "waiting"})

# Told to PostgreSQL before the file of SQL, which runs elsewhere as it is: the same rows, found by the
# index on the time in which a case file was open. Without it an old period reads all that came after.
# The plus nothing keeps the planner from the indexes on either moment alone: each holds half of the
# history, and to read one of them was most of the time over ten million case files.
_TIMES: Final = ("received_at", "finished_at")
# Not materialized, since the steps of a case file are looked up among the same rows.
_TOUCHED: Final = (
    "case_facts AS NOT MATERIALIZED (SELECT "
    + ", ".join(
        f"{name} + INTERVAL '0' AS {name}" if name in _TIMES else name
        for name in FACTS["case_facts"]
    )
    + " FROM case_facts WHERE open_during && tstzrange(:starts_at, :cut_off, '[)'))"
)

_CALENDAR: Final = (
    "calendar_facts AS (SELECT * FROM unnest(CAST(:calendar_days AS date[]),"
    " CAST(:calendar_before AS bigint[]), CAST(:calendar_working AS bigint[]))"
    " AS told (day, days_before, working_days_before))"
)

Key = tuple[Any, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class CountingRules:
    """The answers to the questions on which provinces differ."""

    by_day: bool = False
    waiting_is_settled: bool = False
    ended_is_apart: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Slice:
    """Which case files: those between two moments, of these units or trees, with these parts."""

    starts_at: datetime
    cut_off: datetime
    rules: CountingRules = CountingRules()
    unit_ids: tuple[int, ...] = ()
    trees: tuple[str, ...] = ()
    where: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)


class Engine(Protocol):
    """Whatever holds the facts and runs SQL with named parameters: PostgreSQL, or another."""

    def rows(self, sql: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Return the rows of a query whose parameters are written :name."""


class Database:
    """The database of the application, or another one of the same tables."""

    def __init__(self, place: Any = connection) -> None:
        self.place = place

    def rows(self, sql: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Return the rows of a query whose parameters are written :name."""
        told = dict(parameters)
        before = [_TOUCHED] if "case_facts" in sql else []
        with self.place.cursor() as cursor:
            if "calendar_facts" in sql:
                cursor.execute(DAYS_OF_CATALOGUE)
                told.update(_calendar_columns(row[0] for row in cursor.fetchall()))
                before.append(_CALENDAR)
            asked = f"WITH {', '.join(before)} {sql}" if before else sql
            cursor.execute(_PARAMETER.sub(r"%(\1)s", asked.replace("%", "%%")), told)
            return list(cursor.fetchall())


def _calendar_columns(days: Iterable[date]) -> dict[str, list[Any]]:
    rows = list_calendar(days)
    return {
        "calendar_days": [row[0] for row in rows],
        "calendar_before": [row[1] for row in rows],
        "calendar_working": [row[2] for row in rows],
    }


@cache
def read_sql(name: str) -> str:
    """Return a file of SQL without its comments."""
    text = resources.files("motcua.reporting").joinpath(f"sql/{name}.sql").read_text("utf-8")
    return _COMMENT.sub("", text).strip()


@cache
def list_counts() -> tuple[str, ...]:
    """Return what case files can be counted as: received, done_early, …"""
    found = dict.fromkeys(_STATE.findall(read_sql("case_states")))
    return tuple(name for name in found if name not in _ON_THE_WAY)


def count_cases(
    wanted: Slice, *, by: Iterable[str], counts: Iterable[str], engine: Engine | None = None
) -> dict[Key, dict[str, int]]:
    """Return the counts of each group of case files, in one pass over what the period touches."""
    parts, names = tuple(by), tuple(counts)
    groups = "".join(f"{COLUMNS[part]}, " for part in parts)
    filters = ", ".join(f"COUNT(*) FILTER (WHERE states.is_{name})" for name in names)
    condition, parameters = _condition(wanted)
    grouping = f" GROUP BY {groups.rstrip(', ')}" if parts else ""
    sql = (
        f"SELECT {groups}{filters or 'COUNT(*)'} FROM ({read_sql('case_states')}) states{condition}"
    )
    found: dict[Key, dict[str, int]] = {}
    for row in (engine or Database()).rows(sql + grouping, parameters):
        key, figures = row[: len(parts)], row[len(parts) :]
        found[tuple(key)] = dict(zip(names, map(int, figures), strict=False))
    return found


_LISTED: Final = (
    "case_id",
    "case_code",
    "revision_id",
    "field_id",
    "unit_id",
    "received_at",
    "due_at",
    "finished_at",
    "is_done_early",
    "is_done_on_day",
    "is_done_late",
    "is_open_in_time",
)


_STANDINGS: Final = ("done_early", "done_on_day", "done_late", "open_in_time")


def standing_of(row: Mapping[str, Any]) -> str:
    """Return how a listed case file stood at the cut-off: done_early, …, open_overdue."""
    return next((name for name in _STANDINGS if row[f"is_{name}"]), "open_overdue")


def finished_by(row: Mapping[str, Any], cut_off: datetime) -> datetime | None:
    """Return when a listed case file was finished, as far as that was known at the cut-off."""
    finished_at: datetime | None = row["finished_at"]
    return finished_at if finished_at and finished_at < cut_off else None


def count_rows(wanted: Slice, *, counts: Iterable[str]) -> int:
    """Return how many case files are counted as any of these."""
    condition, parameters = _condition(wanted, counts=counts)
    sql = f"SELECT COUNT(*) FROM ({read_sql('case_states')}) states{condition}"
    return int(Database().rows(sql, parameters)[0][0])


def list_rows(
    wanted: Slice, *, counts: Iterable[str], limit: int | None, offset: int = 0
) -> list[dict[str, Any]]:
    """Return a page of the case files that are counted as any of these, the oldest first.

    Without a limit it is one page with all of them.
    """
    condition, parameters = _condition(wanted, counts=counts)
    sql = (
        f"SELECT {', '.join(_LISTED)} FROM ({read_sql('case_states')}) states{condition}"
        " ORDER BY received_at, case_id LIMIT :limit OFFSET :offset"
    )
    rows = Database().rows(sql, {**parameters, "limit": limit, "offset": offset})
    return [dict(zip(_LISTED, row, strict=True)) for row in rows]


def _condition(wanted: Slice, *, counts: Iterable[str] = ()) -> tuple[str, dict[str, Any]]:
    """Return the condition on the states, and the values of all parameters."""
    parameters: dict[str, Any] = {
        "starts_at": wanted.starts_at,
        "cut_off": wanted.cut_off,
        "by_day": wanted.rules.by_day,
        "waiting_is_settled": wanted.rules.waiting_is_settled,
        "ended_is_apart": wanted.rules.ended_is_apart,
    }
    conditions = []
    places = [f"unit_id = :unit_{_letters(n)}" for n in range(len(wanted.unit_ids))]
    places += [f"unit_path LIKE :tree_{_letters(n)}" for n in range(len(wanted.trees))]
    for number, unit_id in enumerate(wanted.unit_ids):
        parameters[f"unit_{_letters(number)}"] = unit_id
    for number, tree in enumerate(wanted.trees):
        # A path is made of ids and slashes, so nothing in it is special to LIKE.
        parameters[f"tree_{_letters(number)}"] = f"{tree}%"
    if places:
        conditions.append(f"({' OR '.join(places)})")
    for part, values in wanted.where.items():
        names = [f"{part}_{_letters(number)}" for number in range(len(values))]
        parameters.update(zip(names, values, strict=True))
        marks = ", ".join(f":{name}" for name in names)
        conditions.append(f"{COLUMNS[part]} IN ({marks})" if values else "1 = 0")
    if states := [f"is_{name}" for name in counts]:
        conditions.append(f"({' OR '.join(states)})")
    return (f" WHERE {' AND '.join(conditions)}" if conditions else ""), parameters


def _letters(number: int) -> str:
    """Return a number in letters, since the name of a parameter has no digits: a, b, …, ba, bb."""
    text = chr(ord("a") + number % 26)
    return text if number < 26 else _letters(number // 26) + text

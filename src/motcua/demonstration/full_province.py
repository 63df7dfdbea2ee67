"""The rest of the province: every case file settled in Quarter I 2023, loaded by the database itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from importlib import resources
from itertools import count
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from motcua.demonstration import content
from motcua.engine import tokens, vietnamese
from motcua.engine.moments import at
from motcua.engine.net import RECEIVING
from motcua.lawbook import queries as lawbook
from motcua.people import queries as people
from motcua.procedures import queries as procedures
from motcua.workflow import queries as workflow

# Far above what the counters have given out, so that no code is given twice.
NUMBERS_FROM = 1000
BECAUSE = "nhập từ hệ thống khác"
_COUNTERS = {"PROVINCE": "H19.01.01"}


class CannotLoadAll(Exception):
    """The whole province is loaded already."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Level:
    """The printed figures of one level of government."""

    level: str
    done: int
    on_time: int


def printed_levels() -> tuple[Level, ...]:
    """Return how many case files each level settled, and how many on time, as the report counts."""
    rows = content.read("full_province")["settlement"]
    return tuple(Level(**row) for row in rows)


def load_all(
    *,
    now: datetime,
    progress: Callable[[int, int], None],
    levels: tuple[Level, ...] | None = None,
) -> int:
    """Load every settled case file of the quarter that is not there yet; return how many.

    `levels` are the printed ones unless others are given. One transaction: stopped in the middle, nothing of it stays. Raises CannotLoadAll.
    """
    period = content.read("office_cases")["period"]
    starts_at = at(period["from"], time(0, 0))
    cut_off = at(period["to"] + timedelta(days=1), time(0, 0))
    parts = _parts()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM audit_entry WHERE event = 'case.imported')")
        if cursor.fetchone()[0]:
            raise CannotLoadAll(_("Cả tỉnh đã được nạp đủ, không cần nạp lại."))
        _make_tables(cursor)
        days = _fill_days(cursor, starts_at, cut_off)
        _fill_sources(cursor, period["to"])
        loaded = 0
        for level in levels or printed_levels():
            loaded += _plan(cursor, level, days, starts_at=starts_at, cut_off=cut_off)
        cursor.execute("ANALYZE full_plan")
        cursor.execute("SELECT count(*) FROM full_citizens")
        values = {
            "numbers_from": NUMBERS_FROM,
            "actor": people.get_system().id,
            "citizens": cursor.fetchone()[0],
            "now": now,
            "moment": now.astimezone(UTC).isoformat(timespec="microseconds"),
            "because": BECAUSE,
        }
        # The foreign keys are checked here and not by COMMIT: half of the time is theirs, and the bar
        # tells of it.
        parts += ["SET CONSTRAINTS ALL IMMEDIATE"]
        for number, part in enumerate(parts, start=1):
            cursor.execute(part, values if "%(" in part else None)
            progress(number, len(parts) + 1)
    with connection.cursor() as cursor:
        # So that the first reports are planned with what is there now.
        cursor.execute("ANALYZE cases_case, workflow_run, workflow_task, cases_party, audit_entry")
        progress(len(parts) + 1, len(parts) + 1)
    return loaded


def _parts() -> list[str]:
    text = _read("full_rows")
    return [part.strip() for part in text.split("-- :part") if "INSERT" in part or "UPDATE" in part]


def _read(name: str) -> str:
    return resources.files("motcua.demonstration").joinpath(f"sql/{name}.sql").read_text("utf-8")


def _make_tables(cursor: Any) -> None:
    cursor.execute(
        "CREATE TEMP TABLE full_days (number int PRIMARY KEY, day timestamptz) ON COMMIT DROP"
    )
    cursor.execute(
        "CREATE TEMP TABLE full_sources (level text, slot int, receiving_id bigint, counter_code text,"
        " settling_id bigint, revision_id bigint, variant_id bigint, field_id bigint,"
        " version_id bigint, steps int, PRIMARY KEY (level, slot)) ON COMMIT DROP"
    )
    cursor.execute(
        "CREATE TEMP TABLE full_steps (version_id bigint, number int, node text, name text, unit text,"
        " role text, outcome text) ON COMMIT DROP"
    )
    cursor.execute(
        "CREATE TEMP TABLE full_citizens (number int PRIMARY KEY, full_name text, search_name text,"
        " address text) ON COMMIT DROP"
    )
    cursor.execute(
        "CREATE TEMP TABLE full_plan (n bigint, level text, slot int, received_at timestamptz,"
        " due_at timestamptz, finished_at timestamptz, code text, case_id bigint, run_id bigint,"
        " PRIMARY KEY (level, n)) ON COMMIT DROP"
    )


def _fill_days(cursor: Any, starts_at: datetime, cut_off: datetime) -> tuple[int, int]:
    """Number the working days around the period; return the number of its first, and how many."""
    calendar = lawbook.get_calendar()
    numbers = count()
    inside: list[int] = []
    day = starts_at - timedelta(days=45)
    while day < cut_off + timedelta(days=20):
        opening = calendar.next_opening(day)
        if opening.date() == day.date():
            number = next(numbers)
            # Seven in the morning, so that hours can be added in SQL.
            cursor.execute(
                "INSERT INTO full_days VALUES (%s, %s)", [number, at(day.date(), time(7, 0))]
            )
            if starts_at <= day < cut_off:
                inside.append(number)
        day += timedelta(days=1)
    return inside[0], len(inside)


def _fill_sources(cursor: Any, on: date) -> None:
    """Say who settles what: each procedure at the agencies of its level, by its chart's good path."""
    slots = {level.level: count() for level in printed_levels()}
    versions: dict[str, tuple[int, int]] = {}
    revisions = procedures.full_revisions().filter(starts_on__lte=on, ends_on__isnull=True)
    agencies = list(people.list_agencies(on=on))
    by_code = {agency.code: agency for agency in agencies}
    for revision in revisions.order_by("procedure__code"):
        level = revision.procedure.level
        if level not in slots or (revision.agency and revision.agency.kind == "OFFICE"):
            continue
        if revision.workflow_key not in versions:
            versions[revision.workflow_key] = _fill_steps(cursor, revision.workflow_key, on)
        version_id, steps = versions[revision.workflow_key]
        settling = (
            [revision.agency]
            if revision.agency
            else [agency for agency in agencies if agency.kind == revision.agency_kind]
        )
        # Vertical agencies are counted apart: the printed figures are of the other three levels.
        for agency in (one for one in settling if one.level == level):
            receiving = by_code[_COUNTERS.get(level, agency.code)]
            row = (receiving.pk, receiving.code, agency.pk, revision.pk)
            rest = (revision.variants.all()[0].pk, revision.procedure.field_id, version_id, steps)
            cursor.execute(
                "INSERT INTO full_sources VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                [level, next(slots[level]), *row, *rest],
            )
    for number, citizen in enumerate(content.read("people")["citizens"]):
        name = citizen["full_name"]
        cursor.execute(
            "INSERT INTO full_citizens VALUES (%s, %s, %s, %s)",
            [number, name, vietnamese.fold(name), citizen["address"]],
        )


def _fill_steps(cursor: Any, key: str, on: date) -> tuple[int, int]:
    """Write the steps of a chart when every outcome is the good one; return version and count."""
    version = workflow.get_version_in_force(workflow_key=key, on=on)
    steps = list(_good_path(version.net))
    for number, (node, outcome) in enumerate(steps, start=1):
        unit = RECEIVING if node.unit == RECEIVING else "SETTLING"
        cursor.execute(
            "INSERT INTO full_steps VALUES (%s, %s, %s, %s, %s, %s, %s)",
            [version.id, number, node.id, node.name, unit, node.role, outcome],
        )
    return version.id, len(steps)


def _good_path(net: Any) -> Iterator[tuple[Any, str]]:
    move = tokens.start(net, {})
    while not move.is_finished:
        node = net.by_id[move.marking.open[0]]
        outcomes = node.outcomes
        outcome = "APPROVE" if "APPROVE" in outcomes else (outcomes[0] if outcomes else "")
        yield node, outcome
        move = tokens.complete(net, move.marking, node.id, {"outcome": outcome})


def _plan(
    cursor: Any, level: Level, days: tuple[int, int], *, starts_at: datetime, cut_off: datetime
) -> int:
    """Plan what is missing of a level's figures; return how many case files that is."""
    cursor.execute(
        "SELECT count(*), count(*) FILTER (WHERE finished_at <= due_at) FROM case_facts"
        " WHERE level = %s AND finished_at >= %s AND finished_at < %s",
        [level.level, starts_at, cut_off],
    )
    done, on_time = map(int, cursor.fetchone())
    total = level.done - done
    late = total - (level.on_time - on_time)
    cursor.execute("SELECT count(*) FROM full_sources WHERE level = %s", [level.level])
    values = {
        "level": level.level,
        "slots": cursor.fetchone()[0],
        "first": days[0],
        "length": days[1],
        "total": total,
        "late": late,
    }
    cursor.execute(_read("full_plan"), values)
    return total

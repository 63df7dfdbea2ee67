"""Report benchmark: II.06a of a quarter by unit × field over a short and a long history of case files.

Both databases hold the same case files of the measured quarters, and the same backlog; the long one holds
ten times as many beside them, over ten years. So what a report costs must follow the period, not the history.
DuckDB counts the same rows from Parquet with the same SQL. Case files are made by the server from their
number; they have clocks that stopped and due times that moved, but no runs, steps or trail, which are not counted.
Exits with 1 when two engines disagree, and from a million case files on when a budget is missed.
"""

from __future__ import annotations

import argparse
import importlib
import os
import shutil
import statistics
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, date, datetime
from typing import Any

import django
import psycopg

from motcua.project.database import var_dir
from motcua.project.embedded import Cluster, socket_dir

PLACE = var_dir() / "bench-report"
CLUSTER = Cluster(data_dir=PLACE / "pg")
os.environ.pop("DATABASE_URL", None)
os.environ["MOTCUA_PG_HOST"] = str(socket_dir(CLUSTER.data_dir))
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from motcua.people import queries as people  # noqa: E402
from motcua.people.models import Agency  # noqa: E402
from motcua.procedures.models import Field, Procedure, Revision  # noqa: E402
from motcua.reporting import facts  # noqa: E402
from motcua.reporting.fact_files import FactFiles, write_facts  # noqa: E402
from motcua.reporting.facts import Database, Slice  # noqa: E402

HISTORY_BUDGET, DUCKDB_BUDGET, ROUNDS = 1.3, 3.0, 7
# Table, indexes, write-ahead log and Parquet of one case file, as measured with a margin.
BYTES_A_CASE = 1_600
FIRST, LAST = datetime(2013, 3, 14, 17, tzinfo=UTC), datetime(2023, 3, 14, 17, tzinfo=UTC)
QUARTERS = {
    "the newest quarter": (datetime(2022, 12, 14, 17, tzinfo=UTC), LAST),
    "a quarter five years ago": (
        datetime(2017, 12, 14, 17, tzinfo=UTC),
        datetime(2018, 3, 14, 17, tzinfo=UTC),
    ),
}
COUNTS = (
    "received_online", "received_directly", "carried_over", "done_early", "done_on_day", "done_late",
    "open_in_time", "open_overdue",
)  # fmt: skip

# One case file a number: received at `at`, due after up to 20 days, most finished before, few long after.
CASES = """
INSERT INTO cases_case (code, submission_key, revision_id, variant_id, field_id, channel,
    receiving_agency_id, settling_agency_id, run_id, status, law_date, received_at, received_by_id,
    due_at, finished_at, returned_at, returned_to, note)
SELECT 'B-' || n, lpad(to_hex(n), 32, '0')::uuid, 1 + n * 7 %% 300, 1, 1 + (n * 7 %% 300) %% 75,
       CASE WHEN n %% 4 = 0 THEN 'ONLINE' ELSE 'COUNTER' END, unit, unit, n,
       CASE WHEN finished_at IS NULL THEN 'PROCESSING' ELSE 'RETURNED' END,
       (at + interval '7 hours')::date, at, 1, at + (1 + n %% 20) * interval '1 day',
       finished_at, finished_at + interval '1 hour', '', ''
FROM (
    SELECT made.*,
           CASE WHEN %(open)s AND n %% 997 = 0 THEN NULL
                ELSE nullif(least(at + days * interval '1 day', 'infinity'), 'infinity') END AS finished_at
    FROM (
        SELECT n, at, 2 + abs(hashint8(n)) %% 200 AS unit,
               CASE WHEN NOT %(open)s THEN 0.2 + n %% 20
                    WHEN n %% 33 = 0 THEN 20 + n %% 280 ELSE 0.2 + (n * 11 %% 23) END AS days
        FROM (
            SELECT n, %(first)s + (%(last)s - %(first)s) * ((n - %(from)s)::float8 / %(many)s) AS at
            FROM generate_series(%(from)s::bigint, %(to)s::bigint) AS n
        ) spread
    ) made
) told
WHERE %(open)s OR NOT (at < %(skip_to)s AND finished_at >= %(skip_from)s)
"""


def main() -> int:
    """Make both databases, measure them side by side, print the medians and the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000, help="in the short history")
    parser.add_argument("--times", type=int, default=10, help="how many times as many in the long")
    parser.add_argument("--keep", action="store_true", help="keep the databases for the next run")
    options = parser.parse_args()
    _require_space(options.cases * options.times)
    with ExitStack() as stack:
        if not options.keep:
            stack.callback(shutil.rmtree, PLACE, ignore_errors=True)
        CLUSTER.start()
        stack.callback(CLUSTER.stop)
        names = _make(options.cases, options.times)
        return _measure(names, stack, is_judged=options.cases >= 1_000_000)


def _require_space(cases: int) -> None:
    PLACE.mkdir(parents=True, exist_ok=True)
    needed, free = cases * BYTES_A_CASE, shutil.disk_usage(PLACE).free
    if free < needed:
        sys.exit(
            f"{cases:,} case files need about {needed / 2**30:.1f} GB in {PLACE}, where"
            f" {free / 2**30:.1f} GB are free. Free some, set MOTCUA_VAR to a larger disk, or ask"
            " for fewer: script/bench report --cases 100000"
        )


def _connect(name: str) -> psycopg.Connection[Any]:
    return psycopg.connect(
        host=str(socket_dir(CLUSTER.data_dir)), dbname=name, user=_owner(), autocommit=True
    )


def _owner() -> str:
    return str(connection.settings_dict["USER"])


def _make(cases: int, times: int) -> dict[str, str]:
    """Make the databases that are not there yet; return their names by how many cases they hold."""
    short, long = f"bench_{cases}", f"bench_{cases * times}"
    base = str(connection.settings_dict["NAME"])
    with _connect(base) as server:
        there = {row[0] for row in server.execute("SELECT datname FROM pg_database")}
        if short not in there or long not in there:
            started = time.perf_counter()
            call_command("migrate", verbosity=0, interactive=False)
            if not people.count_agencies():
                _make_places()
            connection.close()
            half = f"{long}_half_made"
            for name in {short, long, half} & there:
                server.execute(f"DROP DATABASE {name}")
            server.execute(f"CREATE DATABASE {short} TEMPLATE {base}")
            with _connect(short) as place:
                _add_cases(place, 1, cases, of_history=False)
                place.execute("VACUUM ANALYZE")
            server.execute(f"CREATE DATABASE {half} TEMPLATE {short}")
            with _connect(half) as place:
                _add_cases(place, cases + 1, cases * times, of_history=True)
                place.execute("VACUUM ANALYZE")
            # It has its name only once it is whole: a run that was cut short begins anew.
            server.execute(f"ALTER DATABASE {half} RENAME TO {long}")
            for folder in PLACE.glob("facts-*"):
                shutil.rmtree(folder)
            print(f"made in {time.perf_counter() - started:.0f} s")
    return {f"{cases:,}": short, f"{cases * times:,}": long}


def _make_places() -> None:
    """Make the units of a province in their proportions, and procedures, each with its field."""
    long_ago = date(2010, 1, 1)
    Agency.objects.bulk_create(
        Agency(
            pk=n,
            code=f"H19.{n}",
            name=f"Đơn vị {n}",
            short_name=f"Đơn vị {n}",
            search_name=f"don vi {n}",
            sort_name=f"don vi {n}",
            level="PROVINCE" if n <= 20 else "DISTRICT" if n <= 31 else "COMMUNE",
            kind="PROVINCE" if n == 1 else "DEPARTMENT",
            parent_id=None if n == 1 else 1,
            path="/1/" if n == 1 else f"/1/{n}/",
            starts_on=long_ago,
        )
        for n in range(1, 202)
    )
    Field.objects.bulk_create(
        Field(pk=n, code=f"F{n}", name=f"Lĩnh vực {n}", sort_name=f"linh vuc {n}")
        for n in range(1, 76)
    )
    Procedure.objects.bulk_create(
        Procedure(
            pk=n, code=f"1.{n:06}", code_status="illustrative", field_id=1 + n % 75, level="COMMUNE"
        )
        for n in range(1, 301)
    )
    Revision.objects.bulk_create(
        Revision(
            pk=n,
            procedure_id=n,
            number=1,
            name=f"Thủ tục {n}",
            search_text="",
            agency_id=1,
            starts_on=long_ago,
            workflow_key="none",
        )
        for n in range(1, 301)
    )


def _add_cases(place: psycopg.Connection[Any], first: int, last: int, *, of_history: bool) -> None:
    """Add case files of all ten years; those of history only keep clear of the measured quarters."""
    # What is referred to but not counted (runs, papers, people) is left out, and so not checked.
    place.execute("SET session_replication_role = replica")
    indexes = place.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'cases_case'"
        " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conname = indexname)"
    ).fetchall()
    for name, _definition in indexes:
        place.execute(f"DROP INDEX {name}")
    values = {"first": FIRST, "last": LAST, "from": first, "to": last, "many": last - first + 1}
    spans = list(QUARTERS.values()) if of_history else [(LAST, LAST)]
    text = CASES
    for number, span in enumerate(spans[1:], start=1):
        text += f" AND NOT (at < %(skip_to_{number})s AND finished_at >= %(skip_from_{number})s)"
        values |= {f"skip_from_{number}": span[0], f"skip_to_{number}": span[1]}
    skip = {"skip_from": spans[0][0], "skip_to": spans[0][1]}
    place.execute(text, {**values, **skip, "open": not of_history})
    for _name, definition in indexes:
        place.execute(definition)
    place.execute(
        "INSERT INTO cases_clockevent (case_id, kind, at, extra_unit, reason, origin, recorded_at,"
        " recorded_by_id) SELECT id, kind, at, '', '', '', at, 1 FROM (SELECT c.id, e.kind,"
        " c.received_at + e.days * interval '1 day' AS at FROM cases_case c CROSS JOIN (VALUES"
        " ('SUPPLEMENT_REQUESTED', 3), ('SUPPLEMENTED', 8)) AS e (kind, days)"
        " WHERE c.run_id BETWEEN %s AND %s AND c.run_id %% 33 = 0) told",
        [first, last],
    )
    place.execute(
        "INSERT INTO cases_recount (case_id, generation, because_vi, because_en, due_before, due_after,"
        " recorded_at, recorded_by_id) SELECT id, 2, '', '', due_at - interval '5 days', due_at,"
        " received_at + interval '8 days', 1 FROM cases_case"
        " WHERE run_id BETWEEN %s AND %s AND run_id %% 33 = 0",
        [first, last],
    )


def _measure(names: Mapping[str, str], stack: ExitStack, *, is_judged: bool) -> int:
    duckdb = importlib.import_module("duckdb")
    engines: dict[tuple[str, str], Any] = {}
    for cases, name in names.items():
        place = stack.enter_context(_connect(name))
        place.execute("SET TimeZone = 'UTC'")
        folder = PLACE / f"facts-{name}"
        if not folder.is_dir():
            half = PLACE / f"half-{name}"
            shutil.rmtree(half, ignore_errors=True)
            half.mkdir()
            write_facts(half, duckdb=duckdb, connection=place)
            half.rename(folder)
        engines["PostgreSQL", cases] = Database(place)
        engines["DuckDB", cases] = FactFiles(folder, duckdb=duckdb)
    short, long = names
    passed = True
    for title, (starts_at, cut_off) in QUARTERS.items():
        wanted = Slice(starts_at=starts_at, cut_off=cut_off)
        seconds: dict[tuple[str, str], list[float]] = {key: [] for key in engines}
        found = {}
        for number in range(ROUNDS + 1):
            for key, engine in engines.items():
                started = time.perf_counter()
                found[key] = facts.count_cases(
                    wanted, by=("unit", "field"), counts=COUNTS, engine=engine
                )
                if number:  # the first round only warms up
                    seconds[key].append(time.perf_counter() - started)
        medians = {key: statistics.median(times) for key, times in seconds.items()}
        first = next(iter(found.values()))
        agree = all(one == first for one in found.values())
        in_quarter = sum(sum(row.values()) for row in first.values()) // 2
        history = medians["PostgreSQL", long] / medians["PostgreSQL", short]
        beside = medians["PostgreSQL", long] / medians["DuckDB", long]
        print(f"II.06a of {title}: {in_quarter:,} case files, {len(first):,} rows")
        for (engine, cases), median in medians.items():
            print(f"  {engine:10} over {cases:>10}  {median * 1000:8.1f} ms")
        print(f"  long / short history  {history:5.2f}  (at most {HISTORY_BUDGET})")
        print(f"  PostgreSQL / DuckDB   {beside:5.2f}  (at most {DUCKDB_BUDGET})")
        print(f"  figures               {'equal' if agree else 'DIFFERENT'}")
        # Over few case files both ratios are of a few milliseconds, and so of noise.
        is_slow = is_judged and (history > HISTORY_BUDGET or beside > DUCKDB_BUDGET)
        passed = passed and agree and not is_slow
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())

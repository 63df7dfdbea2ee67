"""A case file is counted by the system that owns its status at the stage, and by no other."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from motcua.cases import actions, mirror_queries
from motcua.cases.tests.world import MONDAY, World
from motcua.engine.forwarded import read_case
from motcua.engine.tests.test_forwarded import CASE
from motcua.reporting import queries
from motcua.reporting.fact_files import FactFiles, write_facts
from motcua.reporting.facts import read_sql

pytestmark = pytest.mark.django_db

NOW = MONDAY + timedelta(days=2)
LAST = date(2023, 3, 14)


def counted(
    world: World, *, first_day: date = date(2022, 12, 15), last_day: date = date(2023, 3, 14)
) -> dict[str, object]:
    """Return the total row of the table of a period, of the Office with all below it."""
    table = queries.get_one_stop_table(
        unit=queries.get_unit("H19.01", on=date(2023, 3, 14)),
        first_day=first_day,
        last_day=last_day,
        include_subordinate=True,
        now=NOW + timedelta(days=30),
    )
    return dict(table.total)


def test_a_mirrored_case_file_is_counted_by_its_owner_alone(world: World) -> None:
    nothing = counted(world)
    row = actions.mirror_case(officer=world.system, source="DVCQG", told=read_case(CASE), now=NOW)
    theirs = counted(world)
    case = world.receive()
    received = counted(world)
    actions.take_over_case(officer=world.cuc, mirrored_id=row.pk, case_code=case.code, now=NOW)
    ours = counted(world)

    assert (nothing["received"], theirs["received"]) == (0, 0)
    assert theirs == nothing
    assert received["received"] == ours["received"] == 1
    assert ours == received


def of_day(world: World, day: date) -> int:
    """Return how many case files the table counts that ends on a day."""
    total = counted(world, last_day=day)
    return int(str(total["received"]))


def owned_there(mirrored_id: int, world: World) -> int:
    """Return how many case files the list of what other systems own holds: none or one."""
    rows = mirror_queries.list_mirrored(world.controller, state="theirs", now=NOW)
    return sum(row.pk == mirrored_id for row in rows)


def test_at_each_stage_exactly_one_system_counts_it(world: World) -> None:
    row = actions.mirror_case(officer=world.system, source="DVCQG", told=read_case(CASE), now=NOW)
    case = world.receive()
    actions.take_over_case(officer=world.cuc, mirrored_id=row.pk, case_code=case.code, now=NOW)
    act: dict[str, Any] = {"officer": world.cuc, "mirrored_id": row.pk, "reason": "Bộ giữ."}

    seen = [(of_day(world, LAST), owned_there(row.pk, world))]
    for number, change in enumerate((actions.hand_back_case, actions.take_case_again) * 2):
        change(**act, now=NOW + timedelta(minutes=number))
        seen.append((of_day(world, LAST), owned_there(row.pk, world)))

    assert seen == [(1, 0), (0, 1), (1, 0), (0, 1), (1, 0)]


def test_a_table_of_an_earlier_day_counts_who_owned_it_then(world: World) -> None:
    row = actions.mirror_case(officer=world.system, source="DVCQG", told=read_case(CASE), now=NOW)
    case = world.receive()
    actions.take_over_case(officer=world.cuc, mirrored_id=row.pk, case_code=case.code, now=NOW)
    act: dict[str, Any] = {"officer": world.cuc, "mirrored_id": row.pk, "reason": "Bộ giữ."}
    actions.hand_back_case(**act, now=NOW + timedelta(days=1))
    actions.take_case_again(**act, now=NOW + timedelta(days=3))

    days = [NOW.date() + timedelta(days=number) for number in range(5)]

    assert [of_day(world, day) for day in days] == [1, 0, 0, 1, 1]


def test_whichever_engine_counts_leaves_out_what_is_handed_back(
    world: World, tmp_path: Path
) -> None:
    row = actions.mirror_case(officer=world.system, source="DVCQG", told=read_case(CASE), now=NOW)
    case = world.receive()
    actions.take_over_case(officer=world.cuc, mirrored_id=row.pk, case_code=case.code, now=NOW)
    period = {":starts_at": "TIMESTAMPTZ '2023-01-01'", ":cut_off": "TIMESTAMPTZ '2023-03-31'"}
    sql = f"SELECT count(*) FROM ({read_sql('case_states')}) states"
    for name, value in period.items():
        sql = sql.replace(name, value)
    rules = {"by_day": False, "waiting_is_settled": False, "ended_is_apart": False}

    def count() -> object:
        write_facts(tmp_path, duckdb=duckdb)
        return FactFiles(tmp_path, duckdb=duckdb).rows(sql, rules)

    ours = count()
    actions.hand_back_case(officer=world.cuc, mirrored_id=row.pk, reason="Bộ.", now=NOW)
    theirs = count()

    assert (ours, theirs) == ([(1,)], [(0,)])

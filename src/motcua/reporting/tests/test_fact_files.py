"""Facts in Parquet files: the same SQL gives the same counts on DuckDB as on PostgreSQL."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import duckdb
import pytest
from django.core.management import CommandError, call_command

from motcua.cases.models import ClockEvent
from motcua.reporting import facts
from motcua.reporting.fact_files import FACTS, FactFiles
from motcua.reporting.facts import CountingRules, Slice
from motcua.reporting.tests.province import Province, entry, local, make_cases

SETTINGS = (
    CountingRules(),
    CountingRules(by_day=True),
    CountingRules(waiting_is_settled=True, ended_is_apart=True),
)

# Read one by one: keys, codes, places in the organisation and moments; no name, number or address.
NOT_PERSONAL = {
    "case_facts": {
        *("case_id", "case_code", "unit_id", "unit_path", "level", "field_id", "procedure_id"),
        *("revision_id", "channel", "status", "receiving_agency_id", "returned_at"),
        *("received_at", "due_at", "finished_at", "clock_stopped_at"),
    },
    "due_facts": {"case_id", "due_at", "known_from", "known_until"},
    "stop_facts": {"case_id", "kind", "stops", "happened_at", "known_from", "known_until"},
    "past_facts": {
        *("past_id", "case_id", "status", "due_at", "finished_at", "returned_at", "known_until"),
    },
    "theirs_facts": {"case_id", "starts_at", "ends_at"},
    "step_facts": {
        *("step_id", "case_id", "step_key", "unit_id", "unit_path", "level", "role"),
        *("opened_at", "due_at", "completed_at"),
    },
    "place_facts": {"unit_id", "unit_path", "level", "kind"},
    "revision_facts": {
        *("revision_id", "procedure_id", "level", "field_id", "unit_id", "unit_path", "unit_kind"),
        *("online", "decided_on", "starts_on", "ends_on"),
    },
    "calendar_facts": {"day", "days_before", "working_days_before"},
}


def test_duckdb_counts_what_postgresql_counts(quarter: Province, tmp_path: Path) -> None:
    case = make_cases(quarter, [entry("2023-02-01 08:00", "2023-03-10 17:00")])[0]
    make_cases(
        quarter,
        [entry("2023-01-03 08:00", "2023-01-10 11:30", "2023-01-10 16:00", status="STOPPED")],
    )
    ClockEvent.objects.create(
        case=case,
        kind="SUPPLEMENT_REQUESTED",
        at=local("2023-03-01 09:00"),
        recorded_at=local("2023-03-01 09:00"),
        recorded_by=quarter.clerk,
    )
    out = StringIO()
    call_command("export", "facts", parquet=tmp_path, stdout=out)

    files = FactFiles(tmp_path, duckdb=duckdb)
    for rules in SETTINGS:
        wanted = Slice(
            starts_at=local("2022-12-15 00:00"), cut_off=local("2023-03-15 00:00"), rules=rules
        )
        here = facts.count_cases(wanted, by=("unit", "field"), counts=facts.list_counts())
        there = facts.count_cases(
            wanted, by=("unit", "field"), counts=facts.list_counts(), engine=files
        )
        assert here == there
        assert here

    assert "case_facts.parquet: 9" in out.getvalue()
    assert {path.stem for path in tmp_path.iterdir()} == set(FACTS)


def test_the_files_hold_these_columns_and_none_tells_of_a_person(
    quarter: Province, tmp_path: Path
) -> None:
    make_cases(quarter, [entry("2023-02-01 08:00", "2023-03-10 17:00")])
    call_command("export", "facts", parquet=tmp_path, stdout=StringIO())

    found = {path.stem: set(duckdb.read_parquet(str(path)).columns) for path in tmp_path.iterdir()}

    assert found == NOT_PERSONAL


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Không có thư mục"):
        call_command("export", "facts", parquet=tmp_path / "none")

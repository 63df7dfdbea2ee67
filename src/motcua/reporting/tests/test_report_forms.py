"""The command `report` writes every report that is a page, in every format, with every engine."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from django.core.management import CommandError, call_command

from motcua.reporting.reports import list_report_names
from motcua.reporting.tests.province import Q1_LAST, Province

Q1 = ("--period", "2023-Q1")
# Forms of the whole province take no unit; the others are asked for with all units below the top one.
# These read charts and ledgers, which the case files here have none of: see test_lateness, test_causes.
LEDGERS = {"lateness", "ii-07a"}
WHOLE = {"reform-form-3", "service-index", "narrative"}


def report(name: str, *arguments: str) -> str:
    out = io.StringIO()
    call_command("report", name, *Q1, *arguments, stdout=out)
    return out.getvalue()


def unit_of(name: str) -> tuple[str, ...]:
    return () if name in WHOLE else ("--unit", "H19", "--with-subordinate")


def test_the_reports_are_those_that_are_pages() -> None:
    assert set(list_report_names(Q1_LAST)) >= {
        "one-stop-table", "lateness", "narrative", "ii-06a", "ii-07a", "reform-form-3", "department-forms",
        "service-index", "one-stop-evaluation", "on-time-rates",
    }  # fmt: skip


def test_every_report_is_written_as_json_text_and_xlsx(quarter: Province, tmp_path: Path) -> None:
    for name in set(list_report_names(Q1_LAST)) - LEDGERS:
        path = tmp_path / f"{name}.xlsx"

        found = json.loads(report(name, *unit_of(name), "--format", "json"))
        text = report(name, *unit_of(name))
        report(name, *unit_of(name), "--format", "xlsx", "--output", str(path))

        assert found, name
        assert len(text.splitlines()) > 5, name
        sheet = openpyxl.load_workbook(path).active
        assert sheet is not None and sheet.max_row > 3, name


def test_json_of_a_form_has_the_figures_of_its_rows(quarter: Province) -> None:
    found = json.loads(report("ii-06a", *unit_of("ii-06a"), "--format", "json"))

    row = next(row for row in found["rows"] if row["key"] == "DD")
    assert (row["name"], row["total"], row["done_on_day"], row["done_late"]) == ("Đất đai", 2, 1, 1)
    assert (found["total"]["total"], found["total"]["still_open"]) == (5, 2)
    assert found["counted_as"]["on_time"] == "by_moment"
    assert found["does_not_hold"] == []


def test_rows_and_answers_may_be_chosen(quarter: Province) -> None:
    unit = unit_of("ii-06a")

    by_unit = json.loads(report("ii-06a", *unit, "--rows", "unit", "--format", "json"))
    text = report("ii-06a", *unit, "--count", "on_time=by_day", "--cast-back")

    assert [row["key"] for row in by_unit["rows"]] == ["H19.01"]
    assert "So đúng hạn theo: ngày hẹn trả" in text
    assert "được tính cho đơn vị kế thừa" in text


def test_a_list_has_a_line_for_each_indicator(quarter: Province) -> None:
    found = json.loads(report("reform-form-3", "--format", "json"))

    lines = {line["code"]: line for line in found["lines"] if "indicator" in line}
    assert (lines["3.1.1"]["value"], lines["3.1.1"]["level"]) == (3, "PROVINCE")
    assert (lines["3.1"]["value"], lines["1.2"]["value"]) == (66.67, None)


RATES = ("done", "due", "total", "received", "service_index")


@pytest.mark.parametrize(
    ("name", "rates"),
    [
        ("on-time-rates", tuple(f"rate_of_{part}" for part in RATES)),
        ("one-stop-table", ("rate_percent",)),
    ],
)
def test_over_nothing_there_is_a_dash_in_every_format_and_never_zero_percent(
    province: Province, tmp_path: Path, name: str, rates: tuple[str, ...]
) -> None:
    path = tmp_path / "nothing.xlsx"

    found = json.loads(report(name, *unit_of(name), "--format", "json"))["total"]
    text = report(name, *unit_of(name))
    report(name, *unit_of(name), "--format", "xlsx", "--output", str(path))

    assert [found[rate] for rate in rates] == [None] * len(rates)
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    rows = [row for row in sheet.iter_rows(values_only=True) if "TỔNG CỘNG" in row]
    (line,) = [line for line in text.splitlines() if "TỔNG CỘNG" in line]
    assert [row.count("–") for row in rows] == [line.count("–")] == [len(rates)]


def test_over_nothing_the_narrative_says_no_percent(province: Province, tmp_path: Path) -> None:
    path = tmp_path / "nothing.docx"

    report("narrative", "--format", "docx", "--output", str(path))

    said = "\n".join(paragraph.text for paragraph in docx.Document(str(path)).paragraphs)
    assert "BÁO CÁO" in said
    assert "%" not in said + report("narrative")


def test_the_narrative_is_a_document_too(quarter: Province, tmp_path: Path) -> None:
    path = tmp_path / "report.docx"

    report("narrative", "--format", "docx", "--output", str(path))

    assert path.read_bytes()[:2] == b"PK"
    assert "nhận giải quyết 5 hồ sơ" in report("narrative")


def test_duckdb_gives_the_reports_that_postgresql_gives(quarter: Province, tmp_path: Path) -> None:
    call_command("export", "facts", parquet=tmp_path, stdout=io.StringIO())
    facts = ("--engine", "duckdb", "--facts", str(tmp_path))

    for name in set(list_report_names(Q1_LAST)) - LEDGERS:
        asked = (*unit_of(name), "--format", "json")
        assert report(name, *asked, *facts) == report(name, *asked), name


def test_without_a_folder_the_facts_of_this_moment_are_counted(quarter: Province) -> None:
    here: Any = json.loads(report("one-stop-table", "--format", "json"))
    there: Any = json.loads(report("one-stop-table", "--format", "json", "--engine", "duckdb"))

    assert there == here
    assert here["total"]["total"] == 5


@pytest.mark.parametrize(
    "name, arguments, complaint",
    [
        ("ii-06a", ("--engine", "oracle"), "Không có bộ máy đếm “oracle”"),
        ("ii-06a", ("--engine", "duckdb", "--facts", "/none"), "thiếu case_facts.parquet"),
        ("ii-06a", ("--rows", "colour"), "Không có cách chia dòng “colour”"),
        ("ii-06a", ("--count", "on_time"), "không đúng dạng"),
        ("ii-06a", ("--count", "on_time=never"), "Không có on_time “never”"),
        ("ii-06a", ("--count", "moon=full"), "Không có quy ước “moon”"),
        ("reform-form-3", ("--unit", "H19.01"), "là của cả tỉnh"),
        ("narrative", ("--unit", "H19.01"), "là của Văn phòng và cả tỉnh"),
        ("one-stop-table", ("--rows", "unit"), "không nhận --rows"),
        ("lateness", ("--engine", "duckdb"), "chỉ lập được từ PostgreSQL"),
        ("ii-06a", ("--format", "docx"), "Không có định dạng “docx”"),
    ],
)
def test_what_a_report_does_not_take_is_refused(
    quarter: Province, name: str, arguments: tuple[str, ...], complaint: str
) -> None:
    with pytest.raises(CommandError) as caught:
        report(name, *arguments)

    assert caught.value.returncode == 2
    assert complaint in str(caught.value)


def test_without_spark_it_is_said_what_to_install(
    quarter: Province, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call_command("export", "facts", parquet=tmp_path, stdout=io.StringIO())
    monkeypatch.setitem(__import__("sys").modules, "pyspark", None)

    with pytest.raises(CommandError, match=r"motcua\[spark\]"):
        report("ii-06a", "--engine", "spark", "--facts", str(tmp_path))

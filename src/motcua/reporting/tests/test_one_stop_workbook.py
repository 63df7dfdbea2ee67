"""The Excel workbook of the one-stop table: the same figures, as numbers."""

from __future__ import annotations

import io

import openpyxl
from django.utils import translation

from motcua.reporting import queries, workbook
from motcua.reporting.tests.province import AFTER_Q1, Q1_FIRST, Q1_LAST, Province


def build(province: Province) -> bytes:
    table = queries.get_one_stop_table(
        unit=queries.get_unit(province.office.code, on=Q1_LAST),
        first_day=Q1_FIRST,
        last_day=Q1_LAST,
        now=AFTER_Q1,
    )
    return workbook.build_workbook(table)


def read(content: bytes) -> list[tuple[object, ...]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    return [tuple(row) for row in sheet.iter_rows(values_only=True)]


def test_the_workbook_holds_the_figures_as_numbers(quarter: Province) -> None:
    rows = read(build(quarter))

    assert (1, "Đất đai", 2, 0, 2, 1, 1, 2, 0, 0, 0, 50) in rows
    assert (2, "Đấu thầu", 0, 1, 1, 0, 0, 0, 0, 1, 1, "–") in rows
    assert ("TỔNG CỘNG", None, 2, 3, 5, 2, 1, 3, 1, 1, 2, 66.67) in rows


def test_the_workbook_says_unit_period_formula_and_sources(quarter: Province) -> None:
    lines = [row[0] for row in read(build(quarter)) if isinstance(row[0], str)]

    assert lines[1:4] == [
        "Đơn vị báo cáo: Văn phòng Ủy ban nhân dân tỉnh (H19.01)",
        "Quý I năm 2023, từ ngày 15/12/2022 đến ngày 14/03/2023",
        "Số liệu chốt lúc hết ngày 14/03/2023",
    ]
    assert "Tổng cộng: 2 ÷ 3 × 100 = 66,67" in lines
    assert any("(chưa kiểm tra)" in line for line in lines)


def test_the_workbook_of_a_unit_without_case_files_opens(province: Province) -> None:
    rows = read(build(province))

    assert ("TỔNG CỘNG", None, 0, 0, 0, 0, 0, 0, 0, 0, 0, "–") in rows


def test_the_workbook_is_in_the_language_of_the_reader(quarter: Province) -> None:
    with translation.override("en"):
        rows = read(build(quarter))

    assert rows[0][0] == "Settlement of administrative case files under the one-stop mechanism"
    assert any(row[1] == "Field DD" for row in rows)


def test_the_same_table_gives_the_same_file(quarter: Province) -> None:
    assert build(quarter) == build(quarter)

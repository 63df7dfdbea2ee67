"""The command `report`: JSON, text and XLSX of the one-stop table, and clear refusals."""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from motcua.reporting.tests.province import Province

Q1 = ("--from", "2022-12-15", "--to", "2023-03-14")


def report(*arguments: str) -> str:
    out = io.StringIO()
    call_command("report", "one-stop-table", *arguments, stdout=out)
    return out.getvalue()


def test_json_has_a_row_for_each_field_and_the_total(quarter: Province) -> None:
    found = json.loads(report("--unit", "H19.01", *Q1, "--format", "json"))

    names = [
        "carried_over", "received", "total", "done_on_time", "done_late", "done", "open_in_time",
        "open_overdue", "open", "rate_percent",
    ]  # fmt: skip
    figures: dict[str, list[float | None]] = {
        "Đất đai": [2, 0, 2, 1, 1, 2, 0, 0, 0, 50.0],
        "Đấu thầu": [0, 1, 1, 0, 0, 0, 0, 1, 1, None],
        "Tài nguyên nước": [0, 2, 2, 1, 0, 1, 1, 0, 1, 100.0],
    }
    assert found == {
        "rows": [
            {"field": field, **dict(zip(names, row, strict=True))} for field, row in figures.items()
        ],
        "total": dict(zip(names, [2, 3, 5, 2, 1, 3, 1, 1, 2, 66.67], strict=True)),
    }


@pytest.mark.parametrize(
    "days", [("--from", "15/12/2022", "--to", "14/03/2023"), ("--period", "2023-Q1")]
)
def test_days_may_be_written_the_vietnamese_way_or_by_the_periods_name(
    quarter: Province, days: tuple[str, ...]
) -> None:
    assert report(*days, "--format", "json") == report(*Q1, "--format", "json")


def test_text_is_a_table_with_unit_period_and_formula(quarter: Province) -> None:
    lines = report(*Q1).splitlines()

    assert lines[1] == "Văn phòng Ủy ban nhân dân tỉnh (H19.01)"
    rows = [line.split() for line in lines]
    assert ["Đất", "đai", "2", "0", "2", "1", "1", "2", "0", "0", "0", "50,00"] in rows
    assert ["TỔNG", "CỘNG", "2", "3", "5", "2", "1", "3", "1", "1", "2", "66,67"] in rows
    assert "2 ÷ 3 × 100 = 66,67" in lines


def test_xlsx_goes_to_the_file(quarter: Province, tmp_path: Path) -> None:
    path = tmp_path / "bảng.xlsx"

    printed = report(*Q1, "--format", "xlsx", "--output", str(path))

    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert ("TỔNG CỘNG", None, 2, 3, 5, 2, 1, 3, 1, 1, 2, 66.67) in rows
    assert printed == ""
    assert [file.name for file in tmp_path.iterdir()] == ["bảng.xlsx"]


def test_xlsx_goes_to_standard_output_as_bytes(
    quarter: Province, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    call_command("report", "one-stop-table", *Q1, "--format", "xlsx")

    assert openpyxl.load_workbook(io.BytesIO(capfdbinary.readouterr().out)).active is not None


@pytest.mark.parametrize(
    "arguments, complaint",
    [
        (("--from", "2023-03-14", "--to", "2022-12-15"), "trước khi bắt đầu"),
        (("--from", "2023-02-30", "--to", "2023-03-14"), "--from: “2023-02-30” không phải ngày"),
        (("--from", "2023-03-14"), "Thiếu kỳ báo cáo"),
        ((), "Thiếu kỳ báo cáo"),
        (("--period", "2023-Q9"), "Luật không có kỳ báo cáo “2023-Q9”"),
        (("--period", "2023-Q1", "--to", "2023-03-14"), "Chỉ dùng một trong hai"),
        ((*Q1, "--unit", "H99"), "Không có cơ quan nào mang mã “H99”"),
        ((*Q1, "--format", "pdf"), "Không có định dạng “pdf”. Hãy dùng: text, json, xlsx."),
        (("--from", "2999-01-01", "--to", "2999-01-02"), "chưa có số liệu"),
        ((*Q1, "--output", "/nowhere/bang.txt"), "Không ghi được vào “/nowhere/bang.txt”"),
    ],
)
def test_a_wrong_question_ends_with_2_and_one_line(
    quarter: Province, arguments: tuple[str, ...], complaint: str
) -> None:
    with pytest.raises(CommandError) as caught:
        report(*arguments)

    assert caught.value.returncode == 2
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_unknown_form_is_refused(province: Province) -> None:
    with pytest.raises(CommandError, match="Không có biểu “table”. Hãy dùng: one-stop-table."):
        call_command("report", "table", *Q1)


def test_a_failed_write_leaves_nothing_behind(quarter: Province, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()

    with pytest.raises(CommandError):
        report(*Q1, "--output", str(tmp_path / "folder"))

    assert [file.name for file in tmp_path.iterdir()] == ["folder"]

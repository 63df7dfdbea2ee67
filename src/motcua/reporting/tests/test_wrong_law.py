"""Where the law data contradict themselves, pages and the command say it with file and line."""

from __future__ import annotations

import io
import logging
import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client, override_settings

from motcua.lawbook import queries as lawbook
from motcua.reporting.tests.province import Province, make_officer

RIGHT = 'formula: "percent(done_on_time, done)"'
WRONG = {
    "percent(done_in_time, done)": "Công thức dùng chỉ tiêu “done_in_time”, không có chỉ tiêu này.",
    "percent(done_on_time, ": "Công thức kết thúc giữa chừng.",
    "done_on_time": "ghi kind percent, công thức cho",
}
Q1 = {"unit": "H19.01", "first_day": "15/12/2022", "last_day": "14/03/2023"}


def law_with(folder: Path, *changes: tuple[str, str]) -> tuple[Path, int]:
    """Return a copy of the law with other lines in its indicators, and the number of the first."""
    law = shutil.copytree(lawbook.get_law_dir(), folder / "law")
    path = law / "indicators" / "case_files.yaml"
    text = path.read_text("utf-8")
    for right, wrong in changes:
        assert right in text
        text = text.replace(right, wrong, 1)
    path.write_text(text, "utf-8")
    return law, text[: text.index(changes[0][1])].count("\n") + 1


@pytest.mark.parametrize("formula", WRONG)
def test_a_formula_that_makes_no_sense_is_told_with_file_and_line(
    province: Province, tmp_path: Path, formula: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, "django.request")
    client = Client()
    client.force_login(make_officer("dung", province.office, "CONTROLLER"))
    law, line = law_with(tmp_path, (RIGHT, f'formula: "{formula}"'))

    with override_settings(LAW_DIR=law):
        page = client.get("/bao-cao/bieu/ii_06a/", Q1)
        with pytest.raises(CommandError) as caught:
            call_command("report", "ii-06a", "--period", "2023-Q1", stdout=io.StringIO())

    said, told = page.content.decode(), str(caught.value)
    assert page.status_code == 500
    assert WRONG[formula] in said and WRONG[formula] in told
    file, number = told.split(": ")[0].rsplit(":", 1)
    assert file == "law/indicators/case_files.yaml"
    assert abs(int(number) - line) < 12
    assert f"{file}:{number}: " in said
    assert caught.value.returncode == 2


def test_a_circle_of_indicators_is_told_by_its_way_round(
    province: Province, tmp_path: Path
) -> None:
    law, line = law_with(
        tmp_path,
        (RIGHT, 'formula: "rate_of_due"'),
        ('formula: "percent(come_due_on_time, come_due)"', 'formula: "rate_of_done"'),
    )

    with override_settings(LAW_DIR=law), pytest.raises(CommandError) as caught:
        call_command("report", "on-time-rates", "--period", "2023-Q1", stdout=io.StringIO())

    where, said = str(caught.value).split(": ", 1)
    assert abs(int(where.rsplit(":", 1)[1]) - line) < 12
    assert "vòng tròn: rate_of_done → rate_of_due → rate_of_done" in said

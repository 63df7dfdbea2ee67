"""The catalogue leaves as a file and comes back; a broken file is explained row by row."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import SitDown
from tests.journeys.desk import Desk
from tests.journeys.server import Server


@pytest.mark.parametrize("form", ["YAML", "XLSX"])
def test_the_catalogue_comes_back_unchanged(
    sit_down: SitDown, server: Server, tmp_path: Path, form: str
) -> None:
    desk = sit_down("vp.ksttthc")
    before = catalogue_rows(server)

    file = export(desk, form, tmp_path)
    import_file(desk, file)

    assert fact(desk, "Thủ tục thêm mới") == 0
    assert fact(desk, "Thủ tục thay đổi") == 0
    assert fact(desk, "Bản thêm mới") == 0
    assert fact(desk, "Thủ tục giữ nguyên") == before["procedures"]
    assert catalogue_rows(server) == before
    assert desk.find_barriers() == []


def test_a_broken_file_is_explained_row_by_row_and_changes_nothing(
    sit_down: SitDown, server: Server, tmp_path: Path
) -> None:
    desk = sit_down("vp.ksttthc")
    before = catalogue_rows(server)
    file = export(desk, "XLSX", tmp_path)
    spoil(file)
    desk.await_status(422)

    import_file(desk, file)

    problems = desk.page.locator("main table tbody tr")
    assert problems.count() == 3
    for wrong in ("30/02/2023", "nhiều", "vài"):
        expect(problems.filter(has_text=f"{wrong}")).to_have_count(1)
    expect(desk.page.get_by_role("alert")).to_contain_text(file.name)
    assert catalogue_rows(server) == before
    assert desk.find_barriers() == []


def test_what_is_no_catalogue_at_all_is_refused(
    sit_down: SitDown, server: Server, tmp_path: Path
) -> None:
    desk = sit_down("vp.ksttthc")
    before = catalogue_rows(server)
    file = tmp_path / "danh mục.yaml"
    file.write_text("procedures: [1, 2\n")
    desk.await_status(422)

    import_file(desk, file)

    expect(desk.page.get_by_role("alert")).to_be_visible()
    assert catalogue_rows(server) == before


def export(desk: Desk, form: str, folder: Path) -> Path:
    """Download the catalogue and return its file."""
    desk.open("/thu-tuc/")
    with desk.page.expect_download() as download:
        desk.page.get_by_role("link", name=f"Tải {form}").click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    assert file.stat().st_size > 0
    return file


def import_file(desk: Desk, file: Path) -> None:
    """Give a file to the import page."""
    desk.open("/thu-tuc/nhap/")
    desk.page.locator("input[type=file]").set_input_files(file)
    with desk.page.expect_navigation():
        desk.page.get_by_role("button", name="Nhập", exact=True).click()


def fact(desk: Desk, name: str) -> int:
    """A figure of the result."""
    shown = desk.page.locator("dl.facts div", has_text=name).locator("dd").inner_text()
    return int(shown.replace(".", ""))


def catalogue_rows(server: Server) -> dict[str, int]:
    """How many rows each table of the catalogue has."""
    tables = {"procedures": "procedure", "revisions": "revision", "papers": "component"}
    return {
        name: server.ask(f"SELECT count(*) FROM procedures_{table}")[0][0]
        for name, table in tables.items()
    }


def spoil(file: Path) -> None:
    """Put a day that does not exist and a number that is none into a workbook."""
    book = openpyxl.load_workbook(file)
    for sheet, head, value in (
        ("Thủ tục", "Áp dụng đến hết ngày", "30/02/2023"),
        ("Thủ tục", "Mức độ trực tuyến", "nhiều"),
        ("Thành phần", "Số bản chính", "vài"),
    ):
        column = [cell.value for cell in book[sheet][1]].index(head) + 1
        book[sheet].cell(row=3, column=column, value=value)
    book.save(file)

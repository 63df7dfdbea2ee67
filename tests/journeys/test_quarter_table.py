"""The quarter's table: the figures of the report, each opening to the case files behind it."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from lxml import html
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import SitDown
from tests.journeys.desk import Desk

TABLE = "/bao-cao/mot-cua/?unit=H19.01&period=2023-Q1"
# Section 2.2.2 of report 503/BC-VP; the rate is computed, where the report misprints it.
TOTAL = ["42", "242", "284", "190", "1", "191", "93", "0", "93", "99,48"]
WATER = ["11", "49", "60", "35", "0", "35", "25", "0", "25", "100,00"]
LAND = ["15", "33", "48", "31", "0", "31", "17", "0", "17", "100,00"]


def test_the_quarter_comes_out_as_the_report_prints_it(sit_down: SitDown) -> None:
    desk = sit_down("vp.lanhdao")

    desk.open("/bao-cao/mot-cua/")
    desk.page.get_by_label("Đơn vị", exact=True).select_option("H19.01")
    desk.page.get_by_label("Kỳ báo cáo").select_option("2023-Q1")
    with desk.page.expect_navigation():
        desk.page.get_by_role("button", name="Lập bảng").click()

    words = desk.page.locator("main").inner_text()
    assert "15/12/2022" in words
    assert "14/03/2023" in words
    assert figures(desk, "TỔNG CỘNG") == TOTAL
    assert figures(desk, "Tài nguyên nước") == WATER
    assert figures(desk, "Đất đai") == LAND
    assert desk.find_barriers() == []


@pytest.mark.parametrize("row", ["TỔNG CỘNG", "Tài nguyên nước", "Đất đai"])
def test_each_figure_opens_to_as_many_case_files_as_it_says(sit_down: SitDown, row: str) -> None:
    desk = sit_down("vp.lanhdao")
    desk.open(TABLE)

    cells = table_row(desk, row).locator("td.num a")
    links = [(cell.inner_text(), cell.get_attribute("href") or "") for cell in cells.all()]
    said = [int(words) for words, link in links if "/ho-so/" in link]
    listed = [count_files(desk, link) for _words, link in links if "/ho-so/" in link]

    assert len(said) == 9
    assert listed == said


def test_a_figure_is_opened_and_leads_on_to_a_case(sit_down: SitDown) -> None:
    desk = sit_down("vp.lanhdao")
    desk.open(TABLE)

    with desk.page.expect_navigation():
        table_row(desk, "TỔNG CỘNG").locator("td.num a").nth(4).click()
    assert desk.page.locator("tbody tr").count() == 1
    assert desk.find_barriers() == []
    with desk.page.expect_navigation():
        desk.page.locator("tbody a").first.click()

    assert desk.path.startswith("/ho-so/")
    assert desk.page.locator(".page-head .chip-late").count() >= 1


def test_the_rate_explains_itself(sit_down: SitDown) -> None:
    desk = sit_down("vp.lanhdao")
    desk.open(TABLE)

    table_row(desk, "TỔNG CỘNG").get_by_role("link", name="99,48").click()

    answer = desk.page.locator("#explain-body")
    expect(answer.locator(".explain-answer")).to_contain_text("99,48")
    expect(answer).to_contain_text("190")
    expect(answer).to_contain_text("191")
    assert "99,48" in desk.page.locator("main").inner_text()
    assert desk.find_barriers() == []


def test_the_workbook_holds_the_same_figures(sit_down: SitDown, tmp_path: Path) -> None:
    desk = sit_down("vp.lanhdao")
    desk.open(TABLE)

    with desk.page.expect_download() as download:
        desk.page.get_by_role("link", name="Tải Excel").click()

    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    book = openpyxl.load_workbook(file)
    rows = {
        row[1] or row[0]: [written(value) for value in row[2:12]]
        for row in book.active.iter_rows(values_only=True)
    }
    assert file.name == "mot-cua_H19.01_20221215-20230314.xlsx"
    assert rows["TỔNG CỘNG"] == TOTAL
    assert rows["Tài nguyên nước"] == WATER
    assert rows["Đất đai"] == LAND


def test_on_paper_there_is_the_table_and_no_rail(sit_down: SitDown) -> None:
    desk = sit_down("vp.lanhdao")
    desk.open(TABLE)

    desk.page.emulate_media(media="print")

    expect(desk.page.locator(".rail")).to_be_hidden()
    expect(desk.page.locator(".topbar")).to_be_hidden()
    expect(desk.page.get_by_role("button", name="Lập bảng")).to_be_hidden()
    expect(desk.page.locator("tfoot")).to_be_visible()


def table_row(desk: Desk, name: str) -> Locator:
    """The row of a field, or of the total."""
    return desk.page.locator("table tr", has=desk.page.get_by_role("rowheader", name=name))


def figures(desk: Desk, name: str) -> list[str]:
    """The figures of a row as they are printed."""
    cells = table_row(desk, name).locator("td.num").all_inner_texts()
    return [words.strip() for words in cells][-10:]


def count_files(desk: Desk, link: str) -> int:
    """Leaf through the list behind a figure and count its rows, which its heading must confirm."""
    counted, seen, next_page = 0, set(), [link]
    while next_page:
        page = desk.fetch_page(absolute(link, next_page[0]))
        codes = page.xpath("//tbody//th[@scope='row']//*[contains(@class, 'cell-title')]/text()")
        counted += len(codes)
        seen.update(codes)
        next_page = page.xpath("//nav[contains(@class, 'pages')]//a[@rel='next']/@href")
    assert len(seen) == counted, "a case file is listed twice"
    assert f"{counted} hồ sơ" in words_of(page)
    return counted


def absolute(link: str, href: str) -> str:
    """The address of a link that may hold a query only."""
    return link.split("?")[0] + href if href.startswith("?") else href


def words_of(page: html.HtmlElement) -> str:
    """The lead of a page in one line."""
    return " ".join(page.xpath("string(//*[contains(@class, 'page-lead')])").split())


def written(value: object) -> str:
    """A figure of the workbook as the page writes it."""
    return f"{value:.2f}".replace(".", ",") if isinstance(value, float) else str(value)

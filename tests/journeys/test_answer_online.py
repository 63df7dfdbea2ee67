"""The way of an online submission to its answer, as the clerk goes it in a browser."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.conftest import SitDown


def test_a_clerk_reads_what_was_sent_and_refuses_it_in_words(sit_down: SitDown) -> None:
    desk = sit_down("tt.tiepnhan2")
    desk.open("/truc-tuyen/")
    waiting = desk.page.locator(".table tbody tr")
    before = waiting.count()

    # The third one was sent without its papers.
    with desk.page.expect_navigation():
        waiting.nth(2).locator("a.cell-title").click()
    assert desk.find_barriers() == []
    expect(desk.page.locator("main")).to_contain_text("còn thiếu")
    desk.page.get_by_label("Lý do từ chối").fill("Chưa đính kèm giấy tờ. Hãy nộp lại cho đủ.")
    desk.page.get_by_role("button", name="Từ chối tiếp nhận").first.click()
    with desk.page.expect_navigation():
        desk.page.get_by_role("dialog").get_by_role("button", name="Từ chối tiếp nhận").click()

    expect(desk.page.locator("main")).to_contain_text("Đã từ chối hồ sơ trực tuyến của")
    assert waiting.count() == before - 1
    desk.open("/truc-tuyen/?state=refused")
    expect(waiting).to_have_count(1)

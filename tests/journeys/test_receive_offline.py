"""A clerk goes on while the connection is down; what was written becomes a case when it is back."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.conftest import SitDown


def test_a_receipt_written_offline_outlives_the_page_and_becomes_one_case(
    sit_down: SitDown,
) -> None:
    desk = sit_down("tt.tiepnhan2")
    page = desk.page
    desk.open("/tiep-nhan/ngoai-tuyen/")
    page.evaluate("() => navigator.serviceWorker.ready")
    # From the second time on the worker sees what the page is made of, and keeps it.
    page.reload(wait_until="networkidle")
    written = page.locator("#offline-list li")

    desk.context.set_offline(True)
    for box in page.locator("#offline-papers input").all():
        box.check()
    page.get_by_role("button", name="Viết giấy tiếp nhận tạm").click()
    expect(page.locator("#offline-problem")).to_have_text("Chưa nhập họ tên người nộp.")
    page.get_by_label("Họ tên hoặc tên tổ chức").fill("Nguyễn Ẵm")
    page.get_by_role("button", name="Viết giấy tiếp nhận tạm").click()
    expect(written).to_contain_text("chờ gửi")
    page.reload()
    expect(written).to_contain_text("NT-")
    expect(page.locator("#offline-left")).to_have_text("Còn 19 số")

    desk.context.set_offline(False)
    expect(written).to_contain_text("đã có mã hồ sơ")
    desk.wrongs[:] = [wrong for wrong in desk.wrongs if "DISCONNECTED" not in wrong]
    with page.expect_navigation():
        written.locator("a.code").click()
    expect(page.locator("main")).to_contain_text("Tiếp nhận ngoại tuyến, giấy số NT-")

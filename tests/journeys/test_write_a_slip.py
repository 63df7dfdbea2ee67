"""A controller looks at new words of a slip in a tab of its own, mends them, and writes them."""

from playwright.sync_api import expect

from tests.journeys.conftest import SitDown


def test_words_are_looked_at_mended_and_written(sit_down: SitDown) -> None:
    desk = sit_down("vp.ksttthc")
    desk.await_status(422)
    desk.open("/luat/mau-giay/withdrawal/")
    box = desk.page.get_by_label("Nội dung", exact=True)
    words = box.input_value()

    box.fill(f"{words}\nGọi {{so_may}} khi cần.")
    with desk.page.expect_popup() as shown:
        desk.page.get_by_role("button", name="Xem trước").click()
    expect(shown.value.get_by_role("alert")).to_contain_text("không có chỗ điền {so_may}")
    shown.value.close()
    box.fill(f"{words}\nGọi tổng đài khi cần.")
    desk.page.get_by_label("Lý do", exact=True).fill("Thêm tổng đài")
    desk.page.get_by_role("button", name="Ghi lời mới").click()

    expect(desk.page.get_by_text("Lý do: Thêm tổng đài")).to_be_visible()
    assert desk.page.get_by_label("Nội dung", exact=True).input_value().endswith("khi cần.")

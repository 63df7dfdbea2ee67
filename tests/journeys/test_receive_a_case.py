"""The counter: from words without diacritics to the receipt in the citizen's hand."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.conftest import SitDown

# Two keys a second is a slow typist, so this many take less than half a minute.
MOST_KEYS = 60
COUNT_KEYS_AND_CLICKS = """
addEventListener('keydown', () => { sessionStorage.keys = 1 + Number(sessionStorage.keys ?? 0); }, true);
addEventListener('pointerdown', () => { sessionStorage.clicks = 'some'; }, true);
"""


def test_a_clerk_receives_a_case_with_the_keyboard_alone(sit_down: SitDown) -> None:
    desk = sit_down("")
    page, keys = desk.page, desk.page.keyboard

    desk.open("/")
    desk.tab_to("[name=login]")
    keys.type("tt.tiepnhan1")
    desk.tab_to("[name=password]")
    keys.type("motcua-2023")
    with page.expect_navigation():
        keys.press("Enter")
    keys.press("Control+k")
    keys.type("tiep nhan")
    with page.expect_navigation():
        keys.press("Enter")
    keys.type("bang khen theo dot hoac chuyen de")
    expect(page.locator(".finder-group li")).to_have_count(1)
    expect(page.locator(".finder-group li")).to_contain_text("Bằng khen")
    with page.expect_navigation():
        keys.press("Enter")
    promised = page.locator(".promise:has(:checked) .promise-due b").inner_text()
    keys.press("d")
    expect(page.locator(".paper-full:not(:checked)")).to_have_count(0)
    desk.tab_to("[name=applicant_full_name]")
    keys.type("Võ Ngọc Thùy Trang")
    with page.expect_navigation():
        keys.press("Enter")

    code = desk.heading
    assert re.fullmatch(r"000\.01\.01\.H19-230315-\d{4}", code)
    assert promised == "17:00 Thứ Tư 19/04/2023"
    facts = page.locator("main").inner_text()
    assert f"Đã tiếp nhận hồ sơ {code}" in facts
    assert "19/04/2023 17:00" in facts
    receipt = desk.fetch_pdf(
        page.get_by_role("link", name="In giấy tiếp nhận").first.get_attribute("href") or ""
    )
    assert code in receipt
    assert "Võ Ngọc Thùy Trang" in receipt
    assert "17 giờ 00 phút, Thứ Tư ngày 19 tháng 4 năm 2023" in receipt
    assert "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ" in receipt


def test_the_same_procedure_again_takes_few_keys_and_no_mouse(sit_down: SitDown) -> None:
    desk = sit_down("tt.tiepnhan2")
    page, keys = desk.page, desk.page.keyboard
    first = desk.receive_case(name="Lê Thị Hạnh Phúc")
    page.evaluate(COUNT_KEYS_AND_CLICKS)
    page.add_init_script(COUNT_KEYS_AND_CLICKS)

    with page.expect_navigation():
        keys.press("l")
    keys.press("d")
    expect(page.locator(".paper-full:not(:checked)")).to_have_count(0)
    keys.press("n")
    # Letters with marks are put in as a whole, however many keys their way of typing takes.
    for typed in ("Nguyen Van Chinh", "075093001234", "0912345678"):
        keys.type(typed)
        keys.press("Tab")
    with page.expect_navigation():
        keys.press("Enter")

    assert desk.heading not in {"", first}
    facts = page.locator("main").inner_text()
    assert f"Đã tiếp nhận hồ sơ {desk.heading}" in facts
    assert "Nguyen Van Chinh" in facts
    counted = page.evaluate("[Number(sessionStorage.keys), sessionStorage.clicks ?? 'none']")
    assert counted[1] == "none"
    assert 40 < counted[0] < MOST_KEYS

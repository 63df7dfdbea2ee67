"""A workflow drawn in the browser: by keyboard, checked and saved while drawn, by two people at once."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.conftest import SitDown
from tests.journeys.desk import Desk


def test_a_step_is_drawn_by_keyboard_checked_saved_and_found_again(sit_down: SitDown) -> None:
    officer = sit_down("vp.chuyenvien1")
    address = start_draft(officer, "Quy trình vẽ bằng bàn phím")
    page = officer.page
    assert officer.find_barriers() == []

    choose(officer, "Thẩm định hồ sơ")
    palette = page.get_by_role("button", name="Bước có người làm", exact=True)
    palette.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Tên", exact=True)).to_be_focused()
    page.keyboard.type("Lấy ý kiến chuyên gia")
    page.keyboard.press("Tab")

    faults = page.locator("[data-faults]")
    expect(faults).to_contain_text("“Lấy ý kiến chuyên gia” chưa nói ai làm")
    faults.get_by_role("button").first.press("Enter")
    page.get_by_label("Ai làm").select_option("OFFICER")
    page.get_by_label("Thời hạn của bước").fill("1 ngày làm việc")
    page.get_by_label("Thời hạn của bước").press("Tab")
    expect(page.locator("[data-count]")).to_have_text("Không còn chỗ nào phải sửa.")
    page.get_by_role("button", name="Hoàn tác").click()
    expect(faults).to_contain_text("chưa có thời hạn")
    page.get_by_role("button", name="Làm lại").click()
    wait_until_saved(officer)

    officer.open(address)
    expect(page.locator("[data-outline-list]")).to_contain_text(
        "Lấy ý kiến chuyên giaCơ quan giải quyết · công chức thụ lý · 1 ngày làm việc"
    )
    drawn = officer.fetch(f"{address}luu-do.bpmn").text()
    assert re.search(r'name="Lấy ý kiến chuyên gia" motcua:role="OFFICER"', drawn)


def test_the_second_of_two_sees_both_sides_and_nothing_is_overwritten(sit_down: SitDown) -> None:
    officer, leader = sit_down("vp.chuyenvien1"), sit_down("vp.lanhdao")
    address = start_draft(officer, "Quy trình hai người cùng vẽ")
    leader.open(address)
    # A page that is not looked at does not follow the others' saves.
    leader.page.evaluate("Object.defineProperty(document, 'hidden', {get: () => true})")

    rename(officer, "Thẩm định hồ sơ", "Thẩm tra hồ sơ")
    wait_until_saved(officer)
    leader.await_status(409)
    rename(leader, "Phê duyệt kết quả", "Ký kết quả")
    leader.page.get_by_role("button", name="Lưu ngay").click()

    conflict = leader.page.locator("[data-conflict]")
    expect(conflict).to_contain_text("đã lưu bản thảo này lúc")
    expect(conflict.locator("[data-theirs]")).to_contain_text("“Thẩm tra hồ sơ”")
    expect(conflict.locator("[data-mine]")).to_contain_text("“Ký kết quả”")
    leader.page.evaluate("scrollTo(0, 0)")
    assert leader.find_barriers() == []
    conflict.get_by_role("button", name="Đưa bản của tôi lên trên").click()
    wait_until_saved(leader)

    officer.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    newer = officer.page.locator("[data-newer]")
    expect(newer).to_contain_text("bản vẽ đang mở đã theo bản mới này")
    expect(newer).to_contain_text("“Ký kết quả”")
    expect(officer.page.locator("[data-outline-list]")).to_contain_text("Ký kết quả")


def start_draft(desk: Desk, name: str) -> str:
    """Begin a workflow of five steps and open its drawing; return the address."""
    desk.open("/quy-trinh/soan-moi/")
    desk.page.get_by_label("Tên quy trình").fill(name)
    with desk.page.expect_navigation():
        desk.page.get_by_role("button", name="Tạo bản thảo").click()
    address = f"{desk.path}ve/"
    desk.open(address)
    expect(desk.page.locator("[data-ready]")).to_be_visible()
    return address


def choose(desk: Desk, name: str) -> None:
    """Select a place in the list of steps, by keyboard."""
    desk.page.locator("[data-outline-list]").get_by_role("button", name=name).press("Enter")
    expect(desk.page.get_by_label("Tên", exact=True)).to_have_value(name)


def rename(desk: Desk, name: str, new: str) -> None:
    choose(desk, name)
    desk.page.get_by_label("Tên", exact=True).fill(new)
    desk.page.get_by_label("Tên", exact=True).press("Tab")
    expect(desk.page.locator("[data-outline-list]")).to_contain_text(new)


def wait_until_saved(desk: Desk) -> None:
    expect(desk.page.locator("[data-state=saved]")).to_have_text(re.compile(r"đã lưu \d\d:\d\d"))

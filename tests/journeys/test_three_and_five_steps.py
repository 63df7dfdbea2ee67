"""The Office's complaint, three steps here and five there, played by three people until one standard holds."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.conftest import SitDown
from tests.journeys.desk import Desk

COMPARISON = "/quy-trinh/so-sanh-so-buoc/"
REGISTER = "/quy-trinh/quyet-dinh/"
COMPLAINT = "Văn phòng Ủy ban nhân dân tỉnh: 3 bước ↔ 5 bước"


def test_a_department_proposes_the_standard_the_office_answers_and_it_is_published(
    sit_down: SitDown,
) -> None:
    officer, office, control = (
        sit_down(name) for name in ("tnmt.chuyenvien", "vp.lanhdao", "vp.ksttthc")
    )
    control.open(COMPARISON)
    expect(control.page.locator("main")).to_contain_text(COMPLAINT)

    address = propose(officer)
    answer(office, address, "Không đồng ý", "Tên bước phải nói rõ ai thẩm định.")
    officer.open(address)
    expect(officer.page.locator("main")).to_contain_text("Vướng ý kiến")
    take_back(officer, "Sửa theo ý kiến Văn phòng")
    rename_a_step(officer, address)
    send(officer, address)
    answer(office, address, "Đồng ý", "")

    control.open(REGISTER)
    before = count_all(control)
    control.open("/viec-cua-toi/")
    section = control.page.locator("section[aria-labelledby=changes]")
    with control.page.expect_navigation():
        section.get_by_role("link").first.click()
    publish(control)
    control.open(REGISTER)
    assert count_all(control) == before + 1
    control.open(f"{REGISTER}?first_day=15/12/2022&last_day=14/03/2023")
    expect(control.page.locator(".table tbody tr")).to_have_count(6)
    control.open(f"{COMPARISON}?on=16/03/2023")
    expect(control.page.locator("main")).not_to_contain_text(COMPLAINT)


def propose(officer: Desk) -> str:
    """Begin the standard of five steps for the workflow of three, and send it."""
    officer.open("/quy-trinh/xem/office-3-steps/")
    officer.page.get_by_label("Bắt đầu từ").select_option("five-steps")
    with officer.page.expect_navigation():
        officer.page.get_by_role("button", name="Soạn phiên bản mới").click()
    address = officer.path
    assert officer.find_barriers() == []
    send(officer, address)
    return address


def send(officer: Desk, address: str) -> None:
    """Send a draft to consultation."""
    officer.open(address)
    with officer.page.expect_navigation():
        officer.page.get_by_role("button", name="Gửi lấy ý kiến").click()
    expect(officer.page.locator("main")).to_contain_text("đang chờ")


def answer(office: Desk, address: str, words: str, reason: str) -> None:
    """Find the draft in my work, and answer about it."""
    office.open("/viec-cua-toi/")
    section = office.page.locator("section[aria-labelledby=changes]")
    with office.page.expect_navigation():
        section.locator(f'a[href="{address}"]').click()
    assert office.path == address
    office.page.get_by_label(words, exact=True).check()
    office.page.get_by_label("Lý do (không bắt buộc)").fill(reason)
    with office.page.expect_navigation():
        office.page.get_by_role("button", name="Ghi ý kiến").click()
    expect(office.page.locator("main")).to_contain_text(words)


def take_back(officer: Desk, reason: str) -> None:
    """Take the draft back to change it."""
    officer.page.get_by_text("Lấy lại để sửa").click()
    officer.page.get_by_label("Lý do lấy lại").fill(reason)
    with officer.page.expect_navigation():
        officer.page.get_by_role("button", name="Lấy lại").click()


def rename_a_step(officer: Desk, address: str) -> None:
    """Change the name of one step on the drawing page."""
    officer.open(f"{address}ve/")
    expect(officer.page.locator("[data-ready]")).to_be_visible()
    outline = officer.page.locator("[data-outline-list]")
    outline.get_by_role("button", name="Thẩm định hồ sơ").press("Enter")
    name = officer.page.get_by_label("Tên", exact=True)
    name.fill("Chuyên viên Văn phòng thẩm định hồ sơ")
    with officer.page.expect_response(lambda answer: answer.url.endswith("/luu/")):
        name.press("Tab")
        officer.page.get_by_role("button", name="Lưu ngay").click()


def publish(control: Desk) -> None:
    """Publish with a decision, from tomorrow."""
    control.page.get_by_label("Số quyết định công bố").fill("21/QĐ-VP")
    control.page.get_by_label("Áp dụng từ ngày").fill("16/03/2023")
    control.page.get_by_role("button", name="Công bố", exact=True).click()
    with control.page.expect_navigation():
        dialog = control.page.get_by_role("dialog")
        dialog.get_by_role("button", name="Công bố", exact=True).click()
    expect(control.page.locator("main")).to_contain_text("theo quyết định 21/QĐ-VP")


def count_all(desk: Desk) -> int:
    """Return what the chip of the whole register counts."""
    chip = desk.page.get_by_role("link", name="Tất cả").first
    return int(chip.inner_text().split()[-1])

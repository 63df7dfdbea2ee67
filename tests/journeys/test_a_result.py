"""A result on its way: drafted, signed, numbered, handed over, revoked by a decision, and found."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.conftest import SitDown
from tests.journeys.desk import Desk
from tests.journeys.test_settle_a_case import hand_over


def test_a_result_is_signed_numbered_handed_over_revoked_and_found(sit_down: SitDown) -> None:
    clerk, officer, leader = map(sit_down, ("tt.tiepnhan1", "vp.chuyenvien1", "vp.lanhdao"))
    code = waiting_at(clerk)
    page = f"/ho-so/{code}/ket-qua/"

    officer.open(page)
    officer.page.get_by_label("Tệp kết quả").set_input_files(
        {"name": "bang-khen.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    )
    press(officer, "Tải lên")
    clerk.open(f"/tra-ket-qua/?case={code}")
    expect(clerk.page.locator(".notice-warning")).to_contain_text("chưa được ký")
    assert clerk.find_barriers() == []

    leader.open(page)
    press(leader, "Ký kết quả")
    officer.open(page)
    officer.page.get_by_label("Số, ký hiệu văn bản").fill("125/QĐ-UBND")
    officer.page.get_by_label("Ngày văn bản").fill("14/03/2023")
    press(officer, "Cấp số")
    hand_over(clerk, code, to="Đặng Thị Thu")

    leader.open(page)
    leader.page.locator("summary", has_text="Thu hồi kết quả").click()
    leader.page.get_by_label("Quyết định thu hồi").fill("12/QĐ-VP ngày 14/03/2023")
    leader.page.get_by_label("Lý do thu hồi").fill("Sai tên người được khen")
    assert leader.find_barriers() == []
    press(leader, "Thu hồi kết quả")

    officer.open("/ket-qua/?q=125/QĐ-UBND&state=revoked")
    row = officer.page.locator("tbody tr", has_text=f"{code}-KQ(1)")
    expect(row).to_contain_text("12/QĐ-VP ngày 14/03/2023: Sai tên người được khen")
    assert officer.find_barriers() == []


def waiting_at(clerk: Desk) -> str:
    """Return the code of a result that waits at the counter."""
    clerk.open("/tra-ket-qua/")
    link = clerk.page.locator("tbody a.cell-title").last.get_attribute("href") or ""
    found = re.search(r"/ho-so/([^/]+)/", link)
    assert found, "a result waits"
    return found[1]


def press(desk: Desk, name: str) -> None:
    """Press the button that sends a form, and wait for what comes of it."""
    with desk.page.expect_navigation():
        desk.page.locator("main form button", has_text=name).click()

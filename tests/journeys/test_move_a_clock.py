"""A clock on its way: papers asked for, handed in, the day put off, and the due date explained."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.conftest import SitDown
from tests.journeys.desk import Desk


def test_a_clock_stops_starts_again_is_put_off_and_explains_itself(sit_down: SitDown) -> None:
    clerk, officer, leader = (
        sit_down(name) for name in ("tt.tiepnhan1", "vp.chuyenvien1", "vp.lanhdao")
    )
    code = clerk.receive_case(name="Lâm Thị Bích Hạnh")
    first = due_words(clerk)

    open_act(officer, code, "Yêu cầu bổ sung")
    expect(officer.page.locator("main")).to_contain_text("tạm dừng, sẽ tính lại khi hồ sơ tiếp tục")
    assert officer.find_barriers() == []
    send(officer, "Yêu cầu bổ sung", reason="Thiếu bản sao quyết định khen thưởng")
    expect(officer.page.locator(".page-head")).to_contain_text("tạm dừng từ")
    assert officer.find_barriers() == []

    open_act(clerk, code, "Nhận bổ sung")
    send(clerk, "Nhận bổ sung")
    expect(clerk.page.locator(".page-head")).not_to_contain_text("tạm dừng từ")

    open_act(leader, code, "Xin lỗi và hẹn lại")
    promised = leader.page.get_by_label("Ngày hẹn mới").input_value()
    send(leader, "Xin lỗi và hẹn lại", reason="Chờ ý kiến Hội đồng Thi đua")
    expect(leader.page.locator(".page-head")).to_contain_text(promised)

    clerk.open(f"/ho-so/{code}/han-tra/")
    told = clerk.page.locator("main").inner_text()
    assert promised in clerk.page.locator(".explain-answer").inner_text()
    assert "tính lại từ đầu" in told
    assert "NĐ 61/2018/NĐ-CP Đ19.9" in told
    assert clerk.find_barriers() == []
    with clerk.page.expect_navigation():
        clerk.page.get_by_role("link", name="Tiếp nhận hồ sơ").click()
    assert first in clerk.page.locator(".explain-answer").inner_text()


def test_a_citizen_takes_a_case_back_once_it_is_confirmed_and_a_mistake_is_undone(
    sit_down: SitDown,
) -> None:
    clerk = sit_down("tt.tiepnhan2")
    code = clerk.receive_case(name="Mai Thị Xuân")

    open_act(clerk, code, "Ghi nhận rút hồ sơ")
    clerk.page.locator("#id_reason").fill("Người dân đổi ý")
    clerk.page.get_by_role("button", name="Ghi nhận rút hồ sơ").click()
    dialog = clerk.page.get_by_role("dialog", name="Ghi nhận rút hồ sơ")
    expect(dialog).to_contain_text("trước khi in giấy báo")
    assert clerk.find_barriers() == []
    with clerk.page.expect_navigation():
        dialog.get_by_role("button", name="Ghi nhận rút hồ sơ").click()

    expect(clerk.page.locator(".page-head")).to_contain_text("Công dân yêu cầu rút hồ sơ")
    group = clerk.page.get_by_role("region", name="Thời hạn và quyết định")
    assert group.get_by_role("link", name="Ghi nhận rút hồ sơ").count() == 0

    with clerk.page.expect_navigation():
        group.get_by_role("link", name="Rút lại").click()
    assert clerk.find_barriers() == []
    clerk.page.locator("#id_reason").fill("Ghi nhầm hồ sơ của người khác")
    with clerk.page.expect_navigation():
        clerk.page.get_by_role("button", name="Rút lại, giải quyết tiếp").click()

    expect(clerk.page.locator(".page-head")).to_contain_text("Được tiếp nhận")
    expect(group.get_by_role("link", name="Ghi nhận rút hồ sơ")).to_be_visible()


def due_words(desk: Desk) -> str:
    """The due time on the page of a case."""
    found = re.search(r"\d\d/\d\d/\d{4} 17:00", desk.page.locator(".page-head").inner_text())
    assert found is not None
    return found[0]


def open_act(desk: Desk, code: str, name: str) -> None:
    """Open the form of something that the page of the case offers."""
    desk.open(f"/ho-so/{code}/")
    group = desk.page.get_by_role("region", name="Thời hạn và quyết định")
    with desk.page.expect_navigation():
        group.get_by_role("link", name=name).click()


def send(desk: Desk, name: str, *, reason: str = "") -> None:
    """Fill in the words and send the form."""
    desk.page.locator("#id_reason").fill(reason)
    with desk.page.expect_navigation():
        desk.page.get_by_role("button", name=name).click()

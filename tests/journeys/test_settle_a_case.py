"""A case on its way: through the steps of each unit to the hands of the citizen."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.conftest import SitDown
from tests.journeys.desk import Desk

# Who completes which step of the Office's flow chart with five steps, and where it is drawn: the three
# steps of the shared process show at the call.
STEPS = (
    ("check_and_pass", "tt.tiepnhan1"),
    ("submit", "vp.lanhdao"),
    ("submit", "vp.chuyenvien1"),
    ("submit", "vp.lanhdao"),
    ("issue", "tt.tiepnhan1"),
)


def test_a_case_goes_through_the_steps_of_each_unit_to_the_citizen(sit_down: SitDown) -> None:
    people = {name: sit_down(name) for name in sorted({name for _step, name in STEPS})}
    clerk = people["tt.tiepnhan1"]
    code = clerk.receive_case(name="Đặng Quang Vinh")

    done: list[str] = []
    for step, name in STEPS:
        desk = people[name]
        find_in_my_work(desk, code)
        assert lit_steps(desk) == {step}
        assert done_steps(desk) >= set(done) - {step}
        complete_step(desk)
        done.append(step)

    clerk.open(f"/ho-so/{code}/")
    assert "Đã xử lý xong" in clerk.page.locator(".page-head").inner_text()
    assert lit_steps(clerk) == set()
    hand_over(clerk, code, to="Đặng Thị Thu")
    slip = clerk.fetch_pdf(f"/ho-so/{code}/giay-tra-ket-qua.pdf")
    assert code in slip
    assert "Đặng Thị Thu" in slip
    clerk.open(f"/ho-so/{code}/")
    assert "Đã trả kết quả" in clerk.page.locator(".page-head").inner_text()
    assert clerk.find_barriers() == []


def test_the_due_date_explains_itself_day_by_day(sit_down: SitDown) -> None:
    desk = sit_down("tt.tiepnhan2")
    desk.receive_case(name="Hồ Thị Cẩm Tú")

    with desk.page.expect_response(re.compile("/han-tra/")):
        desk.page.get_by_role("link", name="19/04/2023 17:00").first.click()
    expect(desk.page.locator("#explain-body .ledger li").first).to_be_visible()

    answer = desk.page.locator("#explain-body .explain-answer").inner_text()
    # The law's own: that of the service norm is told below it.
    ledger = desk.page.locator("#explain-body .ledger").first
    lines = ledger.locator("li").all_inner_texts()
    counted = ledger.locator(".ledger-counted .ledger-amount").all_inner_texts()
    skipped = [line for line in lines if line.startswith("–")]
    assert answer.startswith("19/04/2023 17:00")
    assert [amount.split("/")[0] for amount in counted] == [str(n) for n in range(1, 26)]
    assert sum("Thứ Bảy" in line for line in skipped) == 5
    assert sum("Chủ Nhật" in line or "Chủ nhật" in line for line in skipped) == 5
    assert all("QĐ" in line or "NĐ" in line or "Bộ luật" in line for line in skipped)
    assert desk.find_barriers() == []
    desk.page.keyboard.press("Escape")
    expect(desk.page.locator("#explain-panel")).to_be_hidden()


def find_in_my_work(desk: Desk, code: str) -> None:
    """Open the case from the list of what waits, which may be longer than a page."""
    desk.open("/viec-cua-toi/")
    link = desk.page.get_by_role("link", name=code, exact=True)
    if not link.count():
        desk.page.get_by_role("link", name="Trang sau").click()
    with desk.page.expect_navigation():
        link.click()


def complete_step(desk: Desk) -> None:
    """Complete the step that the open case waits for, in the way that leads on."""
    with desk.page.expect_navigation():
        desk.page.locator("button[name=outcome].btn-primary").click()


def hand_over(desk: Desk, code: str, *, to: str) -> None:
    """Hand a result over at the return desk, found by its code."""
    desk.open(f"/tra-ket-qua/?q={code}")
    desk.page.get_by_label("Người nhận kết quả").fill(to)
    desk.page.get_by_role("button", name="Trả kết quả").click()
    dialog = desk.page.get_by_role("dialog", name="Trả kết quả cho người này?")
    with desk.page.expect_navigation():
        dialog.get_by_role("button", name="Trả kết quả").click()
    expect(desk.page.locator(".notice", has_text=code)).to_contain_text(to)


def lit_steps(desk: Desk) -> set[str]:
    """The steps that the flow chart shows as being worked on."""
    return _steps(desk, "current")


def done_steps(desk: Desk) -> set[str]:
    """The steps that the flow chart shows as done."""
    return _steps(desk, "done")


def _steps(desk: Desk, state: str) -> set[str]:
    expect(desk.page.locator(".flowchart-canvas .djs-shape").first).to_be_visible()
    marked = desk.page.locator(f".flowchart-canvas .djs-shape.step-{state}")
    return {shape.get_attribute("data-element-id") or "" for shape in marked.all()}

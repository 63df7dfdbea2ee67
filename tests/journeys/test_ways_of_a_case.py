"""What else becomes of a case: departments asked at once, an apology, refusal, stop, a result by post."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.conftest import SitDown
from tests.journeys.desk import Desk
from tests.journeys.server import Server

# What goes before the point of a journey is done by the actions, without a browser.
ACT = """
from datetime import datetime
from uuid import uuid4
from motcua.cases import actions
from motcua.cases.models import Case
from motcua.engine.moments import VIETNAM
from motcua.people import queries as people
from motcua.people.models import Post
from motcua.procedures import queries as procedures
from motcua.workflow.models import Task

def receive(procedure, name, now, **more):
    clerk = people.get_person(username="tt.tiepnhan1")
    variant = procedures.get_sheet(code=procedure, on=now.date()).variants[0]
    return actions.receive_case(
        officer=clerk, agency_id=clerk.posts[0].agency_id, now=now, submission=actions.Submission(
            submission_key=uuid4(), procedure_code=procedure, channel="COUNTER",
            variant_code=variant.code,
            applicant=actions.PartyEntry(
                kind="PERSON", full_name=name, phone="0912345678", address="Phường Trảng Dài"),
            papers={one.id: (one.originals, one.copies) for one in variant.components}, **more))

def complete(case, now, most=20):
    for _step in range(most):
        task = Task.objects.filter(
            run_id=case.run_id, completed_at=None, kind="USER").order_by("pk").first()
        if task is None:
            break
        post = Post.objects.filter(agency_id=task.agency_id, role=task.role, ends_on=None).first()
        outcome = "APPROVE" if "APPROVE" in task.outcomes else (task.outcomes or [""])[0]
        actions.complete_step(officer=people.get_person(user_id=post.person_id), task_id=task.pk,
                              outcome=outcome, now=now)

def at(month, day, hour):
    return datetime(2023, month, day, hour, tzinfo=VIETNAM)
"""


def test_two_departments_give_their_opinions_at_once_one_late_and_the_applicant_hears_an_apology(
    sit_down: SitDown, server: Server
) -> None:
    server.run(
        f"""{ACT}
case = receive("1.010727", "Công ty Sông Phố", at(3, 1, 9))
complete(case, at(3, 2, 9), most=2)
"""
    )
    code = find_code(server, "Công ty Sông Phố")
    environment, construction, leader = (
        sit_down(name) for name in ("tnmt.chuyenvien", "xaydung.chuyenvien", "vp.lanhdao")
    )

    complete_step(environment, code, "Góp ý về đất đai, môi trường")
    construction.open(f"/ho-so/{code}/")
    expect(construction.page.locator("main")).to_contain_text("Góp ý về quy hoạch, xây dựng")
    expect(construction.page.locator("main")).to_contain_text("quá hạn")

    open_act(leader, code, "Xin lỗi và hẹn lại")
    promised = leader.page.get_by_label("Ngày hẹn mới").input_value()
    leader.page.locator("#id_reason").fill("Sở Xây dựng chưa góp ý")
    with leader.page.expect_navigation():
        leader.page.get_by_role("button", name="Xin lỗi và hẹn lại").click()
    expect(leader.page.locator(".page-head")).to_contain_text(promised)
    letter = leader.fetch_pdf(f"/ho-so/{code}/giay/{slip_of(leader)}.pdf")
    assert "Sở Xây dựng chưa góp ý" in letter

    complete_step(construction, code, "Góp ý về quy hoạch, xây dựng")
    server.run(
        f"""{ACT}
case = Case.objects.get(code="{code}")
complete(case, at(3, 15, 9), most=2)
"""
    )
    leader.open(f"/ho-so/{code}/")
    steps = leader.page.locator("main").inner_text()
    assert "Tổng hợp ý kiến, dự thảo kết quả" in steps


def test_a_leader_refuses_and_the_applicant_gets_the_reasons(sit_down: SitDown) -> None:
    clerk, leader = sit_down("tt.tiepnhan1"), sit_down("vp.lanhdao")
    code = clerk.receive_case(name="Cao Thị Ngọc Sương")

    end_case(leader, code, "Từ chối giải quyết", reason="Thành tích không thuộc diện khen thưởng")

    clerk.open(f"/ho-so/{code}/")
    expect(clerk.page.locator(".page-head")).to_contain_text("Không được tiếp nhận")
    letter = clerk.fetch_pdf(f"/ho-so/{code}/giay/phieu-tu-choi.pdf")
    assert "Thành tích không thuộc diện khen thưởng" in letter
    assert "Cao Thị Ngọc Sương" in letter


def test_a_case_is_stopped_and_its_open_steps_are_done_no_more(sit_down: SitDown) -> None:
    clerk, leader = sit_down("tt.tiepnhan1"), sit_down("vp.lanhdao")
    code = clerk.receive_case(name="Phan Đình Tùng Lâm")

    end_case(leader, code, "Dừng giải quyết", reason="Người đề nghị đã mất")

    clerk.open(f"/ho-so/{code}/")
    expect(clerk.page.locator(".page-head")).to_contain_text("Dừng xử lý")
    assert clerk.page.locator("button[name=outcome]").count() == 0
    letter = clerk.fetch_pdf(f"/ho-so/{code}/giay/thong-bao-dung.pdf")
    assert "Người đề nghị đã mất" in letter


def test_a_result_goes_by_post_and_counts_as_returned_with_the_proof_of_delivery(
    sit_down: SitDown, server: Server
) -> None:
    server.run(
        f"""{ACT}
case = receive("2.000437", "Huỳnh Thị Bưu", at(3, 14, 9), returns_by_post=True)
complete(case, at(3, 14, 15))
"""
    )
    code = find_code(server, "Huỳnh Thị Bưu")
    clerk = sit_down("tt.tiepnhan1")

    hand_to_postman(clerk, code, "RR100000001VN")
    clerk.open(f"/ho-so/{code}/")
    expect(clerk.page.locator(".page-head")).to_contain_text("Đã xử lý xong")
    open_item(clerk, code)
    clerk.page.get_by_label("Người đã nhận").fill("Huỳnh Văn Tín")
    with clerk.page.expect_navigation():
        clerk.page.get_by_role("button", name="Ghi đã phát").click()

    clerk.open(f"/ho-so/{code}/")
    expect(clerk.page.locator(".page-head")).to_contain_text("Đã trả kết quả")
    expect(clerk.page.locator("main")).to_contain_text("Huỳnh Văn Tín")
    assert clerk.find_barriers() == []


def find_code(server: Server, name: str) -> str:
    """The code of the case that somebody handed in."""
    question = (
        "SELECT c.code FROM cases_case c JOIN cases_party p ON p.case_id = c.id"
        " WHERE p.full_name = %s LIMIT 1"
    )
    [(code,)] = server.ask(question, name)
    return str(code)


def complete_step(desk: Desk, code: str, step: str) -> None:
    """Complete a step by its name, among all that are open."""
    desk.open(f"/ho-so/{code}/")
    card = desk.page.get_by_role("region", name=f"Việc của anh/chị: {step}")
    with desk.page.expect_navigation():
        card.locator("button[name=outcome].btn-primary").click()


def open_act(desk: Desk, code: str, name: str) -> None:
    """Open the form of something that the page of the case offers."""
    desk.open(f"/ho-so/{code}/")
    group = desk.page.get_by_role("region", name="Thời hạn và quyết định")
    with desk.page.expect_navigation():
        group.get_by_role("link", name=name).click()


def end_case(desk: Desk, code: str, name: str, *, reason: str) -> None:
    """End a case with a reason, and confirm it."""
    open_act(desk, code, name)
    desk.page.locator("#id_reason").fill(reason)
    desk.page.get_by_role("button", name=name).click()
    dialog = desk.page.get_by_role("dialog", name=name)
    with desk.page.expect_navigation():
        dialog.get_by_role("button", name=name).click()


def slip_of(desk: Desk) -> str:
    """The name of the first slip that the open case offers to print."""
    link = desk.page.locator("a[href*='/giay/']").first.get_attribute("href") or ""
    return link.rsplit("/", 1)[-1].removesuffix(".pdf")


def hand_to_postman(desk: Desk, code: str, number: str) -> None:
    """Hand the result of a case to the postman under a tracking number."""
    desk.open("/buu-chinh/?state=ready")
    desk.page.get_by_label(f"Giao kết quả hồ sơ {code}").check()
    desk.page.get_by_label(f"Số hiệu bưu gửi của hồ sơ {code}").fill(number)
    desk.page.get_by_label("Nhân viên bưu chính nhận").fill("Trần Văn Thư")
    with desk.page.expect_navigation():
        desk.page.get_by_role("button", name="Giao cho bưu chính").click()
    slip = desk.page.locator("a[href*='/buu-chinh/phieu/']").first.get_attribute("href") or ""
    assert number in desk.fetch_pdf(slip)


def open_item(desk: Desk, code: str) -> None:
    """Open the forms in which it is recorded how a result ended its way."""
    desk.open("/buu-chinh/?state=sent")
    row = desk.page.get_by_role("row").filter(has_text=code)
    with desk.page.expect_navigation():
        row.get_by_role("link", name="Ghi kết quả phát").click()

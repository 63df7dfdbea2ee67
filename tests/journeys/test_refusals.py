"""Bad input and bad luck: each is told what happened, why and what next, and nothing is half-done."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import SitDown
from tests.journeys.desk import Desk
from tests.journeys.server import Server


def test_a_wrong_password_opens_nothing(sit_down: SitDown) -> None:
    desk = sit_down("")
    desk.person = "tt.tiepnhan1"

    desk.sign_in(password="motcua-2024")

    expect(desk.page.locator(".error-summary")).to_contain_text("không đúng")
    assert desk.page.locator("[name=login]").input_value() == "tt.tiepnhan1"
    assert desk.find_barriers() == []
    desk.open("/viec-cua-toi/")
    assert desk.path == "/tai-khoan/login/"


def test_an_account_whose_post_has_ended_is_told_why(sit_down: SitDown) -> None:
    desk = sit_down("")
    desk.person = "cu.tiepnhan"
    desk.await_status(403)

    desk.sign_in()

    words = desk.page.locator("main").inner_text()
    assert "hết hiệu lực từ ngày 01/01/2023" in words
    assert "Trung tâm Hành chính công tỉnh" in words
    assert desk.find_barriers() == []
    for path in ("/", "/tiep-nhan/", "/ho-so/", "/tra-ket-qua/", "/thu-tuc/", "/bao-cao/mot-cua/"):
        desk.fetch(path, status=403)
    with desk.page.expect_navigation():
        desk.page.get_by_role("link", name="Đăng xuất").click()
    with desk.page.expect_navigation():
        desk.page.get_by_role("button", name="Đăng xuất").click()
    assert desk.path == "/tai-khoan/login/"


def test_a_case_of_another_agency_stays_closed_and_the_attempt_is_noted(
    sit_down: SitDown, server: Server
) -> None:
    code = sit_down("tt.tiepnhan1").receive_case(name="Ngô Gia Bảo")
    stranger = sit_down("bienhoa.chuyenvien")

    stranger.open(f"/ho-so/{code}/", status=403)

    words = stranger.page.locator("main").inner_text()
    assert "Ngô Gia Bảo" not in words
    assert "cơ quan" in words
    assert stranger.find_barriers() == []
    for part in ("han-tra/", "luu-do.bpmn", "giay-tiep-nhan.pdf", "giay-tra-ket-qua.pdf"):
        stranger.fetch(f"/ho-so/{code}/{part}", status=403)
    noted = server.ask(
        "SELECT username, what, was_allowed FROM audit_read JOIN people_user u ON u.id = actor_id"
        " WHERE subject = %s AND username = 'bienhoa.chuyenvien' ORDER BY audit_read.id",
        f"case:{code}",
    )
    assert noted[0] == ("bienhoa.chuyenvien", "case.opened", False)
    assert len(noted) == 5
    assert not any(was_allowed for _who, _what, was_allowed in noted)


@pytest.mark.parametrize(
    "path", ["/ho-so/000.00.00.H19-230315-9999/", "/tiep-nhan/9.999999/", "/thu-tuc/9.999999/"]
)
def test_an_unknown_code_is_named(sit_down: SitDown, path: str) -> None:
    desk = sit_down("tt.tiepnhan1")

    desk.open(path, status=404)

    assert path.split("/")[2] in desk.page.locator("main").inner_text()
    assert desk.find_barriers() == []


def test_a_period_that_ends_before_it_starts_is_refused(sit_down: SitDown) -> None:
    desk = sit_down("vp.lanhdao")
    desk.await_status(400)
    desk.open("/bao-cao/mot-cua/")

    desk.page.get_by_label("Kỳ báo cáo").select_option("")
    desk.page.get_by_label("Từ ngày").fill("14/03/2023")
    desk.page.get_by_label("Đến hết ngày").fill("15/12/2022")
    with desk.page.expect_navigation():
        desk.page.get_by_role("button", name="Lập bảng").click()

    summary = desk.page.locator(".error-summary")
    expect(summary).to_contain_text("14/03/2023")
    expect(summary).to_contain_text("15/12/2022")
    assert desk.page.get_by_label("Từ ngày").input_value() == "14/03/2023"
    expect(desk.page.locator("tfoot")).to_have_count(0)
    assert desk.find_barriers() == []


def test_a_date_that_does_not_exist_is_refused(sit_down: SitDown) -> None:
    desk = sit_down("vp.lanhdao")

    desk.open("/bao-cao/mot-cua/?unit=H19.01&first_day=30/02/2023&last_day=14/03/2023", status=400)

    expect(desk.page.locator(".error-summary")).to_contain_text("không có thật")
    assert desk.page.get_by_label("Từ ngày").input_value() == "30/02/2023"


def test_a_double_click_receives_one_case(sit_down: SitDown, server: Server) -> None:
    desk = sit_down("tt.tiepnhan2")
    form = desk.fill_in_reception(name="Bùi Thị Xuân Mai")

    with desk.page.expect_navigation():
        desk.page.locator(".form-actions .btn-primary").dblclick()
    again = desk.context.request.post(f"{desk.address}/tiep-nhan/2.000437/", form=form)

    code = desk.heading
    made = server.ask(
        "SELECT code FROM cases_case WHERE submission_key = %s", form["submission_key"]
    )
    assert made == [(code,)]
    assert f"/ho-so/{code}/" in again.url
    assert "không có hồ sơ thứ hai nào được tạo" in again.text()


def test_a_missing_paper_is_named_and_what_was_typed_stays(
    sit_down: SitDown, server: Server
) -> None:
    desk = sit_down("tt.tiepnhan1")
    desk.await_status(422)
    desk.open("/tiep-nhan/2.000437/")
    before = count_cases(server)
    desk.page.get_by_label("Đủ: Tờ trình").check()
    desk.page.locator("#id_applicant_full_name").fill("Lý Thanh Tùng")

    with desk.page.expect_navigation():
        desk.page.locator(".form-actions .btn-primary").click()

    summary = desk.page.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("Báo cáo thành tích")
    assert desk.page.locator("#id_applicant_full_name").input_value() == "Lý Thanh Tùng"
    assert desk.page.get_by_label("Đủ: Tờ trình").is_checked()
    assert count_cases(server) == before
    assert desk.find_barriers() == []


def test_the_second_to_complete_a_step_is_told_who_was_first_and_when(sit_down: SitDown) -> None:
    first, second = sit_down("tt.tiepnhan1"), sit_down("tt.tiepnhan2")
    code = first.receive_case(name="Phan Thị Mỹ Duyên")
    second.await_status(409)
    second.open(f"/ho-so/{code}/")
    second.page.get_by_label("Ý kiến").fill("Đủ giấy tờ, xin chuyển")

    complete(first)
    complete(second)

    refusal = second.page.get_by_role("alert")
    expect(refusal).to_contain_text("Võ Thị Kim Ngân")
    expect(refusal).to_contain_text("15/03/2023")
    expect(refusal).to_contain_text("Đủ giấy tờ, xin chuyển")
    assert second.find_barriers() == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("hình vẽ.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("chương trình.pdf", b"MZ\x90\x00 not a PDF at all"),
        ("trống.pdf", b""),
    ],
)
def test_a_file_of_the_wrong_type_is_not_kept(
    sit_down: SitDown, server: Server, tmp_path: Path, name: str, content: bytes
) -> None:
    desk = sit_down("tt.tiepnhan1")
    desk.await_status(422)
    code = desk.receive_case(name="Vũ Đình Trọng")
    file = tmp_path / name
    file.write_bytes(content)

    upload(desk, file)

    expect(desk.page.locator(".error-summary")).to_contain_text(name)
    assert count_documents(server, code) == 0


def test_a_scan_is_kept_and_comes_back_as_it_was(
    sit_down: SitDown, server: Server, tmp_path: Path
) -> None:
    desk = sit_down("tt.tiepnhan1")
    code = desk.receive_case(name="Đinh Thị Quỳnh Như")
    file = tmp_path / "Tờ trình đề nghị.pdf"
    file.write_bytes(b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")

    upload(desk, file)

    link = desk.page.get_by_role("link", name="Tờ trình đề nghị.pdf")
    expect(link).to_be_visible()
    assert desk.fetch(link.get_attribute("href") or "").body() == file.read_bytes()
    assert count_documents(server, code) == 1


def complete(desk: Desk) -> None:
    """Press the button that completes the step on the screen."""
    with desk.page.expect_navigation():
        desk.page.locator("button[name=outcome].btn-primary").click()


def upload(desk: Desk, file: Path) -> None:
    """Add a file to the open case."""
    desk.page.locator("summary", has_text="Tải tài liệu lên").click()
    desk.page.locator("#id_file").set_input_files(file)
    with desk.page.expect_navigation():
        desk.page.get_by_role("button", name="Tải lên", exact=True).click()


def count_cases(server: Server) -> int:
    """How many cases there are."""
    return server.ask("SELECT count(*) FROM cases_case")[0][0]


def count_documents(server: Server, code: str) -> int:
    """How many files belong to a case."""
    return server.ask(
        "SELECT count(*) FROM cases_document JOIN cases_case c ON c.id = case_id WHERE code = %s",
        code,
    )[0][0]

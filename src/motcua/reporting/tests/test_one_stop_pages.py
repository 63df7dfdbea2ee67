"""The pages of the one-stop table: figures that open, lists, explanations, and who may look."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from motcua.people.models import User
from motcua.reporting.tests.province import Province, entry, make_cases, make_officer

TABLE, CASES = "/bao-cao/mot-cua/", "/bao-cao/mot-cua/ho-so/"
EXPLANATION, WORKBOOK = "/bao-cao/mot-cua/giai-thich/", "/bao-cao/mot-cua/tai-ve/"
Q1 = {"unit": "H19.01", "first_day": "15/12/2022", "last_day": "14/03/2023"}


@pytest.fixture
def controller(quarter: Province) -> User:
    return make_officer("dung", quarter.office, "CONTROLLER")


@pytest.fixture
def client(controller: User) -> Client:
    client = Client()
    client.force_login(controller)
    return client


def words(response: Any) -> str:
    """Return what a page says, without tags and double spaces."""
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.split())


def test_the_page_shows_the_table_with_period_cut_off_and_formula(client: Client) -> None:
    response = client.get(TABLE, Q1)

    assert response.status_code == 200
    page = words(response)
    assert (
        "Quý I năm 2023, từ ngày 15/12/2022 đến ngày 14/03/2023. Số liệu chốt lúc hết ngày 14/03/2023."
        in page
    )
    assert "1 Đất đai 2 0 2 1 1 2 0 0 0 50,00" in page
    assert "2 Đấu thầu 0 1 1 0 0 0 0 1 1 –" in page
    assert "TỔNG CỘNG 2 3 5 2 1 3 1 1 2 66,67" in page
    assert "Tỷ lệ = số hồ sơ đã giải quyết trước hạn, đúng hạn ÷ tổng số hồ sơ" in page
    assert "chưa đối chiếu văn bản gốc" in page
    assert "Quý I năm 2023 tính từ ngày 15/12/2022 đến hết ngày 14/03/2023. NĐ 09/2019" in page


def test_a_period_named_in_law_gives_its_days(client: Client) -> None:
    response = client.get(TABLE, {"unit": "H19.01", "period": "2023-Q1"})

    assert "Quý I năm 2023, từ ngày 15/12/2022" in words(response)


def test_without_a_question_the_newest_quarter_of_the_office_is_shown(client: Client) -> None:
    response = client.get(TABLE)

    assert response.status_code == 200
    assert "Quý II năm 2023, từ ngày 15/03/2023 đến ngày 14/06/2023" in words(response)


def test_the_table_reads_in_english(client: Client) -> None:
    client.cookies["django_language"] = "en"

    response = client.get(TABLE, Q1)

    page = words(response)
    assert "Field DD 2 0 2 1 1 2 0 0 0 50,00" in page
    assert "Rate = case files settled on time" in page


def test_each_figure_opens_a_list_of_that_many_rows(client: Client) -> None:
    page = client.get(TABLE, Q1).content.decode()
    links = re.findall(r'<a href="([^"]*ho-so[^"]*)"[^>]*>([\d.]+)</a>', page)

    assert len(links) == 4 * 9
    for address, figure in links:
        response = client.get(address.replace("&amp;", "&"))
        assert response.status_code == 200
        assert len(re.findall(r"<th scope=\"row\">", response.content.decode())) == int(figure)


def test_a_list_shows_no_person_and_says_how_each_case_file_stood(client: Client) -> None:
    response = client.get(CASES, {**Q1, "column": "done_late"})

    page = words(response)
    assert "Tổng cộng: Hồ sơ đã giải quyết – Quá hạn" in page
    assert "14/12/2022 16:30 05/01/2023 17:00 06/01/2023 09:00 đã giải quyết quá hạn" in page
    assert "Trần Thị Bình" not in page


def test_an_empty_list_says_what_would_stand_there(client: Client) -> None:
    response = client.get(CASES, {**Q1, "column": "open_overdue", "field": "DD"})

    assert "Không có hồ sơ nào trong ô này" in words(response)
    assert "chưa giải quyết xong dù đã quá thời điểm hẹn trả" in words(response)


def test_a_rate_is_explained_by_its_parts(client: Client) -> None:
    response = client.get(EXPLANATION, {**Q1, "column": "rate_percent"})

    page = words(response)
    assert "2 ÷ 3 × 100 = 66,67" in page
    assert "Mở danh sách: Hồ sơ đã giải quyết – Trước hạn, đúng hạn (2)" in page


def test_a_rate_over_nothing_is_explained(client: Client) -> None:
    response = client.get(EXPLANATION, {**Q1, "column": "rate_percent", "field": "DT"})

    assert "0 ÷ 0: không chia được cho 0, nên không có tỷ lệ (–)" in words(response)


def test_the_workbook_is_sent_as_a_file(client: Client) -> None:
    response = client.get(WORKBOOK, Q1)

    assert response.status_code == 200
    assert response["Content-Disposition"] == (
        'attachment; filename="mot-cua_H19.01_20221215-20230314.xlsx"'
    )
    assert response.content[:2] == b"PK"


@pytest.mark.parametrize(
    "question, complaint",
    [
        ({"first_day": "14/03/2023", "last_day": "15/12/2022"}, "trước khi bắt đầu (14/03/2023)"),
        ({"first_day": "30/02/2023"}, "Ngày không có thật"),
        ({"last_day": ""}, "Hãy chọn một kỳ báo cáo, hoặc ghi ngày này."),
        ({"period": "2023-Q5"}, "Luật không có kỳ báo cáo “2023-Q5”"),
        ({"period": "0000-Q1"}, "Luật không có kỳ báo cáo “0000-Q1”"),
        ({"unit": "H99"}, "Không có cơ quan nào mang mã “H99”"),
        ({"unit": ""}, "Hãy chọn đơn vị cần lập bảng."),
        ({"first_day": "01/01/2999", "last_day": "02/01/2999"}, "chưa có số liệu"),
    ],
)
@pytest.mark.parametrize("address", [TABLE, CASES, EXPLANATION, WORKBOOK])
def test_a_wrong_question_is_answered_by_the_form_with_the_reason(
    client: Client, address: str, question: dict[str, str], complaint: str
) -> None:
    response = client.get(address, {**Q1, "column": "total", **question})

    assert response.status_code == 400
    assert complaint in words(response)


def test_a_cell_that_is_not_in_the_table_is_refused(client: Client) -> None:
    rate = client.get(CASES, {**Q1, "column": "rate_percent"})
    nothing = client.get(EXPLANATION, {**Q1, "column": "nothing"})

    assert (rate.status_code, nothing.status_code) == (400, 400)


def test_nobody_sees_a_report_without_signing_in(quarter: Province) -> None:
    response = Client().get(TABLE, Q1)

    assert response.status_code == 302
    assert response["Location"].startswith("/tai-khoan/")


def sign_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("address", [TABLE, CASES, EXPLANATION, WORKBOOK])
def test_another_agencys_report_is_refused(quarter: Province, address: str) -> None:
    client = sign_in(make_officer("em", quarter.department, "LEADER"))

    own = client.get(address, {**Q1, "unit": "H19.02", "column": "total"})
    other = client.get(address, {**Q1, "column": "total"})

    assert (own.status_code, other.status_code) == (200, 403)
    assert "không có quyền xem báo cáo" in words(other)


def test_a_clerk_may_not_see_reports(quarter: Province) -> None:
    client = sign_in(make_officer("cuc", quarter.office, "CLERK"))

    assert client.get(TABLE).status_code == 403


def test_an_ended_post_gives_no_report(quarter: Province) -> None:
    client = sign_in(make_officer("phong", quarter.office, "LEADER", ends_on=date(2023, 1, 1)))

    response = client.get(TABLE, Q1)

    assert response.status_code == 403
    assert "đã hết hiệu lực từ ngày 01/01/2023" in words(response)


def test_an_officer_of_one_unit_may_not_add_those_below_it(quarter: Province) -> None:
    client = sign_in(make_officer("giang", quarter.office, "OFFICER"))

    own = client.get(TABLE, Q1)
    tree = client.get(TABLE, {**Q1, "include_subordinate": "on"})

    assert (own.status_code, tree.status_code) == (200, 403)


def test_pages_cost_the_same_for_10_and_1000_case_files(province: Province, client: Client) -> None:
    def cost() -> list[int]:
        costs = []
        for address in (TABLE, CASES, EXPLANATION, WORKBOOK):
            with CaptureQueriesContext(connection) as found:
                response = client.get(address, {**Q1, "column": "total"})
            assert response.status_code == 200
            costs.append(len(found))
        return costs

    make_cases(province, [entry("2023-01-03 08:00", "2023-02-01 17:00")] * 10)
    cost()
    few = cost()
    make_cases(province, [entry("2023-01-03 08:00", "2023-02-01 17:00", field="TNN")] * 990)
    many = cost()

    assert few == many

"""The pages of the forms: figures that open, where a number comes from, settings, who may look."""

from __future__ import annotations

import io
import re
from fractions import Fraction
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from motcua.reporting.tests.province import Province, entry, make_cases, make_officer

FORM = "/bao-cao/bieu/ii_06a/"
Q1 = {"unit": "H19.01", "first_day": "15/12/2022", "last_day": "14/03/2023"}
ENTERED = "/bao-cao/so-lieu-nhap/"


@pytest.fixture
def client(quarter: Province) -> Client:
    client = Client()
    client.force_login(make_officer("dung", quarter.office, "CONTROLLER"))
    return client


def words(response: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.split())


@pytest.mark.parametrize("page", ["", "tu-dau/", "ho-so/", "thu-tuc/", "tai-ve/"])
def test_a_form_that_there_is_not_is_not_found(client: Client, page: str) -> None:
    for key in ("ii_07a", "khong-co"):
        assert client.get(f"/bao-cao/bieu/{key}/{page}", Q1).status_code == 404


def test_the_list_of_reports_leads_to_every_form(client: Client) -> None:
    page = client.get("/bao-cao/")

    links = re.findall(r'href="(/bao-cao/bieu/[^"]+)"', page.content.decode())
    assert len(links) == 6
    for link in links:
        assert client.get(link, {"period": "2023-Q1", "unit": "H19.01"}).status_code == 200


def test_the_form_shows_numbers_columns_figures_and_the_choices_made(client: Client) -> None:
    page = words(client.get(FORM, Q1))

    assert "(1) (2) (3) (4) (5) (6) (7) (8) (9) (10) (11) (12) (13)" in page
    assert "TỔNG CỘNG 5 0 3 2 3 1 1 1 2 1 1" in page
    assert "So đúng hạn theo: giờ, phút hẹn trả." in page
    assert "Quý I năm 2023 tính từ ngày 15/12/2022 đến hết ngày 14/03/2023." in page


def test_every_identity_is_told_with_its_figures_and_what_was_carried_over(client: Client) -> None:
    response = client.get(FORM, Q1)
    page = words(response)

    assert "Khớp: (3) = (4) + (5) + (6): 5 = 0 + 3 + 2" in page
    assert "Khớp: (3) = (7) + (11): 5 = 3 + 2" in page
    assert "Khớp: (6) của kỳ này = (11) của kỳ trước: 2 = 2" in page
    (before,) = re.findall(r'href="([^"]+)">Biểu của kỳ trước', response.content.decode())
    earlier = words(client.get(before.replace("&amp;", "&")))
    assert "16/09/2022" in earlier
    assert "(11) = (12) + (13): 2 =" in earlier


def test_a_break_between_two_periods_is_told(client: Client, monkeypatch: Any) -> None:
    from motcua.reporting import form_checks

    monkeypatch.setattr(form_checks, "total_of", lambda *_question: Fraction(3))

    assert "Không khớp: (6) của kỳ này = (11) của kỳ trước: 2 = 3" in words(client.get(FORM, Q1))


def test_a_setting_is_kept_in_every_address_and_printed(client: Client) -> None:
    response = client.get(FORM, {**Q1, "on_time": "by_day"})

    assert "So đúng hạn theo: ngày hẹn trả." in words(response)
    links = re.findall(r'<a href="([^"]*/ho-so/[^"]*)"', response.content.decode())
    assert links
    assert all("on_time=by_day" in link for link in links)


def test_each_counted_cell_opens_to_a_list_of_that_many_rows(client: Client) -> None:
    page = client.get(FORM, Q1).content.decode()
    links = re.findall(r'<a href="([^"]*/ho-so/[^"]*)"[^>]*>([\d.]+)</a>', page)

    assert len(links) == 4 * 11
    for address, figure in links[-11:]:
        response = client.get(address.replace("&amp;", "&"))
        assert len(re.findall(r"<th scope=\"row\">", response.content.decode())) == int(figure)
        assert "Trần Thị Bình" not in words(response)


def test_a_rate_tells_where_it_comes_from(client: Client) -> None:
    page = words(
        client.get(
            "/bao-cao/bieu/on_time_rates/tu-dau/",
            {**Q1, "indicator": "rate_of_done", "rows_by": "field"},
        )
    )

    assert "Con số này từ đâu?" in page
    assert "66,67%" in page
    assert "Đã giải quyết trước hạn và đúng hạn ÷ Tổng số đã giải quyết × 100" in page
    assert "Đếm từ hồ sơ của Văn phòng Ủy ban nhân dân tỉnh." in page
    assert "Mở danh sách: Tổng số đã giải quyết (3)" in page


def test_an_entered_figure_tells_who_entered_it(client: Client) -> None:
    address = f"{ENTERED}survey_slips/?unit=H19.01&first_day=15/12/2022&last_day=14/03/2023"
    sent = client.post(address, {"value": "381.335", "reason": "Sổ khảo sát"}, follow=True)

    assert "381.335" in words(sent)
    page = words(
        client.get("/bao-cao/bieu/reform_form_3/tu-dau/", {**Q1, "indicator": "survey_slips"})
    )
    assert "381.335 phiếu" in page
    assert "Dung nhập lúc" in page
    assert "Căn cứ: Sổ khảo sát" in page
    assert "Đã nhập 1 trong" in words(client.get(ENTERED, Q1))


@pytest.mark.parametrize(
    ("form", "indicator", "area"),
    [
        ("one_stop_evaluation", "cs_8", "khi có mảng phản ánh, kiến nghị"),
        ("service_index", "si_3_6_rate", "khi có mảng phí, lệ phí và thanh toán trực tuyến"),
        ("service_index", "si_3_6", "khi có mảng phí, lệ phí và thanh toán trực tuyến"),
    ],
)
def test_an_entered_figure_tells_why_it_is_not_counted_yet(
    client: Client, form: str, indicator: str, area: str
) -> None:
    query = {**Q1, "indicator": indicator, "include_subordinate": "on"}

    page = words(client.get(f"/bao-cao/bieu/{form}/tu-dau/", query))

    assert "chưa nhập số liệu của kỳ này" in page
    assert area in page


def test_who_enters_a_figure_reads_why_it_is_not_counted_yet(client: Client) -> None:
    page = words(client.get(f"{ENTERED}cs_8/", Q1))

    assert "khi có mảng phản ánh, kiến nghị" in page


@pytest.mark.parametrize(
    ("value", "reason", "problem"),
    [
        ("12a", "Sổ", "không phải là một con số"),
        ("1,234", "Sổ", "hai cách"),
        ("5", "", "Chưa ghi căn cứ"),
    ],
)
def test_what_is_no_figure_is_refused_and_kept_in_the_form(
    client: Client, value: str, reason: str, problem: str
) -> None:
    address = f"{ENTERED}survey_slips/?unit=H19.01&first_day=15/12/2022&last_day=14/03/2023"

    response = client.post(address, {"value": value, "reason": reason})

    assert response.status_code == 422
    assert problem in words(response)
    assert f'value="{value}"' in response.content.decode()


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"first_day": "14/03/2023", "last_day": "15/12/2022"}, "trước khi bắt đầu"),
        ({"first_day": "01/01/2090", "last_day": "31/03/2090"}, "chưa có số liệu"),
        ({"unit": "H99"}, "Không có cơ quan nào"),
        ({"first_day": "01/01/2010", "last_day": "31/03/2010"}, "Hãy chọn kỳ"),
        ({"rows_by": "weather"}, "weather"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(
    client: Client, values: dict[str, str], problem: str
) -> None:
    response = client.get(FORM, {**Q1, **values})

    assert response.status_code == 400
    assert problem in words(response)


def test_the_workbook_holds_the_same_figures(client: Client) -> None:
    response = client.get(f"{FORM}tai-ve/", Q1)

    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert sheet is not None
    rows = [row for row in sheet.iter_rows(values_only=True) if row[1] == "TỔNG CỘNG"]
    assert rows[0][2:] == (5, 0, 3, 2, 3, 1, 1, 1, 2, 1, 1)


def test_an_officer_sees_the_forms_of_their_own_unit_only(quarter: Province) -> None:
    client = Client()
    client.force_login(make_officer("ha", quarter.office, "OFFICER"))

    assert client.get(FORM, Q1).status_code == 200
    assert client.get(FORM, {**Q1, "unit": "H19.02"}).status_code == 403
    assert client.get(FORM, {**Q1, "include_subordinate": "on"}).status_code == 403
    assert client.get("/bao-cao/bieu/reform_form_3/", Q1).status_code == 403
    assert client.get(ENTERED, {**Q1, "unit": "H19.02"}).status_code == 403


def test_a_clerk_sees_no_form(quarter: Province) -> None:
    client = Client()
    client.force_login(make_officer("an", quarter.centre, "CLERK"))

    for page in ("/bao-cao/", FORM, f"{FORM}ho-so/", f"{FORM}tai-ve/", ENTERED):
        assert client.get(page, Q1).status_code == 403
    assert client.post(f"{ENTERED}survey_slips/", Q1).status_code == 403


def test_the_form_asks_as_often_for_many_case_files_as_for_few(
    client: Client, quarter: Province
) -> None:
    client.get(FORM, Q1)
    with CaptureQueriesContext(connection) as few:
        client.get(FORM, Q1)
    make_cases(quarter, [entry("2023-01-03 08:00", "2023-01-10 17:00")] * 60)
    with CaptureQueriesContext(connection) as many:
        client.get(FORM, Q1)

    assert len(few) == len(many) == 14

"""The narrative report: its sentences from the figures, what is missing named, DOCX, who may read."""

from __future__ import annotations

import io
import re
from decimal import Decimal
from typing import Any

import docx
import pytest
from django.test import Client

from motcua.people.queries import get_person
from motcua.reporting.actions import enter_figure
from motcua.reporting.tests.province import (
    AFTER_Q1,
    Q1_FIRST,
    Q1_LAST,
    Province,
    make_officer,
)
from motcua.reporting.unit_and_period import get_period, get_unit

PAGE = "/bao-cao/thuyet-minh/"
SETTLED = (
    "đã giải quyết 3, trong đó trước hạn và đúng hạn 2, quá hạn 1, tỷ lệ 66,67%; "
    "đang giải quyết 2, quá hạn 1."
)


@pytest.fixture
def client(quarter: Province) -> Client:
    make_officer("dung", quarter.office, "CONTROLLER")
    for name, value in (("plan_tasks", 25), ("plan_tasks_done", 5), ("articles", 54)):
        enter_figure(
            officer=get_person(username="dung"),
            unit=get_unit(on=Q1_LAST),
            period=get_period(first_day=Q1_FIRST, last_day=Q1_LAST, now=AFTER_Q1),
            indicator_id=name,
            value=Decimal(value),
            reason="Kế hoạch",
            now=AFTER_Q1,
        )
    client = Client()
    client.force_login(get_user())
    return client


def get_user() -> Any:
    from motcua.people.models import User

    return User.objects.get(username="dung")


def words(response: Any) -> str:
    text = re.sub(r"<[^>]+>", "", response.content.decode())
    return " ".join(text.split())


def test_every_figure_of_a_sentence_opens_to_where_it_comes_from(client: Client) -> None:
    response = client.get(PAGE, {"period": "2023-Q1"})

    page = words(response)
    assert SETTLED in page
    assert "năm đề ra 25 nhiệm vụ; đã hoàn thành 5 nhiệm vụ, đạt 20%." in page
    links = re.findall(r'href="(/bao-cao/bieu/[^"]*tu-dau[^"]*)"', response.content.decode())
    assert len(links) > 20
    for link in links[:12]:
        assert "Con số này từ đâu?" in words(client.get(link.replace("&amp;", "&")))


def test_a_sentence_without_its_figure_is_left_out_and_named(client: Client) -> None:
    page = words(client.get(PAGE, {"period": "2023-Q1"}))

    assert "phiếu." not in page
    assert "Chưa có số liệu" in page
    assert "Số lượng phiếu khảo sát" in page


def test_the_text_document_says_the_same_with_its_table(client: Client) -> None:
    response = client.get(f"{PAGE}tai-ve/", {"period": "2023-Q1"})

    document = docx.Document(io.BytesIO(response.content))
    assert SETTLED in "\n".join(paragraph.text for paragraph in document.paragraphs)
    last = [cell.text for cell in document.tables[0].rows[-1].cells]
    assert last == ["TỔNG CỘNG", "5", "0", "3", "2", "3", "1", "1", "1", "2", "1", "1"]


def test_a_period_that_is_none_is_refused(client: Client) -> None:
    response = client.get(PAGE, {"period": "2023-Q9"})

    assert response.status_code == 400
    assert "Luật không có kỳ báo cáo" in words(response)


def test_whoever_sees_one_unit_only_may_not_read_it(quarter: Province) -> None:
    client = Client()
    client.force_login(make_officer("ha", quarter.office, "OFFICER"))

    assert client.get(PAGE, {"period": "2023-Q1"}).status_code == 403
    assert client.get(f"{PAGE}tai-ve/", {"period": "2023-Q1"}).status_code == 403

"""The page of the register: for its own counter, with as many queries for many lines as for few."""

import io
from datetime import timedelta

import openpyxl
import pypdfium2
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from motcua.audit.models import Read
from motcua.cases import actions
from motcua.cases.models import RegisterBook
from motcua.cases.tests.late_cases import copy_case
from motcua.cases.tests.world import MONDAY, World, make_person
from motcua.desk.tests.rows import sign_in, words

pytestmark = pytest.mark.django_db
PAGE = "/so-theo-doi/"
BOOK = {"unit": "H19.01.01", "year": "2023"}


def enter(world: World, count: int = 2) -> None:
    for minute in range(count):
        world.receive(MONDAY + timedelta(minutes=minute))
    actions.enter_waiting(now=MONDAY)


def test_another_counters_register_stays_closed(world: World) -> None:
    enter(world)

    for address in (PAGE, f"{PAGE}tai-ve/xlsx/", f"{PAGE}tai-ve/pdf/"):
        assert sign_in(world.oanh).get(address, BOOK).status_code == 403
        assert Client().get(address, BOOK).status_code == 302
    assert sign_in(world.oanh).post(f"{PAGE}khoa-so/", BOOK).status_code == 403
    assert sign_in(world.cuc).post(f"{PAGE}khoa-so/", BOOK).status_code == 403


@pytest.mark.parametrize("address", [PAGE, f"{PAGE}tai-ve/xlsx/", f"{PAGE}tai-ve/pdf/"])
def test_a_sign_that_nobody_can_type_is_not_looked_for(world: World, address: str) -> None:
    enter(world)

    answer = sign_in(world.cuc).get(f"{address}?unit=H19.01.01&year=2023&q=Th%00uan%2500")

    assert answer.status_code == 200
    assert answer.wsgi_request.GET["q"] == "Thuan%00"


def test_a_clerk_reads_the_book_of_their_counter(world: World) -> None:
    enter(world)

    page = words(sign_in(world.cuc).get(PAGE))

    assert "Đã vào sổ 2 dòng." in page
    assert "đang mở" in page
    assert "Khóa sổ" not in page


def test_before_the_first_book_there_is_nothing_to_choose_from(world: World) -> None:
    page = sign_in(world.cuc).get(PAGE)

    assert "Chưa có sổ nào" in words(page)
    assert "<select" not in page.content.decode().partition("<main")[2]


def test_names_are_masked_for_who_does_not_work_on_the_cases(world: World) -> None:
    elsewhere = make_person(world.system, "giam", "Đỗ Văn Giám", world.elsewhere, "CONTROLLER")
    enter(world, 1)

    for person in (world.cuc, world.dung):
        assert "Nguyễn Thị Thúy An" in words(sign_in(person).get(PAGE, BOOK))
    page = words(sign_in(elsewhere).get(PAGE, BOOK))

    assert "Nguyễn T. T. A." in page
    assert "Thúy" not in page


def test_the_workbook_and_the_paper_have_a_line_for_each_case_and_are_noted(world: World) -> None:
    enter(world, 3)
    client = sign_in(world.cuc)

    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{PAGE}tai-ve/xlsx/", BOOK).content))
    paper = pypdfium2.PdfDocument(client.get(f"{PAGE}tai-ve/pdf/", BOOK).content)

    rows = list(book["2023"].iter_rows(min_row=4, values_only=True))
    text = paper[0].get_textpage().get_text_range()
    width, height = paper[0].get_size()
    assert [row[0] for row in rows] == [1, 2, 3]
    assert width > height
    assert "Mẫu số 06" in text or "Mẫu số 07" in text
    assert all(
        str(row[1]).replace("-", "") in text.replace("-", "").replace("\r\n", "") for row in rows
    )
    noted = Read.objects.filter(subject="export:register").values_list("actor_id", "was_allowed")
    assert list(noted) == [(world.cuc.id, True)] * 2


def test_a_leader_closes_the_book_and_everybody_sees_by_whom(world: World) -> None:
    enter(world)
    leader = sign_in(world.dung)

    done = words(leader.post(f"{PAGE}khoa-so/", BOOK, follow=True))
    again = words(leader.post(f"{PAGE}khoa-so/", BOOK, follow=True))

    assert "Đã khóa sổ năm 2023 của Trung tâm Hành chính công tỉnh: 2 dòng." in done
    assert "không khóa lần nữa" in again
    assert "Phạm Ngọc Dung khóa sổ lúc" in words(sign_in(world.cuc).get(PAGE, BOOK))


def test_the_page_takes_as_many_queries_for_many_lines_as_for_few(world: World) -> None:
    enter(world)
    client, costs = sign_in(world.cuc), []
    for _size in range(2):
        client.get(PAGE, BOOK)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(PAGE, BOOK).status_code == 200
        costs.append(len(captured))
        copy_case(world.receive(MONDAY), 60)
        actions.enter_waiting(now=MONDAY)

    assert RegisterBook.objects.get().last_number >= 60
    assert costs[0] == costs[1] <= 16

"""Lateness by unit and period: parts that sum to the whole, figures that open, and who may look."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from datetime import datetime
from html import unescape
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from motcua.cases import actions
from motcua.cases.tests.late_cases import copy_case, late_case
from motcua.cases.tests.world import World, make_world
from motcua.engine.moments import VIETNAM
from motcua.people.models import User
from motcua.people.queries import Person

PAGE, LIST, WORKBOOK = "/bao-cao/tre-han/", "/bao-cao/tre-han/ho-so/", "/bao-cao/tre-han/tai-ve/"
MARCH = {"unit": "H19.01", "first_day": "01/03/2023", "last_day": "31/03/2023"}
ASKED = "?unit=H19.01&first_day=01/03/2023&last_day=31/03/2023"


def at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    """A moment of March 2023, whose 6th is the Monday of the receptions."""
    return datetime(2023, 3, day, hour, minute, tzinfo=VIETNAM)


def make_late_world() -> World:
    """Four case files: slow at the appraisal, slow at the leader's, open overdue, and in time."""
    world = make_world()
    late_case(world, at(6), (at(6, 10), at(17, 10), at(17, 15)))
    late_case(world, at(6), (at(6, 10), at(7, 10), at(16, 10)))
    waiting = late_case(world, at(6), (at(6, 10),))
    actions.request_payment(officer=world.binh, case_code=waiting.code, reason="Phí", now=at(8, 9))
    actions.record_payment(officer=world.cuc, case_code=waiting.code, now=at(9, 9))
    late_case(world, at(6), (at(6, 10), at(7, 10), at(7, 15)))
    return world


@pytest.fixture(scope="module")
def world_of_file(
    made_once: Callable[[Callable[[], World]], Callable[[], World]],
) -> Callable[[], World]:
    return made_once(make_late_world)


def sign_in(person: Person) -> Client:
    """Return a browser in which a person is signed in."""
    client = Client()
    client.force_login(User.objects.get(pk=person.id))
    return client


def words(response: Any) -> str:
    """Return what a page says, without tags and double spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def count_queries(client: Client, address: str) -> int:
    """Return how many queries a page takes once what is kept in memory is warm."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def figures(page: str) -> list[tuple[str, int]]:
    """Return each counted figure of a page with its address."""
    found = re.findall(r'href="(/bao-cao/tre-han/ho-so/[^"]*)"[^>]*>(?:<b>)?(\d+)<', page)
    return [(unescape(url), int(number)) for url, number in found]


def report(*arguments: str) -> str:
    out = io.StringIO()
    call_command("report", "lateness", *arguments, stdout=out)
    return out.getvalue()


def test_an_officer_of_another_agency_does_not_see_the_lateness_of_the_office(world: World) -> None:
    for page in (PAGE, LIST, WORKBOOK):
        response = sign_in(world.oanh).get(page, MARCH)

        assert response.status_code == 403
        assert "Thẩm định" not in words(response)


def test_a_clerk_and_a_visitor_do_not_see_it(world: World) -> None:
    assert sign_in(world.cuc).get(PAGE, MARCH).status_code == 403
    assert Client().get(PAGE, MARCH).status_code == 302


def test_the_page_says_who_lost_how_much_at_which_step(world: World) -> None:
    page = words(sign_in(world.dung).get(PAGE, MARCH))

    assert "Giải quyết xong quá hạn trong kỳ: 2" in page
    assert "Đang giải quyết, đã quá hạn: 1" in page
    assert "Tổng số hồ sơ chậm: 3" in page
    assert "Văn phòng UBND tỉnh Phê duyệt 1" in page
    assert "Văn phòng UBND tỉnh Thẩm định hồ sơ 2" in page
    assert "Chờ người dân, doanh nghiệp – 1 8 giờ –" in page


def test_each_figure_opens_a_list_of_that_many_rows(world: World) -> None:
    client = sign_in(world.controller)

    found = figures(client.get(PAGE, MARCH).content.decode())

    assert len(found) >= 7
    for url, number in found:
        rows = client.get(url).content.decode().count('class="cell-title')
        assert rows == number, url


def test_the_parts_and_the_cases_sum_to_the_same_whole(world: World) -> None:
    found = json.loads(report("--unit", "H19.01", "--from", "2023-03-01", "--to", "2023-03-31",
                              "--format", "json"))  # fmt: skip

    total = found["total"]
    assert (total["done_late"], total["open_overdue"], total["cases"]) == (2, 1, 3)
    assert sum(row["minutes"] for row in found["rows"]) == total["minutes"]
    assert sum(case["minutes"] for case in found["cases"]) == total["minutes"] > 0
    assert [row["party"] for row in found["stood_still"]] == ["CITIZEN"]


def test_text_and_workbook_tell_the_same_as_json(world: World) -> None:
    days = ("--unit", "H19.01", "--from", "2023-03-01", "--to", "2023-03-31")
    found = json.loads(report(*days, "--format", "json"))

    text = report(*days)
    response = sign_in(world.dung).get(WORKBOOK, MARCH)

    sheet, cases = openpyxl.load_workbook(io.BytesIO(response.content)).worksheets
    rows = [[cell.value for cell in row if cell.value] for row in sheet.iter_rows()]
    assert ["TỔNG CỘNG", 3, found["total"]["minutes"]] in rows
    assert cases.max_row - 5 >= 3
    assert "tre-han_H19.01_20230301-20230331.xlsx" in response["Content-Disposition"]
    assert re.search(r"TỔNG CỘNG\s+3\s", text)


def test_a_list_that_does_not_exist_is_refused_in_words(world: World) -> None:
    response = sign_in(world.dung).get(LIST, {**MARCH, "part": "AGENCY:1:Không có"})

    assert response.status_code == 400
    assert "Trong kỳ này không có phần nào mang tên" in words(response)


def test_a_period_without_late_cases_says_so(world: World) -> None:
    asked = {**MARCH, "first_day": "01/02/2023", "last_day": "28/02/2023"}

    page = words(sign_in(world.dung).get(PAGE, asked))

    assert "Trong kỳ này đơn vị không có hồ sơ nào xong quá hạn hoặc đang quá hạn." in page


def test_the_page_costs_as_many_queries_for_ten_as_for_three_hundred_late_cases(
    world: World,
) -> None:
    client = sign_in(world.dung)
    slow = late_case(world, at(6), (at(6, 10), at(17, 10), at(17, 15)))
    costs = []
    for number in (7, 290):
        copy_case(slow, number)
        costs.append([count_queries(client, f"{page}{ASKED}") for page in (PAGE, LIST)])

    assert costs[0] == costs[1]

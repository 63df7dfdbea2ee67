"""Overload by unit and period: what came, went and waits, figures that open, and who may look."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from motcua.cases import actions
from motcua.cases.tests.late_cases import copy_case, late_case
from motcua.cases.tests.world import World, make_world
from motcua.engine.moments import VIETNAM
from motcua.people.models import User
from motcua.people.queries import Person
from motcua.workflow.models import Task

PAGE, LIST = "/bao-cao/qua-tai/", "/bao-cao/qua-tai/viec/"
MARCH = {"unit": "H19.01", "first_day": "01/03/2023", "last_day": "31/03/2023"}


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2023, 3, day, hour, 0, tzinfo=VIETNAM)


def make_busy_world() -> World:
    """Three case files: one done, one waiting for the appraisal, one for the leader."""
    world = make_world()
    late_case(world, at(6), (at(6, 10), at(7, 10), at(8, 10)))
    late_case(world, at(6), (at(6, 10),))
    late_case(world, at(6), (at(6, 10), at(7, 10)))
    return world


@pytest.fixture(scope="module")
def world_of_file(
    made_once: Callable[[Callable[[], World]], Callable[[], World]],
) -> Callable[[], World]:
    return made_once(make_busy_world)


def sign_in(person: Person) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=person.id))
    return client


def words(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def figures(response: Any) -> list[tuple[str, int]]:
    found = re.findall(rf'href="({LIST}[^"]*)"[^>]*>(\d+)<', response.content.decode())
    return [(unescape(url), int(number)) for url, number in found]


def test_whoever_may_not_report_on_the_unit_sees_nothing_of_it(world: World) -> None:
    for address in (PAGE, LIST):
        response = sign_in(world.oanh).get(address, {**MARCH, "part": "open"})

        assert response.status_code == 403
        assert "Thẩm định" not in words(response)
        assert Client().get(address, MARCH).status_code == 302
    assert sign_in(world.cuc).get(PAGE, MARCH).status_code == 403


def test_the_page_tells_the_pace_the_end_and_why(world: World) -> None:
    page = words(sign_in(world.dung).get(PAGE, MARCH))

    assert "Kỳ có 23 ngày làm việc." in page
    assert (
        "quá tải Trong 23 ngày làm việc có 5 việc đến, 3 việc xong; đang chờ 2 việc, với nhịp này cần "
        "15,33 ngày làm việc, tới 24/04/2023."
    ) in page
    assert "Công chức thụ lý Văn phòng UBND tỉnh 1 1 1 1,0 Lê Thanh Bình (0 việc)" in page


def test_each_figure_opens_a_list_of_that_many_tasks(world: World) -> None:
    client = sign_in(world.dung)

    found = figures(client.get(PAGE, {**MARCH, "include_subordinate": "on"}))

    assert len(found) >= 15
    assert {number for _url, number in found} >= {0, 1, 2, 3}
    for url, number in found:
        rows = client.get(url).content.decode().count('class="cell-title')
        assert rows == number, url


def test_the_units_sum_to_the_whole(world: World) -> None:
    response = sign_in(world.dung).get(PAGE, {**MARCH, "include_subordinate": "on"})

    whole = [n for url, n in figures(response) if "agency=" not in url and "person=" not in url]
    parts: dict[str, int] = {}
    for url, number in figures(response):
        if "agency=" in url and "role=" not in url:
            part = re.findall("part=([a-z]+)", url)[0]
            parts[part] = parts.get(part, 0) + number
    assert whole == [parts[part] for part in ("open", "overdue", "arrived", "done")]
    assert whole == [2, 2, 8, 6]


def test_a_withdrawn_task_neither_came_nor_was_done(world: World) -> None:
    task = Task.objects.get(name="Thẩm định hồ sơ", completed_at=None)
    task.completed_at, task.completed_by_id, task.was_withdrawn = at(9), world.dung.id, True
    task.save()

    page = words(sign_in(world.dung).get(PAGE, MARCH))

    assert "có 4 việc đến, 3 việc xong; đang chờ 1 việc" in page


def test_a_task_withdrawn_after_the_period_came_and_waited_in_it(world: World) -> None:
    before = figures(sign_in(world.dung).get(PAGE, MARCH))
    later = at(31) + timedelta(days=9)
    Task.objects.filter(name="Thẩm định hồ sơ", completed_at=None).update(
        completed_at=later, completed_by_id=world.dung.id, was_withdrawn=True
    )

    assert figures(sign_in(world.dung).get(PAGE, MARCH)) == before


def test_work_of_single_people_is_for_those_who_assign_it(world: World) -> None:
    controller, leader = sign_in(world.controller), sign_in(world.dung)
    of_binh = {**MARCH, "part": "done", "person": str(world.binh.id)}

    page = words(controller.get(PAGE, MARCH))

    assert "Lê Thanh Bình" not in page
    assert "chỉ người phân công việc của đơn vị xem được" in page
    assert controller.get(LIST, of_binh).status_code == 403
    assert "Lê Thanh Bình" not in words(controller.get(LIST, {**MARCH, "part": "done"}))
    assert words(leader.get(LIST, of_binh)).count("Lê Thanh Bình") == 2


def test_whoever_took_a_task_is_shown_with_what_they_hold(world: World) -> None:
    task = Task.objects.filter(completed_at=None, role="OFFICER").get()
    actions.take_task(officer=world.binh, task_id=task.pk, now=at(7))
    held = {**MARCH, "part": "open", "person": str(world.binh.id)}

    page = sign_in(world.dung).get(PAGE, MARCH)

    assert "Lê Thanh Bình" in words(page)
    assert next(number for url, number in figures(page) if f"person={world.binh.id}" in url) == 1
    assert "Lê Thanh Bình" in words(sign_in(world.dung).get(LIST, held))


def test_a_unit_where_nothing_was_done_has_no_end_instead_of_zero(world: World) -> None:
    days = {"unit": "H19.01", "first_day": "20/03/2023", "last_day": "24/03/2023"}

    page = words(sign_in(world.dung).get(PAGE, days))

    assert "trong kỳ không việc nào xong, nên chưa biết bao giờ hết" in page
    assert "0 0,0 một ngày – – quá tải" in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"part": "all"}, "không có con số nào mang tên “all”"),
        ({"part": "open", "first_day": "01/04/2023"}, "kết thúc (31/03/2023) trước khi bắt đầu"),
        ({"part": "open", "unit": "H19.99"}, "H19.99"),
    ],
)
def test_what_cannot_be_told_is_refused_in_words(
    world: World, changes: dict[str, str], said: str
) -> None:
    response = sign_in(world.controller).get(LIST, {**MARCH, **changes})

    assert response.status_code == 400
    assert said in words(response)


def test_a_period_before_the_first_calendar_is_refused(world: World) -> None:
    world.office.__class__.objects.filter(code="H19.01").update(starts_on="2010-01-01")

    response = sign_in(world.controller).get(
        PAGE, {"unit": "H19.01", "first_day": "01/03/2012", "last_day": "31/03/2012"}
    )

    assert response.status_code == 400
    assert "Chưa có lịch làm việc cho kỳ 01/03/2012–31/03/2012" in words(response)


def test_the_pages_cost_as_many_queries_for_three_as_for_three_hundred_tasks(world: World) -> None:
    client = sign_in(world.dung)
    costs: list[list[int]] = []
    for _size in range(2):
        costs.append([])
        for address in (f"{PAGE}?", f"{LIST}?part=open&"):
            url = address + "&".join(f"{key}={value}" for key, value in MARCH.items())
            client.get(url)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(url).status_code == 200
            costs[-1].append(len(captured))
        copy_case(late_case(world, at(6), (at(6, 10),)), 300)

    assert costs[0] == costs[1]
    assert max(costs[0]) <= 16

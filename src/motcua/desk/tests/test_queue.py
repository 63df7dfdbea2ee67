"""The pages of the queue: machine, clerk, screen on the wall."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from motcua.cases.tests.world import World
from motcua.desk.tests.rows import count_queries, desk_clock, sign_in, words

QUEUE = "/xep-hang/"


@pytest.fixture
def world(world: World) -> Iterator[World]:
    with desk_clock():
        yield world


@pytest.mark.parametrize("path", [QUEUE, f"{QUEUE}lay-so/", f"{QUEUE}man-hinh/"])
def test_people_without_a_counter_are_refused(world: World, path: str) -> None:
    assert sign_in(world.dung).get(path).status_code == 403


def test_a_number_is_taken_called_and_shown(world: World) -> None:
    browser = sign_in(world.cuc)

    taken = browser.post(f"{QUEUE}lay-so/", {"first": "1"}, follow=True)
    waiting = browser.get(QUEUE)
    called = browser.post(f"{QUEUE}goi/", {"act": "next", "window": "3"}, follow=True)
    screen = browser.get(f"{QUEUE}man-hinh/")
    part = browser.get(f"{QUEUE}man-hinh/", headers={"HX-Request": "true"})
    nobody = browser.post(f"{QUEUE}goi/", {"act": "next"}, follow=True)

    assert "001" in words(taken) and "người từ đủ 80 tuổi" in words(taken)
    assert "1 người đang chờ" in words(waiting) and "ưu tiên" in words(waiting)
    assert "Đang phục vụ số 001" in words(called)
    assert "001 quầy 3" in words(screen)
    assert "<html" not in part.content.decode() and "001" in words(part)
    assert "Không còn ai chờ" in words(nobody)


def test_the_page_asks_as_much_for_a_long_queue_as_for_a_short_one(world: World) -> None:
    browser = sign_in(world.cuc)
    few = count_queries(browser, QUEUE)
    for _time in range(10):
        browser.post(f"{QUEUE}lay-so/")

    assert count_queries(browser, QUEUE) == few <= 12


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 5000])
def test_a_number_in_the_address_that_is_none_shows_none(world: World, number: str) -> None:
    page = sign_in(world.cuc).get(f"{QUEUE}lay-so/", {"so": number})

    assert page.status_code == 200
    assert "Số thứ tự của anh/chị" not in words(page)

"""Late risk: the most endangered case first, why, who may look, and how far it can be trusted."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from motcua.cases import calibration_queries, risk_queries
from motcua.cases.models import Case
from motcua.cases.tests.late_cases import copy_case, late_case
from motcua.cases.tests.world import World, make_world
from motcua.desk.tests.rows import count_queries, desk_clock, set_clock, sign_in, words
from motcua.engine.moments import VIETNAM

PAGE, CALIBRATION = "/nguy-co-tre/", "/nguy-co-tre/doi-chieu/"


def at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    """A moment of March 2023, whose 6th is a Monday."""
    return datetime(2023, 3, day, hour, minute, tzinfo=VIETNAM)


def make_late_world() -> World:
    """Make six finished cases to learn from, whose appraisal took two days or six."""
    world = make_world()
    for last in (8, 8, 8, 14, 14, 14):
        late_case(world, at(6), (at(6, 10), at(last, 10), at(last, 15)))
    return world


@pytest.fixture(scope="module")
def world_of_file(
    made_once: Callable[[Callable[[], World]], Callable[[], World]],
) -> Callable[[], World]:
    return made_once(make_late_world)


@pytest.fixture
def world(world: World) -> Iterator[World]:
    """The cases to learn from; Friday 24 March."""
    risk_queries.forget()
    with desk_clock(at(24)):
        yield world
    risk_queries.forget()


def open_case(world: World, received: datetime) -> Case:
    """Receive a case and forward it within the hour."""
    return late_case(world, received, (received + timedelta(hours=1),))


def rows_of(response: Any) -> list[str]:
    return re.findall(
        r'class="cell-title cell-code" href="/ho-so/([^/]+)/"', response.content.decode()
    )


def test_an_officer_of_another_agency_sees_none_of_it(world: World) -> None:
    case = open_case(world, at(23))

    assert rows_of(sign_in(world.oanh).get(PAGE)) == []
    assert sign_in(world.oanh).get(f"/ho-so/{case.code}/nguy-co-tre/").status_code == 403
    assert sign_in(world.cuc).get(PAGE).status_code == 403
    assert sign_in(world.cuc).get(CALIBRATION).status_code == 403


def test_the_most_endangered_case_comes_first_and_says_its_chance(world: World) -> None:
    fresh, old = open_case(world, at(23)), open_case(world, at(17))

    response = sign_in(world.dung).get(PAGE)

    assert rows_of(response) == [old.code, fresh.code]
    assert re.search(r"nguy cơ trễ \d+%", words(response))


def test_the_explanation_says_how_long_the_steps_usually_take(world: World) -> None:
    case = open_case(world, at(17))

    page = words(sign_in(world.dung).get(f"/ho-so/{case.code}/nguy-co-tre/"))

    assert "Bước “Thẩm định hồ sơ” thường mất" in page
    assert "trung vị của 6 hồ sơ tại đơn vị này" in page
    assert "Bước “Phê duyệt” thường mất" in page
    assert "khả năng trễ hạn" in page


def test_what_was_finished_today_is_learned_tomorrow(world: World) -> None:
    steps = len(risk_queries.past_steps(before=at(24, 0)))
    late_case(world, at(20), (at(20, 10), at(24, 8), at(24, 9)))

    assert len(risk_queries.past_steps(before=at(24, 0))) == steps + 1
    assert len(risk_queries.past_steps(before=at(25, 0))) == steps + 3


def test_the_page_costs_the_same_for_ten_as_for_three_hundred_cases(world: World) -> None:
    case = open_case(world, at(17))
    costs = []
    for number in (9, 290):
        copy_case(case, number)
        costs.append(count_queries(sign_in(world.dung), PAGE))

    assert costs[0] == costs[1]


def test_the_judgement_learns_only_from_what_had_ended_before_the_cut(world: World) -> None:
    for last in (22, 22, 28, 28, 28, 28):
        late_case(world, at(16), (at(16, 10), at(last, 10), at(last, 15)))

    found = calibration_queries.judge_risks(world.dung, now=at(31))

    assert found.cut == at(16)
    assert (found.learned_cases, found.learned_steps, found.under_way) == (6, 18, 0)
    assert found.calibration is not None
    assert (found.calibration.count, found.calibration.late_count) == (6, 4)


def test_the_page_of_calibration_says_that_few_late_cases_prove_nothing(world: World) -> None:
    for last in (22, 28):
        late_case(world, at(16), (at(16, 10), at(last, 10), at(last, 15)))
    set_clock(at(31))

    page = words(sign_in(world.dung).get(CALIBRATION))

    assert "quá ít để nói dự báo này tốt hay không" in page
    assert "Điểm Brier (0 là hoàn hảo)" in page
    assert re.search(r"\d,\d%", page)


def test_my_work_is_sorted_by_risk_when_asked(world: World) -> None:
    waiting = [late_case(world, at(day), (at(day, 10),)) for day in (23, 17, 20)]
    client = sign_in(world.binh)

    found = rows_of(client.get("/viec-cua-toi/?sort=risk"))

    assert found == [waiting[1].code, waiting[2].code, waiting[0].code]
    copy_case(waiting[0], 6)
    few = count_queries(client, "/viec-cua-toi/?sort=risk")
    copy_case(waiting[0], 30)
    assert count_queries(client, "/viec-cua-toi/?sort=risk") == few

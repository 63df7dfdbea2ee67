"""The comparison of steps: 3 steps here, 5 there, and each figure opens to its procedures."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from motcua.cases.tests.world import LONG_AGO, MONDAY, World, make_procedure
from motcua.desk.tests.rows import count_queries, desk_clock, sign_in, words
from motcua.engine.drawing import Chart, Lane, Step, draw
from motcua.procedures.models import Revision
from motcua.workflow import actions as workflow

PAGE = "/quy-trinh/so-sanh-so-buoc/"
FIVE_STEPS = Chart(
    id="five",
    name="Năm bước",
    lanes=(
        Lane(id="counter", name="Một cửa", unit="RECEIVING"),
        Lane(id="office", name="Cơ quan", unit="SETTLING"),
    ),
    steps=(
        Step(id="pass_on", name="Kiểm tra, chuyển hồ sơ", lane="counter", role="CLERK"),
        Step(id="assign", name="Phân công thụ lý", lane="office", role="LEADER"),
        Step(id="appraise", name="Thẩm định hồ sơ", lane="office", role="OFFICER"),
        Step(id="approve", name="Phê duyệt kết quả", lane="office", role="LEADER"),
        Step(id="issue", name="Phát hành, chuyển kết quả", lane="counter", role="CLERK"),
    ),
)


@pytest.fixture
def world(world: World) -> Iterator[World]:
    with desk_clock():
        yield world


def publish_five_steps(world: World) -> None:
    workflow.publish_version(
        officer=world.system,
        key="five-steps",
        name="Năm bước",
        bpmn_xml=draw(FIVE_STEPS),
        starts_on=LONG_AGO,
        now=MONDAY,
    )


def add_procedures(world: World, count: int) -> None:
    for number in range(count):
        code = f"2.{number:06}"
        make_procedure(world.office, code, f"Thủ tục năm bước số {number}")
        Revision.objects.filter(procedure__code=code).update(workflow_key="five-steps")


def test_a_visitor_signs_in_first_and_a_clerk_is_refused(world: World) -> None:
    assert Client().get(PAGE).status_code == 302
    assert sign_in(world.cuc).get(PAGE).status_code == 403
    assert sign_in(world.controller).get(PAGE).status_code == 200


def test_where_all_procedures_agree_the_page_says_so(world: World) -> None:
    page = words(sign_in(world.controller).get(PAGE))

    assert "Không thủ tục nào khác số bước" in page


def test_three_steps_and_five_at_the_office_stand_side_by_side(world: World) -> None:
    publish_five_steps(world)
    add_procedures(world, 2)

    answer = sign_in(world.controller).get(PAGE)

    page = words(answer)
    assert "Văn phòng UBND tỉnh: 3 bước ↔ 5 bước" in page
    assert "Bước thêm: “Phân công thụ lý”, “Phát hành, chuyển kết quả”." in page
    assert "3 trong 3 thủ tục" in page
    assert "3 bước: 1 thủ tục (Ba bước)" in page
    assert "5 bước: 2 thủ tục (Năm bước)" in page
    for code in ("1.000001", "2.000000", "2.000001"):
        assert f'href="/thu-tuc/{code}/"' in answer.content.decode()


def test_the_page_takes_as_many_queries_for_many_procedures(world: World) -> None:
    publish_five_steps(world)
    add_procedures(world, 2)
    client = sign_in(world.controller)
    few = count_queries(client, PAGE)
    for number in range(100, 130):
        make_procedure(world.office, f"3.{number:06}")

    assert count_queries(client, PAGE) == few <= 12

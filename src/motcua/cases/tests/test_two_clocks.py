"""Two clocks per case: the legal limit and the shorter norm of the workflow, both moved by events."""

from __future__ import annotations

import io
import json
from datetime import date, datetime
from typing import Any

import pytest
from django.core.management import call_command

from motcua.cases import actions, recounting, reminder_queries
from motcua.cases.models import Case
from motcua.cases.tests.world import CHART, World, make_world
from motcua.engine.moments import VIETNAM
from motcua.engine.reminders import Point
from motcua.workflow import actions as workflow

pytestmark = pytest.mark.django_db


def at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    """A moment of March 2023, whose 6th is the Monday of the reception."""
    return datetime(2023, 3, day, hour, minute, tzinfo=VIETNAM)


def give_norm(world: World, norm: str, *, starts_on: date = date(2021, 1, 1)) -> None:
    """Publish the chart of the world anew, with a norm."""
    workflow.publish_version(
        officer=world.system,
        key="three-steps",
        name="Ba bước",
        bpmn_xml=CHART.replace("<process ", f'<process motcua:norm="{norm}" '),
        starts_on=starts_on,
        now=at(1),
    )


@pytest.fixture
def world() -> World:
    world = make_world()
    give_norm(world, "4 ngày làm việc")
    return world


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def dues(case: Case) -> tuple[datetime, datetime | None]:
    now = fresh(case)
    return now.due_at, now.norm_due_at


def test_a_case_keeps_the_norm_of_its_version_beside_the_legal_limit(world: World) -> None:
    case = world.receive()
    give_norm(world, "2 ngày làm việc", starts_on=date(2023, 3, 7))
    later = world.receive(now=at(7))

    assert dues(case) == (at(13, 17), at(10, 17))
    assert dues(later) == (at(14, 17), at(9, 17))
    norm = recounting.norm_limit(case.run.version_id)
    assert norm is not None
    assert norm.source == "Quy trình “Ba bước”, phiên bản 2"


def test_a_workflow_without_a_norm_has_one_clock_only() -> None:
    case = make_world().receive()

    assert dues(case) == (at(13, 17), None)


def test_a_supplement_restarts_both_clocks(world: World) -> None:
    case = world.receive()
    actions.request_supplement(
        officer=world.binh, case_code=case.code, reason="Thiếu bản vẽ", now=at(8)
    )
    actions.take_supplement(officer=world.cuc, case_code=case.code, now=at(14))

    assert dues(case) == (at(21, 17), at(20, 17))


def test_what_happens_after_the_norm_has_passed_moves_only_the_legal_clock(world: World) -> None:
    case = world.receive()
    actions.request_supplement(
        officer=world.binh, case_code=case.code, reason="Thiếu bản vẽ", now=at(13)
    )
    actions.take_supplement(officer=world.cuc, case_code=case.code, now=at(14))

    assert dues(case) == (at(21, 17), at(10, 17))


def test_putting_off_the_result_keeps_the_norm(world: World) -> None:
    case = world.receive()
    actions.extend_with_apology(
        officer=world.dung,
        case_code=case.code,
        until=date(2023, 3, 17),
        reason="Chờ kết quả giám định",
        now=at(9),
    )

    assert dues(case) == (at(17, 17), at(10, 17))


def test_whoever_has_the_case_is_reminded_once_the_norm_has_passed(world: World) -> None:
    case = world.receive()

    actions.extend_with_apology(
        officer=world.dung,
        case_code=case.code,
        until=date(2023, 4, 14),
        reason="Chờ kết quả giám định",
        now=at(9),
    )

    assert reminder_queries.due_point(fresh(case), now=at(10, 16)) is None
    assert reminder_queries.due_point(fresh(case), now=at(13, 8)) is Point.NORM_PASSED


def test_the_command_tells_both_due_times(world: World) -> None:
    def told(*arguments: str) -> str:
        written = io.StringIO()
        received = ("--received", "2023-03-06T09:00")
        call_command("due", "--procedure", "1.000001", *received, *arguments, stdout=written)
        return written.getvalue()

    answer: dict[str, Any] = json.loads(told("--format", "json"))

    assert answer["due_at"] == "2023-03-13T17:00:00+07:00"
    assert answer["norm"]["due_at"] == "2023-03-10T17:00:00+07:00"
    assert answer["norm"]["limit"] == {"amount": 4, "unit": "WORKING_DAY"}
    assert "Hạn phục vụ: 17:00 Thứ Sáu 10/03/2023 (4 ngày làm việc)" in told()

"""While the clock of a case stands still its timers stand too, and begin anew when it goes on."""

from __future__ import annotations

from datetime import datetime

import pytest

from motcua.cases import actions, queries
from motcua.cases.models import Case
from motcua.cases.tests.world import CHART, World, make_world
from motcua.engine.moments import VIETNAM
from motcua.workflow import actions as workflow
from motcua.workflow.models import Task

pytestmark = pytest.mark.django_db(transaction=True)

# Beside the first step a timer that goes off after one working day and lets the case end.
WITH_TIMER = CHART.replace(
    '<endEvent id="end">',
    '<boundaryEvent id="hurry" name="Đôn đốc" attachedToRef="forward" cancelActivity="false">'
    "<outgoing>t1</outgoing><timerEventDefinition><timeDuration>1 ngày làm việc</timeDuration>"
    "</timerEventDefinition></boundaryEvent>"
    '<endEvent id="hurried"><incoming>t1</incoming></endEvent><endEvent id="end">',
).replace(
    '<sequenceFlow id="f1"',
    '<sequenceFlow id="t1" sourceRef="hurry" targetRef="hurried"/><sequenceFlow id="f1"',
)


def at(day: int, hour: int = 9) -> datetime:
    """A moment of March 2023, whose 6th is the Monday of the reception."""
    return datetime(2023, 3, day, hour, tzinfo=VIETNAM)


@pytest.fixture
def world() -> World:
    world = make_world()
    workflow.publish_version(
        officer=world.system,
        key="three-steps",
        name="Ba bước",
        bpmn_xml=WITH_TIMER,
        starts_on=at(1).date(),
        now=at(1),
    )
    return world


def timer_of(case: Case) -> Task:
    return Task.objects.get(run_id=case.run_id, kind=Task.Kind.TIMER)


def test_a_timer_stands_while_the_case_waits_and_begins_anew_when_it_goes_on(world: World) -> None:
    case = world.receive()
    timer = timer_of(case)
    actions.request_supplement(
        officer=world.binh, case_code=case.code, reason="Thiếu bản vẽ", now=at(6, 15)
    )

    assert timer.due_at == at(7, 17)
    assert queries.list_due_timers(at(9)) == []
    with pytest.raises(actions.CannotFireTimer, match="cũng đứng yên"):
        actions.fire_timer(officer=world.system, task_id=timer.pk, now=at(9))

    actions.take_supplement(officer=world.cuc, case_code=case.code, now=at(10))

    assert timer_of(case).due_at == at(13, 17)
    assert queries.list_due_timers(at(13, 16)) == []
    assert queries.list_due_timers(at(14)) == [timer.pk]

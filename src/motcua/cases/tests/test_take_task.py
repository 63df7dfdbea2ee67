"""Taking a step into one's own hands, and giving it back."""

from datetime import timedelta

import pytest

from motcua.audit.queries import list_entries
from motcua.cases.actions import CannotCompleteStep, complete_step, give_back_task, take_task
from motcua.cases.models import Case
from motcua.cases.tests.world import MONDAY, World, make_person
from motcua.people.actions import NotAllowed
from motcua.workflow.models import Task

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=1)


def open_task(case: Case) -> Task:
    return Task.objects.get(run_id=case.run_id, completed_at__isnull=True)


def test_someone_of_another_agency_cannot_take_a_step(world: World) -> None:
    case = world.receive()

    with pytest.raises(NotAllowed):
        take_task(officer=world.oanh, task_id=open_task(case).pk, now=LATER)

    assert open_task(case).assignee is None


def test_someone_in_another_role_cannot_take_a_step(world: World) -> None:
    case = world.receive()
    complete_step(officer=world.cuc, task_id=open_task(case).pk, now=LATER)

    with pytest.raises(NotAllowed, match="vị trí khác"):
        take_task(officer=world.dung, task_id=open_task(case).pk, now=LATER)


def test_a_second_click_leaves_a_taken_step_where_it_is(world: World) -> None:
    case = world.receive()
    task = open_task(case)

    take_task(officer=world.cuc, task_id=task.pk, now=LATER)
    take_task(officer=world.cuc, task_id=task.pk, now=LATER)

    holder = open_task(case).assignee
    assert holder is not None
    assert holder.pk == world.cuc.id
    assert len(list_entries(f"case:{case.code}")) == 2


def test_a_step_is_taken_and_given_back(world: World) -> None:
    case = world.receive()
    task = open_task(case)

    take_task(officer=world.cuc, task_id=task.pk, now=LATER)
    holder = open_task(case).assignee
    give_back_task(officer=world.cuc, task_id=task.pk, now=LATER)

    assert holder is not None
    assert holder.pk == world.cuc.id
    assert open_task(case).assignee is None
    assert [entry.event for entry in list_entries(f"case:{case.code}")][1:] == [
        "case.task_taken",
        "case.task_given_back",
    ]


def test_a_colleague_is_told_who_holds_the_step(world: World) -> None:
    case = world.receive()
    colleague = make_person(world.system, "lan", "Võ Thị Lan", world.centre, "CLERK")
    take_task(officer=world.cuc, task_id=open_task(case).pk, now=LATER)

    with pytest.raises(CannotCompleteStep, match="đang do Trần Thị Cúc nhận xử lý"):
        take_task(officer=colleague, task_id=open_task(case).pk, now=LATER)

    holder = open_task(case).assignee
    assert holder is not None
    assert holder.pk == world.cuc.id


def test_a_colleague_may_do_a_step_that_somebody_holds(world: World) -> None:
    case = world.receive()
    colleague = make_person(world.system, "lan", "Võ Thị Lan", world.centre, "CLERK")
    task = open_task(case)
    take_task(officer=world.cuc, task_id=task.pk, now=LATER)

    complete_step(officer=colleague, task_id=task.pk, now=LATER)

    task.refresh_from_db()
    assert task.completed_by_id == colleague.id


def test_a_step_that_is_done_cannot_be_taken(world: World) -> None:
    case = world.receive()
    task = open_task(case)
    complete_step(officer=world.cuc, task_id=task.pk, now=LATER)

    with pytest.raises(CannotCompleteStep, match="Trần Thị Cúc hoàn thành lúc 10:00 06/03/2023"):
        take_task(officer=world.cuc, task_id=task.pk, now=LATER)

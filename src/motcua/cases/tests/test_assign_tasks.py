"""Assigning: a leader puts tasks in other hands, one result a task, nothing half written."""

from collections.abc import Iterable
from datetime import date, timedelta

import pytest

from motcua.audit.queries import find_broken_chains, list_entries
from motcua.cases.actions import TaskResult, assign_tasks, complete_step, take_task
from motcua.cases.assigning_queries import list_left_tasks
from motcua.cases.models import Case
from motcua.cases.tests.world import MONDAY, World, make_person, make_world
from motcua.messages.models import Notice
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.people.actions import NotAllowed
from motcua.people.models import Post
from motcua.workflow.models import Task

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=1)


@pytest.fixture
def world() -> World:
    return make_world()


def appraisals(world: World, count: int) -> list[Task]:
    """Cases that wait for the Office's appraisal."""
    made = [world.receive() for _ in range(count)]
    for case in made:
        complete_step(officer=world.cuc, task_id=open_task(case).pk, now=MONDAY)
    return [open_task(case) for case in made]


def open_task(case: Case) -> Task:
    return Task.objects.get(run_id=case.run_id, completed_at__isnull=True)


def minh(world: World) -> people.Person:
    return make_person(world.system, "minh", "Ngô Quang Minh", world.office, "OFFICER")


def assign(world: World, tasks: Iterable[Task], to: people.Person | None) -> tuple[TaskResult, ...]:
    return assign_tasks(
        officer=world.dung,
        task_ids=[task.pk for task in tasks],
        receiver_id=to.id if to else None,
        now=LATER,
    )


def holders(tasks: Iterable[Task]) -> list[int | None]:
    return [Task.objects.get(pk=task.pk).assignee_id for task in tasks]


def test_only_a_leader_assigns(world: World) -> None:
    tasks = appraisals(world, 1)

    for person in (world.oanh, world.binh, world.controller):
        with pytest.raises(NotAllowed):
            assign_tasks(
                officer=person, task_ids=[tasks[0].pk], receiver_id=world.binh.id, now=LATER
            )

    assert holders(tasks) == [None]


def test_a_leader_of_another_agency_learns_nothing_of_a_task(world: World) -> None:
    tasks = appraisals(world, 1)
    stranger = make_person(world.system, "son", "Đinh Văn Sơn", world.elsewhere, "LEADER")

    (result,) = assign_tasks(
        officer=stranger, task_ids=[tasks[0].pk], receiver_id=world.binh.id, now=LATER
    )

    assert "ở các đơn vị của anh/chị" in result.refusal
    assert (result.case_code, result.step_name) == ("", "")
    assert holders(tasks) == [None]


def test_each_task_has_its_own_result_and_a_refused_one_leaves_no_trace(world: World) -> None:
    fresh, done, forwarding = *appraisals(world, 2), open_task(world.receive())
    complete_step(officer=world.binh, task_id=done.pk, now=MONDAY)

    given, over, unfit = assign(world, [fresh, done, forwarding], world.binh)

    assert (given.receiver, given.refusal) == ("Lê Thanh Bình", "")
    assert "Lê Thanh Bình hoàn thành lúc" in over.refusal
    assert "không giữ vai trò của bước" in unfit.refusal
    assert holders([fresh, done, forwarding]) == [world.binh.id, None, None]
    assert [e.event for e in list_entries(f"case:{unfit.case_code}")] == ["case.received"]
    assert list(find_broken_chains()) == []


def test_without_a_name_tasks_go_to_whoever_has_the_least_to_do(world: World) -> None:
    other = minh(world)
    tasks = appraisals(world, 5)
    take_task(officer=world.binh, task_id=tasks[0].pk, now=MONDAY)

    results = assign(world, tasks[1:], None)

    assert holders(tasks[1:]).count(other.id) == 2
    assert holders(tasks[1:]).count(world.binh.id) == 2
    assert results[0].receiver == "Ngô Quang Minh"
    assert "đang giữ 0 việc" in results[0].reason


def test_somebody_away_gets_nothing(world: World) -> None:
    other = minh(world)
    tasks = appraisals(world, 2)
    people_actions.name_stand_in(
        officer=other,
        absent_id=other.id,
        stand_in_id=world.binh.id,
        starts_on=MONDAY.date(),
        ends_on=date(2023, 3, 8),
        now=MONDAY,
    )

    (refused,) = assign(world, tasks[:1], other)
    (given,) = assign(world, tasks[1:], None)

    assert "Ngô Quang Minh đang vắng, có Lê Thanh Bình làm thay" in refused.refusal
    assert given.receiver == "Lê Thanh Bình"


def test_who_left_hands_over_all_in_one_go_and_both_are_told_once(world: World) -> None:
    other = minh(world)
    tasks = appraisals(world, 3)
    for task in tasks:
        take_task(officer=other, task_id=task.pk, now=MONDAY)
    Post.objects.filter(person_id=other.id).update(ends_on=MONDAY.date())

    left = [(one.name, one.count) for one in list_left_tasks(now=LATER)]
    results = assign(world, tasks, None)

    assert left == [("Ngô Quang Minh", 3)]
    assert {one.receiver for one in results} == {"Lê Thanh Bình"}
    assert list_left_tasks(now=LATER) == ()
    told = Notice.objects.values_list("person_id", "text_vi")
    assert sorted(person for person, _text in told) == sorted([world.binh.id, other.id])


def test_with_nobody_else_there_the_task_stays_and_says_so(world: World) -> None:
    tasks = appraisals(world, 1)
    take_task(officer=world.binh, task_id=tasks[0].pk, now=MONDAY)

    (result,) = assign(world, tasks, None)

    assert "Không có ai khác" in result.refusal
    assert holders(tasks) == [world.binh.id]

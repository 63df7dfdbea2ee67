"""Standing in for somebody away: whose steps can be done, by whom, on which days, told as what."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from motcua.audit.queries import find_broken_chains, list_entries
from motcua.cases.actions import complete_step, take_task
from motcua.cases.models import Case
from motcua.cases.tests.world import MONDAY, World, make_person, make_world
from motcua.cases.work_queries import has_work
from motcua.messages.models import Notice
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.people.actions import CannotNameStandIn, CannotTakeBackStandIn, NotAllowed
from motcua.people.models import Absence
from motcua.workflow.models import Task

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=1)
TODAY = MONDAY.date()


@pytest.fixture
def world() -> World:
    return make_world()


def name(world: World, officer: people.Person, absent: people.Person, **how: Any) -> Absence:
    """Let Lan stand in for somebody, from today for three days."""
    asked = {"starts_on": TODAY, "ends_on": TODAY + timedelta(days=3), "now": MONDAY, **how}
    return people_actions.name_stand_in(
        officer=officer,
        absent_id=absent.id,
        stand_in_id=asked.pop("stand_in").id,
        **asked,
    )


def colleague(world: World) -> people.Person:
    """Lan, a clerk at the Office, who has none of Bình's steps."""
    return make_person(world.system, "lan", "Võ Thị Lan", world.office, "CLERK")


def again(person: people.Person) -> people.Person:
    return people.get_person(user_id=person.id)


def appraisal(world: World) -> tuple[Case, Task]:
    """A case that waits for Bình's appraisal."""
    case = world.receive()
    complete_step(officer=world.cuc, task_id=open_task(case).pk, now=MONDAY)
    return case, open_task(case)


def last_entry(case: Case) -> Any:
    return list(list_entries(f"case:{case.code}"))[-1]


def open_task(case: Case) -> Task:
    return Task.objects.get(run_id=case.run_id, completed_at__isnull=True)


def test_somebody_of_another_agency_can_neither_be_named_nor_name(world: World) -> None:
    with pytest.raises(CannotNameStandIn, match="Đỗ Thị Oanh không giữ vị trí"):
        name(world, world.binh, world.binh, stand_in=world.oanh)
    with pytest.raises(NotAllowed):
        name(world, world.oanh, world.binh, stand_in=world.oanh)
    with pytest.raises(NotAllowed):
        name(world, world.controller, world.controller, stand_in=world.binh)

    assert not Absence.objects.exists()


def test_a_leader_names_for_their_people_but_not_for_others(world: World) -> None:
    lan = colleague(world)

    with pytest.raises(CannotNameStandIn, match="ngoài phạm vi"):
        name(world, world.dung, world.oanh, stand_in=lan)
    name(world, world.dung, world.binh, stand_in=lan)

    assert again(lan).stand_ins[0].stead_of == "Lê Thanh Bình"


def test_a_stand_in_does_the_steps_of_who_is_away_on_those_days_only(world: World) -> None:
    lan = colleague(world)
    case, task = appraisal(world)
    name(
        world,
        world.binh,
        world.binh,
        stand_in=lan,
        starts_on=date(2023, 3, 7),
        ends_on=date(2023, 3, 9),
    )
    tuesday, thursday = MONDAY + timedelta(days=1), MONDAY + timedelta(days=3)

    for day in (LATER, thursday):
        with pytest.raises(NotAllowed):
            complete_step(officer=again(lan), task_id=task.pk, now=day)
    assert has_work(again(lan), case_code=case.code, now=tuesday)
    complete_step(officer=again(lan), task_id=task.pk, now=tuesday)

    task.refresh_from_db()
    assert (task.completed_by_id, task.completed_for_id) == (lan.id, world.binh.id)
    entry = last_entry(case)
    assert entry.facts["stead_of"] == {"person": world.binh.id, "name": "Lê Thanh Bình"}
    assert list(find_broken_chains()) == []


def test_a_stand_in_takes_a_step_in_the_stead_of_who_is_away(world: World) -> None:
    lan = colleague(world)
    case, task = appraisal(world)
    name(world, world.binh, world.binh, stand_in=lan)

    take_task(officer=again(lan), task_id=task.pk, now=LATER)

    assert last_entry(case).facts["stead_of"]["name"] == "Lê Thanh Bình"


def test_whoever_has_the_same_post_acts_for_the_holder_only_on_what_they_hold(world: World) -> None:
    minh = make_person(world.system, "minh", "Ngô Quang Minh", world.office, "OFFICER")
    held, task_held = appraisal(world)
    free, task_free = appraisal(world)
    take_task(officer=world.binh, task_id=task_held.pk, now=MONDAY)
    name(world, world.binh, world.binh, stand_in=minh)

    for task in (task_held, task_free):
        complete_step(officer=again(minh), task_id=task.pk, now=LATER)

    assert "stead_of" in last_entry(held).facts
    assert "stead_of" not in last_entry(free).facts


def test_a_stand_in_gets_the_tasks_and_no_other_right(world: World) -> None:
    lan = colleague(world)
    name(world, world.dung, world.dung, stand_in=lan)
    now = LATER

    office, elsewhere = world.office, world.elsewhere
    own = people.scope_of(again(lan), "cases.complete_step", now=now)
    assert own.covers(agency_id=office.pk, agency_path=office.path)
    assert not own.covers(agency_id=elsewhere.pk, agency_path=elsewhere.path)
    for function in ("cases.end", "cases.put_off", "reports.see", "people.name_stand_in_of_others"):
        assert people.scope_of(again(lan), function, now=now).is_empty, function
    # A leader sees all below; who stands in sees the agency whose tasks they do.
    assert people.scope_of(again(lan), "cases.see", now=now).subtrees == ()


def test_an_administrators_post_is_not_passed_on(world: World) -> None:
    lan = colleague(world)
    people_actions.give_post(
        officer=world.system,
        now=MONDAY,
        person_id=world.binh.id,
        agency_id=world.office.pk,
        role="ADMIN",
        starts_on=TODAY,
    )
    name(world, again(world.binh), world.binh, stand_in=lan)

    assert [post.role for post in again(lan).stand_ins] == ["OFFICER"]


def test_overlaps_and_circles_are_refused_also_against_what_is_stored(world: World) -> None:
    lan = colleague(world)
    name(world, world.binh, world.binh, stand_in=lan)

    with pytest.raises(CannotNameStandIn, match="đã có Võ Thị Lan làm thay 06/03/2023–08/03/2023"):
        name(world, world.binh, world.binh, stand_in=world.dung)
    with pytest.raises(CannotNameStandIn, match="thành vòng tròn"):
        name(world, lan, lan, stand_in=world.binh)
    with pytest.raises(CannotNameStandIn, match="đã qua"):
        name(world, world.dung, world.dung, stand_in=lan, starts_on=TODAY - timedelta(days=1))


def test_taking_back_ends_the_rights_at_once_and_only_once(world: World) -> None:
    lan = colleague(world)
    absence = name(world, world.dung, world.binh, stand_in=lan)

    with pytest.raises(NotAllowed):
        people_actions.take_back_stand_in(officer=lan, absence_id=absence.pk, now=LATER)
    people_actions.take_back_stand_in(officer=world.binh, absence_id=absence.pk, now=LATER)

    assert again(lan).stand_ins == ()
    with pytest.raises(CannotTakeBackStandIn, match="10:00 06/03/2023"):
        people_actions.take_back_stand_in(officer=world.binh, absence_id=absence.pk, now=LATER)
    events = [entry.event for entry in list_entries(f"person:{world.binh.id}")]
    assert events[-2:] == ["person.stand_in_named", "person.stand_in_taken_back"]


def test_both_are_told_but_not_who_did_it(world: World) -> None:
    lan = colleague(world)
    absence = name(world, world.dung, world.binh, stand_in=lan)
    people_actions.take_back_stand_in(officer=world.binh, absence_id=absence.pk, now=LATER)

    told = Notice.objects.order_by("person_id", "id").values_list("person_id", "text_vi")
    assert [person for person, _text in told] == [world.binh.id, lan.id, lan.id]
    assert "Võ Thị Lan làm thay Lê Thanh Bình trong 06/03/2023–08/03/2023." in told[0][1]


def test_a_person_with_stand_ins_is_still_read_in_one_query(world: World) -> None:
    lan = colleague(world)
    name(world, world.binh, world.binh, stand_in=lan)

    with CaptureQueriesContext(connection) as queries:
        person = people.get_person(user_id=lan.id)

    assert len(queries) == 1
    assert (len(person.posts), len(person.stand_ins)) == (1, 1)


def test_whoever_stood_in_for_somebody_a_hundred_times_has_a_hundred_stand_ins(
    world: World,
) -> None:
    lan = colleague(world)
    Absence.objects.bulk_create(
        Absence(
            absent_id=world.binh.id,
            stand_in_id=lan.id,
            starts_on=TODAY + timedelta(days=number),
            ends_on=TODAY + timedelta(days=number + 1),
            named_by_id=world.binh.id,
            named_at=MONDAY,
        )
        for number in range(100)
    )

    days = [post.starts_on for post in people.get_person(user_id=lan.id).stand_ins]

    assert days == [TODAY + timedelta(days=number) for number in range(100)]


def test_a_step_done_in_somebodys_stead_still_takes_one_read_and_one_write(world: World) -> None:
    lan = colleague(world)
    _case, task = appraisal(world)
    name(world, world.binh, world.binh, stand_in=lan)
    officer = again(lan)

    with CaptureQueriesContext(connection) as queries:
        complete_step(
            officer=officer, task_id=task.pk, now=datetime(2023, 3, 6, 10, tzinfo=MONDAY.tzinfo)
        )

    assert len(queries) == 2

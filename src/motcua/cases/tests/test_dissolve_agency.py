"""An agency is dissolved in the middle of its cases: who may, what hinders it, and what moves."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from motcua.audit import actions as audit
from motcua.audit.models import Entry
from motcua.audit.queries import find_broken_chains
from motcua.cases import actions, dissolution_queries, queries, work_queries
from motcua.cases.actions import CannotDissolveAgency
from motcua.cases.jobs import take_dissolutions_into_effect
from motcua.cases.models import Case, Dissolution, HandedCase, LedgerEntry
from motcua.cases.tests.dissolving import FRIDAY, TODAY, Merger, make_merger, open_task
from motcua.cases.tests.many_cases import multiply
from motcua.cases.tests.world import CHART, MONDAY, World, make_person
from motcua.messages.models import Notice
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.people.actions import NotAllowed
from motcua.people.models import Agency, Post
from motcua.procedures.models import Revision
from motcua.workflow import actions as workflow
from motcua.workflow.models import Run, Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def merger(world: World) -> Merger:
    return make_merger(world)


def fresh(person: people.Person) -> people.Person:
    return people.get_person(user_id=person.id)


def test_who_may_not_changes_nothing(merger: Merger) -> None:
    (case,) = merger.received()

    for outsider in (merger.world.oanh, merger.lan, merger.world.dung, merger.world.controller):
        with pytest.raises(NotAllowed, match="không có quyền giải thể cơ quan"):
            merger.dissolve(officer=outsider)

    assert not Dissolution.objects.exists()
    assert open_task(case).agency_id == merger.old.pk


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"decision_number": "  "}, "số văn bản quyết định"),
        ({"decision_date": date(2023, 3, 7)}, "07/03/2023, chưa tới"),
        ({"successor_id": None}, "còn việc đang mở.*phải có cơ quan kế thừa"),
        ({"last_day": date(2023, 3, 5)}, "đã qua"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_half_written(
    merger: Merger, changes: dict[str, Any], words: str
) -> None:
    (case,) = merger.received()

    with pytest.raises(CannotDissolveAgency, match=words):
        merger.dissolve(**changes)

    assert not Dissolution.objects.exists()
    assert not Agency.objects.filter(ends_on__isnull=False).exists()
    assert not Post.objects.filter(ends_on__isnull=False).exists()
    assert open_task(case).agency_id == merger.old.pk


def test_coming_posts_need_a_successor_and_an_idle_agency_needs_none(merger: Merger) -> None:
    coming = people_actions.give_post(
        officer=merger.world.system,
        now=MONDAY,
        person_id=merger.hoa.id,
        agency_id=merger.old.pk,
        role="CLERK",
        starts_on=date(2023, 5, 1),
    )
    with pytest.raises(CannotDissolveAgency, match="vị trí sẽ bắt đầu"):
        merger.dissolve(successor_id=None)
    coming.delete()

    made = merger.dissolve(successor_id=None)

    assert (made.heir, made.successor) == (None, None)
    assert made.moved_at == MONDAY


def test_open_steps_go_to_the_successor_with_code_due_time_and_trail(merger: Merger) -> None:
    (case,) = merger.received()
    task = open_task(case)
    ledger = list(LedgerEntry.objects.values())

    made = merger.dissolve()

    moved = Task.objects.get(pk=task.pk)
    assert (moved.agency_id, moved.role, moved.due_at) == (merger.new.pk, "OFFICER", task.due_at)
    after = Case.objects.get(pk=case.pk)
    assert (after.code, after.due_at) == (case.code, case.due_at)
    # The history stays where it happened.
    assert after.settling_agency_id == merger.old.pk
    assert list(LedgerEntry.objects.values()) == ledger
    entry = Entry.objects.get(subject=f"case:{case.code}", event="case.handed_on")
    assert (entry.facts["from"], entry.facts["to"]) == ("H19.17", "H19.30")
    assert entry.facts["tasks"] == [task.pk]
    assert "12/NQ-HĐND ngày 01/03/2023" in entry.because
    assert HandedCase.objects.get().case_id == case.pk
    assert made.heir_id == merger.new.pk
    assert list(find_broken_chains()) == []


def test_the_successors_people_see_the_work_and_finish_the_case(merger: Merger) -> None:
    (case,) = merger.received()
    merger.dissolve()
    hoa, huy = fresh(merger.hoa), fresh(merger.huy)

    waiting = work_queries.count_waiting(hoa, now=MONDAY)
    actions.complete_step(officer=hoa, task_id=open_task(case).pk, now=MONDAY)
    actions.complete_step(officer=huy, task_id=open_task(case).pk, outcome="APPROVE", now=MONDAY)

    assert waiting["desk:my-work"] == 1
    assert queries.get_case_in_scope(case_code=case.code, officer=hoa, now=MONDAY)
    assert Case.objects.get(pk=case.pk).status == Case.Status.DONE
    assert list(find_broken_chains()) == []


def test_a_step_that_opens_later_opens_at_the_successor(merger: Merger) -> None:
    case = merger.world.receive()
    merger.dissolve()

    actions.complete_step(officer=merger.world.cuc, task_id=open_task(case).pk, now=MONDAY)

    assert open_task(case).agency_id == merger.new.pk
    assert Entry.objects.filter(subject=f"case:{case.code}", event="case.handed_on").exists()


def test_who_held_a_step_is_told_and_keeps_it_only_in_the_same_role(merger: Merger) -> None:
    taken, kept = merger.received(2)
    both = make_person(merger.world.system, "mai", "Lý Thị Mai", merger.old, "OFFICER")
    people_actions.give_post(
        officer=merger.world.system,
        now=MONDAY,
        person_id=both.id,
        agency_id=merger.new.pk,
        role="OFFICER",
        starts_on=TODAY,
    )
    actions.take_task(officer=merger.world.oanh, task_id=open_task(taken).pk, now=MONDAY)
    actions.take_task(officer=both, task_id=open_task(kept).pk, now=MONDAY)

    merger.dissolve()

    assert open_task(taken).assignee_id is None
    assert open_task(kept).assignee_id == both.id
    told = {
        (n.person_id, n.agency_id, n.role)
        for n in Notice.objects.filter(once_key__startswith="diss")
    }
    assert (merger.world.oanh.id, None, "") in told
    assert (None, merger.new.pk, "OFFICER") in told
    holder = Notice.objects.get(once_key__contains=":holder:")
    assert (holder.person_id, holder.text_vi[:6]) == (merger.world.oanh.id, "1 việc")


def test_who_comes_too_late_is_told_where_the_step_went(merger: Merger) -> None:
    (case,) = merger.received()
    task = open_task(case)
    merger.dissolve()

    with pytest.raises(NotAllowed, match="đã chuyển cho Sở Nông nghiệp.*khi Sở Tài nguyên"):
        actions.complete_step(officer=fresh(merger.world.oanh), task_id=task.pk, now=MONDAY)

    assert open_task(case).pk == task.pk


def test_posts_end_with_the_last_day_and_their_holders_are_told(merger: Merger) -> None:
    merger.dissolve(last_day=FRIDAY)

    assert fresh(merger.lan).posts_on(FRIDAY)
    assert not fresh(merger.lan).posts_on(FRIDAY + timedelta(days=1))
    told = Notice.objects.filter(once_key__contains=":post:")
    assert set(told.values_list("person_id", flat=True)) == {merger.lan.id, merger.world.oanh.id}
    assert "sau ngày 10/03/2023" in told[0].text_vi


def test_before_its_last_day_is_over_all_goes_on_and_then_the_job_moves_it_once(
    merger: Merger,
) -> None:
    first, second = merger.received(2)
    merger.dissolve(last_day=FRIDAY)
    actions.complete_step(
        officer=merger.world.oanh, task_id=open_task(second).pk, now=MONDAY + timedelta(days=1)
    )

    friday, saturday = (MONDAY + timedelta(days=days) for days in (4, 5))
    assert dissolution_queries.list_due(now=friday) == []
    # Nobody works on Saturday: on Monday, when the day begins.
    assert dissolution_queries.list_due(now=saturday) == []
    next_monday = MONDAY + timedelta(days=7)
    assert dissolution_queries.list_due(now=next_monday - timedelta(hours=6)) == []
    (due,) = dissolution_queries.list_due(now=next_monday)
    assert (
        actions.take_effect(officer=merger.world.system, dissolution_id=due, now=next_monday) == 2
    )
    assert (
        actions.take_effect(officer=merger.world.system, dissolution_id=due, now=next_monday) == 0
    )

    assert {open_task(case).agency_id for case in (first, second)} == {merger.new.pk}
    assert dissolution_queries.list_due(now=next_monday) == []
    assert list(find_broken_chains()) == []
    with pytest.raises(NotAllowed):
        actions.take_effect(officer=merger.admin, dissolution_id=due, now=next_monday)


def test_what_came_on_the_last_day_after_the_move_follows_the_next_working_day(
    merger: Merger,
) -> None:
    merger.dissolve()
    (late,) = merger.received()
    tuesday = MONDAY + timedelta(days=1)

    (due,) = dissolution_queries.list_due(now=tuesday)
    actions.take_effect(officer=merger.world.system, dissolution_id=due, now=tuesday)

    assert open_task(late).agency_id == merger.new.pk
    assert dissolution_queries.list_due(now=tuesday) == []


def test_a_successor_that_was_dissolved_meanwhile_hands_on_to_its_own(merger: Merger) -> None:
    (case,) = merger.received()
    merger.dissolve(last_day=FRIDAY)
    merger.dissolve(
        agency_id=merger.new.pk,
        successor_id=merger.world.office.pk,
        last_day=FRIDAY + timedelta(days=1),
    )
    later = MONDAY + timedelta(days=7)

    for due in dissolution_queries.list_due(now=later):
        actions.take_effect(officer=merger.world.system, dissolution_id=due, now=later)

    assert open_task(case).agency_id == merger.world.office.pk
    assert set(Agency.objects.get(pk=merger.world.office.pk).heir_of) == {
        merger.old.pk,
        merger.new.pk,
    }
    binh = fresh(merger.world.binh)
    actions.complete_step(officer=binh, task_id=open_task(case).pk, now=later)
    assert list(find_broken_chains()) == []


def test_finished_cases_wait_for_their_return_at_the_successor(merger: Merger) -> None:
    clerk = make_person(merger.world.system, "mai", "Lý Thị Mai", merger.world.office, "CLERK")
    (case,) = merger.received()
    for officer, outcome in ((merger.world.oanh, ""), (merger.lan, "APPROVE")):
        actions.complete_step(
            officer=officer, task_id=open_task(case).pk, outcome=outcome, now=MONDAY
        )

    merger.dissolve(agency_id=merger.world.centre.pk, successor_id=merger.world.office.pk)
    mai = fresh(clerk)

    assert [one.code for one in work_queries.list_to_return(mai, text="", now=MONDAY)] == [
        case.code
    ]
    actions.return_result(officer=mai, case_code=case.code, returned_to="An", now=MONDAY)
    assert Case.objects.get(pk=case.pk).receiving_agency_id == merger.world.centre.pk


def test_a_thousand_open_steps_move_in_as_many_statements_as_one(merger: Merger) -> None:
    (case,) = merger.received()
    with CaptureQueriesContext(connection) as few:
        first = merger.dissolve()
    actions.undo_dissolution(
        officer=merger.admin, dissolution_id=first.pk, reason="Thử", now=MONDAY
    )
    multiply(case.pk, 1000)
    for code in Case.objects.exclude(pk=case.pk).values_list("code", flat=True):
        audit.record(
            event="case.received", subject=f"case:{code}", actor_id=merger.admin.id, at=MONDAY
        )

    with CaptureQueriesContext(connection) as many:
        merger.dissolve()

    assert len(many) <= len(few)
    assert Task.objects.filter(completed_at=None, agency=merger.new.pk).count() == 1000
    assert Run.objects.filter(settling_agency=merger.new.pk).count() == 1000
    assert Entry.objects.filter(event="case.handed_on").count() == 1001
    assert list(find_broken_chains()) == []


def test_its_work_is_counted_part_by_part_before(merger: Merger) -> None:
    merger.received(2)
    merger.world.receive()

    counts = dissolution_queries.count_work(merger.old, last_day=TODAY, now=MONDAY)

    assert counts == {
        "cases": 3,
        "steps": 2,
        "returns": 0,
        "online": 0,
        "post": 0,
        "opinions": 0,
        "queue": 0,
        "registers": 0,
        "posts": 2,
        "procedures": 1,
        "workflows": 0,
    }


def test_a_chart_that_names_the_agency_is_told_and_opens_its_steps_at_the_successor(
    merger: Merger,
) -> None:
    Revision.objects.update(agency=merger.world.office)
    workflow.publish_version(
        officer=merger.world.system,
        key="three-steps",
        name="Ba bước",
        bpmn_xml=CHART.replace(
            'unit="SETTLING" motcua:role="LEADER"', 'unit="AGENCY:H19.17" motcua:role="LEADER"'
        ),
        starts_on=TODAY,
        now=MONDAY,
    )
    (case,) = merger.received()
    named = dissolution_queries.list_part(merger.old, "workflows", last_day=TODAY, now=MONDAY)
    assert [one.key for one in named] == ["three-steps"]

    merger.dissolve()
    tuesday = MONDAY + timedelta(days=1)
    actions.complete_step(officer=merger.world.binh, task_id=open_task(case).pk, now=tuesday)

    assert (open_task(case).agency_id, open_task(case).role) == (merger.new.pk, "LEADER")


def test_the_job_says_how_many_cases_it_moved(merger: Merger) -> None:
    assert take_dissolutions_into_effect() == "0 cases"

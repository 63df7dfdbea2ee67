"""The end of a shift: counted, handed to a colleague, answered, and what a clerk outside it may not do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from motcua.audit.queries import find_broken_chains
from motcua.cases import shift_queries
from motcua.cases.actions import (
    CannotCall,
    CannotHandOverShift,
    CannotReceiveCase,
    accept_shift,
    call_next,
    complete_step,
    decline_shift,
    hand_over_shift,
    resume_shift,
    return_result,
    take_number,
)
from motcua.cases.models import Case, ShiftHandOver
from motcua.cases.tests.world import MONDAY, World, make_person
from motcua.messages.models import Notice
from motcua.people.actions import NotAllowed
from motcua.people.queries import Person
from motcua.workflow.models import Task

NOON = MONDAY + timedelta(hours=2)


@pytest.fixture
def hoa(world: World) -> Person:
    return make_person(world.system, "hoa", "Võ Thị Hoa", world.centre, "CLERK")


def hand_over(world: World, to: Person, **changes: Any) -> ShiftHandOver:
    asked = {"officer": world.cuc, "cash_vnd": 150_000, "now": NOON, **changes}
    return hand_over_shift(agency_id=world.centre.pk, next_clerk_id=to.id, **asked)


def finish(world: World, case: Case) -> None:
    for officer, outcome in ((world.cuc, ""), (world.binh, ""), (world.dung, "APPROVE")):
        task = Task.objects.get(run_id=case.run_id, completed_at__isnull=True)
        complete_step(officer=officer, task_id=task.pk, outcome=outcome, now=NOON)


def test_only_clerks_of_the_counter_give_and_take_a_shift(world: World, hoa: Person) -> None:
    with pytest.raises(NotAllowed):
        hand_over(world, hoa, officer=world.oanh)
    with pytest.raises(CannotHandOverShift, match="công chức khác đang giữ vị trí tại quầy này"):
        hand_over(world, world.dung)
    with pytest.raises(CannotHandOverShift, match="công chức khác"):
        hand_over(world, world.cuc)
    with pytest.raises(CannotHandOverShift, match="không âm"):
        hand_over(world, hoa, cash_vnd=-1)

    assert not ShiftHandOver.objects.exists()


def test_what_was_done_since_the_morning_is_counted(world: World, hoa: Person) -> None:
    world.receive(now=MONDAY - timedelta(days=4))
    done, kept = world.receive(), world.receive()
    finish(world, done)
    return_result(officer=world.cuc, case_code=done.code, returned_to="An", now=NOON)
    for _person in range(2):
        take_number(officer=world.cuc, agency_id=world.centre.pk, now=MONDAY)
    call_next(officer=world.cuc, agency_id=world.centre.pk, now=MONDAY)

    made = hand_over(world, hoa, note="Khóa tủ số 2")

    assert (made.received, made.returned, made.called, made.absent) == (2, 1, 1, 0)
    assert made.cash_vnd == 150_000
    # What came on Thursday and was not sent on lies there as well.
    assert len(made.case_codes) == 2
    assert kept.code in made.case_codes
    assert done.code not in made.case_codes
    assert list(find_broken_chains()) == []


def test_a_clerk_whose_shift_ended_receives_nothing_and_is_told_what_to_do(
    world: World, hoa: Person
) -> None:
    hand_over(world, hoa)
    take_number(officer=hoa, agency_id=world.centre.pk, now=NOON)

    with pytest.raises(CannotReceiveCase, match="đã bàn giao lúc 11:00.*Vào ca lại"):
        world.receive(now=NOON + timedelta(minutes=1))
    with pytest.raises(CannotCall, match="đã bàn giao lúc 11:00"):
        call_next(officer=world.cuc, agency_id=world.centre.pk, now=NOON)

    assert not Case.objects.exists()


def test_the_next_day_and_what_was_received_before_are_not_held_up(
    world: World, hoa: Person
) -> None:
    hand_over(world, hoa)

    assert world.receive(now=NOON + timedelta(days=1)).pk
    # Written offline before the hand-over, and sent only now.
    assert world.receive(now=NOON - timedelta(minutes=5)).pk


def test_a_shift_ends_once(world: World, hoa: Person) -> None:
    hand_over(world, hoa)

    with pytest.raises(CannotHandOverShift, match="đã bàn giao rồi"):
        hand_over(world, hoa)


def test_the_colleague_accepts_once_and_nobody_else_does(world: World, hoa: Person) -> None:
    made = hand_over(world, hoa)
    with pytest.raises(CannotHandOverShift, match="bàn giao cho Võ Thị Hoa"):
        accept_shift(officer=world.cuc, hand_over_id=made.pk, now=NOON)
    with pytest.raises(NotAllowed):
        hand_over(world, hoa, officer=world.dung)

    accept_shift(officer=hoa, hand_over_id=made.pk, now=NOON)

    with pytest.raises(CannotHandOverShift, match="đã trả lời rồi"):
        accept_shift(officer=hoa, hand_over_id=made.pk, now=NOON)
    told = Notice.objects.order_by("id").values_list("person_id", "text_vi")
    assert list(told) == [
        (hoa.id, f"{world.cuc.full_name} bàn giao ca cho anh/chị."),
        (world.cuc.id, "Võ Thị Hoa đã nhận ca của anh/chị."),
    ]


def test_a_declined_shift_is_the_clerks_again(world: World, hoa: Person) -> None:
    made = hand_over(world, hoa)
    with pytest.raises(CannotHandOverShift, match="Hãy ghi lý do"):
        decline_shift(officer=hoa, hand_over_id=made.pk, reason=" ", now=NOON)

    decline_shift(officer=hoa, hand_over_id=made.pk, reason="Thiếu 50.000 đồng", now=NOON)

    assert world.receive(now=NOON + timedelta(minutes=1)).pk
    assert hand_over(world, hoa, now=NOON + timedelta(minutes=2)).received == 1


def test_who_comes_back_works_on_and_the_next_report_begins_there(
    world: World, hoa: Person
) -> None:
    world.receive()
    made = hand_over(world, hoa)
    accept_shift(officer=hoa, hand_over_id=made.pk, now=NOON)

    resume_shift(officer=world.cuc, agency_id=world.centre.pk, now=NOON + timedelta(hours=1))
    world.receive(now=NOON + timedelta(hours=2))

    report = shift_queries.report_shift(
        world.cuc, agency_id=world.centre.pk, now=NOON + timedelta(hours=3)
    )
    assert (report.starts_at, report.received) == (NOON, 1)
    with pytest.raises(CannotHandOverShift, match="đang trong ca"):
        resume_shift(officer=world.cuc, agency_id=world.centre.pk, now=NOON)

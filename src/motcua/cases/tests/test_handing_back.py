"""Handing a status back to the system that sent the case on: who may, what waits, what is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from motcua.audit.models import Entry
from motcua.cases import actions, mirror_queries, queries, reminder_queries
from motcua.cases.models import Case, HandBack, MirroredCase, MirroredStatus
from motcua.cases.tests.world import MONDAY, World, make_person
from motcua.engine.forwarded import read_case, read_status
from motcua.engine.moments import VIETNAM
from motcua.engine.tests.test_forwarded import CASE, STATUS
from motcua.people.actions import NotAllowed
from motcua.workflow.actions import CannotCompleteStep
from motcua.workflow.models import Task

pytestmark = pytest.mark.django_db

TOOK = MONDAY + timedelta(hours=1)
BACK = MONDAY + timedelta(hours=2)
AGAIN = MONDAY + timedelta(hours=4)
LATER = MONDAY + timedelta(days=3)


def taken_over(world: World) -> tuple[MirroredCase, Case]:
    row = actions.mirror_case(
        officer=world.system, source="DVCQG", told=read_case(CASE), now=MONDAY
    )
    case = world.receive()
    actions.take_over_case(officer=world.cuc, mirrored_id=row.pk, case_code=case.code, now=TOOK)
    return row, case


def hand_back(world: World, row: MirroredCase, **changes: Any) -> HandBack:
    values = {"officer": world.cuc, "mirrored_id": row.pk, "reason": "Bộ giải quyết.", "now": BACK}
    return actions.hand_back_case(**{**values, **changes})


def take_again(world: World, row: MirroredCase, **changes: Any) -> HandBack:
    values = {"officer": world.cuc, "mirrored_id": row.pk, "reason": "Bộ trả.", "now": AGAIN}
    return actions.take_case_again(**{**values, **changes})


def tell(world: World, status: int, at: Any) -> MirroredCase:
    written = f"{at.astimezone(VIETNAM):%Y%m%d%H%M%S}"
    told = read_status({**STATUS, "TrangThai": status, "ThoiDiemXuLy": written})
    return actions.record_foreign_status(officer=world.system, source="DVCQG", told=told, now=LATER)


def first_task(case: Case) -> int:
    return Task.objects.get(run_id=case.run_id, completed_at=None).pk


def test_whoever_is_of_another_agency_or_only_settles_hands_nothing_back(world: World) -> None:
    row, _case = taken_over(world)

    for person in (world.oanh, world.binh, world.controller, world.system):
        with pytest.raises(NotAllowed):
            hand_back(world, row, officer=person)
    hand_back(world, row, officer=world.dung)
    for person in (world.oanh, world.binh, world.controller, world.system):
        with pytest.raises(NotAllowed):
            take_again(world, row, officer=person)

    assert HandBack.objects.get().taken_again_at is None


def test_handing_back_and_taking_again_stand_in_both_trails_with_their_reasons(
    world: World,
) -> None:
    row, case = taken_over(world)

    hand_back(world, row)
    row.refresh_from_db()
    theirs = not mirror_queries.is_ours(row)
    take_again(world, row)

    assert theirs
    assert mirror_queries.is_ours(row)
    told = Entry.objects.filter(event__contains="handed_back") | Entry.objects.filter(
        event__contains="taken_again"
    )
    assert sorted(told.values_list("subject", "event", "because")) == [
        (f"case:{case.code}", "case.handed_back", "Bộ giải quyết."),
        (f"case:{case.code}", "case.taken_again", "Bộ trả."),
        (f"mirrored:DVCQG:{row.foreign_code}", "mirrored.handed_back", "Bộ giải quyết."),
        (f"mirrored:DVCQG:{row.foreign_code}", "mirrored.taken_again", "Bộ trả."),
    ]


def test_without_a_reason_nothing_changes_hands(world: World) -> None:
    row, _case = taken_over(world)

    with pytest.raises(actions.CannotHandBack, match="Hãy ghi vì sao trao lại"):
        hand_back(world, row, reason=" \n")
    hand_back(world, row)
    with pytest.raises(actions.CannotTakeAgain, match="Hãy ghi vì sao nhận lại"):
        take_again(world, row, reason="")

    row.refresh_from_db()
    assert not mirror_queries.is_ours(row)


def test_what_is_not_ours_is_not_handed_back_and_what_is_ours_not_taken_again(
    world: World,
) -> None:
    row = actions.mirror_case(
        officer=world.system, source="DVCQG", told=read_case(CASE), now=MONDAY
    )
    with pytest.raises(actions.CannotHandBack, match="vẫn do hệ thống kia giữ"):
        hand_back(world, row)
    case = world.receive()
    actions.take_over_case(officer=world.cuc, mirrored_id=row.pk, case_code=case.code, now=TOOK)
    with pytest.raises(actions.CannotTakeAgain, match="chưa được trao lại"):
        take_again(world, row)
    hand_back(world, row)
    with pytest.raises(actions.CannotHandBack, match="giữ từ 11:00 06/03/2023"):
        hand_back(world, row)

    assert HandBack.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        HandBack.objects.create(
            mirrored=row, case=case, handed_at=LATER, handed_by_id=world.cuc.id, reason="x"
        )


def test_while_they_own_it_nothing_changes_its_status_here(world: World) -> None:
    row, case = taken_over(world)
    hand_back(world, row)

    with pytest.raises(CannotCompleteStep, match="do Cổng Dịch vụ công quốc gia giữ từ 11:00"):
        actions.complete_step(officer=world.cuc, task_id=first_task(case), now=LATER)
    with pytest.raises(actions.CannotMoveClock, match="Hãy nhận lại quyền giữ trạng thái"):
        actions.request_supplement(
            officer=world.binh, case_code=case.code, reason="Thiếu.", now=LATER
        )
    with pytest.raises(actions.CannotEndCase, match="Hãy nhận lại quyền giữ trạng thái"):
        actions.withdraw_case(officer=world.cuc, case_code=case.code, reason="Rút.", now=LATER)

    after = Case.objects.get()
    assert (after.status, after.due_at, after.clock_stopped_at) == ("RECEIVED", case.due_at, None)
    assert not reminder_queries.open_cases().exists()


def test_taken_again_its_steps_go_on_where_they_stood(world: World) -> None:
    row, case = taken_over(world)
    task = first_task(case)
    hand_back(world, row)
    take_again(world, row)

    actions.complete_step(officer=world.cuc, task_id=task, now=LATER)

    assert Case.objects.get().status == "PROCESSING"
    assert reminder_queries.open_cases().exists()


def test_the_timers_of_a_case_that_is_not_ours_wait(world: World) -> None:
    row, case = taken_over(world)
    task = Task.objects.get(pk=first_task(case))
    Task.objects.filter(pk=task.pk).update(kind="TIMER", role="", due_at=BACK)
    before = queries.list_due_timers(LATER)

    hand_back(world, row)

    assert before == [task.pk]
    assert queries.list_due_timers(LATER) == []
    with pytest.raises(actions.CannotFireTimer, match="giữ từ 11:00"):
        actions.fire_timer(officer=world.system, task_id=task.pk, now=LATER)


def test_a_finished_case_is_not_handed_back(world: World) -> None:
    row, case = taken_over(world)
    actions.withdraw_case(officer=world.cuc, case_code=case.code, reason="Rút.", now=BACK)

    with pytest.raises(actions.CannotHandBack, match="đã kết thúc ở đây lúc 11:00 06/03/2023"):
        hand_back(world, row, now=AGAIN)


def test_what_ended_over_there_meanwhile_is_not_taken_again(world: World) -> None:
    row, _case = taken_over(world)
    hand_back(world, row)
    tell(world, 10, BACK + timedelta(hours=1))

    with pytest.raises(actions.CannotTakeAgain, match="đã “Đã trả kết quả” lúc 12:00"):
        take_again(world, row, now=LATER)


@pytest.mark.parametrize(
    ("at", "is_theirs"),
    [
        (TOOK - timedelta(minutes=1), True),
        (TOOK, False),
        (BACK - timedelta(seconds=1), False),
        (BACK, True),
        (AGAIN - timedelta(seconds=1), True),
        (AGAIN, False),
    ],
)
def test_a_status_is_judged_by_who_owned_it_at_its_own_time(
    world: World, at: Any, is_theirs: bool
) -> None:
    row, case = taken_over(world)
    hand_back(world, row)
    take_again(world, row)

    if is_theirs:
        after = tell(world, 8, at)
        assert (after.foreign_status, after.foreign_status_at) == (8, at)
    else:
        with pytest.raises(actions.StatusRefused, match="do hệ thống một cửa này giữ"):
            tell(world, 8, at)
        assert MirroredCase.objects.get().foreign_status == 4
    assert MirroredStatus.objects.get(status=8).was_refused != is_theirs
    assert Case.objects.get().status == case.status


def test_a_refused_status_is_recorded_once_however_often_it_comes(world: World) -> None:
    taken_over(world)

    for _time in range(3):
        with pytest.raises(actions.StatusRefused):
            tell(world, 9, BACK)

    assert MirroredStatus.objects.filter(was_refused=True).count() == 1
    assert Entry.objects.filter(event="mirrored.status_refused").count() == 1


def test_a_record_of_a_time_that_was_ours_moves_no_due_time(world: World) -> None:
    row, _case = taken_over(world)
    record = {**CASE, "NgayKetThucXuLy": "20230306110000", "NgayHenTra": "20230331170000"}

    with pytest.raises(actions.StatusRefused):
        actions.mirror_case(officer=world.system, source="DVCQG", told=read_case(record), now=LATER)

    assert MirroredCase.objects.get().due_at == row.due_at


def test_who_hands_back_settles_or_receives_the_case(world: World) -> None:
    row, _case = taken_over(world)
    leader = make_person(world.system, "khanh", "Ngô Khánh", world.elsewhere, "LEADER")

    with pytest.raises(NotAllowed):
        hand_back(world, row, officer=leader)

    assert not HandBack.objects.exists()

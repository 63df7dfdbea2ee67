"""Sending a file back after appraisal, and taking back what was recorded by mistake."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from motcua.audit.queries import find_broken_chains, list_entries
from motcua.cases import actions
from motcua.cases.actions import CannotMoveClock, CannotTakeBack
from motcua.cases.models import Case, ClockEvent
from motcua.cases.tests.world import World, make_world
from motcua.engine.moments import VIETNAM
from motcua.people.actions import NotAllowed
from motcua.workflow.models import Task

pytestmark = pytest.mark.django_db(transaction=True)

WHY = "Bản vẽ không khớp với hiện trạng"


def at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    """A moment of March 2023, whose 6th is the Monday of the reception."""
    return datetime(2023, 3, day, hour, minute, tzinfo=VIETNAM)


@pytest.fixture
def world() -> World:
    return make_world()


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def send_back(
    world: World, case: Case, now: datetime, *, is_late_meant: bool = False
) -> actions.ClockMoved:
    return actions.return_after_appraisal(
        officer=world.binh, case_code=case.code, reason=WHY, now=now, is_late_meant=is_late_meant
    )


def take_back(world: World, case: Case, now: datetime, reason: str = "Ghi nhầm hồ sơ") -> None:
    event = ClockEvent.objects.filter(case=case, cancels=None).latest("id")
    actions.take_back_event(
        officer=world.binh, case_code=case.code, event_id=event.pk, reason=reason, now=now
    )


def test_who_does_not_work_on_the_case_sends_nothing_back(world: World) -> None:
    case = world.receive()

    with pytest.raises(NotAllowed):
        actions.return_after_appraisal(
            officer=world.oanh, case_code=case.code, reason=WHY, now=at(8)
        )


def test_a_file_sent_back_stands_still_and_begins_anew_when_it_comes_again(world: World) -> None:
    case = world.receive()

    moved = send_back(world, case, at(9))
    stopped = fresh(case)
    actions.take_file_again(officer=world.cuc, case_code=case.code, now=at(14))

    assert moved.warnings == ()
    assert (stopped.status, stopped.clock_stopped_at) == (Case.Status.SUPPLEMENT, at(9))
    assert (fresh(case).status, fresh(case).due_at) == (Case.Status.PROCESSING, at(21, 17))


def test_after_the_days_of_the_law_it_is_done_only_when_meant(world: World) -> None:
    case = world.receive()

    # Three working days from Monday 06/03: until Thursday 09/03 at 17:00.
    with pytest.raises(CannotMoveClock, match=r"muộn: hạn trả lại là 17:00 Thứ Năm 09/03/2023"):
        send_back(world, case, at(10))
    moved = send_back(world, case, at(10), is_late_meant=True)

    assert [warning.source for warning in moved.warnings] == ["NĐ 61/2018/NĐ-CP Đ19.4"]


def test_a_file_is_not_sent_back_without_saying_what_is_missing(world: World) -> None:
    case = world.receive()

    with pytest.raises(CannotMoveClock, match="Hãy ghi rõ hồ sơ chưa đủ điều kiện"):
        actions.return_after_appraisal(
            officer=world.binh, case_code=case.code, reason=" ", now=at(8)
        )


def test_a_request_recorded_by_mistake_is_as_if_it_had_never_been(world: World) -> None:
    case = world.receive()
    due = case.due_at
    send_back(world, case, at(8))

    take_back(world, case, at(8, 10))

    now = fresh(case)
    assert (now.status, now.due_at, now.clock_stopped_at) == (Case.Status.RECEIVED, due, None)
    assert ClockEvent.objects.filter(case=case).count() == 2
    last = list_entries(f"case:{case.code}").latest("number")
    assert (last.event, last.facts["reason"]) == ("case.event_taken_back", "Ghi nhầm hồ sơ")
    assert list(find_broken_chains()) == []


def test_a_resubmission_taken_back_lets_the_case_wait_again(world: World) -> None:
    case = world.receive()
    send_back(world, case, at(8))
    actions.take_file_again(officer=world.cuc, case_code=case.code, now=at(9))

    event = ClockEvent.objects.latest("id")
    actions.take_back_event(
        officer=world.cuc,
        case_code=case.code,
        event_id=event.pk,
        reason="Nhầm người",
        now=at(9, 10),
    )

    now = fresh(case)
    assert (now.status, now.clock_stopped_at) == (Case.Status.SUPPLEMENT, at(8))


def test_who_may_not_record_it_may_not_take_it_back(world: World) -> None:
    case = world.receive()
    actions.extend_with_apology(
        officer=world.dung,
        case_code=case.code,
        until=date(2023, 3, 17),
        reason="Chờ giám định",
        now=at(8),
    )

    with pytest.raises(NotAllowed):
        take_back(world, case, at(8, 10))


def test_nothing_is_taken_back_that_something_rests_on(world: World) -> None:
    case = world.receive()
    send_back(world, case, at(8))
    actions.take_file_again(officer=world.cuc, case_code=case.code, now=at(9))
    first = ClockEvent.objects.order_by("id")[0]

    with pytest.raises(CannotTakeBack, match="Hãy thu hồi việc ghi sau trước"):
        actions.take_back_event(
            officer=world.binh, case_code=case.code, event_id=first.pk, reason="Nhầm", now=at(9, 10)
        )
    task = Task.objects.get(run_id=case.run_id, completed_at=None)
    actions.complete_step(officer=world.cuc, task_id=task.pk, outcome="", now=at(9, 14))
    last = ClockEvent.objects.latest("id")
    with pytest.raises(CannotTakeBack, match="đã có bước được hoàn thành"):
        actions.take_back_event(
            officer=world.cuc, case_code=case.code, event_id=last.pk, reason="Nhầm", now=at(9, 15)
        )


def test_a_taking_back_needs_a_reason_and_happens_once(world: World) -> None:
    case = world.receive()
    send_back(world, case, at(8))

    with pytest.raises(CannotTakeBack, match="Hãy ghi vì sao thu hồi"):
        take_back(world, case, at(8, 10), reason=" ")
    take_back(world, case, at(8, 10))
    with pytest.raises(CannotTakeBack, match="đã được thu hồi rồi"):
        take_back(world, case, at(8, 11))

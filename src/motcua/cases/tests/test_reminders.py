"""Reminders: each once, in office hours only, to whoever has the case, and to leaders when late."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from motcua.cases import actions, jobs, reminder_queries
from motcua.cases.models import Case, Reminder
from motcua.cases.tests.world import MONDAY, World
from motcua.clock import actions as clock
from motcua.clock import queries as clock_queries
from motcua.clock.models import Shift
from motcua.engine.moments import VIETNAM
from motcua.engine.reminders import Point
from motcua.messages import actions as message_actions
from motcua.messages import queries as messages
from motcua.messages.models import Notice
from motcua.people.actions import NotAllowed
from motcua.workflow.models import Task


def at(day: int, hour: int, minute: int = 0, *, month: int = 3) -> datetime:
    return datetime(2023, month, day, hour, minute, tzinfo=VIETNAM)


# Received on Monday 06/03 at 9:00 with five working days: due on Monday 13/03 at 17:00.
DAY_BEFORE = at(10, 8)
LATE = at(14, 8)
STEP_EN = "Waiting step: “Kiểm tra, chuyển hồ sơ”."


@pytest.fixture
def world(world: World) -> Iterator[World]:
    yield world
    clock_queries.forget()


def tick(now: datetime) -> str:
    """Let the job run at a moment."""
    Shift.objects.all().delete()
    clock_queries.forget()
    clock.shift_clock(shows=now, now=timezone.now())  # noqa: TID251 - what the job reads hangs on the true time
    done: str = jobs.remind()
    return done


def told(start: str = "case:") -> list[str]:
    rows = Notice.objects.filter(once_key__startswith=start).order_by("id")
    return list(rows.values_list("text_vi", flat=True))


def test_whoever_has_the_case_is_reminded_once_on_the_working_day_before(world: World) -> None:
    case = world.receive()

    assert tick(at(9, 16)) == "0 reminders"
    assert tick(DAY_BEFORE) == "1 reminders"
    assert tick(DAY_BEFORE + timedelta(minutes=5)) == "0 reminders"

    (words,) = told()
    assert words.startswith(f"Hồ sơ {case.code} sắp đến hạn: hạn trả là 17:00 Thứ Hai 13/03/2023.")
    mine = messages.list_unread(world.cuc, now=DAY_BEFORE)
    assert [notice.path for notice in mine.filter(once_key__startswith="case:")] == [
        f"/ho-so/{case.code}/"
    ]
    assert not messages.list_unread(world.oanh, now=DAY_BEFORE)


def test_a_step_that_somebody_took_reminds_only_them(world: World) -> None:
    case = world.receive()
    actions.take_task(officer=world.cuc, task_id=Task.objects.get().pk, now=MONDAY)

    tick(DAY_BEFORE)

    notice = Notice.objects.get(once_key__startswith=f"case:{case.pk}:")
    assert (notice.person_id, notice.agency_id) == (world.cuc.id, None)


def test_leaders_are_told_when_the_case_is_overdue_and_earlier_points_are_not_made_up_for(
    world: World,
) -> None:
    case = world.receive()

    tick(LATE)

    assert list(Reminder.objects.values_list("point", flat=True)) == [Point.OVERDUE]
    escalated = messages.list_unread(world.dung, now=LATE).filter(once_key__startswith="case:")
    assert [notice.text_en for notice in escalated] == [
        f"Case {case.code} is overdue since 17:00 on Monday 13/03/2023. {STEP_EN}"
    ]


@pytest.mark.parametrize(
    "closed",
    [at(10, 0), at(10, 12, 15), at(10, 19), at(11, 9), at(12, 9)],
    ids=["midnight", "noon", "evening", "saturday", "sunday"],
)
def test_nobody_is_told_out_of_office_hours(world: World, closed: datetime) -> None:
    world.receive()

    assert tick(closed) == "0 reminders"
    assert not Notice.objects.exists()
    assert tick(at(13, 7, 1)) == "1 reminders"


def test_a_holiday_is_waited_for(world: World) -> None:
    world.receive(now=at(24, 9, month=4))

    # The fifth working day comes after the holidays from Saturday 29/04 to Wednesday 03/05.
    case = Case.objects.get()
    assert timezone.localtime(case.due_at).date() == at(4, 0, month=5).date()
    Case.objects.update(due_at=at(28, 17, month=4))
    for day in (29, 30):
        assert tick(at(day, 9, month=4)) == "0 reminders"
    for day in (1, 2, 3):
        assert tick(at(day, 9, month=5)) == "0 reminders"
    assert not Notice.objects.exists()
    assert tick(at(4, 9, month=5)) == "1 reminders"


def test_a_stopped_clock_hurries_nobody(world: World) -> None:
    world.receive()
    Case.objects.update(clock_stopped_at=at(7, 9))

    assert tick(LATE) == "0 reminders"
    assert told() == []


def test_a_due_time_that_moved_reminds_anew(world: World) -> None:
    case = world.receive()
    tick(DAY_BEFORE)
    Case.objects.update(due_at=at(20, 17))

    assert tick(DAY_BEFORE + timedelta(hours=1)) == "0 reminders"
    assert tick(at(17, 8)) == "1 reminders"

    assert len(told(f"case:{case.pk}:BEFORE_DUE")) == 2


def test_a_finished_case_reminds_of_nothing(world: World) -> None:
    world.receive()
    Case.objects.update(finished_at=at(9, 9), status="DONE")

    assert tick(LATE) == "0 reminders"


def test_only_the_system_reminds(world: World) -> None:
    case = world.receive()

    with pytest.raises(NotAllowed):
        actions.remind(
            officer=world.dung,
            case_id=case.pk,
            point=Point.OVERDUE,
            due_at=case.due_at,
            now=LATE,
        )
    with pytest.raises(NotAllowed):
        actions.greet_units(officer=world.dung, mornings=[], now=LATE)


def test_a_tick_is_bounded_and_the_next_one_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        world.receive()
    monkeypatch.setattr(jobs, "MOST_REMINDERS", 2)

    done = [tick(LATE) for _ in range(4)]

    assert done == ["2 reminders", "2 reminders", "1 reminders", "0 reminders"]


def test_a_crash_in_the_middle_is_made_good_by_the_next_run(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        world.receive()
    honest, calls = message_actions.tell, []

    def dies(**words: Any) -> None:
        calls.append(words)
        if len(calls) == 2:
            raise SystemExit
        honest(**words)

    monkeypatch.setattr(message_actions, "tell", dies)
    with pytest.raises(SystemExit):
        tick(LATE)
    assert Reminder.objects.count() == 1
    monkeypatch.undo()

    assert tick(LATE) == "2 reminders"
    assert len({*told()}) == 3


def test_the_candidates_take_one_query_however_many(world: World) -> None:
    world.receive()
    list(reminder_queries.list_to_remind(now=LATE))
    world.receive()

    with CaptureQueriesContext(connection) as captured:
        found = list(reminder_queries.list_to_remind(now=LATE))

    assert len(found) == 2
    assert len(captured) == 1


def test_each_unit_is_greeted_once_a_working_day_with_what_waits(world: World) -> None:
    world.receive()
    world.receive(now=at(13, 10))
    world.receive(now=at(7, 10))
    tick(at(13, 19))
    assert told("morning:") == []

    tick(at(14, 7, 2))
    tick(at(14, 7, 7))

    # Due on 13/03 (overdue), 14/03 (today) and 20/03.
    (words,) = told("morning:2023-03-14:")
    assert words == "14/03/2023: 3 việc đang chờ đơn vị: 1 quá hạn, 1 đến hạn hôm nay."
    greeting = messages.list_unread(world.cuc, now=at(14, 8)).get(once_key__startswith="morning:")
    assert greeting.path == "/viec-cua-toi/?state=overdue"
    Case.objects.update(due_at=at(20, 17))
    tick(at(15, 7, 2))
    assert told("morning:2023-03-15:") == [
        "15/03/2023: 3 việc đang chờ đơn vị, không việc nào quá hạn hay đến hạn hôm nay."
    ]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_remind_once(world: World) -> None:
    for _ in range(4):
        world.receive()
    due = list(reminder_queries.list_to_remind(now=LATE))

    def work(order: int) -> int:
        done = 0
        try:
            for case_id, point, due_at in due[::order]:
                try:
                    actions.remind(
                        officer=world.system, case_id=case_id, point=point, due_at=due_at, now=LATE
                    )
                except actions.CannotRemind:
                    continue
                done += 1
        finally:
            connection.close()
        return done

    with ThreadPoolExecutor(2) as pool:
        counts = list(pool.map(work, (1, -1)))

    assert sum(counts) == 4
    # Each case tells the leaders of the Office and of the centre.
    assert Notice.objects.count() == 8

"""The queue before a counter: numbers without gaps, each called by one clerk, some people first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from motcua.cases import actions, queue_queries
from motcua.cases.models import QueueTicket
from motcua.cases.tests.world import MONDAY, World, make_person, make_world
from motcua.people.actions import NotAllowed


def take(world: World, *, minutes: int = 0, first: bool = False) -> int:
    return actions.take_number(
        officer=world.cuc,
        agency_id=world.centre.pk,
        goes_first=first,
        now=MONDAY + timedelta(minutes=minutes),
    ).number


def call(world: World, *, minutes: int, window: str = "3") -> int:
    return actions.call_next(
        officer=world.cuc,
        agency_id=world.centre.pk,
        window=window,
        now=MONDAY + timedelta(minutes=minutes),
    ).number


def test_only_clerks_of_the_counter_give_numbers_and_call(world: World) -> None:
    for act in (actions.take_number, actions.call_next):
        with pytest.raises(NotAllowed):
            act(officer=world.dung, agency_id=world.centre.pk, now=MONDAY)

    assert QueueTicket.objects.count() == 0


def test_numbers_begin_anew_each_day(world: World) -> None:
    assert [take(world), take(world), take(world, minutes=24 * 60)] == [1, 2, 1]


def test_people_with_priority_are_called_first(world: World) -> None:
    take(world), take(world), take(world, first=True)

    assert [call(world, minutes=n) for n in (1, 2, 3)] == [3, 1, 2]


def test_calling_the_next_finishes_with_the_one_before(world: World) -> None:
    take(world), take(world)
    call(world, minutes=4)
    call(world, minutes=6)
    actions.finish_number(
        officer=world.cuc,
        agency_id=world.centre.pk,
        was_absent=True,
        now=MONDAY + timedelta(minutes=7),
    )

    state = queue_queries.count_queue(world.centre.pk, now=MONDAY)
    assert (state.waiting, state.served, state.absent) == (0, 1, 1)
    assert state.average_wait == timedelta(minutes=5)
    assert [t.number for t in queue_queries.list_called(world.centre.pk, now=MONDAY)] == [2, 1]


def test_an_empty_queue_says_so(world: World) -> None:
    assert queue_queries.count_queue(world.centre.pk, now=MONDAY).average_wait is None
    with pytest.raises(actions.CannotCall, match="Không còn ai chờ"):
        call(world, minutes=1)
    with pytest.raises(actions.CannotCall, match="chưa gọi số nào"):
        actions.finish_number(
            officer=world.cuc, agency_id=world.centre.pk, was_absent=False, now=MONDAY
        )


@pytest.mark.django_db(transaction=True)
def test_machines_and_clerks_at_one_moment_share_no_number(transactional_db: None) -> None:
    world = make_world()
    clerks = [
        make_person(world.system, f"clerk{n}", "Thư", world.centre, "CLERK") for n in range(4)
    ]

    def take_one(_number: int) -> int:
        try:
            return take(world)
        finally:
            connection.close()

    def call_one(number: int) -> int:
        try:
            return actions.call_next(
                officer=clerks[number], agency_id=world.centre.pk, now=MONDAY
            ).number
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(take_one, range(8)))
        called = list(pool.map(call_one, range(4)))

    assert sorted(taken) == list(range(1, 9))
    assert len(set(called)) == 4

"""Steps are completed at the very moment at which their agency is dissolved: one order, or the other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from motcua.audit import actions as audit
from motcua.audit.queries import find_broken_chains, list_entries
from motcua.cases import actions
from motcua.cases.tests.dissolving import make_merger, open_task
from motcua.cases.tests.world import MONDAY, World
from motcua.people.actions import NotAllowed
from motcua.workflow.models import Task


def events(code: str) -> list[str]:
    return [entry.event for entry in list_entries(f"case:{code}")]


@pytest.mark.django_db(transaction=True)
def test_two_officers_complete_steps_while_all_is_moved(world: World) -> None:
    merger = make_merger(world)
    cases = merger.received(12)
    tasks = {case.pk: open_task(case).pk for case in cases}
    at_once = Barrier(3)

    def work(mine: int) -> dict[int, bool]:
        at_once.wait()
        done = {}
        for case in cases[mine::2]:
            try:
                actions.complete_step(officer=world.oanh, task_id=tasks[case.pk], now=MONDAY)
            except NotAllowed as refusal:
                assert "đã chuyển cho Sở Nông nghiệp" in str(refusal)
                done[case.pk] = False
            else:
                done[case.pk] = True
        connection.close()
        return done

    def move() -> None:
        at_once.wait()
        merger.dissolve()
        connection.close()

    with ThreadPoolExecutor(3) as pool:
        working = [pool.submit(work, number) for number in range(2)]
        moving = pool.submit(move)
        done = working[0].result(60) | working[1].result(60)
        moving.result(60)

    assert list(find_broken_chains()) == []
    for case in cases:
        task = open_task(case)
        assert task.agency_id == merger.new.pk
        # Before: the step was done and the next one moved. After: it was moved and not done.
        assert (task.pk != tasks[case.pk]) == done[case.pk]
        told = events(case.code)
        assert told.count("case.handed_on") == 1
        assert told.count("case.step_completed") == 1 + done[case.pk]


@pytest.mark.django_db(transaction=True)
def test_a_step_completed_just_before_is_done_and_the_next_one_moves(world: World) -> None:
    merger = make_merger(world)
    (case,) = merger.received()
    first = open_task(case)

    def move() -> None:
        merger.dissolve()
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            actions.complete_step(officer=world.oanh, task_id=first.pk, now=MONDAY)
            moving = pool.submit(move)
            _wait_until_somebody_waits()
        moving.result(60)

    assert Task.objects.get(pk=first.pk).completed_by_id == world.oanh.id
    assert (open_task(case).agency_id, open_task(case).role) == (merger.new.pk, "LEADER")
    assert events(case.code)[-2:] == ["case.step_completed", "case.handed_on"]
    assert list(find_broken_chains()) == []


@pytest.mark.django_db(transaction=True)
def test_a_step_completed_just_after_is_not_done_and_waits_at_the_successor(world: World) -> None:
    merger = make_merger(world)
    (case,) = merger.received()
    first = open_task(case)
    said = []

    def complete() -> None:
        try:
            actions.complete_step(officer=world.oanh, task_id=first.pk, now=MONDAY)
        except NotAllowed as refusal:
            said.append(str(refusal))
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            audit.hold(f"case:{case.code}")
            completing = pool.submit(complete)
            _wait_until_somebody_waits()
            # The action is durable: here it runs inside, as if its last statement were still to come.
            actions.dissolve_agency.__wrapped__(  # type: ignore[attr-defined]
                officer=merger.admin,
                agency_id=merger.old.pk,
                successor_id=merger.new.pk,
                last_day=MONDAY.date(),
                decision_number="12/NQ-HĐND",
                decision_date=MONDAY.date(),
                now=MONDAY,
            )
        completing.result(60)

    assert said
    assert "đã chuyển cho Sở Nông nghiệp" in said[0]
    assert (open_task(case).pk, open_task(case).agency_id) == (first.pk, merger.new.pk)
    assert events(case.code)[-1] == "case.handed_on"
    assert list(find_broken_chains()) == []


def _wait_until_somebody_waits() -> None:
    """Wait until another connection waits for a lock that this transaction holds."""
    for _attempt in range(500):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*), pg_sleep(0.02) FROM pg_locks WHERE NOT granted")
            row = cursor.fetchone()
        if row and row[0]:
            return
    pytest.fail("Nobody waited.")

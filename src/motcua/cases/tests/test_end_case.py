"""Ending a case before its result: refused in time, withdrawn, stopped; its run ends with it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection

from motcua.audit.queries import find_broken_chains
from motcua.cases import actions
from motcua.cases.actions import CannotCompleteStep, CannotEndCase
from motcua.cases.models import Case
from motcua.cases.tests.world import World
from motcua.engine.moments import VIETNAM
from motcua.people.actions import NotAllowed
from motcua.workflow.models import Run, Task

pytestmark = pytest.mark.django_db


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2023, 3, day, hour, 0, tzinfo=VIETNAM)


@pytest.mark.parametrize("end", [actions.refuse_case, actions.stop_case, actions.withdraw_case])
def test_an_outsider_ends_no_case(world: World, end: object) -> None:
    case = world.receive()

    with pytest.raises(NotAllowed):
        end(officer=world.oanh, case_code=case.code, reason="Không", now=at(7))  # type: ignore[operator]

    assert Case.objects.get().finished_at is None


@pytest.mark.parametrize(
    ("end", "who", "status"),
    [
        (actions.refuse_case, "dung", Case.Status.REFUSED),
        (actions.stop_case, "dung", Case.Status.STOPPED),
        (actions.withdraw_case, "cuc", Case.Status.WITHDRAWN),
    ],
)
def test_an_ended_case_ends_its_run_and_marks_its_open_steps(
    world: World, end: object, who: str, status: str
) -> None:
    case = world.receive()

    end(officer=getattr(world, who), case_code=case.code, reason="Lý do", now=at(7))  # type: ignore[operator]

    ended = Case.objects.get()
    assert (ended.status, ended.finished_at) == (status, at(7))
    assert Task.objects.get().was_withdrawn
    assert Run.objects.get().open_nodes == []
    assert Run.objects.get().finished_at == at(7)
    assert list(find_broken_chains()) == []


@pytest.mark.parametrize("end", [actions.refuse_case, actions.stop_case, actions.withdraw_case])
def test_whoever_waited_while_a_step_was_completed_ends_the_case_after_it(
    world: World, end: object
) -> None:
    case = world.receive()
    step = Task.objects.get()
    passed_on = at(7) + timedelta(milliseconds=2)
    actions.complete_step(officer=world.cuc, task_id=step.pk, now=passed_on)
    officer = world.cuc if end is actions.withdraw_case else world.dung

    end(officer=officer, case_code=case.code, reason="Lý do", now=at(7))  # type: ignore[operator]

    ended = Case.objects.get()
    left = Task.objects.get(was_withdrawn=True)
    assert (ended.finished_at, left.opened_at, left.completed_at) == (passed_on,) * 3
    assert list(find_broken_chains()) == []


def test_a_reason_must_be_given_in_words(world: World) -> None:
    case = world.receive()

    with pytest.raises(CannotEndCase, match="Hãy ghi lý do"):
        actions.refuse_case(officer=world.dung, case_code=case.code, reason=" ", now=at(7))


def test_a_refusal_after_the_deadline_is_refused(world: World) -> None:
    case = world.receive()

    with pytest.raises(CannotEndCase, match="trong thời hạn giải quyết"):
        actions.refuse_case(officer=world.dung, case_code=case.code, reason="Muộn", now=at(14))

    assert Case.objects.get().finished_at is None


def test_a_case_that_waits_for_papers_can_be_withdrawn(world: World) -> None:
    case = world.receive()
    actions.request_supplement(officer=world.binh, case_code=case.code, reason="Thiếu", now=at(7))

    actions.withdraw_case(officer=world.cuc, case_code=case.code, reason="Xin rút", now=at(8))

    assert Case.objects.get().clock_stopped_at is None


def test_a_case_ends_once(world: World) -> None:
    case = world.receive()
    actions.withdraw_case(officer=world.cuc, case_code=case.code, reason="Xin rút", now=at(7))

    with pytest.raises(CannotEndCase, match="Công dân yêu cầu rút hồ sơ"):
        actions.stop_case(officer=world.dung, case_code=case.code, reason="Dừng", now=at(8))


def test_a_step_of_a_withdrawn_case_cannot_be_completed(world: World) -> None:
    case = world.receive()
    task = Task.objects.get(run_id=case.run_id)
    actions.withdraw_case(officer=world.cuc, case_code=case.code, reason="Xin rút", now=at(7))

    with pytest.raises(CannotCompleteStep):
        actions.complete_step(officer=world.cuc, task_id=task.pk, now=at(8))


@pytest.mark.django_db(transaction=True)
def test_of_a_withdrawal_and_a_step_at_the_same_moment_nothing_is_half_written(
    world: World,
) -> None:
    case = world.receive()
    task = Task.objects.get(run_id=case.run_id)

    def withdraw() -> str:
        try:
            actions.withdraw_case(
                officer=world.cuc, case_code=case.code, reason="Xin rút", now=at(7)
            )
        finally:
            connection.close()
        return "withdrawn"

    def complete() -> str:
        try:
            actions.complete_step(officer=world.cuc, task_id=task.pk, now=at(7))
        except CannotCompleteStep:
            return "refused"
        finally:
            connection.close()
        return "completed"

    with ThreadPoolExecutor(2) as pool:
        done = [pool.submit(withdraw), pool.submit(complete)]
        results = {future.result() for future in done}

    assert results in ({"withdrawn", "refused"}, {"withdrawn", "completed"})
    assert Case.objects.get().status == Case.Status.WITHDRAWN
    assert not Task.objects.filter(completed_at=None).exists()
    assert list(find_broken_chains()) == []

"""Two officers at one case at the same moment, on connections of their own: one wins, one is told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from motcua.audit.queries import find_broken_chains, list_entries
from motcua.cases import actions
from motcua.cases.models import Case, ClockEvent, Result
from motcua.cases.tests.world import MONDAY, World
from motcua.workflow.models import Task

pytestmark = pytest.mark.django_db(transaction=True)
LATER = MONDAY + timedelta(hours=1)
REFUSALS = (
    actions.CannotChangeResult,
    actions.CannotCompleteStep,
    actions.CannotEndCase,
    actions.CannotMoveClock,
)


def together(*acts: Callable[[], Any]) -> list[str]:
    """Do these at once; return for each what it was refused with, or nothing."""
    start = Barrier(len(acts))

    def do(act: Callable[[], Any]) -> str:
        try:
            start.wait(timeout=20)
            act()
        except REFUSALS as refusal:
            return str(refusal)
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(acts)) as pool:
        return [one.result(timeout=60) for one in [pool.submit(do, act) for act in acts]]


def before_approval(world: World) -> tuple[Case, Task]:
    case = world.receive()
    for who in (world.cuc, world.binh):
        task = Task.objects.get(run_id=case.run_id, completed_at=None)
        actions.complete_step(officer=who, task_id=task.pk, now=LATER)
    return case, Task.objects.get(run_id=case.run_id, completed_at=None)


def test_a_case_withdrawn_and_approved_at_one_moment_ends_in_one_way(world: World) -> None:
    case, task = before_approval(world)

    withdrawn, approved = together(
        lambda: actions.withdraw_case(
            officer=world.cuc, case_code=case.code, reason="Xin rút", now=LATER
        ),
        lambda: actions.complete_step(
            officer=world.dung, task_id=task.pk, outcome="APPROVE", now=LATER
        ),
    )

    case.refresh_from_db()
    assert [withdrawn, approved].count("") == 1
    assert case.status == ("DONE" if withdrawn else "WITHDRAWN")
    assert not withdrawn or "“Đã xử lý xong” từ 10:00 06/03/2023" in withdrawn
    endings = [entry.event for entry in list_entries(f"case:{case.code}")]
    assert len({"case.finished", "case.withdrawn"} & set(endings)) == 1
    assert list(find_broken_chains()) == []


def test_a_supplement_taken_in_twice_at_one_moment_is_taken_in_once(world: World) -> None:
    case = world.receive()
    actions.request_supplement(
        officer=world.binh, case_code=case.code, reason="Thiếu bản vẽ", now=LATER
    )
    later = LATER + timedelta(hours=2)

    told = together(
        *(
            lambda: actions.take_supplement(officer=world.cuc, case_code=case.code, now=later)
            for _ in range(2)
        )
    )

    assert sorted(map(bool, told)) == [False, True]
    assert ClockEvent.objects.filter(kind="SUPPLEMENTED").count() == 1
    case.refresh_from_db()
    assert case.clock_stopped_at is None
    assert list(find_broken_chains()) == []


def test_a_result_signed_while_the_case_is_withdrawn_tells_who_withdrew_it(world: World) -> None:
    case, _task = before_approval(world)
    result = actions.draft_result(
        officer=world.binh,
        case_code=case.code,
        title="Giấy phép",
        name="giay-phep.pdf",
        content=b"%PDF-1.7",
        now=LATER,
    )

    withdrawn, signed = together(
        lambda: actions.withdraw_case(
            officer=world.cuc, case_code=case.code, reason="Xin rút", now=LATER
        ),
        lambda: actions.sign_result(
            officer=world.dung, case_code=case.code, result_id=result.pk, now=LATER
        ),
    )

    assert withdrawn == ""
    # Signed first, or refused with the name of whoever withdrew it and the moment.
    assert signed == "" or "Trần Thị Cúc ghi “Công dân yêu cầu rút hồ sơ” lúc 10:00" in signed
    assert (Result.objects.get().signed_at is not None) == (signed == "")
    assert list(find_broken_chains()) == []

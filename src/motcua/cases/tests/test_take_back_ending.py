"""Taking back a withdrawal, refusal or stop recorded by mistake: the case goes on as it stood."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings

from motcua.audit import actions as audit
from motcua.audit.queries import find_broken_chains, list_entries
from motcua.cases import actions, ending_queries
from motcua.cases.actions import CannotTakeBackEnding
from motcua.cases.models import Case, LedgerEntry, Recount
from motcua.cases.tests.world import World, make_person
from motcua.engine.moments import VIETNAM
from motcua.lawbook import queries as lawbook
from motcua.messages.queries import list_citizen_messages
from motcua.people import queries as people
from motcua.people.actions import NotAllowed
from motcua.people.models import Agency
from motcua.workflow.models import Run, Task

pytestmark = pytest.mark.django_db

WHY = "Ghi nhầm hồ sơ của người khác"
ENDS = {
    "refused": (actions.refuse_case, "dung"),
    "stopped": (actions.stop_case, "dung"),
    "withdrawn": (actions.withdraw_case, "cuc"),
}


def at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    """A moment of March 2023, whose 6th is the Monday of the reception."""
    return datetime(2023, 3, day, hour, minute, tzinfo=VIETNAM)


def end(world: World, case: Case, how: str = "withdrawn", now: datetime | None = None) -> None:
    action, who = ENDS[how]
    action(officer=getattr(world, who), case_code=case.code, reason="Nhầm", now=now or at(7))


def take_back(
    officer: people.Person, case: Case, now: datetime | None = None, reason: str = WHY
) -> actions.ClockMoved:
    return actions.take_back_ending(
        officer=officer, case_code=case.code, reason=reason, now=now or at(7, 10)
    )


def standing(case: Case) -> dict[str, Any]:
    """Return everything of a case and its run that an ending touches."""
    kept = Case.objects.get(pk=case.pk)
    run = Run.objects.get(pk=case.run_id)
    return {
        "case": (kept.status, kept.due_at, kept.norm_due_at, kept.clock_stopped_at),
        "finished": (kept.finished_at, run.finished_at),
        "run": (run.waiting, run.open_nodes),
        "tasks": list(Task.objects.filter(run=run).order_by("pk").values()),
    }


@pytest.mark.parametrize("how", ENDS)
def test_an_outsider_takes_nothing_back(world: World, how: str) -> None:
    case = world.receive()
    end(world, case, how)

    with pytest.raises(NotAllowed):
        take_back(world.oanh, case)

    assert Case.objects.get().finished_at == at(7)


@pytest.mark.parametrize("how", ENDS)
def test_the_case_goes_on_from_where_it_stood(world: World, how: str) -> None:
    case = world.receive()
    before = standing(case)
    end(world, case, how)

    moved = take_back(getattr(world, ENDS[how][1]), case)

    assert standing(case) == before
    assert moved.deadline.due_at == case.due_at
    assert list(find_broken_chains()) == []


def test_nothing_is_erased_and_the_ledger_gains_a_generation(world: World) -> None:
    case = world.receive()
    first = list(LedgerEntry.objects.filter(case=case).order_by("pk").values())
    end(world, case)

    take_back(world.cuc, case)

    lines = LedgerEntry.objects.filter(case=case)
    assert list(lines.filter(generation=1).order_by("pk").values()) == first
    assert lines.filter(generation=2).exists()
    assert "Rút lại việc ghi nhầm rút hồ sơ" in Recount.objects.get().because_vi
    told = [entry.event for entry in list_entries(f"case:{case.code}")]
    assert told[-2:] == ["case.withdrawn", "case.ending_taken_back"]


def test_a_case_that_waited_for_its_citizen_waits_again(world: World) -> None:
    case = world.receive()
    actions.request_supplement(officer=world.binh, case_code=case.code, reason="Thiếu", now=at(7))
    before = standing(case)
    end(world, case, now=at(8))

    moved = take_back(world.cuc, case, at(8, 10))

    assert standing(case) == before
    assert moved.deadline.is_stopped
    told = [one.text for one in list_citizen_messages(f"case:{case.code}")]
    assert any("thời hạn vẫn đang tạm dừng" in text for text in told)


def test_the_citizen_who_heard_of_the_ending_hears_that_it_was_a_mistake(world: World) -> None:
    case = world.receive()
    end(world, case, "refused")

    take_back(world.dung, case)

    texts = [one.text for one in list_citizen_messages(f"case:{case.code}")]
    assert sum("không được giải quyết" in text for text in texts) == 1
    assert sum("ghi nhầm" in text and "13/03/2023" in text for text in texts) == 1


def test_the_leader_of_the_unit_takes_back_what_a_clerk_recorded_and_no_other_clerk(
    world: World,
) -> None:
    case = world.receive()
    other = make_person(world.system, "chi", "Lý Thị Chi", world.centre, "CLERK")
    end(world, case)

    with pytest.raises(NotAllowed):
        take_back(other, case)
    take_back(world.dung, case)

    assert Case.objects.get().status == Case.Status.RECEIVED


def test_the_step_of_a_case_that_goes_on_can_be_completed(world: World) -> None:
    case = world.receive()
    end(world, case)
    take_back(world.cuc, case)

    actions.complete_step(
        officer=world.cuc, task_id=Task.objects.get(run_id=case.run_id).pk, now=at(7, 11)
    )

    assert Case.objects.get().status == Case.Status.PROCESSING


def test_the_day_after_it_is_too_late(world: World) -> None:
    case = world.receive()
    end(world, case, now=at(7, 16, 50))

    with pytest.raises(CannotTakeBackEnding, match="chỉ rút lại được đến hết ngày 07/03/2023"):
        take_back(world.cuc, case, at(8, 7))
    take_back(world.cuc, case, at(7, 23, 59))

    assert Case.objects.get().finished_at is None


def test_once_something_happened_since_it_stands(world: World) -> None:
    case = world.receive()
    end(world, case)
    audit.record(
        event="case.document_added", subject=f"case:{case.code}", actor_id=world.binh.id, at=at(7)
    )

    with pytest.raises(CannotTakeBackEnding, match="Lê Thanh Bình đã ghi thêm một việc"):
        take_back(world.cuc, case)

    assert Case.objects.get().status == Case.Status.WITHDRAWN


def test_once_the_slip_is_printed_it_stands(world: World) -> None:
    case = world.receive()
    end(world, case, "refused")
    actions.open_case(
        officer=world.cuc, case_code=case.code, what="case.refusal_slip_printed", now=at(7, 9, 5)
    )

    with pytest.raises(CannotTakeBackEnding, match=r"Trần Thị Cúc đã in giấy báo.*09:05"):
        take_back(world.dung, case)

    assert Case.objects.get().status == Case.Status.REFUSED


def test_a_suspension_that_began_since_holds_the_ending(world: World) -> None:
    case = world.receive()
    end(world, case)
    actions.suspend_unit(
        officer=world.dung,
        agency_code=world.office.code,
        with_subordinate=True,
        starts_at=at(7, 9, 30),
        ends_at=None,
        reason="Ngập lụt",
        document="",
        now=at(7, 9, 30),
    )

    with pytest.raises(
        CannotTakeBackEnding, match="việc tạm ngừng thời hạn của đơn vị đã thay đổi"
    ):
        take_back(world.cuc, case)


def test_at_a_unit_that_is_gone_the_ending_stands(world: World) -> None:
    case = world.receive()
    end(world, case)
    Agency.objects.filter(pk=world.office.pk).update(ends_on=at(7).date())

    with pytest.raises(CannotTakeBackEnding, match="Văn phòng UBND tỉnh đã kết thúc hoạt động"):
        take_back(world.cuc, case)


@pytest.mark.parametrize(
    ("reason", "words"), [(" ", "Hãy ghi vì sao"), ("x" * 4001, "Dài quá 4000")]
)
def test_a_reason_is_given_in_words(world: World, reason: str, words: str) -> None:
    case = world.receive()
    end(world, case)

    with pytest.raises(CannotTakeBackEnding, match=words):
        take_back(world.cuc, case, reason=reason)

    assert Case.objects.get().status == Case.Status.WITHDRAWN


def test_a_case_that_goes_on_has_nothing_to_take_back(world: World) -> None:
    case = world.receive()

    with pytest.raises(CannotTakeBackEnding, match="không có gì để rút lại"):
        take_back(world.dung, case)


def test_an_ending_taken_back_may_come_again_and_be_taken_back_again(world: World) -> None:
    case = world.receive()
    before = standing(case)
    end(world, case)
    take_back(world.cuc, case)
    end(world, case, "stopped", at(7, 11))

    take_back(world.dung, case, at(7, 12))

    assert standing(case) == before


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_at_the_same_moment_one_takes_it_back(world: World) -> None:
    case = world.receive()
    end(world, case)

    def undo(officer: people.Person) -> str:
        try:
            take_back(officer, case)
        except CannotTakeBackEnding as refusal:
            return str(refusal)
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        results = sorted(pool.map(undo, (world.cuc, world.dung)), key=len)

    assert results[0] == "done"
    assert "không có gì để rút lại" in results[1]
    assert Recount.objects.count() == 1
    assert list(find_broken_chains()) == []


def test_a_province_that_only_warns_of_a_printed_slip_takes_it_back_with_a_reminder(
    world: World, tmp_path: Path
) -> None:
    law = shutil.copytree(lawbook.get_law_dir(), tmp_path / "law")
    file = law / "product" / "undo.yaml"
    file.write_text(file.read_text("utf-8").replace("value: refuse", "value: warn"), "utf-8")
    case = world.receive()
    end(world, case, "refused")
    page = actions.open_case(
        officer=world.dung, case_code=case.code, what="case.refusal_slip_printed", now=at(7, 9, 5)
    )

    with override_settings(LAW_DIR=law):
        ending = ending_queries.find_ending(page.case, page.trail, now=at(7, 10))
        take_back(world.dung, case)

    assert ending is not None
    assert (ending.why_it_stands, "đã in giấy báo" in ending.reminder) == ("", True)
    assert Case.objects.get().finished_at is None

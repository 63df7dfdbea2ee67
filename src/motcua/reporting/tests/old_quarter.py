"""A first quarter with a case file of every kind, and what may happen to them after its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from motcua.cases import actions
from motcua.cases.models import Case, ClockEvent, Dissolution, MassRecount, MirroredCase, PostalItem
from motcua.cases.tests.dissolving import Merger, make_merger
from motcua.cases.tests.world import make_world
from motcua.engine.calendar_decisions import DecidedDay, DecidedKind
from motcua.engine.forwarded import read_case
from motcua.engine.moments import VIETNAM
from motcua.engine.tests.test_forwarded import CASE
from motcua.lawbook import queries as lawbook
from motcua.workflow.models import Task

WHY: Final = "Ghi nhầm"


def at(day: int, hour: int = 9) -> datetime:
    """A moment of March 2023; the first quarter is known until the 15th begins."""
    return datetime(2023, 3, day, hour, tzinfo=VIETNAM)


@dataclass(frozen=True, kw_only=True)
class Quarter:
    """A case file of every kind in the first quarter, all settled by the department that is to be dissolved."""

    merger: Merger
    overdue: Case
    in_time: Case
    waiting: Case
    supplemented: Case
    paying: Case
    extended: Case
    withdrawn: Case
    refused: Case
    stopped: Case
    settled: Case
    settled_late: Case
    returned: Case
    posted: Case
    mirrored: Case
    theirs: Case


def work(merger: Merger, case: Case, *moments: datetime) -> Case:
    """Let Cúc forward, Oanh appraise and Lan approve a case, each at the moment given."""
    for officer, moment in zip(
        (merger.world.cuc, merger.world.oanh, merger.lan), moments, strict=False
    ):
        (task,) = Task.objects.filter(run_id=case.run_id, completed_at=None)
        told = {"outcome": "APPROVE"} if officer is merger.lan else {}
        actions.complete_step(officer=officer, task_id=task.pk, now=moment, **told)
    return Case.objects.get(pk=case.pk)


def make_quarter() -> Quarter:
    merger = make_merger(make_world())
    world = merger.world

    def case(day: int, *moments: datetime) -> Case:
        return work(merger, world.receive(at(day)), *moments)

    made = Quarter(
        merger=merger,
        overdue=case(6, at(6, 10)),
        in_time=case(10, at(10, 10)),
        waiting=case(8, at(8, 10)),
        supplemented=case(7, at(7, 10)),
        paying=case(8, at(8, 10)),
        extended=case(8, at(8, 10)),
        withdrawn=case(10, at(10, 10)),
        refused=case(10, at(10, 10)),
        stopped=case(10, at(10, 10)),
        settled=case(6, at(6, 10), at(7), at(8)),
        settled_late=case(6, at(6, 10), at(7), at(14)),
        returned=case(6, at(6, 10), at(7), at(8)),
        posted=case(6, at(6, 10), at(7), at(8)),
        mirrored=case(6, at(6, 10)),
        theirs=case(6, at(6, 10)),
    )
    for waits in (made.waiting, made.supplemented):
        actions.request_supplement(
            officer=world.oanh, case_code=waits.code, reason="Thiếu", now=at(9)
        )
    actions.take_supplement(officer=world.cuc, case_code=made.supplemented.code, now=at(13))
    actions.request_payment(officer=world.oanh, case_code=made.paying.code, reason="Phí", now=at(9))
    actions.withdraw_case(officer=world.cuc, case_code=made.withdrawn.code, reason=WHY, now=at(14))
    actions.refuse_case(officer=merger.lan, case_code=made.refused.code, reason=WHY, now=at(14))
    actions.stop_case(officer=merger.lan, case_code=made.stopped.code, reason=WHY, now=at(14))
    actions.return_result(
        officer=world.cuc, case_code=made.returned.code, returned_to="An", now=at(14)
    )
    for mine, code in ((made.mirrored, "DVC-1"), (made.theirs, "DVC-2")):
        told = read_case({**CASE, "MaHoSo": code})
        row = actions.mirror_case(officer=world.system, source="DVCQG", told=told, now=at(8))
        actions.take_over_case(
            officer=world.cuc, mirrored_id=row.pk, case_code=mine.code, now=at(9)
        )
    actions.hand_back_case(officer=world.cuc, mirrored_id=row.pk, reason=WHY, now=at(14))
    actions.plan_return_by_post(
        officer=world.cuc, case_code=made.posted.code, name="An", address="Biên Hòa", now=at(13)
    )
    actions.hand_to_post(
        officer=world.cuc,
        agency_id=world.centre.pk,
        tracking_numbers={PostalItem.objects.get(case=made.posted).pk: "EE123456789VN"},
        carrier_name="Bưu tá",
        now=at(13),
    )
    return made


def count_all(now: datetime) -> None:
    for mass in MassRecount.objects.filter(finished_at=None).order_by("pk"):
        while actions.recount_next(mass_id=mass.pk, most=10, now=now):
            pass


def last_event(case: Case) -> int:
    return ClockEvent.objects.filter(case=case).latest("pk").pk


def finish(q: Quarter) -> None:
    for case in (q.overdue, q.in_time):
        for officer in (q.merger.world.oanh, q.merger.lan):
            (task,) = Task.objects.filter(run_id=case.run_id, completed_at=None)
            told = {"outcome": "APPROVE"} if officer is q.merger.lan else {}
            actions.complete_step(officer=officer, task_id=task.pk, now=at(16), **told)


def withdraw(q: Quarter) -> None:
    for case in (q.overdue, q.in_time, q.waiting, q.paying):
        actions.withdraw_case(
            officer=q.merger.world.cuc, case_code=case.code, reason=WHY, now=at(15)
        )


def refuse(q: Quarter) -> None:
    for case in (q.in_time, q.waiting):
        actions.refuse_case(officer=q.merger.lan, case_code=case.code, reason=WHY, now=at(15))


def stop(q: Quarter) -> None:
    for case in (q.overdue, q.in_time, q.waiting):
        actions.stop_case(officer=q.merger.lan, case_code=case.code, reason=WHY, now=at(15))


def undo_endings(q: Quarter) -> None:
    for case in (q.withdrawn, q.refused, q.stopped):
        actions.take_back_ending(officer=q.merger.lan, case_code=case.code, reason=WHY, now=at(16))


def undo_endings_and_end_again(q: Quarter) -> None:
    undo_endings(q)
    for case in (q.withdrawn, q.refused, q.stopped):
        actions.stop_case(officer=q.merger.lan, case_code=case.code, reason=WHY, now=at(17))


def undo_the_return(q: Quarter) -> None:
    actions.take_back_return(
        officer=q.merger.world.cuc, case_code=q.returned.code, reason=WHY, now=at(16)
    )


def return_later(q: Quarter) -> None:
    actions.return_result(
        officer=q.merger.world.cuc, case_code=q.settled.code, returned_to="An", now=at(16)
    )


def supplement(q: Quarter) -> None:
    actions.take_supplement(officer=q.merger.world.cuc, case_code=q.waiting.code, now=at(15))


def supplement_of_before(q: Quarter) -> None:
    """Recorded when the quarter was over, of a day of it."""
    actions.take_supplement(
        officer=q.merger.world.cuc, case_code=q.waiting.code, at=at(13), now=at(15)
    )


def ask(q: Quarter) -> None:
    actions.request_supplement(
        officer=q.merger.world.oanh, case_code=q.in_time.code, reason="Thiếu", now=at(15)
    )


def ask_of_before(q: Quarter) -> None:
    actions.request_supplement(
        officer=q.merger.world.oanh,
        case_code=q.in_time.code,
        reason="Thiếu",
        at=at(13),
        now=at(15),
    )


def take_back_the_asking(q: Quarter) -> None:
    for case in (q.waiting, q.paying):
        actions.take_back_event(
            officer=q.merger.world.oanh,
            case_code=case.code,
            event_id=last_event(case),
            reason=WHY,
            now=at(15),
        )


def take_back_the_supplement(q: Quarter) -> None:
    actions.take_back_event(
        officer=q.merger.world.cuc,
        case_code=q.supplemented.code,
        event_id=last_event(q.supplemented),
        reason=WHY,
        now=at(15),
    )


def pay(q: Quarter) -> None:
    actions.record_payment(
        officer=q.merger.world.cuc, case_code=q.paying.code, at=at(10), now=at(15)
    )


def extend(q: Quarter) -> None:
    actions.extend_with_apology(
        officer=q.merger.lan,
        case_code=q.in_time.code,
        until=at(24).date(),
        reason="Chậm",
        now=at(15),
    )


def suspend(q: Quarter) -> None:
    """Force majeure from a day of the quarter on, decided after it."""
    actions.suspend_unit(
        officer=q.merger.world.controller,
        agency_code=q.merger.old.code,
        with_subordinate=False,
        starts_at=at(13),
        ends_at=at(14),
        reason="Bão",
        document="5/CĐ-UBND",
        now=at(15),
    )
    count_all(at(15))


def dissolve(q: Quarter) -> None:
    q.merger.dissolve(now=at(15), last_day=at(15).date())


def dissolve_and_undo(q: Quarter) -> None:
    dissolve(q)
    actions.undo_dissolution(
        officer=q.merger.admin,
        dissolution_id=Dissolution.objects.get().pk,
        reason=WHY,
        now=at(16),
    )


def deliver(q: Quarter) -> None:
    """The postman's proof of a day of the quarter comes after it."""
    item = PostalItem.objects.get(case=q.posted)
    actions.record_delivery(
        officer=q.merger.world.cuc,
        item_id=item.pk,
        delivered_to="An",
        delivered_at=at(14),
        now=at(16),
    )


def hand_back(q: Quarter) -> None:
    """Another system owns the status of one case file again, and no longer that of another."""
    world, codes = q.merger.world, {q.mirrored.code: "DVC-1", q.theirs.code: "DVC-2"}
    rows = {
        row.foreign_code: row.pk
        for row in MirroredCase.objects.filter(foreign_code__in=codes.values())
    }
    actions.hand_back_case(officer=world.cuc, mirrored_id=rows["DVC-1"], reason=WHY, now=at(15))
    actions.take_case_again(officer=world.cuc, mirrored_id=rows["DVC-2"], reason=WHY, now=at(15))


def decide_days_off(q: Quarter) -> None:
    actions.decide_calendar(
        officer=q.merger.world.controller,
        number="12/QĐ-TTg",
        decided_on=at(14).date(),
        title="Quyết định nghỉ lễ",
        days=(DecidedDay(day=at(17).date(), kind=DecidedKind.OFF, name="Nghỉ lễ tỉnh"),),
        now=at(15),
    )
    lawbook.refresh_decisions()
    count_all(at(15))


def undo_endings_and_dissolve(q: Quarter) -> None:
    undo_endings(q)
    q.merger.dissolve(now=at(17), last_day=at(17).date())


LATER: Final = (
    finish,
    withdraw,
    refuse,
    stop,
    undo_endings,
    undo_endings_and_end_again,
    undo_the_return,
    return_later,
    supplement,
    supplement_of_before,
    ask,
    ask_of_before,
    take_back_the_asking,
    take_back_the_supplement,
    pay,
    extend,
    suspend,
    dissolve,
    dissolve_and_undo,
    deliver,
    hand_back,
    decide_days_off,
    undo_endings_and_dissolve,
)

"""Moving the clock of a case: each event with its effect by law, its right, and its refusals."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from motcua.audit.queries import find_broken_chains, list_entries
from motcua.cases import actions
from motcua.cases.actions import CannotCompleteStep, CannotMoveClock
from motcua.cases.models import Case, ClockEvent, LedgerEntry, Recount
from motcua.cases.queries import NoSuchCase
from motcua.cases.tests.world import World
from motcua.engine.clock_events import EventKind
from motcua.engine.explain import Because
from motcua.engine.moments import VIETNAM
from motcua.people.actions import NotAllowed
from motcua.people.models import Agency
from motcua.workflow.models import Task

pytestmark = pytest.mark.django_db


def at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    """A moment of March 2023, whose 6th is the Monday of the reception."""
    return datetime(2023, 3, day, hour, minute, tzinfo=VIETNAM)


def close_of(day: int) -> datetime:
    return at(day, 17)


def ask(world: World, case: Case, now: datetime, **more: object) -> actions.ClockMoved:
    return actions.request_supplement(
        officer=world.binh,
        case_code=case.code,
        reason="Thiếu bản vẽ vị trí công trình",
        now=now,
        **more,  # type: ignore[arg-type]
    )


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def test_someone_of_another_agency_cannot_ask_for_a_supplement(world: World) -> None:
    case = world.receive()

    with pytest.raises(NotAllowed):
        actions.request_supplement(
            officer=world.oanh, case_code=case.code, reason="Thiếu", now=at(7)
        )

    assert fresh(case).status == Case.Status.RECEIVED
    assert ClockEvent.objects.count() == 0


def test_a_case_that_does_not_exist_is_said_so(world: World) -> None:
    with pytest.raises(NoSuchCase):
        actions.request_supplement(officer=world.binh, case_code="X", reason="Thiếu", now=at(7))


def test_a_supplement_request_stops_the_clock_and_says_so(world: World) -> None:
    case = world.receive()

    moved = ask(world, case, at(8, 10))

    now = fresh(case)
    assert moved.deadline.is_stopped
    assert (now.status, now.clock_stopped_at) == (Case.Status.SUPPLEMENT, at(8, 10))
    lines = LedgerEntry.objects.filter(case=case, generation=now.ledger_generation)
    assert lines.order_by("-number")[0].stopped_for == "CITIZEN"
    assert [e.event for e in list_entries(f"case:{case.code}")][-1] == "case.supplement_requested"


def test_what_is_missing_must_be_said(world: World) -> None:
    case = world.receive()

    with pytest.raises(CannotMoveClock, match="Hãy ghi rõ giấy tờ nào còn thiếu"):
        actions.request_supplement(officer=world.binh, case_code=case.code, reason="  ", now=at(8))

    assert fresh(case).clock_stopped_at is None


def test_the_papers_in_hand_restart_the_clock_from_zero(world: World) -> None:
    case = world.receive()
    ask(world, case, at(8, 10))

    moved = actions.take_supplement(officer=world.cuc, case_code=case.code, now=at(10, 14))

    now = fresh(case)
    assert now.due_at == moved.deadline.due_at == close_of(17)
    assert (now.status, now.clock_stopped_at) == (Case.Status.PROCESSING, None)
    kinds = LedgerEntry.objects.filter(case=case, generation=3).order_by("number")
    assert [line.kind for line in kinds if line.kind == "RESTARTED"] == ["RESTARTED"]


def test_earlier_generations_of_the_ledger_stay_as_they_were(world: World) -> None:
    case = world.receive()
    before = list(LedgerEntry.objects.filter(case=case).order_by("number").values())

    ask(world, case, at(8, 10))

    kept = LedgerEntry.objects.filter(case=case, generation=1).order_by("number")
    assert list(kept.values()) == before
    recount = Recount.objects.get(case=case)
    assert (recount.generation, recount.due_before) == (2, case.due_at)
    assert recount.because_vi.startswith("Yêu cầu bổ sung hồ sơ lúc")


@pytest.mark.parametrize("table", ["cases_clockevent", "cases_recount", "cases_ledgerentry"])
def test_what_moved_a_clock_cannot_be_edited(world: World, table: str) -> None:
    case = world.receive()
    ask(world, case, at(8, 10))

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")


def test_papers_that_nobody_asked_for_are_refused(world: World) -> None:
    case = world.receive()

    with pytest.raises(CannotMoveClock, match="chưa có yêu cầu bổ sung"):
        actions.take_supplement(officer=world.cuc, case_code=case.code, now=at(8))

    assert ClockEvent.objects.count() == 0


def test_a_supplement_answered_twice_is_refused_the_second_time(world: World) -> None:
    case = world.receive()
    ask(world, case, at(8, 10))
    actions.take_supplement(officer=world.cuc, case_code=case.code, now=at(10, 14))

    with pytest.raises(
        CannotMoveClock, match=f"{world.cuc.full_name} đã ghi.*14:00 10/03/2023.*tải lại trang"
    ):
        actions.take_supplement(officer=world.cuc, case_code=case.code, now=at(10, 15))

    assert ClockEvent.objects.filter(kind="SUPPLEMENTED").count() == 1


def test_a_request_while_one_is_open_is_refused(world: World) -> None:
    case = world.receive()
    ask(world, case, at(8, 10))

    with pytest.raises(CannotMoveClock, match="chưa kết thúc"):
        ask(world, case, at(8, 11))


def test_a_second_request_warns_and_needs_to_be_meant(world: World) -> None:
    case = world.receive()
    ask(world, case, at(8, 10))
    actions.take_supplement(officer=world.cuc, case_code=case.code, now=at(9))

    with pytest.raises(CannotMoveClock, match="chỉ được yêu cầu bổ sung một lần"):
        ask(world, case, at(10))
    moved = ask(world, case, at(10), is_second_meant=True)

    assert moved.deadline.supplement_requests == 2
    assert len(moved.warnings) == 1


def test_no_step_is_completed_while_the_citizen_is_waited_for(world: World) -> None:
    case = world.receive()
    task = Task.objects.get(run_id=case.run_id)
    ask(world, case, at(8, 10))

    with pytest.raises(CannotCompleteStep, match="đang chờ người dân bổ sung"):
        actions.complete_step(officer=world.cuc, task_id=task.pk, now=at(8, 11))


def test_the_open_step_gets_its_whole_limit_again(world: World) -> None:
    case = world.receive()
    ask(world, case, at(8, 10))

    actions.take_supplement(officer=world.cuc, case_code=case.code, now=at(10, 8))

    # Four working hours from 8:00: the midday break from 11:30 to 13:30 does not count.
    assert Task.objects.get(run_id=case.run_id).due_at == at(10, 14)


def test_waiting_for_a_payment_adds_the_time_waited(world: World) -> None:
    case = world.receive()
    actions.request_payment(
        officer=world.binh, case_code=case.code, reason="Lệ phí 150.000 đồng", now=at(8, 10)
    )
    assert fresh(case).status == Case.Status.PAYMENT

    moved = actions.record_payment(officer=world.cuc, case_code=case.code, now=at(10, 14))

    assert moved.due_before == close_of(13)
    assert moved.deadline.due_at == close_of(15)
    assert fresh(case).status == Case.Status.PROCESSING


def test_two_reasons_to_wait_end_one_after_the_other(world: World) -> None:
    case = world.receive()
    ask(world, case, at(8, 10))
    actions.request_payment(officer=world.binh, case_code=case.code, reason="Lệ phí", now=at(8, 14))

    actions.record_payment(officer=world.cuc, case_code=case.code, now=at(9))
    between = fresh(case)
    actions.take_supplement(officer=world.cuc, case_code=case.code, now=at(10, 8))

    assert (between.status, between.clock_stopped_at) == (Case.Status.SUPPLEMENT, at(8, 10))
    assert fresh(case).clock_stopped_at is None


def test_a_leader_puts_the_day_off_once_with_an_apology(world: World) -> None:
    case = world.receive()

    moved = actions.extend_with_apology(
        officer=world.dung,
        case_code=case.code,
        until=date(2023, 3, 16),
        reason="Chờ kết quả kiểm tra thực địa",
        now=at(10),
    )

    assert fresh(case).due_at == moved.deadline.due_at == close_of(16)
    with pytest.raises(CannotMoveClock, match="đã được hẹn lại 1 lần"):
        actions.extend_with_apology(
            officer=world.dung,
            case_code=case.code,
            until=date(2023, 3, 20),
            reason="Vẫn chờ",
            now=at(13),
        )


@pytest.mark.parametrize(
    ("now", "until", "words"),
    [
        (at(13, 8), date(2023, 3, 16), "chậm nhất"),
        (at(14, 8), date(2023, 3, 16), "đã hết"),
        (at(10), date(2023, 3, 13), "phải là ngày làm việc sau hạn cũ"),
        (at(10), date(2023, 3, 18), "phải là ngày làm việc sau hạn cũ"),
    ],
    ids=["on the last day", "after the deadline", "not later", "a day off"],
)
def test_an_extension_that_the_law_forbids_is_refused_with_its_reason(
    world: World, now: datetime, until: date, words: str
) -> None:
    case = world.receive()

    with pytest.raises(CannotMoveClock, match=words):
        actions.extend_with_apology(
            officer=world.dung, case_code=case.code, until=until, reason="Chờ", now=now
        )

    assert fresh(case).due_at == close_of(13)


def test_only_a_leader_puts_the_day_off(world: World) -> None:
    case = world.receive()

    with pytest.raises(NotAllowed):
        actions.extend_with_apology(
            officer=world.binh,
            case_code=case.code,
            until=date(2023, 3, 16),
            reason="Chờ",
            now=at(10),
        )


@pytest.mark.parametrize("server", [UTC, ZoneInfo("America/New_York"), ZoneInfo("Europe/Paris")])
def test_the_time_zone_of_the_server_changes_nothing(world: World, server: ZoneInfo) -> None:
    # New York and Paris put their clocks on within these days.
    case = world.receive(now=at(6).astimezone(server))
    ask(world, case, at(8, 10).astimezone(server))

    moved = actions.take_supplement(
        officer=world.cuc, case_code=case.code, now=at(27, 14).astimezone(server)
    )

    assert moved.deadline.due_at == datetime(2023, 4, 3, 17, tzinfo=VIETNAM)
    told = Recount.objects.filter(case=case).order_by("generation")
    assert told[0].because_vi == "Yêu cầu bổ sung hồ sơ lúc 10:00 Thứ Tư 08/03/2023"
    assert told[1].because_en == "Resubmission at 14:00 on Monday 27/03/2023"


def test_the_clock_of_a_unit_that_was_dissolved_still_counts(world: World) -> None:
    case = world.receive()
    ask(world, case, at(8, 10))
    Agency.objects.filter(pk__in=[world.centre.pk, world.office.pk]).update(
        ends_on=date(2023, 3, 9)
    )

    moved = actions.take_supplement(officer=world.cuc, case_code=case.code, now=at(10, 14))

    assert moved.deadline.due_at == close_of(17)


def test_a_preview_writes_nothing(world: World) -> None:
    case = world.receive()

    told = actions.preview_event(
        officer=world.binh, case_code=case.code, kind=EventKind.SUPPLEMENT_REQUESTED, now=at(8)
    )

    assert told.deadline.is_stopped
    assert (ClockEvent.objects.count(), fresh(case).clock_stopped_at) == (0, None)


def test_events_of_an_import_are_ordered_by_their_own_times(world: World) -> None:
    case = world.receive()
    ask(world, case, at(10), at=at(8, 10))
    actions.take_supplement(officer=world.cuc, case_code=case.code, at=at(9, 8), now=at(10))

    # Recorded last, and yet it came before the papers were asked for.
    moved = actions.request_payment(
        officer=world.binh, case_code=case.code, reason="Lệ phí", at=at(7, 8), now=at(10)
    )

    assert moved.deadline.stopped_since == at(7, 8)


def test_an_event_that_has_not_happened_yet_is_refused(world: World) -> None:
    case = world.receive()

    with pytest.raises(CannotMoveClock, match="còn ở phía trước"):
        ask(world, case, at(8), at=at(9))


def test_an_event_before_the_reception_is_refused(world: World) -> None:
    case = world.receive()

    with pytest.raises(CannotMoveClock, match="trước lúc tiếp nhận"):
        ask(world, case, at(8), at=at(3))


def test_a_case_that_is_over_has_no_clock_to_move(world: World) -> None:
    case = world.receive()
    actions.withdraw_case(
        officer=world.cuc, case_code=case.code, reason="Người dân xin rút", now=at(7)
    )

    with pytest.raises(CannotMoveClock, match="đã kết thúc"):
        ask(world, case, at(8))


def test_a_unit_event_is_recorded_once_for_a_case(world: World) -> None:
    case = world.receive()
    suspended = {
        "officer": world.controller,
        "case_id": case.pk,
        "kind": EventKind.SUSPENDED,
        "at": at(8, 8),
        "reason": "Bão",
        "origin": "suspension:1",
        "now": at(8, 8),
    }

    first = actions.record_unit_event(**suspended)  # type: ignore[arg-type]
    second = actions.record_unit_event(**suspended)  # type: ignore[arg-type]

    assert first is not None
    assert second is None
    assert ClockEvent.objects.count() == 1
    assert LedgerEntry.objects.filter(case=case, stopped_for="SUSPENSION").exists()


def test_a_case_whose_due_time_stays_is_not_recounted(world: World) -> None:
    case = world.receive()

    told = actions.recount_case(
        officer=world.controller,
        case_id=case.pk,
        because=Because(vi="Quyết định mới", en="A new decision"),
        now=at(7),
    )

    assert told is None
    assert Recount.objects.count() == 0


def test_all_trails_hold_after_all_that(world: World) -> None:
    case = world.receive()
    ask(world, case, at(8, 10))
    actions.take_supplement(officer=world.cuc, case_code=case.code, now=at(9))
    actions.extend_with_apology(
        officer=world.dung,
        case_code=case.code,
        until=date(2023, 3, 20),
        reason="Chờ",
        now=at(10),
    )

    assert list(find_broken_chains()) == []
    assert timezone.localtime(fresh(case).due_at) == close_of(20)

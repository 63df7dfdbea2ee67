"""Our statuses reach the other system: each once, in order, and never counted as sent without an answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django import Settings

from motcua.audit.models import Entry
from motcua.cases import actions, jobs, sending_queries
from motcua.cases.models import Case, MirroredCase, OutgoingStatus
from motcua.cases.portal_adapter import PortalAdapter
from motcua.cases.receiver import NotDelivered
from motcua.cases.tests import fake_portal
from motcua.cases.tests.clock_at import clock_at
from motcua.cases.tests.fake_portal import Portal, open_portal
from motcua.cases.tests.world import MONDAY, World
from motcua.engine.forwarded import read_case, read_status
from motcua.engine.tests.test_forwarded import CASE
from motcua.people.actions import NotAllowed
from motcua.workflow.models import Task

pytestmark = pytest.mark.django_db

TOOK = MONDAY + timedelta(hours=1)
LATER = MONDAY + timedelta(hours=2)


@pytest.fixture
def portal(settings: Settings) -> Iterator[Portal]:
    with open_portal() as portal:
        settings.OTHER_SYSTEMS = {"DVCQG": portal.system()}
        yield portal


def commit() -> None:
    """Let happen what waits for the end of a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def taken_over(world: World, number: int = 1) -> tuple[MirroredCase, Case]:
    told = read_case({**CASE, "MaHoSo": f"G09.20-20230306-{number:07}"})
    row = actions.mirror_case(officer=world.system, source="DVCQG", told=told, now=MONDAY)
    case = world.receive()
    actions.take_over_case(officer=world.cuc, mirrored_id=row.pk, case_code=case.code, now=TOOK)
    commit()
    return row, case


def finish_first_step(world: World, case: Case, *, now: datetime = LATER) -> None:
    task = Task.objects.get(run_id=case.run_id, completed_at=None)
    actions.complete_step(officer=world.cuc, task_id=task.pk, now=now)
    commit()


def send(now: datetime = LATER) -> str:
    with clock_at(now):
        return str(jobs.send_statuses())


def told_of(row: MirroredCase) -> list[int]:
    return list(
        OutgoingStatus.objects.filter(mirrored=row)
        .order_by("number")
        .values_list("status", flat=True)
    )


def test_each_change_of_status_goes_into_the_outbox_with_its_own_time_and_person(
    world: World,
) -> None:
    row, case = taken_over(world)
    finish_first_step(world, case)
    third, fourth = LATER + timedelta(hours=1), LATER + timedelta(hours=2)
    actions.request_supplement(officer=world.binh, case_code=case.code, reason="Thiếu.", now=third)
    commit()
    actions.withdraw_case(officer=world.cuc, case_code=case.code, reason="Rút.", now=fourth)
    commit()

    rows = OutgoingStatus.objects.filter(mirrored=row).order_by("number")
    assert list(rows.values_list("number", "status", "at", "told_by__full_name")) == [
        (1, 2, TOOK, "Trần Thị Cúc"),
        (2, 4, LATER, "Trần Thị Cúc"),
        (3, 5, third, "Lê Thanh Bình"),
        (4, 7, fourth, "Trần Thị Cúc"),
    ]


def test_a_step_that_changes_no_status_and_a_case_that_nobody_sent_on_tell_nothing(
    world: World,
) -> None:
    row, case = taken_over(world)
    finish_first_step(world, case)
    task = Task.objects.get(run_id=case.run_id, completed_at=None)
    actions.complete_step(officer=world.binh, task_id=task.pk, now=LATER)
    own = world.receive()
    finish_first_step(world, own)

    assert told_of(row) == [2, 4]
    assert OutgoingStatus.objects.count() == 2


def test_a_change_that_is_rolled_back_is_not_told(world: World) -> None:
    row, case = taken_over(world)

    with pytest.raises(RuntimeError), transaction.atomic():
        actions.withdraw_case(officer=world.cuc, case_code=case.code, reason="Rút.", now=LATER)
        commit()
        raise RuntimeError

    assert told_of(row) == [2]


def test_taken_again_the_status_that_it_has_is_told(world: World) -> None:
    row, case = taken_over(world)
    finish_first_step(world, case)
    act: dict[str, Any] = {"officer": world.cuc, "mirrored_id": row.pk, "reason": "Vì bộ."}
    actions.hand_back_case(**act, now=LATER)
    actions.take_case_again(**act, now=LATER + timedelta(hours=1))
    commit()

    assert told_of(row) == [2, 4, 4]


def test_what_is_sent_is_a_record_as_the_portal_tells_ours(world: World, portal: Portal) -> None:
    row, case = taken_over(world)

    assert send() == "1 statuses"

    (call,) = portal.calls
    assert call["dstcode"] == "VN:GOV:DVCQG"
    assert call["key"] == str(OutgoingStatus.objects.get().key)
    assert (call["session"], call["madonvi"]) == ("S1", "000.00.00.H19")
    assert call["service"] == "CapNhatTienDoHoSoMC"
    assert call["data"] == {
        "MaHoSo": row.foreign_code,
        "NguoiXuLy": "Trần Thị Cúc",
        "ChucDanh": "Công chức Bộ phận Một cửa",
        "ThoiDiemXuLy": "20230306100000",
        "PhongBanXuLy": "Văn phòng UBND tỉnh",
        "NoiDungXuLy": "Được tiếp nhận",
        "TrangThai": "2",
        "NgayBatDau": "20230306090000",
        "NgayKetThucTheoQuyDinh": f"{case.due_at:%Y%m%d}170000",
    }
    assert read_status(call["data"]).at == TOOK


def test_of_many_statuses_each_is_sent_once_in_order_with_one_session(
    world: World, portal: Portal
) -> None:
    row, case = taken_over(world)
    finish_first_step(world, case)

    while OutgoingStatus.objects.filter(sent_at=None).exists():
        send()
    send()

    assert [call["data"]["TrangThai"] for call in portal.calls] == ["2", "4"]
    assert told_of(row) == [2, 4]


def test_a_timeout_is_never_a_success_and_the_same_key_comes_again(
    world: World, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken_over(world)
    rules = sending_queries.sending_rules(MONDAY.date())
    quick = type(rules)(
        attempts=rules.attempts,
        first_pause=rules.first_pause,
        longest_pause=rules.longest_pause,
        wait=timedelta(milliseconds=200),
    )
    monkeypatch.setattr(sending_queries, "sending_rules", lambda _on: quick)
    portal.script = [fake_portal.HANG]

    assert send() == "0 statuses"

    waiting = OutgoingStatus.objects.get()
    assert (waiting.sent_at, waiting.attempts) == (None, 1)
    assert waiting.reason.startswith("Hết giờ chờ mà hệ thống kia chưa trả lời")
    assert waiting.next_attempt_at is not None
    assert waiting.last_attempt_at is not None
    assert waiting.next_attempt_at - waiting.last_attempt_at == timedelta(minutes=1)
    assert send(LATER + timedelta(seconds=59)) == "0 statuses"
    assert send(LATER + timedelta(minutes=2)) == "1 statuses"
    assert [call["key"] for call in portal.calls] == [str(waiting.key)] * 2
    assert len(portal.kept) == 1


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (fake_portal.FAIL, "trả lời mã 500"),
        (fake_portal.LOSE, "Không nối được tới hệ thống kia"),
        (fake_portal.BABBLE, "không đúng dạng JSON"),
        (fake_portal.REDIRECT, "trả lời mã 302"),
    ],
)
def test_what_fails_once_is_sent_again_and_kept_once(
    world: World, portal: Portal, act: str, said: str
) -> None:
    taken_over(world)
    portal.script = [act]

    first = send()
    failed = OutgoingStatus.objects.get()
    second = send(LATER + timedelta(minutes=2))

    assert (first, second) == ("0 statuses", "1 statuses")
    assert said in failed.reason
    sent = OutgoingStatus.objects.get()
    assert (sent.attempts, sent.reason, sent.next_attempt_at) == (2, "", None)
    assert list(portal.kept) == [str(sent.key)]


def test_a_refusal_stops_at_once_with_the_reason_and_later_statuses_go_on(
    world: World, portal: Portal
) -> None:
    row, case = taken_over(world)
    finish_first_step(world, case)
    portal.script = [fake_portal.REFUSE]

    send()
    send()
    send(LATER + timedelta(days=1))

    refused, sent = OutgoingStatus.objects.filter(mirrored=row).order_by("number")
    assert refused.attempts == 1
    assert refused.reason == "Hệ thống kia từ chối (mã 500): DATA_INCORRECT"
    assert sent.sent_at is not None
    assert len(portal.calls) == 2
    assert Entry.objects.get(event="mirrored.status_not_taken").because == refused.reason


def test_a_status_waits_for_the_one_before_it(world: World, portal: Portal) -> None:
    _row, case = taken_over(world)
    finish_first_step(world, case)
    portal.script = [fake_portal.FAIL]

    send()
    send()

    assert [call["data"]["TrangThai"] for call in portal.calls] == ["2"]


def test_of_a_system_that_does_not_answer_only_one_is_tried_at_a_time(
    world: World, portal: Portal
) -> None:
    for number in range(3):
        taken_over(world, number)
    portal.script = [fake_portal.FAIL]

    first = send()

    assert (first, len(portal.calls)) == ("0 statuses", 1)
    assert send() == "2 statuses"


def test_after_the_last_attempt_it_stops_until_a_person_sends_it_again(
    world: World, portal: Portal
) -> None:
    taken_over(world)
    portal.script = [fake_portal.FAIL] * 8
    now = LATER
    for _attempt in range(12):
        send(now)
        now += timedelta(hours=1)

    given_up = OutgoingStatus.objects.get()
    assert (given_up.attempts, len(portal.calls)) == (8, 8)
    assert given_up.refused_at is not None
    assert Entry.objects.filter(event="mirrored.status_given_up").count() == 1
    actions.send_again(officer=world.cuc, outgoing_id=given_up.pk, now=now)
    assert send(now) == "1 statuses"
    assert len({call["key"] for call in portal.calls}) == 1


def test_a_session_that_is_over_is_opened_once_more(world: World, portal: Portal) -> None:
    for number in range(2):
        taken_over(world, number)
    portal.script = [fake_portal.ACCEPT, fake_portal.FORGET]

    assert send() == "2 statuses"
    assert portal.sign_ins == 2
    assert len(portal.kept) == 2


def test_a_wrong_key_sends_nothing_and_shows_no_key(
    world: World, portal: Portal, settings: Settings
) -> None:
    taken_over(world)
    settings.OTHER_SYSTEMS = {"DVCQG": portal.system(key="khoa-sai")}

    send()

    failed = OutgoingStatus.objects.get()
    assert failed.sent_at is None
    assert "Hãy kiểm tra tài khoản và khóa" in failed.reason
    assert "khoa-sai" not in failed.reason
    assert portal.calls == []


def test_without_an_address_nothing_is_sent_and_all_is_kept(
    world: World, settings: Settings
) -> None:
    taken_over(world)
    settings.OTHER_SYSTEMS = {"G09": {}}

    assert send(LATER + timedelta(days=9)) == "0 statuses"

    kept = OutgoingStatus.objects.get()
    assert (kept.attempts, kept.next_attempt_at) == (0, TOOK)


def test_nobody_there_is_not_delivered(portal: Portal) -> None:
    nobody = portal.system(url="http://127.0.0.1:1")

    with (
        PortalAdapter(nobody, wait=timedelta(seconds=2)) as adapter,
        pytest.raises(NotDelivered, match="Không nối được"),
    ):
        adapter.tell({}, key=OutgoingStatus().key)


def test_only_what_was_not_taken_is_sent_again_and_not_by_strangers(
    world: World, portal: Portal
) -> None:
    taken_over(world)
    row = OutgoingStatus.objects.get()
    for person in (world.oanh, world.binh):
        with pytest.raises(NotAllowed):
            actions.send_again(officer=person, outgoing_id=row.pk, now=LATER)

    with pytest.raises(actions.CannotSendAgain, match="đang chờ gửi"):
        actions.send_again(officer=world.cuc, outgoing_id=row.pk, now=LATER)
    send()
    with pytest.raises(actions.CannotSendAgain, match="đã gửi xong"):
        actions.send_again(officer=world.cuc, outgoing_id=row.pk, now=LATER)

    assert len(portal.calls) == 1


def test_nobody_but_the_system_says_how_an_attempt_went(world: World) -> None:
    taken_over(world)
    row = OutgoingStatus.objects.get()

    for note in (actions.note_refused, actions.note_failed):
        with pytest.raises(NotAllowed):
            note(officer=world.cuc, outgoing_id=row.pk, reason="x", now=LATER)
    with pytest.raises(NotAllowed):
        actions.note_sent(officer=world.cuc, outgoing_id=row.pk, now=LATER)

    with pytest.raises(IntegrityError), transaction.atomic():
        OutgoingStatus.objects.filter(pk=row.pk).update(sent_at=LATER)

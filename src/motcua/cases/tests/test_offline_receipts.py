"""Receipts written without a connection: numbers beforehand, one case each, received back then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from motcua.audit import queries as audit
from motcua.audit.models import Entry
from motcua.cases import actions
from motcua.cases.models import Case, OfflineNumber
from motcua.cases.tests.world import MONDAY, World, make_person, make_world
from motcua.messages.models import Notice
from motcua.people.actions import NotAllowed

AFTERNOON = MONDAY + timedelta(hours=6)


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def stock(world: World) -> list[OfflineNumber]:
    return actions.stock_offline_numbers(officer=world.cuc, agency_id=world.centre.pk, now=MONDAY)


@pytest.fixture
def sync(world: World) -> Callable[..., Case]:
    def send(key: UUID, **changes: object) -> Case:
        how: dict[str, object] = {
            "officer": world.cuc,
            "key": key,
            "submission": world.submission(submission_key=key),
            "received_at": MONDAY + timedelta(minutes=30),
            "now": AFTERNOON,
        }
        return actions.sync_receipt(**{**how, **changes})  # type: ignore[arg-type]

    return send


def test_numbers_are_given_to_clerks_of_the_counter_only_without_gaps(world: World) -> None:
    other = make_person(world.system, "thu", "Thư", world.centre, "CLERK")
    with pytest.raises(NotAllowed):
        actions.stock_offline_numbers(officer=world.dung, agency_id=world.centre.pk, now=MONDAY)

    mine, again = stock(world), stock(world)
    theirs = actions.stock_offline_numbers(officer=other, agency_id=world.centre.pk, now=MONDAY)

    assert [one.number for one in mine] == list(range(1, 21))
    assert [one.key for one in again] == [one.key for one in mine]
    assert [one.number for one in theirs] == list(range(21, 41))


def test_a_receipt_is_received_at_the_moment_it_was_written(
    world: World, sync: Callable[..., Case]
) -> None:
    online = world.receive(now=MONDAY + timedelta(minutes=30))

    case = sync(stock(world)[0].key)

    assert case.received_at == MONDAY + timedelta(minutes=30)
    assert case.due_at == online.due_at
    entries = list(Entry.objects.filter(subject=f"case:{case.code}").order_by("number"))
    assert [(e.event, e.happened_at) for e in entries] == [
        ("case.received", AFTERNOON),
        ("case.received_offline", AFTERNOON),
    ]
    assert entries[1].facts["receipt"] == "NT-000001"
    assert list(audit.find_broken_chains()) == []


def test_a_receipt_that_is_sent_again_makes_no_second_case(
    world: World, sync: Callable[..., Case]
) -> None:
    key = stock(world)[0].key

    first, second = sync(key), sync(key, now=AFTERNOON + timedelta(hours=1))

    assert first.pk == second.pk
    assert Case.objects.count() == 1
    assert Entry.objects.filter(event="case.received_offline").count() == 1


def test_a_sync_that_broke_off_after_the_case_was_made_is_finished(
    world: World, sync: Callable[..., Case]
) -> None:
    number = stock(world)[0]
    made = world.receive(submission_key=number.key, now=MONDAY + timedelta(minutes=30))

    assert sync(number.key).pk == made.pk

    number.refresh_from_db()
    assert number.case_id == made.pk


@pytest.mark.parametrize("wrong", [MONDAY - timedelta(minutes=1), AFTERNOON + timedelta(minutes=1)])
def test_a_machine_with_a_wrong_clock_is_refused(
    world: World, sync: Callable[..., Case], wrong: object
) -> None:
    with pytest.raises(actions.CannotSyncReceipt, match="chỉnh đồng hồ"):
        sync(stock(world)[0].key, received_at=wrong)

    assert Case.objects.count() == 0


def test_somebody_elses_number_and_one_that_never_was_are_refused(
    world: World, sync: Callable[..., Case]
) -> None:
    other = make_person(world.system, "thu", "Thư", world.centre, "CLERK")

    for how in ({"key": uuid4()}, {"key": stock(world)[0].key, "officer": world.oanh}):
        with pytest.raises(actions.CannotSyncReceipt, match="không phải của anh/chị"):
            sync(**how)
    with pytest.raises(
        actions.WrittenBySomebodyElse, match="do Trần Thị Cúc viết.*vẫn nằm trên máy"
    ):
        sync(stock(world)[0].key, officer=other)

    assert Case.objects.count() == 0


def test_what_the_law_refuses_stays_a_receipt_with_its_reasons(
    world: World, sync: Callable[..., Case]
) -> None:
    key = stock(world)[0].key

    with pytest.raises(actions.CannotReceiveCase, match="Thiếu “Đơn đề nghị cấp phép”"):
        sync(key, submission=world.submission(submission_key=key, papers={}))

    assert Case.objects.count() == 0
    assert sync(key).pk


@pytest.mark.parametrize("minutes", [30, 90])
def test_a_receipt_is_sent_after_its_shift_was_handed_over_and_the_colleague_is_told(
    world: World, sync: Callable[..., Case], minutes: int
) -> None:
    key = stock(world)[0].key
    thu = make_person(world.system, "thu", "Thư", world.centre, "CLERK")
    made = actions.hand_over_shift(
        officer=world.cuc,
        agency_id=world.centre.pk,
        next_clerk_id=thu.id,
        cash_vnd=0,
        now=MONDAY + timedelta(hours=1),
    )
    actions.accept_shift(officer=thu, hand_over_id=made.pk, now=MONDAY + timedelta(hours=2))

    # The second was written after the hand-over: its paper is in the applicant's hands all the same.
    case = sync(key, received_at=MONDAY + timedelta(minutes=minutes))

    assert case.received_at == MONDAY + timedelta(minutes=minutes)
    assert case.received_by_id == world.cuc.id
    entry = Entry.objects.get(subject=f"case:{case.code}", event="case.received_offline")
    assert entry.facts["hand_over"] == made.pk
    told = Notice.objects.get(once_key__contains=":offline:")
    assert told.person_id == thu.id
    assert case.code in told.text_vi
    assert "NT-000001" in told.text_vi
    assert list(audit.find_broken_chains()) == []


def test_a_receipt_can_be_sent_the_day_after_when_nobody_goes_back_into_that_shift(
    world: World, sync: Callable[..., Case]
) -> None:
    key = stock(world)[0].key
    thu = make_person(world.system, "thu", "Thư", world.centre, "CLERK")
    actions.hand_over_shift(
        officer=world.cuc,
        agency_id=world.centre.pk,
        next_clerk_id=thu.id,
        cash_vnd=0,
        now=MONDAY + timedelta(hours=1),
    )

    first = sync(key, received_at=MONDAY + timedelta(hours=2), now=AFTERNOON + timedelta(days=1))
    again = sync(key, received_at=MONDAY + timedelta(hours=2), now=AFTERNOON + timedelta(days=1))

    assert first.pk == again.pk
    assert (
        Case.objects.count() == Notice.objects.filter(once_key__contains=":offline:").count() == 1
    )


def test_without_a_hand_over_nobody_is_told(world: World, sync: Callable[..., Case]) -> None:
    assert sync(stock(world)[0].key).pk

    assert not Notice.objects.filter(once_key__contains=":offline:").exists()

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

    for how in ({"key": uuid4()}, {"key": stock(world)[0].key, "officer": other}):
        with pytest.raises(actions.CannotSyncReceipt, match="không phải của anh/chị"):
            sync(**how)


def test_what_the_law_refuses_stays_a_receipt_with_its_reasons(
    world: World, sync: Callable[..., Case]
) -> None:
    key = stock(world)[0].key

    with pytest.raises(actions.CannotReceiveCase, match="Thiếu «Đơn đề nghị cấp phép»"):
        sync(key, submission=world.submission(submission_key=key, papers={}))

    assert Case.objects.count() == 0
    assert sync(key).pk

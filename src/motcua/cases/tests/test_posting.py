"""The post brings dossiers and takes results away; only its proof of delivery returns a result."""

from __future__ import annotations

from datetime import timedelta

import pytest

from motcua.audit import queries as audit
from motcua.cases import actions, post_queries
from motcua.cases.models import Case, PostalItem, PostalSlip
from motcua.cases.tests.world import MONDAY, World
from motcua.people.actions import NotAllowed

NUMBER = "EA123456789VN"
LATER = MONDAY + timedelta(days=1)


def finished(world: World) -> Case:
    """Return a case whose result is wanted by post, and waits."""
    case = world.receive(returns_by_post=True, return_address="Số 1, phường Trảng Dài")
    Case.objects.filter(pk=case.pk).update(status="DONE", finished_at=LATER)
    return case


def item_of(case: Case) -> PostalItem:
    return PostalItem.objects.get(case=case, direction="LEAVING", failed_at=None)


def send(world: World, *cases: Case, **changes: object) -> PostalSlip:
    numbers = {item_of(case).pk: f"EA12345678{n}VN" for n, case in enumerate(cases)}
    how: dict[str, object] = {
        "officer": world.cuc,
        "agency_id": world.centre.pk,
        "tracking_numbers": numbers,
        "carrier_name": "Phạm Văn Thư",
        "now": LATER,
    }
    return actions.hand_to_post(**{**how, **changes})  # type: ignore[arg-type]


def test_an_outsider_may_do_nothing_with_the_post_of_a_counter(world: World) -> None:
    case = finished(world)
    with pytest.raises(NotAllowed):
        actions.register_arrival(
            officer=world.dung,
            agency_id=world.centre.pk,
            tracking_number=NUMBER,
            sender_name="An",
            now=MONDAY,
        )
    with pytest.raises(NotAllowed):
        send(world, case, officer=world.dung)
    slip = send(world, case)
    with pytest.raises(NotAllowed):
        actions.open_postal_slip(officer=world.dung, slip_id=slip.pk, what="x", now=LATER)
    with pytest.raises(NotAllowed):
        actions.record_failure(officer=world.dung, item_id=item_of(case).pk, reason="x", now=LATER)

    assert audit.list_reads(actions.subject_of_slip(slip.pk)).get().was_allowed is False


def test_what_arrived_is_joined_to_the_case_made_of_it(world: World) -> None:
    item = actions.register_arrival(
        officer=world.cuc,
        agency_id=world.centre.pk,
        tracking_number=" ea 123 456 789 vn ",
        sender_name="Lê  Gửi",
        now=MONDAY,
    )
    case = world.receive(tracking_number=NUMBER)

    item.refresh_from_db()
    assert (item.tracking_number, item.party_name, item.case_id) == (NUMBER, "Lê Gửi", case.pk)


def test_a_number_typed_at_reception_alone_is_registered_with_it(world: World) -> None:
    case = world.receive(tracking_number=NUMBER)

    item = PostalItem.objects.get()
    assert (item.case_id, item.party_name) == (case.pk, "Nguyễn Thị Thúy An")


@pytest.mark.parametrize(
    ("changes", "field", "why"),
    [
        ({"tracking_number": "12"}, "tracking_number", "6 đến 30"),
        (
            {"returns_by_post": True, "applicant": "without address"},
            "return_address",
            "Chưa có địa chỉ",
        ),
    ],
)
def test_a_case_is_not_received_with_wrong_post(
    world: World, changes: dict[str, object], field: str, why: str
) -> None:
    if "applicant" in changes:
        changes["applicant"] = actions.PartyEntry(kind="PERSON", full_name="An")

    with pytest.raises(actions.CannotReceiveCase) as error:
        world.receive(MONDAY, **changes)

    assert [(one.field, why in one.message) for one in error.value.problems] == [(field, True)]
    assert Case.objects.count() == PostalItem.objects.count() == 0


def test_a_number_counts_once(world: World) -> None:
    world.receive(tracking_number=NUMBER)

    with pytest.raises(actions.CannotReceiveCase, match="đã được ghi trước đó"):
        world.receive(tracking_number=NUMBER)

    assert Case.objects.count() == 1


def test_results_are_handed_to_the_postman_with_slips_numbered_in_the_year(world: World) -> None:
    first, second, third = finished(world), finished(world), finished(world)

    one, two = (
        send(world, first, second),
        send(world, third, tracking_numbers={item_of(third).pk: NUMBER}),
    )

    assert [str(one), str(two)] == ["1/2023", "2/2023"]
    assert [item.case_id for item in post_queries.list_items_of(one)] == [first.pk, second.pk]
    assert post_queries.count_post(world.cuc, now=LATER)["sent"] == 3


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"tracking_numbers": {}}, "Chưa chọn"),
        ({"carrier_name": " "}, "tên nhân viên bưu chính"),
        ({"tracking_numbers": {0: NUMBER}}, "không thuộc quầy này"),
    ],
)
def test_a_hand_over_that_lacks_something_writes_nothing(
    world: World, changes: dict[str, object], why: str
) -> None:
    with pytest.raises(actions.CannotPost, match=why):
        send(world, finished(world), **changes)

    assert PostalSlip.objects.count() == 0


def test_all_are_handed_over_or_none(world: World) -> None:
    ready, open_still = finished(world), world.receive(returns_by_post=True)

    with pytest.raises(actions.CannotPost, match="không có kết quả để gửi"):
        send(world, ready, open_still)

    assert item_of(ready).sent_at is None
    assert PostalSlip.objects.count() == 0


def test_the_same_number_on_two_envelopes_is_refused(world: World) -> None:
    one, two = item_of(finished(world)), item_of(finished(world))

    with pytest.raises(actions.CannotPost, match="cùng một số hiệu"):
        send(world, tracking_numbers={one.pk: NUMBER, two.pk: NUMBER})


def test_only_the_proof_of_delivery_returns_a_result(world: World) -> None:
    case = finished(world)
    send(world, case)
    case.refresh_from_db()
    assert case.status == "DONE"

    actions.record_delivery(
        officer=world.cuc,
        item_id=item_of(case).pk,
        delivered_to="Nguyễn Văn Chồng",
        delivered_at=LATER + timedelta(hours=20),
        now=LATER + timedelta(days=3),
    )

    case.refresh_from_db()
    assert (case.status, case.returned_to) == ("RETURNED", "Nguyễn Văn Chồng")
    assert case.returned_at == LATER + timedelta(hours=20)
    assert list(audit.find_broken_chains()) == []


def test_a_proof_of_the_minute_in_which_it_was_sent_is_taken(world: World) -> None:
    case = finished(world)
    sent_at = LATER + timedelta(seconds=35)
    send(world, case, now=sent_at)

    actions.record_delivery(
        officer=world.cuc,
        item_id=item_of(case).pk,
        delivered_to="An",
        delivered_at=LATER,
        now=LATER + timedelta(minutes=5),
    )

    case.refresh_from_db()
    assert case.returned_at == sent_at


def test_a_result_is_not_delivered_before_it_was_sent_nor_in_the_future(world: World) -> None:
    case = finished(world)
    send(world, case)

    for wrong in (LATER - timedelta(minutes=1), LATER + timedelta(days=1)):
        with pytest.raises(actions.CannotPost, match="Thời điểm phát phải sau"):
            actions.record_delivery(
                officer=world.cuc,
                item_id=item_of(case).pk,
                delivered_to="An",
                delivered_at=wrong,
                now=LATER + timedelta(hours=1),
            )


def test_what_is_on_its_way_is_not_handed_over_at_the_counter(world: World) -> None:
    case = finished(world)
    send(world, case)

    with pytest.raises(actions.CannotReturnResult, match="đã giao bưu chính"):
        actions.return_result(officer=world.cuc, case_code=case.code, returned_to="An", now=LATER)


def test_what_was_brought_back_waits_at_the_counter_or_goes_again(world: World) -> None:
    case = finished(world)
    send(world, case)
    first = item_of(case)
    actions.record_failure(officer=world.cuc, item_id=first.pk, reason="Vắng nhà ba lần", now=LATER)
    actions.plan_return_by_post(
        officer=world.cuc, case_code=case.code, name="An", address="Nơi làm việc", now=LATER
    )

    again = item_of(case)
    assert again.pk != first.pk
    counts = post_queries.count_post(world.cuc, now=LATER)
    assert (counts["failed"], counts["ready"]) == (1, 1)
    with pytest.raises(actions.CannotPost, match="đã chuyển hoàn"):
        actions.record_failure(officer=world.cuc, item_id=first.pk, reason="x", now=LATER)
    actions.return_result(officer=world.cuc, case_code=case.code, returned_to="An", now=LATER)
    assert post_queries.count_post(world.cuc, now=LATER)["ready"] == 0


def test_each_state_counts_what_it_lists(world: World) -> None:
    world.receive(tracking_number=NUMBER)
    world.receive(returns_by_post=True)
    send(world, finished(world))
    finished(world)

    counts = post_queries.count_post(world.cuc, now=LATER)

    assert sum(counts.values()) == PostalItem.objects.count() == 4
    for state in post_queries.STATES:
        assert post_queries.list_post(world.cuc, state=state, now=LATER).count() == counts[state]

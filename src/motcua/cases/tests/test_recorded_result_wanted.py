"""Procedures whose revision wants a recorded result: nothing is handed over without a numbered one."""

from __future__ import annotations

import pytest

from motcua.cases import actions, result_queries
from motcua.cases.models import Case, PostalItem
from motcua.cases.tests.test_results import LATER, draft, hand_over, number, settled, sign
from motcua.cases.tests.world import World
from motcua.people.actions import NotAllowed
from motcua.procedures.models import Revision

pytestmark = pytest.mark.django_db


def wants(kind: str) -> None:
    Revision.objects.update(recorded_result=kind)


def test_an_outsider_hands_nothing_over(world: World) -> None:
    wants("LICENCE")
    case = settled(world)

    with pytest.raises(NotAllowed):
        actions.return_result(officer=world.oanh, case_code=case.code, returned_to="An", now=LATER)

    assert Case.objects.get().returned_at is None


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("LICENCE", "giấy phép"),
        ("CERTIFICATE", "giấy chứng nhận"),
        ("DECISION", "quyết định"),
        ("REPLY", "văn bản trả lời"),
    ],
)
def test_without_a_result_it_is_said_what_is_wanted_and_what_to_do(
    world: World, kind: str, words: str
) -> None:
    wants(kind)
    case = settled(world)

    with pytest.raises(
        actions.CannotReturnResult, match=f"phải trả {words} đã ký và cấp số.*Hãy báo cơ quan"
    ):
        hand_over(world, case)

    assert Case.objects.get().status == Case.Status.DONE


def test_with_a_signed_and_numbered_one_it_is_handed_over(world: World) -> None:
    wants("LICENCE")
    case = settled(world)
    result = sign(world, draft(world, case))
    with pytest.raises(actions.CannotReturnResult, match="chưa có số và ngày văn bản"):
        hand_over(world, case)
    number(world, result)

    assert hand_over(world, case).status == Case.Status.RETURNED


def test_a_procedure_that_wants_none_goes_on_as_ever(world: World) -> None:
    case = settled(world)

    assert not result_queries.must_be_recorded(case)
    assert hand_over(world, case).status == Case.Status.RETURNED


def test_the_post_takes_nothing_that_is_not_recorded(world: World) -> None:
    wants("DECISION")
    case = settled(world)
    item = actions.plan_return_by_post(
        officer=world.cuc, case_code=case.code, name="An", address="Số 1", now=LATER
    )

    with pytest.raises(actions.CannotPost, match="phải trả quyết định đã ký và cấp số"):
        actions.hand_to_post(
            officer=world.cuc,
            agency_id=world.centre.pk,
            tracking_numbers={item.pk: "EA123456789VN"},
            carrier_name="Thư",
            now=LATER,
        )

    assert PostalItem.objects.get().sent_at is None


def test_a_refused_case_wants_no_result(world: World) -> None:
    wants("LICENCE")
    case = world.receive()
    refused = actions.refuse_case(
        officer=world.dung, case_code=case.code, reason="Không đủ điều kiện", now=LATER
    )

    assert not result_queries.show_results(refused, world.binh, now=LATER).is_wanted

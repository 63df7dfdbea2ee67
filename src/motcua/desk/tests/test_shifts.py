"""The page of the end of a shift: report, hand-over, answer, slip."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta

import pypdfium2
import pytest

from motcua.cases.models import ShiftHandOver
from motcua.cases.tests.world import MONDAY, World, make_person
from motcua.desk.tests.rows import count_queries, desk_clock, sign_in, words
from motcua.people.queries import Person

PAGE = "/giao-ca/"


@pytest.fixture
def world(world: World) -> Iterator[World]:
    with desk_clock():
        yield world


@pytest.fixture
def hoa(world: World) -> Person:
    return make_person(world.system, "hoa", "Võ Thị Hoa", world.centre, "CLERK")


def typed(to: Person, **changes: str) -> dict[str, str]:
    return {"next_clerk": str(to.id), "cash": "150.000", "note": "Khóa tủ số 2", **changes}


def test_who_has_no_counter_has_no_shift_and_sees_no_slip(world: World, hoa: Person) -> None:
    sign_in(world.cuc).post(PAGE, typed(hoa))
    slip = f"{PAGE}{ShiftHandOver.objects.get().pk}/bien-ban.pdf"

    assert sign_in(world.dung).get(PAGE).status_code == 403
    assert sign_in(world.dung).get(slip).status_code == 403
    assert sign_in(world.cuc).get(f"{PAGE}999/bien-ban.pdf").status_code == 404


def test_a_shift_is_handed_over_accepted_and_printed(world: World, hoa: Person) -> None:
    case = world.receive()
    clerk, colleague = sign_in(world.cuc), sign_in(hoa)

    assert case.code in words(clerk.get(PAGE))
    told = words(clerk.post(PAGE, typed(hoa), follow=True))
    made = ShiftHandOver.objects.get()
    offered = words(colleague.get(PAGE))
    colleague.post(f"{PAGE}{made.pk}/tra-loi/", {"answer": "accept"})

    assert "Đã bàn giao ca cho Võ Thị Hoa" in told and "Vào ca lại" in told
    assert "bàn giao ca cho anh/chị" in offered and "150.000 đồng" in offered
    assert "Người nhận đã nhận lúc" in words(clerk.get(PAGE))
    sheet = pypdfium2.PdfDocument(io.BytesIO(clerk.get(f"{PAGE}{made.pk}/bien-ban.pdf").content))
    printed = sheet[0].get_textpage().get_text_range()
    assert case.code in printed and "150.000 đồng" in printed and "Khóa tủ số 2" in printed
    again = pypdfium2.PdfDocument(io.BytesIO(clerk.get(f"{PAGE}{made.pk}/bien-ban.pdf").content))
    assert "BẢN SAO" in again[0].get_textpage().get_text_range()


def test_after_the_hand_over_the_counter_says_that_the_shift_has_ended(
    world: World, hoa: Person
) -> None:
    clerk = sign_in(world.cuc)
    clerk.post(PAGE, typed(hoa))

    called = words(clerk.post("/xep-hang/goi/", {"act": "next"}, follow=True))
    back = words(clerk.post(f"{PAGE}vao-ca-lai/", follow=True))

    assert "Ca của anh/chị đã bàn giao lúc 10:00" in called
    assert "đã vào ca lại" in back and "Ca đang làm của anh/chị" in back


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"cash": "một trăm"}, "phải là số đồng"),
        ({"cash": "9" * 30}, "20"),
        ({"next_clerk": "0"}, ""),
    ],
)
def test_what_is_wrong_is_said_and_nothing_ends(
    world: World, hoa: Person, changes: dict[str, str], why: str
) -> None:
    answer = sign_in(world.cuc).post(PAGE, typed(hoa, **changes))

    assert answer.status_code == 422
    assert why in words(answer) and "Khóa tủ số 2" in words(answer)
    assert not ShiftHandOver.objects.exists()


def test_the_page_asks_as_much_for_many_hand_overs_as_for_few(world: World, hoa: Person) -> None:
    clerk = sign_in(world.cuc)
    world.receive()
    few = count_queries(clerk, PAGE)
    ShiftHandOver.objects.bulk_create(
        ShiftHandOver(
            agency=world.centre,
            day=MONDAY.date() - timedelta(days=number + 1),
            clerk_id=world.cuc.id,
            next_clerk_id=hoa.id,
            starts_at=MONDAY,
            given_at=MONDAY,
            accepted_at=MONDAY,
            **dict.fromkeys(("received", "returned", "called", "absent", "due_vnd", "cash_vnd"), 1),
        )
        for number in range(30)
    )

    assert count_queries(clerk, PAGE) == few <= 20

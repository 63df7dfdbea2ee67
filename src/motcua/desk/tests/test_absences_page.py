"""The page of stand-ins: who may open it, naming, refusals with what was typed, taking back."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection

from motcua.cases.tests.world import MONDAY, World, make_person
from motcua.desk.tests.rows import count_queries, desk_world, open_task, sign_in, step, words
from motcua.people import queries as people
from motcua.people.models import Absence

PAGE = "/phan-cong/vang-mat/"


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with desk_world() as world:
        yield world


def typed(absent: people.Person, stand_in: people.Person, **changes: str) -> dict[str, str]:
    asked = {
        "absent": str(absent.id),
        "stand_in": str(stand_in.id),
        "first_day": "06/03/2023",
        "last_day": "08/03/2023",
    }
    return {**asked, **changes}


def test_who_works_on_no_case_has_no_such_page(world: World) -> None:
    assert sign_in(world.controller).get(PAGE).status_code == 403


def test_an_officer_cannot_name_for_a_colleague(world: World) -> None:
    response = sign_in(world.binh).post(PAGE, typed(world.dung, world.binh))

    assert response.status_code == 422
    assert "không có trong danh sách của anh/chị" in words(response)
    assert not Absence.objects.exists()


def test_a_refusal_keeps_what_was_typed_and_says_why(world: World) -> None:
    response = sign_in(world.binh).post(PAGE, typed(world.binh, world.dung, first_day="01/03/2023"))

    assert response.status_code == 422
    assert "Ngày đầu 01/03/2023 đã qua" in words(response)
    assert 'value="01/03/2023"' in response.content.decode()


def test_a_named_stand_in_finds_the_work_and_does_it_in_the_others_stead(world: World) -> None:
    lan = make_person(world.system, "lan", "Võ Thị Lan", world.office, "CLERK")
    case = world.receive()
    step(world.cuc, case)

    response = sign_in(world.dung).post(PAGE, typed(world.binh, lan), follow=True)
    client = sign_in(lan)
    work = words(client.get("/viec-cua-toi/"))
    client.post(f"/ho-so/{case.code}/buoc/{open_task(case).pk}/")

    assert "Đã cử Võ Thị Lan làm thay Lê Thanh Bình từ 06/03/2023 đến hết 08/03/2023." in words(
        response
    )
    assert "anh/chị làm thay Lê Thanh Bình" in work
    page = words(client.get(f"/ho-so/{case.code}/"))
    assert page.count("Võ Thị Lan thay Lê Thanh Bình") == 2


def test_taking_back_is_refused_to_others_and_ends_it(world: World) -> None:
    sign_in(world.binh).post(PAGE, typed(world.binh, world.dung))
    absence = Absence.objects.get()
    address = f"{PAGE}{absence.pk}/thu-hoi/"

    assert sign_in(world.oanh).post(address).status_code == 404
    response = sign_in(world.binh).post(address, follow=True)

    assert "Phạm Ngọc Dung không còn làm thay Lê Thanh Bình" in words(response)
    assert people.get_person(user_id=world.dung.id).stand_ins == ()


def test_the_page_costs_the_same_for_ten_as_for_a_thousand_absences(world: World) -> None:
    costs = []
    for first, count in ((10, 10), (1000, 1000)):
        Absence.objects.bulk_create(
            Absence(
                absent_id=world.binh.id,
                stand_in_id=world.oanh.id,
                starts_on=MONDAY.date() + timedelta(days=first + number),
                ends_on=MONDAY.date() + timedelta(days=first + number + 1),
                named_by_id=world.binh.id,
                named_at=MONDAY,
            )
            for number in range(count)
        )
        # What autovacuum does in a real database.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE people_absence")
        costs.append(count_queries(sign_in(world.dung), PAGE))

    assert costs[0] == costs[1] == 10


def test_somebody_locked_out_or_ended_is_not_offered(world: World) -> None:
    make_person(world.system, "cu", "Mai Văn Cũ", world.office, "OFFICER", ends_on=MONDAY.date())

    assert "Mai Văn Cũ" not in words(sign_in(world.dung).get(PAGE))

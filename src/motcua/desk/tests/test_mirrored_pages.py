"""The pages of case files of other systems: who sees them, what the list hides, both statuses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from motcua.audit.models import Read
from motcua.cases import actions
from motcua.cases.models import MirroredCase
from motcua.cases.tests.world import MONDAY, World
from motcua.desk.tests.rows import count_queries, desk_clock, sign_in, words
from motcua.engine.forwarded import read_case
from motcua.engine.tests.test_forwarded import CASE

LIST = "/truc-tuyen/chuyen-den/"
NOW = MONDAY + timedelta(days=1)


@pytest.fixture
def world(world: World) -> Iterator[World]:
    with desk_clock(NOW):
        yield world


def mirror(world: World, number: int = 1) -> MirroredCase:
    told = read_case({**CASE, "MaHoSo": f"G09.20-20230306-{number:07}"})
    return actions.mirror_case(officer=world.system, source="DVCQG", told=told, now=NOW)


def test_another_agency_sees_neither_the_row_nor_the_page(world: World) -> None:
    row = mirror(world)
    client = sign_in(world.oanh)

    assert row.foreign_code not in words(client.get(LIST))
    assert client.get(f"{LIST}{row.pk}/").status_code == 403
    assert client.post(f"{LIST}{row.pk}/", {"case_code": "X"}).status_code == 403
    assert Read.objects.filter(subject=f"mirrored:{row.pk}", was_allowed=False).count() == 2


def test_the_list_says_who_owns_the_status_and_names_nobody(world: World) -> None:
    mirror(world)

    page = words(sign_in(world.cuc).get(LIST))

    assert "G09.20-20230306-0000001" in page
    assert "Cổng Dịch vụ công quốc gia Đang xử lý 06/03/2023 09:00 –" in page
    assert "Thúy An" not in page


def test_the_page_shows_both_statuses_and_the_read_is_noted(world: World) -> None:
    row, case = mirror(world), world.receive()
    client = sign_in(world.cuc)

    before = words(client.get(f"{LIST}{row.pk}/"))
    empty = client.post(f"{LIST}{row.pk}/", {"case_code": " "})
    wrong = client.post(f"{LIST}{row.pk}/", {"case_code": "H19-1"})
    after = words(client.post(f"{LIST}{row.pk}/", {"case_code": case.code}, follow=True))

    assert "Trạng thái bên này Chưa giải quyết ở đây" in before
    assert (empty.status_code, wrong.status_code) == (422, 422)
    assert "Chưa ghi mã hồ sơ" in words(empty)
    assert 'value="H19-1"' in wrong.content.decode()
    assert "Nơi giữ trạng thái Hệ thống một cửa này" in after
    assert "Trạng thái bên kia Đang xử lý" in after
    assert f"Trạng thái bên này {case.get_status_display()}, {case.code}" in after
    assert Read.objects.filter(subject=f"mirrored:{row.pk}", was_allowed=True).exists()


def test_an_officer_who_does_not_receive_looks_without_a_form(world: World) -> None:
    row = mirror(world)

    page = sign_in(world.controller).get(f"{LIST}{row.pk}/")

    assert page.status_code == 200
    assert "case_code" not in page.content.decode()
    assert sign_in(world.controller).get(f"{LIST}{row.pk + 1}/").status_code == 404


def test_the_list_takes_as_many_queries_for_many_as_for_few(world: World) -> None:
    for number in range(10):
        mirror(world, number)
    client = sign_in(world.cuc)
    few = count_queries(client, LIST)
    for number in range(10, 40):
        mirror(world, number)

    assert count_queries(client, LIST) == few

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
from motcua.engine.forwarded import read_case, read_status
from motcua.engine.tests.test_forwarded import CASE, STATUS

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


def test_both_codes_stay_in_one_line_each(world: World) -> None:
    row, case = mirror(world), world.receive()
    client = sign_in(world.cuc)

    page = client.post(f"{LIST}{row.pk}/", {"case_code": case.code}, follow=True).content.decode()

    assert f'<h1><span class="cell-code">{row.foreign_code}</span></h1>' in page
    assert f'<a class="cell-code" href="/ho-so/{case.code}/">{case.code}</a>' in page


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


def test_the_status_is_handed_back_and_taken_again_on_a_page_with_a_reason(world: World) -> None:
    row, case = mirror(world), world.receive()
    actions.take_over_case(officer=world.cuc, mirrored_id=row.pk, case_code=case.code, now=NOW)
    client, page = sign_in(world.cuc), f"{LIST}{row.pk}/noi-giu/"

    strangers = [
        sign_in(person).post(page, {"act": "hand-back", "reason": "Tôi muốn."}).status_code
        for person in (world.oanh, world.binh, world.controller)
    ]
    empty = client.post(page, {"act": "hand-back", "reason": " "})
    back = words(client.post(page, {"act": "hand-back", "reason": "Bộ giữ."}, follow=True))
    twice = client.post(page, {"act": "hand-back", "reason": "Bộ giữ."})
    again = words(client.post(page, {"act": "take-again", "reason": "Bộ trả."}, follow=True))

    assert strangers == [403, 403, 403]
    assert (empty.status_code, twice.status_code) == (422, 422)
    assert "Chưa ghi lý do" in words(empty)
    assert "Nơi giữ trạng thái Cổng Dịch vụ công quốc gia" in back
    assert "Bộ giữ. Chưa nhận lại" in back
    assert "do Cổng Dịch vụ công quốc gia giữ từ" in words(twice)
    assert "Nơi giữ trạng thái Hệ thống một cửa này" in again
    assert "Trần Thị Cúc: Bộ trả." in again


def test_only_who_may_hand_back_finds_the_way_there(world: World) -> None:
    row, case = mirror(world), world.receive()
    way = f"{LIST}{row.pk}/noi-giu/"
    before = sign_in(world.cuc).get(f"{LIST}{row.pk}/").content.decode()
    actions.take_over_case(officer=world.cuc, mirrored_id=row.pk, case_code=case.code, now=NOW)

    shown = [
        way in sign_in(person).get(f"{LIST}{row.pk}/").content.decode()
        for person in (world.cuc, world.controller)
    ]

    assert way not in before
    assert shown == [True, False]
    assert "Từ lúc trao lại" in words(sign_in(world.cuc).get(way))
    assert sign_in(world.cuc).get(f"{LIST}{row.pk + 1}/noi-giu/").status_code == 404


def test_a_refused_status_is_shown_as_not_applied(world: World) -> None:
    row, case = mirror(world), world.receive()
    actions.take_over_case(officer=world.cuc, mirrored_id=row.pk, case_code=case.code, now=MONDAY)
    told = read_status({**STATUS, "MaHoSo": row.foreign_code, "ThoiDiemXuLy": "20230306100000"})
    with pytest.raises(actions.StatusRefused):
        actions.record_foreign_status(officer=world.system, source="DVCQG", told=told, now=NOW)

    page = words(sign_in(world.cuc).get(f"{LIST}{row.pk}/"))

    assert "Đã xử lý xong Không áp dụng Lúc đó trạng thái do hệ thống này giữ." in page
    assert "Trạng thái bên kia Đang xử lý" in page


def test_what_nobody_checked_of_the_exchange_is_said_so_where_it_is_used(world: World) -> None:
    row = mirror(world)
    client = sign_in(world.cuc)

    pages = [words(client.get(path)) for path in (LIST, f"{LIST}{row.pk}/", "/truc-tuyen/tin-gui/")]

    for page in pages:
        assert "Mười trạng thái: Danh mục trạng thái của Cổng" in page
        assert "Dạng tin: Mã nguồn công khai của OpenCPS" in page
        assert page.count("· chưa đối chiếu văn bản gốc") == 3

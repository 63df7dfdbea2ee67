"""The page that takes back a withdrawal, refusal or stop, and where the page of the case leads to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from motcua.cases import actions
from motcua.cases.models import Case
from motcua.cases.tests.world import MONDAY, World
from motcua.desk.tests.rows import LATER, count_queries, desk_world, set_clock, sign_in, words


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with desk_world(LATER) as world:
        yield world


def withdrawn(world: World) -> tuple[Case, str]:
    case = world.receive()
    actions.withdraw_case(
        officer=world.cuc, case_code=case.code, reason="Xin rút, đi vắng", now=MONDAY
    )
    return case, f"/ho-so/{case.code}/rut-lai-ket-thuc/"


def test_who_may_not_see_the_case_takes_nothing_back(world: World) -> None:
    case, address = withdrawn(world)
    client = sign_in(world.oanh)

    answers = (client.get(address), client.post(address, {"reason": "Nhầm"}))

    assert [answer.status_code for answer in answers] == [403, 403]
    assert Case.objects.get(pk=case.pk).status == "WITHDRAWN"


def test_who_only_works_on_the_case_is_told_who_can(world: World) -> None:
    case, address = withdrawn(world)
    client = sign_in(world.binh)

    page = client.get(address)
    sent = client.post(address, {"reason": "Nhầm"})

    assert "Chỉ Trần Thị Cúc, người đã ghi, hoặc lãnh đạo đơn vị" in words(page)
    assert "Rút lại, giải quyết tiếp" not in words(page)
    assert address not in client.get(f"/ho-so/{case.code}/").content.decode()
    assert sent.status_code == 403


def test_the_page_of_the_case_leads_to_it_and_the_case_goes_on(world: World) -> None:
    case, address = withdrawn(world)
    client = sign_in(world.cuc)

    shown = client.get(f"/ho-so/{case.code}/")
    asked = words(client.get(address))
    empty = client.post(address, {"reason": ""})
    done = client.post(address, {"reason": "Nhầm hồ sơ"}, follow=True)

    assert address in shown.content.decode()
    assert "Ghi nhầm thì rút lại được đến hết ngày 06/03/2023" in words(shown)
    assert "Xin rút, đi vắng" in asked
    assert (empty.status_code, 'aria-invalid="true"' in empty.content.decode()) == (422, True)
    assert "được giải quyết tiếp. Hạn trả:" in words(done)
    assert "Rút lại việc kết thúc ghi nhầm" in words(done)
    assert address not in client.get(f"/ho-so/{case.code}/").content.decode()
    assert Case.objects.get().finished_at is None


def test_too_late_it_is_said_why_and_not_offered(world: World) -> None:
    case, address = withdrawn(world)
    set_clock(LATER.replace(day=7))
    client = sign_in(world.cuc)

    page = client.get(address)
    sent = client.post(address, {"reason": "Nhầm"})

    assert "chỉ rút lại được đến hết ngày 06/03/2023" in words(page)
    assert "hãy tiếp nhận thành hồ sơ mới" in words(page)
    assert (sent.status_code, Case.objects.get().status) == (409, "WITHDRAWN")
    assert address not in client.get(f"/ho-so/{case.code}/").content.decode()


def test_a_case_that_goes_on_says_that_there_is_nothing_to_take_back(world: World) -> None:
    case = world.receive()
    client = sign_in(world.cuc)

    page = client.get(f"/ho-so/{case.code}/rut-lai-ket-thuc/")

    assert "không phải đã rút, bị từ chối hay dừng giải quyết" in words(page)
    assert client.get("/ho-so/KHONG-CO/rut-lai-ket-thuc/").status_code == 404


def test_the_page_asks_as_much_for_one_case_as_among_many(world: World) -> None:
    _case, address = withdrawn(world)
    client = sign_in(world.cuc)
    alone = count_queries(client, address)

    for _number in range(3):
        withdrawn(world)

    assert count_queries(client, address) == alone

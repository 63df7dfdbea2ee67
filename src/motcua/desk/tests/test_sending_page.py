"""The page of statuses for other systems: who sees them, what it says, and sending again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from pytest_django import Settings

from motcua.cases import actions
from motcua.cases.models import MirroredCase, OutgoingStatus
from motcua.cases.tests.world import MONDAY, World
from motcua.desk.tests.rows import count_queries, desk_clock, sign_in, words
from motcua.engine.forwarded import read_case
from motcua.engine.tests.test_forwarded import CASE

PAGE = "/truc-tuyen/tin-gui/"
NOW = MONDAY + timedelta(days=1)


@pytest.fixture
def world(world: World, settings: Settings) -> Iterator[World]:
    settings.OTHER_SYSTEMS = {"DVCQG": {}}
    with desk_clock(NOW):
        yield world


def waiting(world: World, number: int = 1) -> OutgoingStatus:
    told = read_case({**CASE, "MaHoSo": f"G09.20-20230306-{number:07}"})
    row = actions.mirror_case(officer=world.system, source="DVCQG", told=told, now=MONDAY)
    actions.take_over_case(
        officer=world.cuc, mirrored_id=row.pk, case_code=world.receive().code, now=MONDAY
    )
    return OutgoingStatus.objects.get(mirrored=row)


def refused(world: World) -> OutgoingStatus:
    row = waiting(world)
    actions.note_refused(
        officer=world.system, outgoing_id=row.pk, reason="Mã đơn vị không đúng.", now=NOW
    )
    return row


def test_another_agency_sees_no_row_and_sends_nothing_again(world: World) -> None:
    row = refused(world)
    code = MirroredCase.objects.get().foreign_code
    stranger = sign_in(world.oanh)

    assert code not in words(stranger.get(f"{PAGE}?state=all"))
    assert stranger.post(f"{PAGE}{row.pk}/gui-lai/").status_code == 403
    assert sign_in(world.binh).post(f"{PAGE}{row.pk}/gui-lai/").status_code == 403
    assert OutgoingStatus.objects.get().refused_at is not None


def test_each_state_is_told_with_its_reason(world: World) -> None:
    refused(world)
    waiting(world, 2)
    sent = waiting(world, 3)
    actions.note_sent(officer=world.system, outgoing_id=sent.pk, now=NOW)
    client = sign_in(world.cuc)

    pages = {state: words(client.get(f"{PAGE}?state={state}")) for state in ("refused", "sent")}
    first = words(client.get(PAGE))

    assert "Dừng 07/03/2023 09:00" in pages["refused"]
    assert "Mã đơn vị không đúng." in pages["refused"]
    assert "Đã gửi 07/03/2023 09:00" in pages["sent"]
    assert "Chờ, gửi từ 06/03/2023 09:00" in first
    assert "Được tiếp nhận" in first
    assert "Thúy An" not in first


def test_what_was_refused_is_sent_again_by_a_button(world: World) -> None:
    row = refused(world)
    client = sign_in(world.cuc)
    button = f"{PAGE}{row.pk}/gui-lai/"

    there = button in client.get(f"{PAGE}?state=refused").content.decode()
    done = words(client.post(button, follow=True))
    twice = words(client.post(button, follow=True))

    assert there
    assert "Tin được gửi lại trong vài phút tới." in done
    assert "Tin này đang chờ gửi, không cần gửi lại." in twice
    assert client.post(f"{PAGE}{row.pk + 1}/gui-lai/").status_code == 404
    assert client.get(button).status_code == 405


def test_a_leader_above_and_procedure_control_may_send_again_too(world: World) -> None:
    button = f"{PAGE}{refused(world).pk}/gui-lai/"

    shown = [
        button in sign_in(person).get(f"{PAGE}?state=refused").content.decode()
        for person in (world.dung, world.controller)
    ]

    assert shown == [True, True]


def test_without_an_address_the_page_says_that_nothing_is_sent(
    world: World, settings: Settings
) -> None:
    waiting(world)
    client = sign_in(world.cuc)
    before = words(client.get(PAGE))
    settings.OTHER_SYSTEMS = {}

    after = words(client.get(PAGE))

    said = "Chưa đặt địa chỉ của Cổng Dịch vụ công quốc gia, nên chưa gửi gì tới đó"
    assert said not in before
    assert said in after
    assert "Chờ: chưa đặt địa chỉ" in after


def test_the_page_takes_as_many_queries_for_many_as_for_few(world: World) -> None:
    for number in range(3):
        waiting(world, number)
    client = sign_in(world.cuc)
    few = count_queries(client, PAGE)
    for number in range(3, 12):
        waiting(world, number)

    assert count_queries(client, PAGE) == few

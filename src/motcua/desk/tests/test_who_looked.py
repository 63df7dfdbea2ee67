"""The page of who looked at a case: for whoever oversees its agencies, every opening and every refusal."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

import motcua
from motcua.audit.models import Read
from motcua.cases.models import MirroredCase, PostalItem
from motcua.cases.tests.world import MONDAY, World, make_person
from motcua.desk.read_words import OPENED
from motcua.desk.tests.rows import (
    LATER,
    count_queries,
    desk_clock,
    finish,
    sign_in,
    words,
)
from motcua.desk.views.work import PAGE_LENGTH

SOURCES = Path(motcua.__file__).parent


@pytest.fixture
def world(world: World) -> Iterator[World]:
    with desk_clock():
        yield world


def page_of(code: str) -> str:
    return f"/ho-so/{code}/ai-da-xem/"


def rows(answer: Any) -> list[str]:
    """Return the lines of the table, each as its words."""
    assert answer.status_code == 200
    body = answer.content.decode().partition("<tbody>")[2].partition("</tbody>")[0]
    found = re.findall(r"<tr>(.*?)</tr>", body, flags=re.DOTALL)
    return [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in found]


def test_who_oversees_no_agency_of_the_case_is_refused_and_sees_no_link(world: World) -> None:
    case = world.receive()
    leader = make_person(world.system, "hoa", "Lê Thị Hoa", world.elsewhere, "LEADER")

    for person in (leader, world.oanh, world.cuc, world.binh):
        assert sign_in(person).get(page_of(case.code)).status_code == 403
        assert sign_in(person).get(page_of("H19-000000-0000")).status_code in {403, 404}
    assert Client().get(page_of(case.code)).status_code == 302
    assert page_of(case.code) not in sign_in(world.cuc).get(f"/ho-so/{case.code}/").content.decode()


def test_a_leader_and_a_controller_see_every_opening_and_every_refusal(world: World) -> None:
    case = world.receive()
    sign_in(world.cuc).get(f"/ho-so/{case.code}/")
    sign_in(world.oanh).get(f"/ho-so/{case.code}/")
    sign_in(world.binh).get(f"/ho-so/{case.code}/giay/phieu-kiem-soat.pdf")

    told = {
        person.username: rows(sign_in(person).get(page_of(case.code)))
        for person in (world.dung, world.controller)
    }

    assert told["dung"] == told["vy"]
    printed, refused, opened = told["dung"]
    assert "Lê Thanh Bình" in printed
    assert "In giấy “Phiếu kiểm soát quá trình giải quyết hồ sơ”" in printed
    assert "Bị từ chối" in refused
    assert "Đỗ Thị Oanh" in refused
    assert "Sở Tài nguyên và Môi trường" in refused
    assert "Trang hồ sơ" in opened
    assert "Trung tâm Hành chính công tỉnh" in opened
    assert "Được xem" in opened


def test_opening_it_is_not_a_reading_and_leads_back_to_the_case(world: World) -> None:
    case = world.receive()
    leader = sign_in(world.dung)
    assert page_of(case.code) in leader.get(f"/ho-so/{case.code}/").content.decode()
    before = Read.objects.count()

    page = leader.get(page_of(case.code))

    assert Read.objects.count() == before
    assert f'href="/ho-so/{case.code}/"' in page.content.decode()
    assert "Nguyễn Thị Thúy An" not in words(page)


def test_what_was_shown_of_a_parcel_of_the_case_stands_there_with_the_reason(world: World) -> None:
    case = world.receive(returns_by_post=True, return_address="12 Đường 30/4, Biên Hòa")
    other = world.receive(returns_by_post=True, return_address="3 Hưng Đạo Vương, Biên Hòa")
    finish(world, case, now=LATER)
    item = PostalItem.objects.get(case=case)
    clerk = sign_in(world.cuc)
    asked = {"ly-do": "call_citizen", "ghi-ro": "Máy bận", "state": "ready"}
    clerk.post(f"/buu-chinh/{item.pk}/hien/", asked)

    told = rows(sign_in(world.dung).get(page_of(case.code)))

    assert ["Gọi điện cho người dân: Máy bận" in row for row in told] == [True]
    assert "bấm “Hiện”" in told[0]
    assert rows(sign_in(world.dung).get(page_of(other.code))) == []


def test_readings_of_the_case_file_of_another_system_that_became_it_stand_there(
    world: World,
) -> None:
    case = world.receive()
    row = MirroredCase.objects.create(
        source="DVCQG",
        foreign_code="G09.20-20230306-0000001",
        procedure_code="1.000001",
        agency=world.centre,
        owner_name="Nguyễn Thị Thúy An",
        foreign_status=1,
        foreign_status_at=MONDAY,
        received_at=MONDAY,
        registered_at=MONDAY,
        case=case,
        taken_over_at=LATER,
        taken_over_by_id=world.cuc.id,
    )
    sign_in(world.cuc).get(f"/truc-tuyen/chuyen-den/{row.pk}/")

    (told,) = rows(sign_in(world.dung).get(page_of(case.code)))

    assert "Hồ sơ này ở hệ thống khác" in told


def test_a_post_is_told_as_it_was_held_on_the_day_of_the_reading(world: World) -> None:
    case = world.receive()
    Read.objects.create(
        happened_at=MONDAY - timedelta(days=9000),
        actor_id=world.cuc.id,
        subject=f"case:{case.code}",
        what="case.opened",
        was_allowed=True,
    )

    (told,) = rows(sign_in(world.dung).get(page_of(case.code)))

    assert "Trần Thị Cúc" in told
    assert "Trung tâm Hành chính công tỉnh" not in told


def test_it_takes_as_many_queries_for_a_thousand_readings_as_for_ten(world: World) -> None:
    case = world.receive()
    leader = sign_in(world.dung)
    readers = (world.cuc, world.binh, world.oanh)

    def read(times: int) -> None:
        Read.objects.bulk_create(
            Read(
                happened_at=LATER,
                actor_id=readers[time % 3].id,
                subject=f"case:{case.code}",
                what="case.opened",
                was_allowed=True,
                note=json.dumps({"words": "Gọi lại"}),
            )
            for time in range(times)
        )

    read(10)
    few = count_queries(leader, page_of(case.code))
    read(990)

    assert count_queries(leader, page_of(case.code)) == few
    assert len(rows(leader.get(page_of(case.code)))) == PAGE_LENGTH
    assert "trong 1.000" in words(leader.get(page_of(case.code)))


def test_every_reading_that_the_code_notes_has_words() -> None:
    noted = set()
    for file in [*(SOURCES / "cases").rglob("*.py"), *(SOURCES / "desk").rglob("*.py")]:
        if "tests" not in file.parts:
            text = file.read_text(encoding="utf-8")
            noted |= set(re.findall(r'(?:what|what: str|_PRINTED) ?= ?"([a-z]+\.[a-z_]+)"', text))

    # Of whole systems, and a slip of which the law has the name.
    assert noted - {"system.message", "system.unknown", "case.hand_over_slip_printed"} == set(
        OPENED
    )

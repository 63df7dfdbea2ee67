"""Both clocks on the pages: the case, its explanation, my work, and what if filed today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.test import Client

from motcua.cases.actions import greet_units
from motcua.cases.reminder_queries import list_mornings
from motcua.cases.tests.test_two_clocks import give_norm
from motcua.cases.tests.world import World
from motcua.desk.tests.rows import desk_world, sign_in, words
from motcua.engine.moments import VIETNAM
from motcua.messages.models import Notice

# Received on Monday 06/03 at 9:00: by norm due on Friday 10/03, by law on Monday 13/03.
RECEIVED = datetime(2023, 3, 6, 9, 0, tzinfo=VIETNAM)
BETWEEN = datetime(2023, 3, 13, 10, 0, tzinfo=VIETNAM)


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with desk_world(BETWEEN) as world:
        give_norm(world, "4 ngày làm việc")
        yield world


def test_the_case_tells_the_due_time_by_law_and_the_one_by_norm(world: World) -> None:
    case = world.receive(now=RECEIVED)

    page = words(sign_in(world.cuc).get(f"/ho-so/{case.code}/"))

    assert "Hạn theo luật 13/03/2023 17:00" in page
    assert "Hạn phục vụ 10/03/2023 17:00" in page
    assert "hạn phục vụ: quá hạn" in page


def test_the_panel_explains_both(world: World) -> None:
    case = world.receive(now=RECEIVED)

    page = words(sign_in(world.cuc).get(f"/ho-so/{case.code}/han-tra/"))

    assert "Quy trình nội bộ hứa sớm hơn luật: 4 ngày làm việc, tới 10/03/2023 17:00" in page
    assert "Quy trình “Ba bước”, phiên bản 2" in page
    assert "5/5 +1 ngày làm việc Thứ Hai 13/03" in page
    assert "4/4 +1 ngày làm việc Thứ Sáu 10/03" in page


def test_my_work_says_when_the_norm_has_passed_and_the_law_has_not(world: World) -> None:
    world.receive(now=RECEIVED)
    world.receive(now=BETWEEN)

    page = words(sign_in(world.cuc).get("/viec-cua-toi/"))

    assert page.count("hạn phục vụ: quá hạn") == 1


def test_what_if_tells_the_norm_beside_the_promise_by_law(world: World) -> None:
    asked = "procedure=1.000001&channel=COUNTER&place=H19.01.01&day=06/03/2023&time=09:00"

    page = words(Client().get(f"/cong/neu-nop/?{asked}"))

    assert "17:00 Thứ Hai 13/03/2023" in page
    assert "phấn đấu trả sớm hơn, trước 17:00 Thứ Sáu 10/03/2023" in page


def test_the_morning_digest_opens_a_list_as_long_as_it_says(world: World) -> None:
    for _number in range(2):
        world.receive(now=RECEIVED)
    world.receive(now=BETWEEN)
    # On the morning of Monday 13/03 the two received on 06/03 are due that day.
    (morning,) = (one for one in list_mornings(now=BETWEEN.replace(hour=8)) if one.role == "CLERK")
    greet_units(officer=world.system, mornings=[morning], now=BETWEEN)
    path = Notice.objects.get().path

    page = sign_in(world.cuc).get(path)

    assert (path, morning.due_today) == ("/viec-cua-toi/?state=today", 2)
    assert len(page.context["rows"]) == 2


def test_every_report_marks_the_reports_in_the_rail(world: World) -> None:
    client = sign_in(world.dung)

    for address in ("/bao-cao/mot-cua/", "/bao-cao/tre-han/"):
        rail = client.get(address).context["rail"]
        assert [item.label for item in rail if item.is_current] == ["Báo cáo"], address


def test_the_case_leads_to_its_chance_of_lateness_and_my_work_tells_it(world: World) -> None:
    case = world.receive(now=BETWEEN)
    client = sign_in(world.cuc)

    assert f"/ho-so/{case.code}/nguy-co-tre/" in client.get(f"/ho-so/{case.code}/").content.decode()
    assert f"/ho-so/{case.code}/nguy-co-tre/" in client.get("/viec-cua-toi/").content.decode()

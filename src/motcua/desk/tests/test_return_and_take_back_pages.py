"""The pages that send a file back after appraisal, and that take back what was recorded by mistake."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from motcua.cases.models import Case, ClockEvent
from motcua.cases.tests.world import World
from motcua.desk.tests.rows import desk_world, sign_in, words
from motcua.engine.moments import VIETNAM

RECEIVED = datetime(2023, 3, 6, 9, 0, tzinfo=VIETNAM)
NOW = datetime(2023, 3, 8, 10, 0, tzinfo=VIETNAM)


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with desk_world(NOW) as world:
        yield world


def test_a_file_is_sent_back_and_that_is_taken_back(world: World) -> None:
    case = world.receive(now=RECEIVED)
    client = sign_in(world.binh)
    act = f"/ho-so/{case.code}/thoi-han/tra-lai-sau-tham-dinh/"

    before = words(client.get(act))
    client.post(act, {"reason": "Bản vẽ không khớp"})
    event = ClockEvent.objects.get()
    page = words(client.get(f"/ho-so/{case.code}/"))
    undo = f"/ho-so/{case.code}/viec-da-ghi/{event.pk}/thu-hoi/"
    asked = words(client.get(undo))
    empty = client.post(undo, {"reason": ""})
    done = client.post(undo, {"reason": "Ghi nhầm hồ sơ"}, follow=True)

    assert "phải được trả lại trước 09/03/2023 17:00" in before
    assert "Việc ghi gần nhất: Trả lại hồ sơ sau thẩm định, lúc 08/03/2023 10:00" in page
    assert "Bản vẽ không khớp" in asked
    assert (empty.status_code, "Hãy ghi vì sao thu hồi" in words(empty)) == (409, True)
    assert "Đã thu hồi việc ghi nhầm" in words(done)
    assert Case.objects.get().clock_stopped_at is None
    assert client.get(undo).status_code == 404


def test_who_may_not_see_the_case_takes_nothing_back(world: World) -> None:
    case = world.receive(now=RECEIVED)
    sign_in(world.binh).post(
        f"/ho-so/{case.code}/thoi-han/tra-lai-sau-tham-dinh/", {"reason": "Bản vẽ không khớp"}
    )
    event = ClockEvent.objects.get()

    answer = sign_in(world.oanh).post(
        f"/ho-so/{case.code}/viec-da-ghi/{event.pk}/thu-hoi/", {"reason": "Nhầm"}
    )

    assert answer.status_code == 403
    assert ClockEvent.objects.count() == 1

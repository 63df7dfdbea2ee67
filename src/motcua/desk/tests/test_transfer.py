"""The counter's duty to pass a case on (NĐ 61/2018 Đ18.2): on my work, and in the explanation."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from motcua.cases.models import Case
from motcua.cases.queries import get_case_page
from motcua.cases.tests.world import World
from motcua.cases.transfer_queries import TransferDuty, find_duty
from motcua.desk.tests.rows import desk_clock, set_clock, sign_in, step, words
from motcua.engine.moments import VIETNAM, local

NOON = datetime(2023, 3, 16, 11, 0, tzinfo=VIETNAM)
LATE_AFTERNOON = datetime(2023, 3, 17, 15, 1, tzinfo=VIETNAM)


@pytest.fixture
def world(world: World) -> Iterator[World]:
    with desk_clock(NOON):
        yield world


def duty_of(world: World, case: Case, *, now: datetime = NOON) -> TransferDuty:
    page = get_case_page(case_code=case.code, officer=world.controller, now=now)
    duty = find_duty(page.case, page.tasks)
    assert duty is not None
    return duty


@pytest.mark.parametrize(
    ("received", "due_at"),
    [
        (NOON, datetime(2023, 3, 16, 17, 0, tzinfo=VIETNAM)),
        (LATE_AFTERNOON, datetime(2023, 3, 20, 8, 0, tzinfo=VIETNAM)),
    ],
)
def test_a_case_is_due_the_same_day_or_the_next_morning(
    world: World, received: datetime, due_at: datetime
) -> None:
    case = world.receive(now=received)

    duty = duty_of(world, case)

    assert local(duty.due_at) == due_at
    assert duty.because.source.startswith("NĐ 61/2018/NĐ-CP Đ18.2")
    assert duty.passed_at is None


def test_it_is_kept_by_the_first_step_and_not_by_those_after_it(world: World) -> None:
    case = world.receive(now=NOON)
    step(world.cuc, case, now=NOON + timedelta(hours=1))
    step(world.binh, case, now=NOON + timedelta(days=5))

    duty = duty_of(world, case)

    assert duty.passed_at == NOON + timedelta(hours=1)
    assert duty.was_kept(now=NOON + timedelta(days=30))


@pytest.mark.parametrize(("minutes", "is_kept"), [(0, True), (1, False)])
def test_the_due_minute_itself_is_in_time(world: World, minutes: int, is_kept: bool) -> None:
    case = world.receive(now=NOON)
    closing = datetime(2023, 3, 16, 17, 0, tzinfo=VIETNAM)

    step(world.cuc, case, now=closing + timedelta(minutes=minutes))

    assert duty_of(world, case).was_kept(now=closing) is is_kept


def test_my_work_tells_the_clerk_by_when_and_the_officer_nothing(world: World) -> None:
    case = world.receive(now=NOON)

    before = words(sign_in(world.cuc).get("/viec-cua-toi/"))
    set_clock(NOON + timedelta(days=1))
    overdue = words(sign_in(world.cuc).get("/viec-cua-toi/"))
    step(world.cuc, case, now=NOON + timedelta(days=1))
    settled = words(sign_in(world.binh).get("/viec-cua-toi/"))

    assert "chuyển hồ sơ trước 16/03/2023 17:00: còn 3 giờ làm việc" in before
    assert "chuyển hồ sơ trước 16/03/2023 17:00: quá hạn" in overdue
    assert case.code in settled
    assert "chuyển hồ sơ trước" not in settled


def test_the_case_and_its_explanation_say_whether_it_was_kept(world: World) -> None:
    kept, late = world.receive(now=NOON), world.receive(now=NOON)
    step(world.cuc, kept, now=NOON + timedelta(hours=1))
    step(world.cuc, late, now=NOON + timedelta(days=1))
    client = sign_in(world.cuc)

    told = {case: words(client.get(f"/ho-so/{case.code}/han-tra/")) for case in (kept, late)}

    assert "Hạn chuyển hồ sơ: 16/03/2023 17:00." in told[kept]
    assert "Đã chuyển lúc 12:00 Thứ Năm 16/03/2023, đúng hạn." in told[kept]
    assert "NĐ 61/2018/NĐ-CP Đ18.2" in told[kept]
    assert "Đã chuyển lúc 11:00 Thứ Sáu 17/03/2023, muộn." in told[late]
    assert "đã chuyển muộn" in words(client.get(f"/ho-so/{late.code}/"))

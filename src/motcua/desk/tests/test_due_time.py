"""The explanation of a due time: one sentence, day by day, with its law, adding up to the limit."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.cases.models import Case
from motcua.cases.queries import CasePage, get_case_page
from motcua.cases.tests.world import MONDAY, World
from motcua.desk import explanation
from motcua.desk.tests.rows import count_queries, desk_clock, sign_in, words
from motcua.engine import deadlines
from motcua.engine.ledger import LedgerKind, LedgerLine, day_by_day
from motcua.engine.limits import Limit, Unit
from motcua.engine.moments import VIETNAM
from motcua.lawbook import queries as lawbook
from motcua.procedures.models import Channel

THURSDAY = datetime(2023, 3, 16, 9, 0, tzinfo=VIETNAM)


@pytest.fixture
def world(world: World) -> Iterator[World]:
    with desk_clock(THURSDAY):
        yield world


def test_the_panel_tells_the_sentence_and_every_day(world: World) -> None:
    case = world.receive(now=THURSDAY)

    response = sign_in(world.cuc).get(
        f"/ho-so/{case.code}/han-tra/", headers={"HX-Request": "true"}
    )

    page = words(response)
    assert "<html" not in response.content.decode()
    assert "Hồ sơ tiếp nhận lúc 09:00 Thứ Năm 16/03/2023, thời hạn 5 ngày làm việc" in page
    assert "hạn trả kết quả là 17:00 Thứ Năm 23/03/2023" in page
    for expected in (
        "1/5 +1 ngày làm việc Thứ Sáu 17/03",
        "Thứ Bảy 18/03/2023: ngày nghỉ hằng tuần, không tính",
        "Chủ nhật 19/03/2023: ngày nghỉ hằng tuần, không tính",
        "2/5 +1 ngày làm việc Thứ Hai 20/03",
        "5/5 +1 ngày làm việc Thứ Năm 23/03",
        "Cộng lại: 5 ngày làm việc. Thời hạn của thủ tục: 5 ngày làm việc.",
        "chưa đối chiếu văn bản gốc",
    ):
        assert expected in page


def test_without_scripts_the_explanation_is_a_page(world: World) -> None:
    case = world.receive(now=THURSDAY)

    response = sign_in(world.cuc).get(f"/ho-so/{case.code}/han-tra/")

    assert "<html" in response.content.decode()
    assert f'href="/ho-so/{case.code}/#dong-thoi-gian"' in response.content.decode()


def test_it_reads_in_english(world: World) -> None:
    case = world.receive(now=THURSDAY)

    client = sign_in(world.cuc)
    client.cookies["django_language"] = "en"

    response = client.get(f"/ho-so/{case.code}/han-tra/")

    page = words(response)
    assert (
        "The file was received at 09:00 on Thursday 16/03/2023 with a limit of 5 working days"
        in page
    )
    assert "1/5 +1 working day Friday 17/03" in page


def test_each_line_carries_its_source(world: World) -> None:
    case = world.receive(now=THURSDAY)

    page = sign_in(world.cuc).get(f"/ho-so/{case.code}/han-tra/").content.decode()

    lines = re.findall(r"<li.*?</li>", page.split('<ol class="ledger">')[1], re.DOTALL)
    assert len(lines) == 9
    assert all("ledger-source" in line for line in lines)


def test_a_limit_in_hours_is_told_in_hours(world: World) -> None:
    Channel.objects.filter(kind="COUNTER").update(limit_amount=Decimal(4), limit_unit="HOUR")
    case = world.receive(now=THURSDAY)

    page = words(sign_in(world.cuc).get(f"/ho-so/{case.code}/han-tra/"))

    assert "2:30 +2 giờ 30 phút Thứ Năm 16/03" in page
    assert "4:00 +1 giờ 30 phút Thứ Năm 16/03" in page
    assert "Cộng lại: 4 giờ. Thời hạn của thủ tục: 4 giờ làm việc." in page


def test_what_was_stored_is_what_the_engine_said(world: World) -> None:
    case = world.receive(now=THURSDAY)
    page = get_case_page(case_code=case.code, officer=world.cuc, now=THURSDAY)
    calendar = lawbook.get_calendar()

    stored = explanation.deadline_of(page, calendar=calendar)

    told = deadlines.due(
        received_at=THURSDAY,
        limit=Limit(amount=Decimal(5), unit=Unit.WORKING_DAY, source="1/QĐ-UBND"),
        calendar=calendar,
        rules=lawbook.get_time_rules(THURSDAY.date()),
    )
    assert stored is not None
    assert (stored.received_at, stored.starts_at, stored.due_at, stored.ledger) == (
        told.received_at,
        told.starts_at,
        told.due_at,
        told.ledger,
    )


def test_a_clock_that_stands_still_is_told_so(world: World) -> None:
    case = world.receive(now=THURSDAY)
    page = get_case_page(case_code=case.code, officer=world.cuc, now=THURSDAY)
    last = page.ledger[-1]
    last.kind, last.ends_at = LedgerKind.PAUSED, last.starts_at

    told = explanation.explain_due_time(
        page, calendar=lawbook.get_calendar(), language="vi", now=THURSDAY
    )

    assert "khi hồ sơ tiếp tục, hạn trả kết quả được tính lại" in told.sentence


@settings(deadline=None)
@given(
    minutes=st.integers(min_value=0, max_value=60 * 24 * 60),
    amount=st.integers(min_value=1, max_value=60),
    unit=st.sampled_from([Unit.WORKING_DAY, Unit.DAY, Unit.HOUR]),
)
def test_what_is_counted_day_by_day_adds_up_to_the_limit(
    minutes: int, amount: int, unit: Unit
) -> None:
    calendar = lawbook.get_calendar()
    received_at = MONDAY + timedelta(minutes=minutes)
    deadline = deadlines.due(
        received_at=received_at,
        limit=Limit(amount=Decimal(amount), unit=unit),
        calendar=calendar,
        rules=lawbook.get_time_rules(received_at.date()),
    )

    lines: tuple[LedgerLine, ...] = day_by_day(deadline, calendar)
    told = explanation.total_words(lines, "vi")

    expected = {
        Unit.WORKING_DAY: f"{amount} ngày làm việc",
        Unit.DAY: f"{amount} ngày",
        Unit.HOUR: f"{amount} giờ",
    }
    assert told == expected[unit]


def test_the_explanation_takes_few_queries(world: World) -> None:
    case: Case = world.receive(now=THURSDAY)
    client = sign_in(world.cuc)

    assert count_queries(client, f"/ho-so/{case.code}/han-tra/") <= 24
    assert isinstance(get_case_page(case_code=case.code, officer=world.cuc, now=THURSDAY), CasePage)

"""Who lost the time: the parts of stored cases sum to the whole, whatever happened to them."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.cases import actions, lateness_queries
from motcua.cases.models import Case
from motcua.cases.tests.late_cases import copy_case, late_case, walk
from motcua.cases.tests.world import World
from motcua.engine.lateness import PartyKind
from motcua.engine.moments import VIETNAM
from motcua.lawbook import queries as lawbook

pytestmark = pytest.mark.django_db


def at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    """A moment of March 2023, whose 6th is the Monday of the reception."""
    return datetime(2023, 3, day, hour, minute, tzinfo=VIETNAM)


def shares_of(case: Case, *, now: datetime) -> lateness_queries.LostTime:
    return lateness_queries.share_lateness([case.pk], now=now)[case.pk]


def test_the_step_that_overran_its_limit_bears_the_lateness(world: World) -> None:
    # Forwarded at once, appraised for eight working days of three, approved on the same day.
    case = late_case(world, at(6), (at(6, 10), at(17, 10), at(17, 15)))

    shares = shares_of(case, now=at(31)).shares

    assert shares is not None
    lost = {(part.party.name, part.step): part.minutes for part in shares.parts if part.minutes}
    # The calendar day of eight hours: four days from the close of Monday 13th to Friday 15:00.
    calendar = lawbook.get_calendar()
    assert shares.total_minutes == calendar.measure(case.due_at, at(17, 15)) // timedelta(minutes=1)
    assert lost == {("Văn phòng UBND tỉnh", "Thẩm định hồ sơ"): shares.total_minutes}


def test_what_the_citizen_kept_the_case_for_is_shown_and_is_nobodys_lateness(world: World) -> None:
    case = world.receive(at(6))
    walk(world, case, at(6, 10))
    actions.request_payment(officer=world.binh, case_code=case.code, reason="Phí", now=at(7, 9))
    actions.record_payment(officer=world.cuc, case_code=case.code, now=at(9, 9))

    shares = shares_of(case, now=at(29)).shares

    assert shares is not None
    waits = [part for part in shares.parts if part.party.kind is PartyKind.CITIZEN]
    assert [part.minutes for part in waits] == [0]
    assert waits[0].used_minutes == 2 * 8 * 60
    assert sum(part.minutes for part in shares.parts) == shares.total_minutes > 0


def test_what_happened_after_the_moment_asked_for_is_left_out(world: World) -> None:
    case = late_case(world, at(6), (at(6, 10), at(17, 10), at(17, 15)))

    before, after = shares_of(case, now=at(15)), shares_of(case, now=at(31))

    assert before.shares is not None
    assert after.shares is not None
    assert 0 < before.shares.total_minutes < after.shares.total_minutes
    assert {part.step for part in before.shares.parts} == {
        "Kiểm tra, chuyển hồ sơ",
        "Thẩm định hồ sơ",
    }


def test_a_case_without_a_ledger_says_that_nobody_can_tell(world: World) -> None:
    case = late_case(world, at(6), (at(6, 10), at(17, 10), at(17, 15)))
    Case.objects.filter(pk=case.pk).update(ledger_generation=9)

    lost = shares_of(case, now=at(31))

    assert lost.shares is None
    assert lost.refusal is not None
    assert "không có dòng tiếp nhận" in lost.refusal.vi


@given(
    gaps=st.lists(st.integers(0, 9000), min_size=3, max_size=3),
    is_finished=st.booleans(),
    waits=st.booleans(),
)
@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_the_parts_sum_to_the_whole_on_the_rows_of_the_database(
    world: World, gaps: list[int], is_finished: bool, waits: bool
) -> None:
    moments = [at(6, 9) + timedelta(minutes=sum(gaps[: number + 1])) for number in range(3)]
    case = world.receive(at(6, 9))
    if waits:
        actions.request_payment(officer=world.cuc, case_code=case.code, reason="Phí", now=at(6, 9))
        actions.record_payment(officer=world.cuc, case_code=case.code, now=moments[0])
    walk(world, case, *(moments if is_finished else moments[:2]))
    case = Case.objects.get(pk=case.pk)
    now = at(31)

    shares = shares_of(case, now=now).shares

    assert shares is not None
    late = lawbook.get_calendar().measure(
        min(case.due_at, case.finished_at or now), case.finished_at or now
    ) // timedelta(minutes=1)
    assert sum(part.minutes for part in shares.parts) == shares.total_minutes
    if not waits:
        assert shares.total_minutes == late


def test_ten_cases_cost_as_many_queries_as_two_hundred(world: World) -> None:
    first = late_case(world, at(6), (at(6, 10), at(17, 10), at(17, 15)))
    shares_of(first, now=at(31))
    counts = []
    for wanted in (10, 200):
        ids = copy_case(first, wanted)
        with CaptureQueriesContext(connection) as queries:
            found = lateness_queries.share_lateness(ids, now=at(31))
        assert len(found) == wanted
        counts.append(len(queries))

    assert counts == [6, 6]

"""Standing in: what is refused and why, and what can never be accepted together."""

from datetime import date, timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from motcua.engine.standing_in import StandIn, find_objection

TODAY = date(2023, 3, 6)
NAMES = {1: "An", 2: "Bình", 3: "Cúc", 4: "Dung"}


def stand_in(absent: int, other: int, first: int, last: int) -> StandIn:
    return StandIn(
        absent_id=absent,
        absent_name=NAMES[absent],
        stand_in_id=other,
        stand_in_name=NAMES[other],
        starts_on=TODAY + timedelta(days=first),
        ends_on=TODAY + timedelta(days=last + 1),
    )


def objection(wanted: StandIn, *known: StandIn) -> str:
    found = find_objection(wanted, known, today=TODAY)
    return found.vi if found else ""


def test_a_colleague_who_is_there_may_stand_in_from_today_on() -> None:
    assert objection(stand_in(1, 2, 0, 0), stand_in(1, 3, 1, 5), stand_in(2, 3, 1, 5)) == ""


def test_nobody_stands_in_for_themselves() -> None:
    assert "tự làm thay chính mình" in objection(stand_in(1, 1, 0, 3))


def test_days_in_the_wrong_order_and_days_gone_by_are_refused() -> None:
    assert "09/03/2023 đứng trước ngày đầu 11/03/2023" in objection(stand_in(1, 2, 5, 3))
    assert "05/03/2023 đã qua (hôm nay là 06/03/2023)" in objection(stand_in(1, 2, -1, 3))


def test_overlapping_and_circular_absences_are_refused_with_names_and_days() -> None:
    assert "An đã có Cúc làm thay 08/03/2023–09/03/2023" in objection(
        stand_in(1, 2, 0, 2), stand_in(1, 3, 2, 3)
    )
    assert "An đang nhận làm thay Bình" in objection(stand_in(1, 2, 0, 5), stand_in(2, 1, 3, 8))
    assert "Bình vắng mặt" in objection(stand_in(1, 2, 0, 5), stand_in(2, 3, 3, 8))


PEOPLE = st.integers(1, 4)
DAYS = st.integers(-2, 12)


@given(st.lists(st.tuples(PEOPLE, PEOPLE, DAYS, DAYS), max_size=14))
def test_what_is_accepted_leaves_nobody_away_twice_nor_away_while_standing_in(
    asked: list[tuple[int, int, int, int]],
) -> None:
    accepted: list[StandIn] = []
    for one in asked:
        wanted = stand_in(*one)
        if find_objection(wanted, accepted, today=TODAY) is None:
            accepted.append(wanted)

    for kept in accepted:
        assert TODAY <= kept.starts_on < kept.ends_on
        assert kept.absent_id != kept.stand_in_id
    for first, second in combinations(accepted, 2):
        if first.meets(second):
            assert first.absent_id != second.absent_id
            assert first.absent_id != second.stand_in_id
            assert first.stand_in_id != second.absent_id


@given(PEOPLE, PEOPLE, DAYS, DAYS, st.lists(st.tuples(PEOPLE, PEOPLE, DAYS, DAYS), max_size=5))
def test_an_objection_speaks_both_languages(
    absent: int, other: int, first: int, last: int, known: list[tuple[int, int, int, int]]
) -> None:
    found = find_objection(
        stand_in(absent, other, first, last), [stand_in(*one) for one in known], today=TODAY
    )

    if found is not None:
        assert found.text("en") != found.text("vi")
        assert all(text.endswith(".") for text in (found.vi, found.en))

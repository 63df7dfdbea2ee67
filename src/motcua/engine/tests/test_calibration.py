"""Calibration: the score, the bins, and learning only from what was known at the time."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.engine.calibration import (
    Foretold,
    NotAProbability,
    NothingToJudge,
    brier_score,
    judge,
    reliability,
    split_by_time,
)
from motcua.engine.tests.depth import PROPERTY
from motcua.engine.tests.offices import moment

told = st.builds(Foretold, st.floats(0, 1), st.booleans())


def test_the_brier_score_is_the_mean_squared_error() -> None:
    cases = [Foretold(0.5, True), Foretold(0.0, False), Foretold(1.0, False), Foretold(0.5, False)]

    assert brier_score(cases) == (0.25 + 0 + 1 + 0.25) / 4


def test_always_telling_the_average_has_no_skill() -> None:
    calibration = judge([Foretold(0.25, number == 0) for number in range(4)])

    assert calibration.brier == calibration.brier_of_average == 0.1875
    assert calibration.skill == 0


def test_perfect_foresight_has_skill_one() -> None:
    calibration = judge([Foretold(1.0, True), Foretold(0.0, False)])

    assert (calibration.brier, calibration.skill) == (0, 1)


def test_skill_cannot_be_told_when_all_cases_ended_alike() -> None:
    calibration = judge([Foretold(0.1, False), Foretold(0.2, False)])

    assert calibration.skill is None


def test_each_bin_says_what_was_told_and_what_came() -> None:
    cases = [Foretold(0.72, True), Foretold(0.78, True), Foretold(0.75, False)]

    found = reliability(cases)

    assert [found_bin.count for found_bin in found] == [0, 0, 0, 0, 0, 0, 0, 3, 0, 0]
    assert (found[7].low, found[7].high, found[7].late_count) == (0.7, 0.8, 2)
    assert found[7].mean_probability == pytest.approx(0.75)
    assert found[7].late_rate == pytest.approx(2 / 3)
    assert found[0].mean_probability is None


def test_certainty_belongs_to_the_last_bin() -> None:
    assert reliability([Foretold(1.0, True)])[9].count == 1


def test_the_reason_gives_the_counts_and_both_scores() -> None:
    calibration = judge([Foretold(0.25, number == 0) for number in range(4)])

    assert calibration.because.vi == (
        "4 hồ sơ để đối chiếu, 1 hồ sơ trễ hạn; điểm Brier 0,188 (0 là hoàn hảo), "
        "luôn báo mức trung bình thì được 0,188"
    )
    assert calibration.because.en.startswith("4 cases to compare with, 1 of them late")


@PROPERTY
@given(st.lists(told, min_size=1))
def test_every_case_lies_in_one_bin(cases: list[Foretold]) -> None:
    found = reliability(cases)

    assert sum(found_bin.count for found_bin in found) == len(cases)
    assert sum(found_bin.late_count for found_bin in found) == sum(c.was_late for c in cases)
    assert 0 <= brier_score(cases) <= 1


def test_what_was_under_way_at_the_cut_is_neither_learned_from_nor_judged() -> None:
    cut = moment("2023-07-01T00:00")
    cases = [
        (moment("2023-06-01T08:00"), moment("2023-06-09T08:00")),
        (moment("2023-06-20T08:00"), moment("2023-07-03T08:00")),
        (moment("2023-06-28T08:00"), None),
        (moment("2023-07-01T00:00"), moment("2023-07-08T08:00")),
        (moment("2023-07-05T08:00"), None),
    ]

    def began_at(case: tuple[datetime, datetime | None]) -> datetime:
        return case[0]

    def ended_at(case: tuple[datetime, datetime | None]) -> datetime | None:
        return case[1]

    split = split_by_time(cases, cut=cut, began_at=began_at, ended_at=ended_at)

    assert split.earlier == (cases[0],)
    assert split.under_way == (cases[1], cases[2])
    assert split.later == (cases[3], cases[4])


def test_nothing_can_be_judged_without_cases() -> None:
    with pytest.raises(NothingToJudge, match="Chưa có hồ sơ nào đã kết thúc"):
        judge([])


@pytest.mark.parametrize("probability", [-0.1, 1.5, float("nan")])
def test_a_number_that_is_no_probability_is_refused(probability: float) -> None:
    with pytest.raises(NotAProbability, match="không nằm trong khoảng từ 0 đến 1"):
        judge([Foretold(probability, True)])

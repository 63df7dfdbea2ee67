"""Late risk: a chance between 0 and 1 that never falls while the clock runs, and says why."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.engine.calibration import Foretold, judge
from motcua.engine.laterisk import (
    CannotForetell,
    Circle,
    History,
    Parallel,
    PastStep,
    Path,
    StepAhead,
    StepKey,
)
from motcua.engine.tests.depth import PROPERTY

learn = partial(History.compile, enough=5)

APPRAISE = StepKey("tham-dinh", "STP", "OFFICER")
SIGN = StepKey("ky-duyet", "STP", "LEADER")
TAX = StepKey("thue", "THUE", "OFFICER")
UNKNOWN = StepKey("lay-y-kien", "UBND", "EXPERT")


def past(key: StepKey, minutes: Iterable[int]) -> list[PastStep]:
    return [PastStep(key, amount) for amount in minutes]


def open_step(key: StepKey = APPRAISE, spent: int = 0, name: str = "Thẩm định") -> StepAhead:
    return StepAhead(key, name, spent)


def next_step(key: StepKey = SIGN, name: str = "Ký duyệt") -> StepAhead:
    return StepAhead(key, name)


def chance(history: History, path: Path, remaining: int) -> float:
    return history.risk(path=path, remaining_minutes=remaining).probability


# What the answer is


@pytest.mark.parametrize(("remaining", "expected"), [(600, 0.0), (500, 1.0)])
def test_steps_that_always_took_the_same_give_near_certainty(
    remaining: int, expected: float
) -> None:
    history = learn(past(APPRAISE, [540] * 35))

    assert chance(history, (open_step(),), remaining) == pytest.approx(expected, abs=1.5 / 36)


def test_half_of_the_past_cases_needed_more_than_is_left() -> None:
    history = learn(past(APPRAISE, range(10, 1010, 10)))

    assert chance(history, (next_step(APPRAISE),), 500) == pytest.approx(0.5, abs=0.01)


def test_time_already_spent_leaves_only_the_cases_that_lasted_longer() -> None:
    history = learn(past(APPRAISE, [100] * 50 + [1000] * 50))

    fresh = chance(history, (open_step(spent=0),), 500)
    after_the_short_ones = chance(history, (open_step(spent=200),), 500)

    assert fresh == pytest.approx(0.5, abs=0.01)
    assert after_the_short_ones == 1


def test_a_step_longer_than_ever_lasts_twice_as_long_every_second_time() -> None:
    history = learn(past(APPRAISE, [60] * 20))

    assert chance(history, (open_step(spent=120),), 120) == pytest.approx(0.5, abs=0.01)


def test_steps_in_a_row_add_up() -> None:
    history = learn(past(APPRAISE, [300] * 99) + past(SIGN, [200] * 99))
    path = (open_step(), next_step())

    assert chance(history, path, 520) < 0.03
    assert chance(history, path, 480) > 0.97


def test_of_parallel_branches_the_longest_counts() -> None:
    history = learn(past(APPRAISE, [300] * 99) + past(SIGN, [200] * 99) + past(TAX, [400] * 99))
    path = (Parallel(((open_step(), next_step()), (open_step(TAX),))),)

    assert chance(history, path, 520) < 0.03
    assert chance(history, path, 480) > 0.97


def test_two_uncertain_branches_are_riskier_than_one() -> None:
    history = learn(past(APPRAISE, range(1, 101)) + past(TAX, range(1, 101)))
    one, both = next_step(APPRAISE), Parallel(((next_step(APPRAISE),), (next_step(TAX),)))

    assert chance(history, (one,), 50) == pytest.approx(0.5, abs=0.02)
    assert chance(history, (both,), 50) == pytest.approx(0.75, abs=0.05)


def test_a_case_past_its_due_time_is_late() -> None:
    risk = learn([]).risk(path=(open_step(),), remaining_minutes=-90)

    assert risk.probability == 1
    assert risk.because[0].vi == "Đã hết hạn, quá 1 giờ 30 phút làm việc mà các bước chưa xong"


def test_a_case_with_no_step_left_cannot_become_late() -> None:
    assert chance(learn([]), (), 10) == 0


# Where the durations come from


@pytest.mark.parametrize(
    ("here", "elsewhere", "expected"),
    [
        (5, 50, Circle.AT_THIS_UNIT),
        (4, 50, Circle.EVERYWHERE),
        (0, 5, Circle.EVERYWHERE),
        (2, 2, Circle.SAME_ROLE),
    ],
)
def test_history_is_taken_from_the_nearest_circle_that_has_enough(
    here: int, elsewhere: int, expected: Circle
) -> None:
    history = learn(
        past(APPRAISE, [60] * here)
        + past(replace(APPRAISE, unit="SXD"), [120] * elsewhere)
        + past(TAX, [180] * 10)
    )

    durations = history.durations(APPRAISE)

    assert durations is not None
    assert durations.circle is expected


def test_little_history_gives_no_certainty_and_says_so() -> None:
    risk = learn(past(APPRAISE, [600])).risk(path=(next_step(APPRAISE),), remaining_minutes=60)

    assert risk.probability == pytest.approx((1 + 0.5 + 0.45) / 2, abs=0.01)
    assert "ít hồ sơ nên tính thêm nửa hồ sơ nhanh hơn" in risk.because[0].vi
    assert "median of 1 case " in risk.because[0].en


def test_a_step_nobody_ever_did_is_even_and_says_so() -> None:
    risk = learn([]).risk(path=(open_step(UNKNOWN),), remaining_minutes=60)

    assert risk.probability == 0.5
    assert "chưa có hồ sơ nào trước đây" in risk.because[0].vi


def test_the_reasons_tell_each_step_and_what_is_left() -> None:
    history = learn(past(APPRAISE, [540] * 35) + past(SIGN, [60] * 40))

    risk = history.risk(path=(open_step(spent=180), next_step()), remaining_minutes=360)

    appraise, sign, summary = risk.because
    assert appraise.vi == (
        "Bước “Thẩm định” thường mất 9 giờ làm việc (trung vị của 35 hồ sơ tại đơn vị này), "
        "đã qua 3 giờ"
    )
    assert sign.vi == (
        "Bước “Ký duyệt” thường mất 1 giờ làm việc (trung vị của 40 hồ sơ tại đơn vị này)"
    )
    assert summary.vi == "Còn 6 giờ làm việc đến hạn: khả năng trễ hạn khoảng 99%"
    assert appraise.en == (
        "Step “Thẩm định” usually takes 9 h of working time (median of 35 cases at this unit), "
        "3 h already spent"
    )


def test_the_same_inputs_give_the_same_answer_whatever_was_asked_before() -> None:
    rng = Random(7)
    done = [PastStep(key, rng.randrange(2000)) for key in (APPRAISE, SIGN, TAX) for _ in range(40)]
    path = (open_step(spent=90), Parallel(((next_step(),), (next_step(TAX),))), next_step())
    asked_before = learn(reversed(done))
    asked_before.risk(path=(next_step(TAX), next_step()), remaining_minutes=400)

    assert asked_before.risk(path=path, remaining_minutes=1500) == learn(done).risk(
        path=path, remaining_minutes=1500
    )


# Bad input


def test_negative_durations_are_refused() -> None:
    with pytest.raises(CannotForetell, match="“tham-dinh” ghi -5 phút"):
        learn(past(APPRAISE, [-5]))


def test_a_step_cannot_have_been_open_for_less_than_no_time() -> None:
    with pytest.raises(CannotForetell, match="không thể âm"):
        learn([]).risk(path=(open_step(spent=-1),), remaining_minutes=60)


@pytest.mark.parametrize(
    "path",
    [
        (next_step(), open_step()),
        (open_step(), Parallel(((open_step(TAX),), (next_step(),)))),
        (Parallel(((open_step(), open_step(SIGN)), (next_step(TAX),))),),
    ],
)
def test_a_step_open_behind_an_unfinished_one_is_refused(path: Path) -> None:
    with pytest.raises(CannotForetell, match="đang mở trong khi bước trước nó chưa xong"):
        learn([]).risk(path=path, remaining_minutes=60)


@pytest.mark.parametrize("branches", [(), ((next_step(),), ())])
def test_a_branch_without_steps_is_refused(branches: tuple[Path, ...]) -> None:
    with pytest.raises(CannotForetell, match="nhánh song song không có bước nào"):
        learn([]).risk(path=(open_step(), Parallel(branches)), remaining_minutes=60)


def test_at_least_one_draw_is_needed() -> None:
    with pytest.raises(CannotForetell, match="từ 1 trở lên"):
        learn([], draws=0)


# Properties

keys = st.sampled_from([APPRAISE, SIGN, TAX, UNKNOWN])
durations = st.integers(0, 3000)
histories = st.lists(
    st.builds(PastStep, st.sampled_from([APPRAISE, SIGN, TAX]), durations), max_size=30
).map(learn)
ahead = st.builds(StepAhead, keys, st.just("bước"))


@st.composite
def paths(draw: st.DrawFn) -> Path:
    """A path that begins with one open step, or with parallel branches that may be open."""
    began = st.builds(StepAhead, keys, st.just("bước"), durations)
    branch = st.tuples(st.one_of(began, ahead), ahead)
    parallel = st.builds(Parallel, st.lists(branch, min_size=1, max_size=3).map(tuple))
    later = st.builds(Parallel, st.lists(st.tuples(ahead), min_size=1, max_size=2).map(tuple))
    rest = draw(st.lists(st.one_of(ahead, later), max_size=3))
    return (draw(st.one_of(began, parallel)), *rest)


def run_on(path: Path, minutes: int) -> Path:
    """Return the path after more time has passed in every open step."""
    first = path[0]
    if isinstance(first, Parallel):
        return (Parallel(tuple(run_on(branch, minutes) for branch in first.branches)), *path[1:])
    if first.spent_minutes is None:
        return path
    return (replace(first, spent_minutes=first.spent_minutes + minutes), *path[1:])


@PROPERTY
@given(histories, paths(), st.integers(-100, 20_000))
def test_the_risk_is_a_probability(history: History, path: Path, remaining: int) -> None:
    assert 0 <= chance(history, path, remaining) <= 1


@PROPERTY
@given(histories, paths(), st.integers(-100, 20_000), durations)
def test_more_time_left_never_raises_the_risk(
    history: History, path: Path, remaining: int, more: int
) -> None:
    assert chance(history, path, remaining + more) <= chance(history, path, remaining)


@PROPERTY
@given(histories, paths(), st.integers(-100, 20_000), durations)
def test_the_risk_never_falls_while_the_clock_runs(
    history: History, path: Path, remaining: int, passed: int
) -> None:
    later = chance(history, run_on(path, passed), remaining - passed)

    assert later >= chance(history, path, remaining)


def test_with_the_same_time_left_a_step_nearer_its_end_is_less_risky() -> None:
    history = learn(past(APPRAISE, [600] * 50))

    just_opened = chance(history, (open_step(spent=0),), 300)
    almost_done = chance(history, (open_step(spent=400),), 300)

    assert just_opened > 0.9
    assert almost_done < 0.1


@PROPERTY
@given(st.integers(1, 3000), st.integers(1, 60), st.integers(1, 4), st.booleans())
def test_equal_durations_leave_only_what_little_history_leaves_open(
    minutes: int, count: int, steps: int, is_enough: bool
) -> None:
    history = learn(past(APPRAISE, [minutes] * count))
    path = tuple(next_step(APPRAISE) for _ in range(steps))

    probability = chance(history, path, steps * minutes - (0 if is_enough else 1))

    doubt = steps * (0.5 / (count + 1) + 1 / 100)
    assert abs(probability - (0 if is_enough else 1)) <= doubt


@PROPERTY
@given(st.lists(durations, min_size=1, max_size=30), st.one_of(st.none(), durations))
def test_what_is_drawn_is_still_to_come_and_the_longest_comes_first(
    minutes: list[int], spent: int | None
) -> None:
    found = learn(past(APPRAISE, minutes)).durations(APPRAISE)

    assert found is not None
    drawn = found.draw(100, spent)
    assert len(drawn) == 100
    assert drawn == sorted(drawn, reverse=True)
    assert spent is None or drawn[-1] > 0


def test_told_chances_agree_with_what_comes_where_the_past_repeats_itself() -> None:
    rng = Random(3)

    def lasts() -> int:
        return round(rng.lognormvariate(6, 0.8))

    history = learn(
        past(APPRAISE, [lasts() for _ in range(300)]) + past(SIGN, [lasts() for _ in range(300)])
    )
    told = []
    for _ in range(3000):
        appraised, signed, spent = lasts(), lasts(), rng.randrange(1000)
        remaining = rng.randrange(100, 2500)
        # Looked at on a given day, not at a given part of its life: only what is still open counts.
        if appraised > spent:
            path = (open_step(spent=spent), next_step())
            is_late = appraised - spent + signed > remaining
            told.append(Foretold(chance(history, path, remaining), is_late))

    calibration = judge(told)

    assert calibration.skill is not None
    assert calibration.skill > 0.3
    for found in calibration.bins:
        if found.count >= 50 and found.mean_probability is not None:
            assert found.late_rate == pytest.approx(found.mean_probability, abs=0.12)

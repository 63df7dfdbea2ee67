"""Pauses between attempts: doubled, never longer than the longest, and ended after the last."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from motcua.engine.moments import VIETNAM
from motcua.engine.sending import SendingRules, next_attempt_at

FAILED = datetime(2023, 3, 6, 9, tzinfo=VIETNAM)
RULES = SendingRules(
    attempts=200,
    first_pause=timedelta(minutes=1),
    longest_pause=timedelta(minutes=60),
    wait=timedelta(seconds=20),
)


@given(st.integers(min_value=1, max_value=198))
def test_no_pause_is_shorter_than_the_one_before_or_longer_than_the_longest(attempts: int) -> None:
    one, two = (
        next_attempt_at(RULES, attempts=number, failed_at=FAILED)
        for number in (attempts, attempts + 1)
    )

    assert one is not None
    assert two is not None
    assert FAILED < one <= two <= FAILED + RULES.longest_pause


def test_after_the_last_attempt_there_is_none() -> None:
    assert next_attempt_at(RULES, attempts=199, failed_at=FAILED) is not None
    assert next_attempt_at(RULES, attempts=200, failed_at=FAILED) is None

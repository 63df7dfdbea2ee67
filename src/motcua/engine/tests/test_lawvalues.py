"""Dated law values: what holds on a day, and which values are refused."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.engine.lawvalues import (
    DatedValue,
    LawEndsBeforeItBegins,
    LawHasGap,
    LawOverlaps,
    LawRefused,
    LawWithoutSource,
    NotInForce,
    ValueInForce,
)
from motcua.engine.tests.depth import PROPERTY


def make_value(
    value: int, first_day: str, last_day: str | None = None, source: str = "NĐ 61/2018"
) -> ValueInForce[int]:
    return ValueInForce(
        value=value,
        first_day=date.fromisoformat(first_day),
        last_day=date.fromisoformat(last_day) if last_day else None,
        source=source,
        is_verified=True,
        where=f"law/thu.yaml:{value}",
    )


def test_a_value_holds_from_its_first_day_through_its_last() -> None:
    rule = DatedValue(
        "gia hạn", [make_value(5, "2025-07-01"), make_value(10, "2018-06-21", "2025-06-30")]
    )

    assert rule.value_on(date(2018, 6, 21)) == 10
    assert rule.value_on(date(2025, 6, 30)) == 10
    assert rule.value_on(date(2025, 7, 1)) == 5
    assert rule.value_on(date(2099, 1, 1)) == 5
    assert rule.in_force(date(2020, 1, 1)).source == "NĐ 61/2018"


def test_no_value_before_the_first_or_after_the_last_day() -> None:
    rule = DatedValue("gia hạn", [make_value(1, "2018-06-21", "2025-06-30")])

    with pytest.raises(NotInForce, match="có hiệu lực từ 21/06/2018"):
        rule.value_on(date(2018, 6, 20))
    with pytest.raises(NotInForce, match="ngày 01/07/2025"):
        rule.value_on(date(2025, 7, 1))


@pytest.mark.parametrize(
    ("refusal", "values"),
    [
        (LawRefused, []),
        (LawWithoutSource, [make_value(7, "2018-06-21", source=" ")]),
        (LawEndsBeforeItBegins, [make_value(7, "2018-06-21", "2018-06-20")]),
        (LawOverlaps, [make_value(1, "2018-06-21"), make_value(7, "2025-07-01")]),
        (LawOverlaps, [make_value(1, "2018-06-21", "2025-07-01"), make_value(7, "2025-07-01")]),
        (LawHasGap, [make_value(1, "2018-06-21", "2025-06-29"), make_value(7, "2025-07-01")]),
    ],
)
def test_contradictions_are_refused_with_file_and_line(
    refusal: type[LawRefused], values: list[ValueInForce[int]]
) -> None:
    with pytest.raises(refusal) as caught:
        DatedValue("gia hạn", values)

    assert caught.value.where == ("law/thu.yaml:7" if values else "gia hạn")
    assert str(caught.value).startswith(caught.value.where)


@PROPERTY
@given(st.sets(st.integers(0, 3000), min_size=1, max_size=12), st.integers(0, 4000))
def test_each_day_has_the_value_that_began_last(firsts: set[int], asked: int) -> None:
    start, ordered = date(2015, 1, 1), sorted(firsts)
    ends = [start + timedelta(days=later - 1) for later in ordered[1:]]
    values = [
        ValueInForce(
            value=first,
            first_day=start + timedelta(days=first),
            last_day=last,
            source="NĐ",
            is_verified=False,
        )
        for first, last in zip(ordered, [*ends, None], strict=True)
    ]
    rule, day = DatedValue("thử", reversed(values)), start + timedelta(days=asked)

    if asked < ordered[0]:
        with pytest.raises(NotInForce):
            rule.value_on(day)
    else:
        assert rule.value_on(day) == max(first for first in ordered if first <= asked)

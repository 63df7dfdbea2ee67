"""Printed numbers: what is read, what is refused, and which interval a number stands for."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from motcua.engine.auditor.precision import (
    Printed,
    UnreadableNumber,
    read_count,
    read_number,
    read_percent,
    round_as_printed,
)


@pytest.mark.parametrize(
    ("written", "count"),
    [(31404, 31404), ("31.404", 31404), ("1.234.567", 1234567), ("31 404", 31404), ("0", 0)],
)
def test_a_count_is_read_as_the_office_writes_it(written: object, count: int) -> None:
    assert read_count(written) == count


@pytest.mark.parametrize("written", [None, "", "–", "-"])
def test_a_blank_is_no_number(written: object) -> None:
    assert read_count(written) is None
    assert read_percent(written) is None


@pytest.mark.parametrize(
    "written",
    ["31,404", "99,49%", "12.5", Decimal("31.404"), 12.5, -3, True, "nhiều", [1], float("nan")],
)
def test_a_count_that_is_not_surely_a_whole_number_is_refused(written: object) -> None:
    with pytest.raises(UnreadableNumber):
        read_count(written)


@pytest.mark.parametrize(
    ("written", "value", "places"),
    [
        (Decimal("99.50"), "99.50", 2),
        ("99,49%", "99.49", 2),
        ("99.49 %", "99.49", 2),
        ("1.234,5%", "1234.5", 1),
        (100, "100", 0),
        ("99,488%", "99.488", 3),
        (95.1, "95.1", 1),
    ],
)
def test_a_percentage_keeps_the_decimals_that_were_printed(
    written: object, value: str, places: int
) -> None:
    printed = read_percent(written)

    assert printed is not None
    assert printed.value == Decimal(value)
    assert printed.places == places


def test_a_percentage_that_can_be_read_in_two_ways_is_refused() -> None:
    with pytest.raises(UnreadableNumber, match="hai cách"):
        read_percent("99.488%")


def test_a_number_of_unknown_kind_with_a_decimal_comma_and_three_digits_is_refused() -> None:
    with pytest.raises(UnreadableNumber, match="hai cách"):
        read_number("31,404")


def test_a_printed_rate_stands_for_half_a_unit_on_each_side() -> None:
    interval = Printed(Decimal("99.49")).as_rounded()

    assert (interval.low, interval.high) == (Fraction(99485, 1000), Fraction(99495, 1000))


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [
        (Fraction(19000, 191), 2, "99.48"),
        (Fraction(1, 8), 2, "0.13"),
        (Fraction(-1, 8), 2, "-0.13"),
        (Fraction(100), 0, "100"),
    ],
)
def test_an_exact_value_is_rounded_half_up(value: Fraction, places: int, rounded: str) -> None:
    assert str(round_as_printed(value, places)) == rounded

"""How dates, numbers and rates are written."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from motcua.look import formats


def test_a_day_is_written_day_first() -> None:
    assert formats.write_date(date(2023, 3, 4)) == "04/03/2023"


def test_a_moment_is_told_by_the_clock_of_viet_nam() -> None:
    moment = datetime(2023, 10, 27, 2, 32, tzinfo=UTC)

    assert formats.write_moment(moment) == "27/10/2023 09:32"


def test_a_moment_late_in_the_utc_day_falls_on_the_next_day_in_viet_nam() -> None:
    moment = datetime(2022, 12, 14, 17, 0, tzinfo=UTC)

    assert formats.write_date(moment) == "15/12/2022"


def test_a_moment_without_a_time_zone_is_refused() -> None:
    naive = datetime(2023, 1, 1, 8, 0)  # noqa: DTZ001 - the very thing that is refused

    with pytest.raises(ValueError, match="has no time zone"):
        formats.write_moment(naive)


@pytest.mark.parametrize(
    "write",
    [formats.write_date, formats.write_moment, formats.write_number, formats.write_percent],
)
def test_nothing_is_written_as_a_dash(write: Callable[[None], str]) -> None:
    assert write(None) == "–"


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0, 0, "0"),
        (999, 0, "999"),
        (137975, 0, "137.975"),
        (-1234.5, 1, "-1.234,5"),
        (Decimal("1234.56"), 2, "1.234,56"),
        (Decimal("-0.001"), 2, "0,00"),
        (0.1 + 0.2, 2, "0,30"),
        (Decimal("1E+3"), 0, "1.000"),
    ],
)
def test_a_number_has_points_between_thousands_and_a_comma_before_decimals(
    value: formats.Number, decimals: int, text: str
) -> None:
    assert formats.write_number(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0.5, 0, "1"),
        (2.5, 0, "3"),
        (-2.5, 0, "-3"),
        (1.005, 2, "1,01"),
        (Decimal("0.125"), 2, "0,13"),
    ],
)
def test_a_half_is_rounded_away_from_zero(value: formats.Number, decimals: int, text: str) -> None:
    assert formats.write_number(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal(190) / Decimal(191) * 100, "99,48%"),
        (100, "100%"),
        (Decimal("100.00"), "100%"),
        (99.5, "99,50%"),
        (0, "0%"),
    ],
)
def test_a_rate_has_two_decimals_unless_it_is_whole(value: formats.Number, text: str) -> None:
    assert formats.write_percent(value) == text


def test_a_rate_just_below_a_hundred_does_not_read_like_a_hundred() -> None:
    assert formats.write_percent(Decimal("99.9999")) == "100,00%"

"""The worked examples of the criteria CS1 to CS9 come out as written, and their shares agree."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any, cast

import pytest

from motcua.lawbook import queries
from motcua.lawbook.entries import Entry
from motcua.reporting.definitions import get_catalogue

EXAMPLES = queries.get_subject("indicators/one_stop_evaluation").examples


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.get("name").get("en").text())
def test_a_criterion_gives_the_points_that_its_example_says(example: Entry) -> None:
    told = cast("dict[str, Any]", example.plain())
    catalogue = get_catalogue(told["day"])
    indicator = catalogue.indicators[told["indicator"]]
    assert set(told["figures"]) <= set(catalogue.counted_of(indicator.id))
    # What the example does not name is nothing of the kind.
    counted = {**dict.fromkeys(catalogue.counted_of(indicator.id), 0), **told["figures"]}

    value = catalogue.complete({name: Fraction(each) for name, each in counted.items()})

    printed = indicator.rounded(value[indicator.id])
    assert (None if printed is None else str(printed)) == told["gives"]


def test_each_counted_criterion_has_an_example() -> None:
    named = {cast("dict[str, Any]", one.plain())["indicator"] for one in EXAMPLES}

    assert named == {"cs_2", "cs_5", "cs_9"}


@pytest.mark.parametrize("level", ["province", "district", "commune"])
def test_the_share_of_cs_5_is_that_of_the_page_of_settling_on_the_spot(level: str) -> None:
    least = queries.get_value("on_the_spot", f"share_{level}", on=date(2023, 3, 14)).value
    points = get_catalogue(date(2023, 3, 14)).indicators[f"spot_points_{level}"]

    assert f"reaches(spot_share_{level}, {least})" in points.formula_text

"""Every worked example of the levels of government comes out as written, and agencies know the levels."""

from datetime import date

import pytest

from motcua.engine.lawvalues import NotInForce
from motcua.lawbook import queries
from motcua.lawbook.entries import Entry
from motcua.people.models import Agency

EXAMPLES = [
    pytest.param(example, id=example.get("name").get("en").text())
    for example in queries.get_subject("government_levels").examples
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_levels(example: Entry) -> None:
    found = queries.get_government_levels(example.get("day").day())

    assert list(found.value) == [item.text() for item in example.get("levels").items()]
    assert found.because.source


def test_districts_end_with_june_2025() -> None:
    before, since = (
        queries.get_government_levels(day).value for day in (date(2025, 6, 30), date(2025, 7, 1))
    )

    assert set(before) - set(since) == {"DISTRICT"}
    assert set(before) <= set(Agency.Level.values)


def test_no_level_is_known_before_the_calendars() -> None:
    with pytest.raises(NotInForce):
        queries.get_government_levels(date(2014, 12, 31))

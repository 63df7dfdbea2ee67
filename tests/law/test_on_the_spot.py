"""The worked examples of the shares settled on the spot come out as written."""

from __future__ import annotations

import pytest

from motcua.engine.on_the_spot import reaches_share
from motcua.lawbook import queries
from motcua.lawbook.entries import Entry

EXAMPLES = queries.get_subject("on_the_spot").examples


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.get("name").get("en").text())
def test_a_share_is_reached_as_the_example_says(example: Entry) -> None:
    rule = f"share_{example.get('level').text().lower()}"
    least = queries.get_value("on_the_spot", rule, on=example.get("day").day())

    reached = reaches_share(
        on_the_spot=example.get("on_the_spot").integer(),
        procedures=example.get("procedures").integer(),
        least_percent=int(str(least.value)),
    )

    assert reached == example.get("reaches").boolean()

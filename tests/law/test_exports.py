"""The worked examples of bulk exports come out as written."""

from __future__ import annotations

import pytest

from motcua.lawbook import queries
from motcua.lawbook.entries import Entry


@pytest.mark.parametrize(
    "example",
    queries.get_subject("product/exports").examples,
    ids=lambda e: e.get("name").get("en").text(),
)
def test_an_export_is_allowed_as_the_example_says(example: Entry) -> None:
    most = queries.get_value(
        "product/exports", example.get("by").text(), on=example.get("day").day()
    )

    is_allowed = example.get("rows").integer() <= int(str(most.value))

    assert is_allowed == example.get("is_allowed").boolean()

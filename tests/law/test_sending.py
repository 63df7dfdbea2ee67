"""The worked examples of sending statuses come out as written."""

from __future__ import annotations

from datetime import datetime

import pytest

from motcua.cases.sending_queries import sending_rules
from motcua.engine.sending import next_attempt_at
from motcua.lawbook import queries
from motcua.lawbook.entries import Entry


@pytest.mark.parametrize(
    "example",
    queries.get_subject("product/sending").examples,
    ids=lambda e: e.get("name").get("en").text(),
)
def test_a_message_is_sent_again_as_the_example_says(example: Entry) -> None:
    failed_at = datetime.fromisoformat(example.get("failed").text())

    again = next_attempt_at(
        sending_rules(failed_at.date()),
        attempts=example.get("attempts").integer(),
        failed_at=failed_at,
    )

    expected = str(example.get("again").plain())
    assert (again.isoformat(timespec="minutes") if again else "") == expected

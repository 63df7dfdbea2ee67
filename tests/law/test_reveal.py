"""The worked examples of reasons for revealing come out as written."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from motcua.cases.actions.revealing import told_reason
from motcua.engine.moments import VIETNAM
from motcua.lawbook import queries
from motcua.lawbook.entries import Entry

SUBJECT = queries.get_subject("product/reveal")


@pytest.mark.parametrize("example", SUBJECT.examples, ids=lambda e: e.get("name").get("en").text())
def test_masked_data_are_shown_as_the_example_says(example: Entry) -> None:
    now = datetime.combine(example.get("day").day(), datetime.min.time(), VIETNAM)
    parts = example.mapping()

    reason = told_reason(parts["chosen"].text(), parts["typed"].text(), now=now)

    assert bool(reason) is example.get("is_allowed").boolean()


def test_every_reason_has_an_example_and_none_holds_before_its_first_day() -> None:
    chosen = {one.mapping()["chosen"].text() for one in SUBJECT.examples} - {""}

    assert chosen == set(SUBJECT.rules)
    assert told_reason("call_citizen", "", now=datetime(2014, 12, 31, tzinfo=UTC)) == {}
    assert told_reason("because", "", now=datetime(2023, 3, 6, tzinfo=UTC)) == {}

"""The worked examples of service norms in law/product come out as written."""

from __future__ import annotations

import pytest

from motcua.engine.clock_events import ClockEvent, EventKind
from motcua.engine.deadlines import due_at, replay
from motcua.engine.limits import parse_limit
from motcua.engine.norms import norm_deadline
from motcua.lawbook import queries
from motcua.lawbook.entries import Entry

EXAMPLES = [one for one in queries.get_subject("product/clocks").examples if one.find("norm")]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.get("name").get("en").text())
def test_both_clocks_end_when_the_example_says(example: Entry) -> None:
    received, calendar = example.get("received").moment(), queries.get_calendar()
    rules = queries.get_time_rules(received.date())
    told = example.find("events")
    events = [
        ClockEvent(
            at=entry.get("at").moment(),
            kind=EventKind(entry.get("kind").text()),
            extra=parse_limit(extra.text()) if (extra := entry.find("extra")) else None,
        )
        for entry in (told.items() if told else ())
    ]

    legal = replay(
        received_at=received,
        limit=parse_limit(example.get("limit").text()),
        events=events,
        calendar=calendar,
        rules=rules,
    )
    norm = norm_deadline(
        received_at=received,
        norm=parse_limit(example.get("norm").text()),
        events=events,
        calendar=calendar,
        rules=rules,
        choices=queries.get_clock_choices(received.date()),
    )

    assert legal.due_at == example.get("due").moment()
    assert norm.due_at == example.get("norm_due").moment()


def test_timers_stand_as_the_example_says() -> None:
    (example,) = (
        one for one in queries.get_subject("product/clocks").examples if one.find("timer")
    )
    opened, goes_on = example.get("opened").moment(), example.get("goes_on").moment()
    stands = queries.get_clock_choices(opened.date()).step_timers.value == "stand"

    goes_off = due_at(
        received_at=goes_on if stands else opened,
        limit=parse_limit(example.get("timer").text()),
        calendar=queries.get_calendar(),
        rules=queries.get_time_rules(opened.date()),
    )

    assert goes_off == example.get("goes_off").moment()

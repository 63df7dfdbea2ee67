"""The worked examples of reminders in law/product come out as written."""

import pytest

from motcua.engine.deadlines import due_at
from motcua.engine.limits import parse_limit
from motcua.engine.moments import VIETNAM
from motcua.engine.reminders import Point, reminders
from motcua.lawbook import queries
from motcua.lawbook.entries import Entry

EXAMPLES = queries.get_subject("product/reminders").examples


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.get("name").get("en").text())
def test_reminders_come_when_the_example_says(example: Entry) -> None:
    received, calendar = example.get("received").moment(), queries.get_calendar()
    due = due_at(
        received_at=received,
        limit=parse_limit(example.get("limit").text()),
        calendar=calendar,
        rules=queries.get_time_rules(received.date()),
    )

    norm = example.find("norm")
    norm_due = norm and due_at(
        received_at=received,
        limit=parse_limit(norm.text()),
        calendar=calendar,
        rules=queries.get_time_rules(received.date()),
    )

    found = reminders(
        received_at=received,
        due_at=due,
        first_due_at=due,
        calendar=calendar,
        rules=queries.get_reminder_rules(received.date()),
        norm_due_at=norm_due,
    )

    assert norm_due == (norm and example.get("norm_due").moment())
    assert due == example.get("due").moment()
    assert [one.at for one in found[:-1]] == [e.moment() for e in example.get("reminded").items()]
    assert (found[-1].point, found[-1].at) == (Point.OVERDUE, due.astimezone(VIETNAM))

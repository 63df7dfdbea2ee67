"""The worked examples of undoing in law/product come out as written."""

from datetime import date

import pytest

from motcua.engine.undoing import last_day_to_undo
from motcua.lawbook import queries
from motcua.lawbook.entries import Entry

EXAMPLES = queries.get_subject("product/undo").examples


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.get("name").get("en").text())
def test_a_record_is_taken_back_as_long_as_the_example_says(example: Entry) -> None:
    done, asked = example.get("done").moment(), example.get("asked").moment()
    rules = queries.get_undo_rules(done.date())
    rule = getattr(rules, example.get("rule").text())
    calendar = queries.get_calendar()

    last = last_day_to_undo(done_at=done, days=rule.value, calendar=calendar)

    assert last == example.get("last_day").day()
    is_in_time = asked.date() <= last
    holds_slip = example.has("printed") and rules.ending_after_slip.value == "refuse"
    assert (is_in_time and not holds_slip) is example.get("may").boolean()
    assert "Đề xuất của sản phẩm" in rule.because.source


def test_days_after_the_own_day_are_working_days() -> None:
    friday = queries.get_subject("product/undo").examples[0].get("done").moment()

    last = last_day_to_undo(done_at=friday, days=1, calendar=queries.get_calendar())

    assert last == date(2023, 3, 13)

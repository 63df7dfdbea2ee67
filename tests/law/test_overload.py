"""The worked examples of overload in law/product come out as written."""

from decimal import Decimal

import pytest

from motcua.engine.overload import Flow, look_ahead
from motcua.lawbook import queries
from motcua.lawbook.entries import Entry

EXAMPLES = queries.get_subject("product/overload").examples


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.get("name").get("en").text())
def test_a_unit_is_overloaded_when_the_example_says(example: Entry) -> None:
    day, length = example.get("day").day(), example.get("days_of_work").text()

    found = look_ahead(
        Flow(
            open_count=example.get("open").integer(),
            arrived=example.get("arrived").integer(),
            done=example.get("done").integer(),
            working_days=example.get("working_days").integer(),
        ),
        on=day,
        calendar=queries.get_calendar(),
        rules=queries.get_overload_rules(day),
    )

    done_on = example.find("done_on")
    assert found.days_of_work == (Decimal(length) if length else None)
    assert found.done_on == (done_on.day() if done_on else None)
    assert found.pressure == example.get("pressure").text()
    assert "Đề xuất của sản phẩm" in found.because.source

"""The worked examples of what a chart may promise, in law/product, come out as written."""

from __future__ import annotations

from dataclasses import replace

import pytest

from motcua.engine.bpmn import compile_bpmn
from motcua.engine.drawing import Chart, Lane, Step, draw
from motcua.engine.limit_checks import LegalLimit, check_limits
from motcua.engine.limits import parse_limit
from motcua.lawbook import queries
from motcua.lawbook.entries import Entry

EXAMPLES = [
    one for one in queries.get_subject("product/workflow_control").examples if one.find("steps")
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.get("name").get("en").text())
def test_a_chart_is_checked_as_the_example_says(example: Entry) -> None:
    day, norm = example.get("day").day(), example.find("norm")
    lane = Lane(id="office", name="Văn phòng", unit="SETTLING")
    steps = tuple(
        Step(
            id=f"s{number}", name=f"Bước {number}", lane="office", role="OFFICER", limit=one.text()
        )
        for number, one in enumerate(example.get("steps").items(), start=1)
    )
    net = compile_bpmn(draw(Chart(id="p", name="Quy trình", lanes=(lane,), steps=steps)))

    found = check_limits(
        replace(net, norm=norm.text() if norm else ""),
        [LegalLimit(procedure="1.000001", limit=parse_limit(example.get("limit").text()))],
        queries.get_working_week(day),
        queries.get_limit_choices(day),
    )

    expected = {key: one.text() for key, one in example.get("found").mapping().items()}
    assert {one.code: one.severity for one in found} == expected

"""The demonstration's flow charts: the files are what the descriptions draw, and they are sound."""

from __future__ import annotations

import pytest

from motcua.demonstration.flow_charts import CHARTS, FOLDER
from motcua.engine.bpmn import compile_bpmn
from motcua.engine.drawing import draw
from motcua.engine.flowcheck import check
from motcua.engine.tokens import complete, start


def test_there_is_one_file_for_each_chart() -> None:
    assert {path.stem for path in FOLDER.glob("*.bpmn")} == set(CHARTS)


@pytest.mark.parametrize("name", CHARTS)
def test_the_file_is_what_the_description_draws(name: str) -> None:
    assert (FOLDER / f"{name}.bpmn").read_text(encoding="utf-8") == draw(CHARTS[name])


@pytest.mark.parametrize("name", CHARTS)
def test_the_checker_finds_nothing(name: str) -> None:
    assert check(compile_bpmn((FOLDER / f"{name}.bpmn").read_bytes())) == ()


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        ("office-3-steps", 3),
        ("office-5-steps", 5),
        ("department-standard", 5),
        ("interagency-parallel", 9),
        ("cross-level", 6),
        ("commune-on-the-spot", 2),
    ],
)
def test_a_case_without_objections_runs_through(name: str, steps: int) -> None:
    net = compile_bpmn((FOLDER / f"{name}.bpmn").read_bytes())

    move, count = start(net, {}), 0
    while not move.is_finished:
        move = complete(net, move.marking, move.marking.open[0], {"outcome": "APPROVE"})
        count += 1

    assert count == steps

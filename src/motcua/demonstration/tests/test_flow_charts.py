"""The demonstration's flow charts: the files are what the descriptions draw, and they are sound."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from motcua.demonstration import content
from motcua.demonstration.drawn_charts import CHARTS, FOLDER
from motcua.engine.bpmn import compile_bpmn
from motcua.engine.calls import Called, put_in_place
from motcua.engine.drawing import draw
from motcua.engine.flowcheck import check
from motcua.engine.limit_checks import LegalLimit, WorkingWeek, check_limits
from motcua.engine.limits import Limit, Unit
from motcua.engine.tokens import complete, start
from motcua.lawbook import queries as lawbook


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
        ("office-submission", 3),
        ("department-standard", 5),
        ("department-3-days", 5),
        ("department-1-day", 5),
        ("interagency-parallel", 9),
        ("interagency-short", 9),
        ("cross-level", 6),
        ("cross-level-short", 6),
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


def test_no_chart_promises_more_time_than_the_law_gives_its_procedures_or_its_own_norm() -> None:
    week = WorkingWeek(hours_a_day=Decimal(8), hours_a_week=Decimal(40))
    legal: dict[str, list[LegalLimit]] = {name: [] for name in CHARTS}
    for procedure in content.read("procedures")["procedures"]:
        for revision in procedure["revisions"]:
            legal[revision["workflow"]] += [
                LegalLimit(
                    procedure=procedure["code"],
                    limit=Limit(
                        amount=Decimal(channel["limit"]["amount"]),
                        unit=Unit(channel["limit"]["unit"]),
                    ),
                )
                for channel in revision["channels"]
            ]

    choices = lawbook.get_limit_choices(date(2023, 3, 14))
    found = {
        name: tuple(check_limits(compile_bpmn(draw(chart)), legal[name], week, choices))
        for name, chart in CHARTS.items()
    }

    assert found == dict.fromkeys(CHARTS, ())
    # What is only called has no procedures of its own.
    assert [name for name, limits in legal.items() if not limits] == ["office-submission"]


def test_the_shared_process_stands_in_the_place_of_its_call() -> None:
    caller, called = (
        compile_bpmn((FOLDER / f"{name}.bpmn").read_bytes())
        for name in ("office-5-steps", "office-submission")
    )

    net = put_in_place(
        caller, {"office-submission": Called(key="office-submission", version=1, net=called)}
    )

    assert check(net) == ()
    assert [step.id for step in net.steps] == [
        "check_and_pass",
        "submit/assign",
        "submit/appraise",
        "submit/approve",
        "issue",
    ]

"""The worked examples of the chance of lateness, in law/product, come out as written."""

from __future__ import annotations

import pytest

from motcua.cases.calibration_queries import HeldOut
from motcua.cases.models import Case
from motcua.cases.risk_queries import RiskyCase
from motcua.desk.risk_words import risk_chip, verdict
from motcua.engine.calibration import Foretold, judge
from motcua.engine.laterisk import History, PastStep, StepAhead, StepKey
from motcua.lawbook import queries
from motcua.lawbook.entries import Entry

ALL = queries.get_subject("product/late_risk").examples
EXAMPLES = [one for one in ALL if one.find("past")]
JUDGED = [one for one in ALL if one.find("judged")]
KEY = StepKey("tham-dinh", "H19.10", "OFFICER")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.get("name").get("en").text())
def test_the_chance_is_told_as_the_example_says(example: Entry) -> None:
    rules = queries.get_risk_rules(example.get("day").day())
    past = [PastStep(KEY, one.integer()) for one in example.get("past").items()]
    open_step = StepAhead(KEY, "Thẩm định", example.get("spent").integer())

    risk = History.compile(past, enough=rules.enough_history).risk(
        path=(open_step,), remaining_minutes=example.get("left").integer()
    )

    assert f"{risk.probability:.0%}" == example.get("chance").text()
    chip = risk_chip(RiskyCase(case=Case(), risk=risk, open_step="Thẩm định"), rules)
    assert chip.tone == example.get("tone").text()


def test_a_step_with_little_history_looks_at_all_units() -> None:
    rules = queries.get_risk_rules(EXAMPLES[0].get("day").day())
    elsewhere = StepKey(KEY.step, "H19.11", KEY.role)
    few = [PastStep(KEY, 60)] * (rules.enough_history - 1) + [PastStep(elsewhere, 90)]

    durations = History.compile(few, enough=rules.enough_history).durations(KEY)

    assert durations is not None
    assert len(durations.minutes) == rules.enough_history


@pytest.mark.parametrize("example", JUDGED, ids=lambda e: e.get("name").get("en").text())
def test_a_forecast_is_judged_by_enough_late_cases(example: Entry) -> None:
    late = example.get("late").integer()
    told = [Foretold(0.3, place < late) for place in range(example.get("cases").integer())]
    held_out = HeldOut(
        cut=None, learned_cases=66, learned_steps=300, under_way=0, calibration=judge(told)
    )

    words = verdict(held_out, queries.get_risk_rules(example.get("day").day()))

    assert ("quá ít" not in words) == example.get("judged").boolean()

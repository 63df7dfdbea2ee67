"""Conditions at a gateway: what no case has, what overlaps, what leaves a hole, what is never met."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest

from motcua.engine.case_facts import FACTS
from motcua.engine.choices import check_conditions
from motcua.engine.conditions import read_condition
from motcua.engine.tests.depth import IS_DEEP
from motcua.engine.tests.diagrams import net_of


def found(*conditions: str, gateway: str = "xor_q") -> list[tuple[str, str]]:
    lines = [f"start -> {gateway}", f"{gateway} => end"]
    for number, condition in enumerate(conditions):
        lines += [f"{gateway} -> t{number}: {condition}", f"t{number} -> end"]
    findings = check_conditions(net_of("\n".join(lines)), FACTS)
    return [(finding.severity, finding.code) for finding in findings]


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        (("amount < 100", "amount >= 100 and amount < 500"), []),
        (("amount < 100", "amount > 100"), [("warning", "HOLE")]),
        (
            ("amount <= 100", "amount >= 100"),
            [("warning", "OVERLAP"), ("warning", "DEFAULT_NEVER_TAKEN")],
        ),
        (("amount < 100", "amount < 50"), [("warning", "OVERLAP"), ("warning", "NEVER_TAKEN")]),
        (("amount > 5 and amount < 3",), [("warning", "NEVER_TAKEN")]),
        (('channel == "ONLINE"', 'channel == "POST"'), []),
        (
            ('channel in ["ONLINE", "POST"]', 'channel == "COUNTER"'),
            [("warning", "DEFAULT_NEVER_TAKEN")],
        ),
        (('channel == "ONLINE"', 'channel != "COUNTER"'), [("warning", "OVERLAP")]),
        (('channel == "FAX"',), [("error", "UNKNOWN_VALUE")]),
        (("colour == 3",), [("error", "UNKNOWN_FACT")]),
        (("channel == 3",), [("error", "FACT_TYPE"), ("error", "UNKNOWN_VALUE")]),
        (('outcome == "RETURN"',), []),
        (('variant == "01" and amount > 0', 'variant == "02"'), []),
    ],
)
def test_each_fault_of_a_choice_is_found(
    conditions: tuple[str, ...], expected: list[tuple[str, str]]
) -> None:
    assert found(*conditions) == expected


def test_branches_of_an_inclusive_gateway_may_overlap() -> None:
    assert found("amount < 100", "amount < 50", gateway="or_q") == []


def test_an_overlap_is_told_with_an_example_and_both_ways() -> None:
    net = net_of(
        'start -> xor_q\nxor_q => end\nxor_q -> a: amount > 10\nxor_q -> b: channel == "POST"\n'
        "a -> end\nb -> end"
    )

    (finding,) = check_conditions(net, FACTS)

    assert "tới “a” và tới “b” cùng đúng khi amount = 11, channel = POST" in finding.because.vi


def test_the_verdict_on_ranges_is_that_of_trying_every_number() -> None:
    """Two random ranges over 0…20, tried on every quarter: the same overlap and the same hole."""
    for seed in range(5000 if IS_DEEP else 150):
        chance = random.Random(seed)
        texts = []
        for _ in range(2):
            low, high = sorted(chance.sample(range(21), 2))
            texts.append(
                f"amount {chance.choice(['>', '>='])} {low} and amount {chance.choice(['<', '<='])} {high}"
            )
        conditions = [read_condition(text) for text in texts]
        values = [Decimal(number) / 4 for number in range(-8, 90)]
        holds = [[c.holds({"amount": value}) for c in conditions] for value in values]
        met = [any(each) for each in holds]
        has_hole = any(
            not here and any(met[:place]) and any(met[place:]) for place, here in enumerate(met)
        )

        codes = {code for _, code in found(*texts)}

        assert ("OVERLAP" in codes) == any(all(each) for each in holds), seed
        assert ("HOLE" in codes) == has_hole, seed

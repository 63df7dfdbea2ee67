"""Rehearsal benchmark: 10,000 past cases played through a chart of 60 elements, beside the bare token game.

Prints the seconds of both and their ratio; exits with 1 when the rehearsal takes 60 s or more.
"""

from __future__ import annotations

import random
import sys
import time

from motcua.engine import tokens
from motcua.engine.laterisk import History, PastStep, StepKey
from motcua.engine.net import Net
from motcua.engine.rehearsal import PastCase, PastVisit, rehearse
from motcua.engine.tests.diagrams import net_of

CASES = 10_000
BUDGET_SECONDS = 60
ROWS = 14
UNITS = {"SETTLING": "H19.01", "RECEIVING": "H19.01.01"}


def chart() -> Net:
    """Return a chart of about 60 elements: a row of choices, each with two steps."""
    lines = ["start -> s0"]
    for row in range(ROWS):
        lines += [
            f"s{row} -> xor{row}",
            f"xor{row} -> t{row}: channel == 'ONLINE'",
            f"xor{row} => u{row}",
            f"t{row} -> s{row + 1}",
            f"u{row} -> s{row + 1}",
        ]
    return net_of("\n".join([*lines, f"s{ROWS} -> end"]))


def past_cases(net: Net) -> list[PastCase]:
    """Return cases that had half of the chart's steps, with durations of their own."""
    chance = random.Random(1)
    steps = [step.id for step in net.steps]
    return [
        PastCase(
            code=f"H19.01-{number}",
            allowed_minutes=7_500,
            visits=tuple(
                PastVisit(node=step, minutes=chance.randrange(5, 600))
                for step in chance.sample(steps, len(steps) // 2)
            ),
            units=UNITS,
            facts={"channel": chance.choice(["ONLINE", "COUNTER"])},
        )
        for number in range(CASES)
    ]


def play_bare(net: Net, cases: list[PastCase]) -> None:
    """Play the cases by the token game alone."""
    for case in cases:
        move = tokens.start(net, case.facts)
        while move.marking.open:
            move = tokens.complete(net, move.marking, move.marking.open[0], case.facts)


def main() -> int:
    """Time both on the same cases."""
    net = chart()
    cases = past_cases(net)
    history = History.compile(
        PastStep(StepKey(step=visit.node, unit="H19.01", role="OFFICER"), visit.minutes)
        for case in cases[:500]
        for visit in case.visits
    )
    started = time.perf_counter()
    result = rehearse(net, cases, history=history, minutes_of_day=480)
    rehearsed = time.perf_counter() - started
    started = time.perf_counter()
    play_bare(net, cases)
    bare = time.perf_counter() - started
    print(f"{len(net.nodes)} nodes, {len(net.flows)} flows, {CASES} cases, {len(result.late)} late")
    print(f"rehearsal {rehearsed:6.2f} s  (less than {BUDGET_SECONDS})")
    print(f"bare game {bare:6.2f} s")
    print(f"ratio     {rehearsed / bare:6.2f}")
    return 0 if rehearsed < BUDGET_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())

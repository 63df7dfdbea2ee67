"""Rehearsal benchmark: 10,000 past cases played through a chart of 60 elements, beside the bare token game.

Then 10,000 cases of a database through a draft, from the first read to the last row stored. Prints
the seconds of all and the ratio of the first two; exits with 1 when either takes 60 s or more.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import django

from motcua.engine import tokens
from motcua.engine.laterisk import History, PastStep, StepKey
from motcua.engine.net import Net
from motcua.engine.rehearsal import PastCase, PastVisit, rehearse
from motcua.engine.tests.diagrams import net_of
from motcua.project.embedded import Cluster, socket_dir

# A database of its own, with the durability of a real one.
PLACE = tempfile.TemporaryDirectory(prefix="motcua-bench-")
CLUSTER = Cluster(data_dir=Path(PLACE.name) / "pg")
CLUSTER.start()
os.environ.pop("DATABASE_URL", None)
os.environ["MOTCUA_PG_HOST"] = str(socket_dir(CLUSTER.data_dir))
os.environ["DJANGO_SETTINGS_MODULE"] = "motcua.project.settings"
django.setup()

from django.db import connection  # noqa: E402
from django.test.utils import setup_databases, teardown_databases  # noqa: E402

from motcua.cases import actions as cases  # noqa: E402
from motcua.cases.models import Rehearsal  # noqa: E402
from motcua.cases.tests.many_cases import multiply  # noqa: E402
from motcua.cases.tests.world import CHART, MONDAY, World, make_world  # noqa: E402
from motcua.workflow import actions as workflow  # noqa: E402
from motcua.workflow.models import Task  # noqa: E402

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


def settle(world: World) -> int:
    """Let one case go through all steps, once returned, and return its id."""
    case = world.receive()
    steps = (
        (world.cuc, 1, ""),
        (world.binh, 24, ""),
        (world.dung, 30, "RETURN"),
        (world.binh, 48, ""),
        (world.dung, 72, "APPROVE"),
    )
    for officer, hours, outcome in steps:
        task = Task.objects.get(run_id=case.run_id, completed_at=None)
        cases.complete_step(
            officer=officer,
            task_id=task.pk,
            outcome=outcome,
            comment="." if outcome == "RETURN" else "",
            now=MONDAY + timedelta(hours=hours),
        )
    return case.pk


def rehearse_database() -> tuple[Rehearsal, float]:
    """Rehearse a draft on 10,000 cases of a database; return it with the seconds it took."""
    world = make_world()
    multiply(settle(world), CASES)
    draft = workflow.start_draft(
        officer=world.controller, workflow_key="three-steps", version_number=1, now=MONDAY
    )
    workflow.save_draft(
        officer=world.controller,
        draft_id=draft.pk,
        drawn_on=1,
        bpmn_xml=CHART.replace('id="appraise"', 'id="study"')
        .replace('"appraise"', '"study"')
        .replace("4 giờ", "2 giờ"),
        now=MONDAY,
    )
    now = MONDAY + timedelta(days=14)
    started = time.perf_counter()
    asked = cases.ask_for_rehearsal(
        officer=world.controller,
        draft_id=draft.pk,
        unit_code="H19.01",
        with_subordinate=True,
        first_day=date(2023, 3, 1),
        last_day=date(2023, 3, 31),
        now=now,
    )
    cases.carry_out_rehearsal(rehearsal_id=asked.pk, now=now)
    taken = time.perf_counter() - started
    asked.refresh_from_db()
    return asked, taken


def time_engine() -> float:
    """Time the engine and the bare game on the same cases; return the seconds of the engine."""
    net = chart()
    cases = past_cases(net)
    past = [
        PastStep(StepKey(step=visit.node, unit="H19.01", role="OFFICER"), visit.minutes)
        for case in cases[:500]
        for visit in case.visits
    ]
    history = History.compile(past, enough=5)
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
    return rehearsed


def main() -> int:
    """Time the engine beside the bare game, and the whole on a database."""
    seconds = time_engine()
    old = setup_databases(verbosity=0, interactive=False)
    try:
        done, taken = rehearse_database()
        rows = done.cases.count()
    finally:
        teardown_databases(old, verbosity=0)
        connection.close()
        CLUSTER.stop()
    print(f"database  {taken:6.2f} s  for {rows} cases  (less than {BUDGET_SECONDS})")
    return 0 if max(seconds, taken) < BUDGET_SECONDS and rows == CASES else 1


if __name__ == "__main__":
    sys.exit(main())

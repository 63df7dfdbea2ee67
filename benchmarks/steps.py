"""Steps benchmark: a five-step case by the real actions, beside the bare statements and SpiffWorkflow.

Prints cases per second on one connection and the two ratios, once with every write waiting for the
disk, as in use, and once without those waits, which all three share and which hide the work on a
slow disk. Exits with 1 when a budget is missed without them.
The bare floor writes the same rows as the actions, each step in one hand-written statement, with
nothing decided or guarded. SpiffWorkflow keeps its state as JSON in a row, written at each step.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import django

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
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser  # noqa: E402
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer  # noqa: E402
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow  # noqa: E402
from SpiffWorkflow.util.task import TaskState  # noqa: E402

from motcua.audit import queries as audit  # noqa: E402
from motcua.cases import actions as cases  # noqa: E402
from motcua.cases.tests.world import MONDAY, World, make_world  # noqa: E402
from motcua.engine.drawing import Chart, Lane, Step, draw  # noqa: E402
from motcua.workflow import actions as workflow  # noqa: E402

FLOOR_BUDGET = 0.4
SPIFF_BUDGET = 1.5
ROUNDS = 9
DISK_ROUNDS = 3
STEPS = 5


def five_steps() -> str:
    """Return the drawing of the everyday chart: five steps in a row at two units."""
    lanes = (
        Lane(id="counter", name="Một cửa", unit="RECEIVING"),
        Lane(id="office", name="Văn phòng", unit="SETTLING"),
    )
    plan = (
        ("s1", "counter", "CLERK"),
        ("s2", "office", "LEADER"),
        ("s3", "office", "OFFICER"),
        ("s4", "office", "LEADER"),
        ("s5", "counter", "CLERK"),
    )
    steps = tuple(
        Step(id=key, name=f"Bước {key}", lane=lane, role=role, limit="4 giờ")
        for key, lane, role in plan
    )
    return draw(Chart(id="five", name="Năm bước", lanes=lanes, steps=steps))


class Actions:
    """A case received and taken through its five steps by the real actions."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.submission = world.submission()
        self.officers = (world.cuc, world.dung, world.binh, world.dung, world.cuc)

    def run_case(self) -> None:
        """Receive one case and complete its five steps."""
        case = cases.receive_case(
            officer=self.world.cuc,
            agency_id=self.world.centre.pk,
            submission=replace(self.submission, submission_key=uuid4()),
            now=MONDAY,
        )
        (task_id,) = audit.fetch_one(
            "SELECT id FROM workflow_task WHERE run_id = %(run)s", {"run": case.run_id}
        )
        now = MONDAY
        for officer in self.officers:
            now += timedelta(minutes=5)
            result = cases.complete_step(officer=officer, task_id=task_id, now=now)
            task_id = result.next_task_ids[0] if result.next_task_ids else 0


class Floor:
    """The same rows by hand: one statement to receive, one a step, in autocommit."""

    def __init__(self, world: World) -> None:
        template = world.receive(now=MONDAY)
        self.world, self.template, self.count = world, template.pk, 0
        with connection.cursor() as cursor:
            cursor.execute("SELECT version_id FROM workflow_run WHERE id = %s", [template.run_id])
            self.version = cursor.fetchone()[0]

    def run_case(self) -> None:
        """Write one case and its five steps."""
        self.count += 1
        code = f"bench-{self.count}-{uuid4()}"
        with connection.cursor() as cursor:
            cursor.execute(_RECEIVE, self._params(code))
            run_id, task_id = cursor.fetchone()
            for step in range(1, STEPS + 1):
                cursor.execute(
                    _STEP,
                    {
                        "code": code,
                        "run": run_id,
                        "task": task_id,
                        "now": MONDAY,
                        "officer": self.world.cuc.id,
                        "number": step + 1,
                        "hash": bytes(32),
                        "status": "DONE" if step == STEPS else "PROCESSING",
                        "finished": MONDAY if step == STEPS else None,
                        "opens": step < STEPS,
                        "agency": self.world.office.pk,
                        "open_nodes": [f"s{step + 1}"] if step < STEPS else [],
                        "facts": json.dumps({"task": task_id, "node": f"s{step}", "outcome": ""}),
                    },
                )
                task_id = cursor.fetchone()[0]

    def _params(self, code: str) -> dict[str, Any]:
        return {
            "code": code,
            "key": uuid4(),
            "template": self.template,
            "version": self.version,
            "centre": self.world.centre.pk,
            "office": self.world.office.pk,
            "now": MONDAY,
            "officer": self.world.cuc.id,
            "hash": bytes(32),
            "facts": json.dumps({"procedure": "1.000001", "due_at": MONDAY.isoformat()}),
        }


_RECEIVE = """
WITH counter AS (
    INSERT INTO cases_codecounter (agency_id, day, last_number)
    VALUES (%(centre)s, %(now)s::date, 1)
    ON CONFLICT (agency_id, day) DO UPDATE SET last_number = cases_codecounter.last_number + 1),
new_run AS (
    INSERT INTO workflow_run (version_id, receiving_agency_id, settling_agency_id, waiting,
        open_nodes, started_at)
    VALUES (%(version)s, %(centre)s, %(office)s, '{}', '{s1}', %(now)s) RETURNING id),
new_task AS (
    INSERT INTO workflow_task (run_id, node, name, agency_id, role, outcomes, opened_at, due_at,
        outcome, comment)
    SELECT id, 's1', 'Bước s1', %(centre)s, 'CLERK', '{}', %(now)s, %(now)s, '', ''
    FROM new_run RETURNING id),
new_case AS (
    INSERT INTO cases_case (code, submission_key, revision_id, variant_id, field_id, channel,
        receiving_agency_id, settling_agency_id, run_id, status, law_date, received_at,
        received_by_id, due_at, returned_to, note)
    SELECT %(code)s, %(key)s, revision_id, variant_id, field_id, channel, receiving_agency_id,
        settling_agency_id, (SELECT id FROM new_run), 'RECEIVED', law_date, %(now)s,
        received_by_id, due_at, '', ''
    FROM cases_case WHERE id = %(template)s RETURNING id),
new_parties AS (
    INSERT INTO cases_party (case_id, role, kind, full_name, search_name, identity_number, phone,
        email, address)
    SELECT (SELECT id FROM new_case), role, kind, full_name, search_name, identity_number, phone,
        email, address FROM cases_party WHERE case_id = %(template)s),
new_papers AS (
    INSERT INTO cases_receivedcomponent (case_id, component_id, originals, copies)
    SELECT (SELECT id FROM new_case), component_id, originals, copies
    FROM cases_receivedcomponent WHERE case_id = %(template)s),
new_ledger AS (
    INSERT INTO cases_ledgerentry (case_id, number, kind, starts_at, ends_at, amount, unit,
        because_vi, because_en, source, is_verified, recorded_at, recorded_by_id)
    SELECT (SELECT id FROM new_case), number, kind, starts_at, ends_at, amount, unit, because_vi,
        because_en, source, is_verified, %(now)s, recorded_by_id
    FROM cases_ledgerentry WHERE case_id = %(template)s),
entry AS (
    INSERT INTO audit_entry (subject, number, happened_at, actor_id, event, because, facts,
        previous_hash, hash)
    VALUES ('case:' || %(code)s, 1, %(now)s, %(officer)s, 'case.received', '', %(facts)s,
        %(hash)s, %(hash)s)),
head AS (
    INSERT INTO audit_head (subject, number, hash)
    VALUES ('case:' || %(code)s, 1, %(hash)s))
SELECT (SELECT id FROM new_run), (SELECT id FROM new_task)
"""

_STEP = """
WITH done AS (
    UPDATE workflow_task SET completed_at = %(now)s, completed_by_id = %(officer)s, outcome = '',
        comment = '' WHERE id = %(task)s AND completed_at IS NULL),
moved AS (
    UPDATE workflow_run SET open_nodes = %(open_nodes)s::text[], finished_at = %(finished)s
    WHERE id = %(run)s),
opened AS (
    INSERT INTO workflow_task (run_id, node, name, agency_id, role, outcomes, opened_at, due_at,
        outcome, comment)
    SELECT %(run)s, 'next', 'Bước', %(agency)s, 'OFFICER', '{}', %(now)s, %(now)s, '', ''
    WHERE %(opens)s RETURNING id),
case_moved AS (
    UPDATE cases_case SET status = %(status)s, finished_at = %(finished)s WHERE code = %(code)s),
entry AS (
    INSERT INTO audit_entry (subject, number, happened_at, actor_id, event, because, facts,
        previous_hash, hash)
    VALUES ('case:' || %(code)s, %(number)s, %(now)s, %(officer)s, 'case.step_completed', '',
        %(facts)s, %(hash)s, %(hash)s)),
head AS (
    UPDATE audit_head SET number = %(number)s, hash = %(hash)s
    WHERE subject = 'case:' || %(code)s)
SELECT (SELECT id FROM opened)
"""


class Spiff:
    """SpiffWorkflow with its state as JSON in one row, read and written at each step."""

    def __init__(self, drawing: str) -> None:
        parser = BpmnParser()
        parser.add_bpmn_io(io.BytesIO(drawing.encode()))
        self.spec = parser.get_spec(parser.get_process_ids()[0])
        self.serializer = BpmnWorkflowSerializer()
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE bench_spiff (id bigserial PRIMARY KEY, state jsonb)")

    def run_case(self) -> None:
        """Start one workflow and complete its five steps."""
        flow = BpmnWorkflow(self.spec)
        flow.do_engine_steps()
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO bench_spiff (state) VALUES (%s) RETURNING id",
                [self.serializer.serialize_json(flow)],
            )
            row = cursor.fetchone()[0]
            for _step in range(STEPS):
                cursor.execute("BEGIN")
                cursor.execute(
                    "SELECT state::text FROM bench_spiff WHERE id = %s FOR UPDATE", [row]
                )
                flow = self.serializer.deserialize_json(cursor.fetchone()[0])
                flow.get_tasks(state=TaskState.READY, manual=True)[0].run()
                flow.do_engine_steps()
                cursor.execute(
                    "UPDATE bench_spiff SET state = %s WHERE id = %s",
                    [self.serializer.serialize_json(flow), row],
                )
                cursor.execute("COMMIT")


def rate(run_case: Callable[[], None], *, cases_a_round: int) -> float:
    """Return cases per second over one round."""
    started = time.perf_counter()
    for _place in range(cases_a_round):
        run_case()
    return cases_a_round / (time.perf_counter() - started)


def main() -> int:
    """Run the three side by side, round by round, and print rates and ratios; 1 for a missed budget."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=40, help="cases a round")
    options = parser.parse_args()
    old = setup_databases(verbosity=0, interactive=False)
    try:
        return _compare(options.cases)
    finally:
        teardown_databases(old, verbosity=0)
        CLUSTER.stop(at_once=True)
        PLACE.cleanup()


def _compare(cases_a_round: int) -> int:
    drawing = five_steps()
    world = make_world()
    workflow.publish_version(
        officer=world.system,
        key="three-steps",
        name="Năm bước",
        bpmn_xml=drawing,
        starts_on=MONDAY.date(),
        now=MONDAY,
    )
    runners: dict[str, Actions | Floor | Spiff] = {
        "actions": Actions(world),
        "floor": Floor(world),
        "spiff": Spiff(drawing),
    }
    for runner in runners.values():
        rate(runner.run_case, cases_a_round=20)
    print(f"one acknowledged write takes {acknowledgement() * 1000:.2f} ms on this disk")
    _tell("every write waits for the disk", _measure(runners, DISK_ROUNDS, cases_a_round))
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    rates = _measure(runners, ROUNDS, cases_a_round)
    to_floor, to_spiff = _tell("the same work without those waits", rates)
    print(f"budgets, without the waits: {FLOOR_BUDGET} of the floor, {SPIFF_BUDGET} times spiff")
    return 0 if to_floor >= FLOOR_BUDGET and to_spiff >= SPIFF_BUDGET else 1


def acknowledgement() -> float:
    """Return the seconds that the smallest write takes until it is on disk, the median of many."""
    taken = []
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_smallest (number int)")
        for number in range(100):
            started = time.perf_counter()
            cursor.execute("INSERT INTO bench_smallest VALUES (%s)", [number])
            taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def _measure(
    runners: dict[str, Actions | Floor | Spiff], rounds: int, cases_a_round: int
) -> dict[str, list[float]]:
    """Return the rates of each way, round by round, the ways in turn within a round."""
    rates: dict[str, list[float]] = {name: [] for name in runners}
    for _round in range(rounds):
        for name, runner in runners.items():
            rates[name].append(rate(runner.run_case, cases_a_round=cases_a_round))
    return rates


def _tell(title: str, rates: dict[str, list[float]]) -> tuple[float, float]:
    """Print the medians and the two ratios; return these."""
    print(title)
    for name, found in rates.items():
        print(f"  {name:8} {statistics.median(found):8.1f} five-step cases/s")
    actions, floor, spiff = rates["actions"], rates["floor"], rates["spiff"]
    to_floor = statistics.median(a / b for a, b in zip(actions, floor, strict=True))
    to_spiff = statistics.median(a / b for a, b in zip(actions, spiff, strict=True))
    print(f"  actions / floor  {to_floor:5.2f}")
    print(f"  actions / spiff  {to_spiff:5.2f}")
    return to_floor, to_spiff


if __name__ == "__main__":
    sys.exit(main())

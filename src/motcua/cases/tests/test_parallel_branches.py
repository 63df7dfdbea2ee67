"""Branches that run side by side: officers at the same moment neither lose a token nor finish twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from motcua.audit.queries import find_broken_chains, list_entries
from motcua.cases.actions import CannotCompleteStep, complete_step
from motcua.cases.models import Case
from motcua.cases.tests.world import LONG_AGO, MONDAY, World
from motcua.engine.drawing import Chart, Lane, Parallel, Step, draw
from motcua.people import queries as people
from motcua.procedures.models import Revision
from motcua.workflow import actions as workflow
from motcua.workflow.models import Run, Task

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=1)

CHART = Chart(
    id="side_by_side",
    name="Hai đơn vị góp ý song song",
    lanes=(
        Lane(id="counter", name="Một cửa", unit="RECEIVING"),
        Lane(id="office", name="Văn phòng", unit="SETTLING"),
        Lane(id="elsewhere", name="Sở Tài nguyên và Môi trường", unit="AGENCY:H19.17"),
    ),
    steps=(
        Step(id="forward", name="Chuyển hồ sơ", lane="counter", role="CLERK"),
        Parallel(
            id="opinions",
            branches=(
                (Step(id="own", name="Thẩm định", lane="office", role="OFFICER"),),
                (Step(id="other", name="Góp ý", lane="elsewhere", role="OFFICER"),),
            ),
        ),
        Step(id="approve", name="Phê duyệt", lane="office", role="LEADER"),
    ),
)
# The same without a step after the branches: the second to come finishes the case.
SHORT = Chart(id="short", name="Song song rồi xong", lanes=CHART.lanes, steps=CHART.steps[:2])


def start(world: World, chart: Chart) -> Case:
    """Receive a case that runs along a chart, and pass it on to both branches."""
    workflow.publish_version(
        officer=world.system,
        key=chart.id,
        name=chart.name,
        bpmn_xml=draw(chart),
        starts_on=LONG_AGO,
        now=MONDAY,
    )
    Revision.objects.update(workflow_key=chart.id)
    case = world.receive()
    complete_step(officer=world.cuc, task_id=task_of(case, "forward").pk, now=MONDAY)
    return case


def task_of(case: Case, node: str) -> Task:
    return Task.objects.get(run_id=case.run_id, node=node, completed_at__isnull=True)


def at_the_same_moment(*attempts: tuple[people.Person, int]) -> list[str]:
    """Let each officer complete a task, all at once; return what became of it."""
    gate = Barrier(len(attempts))

    def attempt(one: tuple[people.Person, int]) -> str:
        officer, task_id = one
        gate.wait(timeout=10)
        try:
            complete_step(officer=officer, task_id=task_id, now=LATER)
        except CannotCompleteStep:
            return "told"
        finally:
            connection.close()
        return "won"

    with ThreadPoolExecutor(len(attempts)) as pool:
        return sorted(pool.map(attempt, attempts))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_attempt", range(5))
def test_two_branches_completed_at_the_same_moment_meet(world: World, _attempt: int) -> None:
    case = start(world, CHART)

    outcomes = at_the_same_moment(
        (world.binh, task_of(case, "own").pk), (world.oanh, task_of(case, "other").pk)
    )

    run = Run.objects.get()
    assert outcomes == ["won", "won"]
    assert (run.waiting, run.open_nodes) == ([], ["approve"])
    assert Task.objects.filter(node="approve").count() == 1
    assert list(find_broken_chains()) == []


@pytest.mark.django_db(transaction=True)
def test_a_case_whose_branches_end_at_the_same_moment_is_finished_once(world: World) -> None:
    case = start(world, SHORT)

    at_the_same_moment(
        (world.binh, task_of(case, "own").pk), (world.oanh, task_of(case, "other").pk)
    )

    case.refresh_from_db()
    run = Run.objects.get()
    events = [entry.event for entry in list_entries(f"case:{case.code}")]
    assert (case.status, case.finished_at, run.finished_at) == ("DONE", LATER, LATER)
    assert (run.waiting, run.open_nodes) == ([], [])
    assert events.count("case.finished") == 1
    assert not Task.objects.filter(completed_at__isnull=True).exists()


@pytest.mark.django_db(transaction=True)
def test_several_at_each_branch_complete_it_once(world: World) -> None:
    case = start(world, CHART)
    own, other = task_of(case, "own").pk, task_of(case, "other").pk

    outcomes = at_the_same_moment(
        (world.binh, own), (world.oanh, other), (world.binh, own), (world.oanh, other)
    )

    assert outcomes == ["told", "told", "won", "won"]
    assert Run.objects.get().open_nodes == ["approve"]
    assert Task.objects.filter(node="approve").count() == 1


def test_the_first_branch_to_end_waits_for_the_other(world: World) -> None:
    case = start(world, CHART)

    complete_step(officer=world.binh, task_id=task_of(case, "own").pk, now=LATER)

    run = Run.objects.get()
    assert len(run.waiting) == 1
    assert run.open_nodes == ["other"]
    assert Task.objects.filter(completed_at__isnull=True).get().agency_id == world.elsewhere.pk

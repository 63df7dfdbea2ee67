"""Cases are moved to a newer version while their steps are done: one comes first, all trails hold."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from motcua.audit.queries import find_broken_chains, list_entries
from motcua.cases import actions, migration_queries
from motcua.cases.tests.test_migrate_cases import NEWER, at, old_version, publish, start
from motcua.cases.tests.world import World
from motcua.workflow import actions as workflow
from motcua.workflow import queries as workflow_queries
from motcua.workflow.models import Run, Task


@pytest.mark.django_db(transaction=True)
def test_a_step_done_while_its_case_is_moved_is_done_once_and_on_one_version(world: World) -> None:
    old, new = old_version(world), publish(world, NEWER)
    cases = [world.receive() for _number in range(12)]
    tasks = dict(Task.objects.values_list("run_id", "pk"))
    migration = start(world, old, new)
    both = Barrier(2)

    def move() -> int:
        both.wait()
        moved = 0
        while step := actions.migrate_next(migration_id=migration.pk, most=1, now=at(8)):
            moved += step
        connection.close()
        return moved

    def work() -> list[str]:
        both.wait()
        said = []
        for case in cases:
            try:
                actions.complete_step(officer=world.cuc, task_id=tasks[case.run_id], now=at(8))
            except workflow.CannotCompleteStep as refusal:
                said.append(str(refusal))
        connection.close()
        return said

    with ThreadPoolExecutor(2) as pool:
        moving, working = pool.submit(move), pool.submit(work)
        refusals = working.result(60)
        moving.result(60)

    states = migration_queries.count_states(migration)
    assert sum(states.values()) == len(cases) == states["MOVED"] + states.get("LEFT", 0)
    assert refusals == []
    assert not list(find_broken_chains())
    for case in cases:
        run = Run.objects.get(pk=case.run_id)
        (task,) = Task.objects.filter(run=run, completed_at=None)
        net = workflow_queries.get_version(run.version_id).net
        events = [entry.event for entry in list_entries(f"case:{case.code}")]
        assert task.node in net.by_id
        assert events.count("case.step_completed") == 1
        assert Task.objects.filter(run=run, completed_at__isnull=False).count() == 1

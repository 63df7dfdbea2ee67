"""Migration benchmark: 1,000 running cases moved to a newer version and back, their trails verified.

Prints the seconds of the dry run, of moving, of taking back, and of verifying every chain after each;
exits with 1 when a case is not moved or not taken back, or when a chain does not hold.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

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

from motcua.audit import queries as audit  # noqa: E402
from motcua.cases import actions as cases  # noqa: E402
from motcua.cases import migration_queries  # noqa: E402
from motcua.cases.tests.world import CHART, MONDAY, World, make_world  # noqa: E402
from motcua.workflow import actions as workflow  # noqa: E402
from motcua.workflow.models import Task, Version, Workflow  # noqa: E402

CASES = 1_000
AT_ONCE = 50
LATER = MONDAY + timedelta(days=3)
NEWER = CHART.replace("3 ngày làm việc", "2 ngày làm việc").replace('"approve"', '"sign"')


def timed(what: str, act: Callable[[], object]) -> object:
    """Do something, print how long it took, and return what it gave."""
    started = time.perf_counter()
    found = act()
    print(f"{what:28} {time.perf_counter() - started:7.2f} s")
    return found


def fill(world: World, count: int) -> None:
    """Receive so many cases; every second one is forwarded."""
    for number in range(count):
        case = world.receive()
        if number % 2:
            task = Task.objects.get(run_id=case.run_id, completed_at=None)
            cases.complete_step(officer=world.cuc, task_id=task.pk, now=MONDAY + timedelta(hours=1))


def versions(world: World) -> tuple[Version, Version]:
    """Return the version that the cases run on and a newer one in force; the Office owns them."""
    Workflow.objects.update(owner=world.office)
    newer = workflow.publish_version(
        officer=world.system,
        key="three-steps",
        name="Ba bước",
        bpmn_xml=NEWER,
        starts_on=date(2023, 3, 8),
        now=MONDAY,
    )
    return Version.objects.get(number=1), newer


def go_through(step: Callable[..., bool], migration_id: int) -> None:
    """Let a job's steps go on to the end."""
    while step(migration_id=migration_id, most=AT_ONCE, now=LATER):
        pass


def count_broken() -> int:
    """Return how many chains of the trail do not hold."""
    return len(list(audit.find_broken_chains()))


def move_and_undo(count: int) -> bool:
    """Move so many cases and take them back; say whether all went well."""
    world = make_world()
    timed(f"received {count} cases", lambda: fill(world, count))
    old, new = versions(world)
    trial = migration_queries.try_migration(from_id=old.pk, to_id=new.pk, chosen={})
    timed(
        "dry run",
        lambda: migration_queries.try_migration(from_id=old.pk, to_id=new.pk, chosen={}),
    )
    migration = cases.start_migration(
        officer=world.controller,
        from_id=old.pk,
        to_id=new.pk,
        chosen={},
        tried=trial.digest,
        reason="Rút ngắn thẩm định",
        now=LATER,
    )
    timed("moved", lambda: go_through(cases.migrate_next, migration.pk))
    moved = migration_queries.count_states(migration)["MOVED"]
    broken = timed("verified every chain", count_broken)
    cases.undo_migration(
        officer=world.controller, migration_id=migration.pk, reason="Hoàn tác", now=LATER
    )
    timed("taken back", lambda: go_through(cases.undo_next, migration.pk))
    undone = migration_queries.count_states(migration)["UNDONE"]
    broken_after = timed("verified every chain", count_broken)
    print(f"moved {moved}, taken back {undone}, broken chains {broken} and {broken_after}")
    return (moved, undone, broken, broken_after) == (count, count, 0, 0)


def main() -> int:
    """Run on a database of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=CASES)
    options = parser.parse_args()
    old = setup_databases(verbosity=0, interactive=False)
    try:
        went_well = move_and_undo(options.cases)
    finally:
        teardown_databases(old, verbosity=0)
        connection.close()
        CLUSTER.stop()
    return 0 if went_well else 1


if __name__ == "__main__":
    sys.exit(main())

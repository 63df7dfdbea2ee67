"""Late cases for tests: walked through their steps at given moments, and copied many times over."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from uuid import uuid4

from motcua.cases import actions
from motcua.cases.models import Case, LedgerEntry, Party
from motcua.cases.tests.world import World
from motcua.workflow.models import Run, Task

_numbers = count(1)


def walk(world: World, case: Case, *moments: datetime) -> None:
    """Let Cúc forward, Bình appraise and Dung approve a case, each at the moment given."""
    for officer, moment in zip((world.cuc, world.binh, world.dung), moments, strict=False):
        task = Task.objects.get(run_id=case.run_id, completed_at__isnull=True)
        outcome = {"outcome": "APPROVE"} if officer is world.dung else {}
        actions.complete_step(officer=officer, task_id=task.pk, now=moment, **outcome)


def late_case(world: World, received_at: datetime, moments: tuple[datetime, ...]) -> Case:
    """Receive a case and walk it through as many steps as there are moments."""
    case = world.receive(received_at)
    walk(world, case, *moments)
    return Case.objects.get(pk=case.pk)


def copy_case(case: Case, times: int) -> list[int]:
    """Copy a case with its run, tasks, owner and ledger straight into the tables."""
    run = Run.objects.get(pk=case.run_id)
    tasks = list(Task.objects.filter(run=run).values())
    lines = list(LedgerEntry.objects.filter(case=case).values())
    parties = list(Party.objects.filter(case=case).values())
    values = Case.objects.filter(pk=case.pk).values()[0]
    plain = Run.objects.filter(pk=run.pk).values()[0]
    runs = Run.objects.bulk_create(Run(**{**plain, "id": None}) for _ in range(times))
    made = Case.objects.bulk_create(
        Case(
            **{
                **values,
                "id": None,
                "run_id": run.pk,
                "code": f"COPY-{next(_numbers):06}",
                "submission_key": uuid4(),
            }
        )
        for run in runs
    )
    Task.objects.bulk_create(
        Task(**{**task, "id": None, "run_id": run.pk}) for run in runs for task in tasks
    )
    LedgerEntry.objects.bulk_create(
        LedgerEntry(**{**line, "id": None, "case_id": copy.pk}) for copy in made for line in lines
    )
    Party.objects.bulk_create(
        Party(**{**party, "id": None, "case_id": copy.pk}) for copy in made for party in parties
    )
    return [copy.pk for copy in made]

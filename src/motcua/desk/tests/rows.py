"""The desk for tests: a world with its clock set, people signed in, and many rows at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from motcua.cases import actions as cases
from motcua.cases.models import Case, Party
from motcua.cases.tests.world import MONDAY, World, make_world
from motcua.clock import actions as clock
from motcua.clock import queries as clock_queries
from motcua.clock.models import Shift
from motcua.engine import vietnamese
from motcua.people.models import User
from motcua.people.queries import Person
from motcua.procedures.models import Revision, Variant
from motcua.workflow.models import Run, Task, Version

LATER = MONDAY + timedelta(hours=1)


@contextmanager
def desk_clock(shows: datetime = LATER) -> Iterator[None]:
    """Set the clock of the desk."""
    set_clock(shows)
    try:
        yield
    finally:
        clock_queries.forget()


@contextmanager
def desk_world(shows: datetime = LATER) -> Iterator[World]:
    """Make a world for one test alone, with the clock of the desk set."""
    world = make_world()
    with desk_clock(shows):
        yield world


def set_clock(shows: datetime) -> None:
    """Let the desk's clock show a moment, and run on from there."""
    Shift.objects.all().delete()
    clock.shift_clock(shows=shows, now=timezone.now())  # noqa: TID251 - what the desk shows hangs on the true time


def sign_in(person: Person) -> Client:
    """Return a browser in which a person is signed in."""
    client = Client()
    client.force_login(User.objects.get(pk=person.id))
    return client


def words(response: Any) -> str:
    """Return what a page says, without tags and double spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def count_queries(client: Client, address: str) -> int:
    """Return how many queries a page takes once what is kept in memory is warm."""
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def open_task(case: Case) -> Task:
    """Return the one open task of a case."""
    return Task.objects.get(run_id=case.run_id, completed_at__isnull=True)


def step(person: Person, case: Case, *, now: datetime = LATER, **how: str) -> None:
    """Let a person complete the open step of a case."""
    cases.complete_step(officer=person, task_id=open_task(case).pk, now=now, **how)


def finish(world: World, case: Case, *, now: datetime = LATER) -> None:
    """Bring a case to its end."""
    step(world.cuc, case, now=now)
    step(world.binh, case, now=now)
    step(world.dung, case, now=now, outcome="APPROVE")


def make_rows(
    world: World,
    count: int,
    *,
    status: str = "RECEIVED",
    role: str = "CLERK",
    agency_id: int | None = None,
    due_at: datetime = MONDAY + timedelta(days=4),
    prefix: str = "ROW",
    **task: Any,
) -> list[Case]:
    """Write many cases at once, each with one task and its parties, and no trail."""
    version, revision = Version.objects.get(), Revision.objects.get()
    variant = Variant.objects.get()
    runs = Run.objects.bulk_create(
        Run(
            version=version,
            receiving_agency=world.centre,
            settling_agency=world.office,
            started_at=MONDAY,
        )
        for _ in range(count)
    )
    made = Case.objects.bulk_create(
        Case(
            code=f"{prefix}-{number:05}",
            submission_key=uuid4(),
            revision=revision,
            variant=variant,
            field=world.field,
            channel="COUNTER",
            receiving_agency=world.centre,
            settling_agency=world.office,
            run=run,
            status=status,
            law_date=MONDAY.date(),
            received_at=MONDAY,
            received_by_id=world.cuc.id,
            due_at=due_at,
            finished_at=LATER if status in {"DONE", "RETURNED"} else None,
        )
        for number, run in enumerate(runs)
    )
    Task.objects.bulk_create(
        Task(
            run=run,
            node="forward",
            name="Kiểm tra, chuyển hồ sơ",
            agency_id=agency_id or world.centre.pk,
            role=role,
            opened_at=MONDAY,
            **task,
        )
        for run in runs
    )
    Party.objects.bulk_create(
        Party(
            case=case,
            role=party,
            kind="PERSON",
            full_name=f"Người số {case.code}",
            search_name=vietnamese.fold(f"Người số {case.code}"),
        )
        for case in made
        for party in ("APPLICANT", "OWNER")
    )
    # What autovacuum does in a real database: without it these rows are planned for as if few.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE workflow_run, workflow_task, cases_case, cases_party")
    return made

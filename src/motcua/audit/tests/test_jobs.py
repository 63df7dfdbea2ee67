"""The jobs of the trail and of the queue, run by a real worker on the real queue."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AbstractUser
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.psycopg_connector import PsycopgConnector

from motcua.audit import jobs
from motcua.audit.models import DaySeal
from motcua.audit.queries import find_broken_seals
from motcua.audit.tests.tampering import run, write
from motcua.clock import queries as clock
from motcua.clock.actions import shift_clock
from motcua.engine.moments import VIETNAM

pytestmark = pytest.mark.django_db(transaction=True)
NEXT_MORNING = datetime(2023, 3, 7, 0, 30, tzinfo=VIETNAM)


@pytest.fixture(autouse=True)
def queue(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An empty queue, emptied again: its tables are none of Django's own."""
    # The worker's threads live on; their connections must not, or the database cannot be dropped.
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)
    yield
    run("TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE")
    clock.forget()


def work() -> None:
    """Let a worker do all that waits, and nothing that is due by the true clock at this minute."""
    connector = PsycopgConnector(kwargs=connector_params())
    with app.replace_connector(connector) as real:
        periodic, real.periodic_registry.periodic_tasks = (
            real.periodic_registry.periodic_tasks,
            {},
        )
        try:
            real.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
        finally:
            real.periodic_registry.periodic_tasks = periodic


def jobs_of(task: Any) -> list[tuple[str, int]]:
    """Return the state and the attempts of the jobs of a task."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT status::text, attempts FROM procrastinate_jobs WHERE task_name = %s ORDER BY id",
            [task.name],
        )
        return [(status, attempts) for status, attempts in cursor.fetchall()]


def next_time(task: Any, after: datetime) -> datetime:
    """Return when the queue puts a task in next; it reckons in seconds, and in UTC."""
    known = app.periodic_registry.periodic_tasks.items()
    schedule = next(periodic.croniter for (name, _id), periodic in known if name == task.name)
    return datetime.fromtimestamp(schedule.get_next(float, start_time=after.timestamp()), VIETNAM)


def test_a_worker_seals_yesterday_by_the_clock_here_and_only_once(writer: AbstractUser) -> None:
    write(writer)
    shift_clock(shows=NEXT_MORNING, now=timezone.now())  # noqa: TID251
    jobs.seal_yesterday.defer()
    jobs.seal_yesterday.defer()

    work()

    seal = DaySeal.objects.get()
    assert (seal.day, seal.entry_count) == (date(2023, 3, 6), 4)
    assert {status for status, _attempts in jobs_of(jobs.seal_yesterday)} == {"succeeded"}
    assert list(find_broken_seals()) == []


def test_a_job_goes_with_the_transaction_that_asked_for_it(writer: AbstractUser) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        jobs.seal_yesterday.defer()
        raise RuntimeError

    assert jobs_of(jobs.seal_yesterday) == []


def test_the_day_is_sealed_half_an_hour_after_midnight_in_vietnam() -> None:
    midnight = datetime(2023, 3, 7, tzinfo=VIETNAM)

    assert next_time(jobs.seal_yesterday, midnight) == NEXT_MORNING


def leave_behind(worker_silent_for: timedelta, status: str = "doing") -> None:
    """Leave a job as a worker does that was killed in the middle of it."""
    run(
        "WITH killed AS (INSERT INTO procrastinate_workers (last_heartbeat)"
        " VALUES (now() - %s) RETURNING id)"
        " INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id, queueing_lock)"
        " SELECT 'default', %s, %s::procrastinate_job_status, id, 'one' FROM killed",
        worker_silent_for,
        jobs.seal_yesterday.name,
        status,
    )


def test_a_job_of_a_killed_worker_is_done_after_all(writer: AbstractUser) -> None:
    leave_behind(timedelta(minutes=5))
    jobs.retry_stalled_jobs.defer()

    work()

    assert jobs_of(jobs.seal_yesterday) == [("succeeded", 2)]
    assert DaySeal.objects.count() == 1


def test_a_job_of_a_worker_that_lives_is_left_alone(writer: AbstractUser) -> None:
    leave_behind(timedelta(seconds=10))
    jobs.retry_stalled_jobs.defer()

    work()

    assert jobs_of(jobs.seal_yesterday) == [("doing", 0)]


def test_a_stalled_job_whose_like_waits_does_not_stop_the_others(writer: AbstractUser) -> None:
    leave_behind(timedelta(minutes=5))
    run(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status, queueing_lock, scheduled_at)"
        " VALUES ('default', %s, 'todo', 'one', now() + interval '1 day')",
        jobs.seal_yesterday.name,
    )
    jobs.retry_stalled_jobs.defer()

    work()

    assert jobs_of(jobs.seal_yesterday) == [("doing", 0), ("todo", 0)]
    assert jobs_of(jobs.retry_stalled_jobs)[-1][0] == "succeeded"


def test_only_old_jobs_that_went_well_are_removed(writer: AbstractUser) -> None:
    old = timezone.now() - timedelta(days=40)  # noqa: TID251
    for status in ("succeeded", "failed"):
        run(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status)"
            " VALUES ('default', %s, 'doing')",
            status,
        )
    run("UPDATE procrastinate_jobs SET status = task_name::procrastinate_job_status")
    run("UPDATE procrastinate_events SET at = %s", old)
    jobs.remove_old_jobs.defer()

    work()

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_name FROM procrastinate_jobs WHERE task_name NOT LIKE 'motcua%'"
        )
        assert cursor.fetchall() == [("failed",)]

"""The jobs of the trail, which seal days that are over, and of the queue that runs them."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation

from motcua.audit import actions, queries
from motcua.clock import queries as clock

# A worker tells every 10 seconds that it lives.
SILENT_SECONDS = 120
KEPT_HOURS = 30 * 24


# Every hour at half past, and not once a night: the first time after midnight in Vietnam (00:30)
# seals the day, and an office that switches its machine off at night catches up in the morning.
# Schedules count in UTC, but every hour is every hour.
@app.periodic(cron="30 * * * *")
@app.task
def seal_yesterday(timestamp: int | None = None) -> str:
    """Seal the day before today in Vietnam, unless it is sealed; say what was done."""
    now = clock.now()
    yesterday = timezone.localtime(now).date() - timedelta(days=1)
    if queries.is_sealed(yesterday):
        return "sealed before"
    try:
        seal = actions.seal_day(day=yesterday, now=now)
    except actions.CannotSealDay:
        # Another worker was faster.
        return "sealed before"
    return f"sealed {seal.entry_count} entries"


@app.periodic(cron="*/5 * * * *")
@app.task
async def retry_stalled_jobs(timestamp: int | None = None) -> int:
    """Put the jobs of workers that were killed back into the queue; return how many.

    One whose like already waits there stays as it is until that one is done.
    """
    count = 0
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS):
        with suppress(UniqueViolation):
            await app.job_manager.retry_job(job)
            count += 1
    return count


@app.periodic(cron="45 * * * *")
@app.task
async def remove_old_jobs(timestamp: int | None = None) -> None:
    """Remove jobs that went well more than a month ago, so that the queue stays small."""
    await app.job_manager.delete_old_jobs(nb_hours=KEPT_HOURS)

"""The health page: whether the database answers and how long the queue of jobs is."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError, InterfaceError, connection, transaction
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

_QUEUE = """
SELECT count(*) FILTER (WHERE job.status = 'todo'),
       count(*) FILTER (WHERE job.status = 'doing'),
       count(*) FILTER (WHERE job.status = 'failed'),
       (SELECT count(*) FROM procrastinate_workers
         WHERE last_heartbeat > now() - interval '30 seconds'),
       (SELECT extract(epoch FROM now() - min(greatest(event.at, due.scheduled_at)))::float8
          FROM procrastinate_jobs AS due
          JOIN procrastinate_events AS event ON event.job_id = due.id AND event.type = 'deferred'
         WHERE due.status = 'todo' AND coalesce(due.scheduled_at <= now(), true))
  FROM procrastinate_jobs AS job
 WHERE job.status IN ('todo', 'doing', 'failed')
"""


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database and the queue answer, 503 when one of them does not."""
    health = read_health()
    return JsonResponse(health, status=200 if health["status"] == "ok" else 503)


def read_health() -> dict[str, Any]:
    """Return the state of the database and of the queue; what is unknown is None, never zero."""
    queue: dict[str, Any] = dict.fromkeys(
        ("waiting", "doing", "failed", "workers", "oldest_waiting_seconds")
    )
    database: dict[str, Any] = {"ok": False, "version": None}
    health = {"status": "failing", "database": database, "queue": queue}
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            # A health page that hangs with the database is of no use to whoever watches it.
            cursor.execute("SET LOCAL statement_timeout = '3s'")
            cursor.execute("SELECT current_setting('server_version')")
            database.update(ok=True, version=cursor.fetchone()[0].split()[0])
            cursor.execute(_QUEUE)
            queue.update(zip(queue, cursor.fetchone(), strict=True))
    except (DatabaseError, InterfaceError):
        return health
    health["status"] = "ok"
    return health

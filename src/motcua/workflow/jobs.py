"""The jobs of workflows: agencies that let their time run out are noted as silent."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from motcua.clock import queries as clock
from motcua.people import queries as people
from motcua.workflow import actions, change_queries

logger = logging.getLogger(__name__)


# Each is a transaction of its own: a worker that is killed leaves the rest to the next minute.
@app.periodic(cron="* * * * *")
@app.task
def note_silence(timestamp: int | None = None) -> str:
    """Note every agency whose time to answer has run out; say how many."""
    now = clock.now()
    waiting = change_queries.list_silent(now)
    noted = 0
    for ask_id in waiting:
        try:
            noted += bool(
                actions.record_silence(officer=people.get_system(), ask_id=ask_id, now=now)
            )
        except Exception:
            logger.exception("Ask %s could not be noted as silent", ask_id)
    return f"{noted} silent"

"""The jobs of cases: timers that are due, tasks of the system, recounts of many cases."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from motcua.cases import (
    actions,
    dissolution_queries,
    mass_queries,
    migration_queries,
    queries,
    rehearsal_queries,
    reminder_queries,
)
from motcua.clock import queries as clock
from motcua.lawbook import queries as lawbook
from motcua.people import queries as people
from motcua.workflow import queries as workflow

logger = logging.getLogger(__name__)


# What waits are rows, and each is closed by the statement that moves its case: a worker that is
# killed leaves them open for the next minute, and two workers at once move a case once.
@app.periodic(cron="* * * * *")
@app.task
def go_on(timestamp: int | None = None) -> str:
    """Let due timers go off and carry out the system's tasks; say how many of each."""
    now = clock.now()
    timers = _each(queries.list_due_timers(now), actions.fire_timer, now=now)
    services = _each(workflow.list_open_services(), actions.carry_out, now=now)
    return f"{timers} timers, {services} services"


@app.periodic(cron="*/5 * * * *")
@app.task
def enter_in_registers(timestamp: int | None = None) -> str:
    """Enter in the registers what was received since the last time; say how many lines."""
    return f"{actions.enter_waiting(now=clock.now())} lines"


# Where a worker is killed in between, or two are at it, the work moved stays moved and the rest waits.
@app.periodic(cron="*/5 * * * *")
@app.task(lock="dissolve")
def take_dissolutions_into_effect(timestamp: int | None = None) -> str:
    """Move the work of agencies whose last day is over, once working time begins; say how many cases."""
    lawbook.refresh_decisions()
    now = clock.now()
    due = dissolution_queries.list_due(now=now)
    system = people.get_system() if due else None
    moved = 0
    for dissolution_id in due:
        assert system is not None
        try:
            moved += actions.take_effect(officer=system, dissolution_id=dissolution_id, now=now)
        except Exception:
            # One that breaks is undone, told and tried again; it holds up no other.
            logger.exception("Dissolution %s broke off", dissolution_id)
    return f"{moved} cases"


def _each(task_ids: list[int], action: Callable[..., Any], *, now: datetime) -> int:
    """Do each in a transaction of its own: one that cannot go on holds up no other."""
    if not task_ids:
        return 0
    system = people.get_system()
    done = 0
    for task_id in task_ids:
        try:
            action(officer=system, task_id=task_id, now=now)
        except (actions.CannotFireTimer, actions.CannotCarryOut) as refusal:
            logger.warning("Task %s waits on: %s", task_id, refusal)
        except Exception:
            # Whatever breaks, in an area above too: it is undone, told, and tried again in a minute.
            logger.exception("Task %s broke off", task_id)
        else:
            done += 1
    return done


# Cases that a decision on days off or a suspension touches are counted again a few at a time, so
# that a worker that is killed loses nothing, and another takes over within a minute.
CASES_AT_ONCE = 50


@app.periodic(cron="* * * * *")
@app.task(lock="recount_many")
def recount_many(timestamp: int | None = None) -> str:
    """Count again what decisions and suspensions touch, until all is done; say how many there were."""
    lawbook.refresh_decisions()
    waiting = mass_queries.list_unfinished()
    for mass_id in waiting:
        while actions.recount_next(mass_id=mass_id, most=CASES_AT_ONCE, now=clock.now()):
            pass
    return f"{len(waiting)} recounts"


# Each case is a transaction with its own result: a worker that is killed leaves the rest waiting.
@app.periodic(cron="* * * * *")
@app.task(lock="migrate")
def migrate_waiting(timestamp: int | None = None) -> str:
    """Move the cases of started migrations, and take back those of undone ones; say how many."""
    lawbook.refresh_decisions()
    waiting = migration_queries.list_unfinished()
    for migration_id, is_undo in waiting:
        go_on_with = actions.undo_next if is_undo else actions.migrate_next
        while go_on_with(migration_id=migration_id, most=CASES_AT_ONCE, now=clock.now()):
            pass
    return f"{len(waiting)} migrations"


# A rehearsal stores nothing before its end, so one that was killed begins anew within a minute.
@app.periodic(cron="* * * * *")
@app.task(lock="rehearse")
def rehearse_waiting(timestamp: int | None = None) -> str:
    """Play the drafts that wait to be rehearsed; say how many there were."""
    lawbook.refresh_decisions()
    waiting = rehearsal_queries.list_unfinished()
    for rehearsal_id in waiting:
        try:
            actions.carry_out_rehearsal(rehearsal_id=rehearsal_id, now=clock.now())
        except Exception:
            # Tried again it would break off again: whoever asked is told, and may ask anew.
            logger.exception("Rehearsal %s broke off", rehearsal_id)
            actions.break_off_rehearsal(
                rehearsal_id=rehearsal_id,
                refusal=_("Diễn tập bị dừng vì lỗi của hệ thống. Hãy báo quản trị viên."),
                now=clock.now(),
            )
    return f"{len(waiting)} rehearsals"


MOST_REMINDERS = 500


# Each reminder is a transaction: a worker that is killed leaves the rest to the next time, and what
# is more than a tick can tell waits for it too.
@app.periodic(cron="*/5 * * * *")
@app.task
def remind(timestamp: int | None = None) -> str:
    """Remind of due times that come near or have passed, and greet units in the morning."""
    lawbook.refresh_decisions()
    now = clock.now()
    system = people.get_system()
    due = list(islice(reminder_queries.list_to_remind(now=now), MOST_REMINDERS))
    done = 0
    for case_id, point, due_at in due:
        try:
            actions.remind(officer=system, case_id=case_id, point=point, due_at=due_at, now=now)
        except actions.CannotRemind as refusal:
            logger.info("Case %s: %s", case_id, refusal)
        else:
            done += 1
    mornings = reminder_queries.list_mornings(now=now)
    if mornings:
        actions.greet_units(officer=system, mornings=mornings, now=now)
    return f"{done} reminders"

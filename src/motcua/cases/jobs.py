"""The jobs of cases: timers that are due, recounts of many cases, statuses for other systems."""

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
    sending_queries,
)
from motcua.cases.receiver import NotDelivered, Receiver, Refused
from motcua.clock import queries as clock
from motcua.engine.forwarded import write_status
from motcua.engine.moments import local
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


MOST_STATUSES = 200


# What waits are rows: a worker that is killed after the other system took a status sends it again
# under the same key. The lock keeps two workers from sending one status at once.
@app.periodic(cron="* * * * *")
@app.task(lock="send_statuses")
def send_statuses(timestamp: int | None = None) -> str:
    """Tell other systems the statuses that wait for them; say how many were taken."""
    from motcua.cases.portal_adapter import PortalAdapter  # noqa: PLC0415 - slow to load

    now = clock.now()
    by_system: dict[str, list[sending_queries.ToSend]] = {}
    for outgoing_id in sending_queries.list_due(now=now, most=MOST_STATUSES):
        if found := sending_queries.find_to_send(outgoing_id):
            by_system.setdefault(found.source, []).append(found)
    taken = 0
    rules = sending_queries.sending_rules(local(now).date())
    for source, waiting in by_system.items():
        with PortalAdapter(sending_queries.systems()[source], wait=rules.wait) as receiver:
            for one in waiting:
                # Of a system that does not answer the rest waits for the next time, not one by one.
                if (was_taken := _send(one, receiver)) is None:
                    break
                taken += was_taken
    return f"{taken} statuses"


def _send(one: sending_queries.ToSend, receiver: Receiver) -> bool | None:
    """Tell one status and note how it went; say whether it was taken, None when nobody knows."""
    system = people.get_system()
    try:
        receiver.tell(write_status(one.message), key=one.key)
    except Refused as refusal:
        actions.note_refused(
            officer=system, outgoing_id=one.id, reason=str(refusal), now=clock.now()
        )
    except NotDelivered as failure:
        actions.note_failed(
            officer=system, outgoing_id=one.id, reason=str(failure), now=clock.now()
        )
        return None
    else:
        actions.note_sent(officer=system, outgoing_id=one.id, now=clock.now())
        return True
    return False

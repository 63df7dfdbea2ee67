"""Gives out the numbers of the queue before a counter, and calls them: who goes first says law/parties."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from motcua.audit import actions as audit
from motcua.cases import queue_queries, shift_queries
from motcua.cases.models import QueueDay, QueueTicket
from motcua.people import actions as people_actions
from motcua.people import queries as people


class CannotCall(Exception):
    """There is no number to call, or it was called already."""


@transaction.atomic(durable=True)
def take_number(
    *, officer: people.Person, agency_id: int, goes_first: bool = False, now: datetime
) -> QueueTicket:
    """Give out the next number of the day: without gaps, however many machines ask at once."""
    people_actions.require(officer, "cases.receive", now=now, agency_id=agency_id)
    day = people.day_of(now)
    QueueDay.objects.bulk_create([QueueDay(agency_id=agency_id, day=day)], ignore_conflicts=True)
    queue = QueueDay.objects.select_for_update().get(agency_id=agency_id, day=day)
    queue.last_number += 1
    queue.save(update_fields=["last_number"])
    ticket = QueueTicket(queue=queue, number=queue.last_number, goes_first=goes_first, taken_at=now)
    ticket.save(force_insert=True)
    return ticket


@transaction.atomic(durable=True)
def call_next(
    *, officer: people.Person, agency_id: int, window: str = "", now: datetime
) -> QueueTicket:
    """Call the next number to the clerk's window, and be done with the one before.

    Two clerks at one moment get two numbers. Raises CannotCall when nobody waits, or when
    the clerk has handed their shift over.
    """
    people_actions.require(officer, "cases.receive", now=now, agency_id=agency_id)
    ended_at = shift_queries.find_end(officer.id, agency_id=agency_id, now=now)
    if ended_at is not None:
        raise CannotCall(shift_queries.ended_words(ended_at))
    _finish_current(officer, agency_id, was_absent=False, now=now)
    waiting = queue_queries.list_waiting(agency_id, now=now)
    ticket = waiting.select_for_update(skip_locked=True, of=("self",)).first()
    if ticket is None:
        raise CannotCall(_("Không còn ai chờ. Số mới sẽ hiện khi có người lấy số."))
    ticket.called_at, ticket.called_by_id, ticket.window = now, officer.id, window.strip()[:20]
    ticket.save(update_fields=["called_at", "called_by", "window"])
    audit.record(
        event="queue.called",
        subject=f"queue:{agency_id}:{people.day_of(now):%Y-%m-%d}",
        actor_id=officer.id,
        at=now,
        facts={"number": ticket.number, "window": ticket.window},
    )
    return ticket


@transaction.atomic(durable=True)
def finish_number(
    *, officer: people.Person, agency_id: int, was_absent: bool, now: datetime
) -> QueueTicket:
    """Be done with the number that the clerk called: served, or nobody came. Raises CannotCall."""
    people_actions.require(officer, "cases.receive", now=now, agency_id=agency_id)
    ticket = _finish_current(officer, agency_id, was_absent=was_absent, now=now)
    if ticket is None:
        raise CannotCall(_("Anh/chị chưa gọi số nào. Hãy bấm “Gọi số tiếp theo”."))
    return ticket


def _finish_current(
    officer: people.Person, agency_id: int, *, was_absent: bool, now: datetime
) -> QueueTicket | None:
    ticket = queue_queries.find_current(officer, agency_id, now=now)
    if ticket is None:
        return None
    ticket.served_at, ticket.was_absent = now, was_absent
    ticket.save(update_fields=["served_at", "was_absent"])
    return ticket

"""How tests write a trail, and how they tamper with it as only the owner of the tables can."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import connection, transaction

from motcua.audit import actions
from motcua.audit.chain import START, Link
from motcua.audit.models import Entry, Head
from motcua.engine.moments import VIETNAM

MONDAY = datetime(2023, 3, 6, 9, 0, tzinfo=VIETNAM)


def write(
    writer: AbstractUser, subject: str = "case:1", count: int = 4, at: datetime = MONDAY
) -> None:
    """Write a chain of entries, one a minute."""
    for number in range(1, count + 1):
        with transaction.atomic():
            actions.record(
                event="case.step_completed",
                subject=subject,
                actor_id=writer.pk,
                at=at + timedelta(minutes=number),
                because=f"Bước {number} xong",
                facts={"task": number, "opened": ["thẩm định", None], "is_last": False},
            )


@contextmanager
def without_triggers() -> Iterator[None]:
    """Let the owner of the tables change what is written."""
    # A table with checks still to come cannot be altered.
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_is_append_only")
    run("ALTER TABLE audit_dayseal DISABLE TRIGGER audit_dayseal_is_append_only")
    yield
    run("ALTER TABLE audit_entry ENABLE TRIGGER audit_entry_is_append_only")
    run("ALTER TABLE audit_dayseal ENABLE TRIGGER audit_dayseal_is_append_only")


def run(sql: str, *params: Any) -> None:
    """Run a statement as the owner."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def hash_again(subject: str) -> None:
    """Make a chain consistent again from its first entry to its head, as a clever forger would."""
    previous = START
    for entry in Entry.objects.filter(subject=subject).order_by("number"):
        link = Link(
            subject=entry.subject,
            number=entry.number,
            happened_at=entry.happened_at,
            actor_id=entry.actor_id,
            event=entry.event,
            because=entry.because,
            facts=entry.facts,
            previous_hash=previous,
        )
        Entry.objects.filter(pk=entry.pk).update(previous_hash=previous, hash=link.hash)
        previous = link.hash
    Head.objects.filter(subject=subject).update(hash=previous)

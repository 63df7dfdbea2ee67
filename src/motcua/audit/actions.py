"""What can be done to the audit trail: add to it, note a read, seal a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.audit.chain import START, Link, check_link
from motcua.audit.models import DaySeal, Entry, Head, Read
from motcua.audit.queries import end_of_day, seal_hash
from motcua.audit.statement import (
    IF_UNMOVED,
    TrailHasMoved,
    Write,
    execute,
    text_array,
    to_json,
)

__all__ = [
    "IF_UNMOVED",
    "CannotSealDay",
    "Link",
    "TrailHasMoved",
    "Write",
    "hold",
    "hold_many",
    "note_read",
    "record",
    "record_many",
    "seal_day",
    "text_array",
    "to_json",
    "write_together",
]

write_together = execute


class CannotSealDay(Exception):
    """The day is not over, or is already sealed."""


def record(
    *,
    event: str,
    subject: str,
    actor_id: int,
    at: datetime,
    because: str = "",
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Append one entry to the subject's chain, in the caller's transaction.

    Raises CannotBeHashed for facts that the database would not keep as they are (a float, a date).
    """
    head = _lock_head(subject)
    if head is None:
        # A chain that has not begun has no row to wait at: two writers would both begin it.
        _wait_for(f"audit:{subject}")
        head = _lock_head(subject)
    link = Link(
        subject=subject,
        number=head.number + 1 if head else 1,
        happened_at=at,
        actor_id=actor_id,
        event=event,
        because=because,
        facts=facts or {},
        previous_hash=bytes(head.hash) if head else START,
    )
    execute(link=link)


def hold(subject: str) -> None:
    """Let nobody else add to a chain until the caller's transaction ends.

    Whoever changes what the chain tells of holds it first, before the rows: a statement of the hot
    path takes them in this order too, so that two changes at one moment never wait for each other.
    """
    _lock_head(subject)


def hold_many(subjects: Iterable[str]) -> dict[str, Head]:
    """Hold many chains that have begun, as `hold` does one, in one statement; return their ends.

    In the order of their names: two that hold many wait for each other and never lock each other out.
    """
    heads = Head.objects.select_for_update().filter(subject__in=list(subjects))
    return {head.subject: head for head in heads.order_by("subject")}


def record_many(
    *,
    event: str,
    facts: Mapping[str, Mapping[str, Any]],
    actor_id: int,
    at: datetime,
    because: str = "",
) -> None:
    """Append one entry to each of many chains that have begun, in three statements.

    `facts` says of each subject what its entry holds. In the caller's transaction; raises
    CannotBeHashed as `record` does, and KeyError for a chain that has not begun.
    """
    heads = hold_many(facts)
    links = [
        Link(
            subject=subject,
            number=heads[subject].number + 1,
            happened_at=at,
            actor_id=actor_id,
            event=event,
            because=because,
            facts=told,
            previous_hash=bytes(heads[subject].hash),
        )
        for subject, told in facts.items()
    ]
    for link in links:
        check_link(link)
    Entry.objects.bulk_create(_entry(link) for link in links)
    _move_heads(links)


def _entry(link: Link) -> Entry:
    return Entry(
        subject=link.subject,
        number=link.number,
        happened_at=link.happened_at,
        actor_id=link.actor_id,
        event=link.event,
        because=link.because,
        facts=dict(link.facts),
        previous_hash=link.previous_hash,
        hash=link.hash,
    )


def _move_heads(links: Sequence[Link]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE audit_head SET number = moved.number, hash = moved.hash
            FROM unnest(%s::text[], %s::int[], %s::bytea[]) AS moved(subject, number, hash)
            WHERE audit_head.subject = moved.subject""",
            [
                [link.subject for link in links],
                [link.number for link in links],
                [link.hash for link in links],
            ],
        )


def _lock_head(subject: str) -> Head | None:
    return Head.objects.select_for_update().filter(subject=subject).first()


def _wait_for(name: str) -> None:
    """Let only one transaction at a time past this point for a name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def note_read(
    *,
    subject: str,
    actor_id: int,
    at: datetime,
    what: str,
    was_allowed: bool,
    note: str = "",
) -> None:
    """Note that someone opened a record with personal data, or was refused."""
    Read.objects.create(
        happened_at=at,
        actor_id=actor_id,
        subject=subject,
        what=what,
        was_allowed=was_allowed,
        note=note,
    )


@transaction.atomic(durable=True)
def seal_day(*, day: date, now: datetime) -> DaySeal:
    """Seal a finished day: one hash over all entries since the last seal, chained to it.

    Raises CannotSealDay when the day is not over in Vietnam, or is sealed.
    """
    if day >= timezone.localtime(now).date():
        raise CannotSealDay(
            _("Ngày %(day)s chưa kết thúc nên chưa thể niêm phong nhật ký.")
            % {"day": f"{day:%d/%m/%Y}"}
        )
    # Not a row lock: that needs the right to update seals, which the application does not have.
    _wait_for("audit:seal")
    last = DaySeal.objects.order_by("-day").first()
    if last is not None and last.day >= day:
        raise CannotSealDay(
            _("Nhật ký ngày %(day)s đã được niêm phong.") % {"day": f"{day:%d/%m/%Y}"}
        )
    after = end_of_day(last.day) if last else None
    count, digest = seal_hash(
        previous=bytes(last.hash) if last else START, after=after, until=end_of_day(day)
    )
    return DaySeal.objects.create(day=day, entry_count=count, hash=digest, sealed_at=now)

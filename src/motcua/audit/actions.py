"""What can be done to the audit trail: add to it, note a read, seal a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from motcua.audit.chain import START, Link
from motcua.audit.models import DaySeal, Head, Read
from motcua.audit.queries import end_of_day, seal_hash
from motcua.audit.statement import Write, execute

__all__ = ["CannotSealDay", "Link", "Write", "note_read", "record", "seal_day", "write_together"]

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
    """Append one entry to the subject's chain, in the caller's transaction."""
    head = Head.objects.select_for_update().filter(subject=subject).first()
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
    """Seal a finished day: one hash over all entries since the last seal, chained to it."""
    if day >= timezone.localtime(now).date():
        msg = f"Ngày {day:%d/%m/%Y} chưa kết thúc nên chưa thể niêm phong nhật ký."
        raise CannotSealDay(msg)
    last = DaySeal.objects.select_for_update().order_by("-day").first()
    if last is not None and last.day >= day:
        msg = f"Nhật ký ngày {day:%d/%m/%Y} đã được niêm phong."
        raise CannotSealDay(msg)
    after = end_of_day(last.day) if last else None
    count, digest = seal_hash(
        previous=bytes(last.hash) if last else START, after=after, until=end_of_day(day)
    )
    return DaySeal.objects.create(day=day, entry_count=count, hash=digest, sealed_at=now)

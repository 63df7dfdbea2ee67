"""What can be done with notices: tell people something once, mark it read, take that back.

Notices have no entries in the trail: they tell of changes that have their own, and are never changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from motcua.messages import queries
from motcua.messages.models import CitizenMessage, Notice, Reading
from motcua.people import queries as people


@dataclass(frozen=True, kw_only=True, slots=True)
class News:
    """What to tell, to whom (a person, or a role at an agency), and by which key only once."""

    once_key: str
    path: str
    text_vi: str
    text_en: str
    person_id: int | None = None
    agency_id: int | None = None
    role: str = ""


# Not durable: whoever tells does so in the transaction of what there is to tell.
@transaction.atomic
def tell(*, news: Iterable[News], now: datetime) -> None:
    """Tell people what is new; what was told under the same key is not told again.

    For other areas, which know who should hear it. Sorted by key: two workers who tell the same
    wait for each other instead of locking each other out.
    """
    Notice.objects.bulk_create(
        (
            Notice(
                person_id=one.person_id,
                agency_id=one.agency_id,
                role=one.role,
                path=one.path,
                text_vi=one.text_vi,
                text_en=one.text_en,
                once_key=one.once_key,
                created_at=now,
            )
            for one in sorted(news, key=lambda one: one.once_key)
        ),
        ignore_conflicts=True,
    )


# Not durable either: an act and what the citizen is told of it stand or fall together.
@transaction.atomic
def tell_citizen(*, subject: str, once_key: str, phone: str, text: str, now: datetime) -> None:
    """Put a message to a citizen into the outbox; the same key a second time adds nothing."""
    message = CitizenMessage(
        subject=subject, once_key=once_key, phone=phone, text=text, created_at=now
    )
    CitizenMessage.objects.bulk_create([message], ignore_conflicts=True)


@transaction.atomic(durable=True)
def mark_read(*, officer: people.Person, notice_id: int, now: datetime) -> Notice:
    """Mark one's own notice as read and return it; reading it again changes nothing."""
    notice = queries.get_notice(officer, notice_id, now=now)
    Reading.objects.bulk_create(
        [Reading(notice=notice, person_id=officer.id, read_at=now)], ignore_conflicts=True
    )
    return notice


@transaction.atomic(durable=True)
def mark_all_read(*, officer: people.Person, now: datetime) -> int:
    """Mark all one's own notices as read, and return how many were not."""
    unread = list(queries.list_unread(officer, now=now).values_list("pk", flat=True))
    Reading.objects.bulk_create(
        (Reading(notice_id=pk, person_id=officer.id, read_at=now) for pk in unread),
        ignore_conflicts=True,
    )
    return len(unread)


@transaction.atomic(durable=True)
def mark_unread(*, officer: people.Person, read_at: datetime) -> int:
    """Take back what oneself marked as read at that moment, and return how many."""
    count, _by_table = Reading.objects.filter(person_id=officer.id, read_at=read_at).delete()
    return count

"""What can be asked of the audit trail: a subject's history, and whether every chain holds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.audit.chain import START, Link
from motcua.audit.models import DaySeal, Entry, Head, Read
from motcua.audit.statement import fetch_one

__all__ = [
    "BrokenChain",
    "count_entries",
    "count_seals",
    "end_of_day",
    "fetch_one",
    "find_break",
    "find_broken_chains",
    "find_broken_seals",
    "is_sealed",
    "list_entries",
    "list_reads",
    "seal_hash",
]


@dataclass(frozen=True, kw_only=True, slots=True)
class BrokenChain:
    """The first entry at which a chain does not hold, and what is wrong with it."""

    subject: str
    number: int
    reason: str


def list_entries(subject: str) -> QuerySet[Entry]:
    """Return a subject's history, oldest first, each entry with its actor."""
    return Entry.objects.filter(subject=subject).select_related("actor").order_by("number")


def count_acts(*, actor_id: int, event: str, since: datetime, until: datetime) -> int:
    """Return how often a person did something, from a moment on and up to another."""
    return Entry.objects.filter(
        happened_at__gte=since, happened_at__lte=until, actor_id=actor_id, event=event
    ).count()


def list_reads(subject: str) -> QuerySet[Read]:
    """Return who opened a subject, newest first."""
    return Read.objects.filter(subject=subject).select_related("actor").order_by("-happened_at")


def list_reads_of(subjects: Iterable[str]) -> QuerySet[Read]:
    """Return who opened any of some subjects, newest first."""
    found = Read.objects.filter(subject__in=list(subjects)).select_related("actor")
    return found.order_by("-happened_at", "-id")


def count_entries() -> int:
    """Return how many entries the trail holds."""
    return Entry.objects.count()


def find_broken_chains() -> Iterator[BrokenChain]:
    """Check every chain link by link; yield, for each that does not hold, its first broken entry."""
    heads = {
        head.subject: (head.number, bytes(head.hash)) for head in Head.objects.all().iterator()
    }
    rows = Entry.objects.order_by("subject", "number").iterator(chunk_size=5000)
    for subject, entries in groupby(rows, key=lambda entry: entry.subject):
        broken = _check_chain(subject, entries, heads.pop(subject, None))
        if broken is not None:
            yield broken
    for subject in sorted(heads):
        yield BrokenChain(subject=subject, number=1, reason=_("mất toàn bộ dấu vết"))


def find_break(subject: str, entries: Sequence[Entry]) -> BrokenChain | None:
    """Check one chain, given all of its entries in order; return where it breaks, or None."""
    head = Head.objects.filter(subject=subject).first()
    end = (head.number, bytes(head.hash)) if head else None
    return _check_chain(subject, iter(entries), end)


def _check_chain(
    subject: str, entries: Iterator[Entry], head: tuple[int, bytes] | None
) -> BrokenChain | None:
    previous, number = START, 0
    for entry in entries:
        number += 1
        if entry.number != number:
            return BrokenChain(subject=subject, number=number, reason=_("thiếu một dòng"))
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
        if bytes(entry.previous_hash) != previous:
            return BrokenChain(subject=subject, number=number, reason=_("không nối với dòng trước"))
        if link.hash != bytes(entry.hash):
            return BrokenChain(subject=subject, number=number, reason=_("nội dung đã bị sửa"))
        previous = link.hash
    if head is None:
        return BrokenChain(subject=subject, number=number, reason=_("mất dấu cuối chuỗi"))
    if head[0] > number:
        return BrokenChain(
            subject=subject, number=number + 1, reason=_("phần cuối chuỗi đã bị cắt")
        )
    if head != (number, previous):
        return BrokenChain(subject=subject, number=number, reason=_("dấu cuối chuỗi đã bị sửa"))
    return None


def end_of_day(day: date) -> datetime:
    """Return the first moment after a day in Vietnam."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), datetime.min.time()))


def seal_hash(*, previous: bytes, after: datetime | None, until: datetime) -> tuple[int, bytes]:
    """Return how many entries happened in a span, and the hash over them chained to `previous`."""
    rows = Entry.objects.filter(happened_at__lt=until).order_by("pk")
    if after is not None:
        rows = rows.filter(happened_at__gte=after)
    digest, count = hashlib.sha256(previous), 0
    for entry_hash in rows.values_list("hash", flat=True).iterator(chunk_size=5000):
        digest.update(bytes(entry_hash))
        count += 1
    return count, digest.digest()


def find_broken_seals() -> Iterator[BrokenChain]:
    """Compute every daily seal again; yield each that no longer fits its entries."""
    previous, after = START, None
    for seal in DaySeal.objects.order_by("day"):
        until = end_of_day(seal.day)
        count, digest = seal_hash(previous=previous, after=after, until=until)
        if (count, digest) != (seal.entry_count, bytes(seal.hash)):
            yield BrokenChain(
                subject=f"seal:{seal.day}", number=1, reason=_("các dòng trong ngày đã bị sửa")
            )
        previous, after = bytes(seal.hash), until


def is_sealed(day: date) -> bool:
    """Say whether the trail is sealed up to the end of a day."""
    return DaySeal.objects.filter(day__gte=day).exists()


def count_seals() -> int:
    """Return how many days are sealed."""
    return DaySeal.objects.count()

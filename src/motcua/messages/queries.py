"""What can be asked about notices: those of a person, and how many are unread."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.messages.models import CitizenMessage, Notice, Reading
from motcua.people import queries as people


class NoSuchNotice(LookupError):
    """There is no such notice, or it is somebody else's."""


def list_notices(person: people.Person, *, now: datetime) -> QuerySet[Notice]:
    """Return the notices to a person and to the posts they hold now, newest first.

    A post brings the notices since its first day. Each row has `read_at`, None while unread.
    """
    mine = Q(person_id=person.id)
    for post in person.posts_on(people.day_of(now)):
        since = timezone.make_aware(datetime.combine(post.starts_on, time()))
        mine |= Q(agency_id=post.agency_id, role=post.role, created_at__gte=since)
    readings = Reading.objects.filter(notice=OuterRef("pk"), person_id=person.id)
    return (
        Notice.objects.filter(mine)
        .select_related("agency")
        .annotate(read_at=Subquery(readings.values("read_at")[:1]))
        .order_by("-created_at", "-id")
    )


def list_citizen_messages(subject: str) -> QuerySet[CitizenMessage]:
    """Return what citizens were told about a subject, oldest first."""
    return CitizenMessage.objects.filter(subject=subject).order_by("created_at", "id")


def list_unread(person: people.Person, *, now: datetime) -> QuerySet[Notice]:
    """Return those of a person's notices that they have not read, newest first."""
    found: QuerySet[Any] = list_notices(person, now=now)
    return found.filter(read_at=None)


def count_unread(person: people.Person, *, now: datetime) -> int:
    """Return how many notices a person has not read. One query."""
    return list_unread(person, now=now).count()


def count_notices(person: people.Person, *, now: datetime) -> dict[str, int]:
    """Return, by state (unread, all), how many notices a person has. One query."""
    counts: dict[str, int] = (
        list_notices(person, now=now)
        .order_by()
        .aggregate(unread=Count("pk", filter=Q(read_at=None)), all=Count("pk"))
    )
    return counts


def get_notice(person: people.Person, notice_id: int, *, now: datetime) -> Notice:
    """Return one of a person's notices; raise NoSuchNotice when it is none of theirs."""
    found = list_notices(person, now=now).filter(pk=notice_id).first()
    if found is None:
        raise NoSuchNotice(
            _(
                "Không có thông báo này trong các thông báo của anh/chị. Hãy mở lại danh sách thông báo."
            )
        )
    return found

"""Which cases somebody has to be reminded of now, and what waits at each unit in the morning."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from motcua.cases import recounting
from motcua.cases.models import Case, HandBack, Reminder
from motcua.engine import deadlines, reminders
from motcua.engine.moments import local, midnight
from motcua.engine.worktime import CalendarEnds
from motcua.lawbook import queries as lawbook


def list_to_remind(*, now: datetime) -> Iterator[tuple[int, reminders.Point, datetime]]:
    """Yield id, point and due time of each open case of which nobody was reminded yet. One query.

    Nobody is reminded outside of the office hours of the unit that received the case; what comes
    then is yielded once the office opens.
    """
    told = Reminder.objects.filter(case=OuterRef("pk"), due_at=OuterRef("due_at"))
    waiting: QuerySet[Any] = (
        open_cases()
        .exclude(Exists(told.filter(point=reminders.Point.OVERDUE)))
        .annotate(told=ArraySubquery(told.values("point")))
        .select_related("receiving_agency")
        .order_by("due_at", "id")
    )
    for case in waiting.iterator(chunk_size=2000):
        point = due_point(case, now=now)
        if point is not None and point not in case.told:
            yield case.pk, point, case.due_at


def open_cases() -> QuerySet[Case]:
    """Return the cases whose clock runs and that are ours: the others hurry nobody here."""
    return Case.objects.filter(
        ~Exists(HandBack.objects.filter(case=OuterRef("pk"), taken_again_at=None)),
        finished_at=None,
        clock_stopped_at=None,
        status__in=[Case.Status.RECEIVED, Case.Status.PROCESSING],
    )


def due_point(case: Case, *, now: datetime) -> reminders.Point | None:
    """Return of what people are to be reminded now, or None: the last point that has come."""
    calendar = recounting.calendar_of(case)
    if not is_office_time(case.receiving_agency.code, now=now):
        return None
    if case.due_at < now:
        return reminders.Point.OVERDUE
    try:
        found = reminders.reminders(
            received_at=case.received_at,
            due_at=case.due_at,
            first_due_at=deadlines.due_at(
                received_at=case.received_at,
                limit=recounting.limit_of(case),
                calendar=calendar,
                rules=recounting.rules_of(case),
            ),
            calendar=calendar,
            rules=lawbook.get_reminder_rules(local(now).date()),
            norm_due_at=case.norm_due_at,
        )
    except CalendarEnds:
        return None
    reminder = reminders.latest(found, now=now)
    return reminder.point if reminder else None


def is_office_time(agency_code: str, *, now: datetime) -> bool:
    """Say whether an agency works now."""
    key = lawbook.office_hours_key_of(agency_code)
    return reminders.is_office_time(now, lawbook.get_calendar(office_hours_key=key))


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitMorning:
    """What waits for those who hold a role at an agency when their day begins."""

    agency_id: int
    role: str
    waiting: int
    due_today: int
    overdue: int


def list_mornings(*, now: datetime) -> list[UnitMorning]:
    """Return, for units that work now, what waited there when the day began. One query."""
    today = midnight(local(now).date())
    runs = Q(clock_stopped_at=None)
    rows = (
        Case.objects.filter(
            run__tasks__completed_at=None,
            run__tasks__kind="USER",
            run__tasks__opened_at__lt=today,
        )
        .values("run__tasks__agency_id", "run__tasks__agency__code", "run__tasks__role")
        .annotate(
            waiting=Count("run__tasks__id"),
            due_today=Count(
                "run__tasks__id",
                filter=runs & Q(due_at__gte=now, due_at__lt=today + timedelta(days=1)),
            ),
            overdue=Count("run__tasks__id", filter=runs & Q(due_at__lt=now)),
        )
        .order_by("run__tasks__agency_id", "run__tasks__role")
    )
    return [
        UnitMorning(
            agency_id=row["run__tasks__agency_id"],
            role=row["run__tasks__role"],
            waiting=row["waiting"],
            due_today=row["due_today"],
            overdue=row["overdue"],
        )
        for row in rows
        if is_office_time(row["run__tasks__agency__code"], now=now)
    ]

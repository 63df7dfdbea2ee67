"""A clerk's shift at a counter: what was done in it, whether it has ended, and who takes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from django.db.models import Count, F, Max, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.audit import queries as audit
from motcua.cases import queries
from motcua.cases.models import Case, QueueTicket, ShiftHandOver
from motcua.engine.moments import at
from motcua.people import absence_queries
from motcua.people import queries as people


class NoSuchShift(LookupError):
    """No hand-over of a shift has this number, or it is none of this person's counters."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ShiftReport:
    """What a clerk did at a counter since their shift began, and what lies with them."""

    starts_at: datetime
    received: int
    returned: int
    called: int
    absent: int
    # What the catalogue charges for the cases received; what was taken is counted by hand.
    due_vnd: int
    papers: tuple[Case, ...]


def report_shift(officer: people.Person, *, agency_id: int, now: datetime) -> ShiftReport:
    """Return the report of the shift that a clerk is in at a counter. Five queries."""
    starts_at = _start(officer.id, agency_id=agency_id, now=now)
    received = Case.objects.filter(
        receiving_agency_id=agency_id,
        received_by_id=officer.id,
        received_at__gte=starts_at,
        received_at__lte=now,
    )
    tickets = QueueTicket.objects.filter(
        queue__agency_id=agency_id,
        queue__day=people.day_of(now),
        called_by_id=officer.id,
        called_at__gte=starts_at,
    ).aggregate(called=Count("pk"), absent=Count("pk", filter=Q(was_absent=True)))
    money = received.aggregate(
        received=Count("pk", distinct=True),
        due=Sum("revision__channels__fee_vnd", filter=Q(revision__channels__kind=F("channel"))),
    )
    return ShiftReport(
        starts_at=starts_at,
        received=money["received"],
        returned=audit.count_acts(
            actor_id=officer.id, event="case.returned", since=starts_at, until=now
        ),
        called=tickets["called"],
        absent=tickets["absent"],
        due_vnd=int(money["due"] or 0),
        papers=tuple(_papers_with(officer.id, agency_id=agency_id)),
    )


def _start(clerk_id: int, *, agency_id: int, now: datetime) -> datetime:
    """Return when the clerk's shift began: with the day, or when they last came back on it."""
    day = people.day_of(now)
    came_back = ShiftHandOver.objects.filter(
        agency_id=agency_id, clerk_id=clerk_id, day=day, resumed_at__isnull=False
    ).aggregate(last=Max("given_at"))["last"]
    return came_back or at(day, time(0, 0))


def _papers_with(clerk_id: int, *, agency_id: int) -> QuerySet[Case]:
    """Return the cases that wait at the counter for a clerk's step and that this clerk received."""
    return queries.with_names(
        Case.objects.filter(
            run__tasks__completed_at=None,
            run__tasks__role="CLERK",
            run__tasks__agency_id=agency_id,
            receiving_agency_id=agency_id,
            received_by_id=clerk_id,
        ).distinct()
    ).order_by("due_at", "code")


def list_papers(hand_over: ShiftHandOver) -> QuerySet[Case]:
    """Return the cases whose papers were handed over, by code."""
    return queries.with_names(Case.objects.filter(code__in=hand_over.case_codes)).order_by("code")


def find_end(clerk_id: int, *, agency_id: int, now: datetime) -> datetime | None:
    """Return when the clerk handed today's shift over, unless they are in it."""
    found = find_ended(clerk_id, agency_id=agency_id, now=now)
    return None if found is None else found.given_at


def find_ended(
    clerk_id: int, *, agency_id: int, now: datetime, until: datetime | None = None
) -> ShiftHandOver | None:
    """Return the hand-over that ended the clerk's shift today, unless it was declined or they came back.

    With `until`, that of the day of `now` as it stood at that later moment.
    """
    return (
        ShiftHandOver.objects.filter(
            agency_id=agency_id,
            clerk_id=clerk_id,
            day=people.day_of(now),
            declined_at=None,
            resumed_at=None,
            given_at__lte=until or now,
        )
        .select_related("next_clerk")
        .first()
    )


def ended_words(at_: datetime) -> str:
    """Say to a clerk whose shift has ended why nothing was done, and what to do."""
    return _(
        "Ca của anh/chị đã bàn giao lúc %(at)s nên không tiếp nhận thêm được. Nếu còn làm tiếp, hãy mở trang "
        "“Bàn giao ca” và bấm “Vào ca lại”."
    ) % {"at": f"{timezone.localtime(at_):%H:%M}"}


def list_offered(officer: people.Person, *, agency_id: int) -> QuerySet[ShiftHandOver]:
    """Return the shifts that wait for this clerk to accept them, the oldest first."""
    return (
        ShiftHandOver.objects.filter(
            agency_id=agency_id,
            next_clerk_id=officer.id,
            accepted_at=None,
            declined_at=None,
            resumed_at=None,
        )
        .select_related("clerk")
        .order_by("given_at")
    )


def list_latest(agency_id: int) -> QuerySet[ShiftHandOver]:
    """Return the hand-overs of a counter, the latest first."""
    found = ShiftHandOver.objects.filter(agency_id=agency_id)
    return found.select_related("clerk", "next_clerk").order_by("-given_at", "-id")


def list_next_clerks(
    officer: people.Person, *, agency_id: int, now: datetime
) -> list[tuple[int, str]]:
    """Return who may take the shift: the other clerks with a post at the counter today."""
    on_duty = absence_queries.list_qualified([agency_id], on=people.day_of(now))
    others = {
        (person_id, name)
        for person_id, name, _agency, role in on_duty
        if role == "CLERK" and person_id != officer.id
    }
    return sorted(others, key=lambda one: one[1])


def get_shift(officer: people.Person, hand_over_id: int, *, now: datetime) -> ShiftHandOver:
    """Return a hand-over of one of the person's counters; raise NoSuchShift."""
    scope = people.scope_of(officer, "cases.receive", now=now)
    found: ShiftHandOver | None = (
        ShiftHandOver.objects.filter(
            agency__in=people.agencies_in_scope(scope).values("pk"), pk=hand_over_id
        )
        .select_related("agency__parent", "clerk", "next_clerk")
        .first()
    )
    if found is None:
        raise NoSuchShift(
            _("Không có lần giao ca số %(id)s tại quầy của anh/chị.") % {"id": hand_over_id}
        )
    return found

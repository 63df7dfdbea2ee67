"""What a dissolution touches: the work at an agency part by part, and what went to its successor."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from motcua.cases.models import (
    Case,
    Consultation,
    Direction,
    Dissolution,
    HandedCase,
    OnlineSubmission,
    PostalItem,
    QueueTicket,
    RegisterBook,
)
from motcua.cases.reminder_queries import is_office_time
from motcua.people import agency_queries
from motcua.people import queries as people
from motcua.procedures import queries as procedures
from motcua.workflow import queries as workflow

if TYPE_CHECKING:
    from motcua.people.models import Agency

# The parts of an agency's work, in the order in which they are shown.
PARTS = (
    "cases",
    "steps",
    "returns",
    "online",
    "post",
    "opinions",
    "queue",
    "registers",
    "posts",
    "procedures",
    "workflows",
)
# Somebody has to go on with these.
NEED_AN_HEIR = frozenset({"cases", "steps", "returns", "online", "post", "opinions"})


class NoSuchDissolution(LookupError):
    """No dissolution has this number, or the agency has none."""


def list_part(agency: Agency, part: str, *, last_day: date, now: datetime) -> QuerySet[Any]:
    """Return the rows of a part of an agency's work, as it would be touched by its end."""
    return _parts(agency, last_day=last_day, now=now)[part]


def _parts(agency: Agency, *, last_day: date, now: datetime) -> dict[str, QuerySet[Any]]:
    """Return the rows of every part; none is read yet."""
    ids, today = [agency.pk, *agency.heir_of], people.day_of(now)
    done = Case.objects.filter(status=Case.Status.DONE, receiving_agency__in=ids)
    asked = Consultation.objects.filter(agency__in=ids, answered_at=None)
    sent = OnlineSubmission.objects.filter(agency__in=ids, answered_at=None)
    tickets = QueueTicket.objects.filter(queue__agency=agency.pk, queue__day=today, called_at=None)
    books = RegisterBook.objects.filter(agency=agency.pk, closed_at=None)
    settled = procedures.revisions_on(today).filter(agency=agency.pk)
    steps = workflow.waiting_at(agency.pk).select_related("assignee")
    return {
        "cases": running_cases(agency).select_related("revision").order_by("due_at", "code"),
        "steps": steps.order_by("opened_at", "pk"),
        "returns": done.select_related("revision").order_by("finished_at", "code"),
        "online": sent.select_related("revision").order_by("answer_due_at", "pk"),
        "post": open_post(agency.pk).order_by("registered_at", "pk"),
        "opinions": asked.select_related("case").order_by("due_at", "pk"),
        "queue": tickets.order_by("number"),
        "registers": books.order_by("year"),
        "posts": agency_queries.list_posts_after(agency.pk, last_day),
        "procedures": settled.select_related("procedure").order_by("procedure__code"),
        "workflows": workflow.list_naming(agency.code, agency_id=agency.pk, on=today),
    }


def count_work(agency: Agency, *, last_day: date, now: datetime) -> dict[str, int]:
    """Count each part of an agency's work. One query a part."""
    parts = _parts(agency, last_day=last_day, now=now)
    return {part: parts[part].order_by().count() for part in PARTS}


def needs_heir(agency: Agency, *, last_day: date, now: datetime) -> bool:
    """Say whether somebody must go on with what an agency has: open work, or posts yet to begin."""
    counts = count_work(agency, last_day=last_day, now=now)
    coming = agency_queries.list_posts_after(agency.pk, last_day).filter(starts_on__gt=last_day)
    return any(counts[part] for part in NEED_AN_HEIR) or coming.exists()


def running_cases(agency: Agency) -> QuerySet[Case]:
    """Return the running cases that an agency receives or settles now, or that wait for a step there."""
    ids = [agency.pk, *agency.heir_of]
    waiting = Q(run__in=workflow.runs_waiting_at([agency.pk]))
    # What was received or settled by it, or by those that it goes on with: found by index.
    near = Q(receiving_agency__in=ids) | Q(settling_agency__in=ids) | waiting
    its = Q(run__receiving_agency=agency.pk) | Q(run__settling_agency=agency.pk) | waiting
    return Case.objects.filter(near, its, finished_at=None, run__finished_at=None)


def open_post(agency_id: int) -> QuerySet[PostalItem]:
    """Return what the post brought to an agency and nobody received, or carries or is to carry away."""
    arrived = Q(direction=Direction.ARRIVING, case=None)
    leaving = Q(direction=Direction.LEAVING, delivered_at=None, failed_at=None)
    return PostalItem.objects.filter(arrived | leaving, agency=agency_id)


def get_dissolution(agency_id: int) -> Dissolution:
    """Return the dissolution of an agency that counts; raise NoSuchDissolution."""
    found = (
        Dissolution.objects.filter(agency=agency_id, undone_at=None)
        .select_related("agency", "successor", "heir", "decided_by")
        .first()
    )
    if found is None:
        raise NoSuchDissolution(
            _("Cơ quan này chưa được ghi giải thể. Hãy chọn lại trong danh sách cơ quan.")
        )
    return found


def name_cases(run_ids: Iterable[int]) -> dict[int, str]:
    """Return the code of the case of each run."""
    return dict(Case.objects.filter(run__in=list(run_ids)).values_list("run_id", "code"))


def list_handed(dissolution: Dissolution) -> QuerySet[HandedCase]:
    """Return the cases that went to the successor, with what lists show of them."""
    return dissolution.cases.select_related("case__revision").order_by("case__code", "pk")


def list_due(*, now: datetime) -> list[int]:
    """Return the dissolutions to take effect now: past the last day, at the first working moment.

    Those that took effect come again while a step waits at the agency, as of a case received on its
    last day after its work had gone, or offline and sent later.
    """
    left = Exists(workflow.waiting_at(OuterRef("agency_id")))
    due = (
        Dissolution.objects.filter(undone_at=None, last_day__lt=people.day_of(now))
        .filter(Q(moved_at=None) | left)
        .select_related("successor")
        .order_by("last_day", "pk")
    )
    return [
        one.pk
        for one in due
        if one.successor is None or is_office_time(one.successor.code, now=now)
    ]

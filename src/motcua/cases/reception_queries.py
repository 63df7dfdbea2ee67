"""What a counter asks before there is a case: what it may receive, and when that would be due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Q, QuerySet, Value, When

from motcua.cases.models import Party
from motcua.cases.reception import Submission
from motcua.engine import deadlines, vietnamese
from motcua.engine.ledger import Deadline
from motcua.engine.limits import Limit, Unit
from motcua.lawbook import queries as lawbook
from motcua.people import queries as people
from motcua.procedures import queries as procedures

if TYPE_CHECKING:
    from motcua.procedures.models import Revision

_MOST_DUPLICATES = 5
_LEVELS = ("PROVINCE", "DISTRICT", "COMMUNE")


@dataclass(frozen=True, kw_only=True, slots=True)
class CounterList:
    """What a search at a counter finds: first what may be received there, then the rest.

    Each revision says so in `is_here`; `here` holds only the first ones.
    """

    revisions: QuerySet[Revision]
    here: QuerySet[Revision]
    fields: tuple[procedures.FieldCount, ...]
    total: int


def list_at_counter(*, text: str, field_code: str, post: people.HeldPost, on: date) -> CounterList:
    """Return the procedures that a search finds, those of this counter first, by field and name."""
    found = procedures.list_catalogue(text=text, field_code=field_code, on=on)
    revisions: QuerySet[Any] = found.revisions.annotate(
        is_here=Case(When(_receivable(post), then=Value(value=True)), default=Value(value=False))
    )
    ordered = revisions.order_by("-is_here", "procedure__field__sort_name", "name", "id")
    return CounterList(
        revisions=ordered,
        here=ordered.filter(is_here=True),
        fields=found.fields,
        total=found.total,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class LikelyDuplicate:
    """An open case of the same procedure and owner, told without anything about the owner."""

    code: str
    agency_name: str
    received_at: datetime
    due_at: datetime


def list_likely_duplicates(submission: Submission) -> tuple[LikelyDuplicate, ...]:
    """Return the open cases of the same procedure whose owner is the same, the latest first.

    The same is who has the same identity number; where none was typed, the same name and phone.
    """
    tidied = submission.tidied()
    owner = tidied.owner or tidied.applicant
    if owner.identity_number:
        same = Q(identity_number=owner.identity_number)
    elif owner.phone:
        same = Q(search_name=vietnamese.fold(owner.full_name), phone=owner.phone)
    else:
        return ()
    found = (
        Party.objects.filter(
            same,
            role=Party.Role.OWNER,
            case__finished_at=None,
            case__revision__procedure__code=tidied.procedure_code,
        )
        .exclude(case__submission_key=tidied.submission_key)
        .select_related("case__receiving_agency")
        .order_by("-case__received_at")[:_MOST_DUPLICATES]
    )
    return tuple(
        LikelyDuplicate(
            code=party.case.code,
            agency_name=party.case.receiving_agency.name,
            received_at=party.case.received_at,
            due_at=party.case.due_at,
        )
        for party in found
    )


def _receivable(post: people.HeldPost) -> Q:
    """Return `procedures.place_of_filing` as a condition, so that the database sorts by it."""
    settled = Q(agency__isnull=False) | Q(agency_kind=post.agency_kind)
    is_under_district = post.agency_path.strip("/").count("/") > 0
    if post.agency_kind == "COMMUNE" and is_under_district:
        settled |= Q(agency_kind="DISTRICT")
    if post.agency_level not in _LEVELS:
        return settled
    above = _LEVELS[: _LEVELS.index(post.agency_level)]
    elsewhere = [level for level in _LEVELS if level != post.agency_level]
    return settled & (
        ~Q(procedure__level__in=elsewhere)
        | Q(is_place_independent=True)
        | Q(is_interagency_across_levels=True, procedure__level__in=above)
    )


def preview_due(
    *,
    sheet: procedures.Sheet,
    channel: procedures.ChannelSheet,
    agency_code: str,
    now: datetime,
) -> Deadline:
    """Return when a case received now at an agency would be due; raise CalendarEnds or NotInForce."""
    return deadlines.due(
        received_at=now,
        limit=Limit(
            amount=channel.limit_amount, unit=Unit(channel.limit_unit), source=sheet.source
        ),
        calendar=lawbook.get_calendar(office_hours_key=lawbook.office_hours_key_of(agency_code)),
        rules=lawbook.get_time_rules(people.day_of(now)),
    )

"""What came in online: what waits for an answer, what was answered, and how late."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from motcua.cases.models import OnlineSubmission
from motcua.cases.reception import PartyEntry, Submission
from motcua.engine import duties
from motcua.engine.ledger import Deadline
from motcua.engine.moments import local
from motcua.lawbook import queries as lawbook
from motcua.people import queries as people

STATES = ("waiting", "overdue", "accepted", "refused", "late")


class NoSuchSubmission(LookupError):
    """No online submission has this key."""


def list_submissions(
    officer: people.Person, *, state: str, now: datetime
) -> QuerySet[OnlineSubmission]:
    """Return the submissions of a state in the person's scope.

    What waits comes nearest answer deadline first, what was answered the latest first.
    """
    found = _in_scope(officer, now=now).filter(_state(state, now=now))
    is_waiting = state in {"waiting", "overdue"}
    order = ("answer_due_at", "id") if is_waiting else ("-answered_at", "-id")
    return found.select_related("revision__procedure", "agency", "case", "answered_by").order_by(
        *order
    )


def count_submissions(officer: people.Person, *, now: datetime) -> dict[str, int]:
    """Return, for each state, how many rows list_submissions gives. One query."""
    counts: dict[str, int] = _in_scope(officer, now=now).aggregate(
        **{state: Count("pk", filter=_state(state, now=now)) for state in STATES}
    )
    return counts


def waiting_for(officer: people.Person, *, now: datetime) -> QuerySet[OnlineSubmission]:
    """Return the submissions in the person's scope that wait for an answer, in no order."""
    return _in_scope(officer, now=now).filter(_state("waiting", now=now))


def find_in_scope(
    officer: people.Person, *, key: UUID, now: datetime
) -> tuple[OnlineSubmission, bool]:
    """Return a submission and whether the person may see it; raise NoSuchSubmission."""
    rows = OnlineSubmission.objects.select_related(
        "revision__procedure", "agency", "case", "answered_by"
    )
    found = rows.filter(key=key).first()
    if found is None:
        raise NoSuchSubmission(
            _("Không có hồ sơ trực tuyến nào mang khóa %(key)s. Hãy mở lại từ danh sách.")
            % {"key": key}
        )
    scope = people.scope_of(officer, "cases.see", now=now)
    return found, scope.covers(agency_id=found.agency_id, agency_path=found.agency.path)


def may_answer(officer: people.Person, row: OnlineSubmission, *, now: datetime) -> bool:
    """Say whether the person may accept or refuse a submission that still waits."""
    scope = people.scope_of(officer, "cases.answer_online", now=now)
    return row.answered_at is None and scope.covers(
        agency_id=row.agency_id, agency_path=row.agency.path
    )


def answer_deadline(*, submitted_at: datetime, agency_code: str) -> Deadline:
    """Return by when a submission must be answered, and why; raise NoRuleYet or CalendarEnds."""
    key = lawbook.office_hours_key_of(agency_code)
    return duties.online_answer_due(
        submitted_at=submitted_at,
        calendar=lawbook.get_calendar(office_hours_key=key),
        rules=lawbook.get_time_rules(local(submitted_at).date()),
    )


def as_content(submission: Submission) -> dict[str, Any]:
    """Return what the citizen sent as it is stored."""
    return {
        "procedure": submission.procedure_code,
        "variant": submission.variant_code,
        "applicant": asdict(submission.applicant),
        "owner": asdict(submission.owner) if submission.owner else None,
        "representative": asdict(submission.representative) if submission.representative else None,
        "papers": {str(pk): list(counts) for pk, counts in submission.papers.items()},
        "note": submission.note,
    }


def submission_of(row: OnlineSubmission) -> Submission:
    """Return what the citizen sent, as receiving a case takes it."""
    sent = row.content
    return Submission(
        submission_key=row.key,
        procedure_code=sent["procedure"],
        channel="ONLINE",
        variant_code=sent["variant"],
        applicant=PartyEntry(**sent["applicant"]),
        owner=PartyEntry(**sent["owner"]) if sent["owner"] else None,
        # Rows of before there were representatives have none.
        representative=(
            PartyEntry(**sent["representative"]) if sent.get("representative") else None
        ),
        papers={int(pk): (counts[0], counts[1]) for pk, counts in sent["papers"].items()},
        note=sent["note"],
    )


def _in_scope(officer: people.Person, *, now: datetime) -> QuerySet[OnlineSubmission]:
    scope = people.scope_of(officer, "cases.see", now=now)
    if scope.everything:
        return OnlineSubmission.objects.all()
    if not scope.subtrees:
        return OnlineSubmission.objects.filter(agency_id__in=scope.agency_ids)
    return OnlineSubmission.objects.filter(agency__in=people.agencies_in_scope(scope))


def _state(state: str, *, now: datetime) -> Q:
    if state == "overdue":
        return Q(answered_at=None, answer_due_at__lt=now)
    if state == "accepted":
        return Q(case__isnull=False)
    if state == "refused":
        return Q(answered_at__isnull=False, case=None)
    if state == "late":
        return Q(answered_at__gt=F("answer_due_at"))
    return Q(answered_at=None)

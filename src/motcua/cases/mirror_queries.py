"""What can be asked about case files of other systems: which concern an agency, and how they stand."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.cases.models import Case, MirroredCase, MirroredStatus
from motcua.lawbook import queries as lawbook
from motcua.people import actions as people_actions
from motcua.people import queries as people

NATIONAL_PORTAL = "DVCQG"
STATES = ("theirs", "ours", "all")
# The National Portal's code of each of our statuses, which are the same ten.
_CODES = {status: code for code, status in enumerate(Case.Status.values, start=1)}


class NoSuchMirroredCase(LookupError):
    """No case file of another system has this number."""


def list_mirrored(officer: people.Person, *, state: str, now: datetime) -> QuerySet[MirroredCase]:
    """Return the case files of other systems in the person's scope, the newest first."""
    found = _in_scope(officer, now=now).filter(_state(state))
    return found.select_related("agency", "case").order_by("-received_at", "-id")


def count_mirrored(officer: people.Person, *, now: datetime) -> dict[str, int]:
    """Return, for each state, how many rows list_mirrored gives. One query."""
    counts: dict[str, int] = _in_scope(officer, now=now).aggregate(
        **{f"n_{state}": Count("pk", filter=_state(state)) for state in STATES}
    )
    return {state: counts[f"n_{state}"] for state in STATES}


def get_in_scope(mirrored_id: int, officer: people.Person, *, now: datetime) -> MirroredCase:
    """Return a case file of another system; raise NoSuchMirroredCase or NotAllowed."""
    rows = MirroredCase.objects.select_related("agency", "case", "taken_over_by")
    found = rows.filter(pk=mirrored_id).first()
    if found is None:
        raise NoSuchMirroredCase(
            _("Không có hồ sơ chuyển đến nào mang số %(id)s. Hãy mở lại từ danh sách.")
            % {"id": mirrored_id}
        )
    people_actions.require(
        officer,
        "cases.see",
        now=now,
        agency_id=found.agency_id,
        agency_path=found.agency.path,
    )
    return found


def list_statuses(mirrored: MirroredCase) -> QuerySet[MirroredStatus]:
    """Return what was told of its status, by the clock of who told it."""
    return MirroredStatus.objects.filter(mirrored=mirrored).order_by("at", "status")


def name_status(code: int) -> str:
    """Return a status of the National Portal in the language of the reader."""
    is_english = (get_language() or "vi").startswith("en")
    for status in lawbook.get_statuses():
        if status.code == code:
            return status.name_en if is_english else status.name_vi
    return str(code)


def code_of(case: Case) -> int:
    """Return the National Portal's code of a status of ours."""
    return _CODES[Case.Status(case.status)]


def name_source(source: str) -> str:
    """Return a system in words."""
    if source == NATIONAL_PORTAL:
        return _("Cổng Dịch vụ công quốc gia")
    return _("Hệ thống %(code)s") % {"code": source}


def _in_scope(officer: people.Person, *, now: datetime) -> QuerySet[MirroredCase]:
    scope = people.scope_of(officer, "cases.see", now=now)
    if scope.is_empty:
        return MirroredCase.objects.none()
    if scope.everything:
        return MirroredCase.objects.all()
    return MirroredCase.objects.filter(agency__in=people.agencies_in_scope(scope).values("pk"))


def _state(state: str) -> Q:
    return {"theirs": Q(case=None), "ours": Q(case__isnull=False)}.get(state, Q())

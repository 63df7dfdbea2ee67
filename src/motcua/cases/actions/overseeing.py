"""Shows who looked at a case, to whoever oversees the agencies that received or settle it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from motcua.audit import queries as audit
from motcua.cases import queries
from motcua.cases.actions.mirroring import reads_of_mirrored
from motcua.cases.actions.online import subject_of as subject_of_submission
from motcua.cases.actions.posting import subject_of_slip
from motcua.cases.actions.revealing import subject_of_item
from motcua.cases.actions.shifts import subject_of_shift
from motcua.cases.models import Case, MirroredCase, OnlineSubmission, PostalItem, ShiftHandOver
from motcua.people import actions as people_actions
from motcua.people import queries as people

_SEE = "reads.see"


def may_see_reads(officer: people.Person, case: Case, *, now: datetime) -> bool:
    """Say whether a person oversees an agency that received or settles the case."""
    scope = people.scope_of(officer, _SEE, now=now)
    return any(
        scope.covers(agency_id=agency.pk, agency_path=agency.path)
        for agency in (case.receiving_agency, case.settling_agency)
    )


def open_reads(*, officer: people.Person, case_code: str, now: datetime) -> Any:
    """Return who opened a case, or was refused, the newest first; raise NoSuchCase or NotAllowed.

    With it come its parcels, the online submission and the case file of another system that became
    it, and the papers of the counter that name it. Noted is nothing: this tells of officers and of
    no citizen.
    """
    found = Case.objects.select_related("receiving_agency", "settling_agency")
    # PostgreSQL refuses a text with the sign NUL, which an address can hold.
    case = found.filter(code=case_code.replace("\0", "")).first()
    if case is None:
        # Whoever oversees nothing is not even told which cases there are.
        people_actions.require(officer, _SEE, now=now)
        raise queries.NoSuchCase(queries.no_such_case(case_code))
    if not may_see_reads(officer, case, now=now):
        agency = case.receiving_agency
        people_actions.require(officer, _SEE, now=now, agency_id=agency.pk, agency_path=agency.path)
    return audit.list_reads_of(_subjects(case))


def _subjects(case: Case) -> Iterator[str]:
    """Yield every name under which reads are noted that told of a case."""
    yield f"case:{case.code}"
    for item_id, slip_id in PostalItem.objects.filter(case=case).values_list("pk", "slip"):
        yield subject_of_item(item_id)
        if slip_id is not None:
            yield subject_of_slip(slip_id)
    for key in OnlineSubmission.objects.filter(case=case).values_list("key", flat=True):
        yield subject_of_submission(key)
    for mirrored_id in MirroredCase.objects.filter(case=case).values_list("pk", flat=True):
        yield reads_of_mirrored(mirrored_id)
    shifts = ShiftHandOver.objects.filter(
        agency=case.receiving_agency, case_codes__contains=[case.code]
    )
    for hand_over_id in shifts.values_list("pk", flat=True):
        yield subject_of_shift(hand_over_id)

"""Opens a case for reading, and notes who did or was refused."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from motcua.audit import actions as audit
from motcua.cases import clock_queries, queries
from motcua.people import actions as people_actions
from motcua.people import queries as people

if TYPE_CHECKING:
    from motcua.cases.models import Consultation


def open_case(
    *,
    officer: people.Person,
    case_code: str,
    what: str = "case.opened",
    function: str = "",
    now: datetime,
) -> queries.CasePage:
    """Open a case for reading: checks the right over it, notes the read, returns the page.

    `function` is what the officer must moreover be allowed where the case was received. Raises
    NoSuchCase, or NotAllowed; the refusal is noted too, and stays noted.
    """
    try:
        page = queries.get_case_page(case_code=case_code, officer=officer, now=now)
        if function:
            counter = page.case.receiving_agency_id
            people_actions.require(officer, function, now=now, agency_id=counter)
    except people_actions.NotAllowed:
        _note_read(officer, case_code, what=what, was_allowed=False, now=now)
        raise
    _note_read(officer, case_code, what=what, was_allowed=True, now=now)
    return page


def open_consultation(
    *, officer: people.Person, consultation_id: int, now: datetime
) -> Consultation:
    """Open the part of a case that another agency is asked about; notes the read.

    Raises NoSuchConsultation, or NotAllowed for others than the asked agency and those of the case.
    """
    found = clock_queries.get_consultation(consultation_id)
    scope = people.scope_of(officer, "cases.answer", now=now)
    code = found.case.code
    if not scope.covers(agency_id=found.agency_id, agency_path=found.agency.path):
        try:
            queries.get_case_in_scope(case_code=code, officer=officer, now=now)
        except people_actions.NotAllowed:
            _note_read(officer, code, what="case.consultation_read", was_allowed=False, now=now)
            raise
    _note_read(officer, code, what="case.consultation_read", was_allowed=True, now=now)
    return found


def _note_read(
    officer: people.Person, case_code: str, *, what: str, was_allowed: bool, now: datetime
) -> None:
    audit.note_read(
        subject=f"case:{case_code}", actor_id=officer.id, at=now, what=what, was_allowed=was_allowed
    )

"""Takes back that a case was withdrawn, refused or stopped, recorded by mistake: it goes on as it stood."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from motcua.audit import actions as audit
from motcua.audit import queries as audit_queries
from motcua.cases import ending_queries, queries
from motcua.cases.actions.clock_records import (
    ClockMoved,
    locked,
    status_of_open,
    tell,
    write_generation,
)
from motcua.cases.actions.standings import keep_standing
from motcua.cases.actions.telling import tell_applicant
from motcua.cases.ending_queries import Ending
from motcua.cases.models import Case
from motcua.cases.recounting import recount_one
from motcua.engine.undoing import ending_taken_back
from motcua.engine.vietnamese import tidy
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.workflow import actions as workflow

LONGEST_REASON = 4000


class CannotTakeBackEnding(Exception):
    """The case goes on, it is too late, something happened since, or no reason is given."""


@transaction.atomic(durable=True)
def take_back_ending(
    *, officer: people.Person, case_code: str, reason: str, now: datetime
) -> ClockMoved:
    """Let a case go on that was withdrawn, refused or stopped by mistake; nothing is erased.

    Within the bounds of law/product/undo.yaml, by who recorded it or the leader of a unit of the
    case; the citizen, who was told of the ending, is told of this too. Raises
    CannotTakeBackEnding, NotAllowed or NoSuchCase.
    """
    audit.hold(f"case:{case_code}")
    case = locked(Case.objects.filter(code=case_code))
    if case is None:
        raise queries.NoSuchCase(queries.no_such_case(case_code))
    trail = tuple(audit_queries.list_entries(f"case:{case.code}"))
    ending = ending_queries.find_ending(case, trail, now=now)
    _require_theirs(officer, case, ending, now=now)
    if ending is None or ending.standing is None:
        raise CannotTakeBackEnding(ending.why_it_stands if ending else _goes_on(case))
    if ending.why_it_stands:
        raise CannotTakeBackEnding(ending.why_it_stands)
    words = tidy(reason)
    if not words:
        raise CannotTakeBackEnding(
            _("Hãy ghi vì sao rút lại, để người xem lại hồ sơ hiểu điều gì đã xảy ra.")
        )
    if len(words) > LONGEST_REASON:
        raise CannotTakeBackEnding(
            _("Dài quá %(most)s ký tự. Hãy ghi ngắn hơn.") % {"most": LONGEST_REASON}
        )
    because = ending_taken_back(case.status, at=ending.at, reason=words)
    standing = workflow.Standing(**{name: tuple(ids) for name, ids in ending.standing.items()})
    workflow.reopen_run(run_id=case.run_id, standing=standing)
    keep_standing(case, now=now)
    due_before = case.due_at
    case.status, case.finished_at = status_of_open(case), None
    case.save(update_fields=["status", "finished_at"])
    deadline = recount_one(case)
    write_generation(case, deadline, because, officer=officer, now=now)
    tell(
        case,
        "case.ending_taken_back",
        officer=officer,
        because=words,
        facts={"reason": words, "ended_at": ending.at.isoformat(), "ended_by": ending.by_id},
        now=now,
    )
    tell_applicant(case, "goes_on_waiting" if deadline.is_stopped else "goes_on", now=now)
    return ClockMoved(case_code=case.code, due_before=due_before, deadline=deadline)


def _require_theirs(
    officer: people.Person, case: Case, ending: Ending | None, *, now: datetime
) -> None:
    if not ending_queries.may_take_back(case, ending, officer, now=now):
        people_actions.require(officer, "cases.end", now=now, agency_id=case.settling_agency_id)


def _goes_on(case: Case) -> str:
    return _(
        "Hồ sơ %(code)s đang ở trạng thái “%(status)s”, không phải đã rút, bị từ chối hay dừng giải quyết, "
        "nên không có gì để rút lại."
    ) % {"code": case.code, "status": case.get_status_display()}

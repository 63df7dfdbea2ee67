"""Hands the status of a mirrored case back to the system that sent it on, and takes it again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from motcua.audit import actions as audit
from motcua.cases import mirror_queries as mirror
from motcua.cases.actions.clock_records import locked, require_at_case
from motcua.cases.actions.sending import queue_status
from motcua.cases.models import Case, HandBack, MirroredCase
from motcua.cases.queries import moment_words
from motcua.engine import vietnamese
from motcua.people import actions as people_actions
from motcua.people import queries as people

LONGEST_REASON = 600


class CannotHandBack(Exception):
    """The status is not ours to hand back, the case is over, or no reason is given."""


class CannotTakeAgain(Exception):
    """The status is ours already, the case has ended over there, or no reason is given."""


@transaction.atomic(durable=True)
def hand_back_case(
    *, officer: people.Person, mirrored_id: int, reason: str, now: datetime
) -> HandBack:
    """Let the system that sent a case file on own its status again, with a reason.

    From here on no step is done here, and no report counts the case. Its clock goes on: no text of
    law stops it for a change of systems. Raises CannotHandBack, NoSuchMirroredCase or NotAllowed.
    """
    row, case = _lock(officer, mirrored_id, now=now)
    if case is None:
        raise CannotHandBack(
            _("Trạng thái hồ sơ này vẫn do hệ thống kia giữ, nên không có gì để trao lại.")
        )
    if why := mirror.why_theirs(case.pk):
        raise CannotHandBack(why)
    if case.finished_at is not None:
        raise CannotHandBack(
            _("Hồ sơ %(code)s đã kết thúc ở đây lúc %(at)s, nên không trao lại được nữa.")
            % {"code": case.code, "at": moment_words(case.finished_at)}
        )
    words = _words(reason)
    if not words:
        raise CannotHandBack(_("Hãy ghi vì sao trao lại quyền giữ trạng thái."))
    back = HandBack.objects.create(
        mirrored=row, case=case, handed_at=now, handed_by_id=officer.id, reason=words
    )
    _tell(row, case, "handed_back", words, officer=officer, now=now)
    return back


@transaction.atomic(durable=True)
def take_case_again(
    *, officer: people.Person, mirrored_id: int, reason: str, now: datetime
) -> HandBack:
    """Own the status of a case again that was handed back, with a reason.

    Raises CannotTakeAgain, NoSuchMirroredCase or NotAllowed.
    """
    row, case = _lock(officer, mirrored_id, now=now)
    back = HandBack.objects.filter(mirrored=row, taken_again_at=None).first()
    if case is None or back is None:
        raise CannotTakeAgain(
            _("Hồ sơ này chưa được trao lại, nên không có gì để nhận lại. Hãy tải lại trang.")
        )
    if row.foreign_status in mirror.ENDED and row.foreign_status_at > back.handed_at:
        raise CannotTakeAgain(mirror.words_of_end(row))
    words = _words(reason)
    if not words:
        raise CannotTakeAgain(_("Hãy ghi vì sao nhận lại quyền giữ trạng thái."))
    back.taken_again_at, back.taken_again_by_id = now, officer.id
    back.taken_again_reason = words
    back.save(update_fields=["taken_again_at", "taken_again_by", "taken_again_reason"])
    _tell(row, case, "taken_again", words, officer=officer, now=now)
    queue_status(row, case, officer=officer, now=now)
    return back


def require_hand_back(officer: people.Person, row: MirroredCase, *, now: datetime) -> None:
    """Raise NotAllowed unless the officer may hand back and take again what is settled here."""
    if row.case is None:
        people_actions.require(officer, "cases.hand_back", now=now, agency_id=row.agency_id)
    else:
        require_at_case(officer, "cases.hand_back", row.case, now=now)


def may_hand_back(officer: people.Person, row: MirroredCase, *, now: datetime) -> bool:
    """Say whether there is something for the officer to hand back or take again now."""
    if row.case is None or row.case.finished_at is not None:
        return False
    try:
        require_hand_back(officer, row, now=now)
    except people_actions.NotAllowed:
        return False
    return True


def _lock(
    officer: people.Person, mirrored_id: int, *, now: datetime
) -> tuple[MirroredCase, Case | None]:
    """Return the mirrored case, locked, and our case of it, which the officer may hand back."""
    found = mirror.get_in_scope(mirrored_id, officer, now=now)
    require_hand_back(officer, found, now=now)
    if found.case is None:
        return found, None
    audit.hold(f"case:{found.case.code}")
    audit.hold(mirror.subject_of(found.source, found.foreign_code))
    case = locked(Case.objects.filter(pk=found.case.pk))
    assert case is not None, "a case is never deleted"
    return MirroredCase.objects.select_for_update().get(pk=mirrored_id), case


def _words(reason: str) -> str:
    return vietnamese.tidy(reason)[:LONGEST_REASON]


def _tell(
    row: MirroredCase,
    case: Case,
    what: str,
    reason: str,
    *,
    officer: people.Person,
    now: datetime,
) -> None:
    """Add the change to both trails: of the case file over there, and of the case here."""
    subjects = {
        f"case.{what}": f"case:{case.code}",
        f"mirrored.{what}": mirror.subject_of(row.source, row.foreign_code),
    }
    for event, subject in subjects.items():
        audit.record(
            event=event,
            subject=subject,
            actor_id=officer.id,
            at=now,
            because=reason,
            facts={"case": case.code, "source": row.source, "foreign_code": row.foreign_code},
        )

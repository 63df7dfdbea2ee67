"""Takes in what citizens send online, and answers it: a case is made of it, or it is refused."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.audit import actions as audit
from motcua.cases import events
from motcua.cases import online_queries as online
from motcua.cases.actions.receive import CannotReceiveCase, check_place_and_parties, write_within
from motcua.cases.models import Case, OnlineSubmission
from motcua.cases.reception import Problem, Submission
from motcua.engine.duties import NoRuleYet
from motcua.engine.lawvalues import NotInForce
from motcua.engine.wording import moment_vi
from motcua.engine.worktime import CalendarEnds
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.procedures import queries as procedures

if TYPE_CHECKING:
    from motcua.people.models import Agency

MOST_WORDS = 2000


class CannotRegisterSubmission(CannotReceiveCase):
    """What was sent cannot be taken in; each problem names its field and what to do."""


class CannotAnswerSubmission(Exception):
    """The submission is answered already, or the answer lacks its words."""


def register_submission(
    *,
    officer: people.Person,
    agency_code: str,
    submission: Submission,
    submitted_at: datetime,
    now: datetime,
) -> OnlineSubmission:
    """Take in what a citizen sent; only the system itself does this, for the portal.

    The same `submission_key` again returns the first record. Whether the papers are complete is
    judged by who answers. Raises CannotRegisterSubmission, or NotAllowed.
    """
    people_actions.require_system(officer)
    submission = submission.tidied()
    made = OnlineSubmission.objects.filter(key=submission.submission_key).first()
    if made is not None:
        return made
    if submitted_at > now:
        raise _cannot(
            "submitted_at",
            _("Thời điểm nộp %(at)s còn ở phía trước. Hãy kiểm tra đồng hồ của cổng.")
            % {"at": moment_vi(timezone.localtime(submitted_at))},
        )
    agency = _agency(agency_code, submitted_at)
    sheet = _sheet(submission, submitted_at)
    problems = check_place_and_parties(
        submission, sheet=sheet, agency=agency, on=people.day_of(submitted_at)
    )
    if problems:
        raise CannotRegisterSubmission(problems)
    try:
        deadline = online.answer_deadline(submitted_at=submitted_at, agency_code=agency.code)
    except (NoRuleYet, NotInForce, CalendarEnds) as error:
        raise _cannot("submitted_at", str(error)) from error
    row = OnlineSubmission(
        key=submission.submission_key,
        agency=agency,
        revision_id=sheet.revision_id,
        applicant_name=submission.applicant.full_name,
        content=online.as_content(submission),
        submitted_at=submitted_at,
        answer_due_at=deadline.due_at,
        registered_at=now,
        registered_by_id=officer.id,
    )
    return _save_new(row, officer=officer, now=now)


def _save_new(row: OnlineSubmission, *, officer: people.Person, now: datetime) -> OnlineSubmission:
    try:
        with transaction.atomic(durable=True):
            row.save(force_insert=True)
            audit.record(
                event="submission.registered",
                subject=subject_of(row.key),
                actor_id=officer.id,
                at=now,
                facts={
                    "agency": row.agency_id,
                    "procedure": row.content["procedure"],
                    "submitted_at": row.submitted_at.isoformat(),
                    "answer_due_at": row.answer_due_at.isoformat(),
                },
            )
    except IntegrityError:
        # The key is there already: the portal sent it twice at this very moment.
        made = OnlineSubmission.objects.filter(key=row.key).first()
        if made is None:
            raise
        return made
    return row


def accept_submission(*, officer: people.Person, key: UUID, now: datetime) -> OnlineSubmission:
    """Make a case of what was sent, received at this moment by the online channel.

    A second click finds the case that the first one made. Raises CannotReceiveCase with every
    problem found, CannotAnswerSubmission when it was refused, NoSuchSubmission or NotAllowed.
    """
    with transaction.atomic(durable=True):
        row = _lock(officer, key, now=now)
        if row.case is not None:
            return row
        _require_unanswered(row)
        case = write_within(
            officer=officer,
            agency_id=_counter(officer, row.agency_id, now=now),
            submission=online.submission_of(row),
            now=now,
        )
        row.case = case
        _answer(row, officer, "submission.accepted", facts={"case": case.code}, now=now)
    events.case_received.send(sender=Case, case_id=case.pk)
    return row


@transaction.atomic(durable=True)
def refuse_submission(
    *, officer: people.Person, key: UUID, reason: str, now: datetime
) -> OnlineSubmission:
    """Refuse what was sent, with the reason in words that the citizen is told.

    The same words again change nothing. Raises CannotAnswerSubmission, NoSuchSubmission or
    NotAllowed.
    """
    row = _lock(officer, key, now=now)
    words = reason.replace("\0", "").strip()
    if row.answered_at is not None and words and words == row.refusal_reason:
        return row
    _require_unanswered(row)
    if not words:
        raise CannotAnswerSubmission(
            _(
                "Chưa ghi lý do. Hãy ghi hồ sơ thiếu hoặc sai điều gì và người nộp cần làm gì tiếp, vì đây là "
                "lời trả lời gửi cho họ."
            )
        )
    if len(words) > MOST_WORDS:
        raise CannotAnswerSubmission(
            _("Lý do dài quá %(count)s ký tự. Hãy viết ngắn lại.") % {"count": MOST_WORDS}
        )
    row.refusal_reason = words
    _answer(row, officer, "submission.refused", because=words, now=now)
    return row


def open_submission(*, officer: people.Person, key: UUID, now: datetime) -> OnlineSubmission:
    """Open a submission for reading, and note the read; raise NoSuchSubmission or NotAllowed."""
    row, is_seen = online.find_in_scope(officer, key=key, now=now)
    audit.note_read(
        subject=subject_of(key),
        actor_id=officer.id,
        at=now,
        what="submission.opened",
        was_allowed=is_seen,
    )
    if not is_seen:
        people_actions.require(officer, "cases.see", now=now)
        raise people_actions.NotAllowed(
            _(
                "Hồ sơ trực tuyến này nộp cho %(agency)s, nên anh/chị không xem được. Lần mở này đã được ghi "
                "vào nhật ký."
            )
            % {"agency": row.agency.name}
        )
    return row


def subject_of(key: UUID) -> str:
    """Return the name of a submission's chain in the trail."""
    return f"submission:{key}"


def _counter(officer: people.Person, agency_id: int, *, now: datetime) -> int:
    """Return at which agency the officer receives what was sent to one: there, or at its successor."""
    held = officer.posts_on(people.day_of(now))
    return next(post.agency_id for post in held if agency_id in post.agency_ids)


def _cannot(field: str, message: str) -> CannotRegisterSubmission:
    return CannotRegisterSubmission([Problem(field, message)])


def _agency(code: str, submitted_at: datetime) -> Agency:
    agency = people.find_agency(code)
    if agency is None:
        raise _cannot("agency", _("Không có cơ quan nào mang mã “%(code)s”.") % {"code": code})
    if agency.ends_on is not None and agency.ends_on <= people.day_of(submitted_at):
        raise _cannot(
            "agency",
            _("%(agency)s đã kết thúc từ %(day)s. Hãy nộp cho cơ quan kế tiếp.")
            % {"agency": agency.name, "day": f"{agency.ends_on:%d/%m/%Y}"},
        )
    return agency


def _sheet(submission: Submission, submitted_at: datetime) -> procedures.Sheet:
    day = timezone.localtime(submitted_at).date()
    try:
        return procedures.get_sheet(code=submission.procedure_code, on=day)
    except procedures.NoSuchProcedure as error:
        raise _cannot("procedure", str(error)) from error


def _lock(officer: people.Person, key: UUID, *, now: datetime) -> OnlineSubmission:
    """Return the locked submission that the officer may answer, or raise."""
    audit.hold(subject_of(key))
    rows = OnlineSubmission.objects.select_for_update(of=("self",))
    row = rows.select_related("agency", "case").filter(key=key).first()
    if row is None:
        row, _is_seen = online.find_in_scope(officer, key=key, now=now)
    people_actions.require(officer, "cases.answer_online", now=now, agency_id=row.agency_id)
    return row


def _require_unanswered(row: OnlineSubmission) -> None:
    if row.answered_at is None:
        return
    at = moment_vi(timezone.localtime(row.answered_at))
    if row.case is not None:
        raise CannotAnswerSubmission(
            _(
                "Hồ sơ này đã được tiếp nhận lúc %(at)s, mã hồ sơ %(code)s, nên không từ chối được nữa."
            )
            % {"at": at, "code": row.case.code}
        )
    raise CannotAnswerSubmission(
        _("Hồ sơ này đã bị từ chối lúc %(at)s với lý do: %(reason)s Người nộp cần nộp lại từ đầu.")
        % {"at": at, "reason": row.refusal_reason}
    )


def _answer(
    row: OnlineSubmission,
    officer: people.Person,
    event: str,
    *,
    because: str = "",
    facts: dict[str, str] | None = None,
    now: datetime,
) -> None:
    row.answered_at, row.answered_by_id = now, officer.id
    row.save(update_fields=["answered_at", "answered_by", "case", "refusal_reason"])
    audit.record(
        event=event,
        subject=subject_of(row.key),
        actor_id=officer.id,
        at=now,
        because=because,
        facts={
            **(facts or {}),
            "answer_due_at": row.answer_due_at.isoformat(),
            "is_late": now > row.answer_due_at,
        },
    )

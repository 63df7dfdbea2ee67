"""Receives a case: its code, its run with the first task, its due time and ledger, at once."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from psycopg.errors import NotNullViolation, UniqueViolation

from motcua.audit import actions as audit
from motcua.cases import events, queries, recounting, shift_queries
from motcua.cases.actions import posting
from motcua.cases.actions.clock_of_units import suspend_at_reception
from motcua.cases.models import Case
from motcua.cases.receiving import (
    case_write,
    ledger_write,
    number_write,
    papers_write,
    parties_write,
)
from motcua.cases.reception import (
    Problem,
    Submission,
    check_papers,
    check_papers_belong,
    check_parties,
)
from motcua.engine import deadlines
from motcua.engine.case_codes import AgencyCodeForm, format_code
from motcua.engine.limits import Limit, Unit
from motcua.engine.sentences import sentence
from motcua.lawbook import queries as lawbook
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.procedures import queries as procedures
from motcua.workflow import actions as workflow
from motcua.workflow import queries as workflow_queries

if TYPE_CHECKING:
    from motcua.people.models import Agency

# How often a reception is read again when a colleague took its number meanwhile.
MOST_ATTEMPTS = 50


class CannotReceiveCase(Exception):
    """The submission has problems; each names its field and what to do."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(problem.message for problem in self.problems))


def receive_case(
    *,
    officer: people.Person,
    agency_id: int,
    submission: Submission,
    received_at: datetime | None = None,
    now: datetime,
) -> Case:
    """Receive a case at an agency: code, run, first task, due time and its ledger.

    The same `submission_key` again returns the case that it made (a second click makes no second
    case). A receipt that was written offline was `received_at` an earlier moment: rights, code and
    due time are of that moment, only the trail is of now, and a shift handed over since holds nothing
    up. Raises NotAllowed, or CannotReceiveCase with every problem found.
    """
    at = received_at or now
    people_actions.require(officer, "cases.receive", now=at, agency_id=agency_id)
    submission = submission.tidied()
    today = people.day_of(at)
    post = next(post for post in officer.posts_on(today) if post.agency_id == agency_id)
    case, is_new = _receive_once(
        officer=officer, post=post, submission=submission, now=at, recorded_at=now, durable=True
    )
    if is_new:
        events.case_received.send(sender=Case, case_id=case.pk)
    return case


@dataclass(frozen=True, kw_only=True, slots=True)
class Received:
    """What became of one file of a batch: its case, or the problems it has."""

    submission: Submission
    case: Case | None
    problems: tuple[Problem, ...] = ()


def receive_batch(
    *,
    officer: people.Person,
    agency_id: int,
    submissions: Sequence[Submission],
    now: datetime,
) -> list[Received]:
    """Receive many files of one applicant, each for itself: one that is refused holds up no other.

    The same files again make no second cases. Raises NotAllowed.
    """
    made = []
    for submission in submissions:
        try:
            case = receive_case(
                officer=officer, agency_id=agency_id, submission=submission, now=now
            )
        except CannotReceiveCase as refusal:
            made.append(Received(submission=submission, case=None, problems=refusal.problems))
        else:
            made.append(Received(submission=submission, case=case))
    return made


def write_within(
    *, officer: people.Person, agency_id: int, submission: Submission, now: datetime
) -> Case:
    """Write a case inside the transaction of accept_submission, which guards and announces it."""
    today = people.day_of(now)
    post = next(post for post in officer.posts_on(today) if post.agency_id == agency_id)
    case, _is_new = _receive_once(
        officer=officer, post=post, submission=submission.tidied(), now=now, recorded_at=now
    )
    return case


def _receive_once(
    *,
    officer: people.Person,
    post: people.HeldPost,
    submission: Submission,
    now: datetime,
    recorded_at: datetime,
    durable: bool = False,
) -> tuple[Case, bool]:
    """Write a case unless its key has made one, and say whether it is new.

    One read, one statement. Where a colleague was quicker and took the number, or the same form
    came twice at one moment, the statement fails as a whole and is made again from a new reading.
    """
    for _attempt in range(MOST_ATTEMPTS):
        start = queries.read_starting_point(
            agency_id=post.agency_id,
            clerk_id=officer.id,
            procedure_code=submission.procedure_code,
            submission_key=submission.submission_key,
            now=now,
        )
        if start is None:
            day = people.day_of(now)
            raise CannotReceiveCase([_unknown_procedure(submission.procedure_code, day)])
        if start.made_id is not None:
            return Case.objects.get(pk=start.made_id), False
        # Of a receipt written offline the applicant holds the paper: it is not refused any more.
        if start.shift_ended_at is not None and recorded_at == now:
            raise CannotReceiveCase([_shift_has_ended(start.shift_ended_at)])
        _require_agencies_in_force(start, post, on=people.day_of(now))
        try:
            with _round_it(submission, start=start, durable=durable):
                case = _write_case(
                    officer=officer,
                    post=post,
                    submission=submission,
                    start=start,
                    now=now,
                    recorded_at=recorded_at,
                )
        except IntegrityError as error:
            if not _came_second(error):
                raise
        else:
            return case, True
    raise CannotReceiveCase([_too_many_at_once()])


def _round_it(
    submission: Submission, *, start: queries.StartingPoint, durable: bool
) -> AbstractContextManager[None]:
    """Return the transaction that a reception needs: none of its own where one statement is all."""
    has_more = (
        start.some_unit_is_suspended or submission.tracking_number or submission.returns_by_post
    )
    if has_more or transaction.get_connection().in_atomic_block:
        return transaction.atomic(durable=durable)
    return nullcontext()


def _came_second(error: IntegrityError) -> bool:
    """Tell whether a statement failed since its number or its key was taken meanwhile."""
    cause = error.__cause__
    if isinstance(cause, UniqueViolation):
        return cause.diag.table_name in {"audit_head", "cases_case"}
    return isinstance(cause, NotNullViolation) and (
        (cause.diag.table_name, cause.diag.column_name) == ("cases_case", "code")
    )


def _shift_has_ended(at: datetime) -> Problem:
    return Problem("procedure", shift_queries.ended_words(at))


def _require_agencies_in_force(
    start: queries.StartingPoint, post: people.HeldPost, *, on: date
) -> None:
    """Stop where the counter, or who would settle the case, was dissolved."""
    if start.counter_ends_on is not None and start.counter_ends_on <= on:
        told = _(
            "%(agency)s đã kết thúc từ ngày %(day)s nên không tiếp nhận hồ sơ được nữa. Hãy tiếp nhận tại: "
            "%(heir)s."
        )
        raise CannotReceiveCase([_dissolved(told, post.agency_id, start.counter_ends_on)])
    if start.settling_agency_id and start.settling_ends_on and start.settling_ends_on <= on:
        told = _(
            "Thủ tục này do %(agency)s giải quyết, mà cơ quan ấy đã kết thúc từ ngày %(day)s. Hãy báo cán bộ "
            "kiểm soát thủ tục cập nhật danh mục; cơ quan kế thừa: %(heir)s."
        )
        raise CannotReceiveCase(
            [_dissolved(told, start.settling_agency_id, start.settling_ends_on)]
        )


def _dissolved(told: str, agency_id: int, ends_on: date) -> Problem:
    agency = people.get_agency_by_id(agency_id)
    heir = agency.successor.name if agency.successor else _("chưa ghi trong danh mục cơ quan")
    return Problem(
        "procedure", told % {"agency": agency.name, "day": f"{ends_on:%d/%m/%Y}", "heir": heir}
    )


def _too_many_at_once() -> Problem:
    return Problem(
        "procedure",
        _(
            "Quá nhiều hồ sơ được tiếp nhận cùng lúc tại cơ quan, nên hồ sơ này chưa ghi được. Hãy bấm "
            "tiếp nhận lại."
        ),
    )


def _write_case(
    *,
    officer: people.Person,
    post: people.HeldPost,
    submission: Submission,
    start: queries.StartingPoint,
    now: datetime,
    recorded_at: datetime,
) -> Case:
    today = people.day_of(now)
    sheet = procedures.get_sheet_of(start.revision_id)
    variant, channel, settling_id = _check(submission, sheet=sheet, post=post, on=today)
    if start.version_id is None:
        raise CannotReceiveCase(
            [
                Problem(
                    "procedure",
                    _("Thủ tục này chưa có quy trình được công bố nên chưa tiếp nhận được."),
                )
            ]
        )
    deadline = deadlines.due(
        received_at=now,
        limit=Limit(
            amount=channel.limit_amount, unit=Unit(channel.limit_unit), source=sheet.source
        ),
        calendar=lawbook.get_calendar(
            office_hours_key=lawbook.office_hours_key_of(post.agency_code)
        ),
        rules=lawbook.get_time_rules(today),
    )
    norm = recounting.norm_limit(start.version_id)
    facts = _facts(submission, channel=channel)
    plan = workflow.plan_start(
        version=workflow_queries.get_version(start.version_id),
        receiving_agency_id=post.agency_id,
        settling_agency_id=settling_id,
        facts=facts,
        now=now,
    )
    case = Case(
        code=_code(start, post=post, day=today),
        submission_key=submission.submission_key,
        revision_id=sheet.revision_id,
        variant_id=variant.id,
        field_id=sheet.field_id,
        channel=submission.channel,
        receiving_agency_id=post.agency_id,
        settling_agency_id=settling_id,
        status=Case.Status.RECEIVED,
        law_date=today,
        received_at=now,
        received_by_id=officer.id,
        due_at=deadline.due_at,
        norm_due_at=_norm_due_at(norm, post=post, today=today, now=now),
        note=submission.note,
    )
    case.pk, case.run_id = audit.write_together(
        workflow.run_write(
            version_id=start.version_id,
            plan=plan,
            receiving_agency_id=post.agency_id,
            settling_agency_id=settling_id,
            facts=facts,
            now=now,
        ),
        workflow.tasks_write(plan.tasks, run="(SELECT id FROM new_run)", now=now),
        number_write(start.number),
        case_write(case),
        parties_write(submission),
        papers_write(submission),
        ledger_write(deadline.ledger, officer_id=officer.id, now=now),
        link=audit.Link(
            subject=f"case:{case.code}",
            number=1,
            happened_at=recorded_at,
            actor_id=officer.id,
            event="case.received",
            because=sentence(deadline, "vi"),
            facts={
                "procedure": sheet.procedure_code,
                "revision": sheet.revision_id,
                "version": start.version_id,
                "due_at": deadline.due_at.isoformat(),
                "opened": [task.node for task in plan.tasks],
            },
        ),
        returning="(SELECT id FROM new_case), (SELECT id FROM new_run)",
    )
    case._state.adding = False  # noqa: SLF001 - the statement above has saved it
    if start.some_unit_is_suspended:
        suspend_at_reception(case, officer=officer, now=recorded_at)
    _note_post(case, submission, officer=officer, now=recorded_at)
    return case


def _note_post(
    case: Case, submission: Submission, *, officer: people.Person, now: datetime
) -> None:
    """Keep what the post brought, and whether it takes the result; raise CannotReceiveCase."""
    try:
        if submission.tracking_number:
            posting.note_reception(
                case, tracking_number=submission.tracking_number, officer=officer, now=now
            )
    except posting.CannotPost as refusal:
        raise CannotReceiveCase([Problem("tracking_number", str(refusal))]) from refusal
    if not submission.returns_by_post:
        return
    try:
        posting.plan_return(
            case,
            name=submission.applicant.full_name,
            phone=submission.applicant.phone,
            address=submission.return_address or submission.applicant.address,
            officer=officer,
            now=now,
        )
    except posting.CannotPost as refusal:
        raise CannotReceiveCase([Problem("return_address", str(refusal))]) from refusal


def _norm_due_at(
    norm: Limit | None, *, post: people.HeldPost, today: date, now: datetime
) -> datetime | None:
    if norm is None:
        return None
    return deadlines.due_at(
        received_at=now,
        limit=norm,
        calendar=lawbook.get_calendar(
            office_hours_key=lawbook.office_hours_key_of(post.agency_code)
        ),
        rules=lawbook.get_time_rules(today),
    )


def _facts(submission: Submission, *, channel: procedures.ChannelSheet) -> dict[str, str | int]:
    """Return what the conditions of a chart may ask of the case: the names of engine.case_facts."""
    return {
        "channel": submission.channel,
        "variant": submission.variant_code,
        "applicant": submission.applicant.kind,
        "amount": int(channel.fee_vnd),
    }


def _unknown_procedure(code: str, day: date) -> Problem:
    return Problem(
        "procedure",
        _(
            "Thủ tục “%(code)s” không có trong danh mục đang áp dụng ngày %(day)s. Hãy tìm lại "
            "thủ tục theo tên."
        )
        % {"code": code, "day": f"{day:%d/%m/%Y}"},
    )


def _code(start: queries.StartingPoint, *, post: people.HeldPost, day: date) -> str:
    pattern = lawbook.get_case_code_pattern(day)
    is_old = pattern.agency_code_form is AgencyCodeForm.OLD and start.old_agency_code
    agency_code = start.old_agency_code if is_old else post.agency_code
    return format_code(pattern, agency_code=agency_code, day=day, sequence=start.number)


def check_place_and_parties(
    submission: Submission, *, sheet: procedures.Sheet, agency: Agency, on: date
) -> list[Problem]:
    """Return why no clerk of an agency could ever receive this, however complete its papers are."""
    counter = people.HeldPost(
        id=0,
        role="CLERK",
        agency_id=agency.pk,
        agency_code=agency.code,
        agency_name=agency.name,
        agency_kind=agency.kind,
        agency_level=agency.level,
        agency_path=agency.path,
        starts_on=agency.starts_on,
        ends_on=agency.ends_on,
    )
    problems = _check_place(submission, sheet=sheet, post=counter)
    problems += check_parties(submission, on=on)
    variant = next((v for v in sheet.variants if v.code == submission.variant_code), None)
    if variant is None:
        problems.append(Problem("variant", _("Hãy chọn trường hợp của thủ tục.")))
    else:
        problems += check_papers_belong(variant, submission.papers)
    return problems


def _check_place(
    submission: Submission, *, sheet: procedures.Sheet, post: people.HeldPost
) -> list[Problem]:
    problems: list[Problem] = []
    if not any(channel.kind == submission.channel for channel in sheet.channels):
        problems.append(Problem("channel", _("Thủ tục này không nhận theo cách thức đã chọn.")))
    place = procedures.place_of_filing(sheet, post=post)
    if not place.is_allowed or place.settling_agency_id is None:
        problems.append(
            Problem(
                "procedure",
                _("Thủ tục này không nộp tại %(here)s. Hãy hướng dẫn người dân nộp tại: %(place)s.")
                % {"here": post.agency_name, "place": place.place},
            )
        )
    return problems


def _check(
    submission: Submission, *, sheet: procedures.Sheet, post: people.HeldPost, on: date
) -> tuple[procedures.VariantSheet, procedures.ChannelSheet, int]:
    """Return what the submission names in the catalogue, or raise CannotReceiveCase."""
    channel = next((c for c in sheet.channels if c.kind == submission.channel), None)
    variant = next((v for v in sheet.variants if v.code == submission.variant_code), None)
    settling_id = procedures.place_of_filing(sheet, post=post).settling_agency_id
    problems = _check_place(submission, sheet=sheet, post=post)
    problems += check_parties(submission, on=on)
    if variant is None:
        problems.append(Problem("variant", _("Hãy chọn trường hợp của thủ tục.")))
    else:
        problems += check_papers(variant, submission.papers)
    if problems or channel is None or variant is None or settling_id is None:
        raise CannotReceiveCase(problems)
    return variant, channel, settling_id

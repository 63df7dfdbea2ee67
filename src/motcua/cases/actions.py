"""Everything that can be done to a case. Each function is one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.audit import actions as audit
from motcua.cases import events, queries
from motcua.cases.models import Case, Document
from motcua.cases.receiving import case_write, ledger_write, papers_write, parties_write
from motcua.cases.reception import PartyEntry, Problem, Submission, check_papers, check_party
from motcua.engine import deadlines, vietnamese
from motcua.engine.case_codes import AgencyCodeForm, format_code
from motcua.engine.limits import Limit, Unit
from motcua.engine.sentences import sentence
from motcua.files import actions as files
from motcua.lawbook import queries as lawbook
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.procedures import queries as procedures
from motcua.workflow import actions as workflow
from motcua.workflow import queries as workflow_queries

__all__ = [
    "CannotAddDocument",
    "CannotCompleteStep",
    "CannotReceiveCase",
    "CannotReturnResult",
    "CannotTakeTask",
    "PartyEntry",
    "Problem",
    "Submission",
    "add_document",
    "complete_step",
    "open_case",
    "receive_case",
    "return_result",
    "take_task",
]

CannotCompleteStep = workflow.CannotCompleteStep


class CannotReceiveCase(Exception):
    """The submission has problems; each names its field and what to do."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(problem.message for problem in self.problems))


class CannotReturnResult(Exception):
    """The result is not ready, or was already handed over."""


class CannotTakeTask(Exception):
    """The task is done, or in someone else's hands."""


class CannotAddDocument(Exception):
    """The file cannot be added to this case."""


def receive_case(
    *, officer: people.Person, agency_id: int, submission: Submission, now: datetime
) -> Case:
    """Receive a case at an agency: code, run, first task, due time and its ledger.

    The same `submission_key` again returns the case that it made (a second click makes no second
    case). Raises NotAllowed, or CannotReceiveCase with every problem found.
    """
    people_actions.require(officer, "cases.receive", now=now, agency_id=agency_id)
    submission = submission.tidied()
    today = timezone.localtime(now).date()
    post = next(post for post in officer.posts_on(today) if post.agency_id == agency_id)
    try:
        with transaction.atomic(durable=True):
            case = _write_case(officer=officer, post=post, submission=submission, now=now)
    except IntegrityError:
        # The key is there already: the form was sent before, maybe at this very moment.
        made = Case.objects.filter(submission_key=submission.submission_key).first()
        if made is None:
            raise
        return made
    events.case_received.send(sender=Case, case_id=case.pk)
    return case


def _write_case(
    *, officer: people.Person, post: people.HeldPost, submission: Submission, now: datetime
) -> Case:
    today = timezone.localtime(now).date()
    start = queries.take_starting_point(
        agency_id=post.agency_id, procedure_code=submission.procedure_code, day=today
    )
    if start is None:
        raise CannotReceiveCase([_unknown_procedure(submission.procedure_code, today)])
    sheet = procedures.get_sheet_of(start.revision_id)
    variant, channel, settling_id = _check(submission, sheet=sheet, post=post)
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
        calendar=lawbook.get_calendar(),
        rules=lawbook.get_time_rules(today),
    )
    plan = workflow.plan_start(
        version=workflow_queries.get_version(start.version_id),
        receiving_agency_id=post.agency_id,
        settling_agency_id=settling_id,
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
        note=submission.note,
    )
    case.pk, case.run_id = audit.write_together(
        workflow.run_write(
            version_id=start.version_id,
            plan=plan,
            receiving_agency_id=post.agency_id,
            settling_agency_id=settling_id,
            now=now,
        ),
        workflow.tasks_write(plan.tasks, run="(SELECT id FROM new_run)", now=now),
        case_write(case),
        parties_write(submission),
        papers_write(submission),
        ledger_write(deadline.ledger, officer_id=officer.id, now=now),
        link=audit.Link(
            subject=f"case:{case.code}",
            number=1,
            happened_at=now,
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
    return case


def _unknown_procedure(code: str, day: date) -> Problem:
    return Problem(
        "procedure",
        _(
            "Thủ tục «%(code)s» không có trong danh mục đang áp dụng ngày %(day)s. Hãy tìm lại "
            "thủ tục theo tên."
        )
        % {"code": code, "day": f"{day:%d/%m/%Y}"},
    )


def _code(start: queries.StartingPoint, *, post: people.HeldPost, day: date) -> str:
    pattern = lawbook.get_case_code_pattern(day)
    is_old = pattern.agency_code_form is AgencyCodeForm.OLD and start.old_agency_code
    agency_code = start.old_agency_code if is_old else post.agency_code
    return format_code(pattern, agency_code=agency_code, day=day, sequence=start.number)


def _check(
    submission: Submission, *, sheet: procedures.Sheet, post: people.HeldPost
) -> tuple[procedures.VariantSheet, procedures.ChannelSheet, int]:
    """Return what the submission names in the catalogue, or raise CannotReceiveCase."""
    channel = next((c for c in sheet.channels if c.kind == submission.channel), None)
    variant = next((v for v in sheet.variants if v.code == submission.variant_code), None)
    place = procedures.place_of_filing(sheet, post=post)
    problems: list[Problem] = []
    if channel is None:
        problems.append(Problem("channel", _("Thủ tục này không nhận theo cách thức đã chọn.")))
    if not place.is_allowed or place.settling_agency_id is None:
        problems.append(
            Problem(
                "procedure",
                _("Thủ tục này không nộp tại %(here)s. Hãy hướng dẫn người dân nộp tại: %(place)s.")
                % {"here": post.agency_name, "place": place.place},
            )
        )
    problems += check_party(submission.applicant, prefix="applicant_", who=_("người nộp"))
    if submission.owner is not None:
        problems += check_party(submission.owner, prefix="owner_", who=_("chủ hồ sơ"))
    if variant is None:
        problems.append(Problem("variant", _("Hãy chọn trường hợp của thủ tục.")))
    else:
        problems += check_papers(variant, submission.papers)
    if problems or channel is None or variant is None or place.settling_agency_id is None:
        raise CannotReceiveCase(problems)
    return variant, channel, place.settling_agency_id


def complete_step(
    *, officer: people.Person, task_id: int, outcome: str = "", comment: str = "", now: datetime
) -> queries.StepResult:
    """Complete a step and pass the case on. One locked read, one write.

    Raises CannotCompleteStep (already done: by whom and when; wrong outcome; missing reason) or
    NotAllowed; the case is finished when the run is.
    """
    with transaction.atomic(durable=True):
        found = queries.lock_step(task_id)
        plan = workflow.plan_completion(
            officer=officer, step=found.step, outcome=outcome, comment=comment, now=now
        )
        status = Case.Status.DONE if plan.is_finished else Case.Status.PROCESSING
        (opened,) = audit.write_together(
            *workflow.completion_writes(
                officer=officer,
                step=found.step,
                plan=plan,
                outcome=outcome,
                comment=comment,
                now=now,
            ),
            audit.Write(
                name="case_moved",
                sql="""UPDATE cases_case SET status = %(status)s, finished_at = %(case_finished)s
                    WHERE id = %(case)s""",
                params={
                    "status": status,
                    "case_finished": now if plan.is_finished else None,
                    "case": found.case_id,
                },
            ),
            link=audit.Link(
                subject=f"case:{found.case_code}",
                number=found.trail_number + 1,
                previous_hash=found.trail_hash,
                happened_at=now,
                actor_id=officer.id,
                event="case.finished" if plan.is_finished else "case.step_completed",
                because=plan.reasons,
                facts={
                    "task": task_id,
                    "node": found.step.node,
                    "outcome": outcome,
                    "comment": comment,
                    "opened": [task.node for task in plan.tasks],
                },
            ),
            returning="ARRAY(SELECT id FROM tasks_opened ORDER BY id)" if plan.tasks else "'{}'",
        )
    if plan.is_finished:
        events.case_finished.send(sender=Case, case_id=found.case_id)
    return queries.StepResult(
        case_code=found.case_code,
        step_name=found.step.name,
        next_steps=tuple(task.name for task in plan.tasks),
        next_task_ids=tuple(opened) if plan.tasks else (),
        is_finished=plan.is_finished,
    )


@transaction.atomic(durable=True)
def take_task(*, officer: people.Person, task_id: int, now: datetime) -> queries.StepResult:
    """Put a waiting task in the officer's own hands, or give it back when it already is."""
    found = queries.lock_step(task_id)
    holder = workflow.assign_task(officer=officer, step=found.step, now=now)
    audit.record(
        event="case.task_taken" if holder else "case.task_given_back",
        subject=f"case:{found.case_code}",
        actor_id=officer.id,
        at=now,
        facts={"task": task_id, "node": found.step.node},
    )
    return queries.StepResult(
        case_code=found.case_code,
        step_name=found.step.name,
        next_steps=(found.step.name,),
        next_task_ids=(task_id,),
        is_finished=False,
    )


@transaction.atomic(durable=True)
def return_result(
    *, officer: people.Person, case_code: str, returned_to: str, now: datetime
) -> Case:
    """Hand the result of a finished case over to the citizen; raise CannotReturnResult."""
    case = Case.objects.select_for_update().get(code=case_code)
    people_actions.require(officer, "cases.return", now=now, agency_id=case.receiving_agency_id)
    if case.status == Case.Status.RETURNED and case.returned_at is not None:
        raise CannotReturnResult(
            _("Kết quả hồ sơ %(code)s đã trả cho %(who)s lúc %(at)s, không thể trả lần nữa.")
            % {
                "code": case.code,
                "who": case.returned_to,
                "at": f"{timezone.localtime(case.returned_at):%H:%M %d/%m/%Y}",
            }
        )
    if case.status != Case.Status.DONE:
        raise CannotReturnResult(
            _(
                "Hồ sơ %(code)s đang ở trạng thái «%(status)s», chưa có kết quả để trả. Hãy đợi bước cuối "
                "hoàn thành."
            )
            % {"code": case.code, "status": case.get_status_display()}
        )
    name = vietnamese.tidy(returned_to)
    if not name:
        raise CannotReturnResult(_("Hãy nhập họ tên người nhận kết quả."))
    case.status, case.returned_at, case.returned_to = Case.Status.RETURNED, now, name
    case.save(update_fields=["status", "returned_at", "returned_to"])
    audit.record(
        event="case.returned",
        subject=f"case:{case.code}",
        actor_id=officer.id,
        at=now,
        facts={"returned_to": name},
    )
    events.case_returned.send(sender=Case, case_id=case.pk)
    return case


def open_case(
    *, officer: people.Person, case_code: str, what: str = "case.opened", now: datetime
) -> queries.CasePage:
    """Open a case for reading: checks the right over it, notes the read, returns the page.

    Raises NoSuchCase, or NotAllowed; the refusal is noted too, and stays noted.
    """
    try:
        page = queries.get_case_page(case_code=case_code, officer=officer, now=now)
    except people_actions.NotAllowed:
        _note_read(officer, case_code, what=what, was_allowed=False, now=now)
        raise
    _note_read(officer, case_code, what=what, was_allowed=True, now=now)
    return page


def _note_read(
    officer: people.Person, case_code: str, *, what: str, was_allowed: bool, now: datetime
) -> None:
    audit.note_read(
        subject=f"case:{case_code}", actor_id=officer.id, at=now, what=what, was_allowed=was_allowed
    )


@transaction.atomic(durable=True)
def add_document(
    *,
    officer: people.Person,
    case_code: str,
    title: str,
    name: str,
    content: bytes,
    component_id: int | None = None,
    now: datetime,
) -> Document:
    """Add a file to a case; raise CannotAddDocument when it is not of a type that is kept."""
    case = queries.get_case_in_scope(case_code=case_code, officer=officer, now=now)
    try:
        stored = files.store_file(officer=officer, name=name, content=content, now=now)
    except files.CannotStoreFile as error:
        raise CannotAddDocument(str(error)) from error
    document = Document.objects.create(
        case=case,
        component_id=component_id,
        file_id=stored.pk,
        title=title.strip()[:300] or stored.name,
        added_at=now,
        added_by_id=officer.id,
    )
    audit.record(
        event="case.document_added",
        subject=f"case:{case.code}",
        actor_id=officer.id,
        at=now,
        facts={"document": document.pk, "sha256": stored.sha256, "title": document.title},
    )
    return document

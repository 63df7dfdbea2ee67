"""What a case does without a person's step: a timer goes off, a message comes, the system acts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.audit import actions as audit
from motcua.cases import events, queries
from motcua.cases.actions.steps import (
    MOST_ATTEMPTS,
    require_ours,
    too_many_at_once,
    write_move,
)
from motcua.cases.models import Case
from motcua.cases.recounting import step_timers_stand
from motcua.messages import actions as messages
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.workflow import actions as workflow
from motcua.workflow import queries as workflow_queries


class CannotFireTimer(Exception):
    """The timer's moment has not come, or it went off or was withdrawn before."""


class CannotCarryOut(Exception):
    """The system's task is done already, or names no action of this system."""


class CannotDeliverMessage(Exception):
    """The case does not wait for this message, or has it already."""


def fire_timer(*, officer: people.Person, task_id: int, now: datetime) -> queries.StepResult:
    """Let a timer whose moment has come go off, once; its step is withdrawn if it interrupts.

    Only the system itself does this. Raises CannotFireTimer.
    """
    people_actions.require_system(officer)

    def decide(found: queries.StepOfCase) -> workflow.Plan:
        due_at = found.step.due_at
        if found.step.kind == "TIMER" and due_at and now < due_at:
            raise workflow.CannotCompleteStep(
                _("“%(name)s” hẹn lúc %(at)s, chưa tới giờ nên chưa làm gì.")
                % {"name": found.step.name, "at": queries.moment_words(due_at)}
            )
        _require_running_clock(found)
        return workflow.plan_event(step=found.step, kind="TIMER", facts={}, now=now)

    try:
        return _move(task_id, decide, officer=officer, event="case.timer_fired", now=now)
    except workflow.CannotCompleteStep as error:
        raise CannotFireTimer(str(error)) from error


def _require_running_clock(found: queries.StepOfCase) -> None:
    """Raise CannotCompleteStep while a timer stands still with the clock of its case."""
    case = Case.objects.get(pk=found.case_id)
    if case.clock_stopped_at is not None and step_timers_stand(case.law_date):
        raise workflow.CannotCompleteStep(
            _("Thời hạn của hồ sơ đang tạm dừng từ %(at)s, nên giờ hẹn “%(name)s” cũng đứng yên.")
            % {"name": found.step.name, "at": queries.moment_words(case.clock_stopped_at)}
        )


def carry_out(*, officer: people.Person, task_id: int, now: datetime) -> queries.StepResult:
    """Carry out what a service task names, and pass the case on, in one transaction.

    Only the system itself does this. A second time finds the task done: CannotCarryOut.
    """
    people_actions.require_system(officer)

    def decide(found: queries.StepOfCase) -> workflow.Plan:
        plan = workflow.plan_event(step=found.step, kind="SERVICE", facts={}, now=now)
        net = workflow_queries.get_version(found.step.version_id).net
        action = SERVICE_ACTIONS.get(net.by_id[found.step.node].action)
        if action is None:
            raise workflow.CannotCompleteStep(
                _("Việc “%(name)s” không nêu hành động nào mà hệ thống có. Hãy sửa lưu đồ.")
                % {"name": found.step.name}
            )
        action(found, now)
        return plan

    try:
        return _move(task_id, decide, officer=officer, event="case.service_done", now=now)
    except workflow.CannotCompleteStep as error:
        raise CannotCarryOut(str(error)) from error


def deliver_message(
    *,
    officer: people.Person,
    case_code: str,
    message: str,
    answer: str = "",
    reference: str = "",
    now: datetime,
) -> queries.StepResult:
    """Give a case the message that it waits for: a supplement, a payment, another system's answer.

    `answer` can be asked by the conditions after it; `reference` is the sender's own number: the
    same one twice is refused, also in a loop. Raises CannotDeliverMessage, NotAllowed, NoSuchCase.
    """
    run_id = Case.objects.filter(code=case_code).values_list("run_id", flat=True).first()
    if run_id is None:
        raise queries.NoSuchCase(queries.no_such_case(case_code))
    waits = workflow_queries.list_message_waits(run_id)
    wait = _the_wait(waits, case_code=case_code, message=message, reference=reference)
    if not people_actions.is_system(officer):
        people_actions.require(
            officer, "cases.deliver_message", now=now, agency_id=wait.agency_id, agency_path=""
        )
    told = {"answer": answer} if answer else {}

    def decide(found: queries.StepOfCase) -> workflow.Plan:
        return workflow.plan_event(step=found.step, kind="MESSAGE", facts=told, now=now)

    try:
        return _move(
            wait.task_id,
            decide,
            officer=officer,
            event="case.message_received",
            comment=reference,
            told=told,
            now=now,
        )
    except workflow.CannotCompleteStep as error:
        raise CannotDeliverMessage(str(error)) from error


def _the_wait(
    waits: tuple[workflow_queries.MessageWait, ...], *, case_code: str, message: str, reference: str
) -> workflow_queries.MessageWait:
    for wait in waits:
        if (
            reference
            and wait.completed_at
            and (wait.message, wait.reference) == (message, reference)
        ):
            raise CannotDeliverMessage(
                _("Hồ sơ %(code)s đã nhận tin “%(message)s” số %(reference)s lúc %(at)s.")
                % {
                    "code": case_code,
                    "message": message,
                    "reference": reference,
                    "at": queries.moment_words(wait.completed_at),
                }
            )
    still = [wait for wait in waits if wait.completed_at is None]
    for wait in still:
        if wait.message == message:
            return wait
    names = ", ".join(f"“{wait.message}”" for wait in still) or _("không có tin nào")
    raise CannotDeliverMessage(
        _(
            "Hồ sơ %(code)s không chờ tin “%(message)s”; đang chờ: %(names)s. Hãy kiểm tra lại mã hồ sơ."
        )
        % {"code": case_code, "message": message, "names": names}
    )


def _move(
    task_id: int,
    decide: Callable[[queries.StepOfCase], workflow.Plan],
    *,
    officer: people.Person,
    event: str,
    comment: str = "",
    told: Mapping[str, Any] | None = None,
    now: datetime,
) -> queries.StepResult:
    """Read, decide and write until nobody was quicker; a service acts in the same transaction."""
    for _attempt in range(MOST_ATTEMPTS):
        try:
            with transaction.atomic(durable=True):
                found = queries.read_step(task_id)
                require_ours(found)
                plan = decide(found)
                return write_move(
                    found,
                    plan,
                    officer=officer,
                    outcome="",
                    comment=comment,
                    event=event,
                    facts={**found.step.facts, **told} if told else None,
                    now=now,
                )
        except audit.TrailHasMoved:
            continue
    raise workflow.CannotCompleteStep(too_many_at_once(found))


def _tell_unit(found: queries.StepOfCase, *, text_vi: str, text_en: str, now: datetime) -> None:
    """Tell those who take files in at the counter, or settle them elsewhere, at the step's agency."""
    is_counter = found.step.agency_id == found.step.receiving_agency_id
    messages.tell(
        news=[
            messages.News(
                once_key=f"task:{found.step.task_id}",
                path=reverse("desk:case", args=[found.case_code]),
                text_vi=text_vi,
                text_en=text_en,
                agency_id=found.step.agency_id,
                role="CLERK" if is_counter else "OFFICER",
            )
        ],
        now=now,
    )


def _notify_applicant(found: queries.StepOfCase, now: datetime) -> None:
    events.notice_due.send(
        sender=Case, case_id=found.case_id, audience="APPLICANT", about=found.step.name, at=now
    )
    # Nothing goes out to citizens yet: whoever is at the step's agency calls them.
    name, code = found.step.name, found.case_code
    _tell_unit(
        found,
        text_vi=f"Cần báo cho người nộp hồ sơ {code}: “{name}”.",
        text_en=f"The applicant of case {code} is to be told: “{name}”.",
        now=now,
    )


def _notify_unit(found: queries.StepOfCase, now: datetime) -> None:
    events.notice_due.send(
        sender=Case, case_id=found.case_id, audience="UNIT", about=found.step.name, at=now
    )
    name, code = found.step.name, found.case_code
    _tell_unit(
        found,
        text_vi=f"Hồ sơ {code}: “{name}”.",
        text_en=f"Case {code}: “{name}”.",
        now=now,
    )


# The actions that a chart may name (engine.net.SERVICE_ACTIONS). Whatever they write stands or
# falls with the move of the case, so that one that is tried twice has happened once.
SERVICE_ACTIONS: dict[str, Callable[[queries.StepOfCase, datetime], None]] = {
    "NOTIFY_APPLICANT": _notify_applicant,
    "NOTIFY_UNIT": _notify_unit,
}

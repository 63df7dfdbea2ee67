"""Completes a step and passes the case on; puts a task in someone's hands."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.audit import actions as audit
from motcua.cases import events, mirror_queries, queries
from motcua.cases.actions import telling
from motcua.cases.models import Case
from motcua.people import queries as people
from motcua.workflow import actions as workflow
from motcua.workflow import queries as workflow_queries

# How often a step is read again when someone else has changed the case meanwhile.
MOST_ATTEMPTS = 20


def complete_step(
    *,
    officer: people.Person,
    task_id: int,
    outcome: str = "",
    comment: str = "",
    seen: str = "",
    now: datetime,
) -> queries.StepResult:
    """Complete a step and pass the case on: one read, one statement that writes all or nothing.

    `seen` is the place in the chart that the officer had before them: a migration may have made
    another step of the task since, and that one was not meant. Raises CannotCompleteStep (already done: by whom and when; wrong outcome; missing reason) or
    NotAllowed; the case is finished when the run is.
    """
    for _attempt in range(MOST_ATTEMPTS):
        found = queries.read_step(task_id)
        _require_running(found)
        seen = seen or found.step.node
        _require_seen(found, seen)
        plan = workflow.plan_completion(
            officer=officer, step=found.step, outcome=outcome, comment=comment, now=now
        )
        node = workflow_queries.get_version(found.step.version_id).net.by_id[found.step.node]
        if outcome in GOES_ON:
            _require_papers(found, (*filter(None, (node.form,)), *node.documents))
        try:
            with transaction.atomic() if node.sms else nullcontext():
                result = write_move(
                    found, plan, officer=officer, outcome=outcome, comment=comment, now=now
                )
                if node.sms and outcome in GOES_ON:
                    _tell(found, node.sms, now=now)
        except audit.TrailHasMoved:
            continue
        return result
    raise workflow.CannotCompleteStep(too_many_at_once(found))


# With these outcomes a step was done; the others send the case back or end it.
GOES_ON = frozenset({"", "APPROVE"})


def _require_papers(found: queries.StepOfCase, titles: tuple[str, ...]) -> None:
    """Raise CannotCompleteStep while a paper that the chart wants of a step is not there."""
    lacking = queries.list_lacking_papers(found.case_id, titles) if titles else ()
    if lacking:
        raise workflow.CannotCompleteStep(
            _(
                "Bước “%(step)s” chưa có %(papers)s mà quy trình yêu cầu. Hãy tải lên tài liệu mang đúng tên "
                "đó, rồi hoàn thành bước."
            )
            % {"step": found.step.name, "papers": ", ".join(f"“{title}”" for title in lacking)}
        )


def _tell(found: queries.StepOfCase, words: str, *, now: datetime) -> None:
    case = Case.objects.select_related("receiving_agency", "settling_agency").get(pk=found.case_id)
    telling.tell_of_step(
        case, task_id=found.step.task_id, step=found.step.name, words=words, now=now
    )


def too_many_at_once(found: queries.StepOfCase) -> str:
    """Return the words for a case that others keep changing."""
    return _(
        "Hồ sơ %(code)s đang được nhiều người xử lý cùng lúc, nên chưa ghi được. Hãy thử lại."
    ) % {"code": found.case_code}


# What a case waits for while its clock stands still, and what has to come first.
_WAITS_FOR = {
    str(Case.Status.SUPPLEMENT): gettext_lazy("đang chờ người dân bổ sung giấy tờ"),
    str(Case.Status.PAYMENT): gettext_lazy("đang chờ người dân thực hiện nghĩa vụ tài chính"),
}


def require_ours(found: queries.StepOfCase) -> None:
    """Raise CannotCompleteStep while another system owns the status of the case."""
    if found.is_theirs and found.step.completed_at is None:
        raise workflow.CannotCompleteStep(mirror_queries.why_theirs(found.case_id))


def _require_running(found: queries.StepOfCase) -> None:
    """Raise CannotCompleteStep while the case waits for the citizen, or is not ours."""
    require_ours(found)
    if found.step.completed_at is None and found.status in _WAITS_FOR:
        raise workflow.CannotCompleteStep(
            _(
                "Hồ sơ %(code)s %(waits)s, nên chưa hoàn thành được bước “%(step)s”. Hãy ghi nhận việc "
                "người dân đã làm trước, rồi hoàn thành bước này."
            )
            % {"code": found.case_code, "waits": _WAITS_FOR[found.status], "step": found.step.name}
        )


def _require_seen(found: queries.StepOfCase, seen: str) -> None:
    """Raise CannotCompleteStep where a migration has made another step of the open task."""
    if found.step.completed_at is None and found.step.node != seen:
        raise workflow.CannotCompleteStep(
            _(
                "Hồ sơ %(code)s vừa được chuyển sang phiên bản khác của quy trình; bước đang mở nay là "
                "“%(step)s”, nên chưa ghi gì. Hãy xem lại bước này rồi hoàn thành."
            )
            % {"code": found.case_code, "step": found.step.name}
        )


def write_move(
    found: queries.StepOfCase,
    plan: workflow.Plan,
    *,
    officer: people.Person,
    outcome: str,
    comment: str,
    event: str = "case.step_completed",
    facts: Mapping[str, Any] | None = None,
    now: datetime,
) -> queries.StepResult:
    """Write a move if the case is as it was read, else raise TrailHasMoved; tell of its end.

    `facts`, where given, are the new facts of the run.
    """
    more = {"withdrawn": list(plan.withdrawn)} if plan.withdrawn else {}
    (opened,) = audit.write_together(
        *workflow.completion_writes(
            officer=officer,
            step=found.step,
            plan=plan,
            outcome=outcome,
            comment=comment,
            facts=facts,
            now=now,
        ),
        *_case_writes(found, plan, now=now),
        link=audit.Link(
            subject=f"case:{found.case_code}",
            number=found.trail_number + 1,
            previous_hash=found.trail_hash,
            happened_at=now,
            actor_id=officer.id,
            event="case.finished" if plan.is_finished else event,
            because=plan.reasons,
            facts={
                "task": found.step.task_id,
                "node": found.step.node,
                "outcome": outcome,
                "comment": comment,
                "opened": [task.node for task in plan.tasks],
                **more,
                **in_stead(plan.post),
            },
        ),
        returning="ARRAY(SELECT id FROM tasks_opened ORDER BY id)"
        if plan.tasks
        else "'{}'::bigint[]",
    )
    if plan.is_finished:
        events.case_finished.send(sender=Case, case_id=found.case_id)
    return queries.StepResult(
        case_code=found.case_code,
        step_name=found.step.name,
        next_steps=tuple(task.name for task in plan.tasks if task.kind != "TIMER"),
        next_task_ids=tuple(opened),
        is_finished=plan.is_finished,
    )


def in_stead(post: people.HeldPost | None) -> dict[str, Any]:
    """Return what an entry says of whose post was filled; nothing of one's own post."""
    if post is None or post.stead_of_id is None:
        return {}
    return {"stead_of": {"person": post.stead_of_id, "name": post.stead_of}}


def _case_writes(
    found: queries.StepOfCase, plan: workflow.Plan, *, now: datetime
) -> tuple[audit.Write, ...]:
    """Return the write of the case's own row; none on a step in the middle, which changes nothing there."""
    status = Case.Status.DONE if plan.is_finished else Case.Status.PROCESSING
    if found.status == status or (found.status in _WAITS_FOR and not plan.is_finished):
        return ()
    return (
        audit.Write(
            name="case_moved",
            sql=f"""UPDATE cases_case SET status = %(status)s, finished_at = %(case_finished)s,
                    clock_stopped_at = NULL
                WHERE id = %(case)s AND {audit.IF_UNMOVED}""",
            params={
                "status": str(status),
                "case_finished": now if plan.is_finished else None,
                "case": found.case_id,
            },
        ),
    )


def take_task(*, officer: people.Person, task_id: int, now: datetime) -> queries.StepResult:
    """Put a waiting task in the officer's own hands; one that already is there stays there.

    Raises CannotCompleteStep when it is done or in another's hands, or NotAllowed.
    """
    return _assign(officer=officer, task_id=task_id, takes=True, now=now)


def give_back_task(*, officer: people.Person, task_id: int, now: datetime) -> queries.StepResult:
    """Give a task back to the unit; one that nobody holds stays so.

    Raises CannotCompleteStep when it is done or in another's hands, or NotAllowed.
    """
    return _assign(officer=officer, task_id=task_id, takes=False, now=now)


@transaction.atomic(durable=True)
def _assign(
    *, officer: people.Person, task_id: int, takes: bool, now: datetime
) -> queries.StepResult:
    audit.hold(f"case:{queries.read_step(task_id).case_code}")
    found = queries.read_step(task_id)
    post = workflow.assign_task(officer=officer, step=found.step, takes=takes, now=now)
    if post is not None:
        audit.record(
            event="case.task_taken" if takes else "case.task_given_back",
            subject=f"case:{found.case_code}",
            actor_id=officer.id,
            at=now,
            facts={"task": task_id, "node": found.step.node, **in_stead(post)},
        )
    return queries.StepResult(
        case_code=found.case_code,
        step_name=found.step.name,
        next_steps=(found.step.name,),
        next_task_ids=(task_id,),
        is_finished=False,
    )

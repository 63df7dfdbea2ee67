"""Puts many tasks in other hands at once, with a result for each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.audit import actions as audit
from motcua.cases import assigning_queries, queries
from motcua.engine import load
from motcua.engine.load import Candidate, suggest
from motcua.messages import actions as messages
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.workflow import actions as workflow


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskResult:
    """What became of one task: who has it now, or why it stays where it was."""

    task_id: int
    case_code: str = ""
    step_name: str = ""
    receiver: str = ""
    reason: str = ""
    refusal: str = ""


def assign_tasks(
    *, officer: people.Person, task_ids: Iterable[int], receiver_id: int | None, now: datetime
) -> tuple[TaskResult, ...]:
    """Put tasks in somebody's hands, or each in those of whoever has the least to do.

    Each task is one transaction: some may be refused, which is said, and none is half written.
    Raises NotAllowed for who may assign nothing at all.
    """
    people_actions.require(officer, "cases.assign", now=now)
    ids = tuple(dict.fromkeys(task_ids))
    own = assigning_queries.agencies_of(officer, now=now)
    found = {}
    for task_id in ids:
        try:
            step = queries.read_step(task_id)
        except queries.NoSuchTask:
            continue
        # Of what lies outside nothing is told, not even that it is there.
        if step.step.agency_id in own:
            found[task_id] = step
    places = {pk: _place(one) for pk, one in found.items()}
    loads = assigning_queries.list_candidates(places.values(), now=now)
    results = []
    for task_id in ids:
        if task_id not in found:
            refusal = _(
                "Không có bước nào mang số %(id)s ở các đơn vị của anh/chị. Hãy chọn lại trong danh sách."
            ) % {"id": task_id}
            results.append(TaskResult(task_id=task_id, refusal=refusal))
            continue
        place = places[task_id]
        result, chosen = _assign_one(officer, found[task_id], receiver_id, loads[place], now=now)
        results.append(result)
        if chosen is not None:
            loads = {at: _one_more(of, chosen) for at, of in loads.items()}
    return tuple(results)


def _place(found: queries.StepOfCase) -> assigning_queries.Place:
    return assigning_queries.Place(agency_id=found.step.agency_id, role=found.step.role)


def _one_more(candidates: tuple[Candidate, ...], chosen: int) -> tuple[Candidate, ...]:
    return tuple(
        replace(one, open_count=one.open_count + 1) if one.id == chosen else one
        for one in candidates
    )


def _assign_one(
    officer: people.Person,
    found: queries.StepOfCase,
    receiver_id: int | None,
    candidates: tuple[Candidate, ...],
    *,
    now: datetime,
) -> tuple[TaskResult, int | None]:
    """Return what became of a task, and who got it."""
    told = TaskResult(
        task_id=found.step.task_id, case_code=found.case_code, step_name=found.step.name
    )
    reason = ""
    if receiver_id is None:
        # Whoever is to hand over is not among those who get it.
        others = (one for one in candidates if one.id != found.step.assignee_id)
        suggestion = suggest(others)
        if suggestion is None:
            refusal = _(
                "Không có ai khác vừa có mặt vừa giữ vai trò của bước này tại cơ quan. Hãy giao vị trí cho "
                "người mới trước."
            )
            return replace(told, refusal=refusal), None
        receiver_id, reason = suggestion.candidate.id, suggestion.because.vi
    try:
        name = assign_task(
            officer=officer,
            task_id=found.step.task_id,
            receiver_id=receiver_id,
            reason=reason,
            now=now,
        )
    except (workflow.CannotAssignTask, people_actions.NotAllowed) as refused:
        return replace(told, refusal=str(refused)), None
    return replace(told, receiver=name, reason=reason), receiver_id


@transaction.atomic(durable=True)
def assign_task(
    *, officer: people.Person, task_id: int, receiver_id: int, reason: str = "", now: datetime
) -> str:
    """Put a waiting task in somebody's hands and return their name; tell them and who held it.

    Raises CannotAssignTask when it is done, or the receiver is away or has not the role; NotAllowed.
    """
    audit.hold(f"case:{queries.read_step(task_id).case_code}")
    found = queries.read_step(task_id)
    workflow.put_in_hands(officer=officer, step=found.step, receiver_id=receiver_id, now=now)
    name = people.get_name(receiver_id)
    audit.record(
        event="case.task_assigned",
        subject=f"case:{found.case_code}",
        actor_id=officer.id,
        at=now,
        because=reason,
        facts={
            "task": task_id,
            "node": found.step.node,
            "from": found.step.assignee_id,
            "to": receiver_id,
            "receiver": name,
        },
    )
    _tell(officer, receiver_id, found.step.assignee_id, now=now)
    return name


def _tell(
    officer: people.Person, receiver_id: int, holder_id: int | None, *, now: datetime
) -> None:
    """Tell who gets tasks and who gives them up, once for all that is passed on at one moment."""
    told = [(receiver_id, "assigned", "?state=mine", load.told_receiver(officer.full_name, now))]
    if holder_id is not None:
        told.append((holder_id, "passed-on", "", load.told_holder(officer.full_name, now)))
    messages.tell(
        news=(
            messages.News(
                once_key=f"{what}:{person_id}:{officer.id}:{now.isoformat()}",
                path=f"{reverse('desk:my-work')}{query}",
                text_vi=said.vi,
                text_en=said.en,
                person_id=person_id,
            )
            for person_id, what, query, said in told
            if person_id != officer.id
        ),
        now=now,
    )

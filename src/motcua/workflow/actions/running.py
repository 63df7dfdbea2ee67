"""How a run starts and goes on: decided here, written by the area whose work it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.audit import actions as audit
from motcua.engine import deadlines, tokens
from motcua.engine.case_facts import OUTCOME
from motcua.engine.conditions import UnfitValue
from motcua.engine.explain import Because
from motcua.engine.limits import Limit, parse_length, parse_limit
from motcua.engine.net import AGENCY_PREFIX, RECEIVING, SETTLING, TERRITORY, Kind, Net, Node
from motcua.lawbook import queries as lawbook
from motcua.people import actions as people_actions
from motcua.people import agency_queries
from motcua.people import queries as people
from motcua.workflow import queries
from motcua.workflow.models import Task


class CannotCompleteStep(Exception):
    """The step is not open to this person, or not with this outcome."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NewTask:
    """A task to open: the step, whose it is, and when it should be done or a timer goes off."""

    node: str
    name: str
    kind: str = "USER"
    agency_id: int
    role: str
    outcomes: tuple[str, ...]
    due_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What happens to a run next: its new marking, the tasks to open, and why."""

    waiting: tuple[str, ...]
    open_nodes: tuple[str, ...]
    tasks: tuple[NewTask, ...]
    is_finished: bool
    because: tuple[Because, ...]
    withdrawn: tuple[str, ...] = ()
    # The post out of which the step is done, where a person does it.
    post: people.HeldPost | None = None

    @property
    def reasons(self) -> str:
        """The reasons in Vietnamese, one after another."""
        return " ".join(reason.vi for reason in self.because)


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenStep:
    """A task with its run, as read at one moment: all that completing it depends on."""

    run_id: int
    version_id: int
    waiting: tuple[str, ...]
    open_nodes: tuple[str, ...]
    receiving_agency_id: int
    settling_agency_id: int
    task_id: int
    node: str
    name: str
    kind: str = "USER"
    agency_id: int
    role: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    due_at: datetime | None = None
    opened_at: datetime
    completed_at: datetime | None
    completed_by_id: int | None
    assignee_id: int | None = None


def plan_start(
    *,
    version: queries.PublishedVersion,
    receiving_agency_id: int,
    settling_agency_id: int,
    facts: Mapping[str, Any] | None = None,
    now: datetime,
) -> Plan:
    """Decide the first tasks of a run; `facts` are what its conditions may ask of the case."""
    move = tokens.start(version.net, facts or {})
    return _plan(
        version.net,
        move,
        receiving_agency_id=receiving_agency_id,
        settling_agency_id=settling_agency_id,
        now=now,
    )


def plan_completion(
    *, officer: people.Person, step: OpenStep, outcome: str, comment: str, now: datetime
) -> Plan:
    """Guard and decide the completion of a step; raise CannotCompleteStep or NotAllowed."""
    if step.completed_at is not None:
        raise CannotCompleteStep(already_done(step))
    if step.kind != Task.Kind.USER:
        raise CannotCompleteStep(_not_for_people(step))
    post = _require_own_task(officer, step, now=now)
    if now < step.opened_at:
        raise CannotCompleteStep(_opens_later(step, now=now))
    node = queries.get_version(step.version_id).net.by_id[step.node]
    _check_outcome(node, outcome, comment)
    return replace(_next_plan(step, {**step.facts, OUTCOME: outcome}, now=now), post=post)


def plan_event(*, step: OpenStep, kind: str, facts: Mapping[str, Any], now: datetime) -> Plan:
    """Decide what follows when a timer goes off, a message comes or a service is done.

    The caller has guarded who brings it about. Raises CannotCompleteStep, when it is over too.
    """
    if step.kind != kind or step.completed_at is not None:
        raise CannotCompleteStep(already_done(step) if step.completed_at else _not_open(step))
    if now < step.opened_at:
        raise CannotCompleteStep(_opens_later(step, now=now))
    return _next_plan(step, {**step.facts, **facts, OUTCOME: ""}, now=now)


def _next_plan(step: OpenStep, variables: Mapping[str, Any], *, now: datetime) -> Plan:
    net = queries.get_version(step.version_id).net
    marking = tokens.Marking(waiting=step.waiting, open=step.open_nodes)
    try:
        move = tokens.complete(net, marking, step.node, variables)
    except (tokens.StepNotOpen, tokens.NoWayOut, UnfitValue) as error:
        raise CannotCompleteStep(str(error)) from error
    return _plan(
        net,
        move,
        receiving_agency_id=step.receiving_agency_id,
        settling_agency_id=step.settling_agency_id,
        now=now,
    )


def completion_writes(
    *,
    officer: people.Person,
    step: OpenStep,
    plan: Plan,
    outcome: str,
    comment: str,
    facts: Mapping[str, Any] | None = None,
    now: datetime,
) -> tuple[audit.Write, ...]:
    """Return the writes that complete a step and open the next ones, if the trail is unmoved.

    `facts`, where given, replace those of the run.
    """
    done = audit.Write(
        name="task_done",
        sql=f"""UPDATE workflow_task SET completed_at = %(now)s, completed_by_id = %(officer)s,
            completed_for_id = %(stead_of)s, outcome = %(outcome)s, comment = %(comment)s
            WHERE id = %(task)s AND {audit.IF_UNMOVED}""",
        params={
            "now": now,
            "officer": officer.id,
            "stead_of": plan.post.stead_of_id if plan.post else None,
            "outcome": outcome,
            "comment": comment,
            "task": step.task_id,
        },
    )
    run = audit.Write(
        name="run_moved",
        sql=f"""UPDATE workflow_run SET waiting = %(waiting)s::text[],
            open_nodes = %(open_nodes)s::text[], finished_at = %(run_finished)s
            WHERE id = %(run)s AND {audit.IF_UNMOVED}""",
        params={
            "waiting": audit.text_array(plan.waiting),
            "open_nodes": audit.text_array(plan.open_nodes),
            "run_finished": now if plan.is_finished else None,
            "run": step.run_id,
        },
    )
    writes = [done, run]
    if plan.withdrawn:
        writes.append(_withdrawal(plan.withdrawn))
    if facts is not None:
        writes[1] = replace(
            run,
            sql=run.sql.replace("SET ", "SET facts = %(run_facts)s::jsonb, ", 1),
            params={**run.params, "run_facts": audit.to_json(dict(facts))},
        )
    if plan.tasks:
        writes.append(tasks_write(plan.tasks, run="%(run)s", now=now))
    return tuple(writes)


def _withdrawal(nodes: tuple[str, ...]) -> audit.Write:
    """Return the write that closes tasks of the run without their being done.

    Not before they opened: whoever waited while a step beside theirs was completed knows an earlier
    moment than that.
    """
    return audit.Write(
        name="tasks_withdrawn",
        sql=f"""UPDATE workflow_task SET completed_at = GREATEST(%(now)s, opened_at),
            completed_by_id = %(officer)s,
            was_withdrawn = true
            WHERE run_id = %(run)s AND id <> %(task)s AND node = ANY(%(withdrawn)s::text[])
                AND completed_at IS NULL AND {audit.IF_UNMOVED}""",
        params={"withdrawn": audit.text_array(nodes)},
    )


def tasks_write(tasks: tuple[NewTask, ...], *, run: str, now: datetime) -> audit.Write:
    """Return the write that opens tasks; `run` is the SQL that gives the run's id."""
    rows = [
        {
            "node": task.node,
            "name": task.name,
            "kind": task.kind,
            "agency_id": task.agency_id,
            "role": task.role,
            "outcomes": list(task.outcomes),
            "due_at": task.due_at.isoformat() if task.due_at else None,
        }
        for task in tasks
    ]
    return audit.Write(
        name="tasks_opened",
        sql=f"""INSERT INTO workflow_task (run_id, node, name, kind, agency_id, role, outcomes,
                opened_at, due_at, outcome, comment)
            SELECT {run}, t.node, t.name, t.kind, t.agency_id, t.role, t.outcomes, %(opened_at)s,
                t.due_at, '', ''
            FROM jsonb_to_recordset(%(tasks)s::jsonb) AS t(node text, name text, kind text,
                agency_id bigint, role text, outcomes text[], due_at timestamptz)
            WHERE {audit.IF_UNMOVED}
            RETURNING id""",
        params={"tasks": audit.to_json(rows), "opened_at": now},
    )


def run_write(
    *,
    version_id: int,
    plan: Plan,
    receiving_agency_id: int,
    settling_agency_id: int,
    facts: Mapping[str, Any] | None = None,
    now: datetime,
) -> audit.Write:
    """Return the write that starts a run; its id is `(SELECT id FROM new_run)` for other writes."""
    return audit.Write(
        name="new_run",
        sql="""INSERT INTO workflow_run (version_id, receiving_agency_id, settling_agency_id, waiting,
                open_nodes, facts, started_at)
            VALUES (%(version)s, %(run_receiving)s, %(run_settling)s, %(waiting)s::text[],
                %(open_nodes)s::text[], %(run_facts)s::jsonb, %(run_started)s)
            RETURNING id""",
        params={
            "version": version_id,
            "run_receiving": receiving_agency_id,
            "run_settling": settling_agency_id,
            "waiting": audit.text_array(plan.waiting),
            "open_nodes": audit.text_array(plan.open_nodes),
            "run_facts": audit.to_json(dict(facts or {})),
            "run_started": now,
        },
    )


def _plan(
    net: Net,
    move: tokens.Move,
    *,
    receiving_agency_id: int,
    settling_agency_id: int,
    now: datetime,
) -> Plan:
    units: Mapping[str, int] = {RECEIVING: receiving_agency_id, SETTLING: settling_agency_id}
    return Plan(
        waiting=move.marking.waiting,
        open_nodes=move.marking.open,
        tasks=tuple(new_task(net, net.by_id[node], units, now=now) for node in move.opened),
        is_finished=move.is_finished,
        because=move.because,
        withdrawn=move.withdrawn,
    )


_TASK_KINDS = {
    Kind.USER: "USER",
    Kind.SERVICE: "SERVICE",
    Kind.MESSAGE: "MESSAGE",
    Kind.TIMER: "TIMER",
}


def new_task(net: Net, node: Node, units: Mapping[str, int], *, now: datetime) -> NewTask:
    """Return the task that a step opens: at which agency, for which role, due when."""
    if node.kind not in _TASK_KINDS:
        # A published chart holds the steps of the called process in its place.
        raise CannotCompleteStep(
            _(
                "Bước “%(step)s” gọi quy trình khác nhưng chưa được ghép khi công bố. Hãy công bố lại."
            )
            % {"step": node.label}
        )
    # A timer is at the place of its step; what names no place is at the counter.
    unit = node.unit or (net.by_id[node.attached_to].unit if node.attached_to else "") or RECEIVING
    if unit.startswith(AGENCY_PREFIX):
        # A published chart is never redrawn: what it names may have been dissolved since.
        named = people.get_agency(unit.removeprefix(AGENCY_PREFIX))
        agency_id = agency_queries.get_heir(named, on=people.day_of(now)).pk
    elif unit == TERRITORY:
        agency_id = _of_territory(units)
    else:
        agency_id = units[unit]
    return NewTask(
        node=node.id,
        name=node.label,
        kind=_TASK_KINDS[node.kind],
        agency_id=agency_id,
        role=node.role,
        outcomes=node.outcomes,
        due_at=_due_at(node, now=now),
    )


def _of_territory(units: Mapping[str, int]) -> int:
    """Return the local agency that the case came to or is settled by; of the province: who settles."""
    local = people.list_local_agencies(units.values())
    return next((agency_id for agency_id in units.values() if agency_id in local), units[SETTLING])


def _due_at(node: Node, *, now: datetime) -> datetime | None:
    if node.kind is Kind.TIMER:
        return _end_of(parse_length(node.timer), now=now)
    return _end_of(parse_limit(node.limit), now=now) if node.limit else None


def _end_of(limit: Limit, *, now: datetime) -> datetime:
    return deadlines.due_at(
        received_at=now,
        limit=limit,
        calendar=lawbook.get_calendar(),
        rules=lawbook.get_time_rules(people.day_of(now)),
    )


def assign_task(
    *, officer: people.Person, step: OpenStep, takes: bool, now: datetime
) -> people.HeldPost | None:
    """Put a waiting task in the officer's hands, or give it back; None when nothing changed.

    Returns the post out of which the officer does that, their own or an absent colleague's.

    Called inside the transaction of the area whose work it is, which holds the lock. Raises
    CannotCompleteStep when it is done or in another's hands, or NotAllowed.
    """
    if step.completed_at is not None:
        raise CannotCompleteStep(already_done(step))
    post = _require_own_task(officer, step, now=now)
    task = Task.objects.select_related("assignee").get(pk=step.task_id)
    if task.assignee is not None and task.assignee.pk != officer.id:
        raise CannotCompleteStep(
            _(
                "Bước “%(step)s” đang do %(who)s nhận xử lý. Hãy trao đổi với người đó nếu cần chuyển việc."
            )
            % {"step": step.name, "who": task.assignee.full_name}
        )
    if takes == (task.assignee is not None):
        return None
    Task.objects.filter(pk=step.task_id).update(assignee_id=officer.id if takes else None)
    return post


def _require_own_task(officer: people.Person, step: OpenStep, *, now: datetime) -> people.HeldPost:
    """Return the post out of which a person does a step: that of its holder, where they fill it."""
    fitting = [
        post
        for post in officer.working_posts_on(people.day_of(now))
        if post.agency_id == step.agency_id and post.role == step.role
    ]
    for post in fitting:
        if post.stead_of_id is not None and post.stead_of_id == step.assignee_id:
            return post
    if fitting:
        return fitting[0]
    _tell_if_handed_on(officer, step)
    people_actions.require(
        officer, "cases.complete_step", now=now, agency_id=step.agency_id, agency_path=""
    )
    raise people_actions.NotAllowed(
        _(
            "Bước “%(step)s” thuộc việc của vị trí khác trong cơ quan, không phải vị trí của anh/chị. "
            "Hãy để người giữ vị trí đó xử lý, hoặc chuyển sang vị trí khác của mình."
        )
        % {"step": step.name}
    )


def _tell_if_handed_on(officer: people.Person, step: OpenStep) -> None:
    """Raise NotAllowed in words of its own where the step has gone to the successor of the person's agency."""
    heir = people.get_agency_by_id(step.agency_id)
    was_theirs = [
        post for post in officer.posts if post.agency_id in heir.heir_of and post.role == step.role
    ]
    if was_theirs:
        raise people_actions.NotAllowed(
            _(
                "Bước “%(step)s” đã chuyển cho %(heir)s khi %(agency)s giải thể, nên lần này không ghi gì. Hãy liên "
                "hệ %(heir)s nếu hồ sơ đang xử lý dở."
            )
            % {"step": step.name, "heir": heir.name, "agency": was_theirs[0].agency_name}
        )


def _check_outcome(node: Node, outcome: str, comment: str) -> None:
    if outcome not in (node.outcomes or ("",)):
        names = ", ".join(str(OUTCOME_NAMES.get(name, name)) for name in node.outcomes)
        raise CannotCompleteStep(
            _("Bước “%(step)s” phải kết thúc bằng một trong các kết quả: %(names)s. Hãy chọn lại.")
            % {"step": node.label, "names": names or _("hoàn thành")}
        )
    if outcome in OUTCOMES_WITH_REASON and not comment.strip():
        raise CannotCompleteStep(
            _("Hãy ghi lý do khi chọn “%(outcome)s”, để người ở bước trước biết cần làm gì.")
            % {"outcome": OUTCOME_NAMES[outcome]}
        )


def _not_for_people(step: OpenStep) -> str:
    return _(
        "“%(step)s” không phải việc của người: quy trình tự đi tiếp khi tới giờ, khi có tin đến hoặc "
        "khi hệ thống làm xong."
    ) % {"step": step.name}


def _not_open(step: OpenStep) -> str:
    return _("“%(step)s” không chờ việc này. Hãy mở lại hồ sơ để xem quy trình đang chờ gì.") % {
        "step": step.name
    }


def already_done(step: OpenStep) -> str:
    """Return the words for a step that somebody has done."""
    who = people.get_name(step.completed_by_id) if step.completed_by_id else ""
    at = timezone.localtime(step.completed_at) if step.completed_at else None
    return _(
        "Bước “%(step)s” đã được %(who)s hoàn thành lúc %(at)s, nên lần này không ghi gì thêm. "
        "Hãy mở lại hồ sơ để xem bước hiện tại."
    ) % {"step": step.name, "who": who, "at": f"{at:%H:%M %d/%m/%Y}" if at else ""}


def _opens_later(step: OpenStep, *, now: datetime) -> str:
    return _(
        "Bước “%(step)s” mở lúc %(opened)s, muộn hơn giờ của máy chủ (%(now)s), nên chưa ghi gì. Hãy báo "
        "quản trị viên chỉnh lại đồng hồ máy chủ."
    ) % {
        "step": step.name,
        "opened": f"{timezone.localtime(step.opened_at):%H:%M:%S %d/%m/%Y}",
        "now": f"{timezone.localtime(now):%H:%M:%S %d/%m/%Y}",
    }


OUTCOME_NAMES: dict[str, Any] = queries.OUTCOME_NAMES
OUTCOMES_WITH_REASON = frozenset({"RETURN", "REFUSE"})

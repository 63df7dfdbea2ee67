"""What the page of a case shows: people, steps, time line and the actions allowed now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from motcua.cases import actions, letters
from motcua.cases.queries import CasePage
from motcua.desk import case_clock, chips, explanation, lost_time, transfer_words
from motcua.desk.chips import DueChip
from motcua.desk.story import StepLimit, StoryLine, tell_story, told_tasks
from motcua.engine import calls, tokens, vietnamese
from motcua.engine.conditions import UnfitValue
from motcua.engine.limits import LimitRefused, Unit, parse_limit
from motcua.engine.masking import mask_identity_number
from motcua.engine.net import RECEIVING, SETTLING, Kind, Net, Node
from motcua.engine.worktime import WorkCalendar
from motcua.lawbook import queries as lawbook
from motcua.people.queries import Person, agencies_worked_at, day_of
from motcua.workflow import queries as workflow


@dataclass(frozen=True, kw_only=True, slots=True)
class PartyShown:
    """A party; the number of the identity paper is masked for those who do not work on the case."""

    role: str
    full_name: str
    identity_number: str
    phone: str
    email: str
    address: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StepShown:
    """A step of the flow chart in words: what, where, and how it stands."""

    name: str
    place: str
    limit: str
    standing: str
    tone: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """A button that completes a step, and where it leads."""

    value: str
    name: str
    tone: str
    next_steps: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperOfStep:
    """A form to fill in or a document to produce at a step, and whether the case has it."""

    title: str
    is_form: bool
    is_there: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskShown:
    """A task that waits for the reader: its time, who holds it, and how it can be completed."""

    id: int
    node: str
    dialog: str
    name: str
    place: str
    limit: str
    chip: DueChip | None
    papers: tuple[PaperOfStep, ...]
    message: str
    holder: str
    is_mine: bool
    outcomes: tuple[Outcome, ...]
    needs_reason: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseShown:
    """Everything that the template of a case needs, beside the case itself."""

    case: Any
    status_tone: str
    chip: DueChip | None
    limit: str
    norm: str
    past_norm: str
    parties: tuple[PartyShown, ...]
    works_on_it: bool
    tasks: tuple[TaskShown, ...]
    steps: tuple[StepShown, ...]
    chart: dict[str, list[str]]
    story: tuple[StoryLine, ...]
    papers: tuple[Any, ...]
    letters: tuple[tuple[str, str], ...]
    told: tuple[Any, ...]
    documents: tuple[Any, ...]
    results: tuple[tuple[Any, str], ...]
    trail: tuple[explanation.TrailLine, ...]
    is_trail_whole: bool
    sees_reads: bool
    version_number: int
    can_return: bool
    receiver: str
    lost_time: lost_time.LostTimeShown | None
    transfer: transfer_words.TransferShown | None
    clock: case_clock.ClockShown


def show_case(
    page: CasePage, *, officer: Person, calendar: WorkCalendar, language: str, now: datetime
) -> CaseShown:
    """Return what the page of a case shows to one person at one moment."""
    case = page.case
    net = workflow.get_version(case.run.version_id).net
    limits = {node.id: _step_limit(node, language) for node in net.nodes}
    works_on_it = _works_on(page, officer, now=now)
    limit = explanation.limit_of(page)
    return CaseShown(
        case=case,
        status_tone=chips.STATUS_TONES.get(case.status, "neutral"),
        chip=chips.case_chip(case, now=now, calendar=calendar),
        limit=explanation.limit_words(limit, language) if limit else "",
        norm=explanation.limit_words(parse_limit(net.norm), language) if net.norm else "",
        past_norm=chips.norm_words(case, now=now, calendar=calendar),
        parties=tuple(_parties(page, is_open=works_on_it, now=now)),
        works_on_it=works_on_it,
        tasks=tuple(
            _task(task, page, net, officer, limits, calendar=calendar, now=now)
            for task in page.tasks
            if task.pk in page.my_task_ids
        ),
        steps=tuple(_steps(page, net, limits, now=now)),
        chart=chart_states(page, net, now=now),
        story=tell_story(page, limits, calendar=calendar, now=now),
        papers=page.papers,
        told=page.told if works_on_it or _is_of_its_agencies(page, officer, now=now) else (),
        letters=letters.list_letters(page)
        if works_on_it or _is_of_its_agencies(page, officer, now=now)
        else (),
        documents=page.documents,
        results=tuple((one, chips.RESULT_TONES[one.stage]) for one in page.results),
        trail=tuple(explanation.tell_trail(page, net)),
        is_trail_whole=page.trail_break is None,
        sees_reads=actions.may_see_reads(officer, case, now=now),
        version_number=page.version_number,
        can_return=page.can_return,
        receiver=next((p.full_name for p in page.parties if p.role == "APPLICANT"), ""),
        lost_time=lost_time.show_lost_time(page.lost_time, language=language),
        transfer=transfer_words.tell_transfer(page, language=language, now=now),
        clock=case_clock.show_clock(page, officer, now=now),
    )


def _works_on(page: CasePage, officer: Person, *, now: datetime) -> bool:
    """Say whether a post of the person has, or had, a step of this case, or can hand it over."""
    posts = {
        (agency_id, post.role)
        for post in officer.working_posts_on(day_of(now))
        for agency_id in post.agency_ids
    }
    return page.can_return or any((task.agency_id, task.role) in posts for task in page.tasks)


def _is_of_its_agencies(page: CasePage, officer: Person, *, now: datetime) -> bool:
    """Say whether a post of the person is at the agency that received the case or settles it."""
    agencies = agencies_worked_at(officer, now=now)
    return bool(agencies & {page.case.receiving_agency_id, page.case.settling_agency_id})


def _parties(page: CasePage, *, is_open: bool, now: datetime) -> Iterator[PartyShown]:
    """Yield the parties; whoever stands in several roles is told once."""
    rules = lawbook.get_masking_rules(day_of(now))
    by_person: dict[PartyShown, list[str]] = {}
    for party in page.parties:
        number = party.identity_number
        if not is_open:
            number = mask_identity_number(number, rules)
        shown = PartyShown(
            role="",
            full_name=party.full_name,
            identity_number=number,
            phone=party.phone,
            email=party.email,
            address=party.address,
        )
        by_person.setdefault(shown, []).append(party.get_role_display())
    for shown, roles in by_person.items():
        yield replace(shown, role=", ".join([roles[0], *(role.lower() for role in roles[1:])]))


def _step_limit(node: Node, language: str) -> StepLimit:
    """Return how long a step may take; a text that is no limit is told as it was drawn."""
    try:
        limit = parse_limit(node.limit)
    except LimitRefused:
        return StepLimit(words=node.limit, is_in_hours=False)
    words = explanation.limit_words(limit, language)
    return StepLimit(words=words, is_in_hours=limit.unit in (Unit.HOUR, Unit.MINUTE))


def _task(
    task: Any,
    page: CasePage,
    net: Net,
    officer: Person,
    limits: dict[str, StepLimit],
    *,
    calendar: WorkCalendar,
    now: datetime,
) -> TaskShown:
    outcomes = tuple(
        Outcome(
            value=value,
            name=str(workflow.OUTCOME_NAMES.get(value, value)),
            tone={"": "primary", "APPROVE": "primary", "REFUSE": "danger"}.get(value, "secondary"),
            next_steps=_leads_to(page, net, task.node, value),
        )
        for value in task.outcomes or [""]
    )
    node = net.by_id[task.node]
    return TaskShown(
        id=task.pk,
        node=task.node,
        dialog=f"refuse-{task.pk}",
        name=task.name,
        place=task.agency.name,
        limit=limits[task.node].words,
        chip=chips.step_chip(page.case, task.due_at, now=now, calendar=calendar),
        papers=_papers(page, node),
        message=node.sms,
        holder=task.assignee.full_name if task.assignee else "",
        is_mine=task.assignee_id == officer.id,
        outcomes=outcomes,
        needs_reason=bool({"RETURN", "REFUSE"} & set(task.outcomes)),
    )


def _papers(page: CasePage, node: Node) -> tuple[PaperOfStep, ...]:
    """Return what a step has to produce, the form first."""
    there = {vietnamese.fold(document.title) for document in page.documents}
    wanted = [(node.form, True), *((title, False) for title in node.documents)]
    return tuple(
        PaperOfStep(title=title, is_form=is_form, is_there=vietnamese.fold(title) in there)
        for title, is_form in wanted
        if title
    )


def _leads_to(page: CasePage, net: Net, node: str, outcome: str) -> str:
    """Return, in words, what an outcome of a step would open next."""
    run = page.case.run
    marking = tokens.Marking(waiting=tuple(run.waiting), open=tuple(run.open_nodes))
    try:
        move = tokens.complete(net, marking, node, {**run.facts, "outcome": outcome})
    except (tokens.StepNotOpen, tokens.NoWayOut, UnfitValue):
        return ""
    opened = [net.by_id[opened] for opened in move.opened]
    steps = [node.label for node in opened if node.kind is not Kind.TIMER]
    if steps:
        names = ", ".join(steps)
        return _("Chuyển sang: %(steps)s") % {"steps": names}
    return _("Hồ sơ xử lý xong") if move.is_finished else _("Chờ các nhánh khác xong")


def chart_states(page: CasePage, net: Net, *, now: datetime) -> dict[str, list[str]]:
    """Return, by node of the drawing, which of done, current and late it is."""
    states: dict[str, list[str]] = {node: ["done"] for node in net.starts}
    for task in told_tasks(page):
        # The last task of a node tells: a step that was returned is done anew.
        is_left = task.was_withdrawn and page.case.status in chips.GIVEN_UP
        if is_left:
            states.pop(task.node, None)
            continue
        states[task.node] = ["done" if task.completed_at else "current"]
        if task.due_at and (task.completed_at or now) > task.due_at:
            states[task.node].append("late")
    for node, found in list(states.items()):
        # A step of a called process shows at the call, which is what the drawing has of it.
        outer = calls.find_outer(node)
        if outer != node and "current" not in states.get(outer, []):
            states[outer] = found
    ends = [node.id for node in net.nodes if node.kind is Kind.END]
    if page.case.run.finished_at and page.case.status not in chips.GIVEN_UP and len(ends) == 1:
        states[ends[0]] = ["done"]
    return states


def _steps(
    page: CasePage, net: Net, limits: dict[str, StepLimit], *, now: datetime
) -> Iterator[StepShown]:
    states = chart_states(page, net, now=now)
    places = {
        RECEIVING: page.case.receiving_agency.name,
        SETTLING: page.case.settling_agency.name,
    }
    lanes = {lane.id: lane.name for lane in net.lanes}
    for node in net.steps:
        state = states.get(node.id, [])
        words, tone = _standing(state, is_over=page.case.run.finished_at is not None)
        place = places.get(node.unit) or lanes.get(node.lane) or node.unit
        yield StepShown(
            name=node.label, place=place, limit=limits[node.id].words, standing=words, tone=tone
        )


def _standing(state: list[str], *, is_over: bool) -> tuple[str, str]:
    is_late = "late" in state
    if "current" in state:
        return (_("đang làm, quá hạn bước"), "bad") if is_late else (_("đang làm"), "active")
    if "done" in state:
        return (_("đã xong, quá hạn bước"), "bad") if is_late else (_("đã xong"), "good")
    return (_("không qua bước này"), "neutral") if is_over else (_("chưa tới"), "neutral")

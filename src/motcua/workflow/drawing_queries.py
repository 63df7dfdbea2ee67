"""What someone who draws asks: what is wrong with the drawing, how long its longest way is, what changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from motcua.engine import bpmn, calls
from motcua.engine.chart_differences import differences
from motcua.engine.explain import Because
from motcua.engine.flowcheck import Finding
from motcua.engine.limit_checks import hours_of
from motcua.engine.limits import Limit
from motcua.engine.net import Net
from motcua.engine.step_sums import LongestWay, longest_way
from motcua.lawbook import queries as lawbook
from motcua.people import queries as people
from motcua.procedures import queries as procedures
from motcua.workflow.charts import compile_chart
from motcua.workflow.models import Draft, Version


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One thing to correct or to think about; `line` is that of the file, 0 where it was not asked."""

    severity: str
    code: str
    element: str
    line: int
    because: Because


@dataclass(frozen=True, kw_only=True, slots=True)
class ShortestLimit:
    """The shortest legal limit of the procedures along a workflow, and how many procedures there are."""

    limit: Limit
    hours: Decimal
    procedures: int


@dataclass(frozen=True, kw_only=True, slots=True)
class DrawingCheck:
    """What the checks say of a drawing: its faults and, if it can be read, its longest way."""

    faults: tuple[Fault, ...]
    net: Net | None
    way: LongestWay | None
    legal: ShortestLimit | None
    hours_a_day: Decimal


def check_drawing(*, bpmn_xml: str, workflow_key: str, on: date) -> DrawingCheck:
    """Check a drawing as if it were published for a day, errors first."""
    week = lawbook.get_working_week(on)
    legal = find_shortest_limit(workflow_key=workflow_key, on=on)
    try:
        chart = compile_chart(bpmn_xml=bpmn_xml, key=workflow_key, on=on)
    except bpmn.BpmnProblem as refused:
        return DrawingCheck(
            faults=list_problems(refused.problems),
            net=None,
            way=None,
            legal=legal,
            hours_a_day=week.hours_a_day,
        )
    has_way = len(chart.net.starts) == 1
    return DrawingCheck(
        faults=tuple(sorted(map(_fault, chart.findings), key=lambda fault: fault.severity)),
        net=chart.net,
        way=longest_way(chart.net, hours_a_day=week.hours_a_day) if has_way else None,
        legal=legal,
        hours_a_day=week.hours_a_day,
    )


def list_problems(problems: Iterable[bpmn.Problem]) -> tuple[Fault, ...]:
    """Return the problems of a file as faults, each with its line."""
    return tuple(
        Fault(
            severity="error",
            code=problem.code,
            element=problem.element_id,
            line=problem.line,
            because=problem.because,
        )
        for problem in problems
    )


def _fault(finding: Finding) -> Fault:
    return Fault(
        severity=finding.severity,
        code=finding.code,
        # What is found in a called process is shown at its call, which is all the drawing has of it.
        element=calls.find_outer(finding.element_id),
        line=0,
        because=finding.because,
    )


def find_shortest_limit(*, workflow_key: str, on: date) -> ShortestLimit | None:
    """Return the shortest limit among the procedures along a workflow from a day on, or None."""
    week = lawbook.get_working_week(on)
    found = procedures.list_legal_limits(workflow_key, on=on)
    if not found:
        return None
    shortest = min(found, key=lambda one: hours_of(one.limit, week))
    return ShortestLimit(
        limit=shortest.limit,
        hours=hours_of(shortest.limit, week),
        procedures=len({one.procedure for one in found}),
    )


def list_callable(*, but: str, on: date) -> list[tuple[str, str]]:
    """Return key and name of the workflows that a drawing may call on a day."""
    found = Version.objects.filter(starts_on__lte=on).exclude(workflow__key=but)
    return list(
        found.order_by("workflow__name", "workflow__key")
        .values_list("workflow__key", "workflow__name")
        .distinct()
    )


def list_changes(*, before: str, after: str) -> tuple[Because, ...]:
    """Return in words what differs between two drawings; what cannot be read is said so."""
    try:
        old, new = bpmn.compile_bpmn(before), bpmn.compile_bpmn(after)
    except bpmn.BpmnProblem:
        return (
            Because(
                vi="Một trong hai bản còn lỗi nên chưa so sánh được từng chỗ.",
                en="One of the two has faults, so they cannot be compared place by place yet.",
            ),
        )
    return tuple(found.because for found in differences(old, new))


def list_changes_since(draft: Draft, revision: int) -> tuple[Because, ...]:
    """Return what the newest state of a draft changed since a revision; nothing if there was none."""
    drawn = draft.edits.filter(revision=revision).values_list("bpmn_xml", flat=True).first()
    return list_changes(before=drawn, after=draft.bpmn_xml) if drawn is not None else ()


def list_both_changes(
    draft: Draft, *, edit_id: int, drawn_on: int
) -> tuple[tuple[Because, ...], tuple[Because, ...]]:
    """Return what others changed since a revision, and what an edit kept aside did."""
    drawn = draft.edits.filter(revision=drawn_on).values_list("bpmn_xml", flat=True).first()
    aside = draft.edits.values_list("bpmn_xml", flat=True).get(pk=edit_id)
    if drawn is None:
        return (), list_changes(before=draft.bpmn_xml, after=aside)
    return list_changes_since(draft, drawn_on), list_changes(before=drawn, after=aside)


def is_drawn_by(draft: Draft, person: people.Person, *, now: datetime) -> bool:
    """Say whether a draft is still being drawn, and by this person among others."""
    owner = draft.workflow.owner
    return draft.status == Draft.Status.DRAFT and people.scope_of(
        person, "workflow.draw", now=now
    ).covers(agency_id=owner.pk if owner else 0, agency_path=owner.path if owner else "")


def find_units(text: str, *, on: date) -> QuerySet[Any]:
    """Find the agencies of a day that a step may be given to, by words or code."""
    return people.find_agencies(text).filter(starts_on__lte=on).exclude(ends_on__lte=on)

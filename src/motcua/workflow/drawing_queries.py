"""What someone who draws asks: what is wrong with the drawing, how long its longest way is, what changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from motcua.engine import bpmn, calls
from motcua.engine.chart_differences import differences
from motcua.engine.explain import Because
from motcua.engine.flowcheck import Finding
from motcua.engine.limits import Limit, Unit
from motcua.engine.net import Net
from motcua.engine.step_sums import LongestWay, hours_of, longest_way
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
class LegalLimit:
    """The shortest legal limit of the procedures along a workflow; hours are None in calendar time."""

    limit: Limit
    hours: Decimal | None
    procedures: int


@dataclass(frozen=True, kw_only=True, slots=True)
class DrawingCheck:
    """What the checks say of a drawing: its faults and, if it can be read, its longest way."""

    faults: tuple[Fault, ...]
    net: Net | None
    way: LongestWay | None
    legal: LegalLimit | None
    hours_a_day: Decimal


def check_drawing(*, bpmn_xml: str, workflow_key: str, on: date) -> DrawingCheck:
    """Check a drawing as if it were published for a day, errors first."""
    hours_a_day = get_hours_a_day(on)
    legal = find_legal_limit(workflow_key=workflow_key, on=on, hours_a_day=hours_a_day)
    try:
        chart = compile_chart(bpmn_xml=bpmn_xml, key=workflow_key, on=on)
    except bpmn.BpmnProblem as refused:
        return DrawingCheck(
            faults=list_problems(refused.problems),
            net=None,
            way=None,
            legal=legal,
            hours_a_day=hours_a_day,
        )
    way = longest_way(chart.net, hours_a_day=hours_a_day) if len(chart.net.starts) == 1 else None
    found = [_fault(finding) for finding in chart.findings]
    if way and legal and legal.hours is not None and way.hours > legal.hours:
        found.append(_too_long(chart.net.process))
    return DrawingCheck(
        faults=tuple(sorted(found, key=lambda fault: fault.severity)),
        net=chart.net,
        way=way,
        legal=legal,
        hours_a_day=hours_a_day,
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


def _too_long(process: str) -> Fault:
    return Fault(
        severity="warning",
        code="LONGER_THAN_LEGAL",
        element=process,
        line=0,
        because=Because(
            vi="Các bước trên đường dài nhất cộng lại vượt thời hạn giải quyết của thủ tục. "
            "Rút ngắn thời hạn của các bước.",
            en="The steps of the longest way add up to more than the procedure's time limit. "
            "Shorten the limits of the steps.",
        ),
    )


def get_hours_a_day(on: date) -> Decimal:
    """Return the working hours of the first working day from a day on."""
    calendar = lawbook.get_calendar()
    day = on if calendar.is_working_day(on) else calendar.working_day_after(on, 1)
    closes = calendar.closing(day)
    opens = datetime.combine(day, datetime.min.time(), tzinfo=closes.tzinfo)
    return Decimal(calendar.measure(opens, closes) // timedelta(minutes=1)) / 60


def find_legal_limit(*, workflow_key: str, on: date, hours_a_day: Decimal) -> LegalLimit | None:
    """Return the shortest limit among the procedures that go along a workflow on a day, or None."""
    found = procedures.list_limits(workflow_key=workflow_key, on=on)
    limits = {Limit(amount=amount, unit=Unit(unit)) for _code, amount, unit in found}
    if not limits:
        return None
    hours = {limit: hours_of(limit, hours_a_day) for limit in limits}
    # A limit in calendar time cannot be compared with working hours: it is shown if it is the only kind.
    counted = {limit: length for limit, length in hours.items() if length is not None}
    shortest = min(counted, key=counted.__getitem__) if counted else min(limits, key=_amount)
    return LegalLimit(
        limit=shortest,
        hours=hours[shortest],
        procedures=len({code for code, _amount, _unit in found}),
    )


def _amount(limit: Limit) -> Decimal:
    return limit.amount


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

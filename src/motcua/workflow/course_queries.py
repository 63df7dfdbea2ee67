"""The course of a draft: what it changes, what still hinders it, and what happened to it so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from motcua.engine.bpmn import BpmnProblem
from motcua.engine.chart_differences import Difference, differences
from motcua.engine.explain import Because
from motcua.engine.net import Net
from motcua.workflow import queries
from motcua.workflow.charts import compile_chart
from motcua.workflow.models import Draft, DraftEdit, Version
from motcua.workflow.overview_queries import name_agencies


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftSeen:
    """A draft with its chart, if it can be read, and what that changes in the version before it."""

    draft: Draft
    net: Net | None
    names: Mapping[str, str]
    faults: tuple[Because, ...]
    previous: Version | None
    differences: tuple[Difference, ...]
    edits: tuple[DraftEdit, ...]


def see_draft(draft_id: int, *, on: date) -> DraftSeen:
    """Return a draft as its page shows it, its chart checked for a day; raise NoSuchDraft."""
    draft = queries.get_draft(draft_id)
    net, faults = compile_draft(draft, on=on)
    previous = _version_before(draft)
    before = queries.get_version(previous.pk).net if previous else None
    edits = queries.list_edits(draft.pk).defer("bpmn_xml")
    return DraftSeen(
        draft=draft,
        net=net,
        names=name_agencies(net),
        faults=faults,
        previous=previous,
        differences=differences(before, net) if before and net else (),
        edits=tuple(edits),
    )


def compile_draft(draft: Draft, *, on: date) -> tuple[Net | None, tuple[Because, ...]]:
    """Return the net of a draft as it would be on a day, and what hinders its publication."""
    try:
        chart = compile_chart(bpmn_xml=draft.bpmn_xml, key=draft.workflow.key, on=on)
    except BpmnProblem as refused:
        return None, tuple(problem.because for problem in refused.problems)
    return chart.net, tuple(finding.because for finding in chart.errors)


def _version_before(draft: Draft) -> Version | None:
    """Return the version that a draft would come after: the newest, whatever it was drawn on.

    One that was published came after the one that it was drawn on.
    """
    if draft.status == Draft.Status.PUBLISHED:
        return draft.based_on
    versions = Version.objects.filter(workflow=draft.workflow).defer("bpmn_xml", "net")
    return versions.order_by("-number").first()

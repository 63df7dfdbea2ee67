"""Standard steps: which procedures of one class pass the same agency in how many steps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from motcua.engine.net import AGENCY_PREFIX, Node
from motcua.engine.step_comparison import Pair, Passage, PassedStep, compare
from motcua.people import queries as people
from motcua.procedures import queries as procedures
from motcua.workflow import queries


@dataclass(frozen=True, kw_only=True, slots=True)
class ComparedProcedure:
    """A procedure in force as the comparison names it."""

    code: str
    name: str
    name_en: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StepComparison:
    """All pairs that differ, with the procedures and charts that they name."""

    pairs: tuple[Pair, ...]
    procedures: dict[str, ComparedProcedure]
    charts: dict[str, str]
    compared: int


def compare_steps(*, on: date) -> StepComparison:
    """Compare the steps of all procedures in force on a day, in three queries and their charts.

    A class is a level of government and a manner of settling (plain, on the spot, between agencies
    of one level, across levels), and whether the agency settles or only takes part: within one, the
    law gives no reason for different steps. A passage
    of an agency is each step that the chart puts there; the counter's steps belong to the agency
    that settles, for which the counter takes in and hands out.
    """
    found = list(procedures.revisions_on(on).select_related("procedure", "agency").order_by("name"))
    versions = _versions_in_force({revision.workflow_key for revision in found}, on=on)
    names = dict(people.list_agencies(on=on).values_list("code", "name"))
    passages: list[Passage] = []
    for revision in found:
        version = versions.get(revision.workflow_key)
        if version is not None:
            passages.extend(_passages(revision, version, names))
    return StepComparison(
        pairs=compare(passages),
        procedures={
            revision.procedure.code: ComparedProcedure(
                code=revision.procedure.code, name=revision.name, name_en=revision.name_en
            )
            for revision in found
        },
        charts={key: name for key, (_id, name) in versions.items()},
        compared=len(found),
    )


def _versions_in_force(keys: set[str], *, on: date) -> dict[str, tuple[int, str]]:
    """Return the id of each workflow's version in force, and the workflow's name."""
    newest = Window(
        RowNumber(),
        partition_by=F("workflow"),
        order_by=[F("starts_on").desc(), F("number").desc()],
    )
    rows = (
        queries.versions_in_force(on)
        .filter(workflow__key__in=keys)
        .annotate(place=newest)
        .filter(place=1)
        .values_list("workflow__key", "pk", "workflow__name")
    )
    return {key: (version_id, name) for key, version_id, name in rows}


def _passages(revision: Any, version: tuple[int, str], names: dict[str, str]) -> Iterator[Passage]:
    level = dict(people.list_levels()).get(revision.procedure.level, revision.procedure.level)
    settling = revision.agency.name if revision.agency else _settling_kind(revision.agency_kind)
    steps: dict[str, list[PassedStep]] = {}
    for step in queries.get_version(version[0]).net.steps:
        steps.setdefault(_place(step, settling, names), []).append(
            PassedStep(name=step.label, role=step.role, limit=step.limit)
        )
    for place, passed in steps.items():
        part = [] if place == settling else [_("cơ quan phối hợp")]
        yield Passage(
            place=place,
            kind=" · ".join([str(level), _manner(revision), *part]),
            chart=revision.workflow_key,
            procedure=revision.procedure.code,
            steps=tuple(passed),
        )


def _place(step: Node, settling: str, names: dict[str, str]) -> str:
    if step.unit.startswith(AGENCY_PREFIX):
        code = step.unit.removeprefix(AGENCY_PREFIX)
        return names.get(code, code)
    return settling


def _settling_kind(kind: str) -> str:
    return {"DISTRICT": _("UBND cấp huyện"), "COMMUNE": _("UBND cấp xã")}.get(kind, kind)


def _manner(revision: Any) -> str:
    if revision.is_interagency_across_levels:
        return _("liên thông các cấp")
    if revision.is_interagency_same_level:
        return _("liên thông cùng cấp")
    if revision.is_on_the_spot:
        return _("giải quyết tại chỗ")
    return _("giải quyết thông thường")

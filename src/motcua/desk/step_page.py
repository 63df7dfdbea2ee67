"""What the comparison of steps shows: pairs of charts side by side, each figure with its procedures."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from motcua.desk.law_words import limit_words
from motcua.engine.step_comparison import Group, Pair, PassedStep
from motcua.workflow.step_queries import ComparedProcedure, StepComparison


@dataclass(frozen=True, kw_only=True, slots=True)
class SideShown:
    """One of the two charts: how many steps, its name, and the procedures along it."""

    steps: int
    chart: str
    procedures: tuple[ComparedProcedure, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class StepShown:
    """A step in a row, or that there is none."""

    name: str
    role: str
    limit: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RowShown:
    """A row of the two charts."""

    fewer: StepShown | None
    more: StepShown | None
    is_extra: bool
    has_other_limit: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class PairShown:
    """Two charts of one class at one agency, side by side."""

    place: str
    kind: str
    fewer: SideShown
    more: SideShown
    rows: tuple[RowShown, ...]
    extra: str


def show_pairs(found: StepComparison) -> tuple[PairShown, ...]:
    """Return the pairs in words, those that most procedures are in first."""
    return tuple(
        PairShown(
            place=pair.place,
            kind=pair.kind,
            fewer=_side(pair.fewer, found),
            more=_side(pair.more, found),
            rows=tuple(
                RowShown(
                    fewer=_step(row.fewer),
                    more=_step(row.more),
                    is_extra=row.fewer is None or row.more is None,
                    has_other_limit=bool(
                        row.fewer and row.more and row.fewer.limit != row.more.limit
                    ),
                )
                for row in pair.rows
            ),
            extra=", ".join(
                f"“{row.more.name}”" for row in pair.rows if row.more and not row.fewer
            ),
        )
        for pair in sorted(found.pairs, key=_size, reverse=True)
    )


def count_differing(found: StepComparison) -> int:
    """Return how many procedures stand in some pair."""
    return len({code for pair in found.pairs for code in _codes(pair)})


def _codes(pair: Pair) -> tuple[str, ...]:
    return (*pair.fewer.procedures, *pair.more.procedures)


def _size(pair: Pair) -> int:
    return len(_codes(pair))


def _side(group: Group, found: StepComparison) -> SideShown:
    return SideShown(
        steps=len(group.steps),
        chart=found.charts.get(group.chart, group.chart),
        procedures=tuple(found.procedures[code] for code in group.procedures),
    )


def _step(step: PassedStep | None) -> StepShown | None:
    if step is None:
        return None
    roles = {
        "CLERK": _("công chức một cửa"),
        "OFFICER": _("công chức thụ lý"),
        "LEADER": _("lãnh đạo"),
    }
    return StepShown(
        name=step.name,
        role=roles.get(step.role, step.role),
        limit=limit_words(step.limit) if step.limit else "",
    )

"""What the pages of a migration show: the mapping to correct, what a dry run found, results per case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.cases.migration_queries import Trial, TriedCase
from motcua.desk.filter_chips import Chip
from motcua.engine.migration import Match
from motcua.engine.net import Net

PREFIX = "step-"
STAYS = "-"


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """One counterpart that may be chosen for a step."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class StepLine:
    """A step of the old chart, how many cases stand there, and what may become of it."""

    name: str
    field: str
    label: str
    count: int
    because: str
    is_missing: bool
    choices: tuple[Choice, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class TriedLine:
    """A case of a dry run: where it stands, where it would, and what hinders it or is to know."""

    code: str
    is_visible: bool
    stands: str
    becomes: str
    words: tuple[str, ...]
    can_move: bool


def read_choices(sent: Mapping[str, str]) -> dict[str, str]:
    """Return what was chosen for each step: another step, or an empty text where cases stay."""
    return {
        name.removeprefix(PREFIX): "" if value == STAYS else value
        for name, value in sent.items()
        if name.startswith(PREFIX) and value
    }


def step_lines(trial: Trial, old: Net, new: Net) -> list[StepLine]:
    """Return the steps in the order of the chart, with the counterparts of their kind."""
    language = get_language() or "vi"
    lines = []
    for match in trial.matches:
        node = old.by_id[match.old]
        stays = match.how is Match.CHOSEN and not match.new
        missing = match.how is Match.NONE
        choices = [
            Choice(value=STAYS, label=_("Để hồ sơ ở lại phiên bản cũ"), is_chosen=stays),
            *(
                Choice(
                    value=other.id,
                    label=f"{other.label} · {lane}"
                    if (lane := _lane(new, other.lane))
                    else other.label,
                    is_chosen=other.id == match.new,
                )
                for other in new.nodes
                if other.kind is node.kind
            ),
        ]
        if missing:
            choices.insert(0, Choice(value="", label=_("Chưa chọn"), is_chosen=True))
        lines.append(
            StepLine(
                name=node.label,
                field=f"{PREFIX}{node.id}",
                label=_("Bước tương ứng của “%(step)s”") % {"step": node.label},
                count=trial.standing.get(node.id, 0),
                because=match.because.text(language),
                is_missing=missing,
                choices=tuple(choices),
            )
        )
    return lines


def _lane(net: Net, lane_id: str) -> str:
    return next((lane.name for lane in net.lanes if lane.id == lane_id), "")


def tried_lines(cases: Iterable[TriedCase], new: Net, *, visible: set[int]) -> list[TriedLine]:
    """Return the cases of a dry run as the list shows them."""
    language = get_language() or "vi"
    lines = []
    for case in cases:
        placement = case.placement
        told = placement.notes if placement.can_move else [c.because for c in placement.conflicts]
        opened = placement.marking.open if placement.marking else ()
        lines.append(
            TriedLine(
                code=case.code,
                is_visible=case.case_id in visible,
                stands=", ".join(case.steps),
                becomes=", ".join(new.by_id[node].label for node in opened),
                words=tuple(one.text(language) for one in told),
                can_move=placement.can_move,
            )
        )
    return lines


def chips(
    names: Iterable[tuple[str, Any, int]], *, chosen: str, query: Mapping[str, str], key: str
) -> list[Chip]:
    """Return the filters of a list, by value, label and count; those without rows are left out."""
    return [
        Chip(
            label=str(label),
            url=f"?{urlencode({**query, key: value})}",
            is_active=value == chosen,
            count=count,
        )
        for value, label, count in names
        if count or not value
    ]

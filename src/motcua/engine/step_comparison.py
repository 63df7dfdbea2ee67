"""Standard steps: procedures of one class that pass the same place in a different number of steps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class PassedStep:
    """A step as it counts for a comparison: what it is called, who does it, in what time."""

    name: str
    role: str
    limit: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """How one procedure passes one place: its class, and the steps it takes there."""

    place: str
    kind: str
    chart: str
    procedure: str
    steps: tuple[PassedStep, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """The procedures that pass a place along one chart, all in the same steps."""

    chart: str
    steps: tuple[PassedStep, ...]
    procedures: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A line of two charts side by side: the same step in both, or one that only one of them has."""

    fewer: PassedStep | None
    more: PassedStep | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """Two groups of one class that pass one place in different numbers of steps."""

    place: str
    kind: str
    fewer: Group
    more: Group
    rows: tuple[Row, ...]


def compare(passages: Iterable[Passage]) -> tuple[Pair, ...]:
    """Return each pair of the fewest steps with more, by place and class; nothing where all agree."""
    found: dict[tuple[str, str], dict[tuple[str, tuple[PassedStep, ...]], list[str]]] = {}
    for passage in passages:
        if passage.steps:
            groups = found.setdefault((passage.place, passage.kind), {})
            groups.setdefault((passage.chart, passage.steps), []).append(passage.procedure)
    pairs = []
    for (place, kind), groups in found.items():
        ordered = sorted(
            (
                Group(chart=chart, steps=steps, procedures=tuple(procedures))
                for (chart, steps), procedures in groups.items()
            ),
            key=lambda group: (len(group.steps), -len(group.procedures), group.chart),
        )
        fewest = ordered[0]
        pairs += [
            Pair(
                place=place,
                kind=kind,
                fewer=fewest,
                more=group,
                rows=side_by_side(fewest.steps, group.steps),
            )
            for group in ordered[1:]
            if len(group.steps) > len(fewest.steps)
        ]
    return tuple(pairs)


def side_by_side(fewer: tuple[PassedStep, ...], more: tuple[PassedStep, ...]) -> tuple[Row, ...]:
    """Lay two rows of steps beside each other so that as many as possible are the same.

    Steps can be the same when the same role does them; of those, the ones with like names are.
    """
    height, width = len(fewer), len(more)
    best = [[0.0] * (width + 1) for _ in range(height + 1)]
    for i in reversed(range(height)):
        for j in reversed(range(width)):
            together = _likeness(fewer[i], more[j])
            best[i][j] = max(
                best[i + 1][j], best[i][j + 1], together and together + best[i + 1][j + 1]
            )
    rows: list[Row] = []
    i = j = 0
    while i < height or j < width:
        together = _likeness(fewer[i], more[j]) if i < height and j < width else 0
        if together and best[i][j] == together + best[i + 1][j + 1]:
            rows.append(Row(fewer=fewer[i], more=more[j]))
            i, j = i + 1, j + 1
        elif j == width or (i < height and best[i][j] == best[i + 1][j]):
            rows.append(Row(fewer=fewer[i], more=None))
            i += 1
        else:
            rows.append(Row(fewer=None, more=more[j]))
            j += 1
    return tuple(rows)


def _likeness(one: PassedStep, other: PassedStep) -> float:
    """Return 0 for steps of different roles, else 1 to 2 by how many words their names share."""
    if one.role != other.role:
        return 0
    words, others = set(one.name.casefold().split()), set(other.name.casefold().split())
    return 1 + len(words & others) / max(len(words | others), 1)

"""The longest way through a chart: what the limits of its steps add up to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from motcua.engine.limits import Limit, Unit, parse_length
from motcua.engine.net import Net


@dataclass(frozen=True, kw_only=True, slots=True)
class LongestWay:
    """The steps of the longest way and their sum in working hours; `own` are the hours of each place.

    `uncounted` names what is limited in calendar time, or not at all: the sum is without it.
    """

    hours: Decimal
    steps: tuple[str, ...]
    uncounted: tuple[str, ...]
    own: Mapping[str, Decimal] = field(default_factory=dict, compare=False)


def longest_way(net: Net, *, hours_a_day: Decimal) -> LongestWay:
    """Add the limits along every way once; a way back to a step already taken is not counted."""
    own: dict[str, Decimal] = {}
    uncounted: list[str] = []
    for node in net.nodes:
        text = node.timer or node.limit
        counted = _hours(parse_length(text), hours_a_day) if text else None
        own[node.id] = counted or Decimal(0)
        if counted is None and (text or node in net.steps):
            uncounted.append(node.id)
    best: dict[str, tuple[Decimal, tuple[str, ...]]] = {}
    for node_id in _last_first(net):
        here = net.by_id[node_id]
        ways = [best.get(net.flow_by_id[flow].target, _NOWHERE) for flow in here.outgoing]
        onward = max(ways, key=lambda way: way[0], default=_NOWHERE)
        choices = [(own[node_id] + onward[0], _with(own, node_id, onward[1]))]
        # A timer runs from the beginning of its step, so the step's own time is not added to it.
        choices += [best[n.id] for n in net.nodes if n.attached_to == node_id and n.id in best]
        best[node_id] = max(choices, key=lambda way: way[0])
    hours, steps = best[net.start]
    return LongestWay(hours=hours, steps=steps, uncounted=tuple(uncounted), own=own)


_NOWHERE: tuple[Decimal, tuple[str, ...]] = (Decimal(0), ())


def _hours(limit: Limit, hours_a_day: Decimal) -> Decimal | None:
    if limit.unit == Unit.HOUR:
        return limit.amount
    return limit.amount * hours_a_day if limit.unit == Unit.WORKING_DAY else None


def _with(own: dict[str, Decimal], node_id: str, onward: tuple[str, ...]) -> tuple[str, ...]:
    return (node_id, *onward) if own[node_id] else onward


def _last_first(net: Net) -> list[str]:
    """Return the reachable nodes, each behind all that follow it on ways without a circle."""
    after = {n.id: [net.flow_by_id[flow].target for flow in n.outgoing] for n in net.nodes}
    for node in net.nodes:
        if node.attached_to:
            after[node.attached_to].append(node.id)
    done: list[str] = []
    seen = {net.start}
    stack = [(net.start, iter(after[net.start]))]
    while stack:
        node_id, rest = stack[-1]
        for target in rest:
            if target not in seen:
                seen.add(target)
                stack.append((target, iter(after[target])))
                break
        else:
            stack.pop()
            done.append(node_id)
    return done

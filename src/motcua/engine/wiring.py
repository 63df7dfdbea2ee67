"""Tables for the token game: where each flow leads, and what an inclusive join must wait for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from motcua.engine.conditions import Condition, read_condition

if TYPE_CHECKING:
    from motcua.engine.net import Net, Node

WAIT: Final = 0
PASS: Final = 1
FINISH: Final = 2
ALL_IN: Final = 3
CHOOSE: Final = 4
ANY_IN: Final = 5


@dataclass(frozen=True, slots=True)
class Exit:
    """A flow out of a choosing gateway, with the condition that opens it."""

    flow: str
    label: str
    condition: Condition | None


@dataclass(slots=True, eq=False)
class Station:
    """A node as the token game sees it; built once and not changed afterwards."""

    id: str
    label: str
    action: int
    incoming: tuple[str, ...]
    outgoing: tuple[str, ...]
    exits: tuple[Exit, ...] = ()
    default: Exit | None = None
    does_choose: bool = False
    does_choose_one: bool = False
    timers: tuple[str, ...] = ()
    host: str = ""
    is_interrupting: bool = True
    reaches: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Wiring:
    """The stations of a net by id, and by the flow that leads to them."""

    stations: dict[str, Station]
    target: dict[str, Station]
    source_label: dict[str, str]
    inclusive_joins: tuple[Station, ...]
    max_hops: int

    @classmethod
    def of(cls, net: Net) -> Wiring:
        """Build the tables of a net."""
        stations = {node.id: _station(net, node) for node in net.nodes}
        joins = tuple(station for station in stations.values() if station.action == ANY_IN)
        for join in joins:
            join.reaches = _reaches(net, join.id)
        return cls(
            stations=stations,
            target={flow.id: stations[flow.target] for flow in net.flows},
            source_label={flow.id: net.by_id[flow.source].label for flow in net.flows},
            inclusive_joins=joins,
            # A move that follows more arrows than this runs in a circle that has no step.
            max_hops=200 + 50 * len(net.flows),
        )


def _station(net: Net, node: Node) -> Station:
    exits = tuple(
        Exit(
            flow=flow.id,
            label=flow.name or net.by_id[flow.target].label,
            condition=read_condition(flow.condition) if flow.condition else None,
        )
        for flow in (net.flow_by_id[flow_id] for flow_id in node.outgoing)
    )
    does_choose = len(exits) > 1 or any(leaving.condition for leaving in exits)
    default = next((leaving for leaving in exits if leaving.flow == node.default_flow), None)
    return Station(
        id=node.id,
        label=node.label,
        action=_action(node, does_choose),
        incoming=node.incoming,
        outgoing=node.outgoing,
        exits=tuple(leaving for leaving in exits if leaving is not default),
        default=default,
        does_choose=does_choose and node.kind in {"exclusive", "inclusive"},
        does_choose_one=node.kind == "exclusive",
        timers=tuple(other.id for other in net.nodes if other.attached_to == node.id),
        host=node.attached_to,
        is_interrupting=node.is_interrupting,
    )


def _action(node: Node, does_choose: bool) -> int:
    match str(node.kind):
        case "end":
            return FINISH
        case "parallel" if len(node.incoming) > 1:
            return ALL_IN
        case "inclusive" if len(node.incoming) > 1:
            return ANY_IN
        case "exclusive" | "inclusive" if does_choose:
            return CHOOSE
        case "start" | "parallel" | "exclusive" | "inclusive":
            return PASS
        case _:
            return WAIT


def _reaches(net: Net, join: str) -> dict[str, int]:
    """For each place of a token, which incoming flows of the join it can reach, as bits.

    BPMN 2.0, 13.4.3: only paths that do not visit the join itself count. A token that waits in a
    step counts at the step; an armed timer counts for the path that leaves the timer.
    """
    found: dict[str, int] = {}
    for bit, incoming in enumerate(net.by_id[join].incoming):
        pending = [incoming]
        seen = {incoming}
        while pending:
            flow_id = pending.pop()
            found[flow_id] = found.get(flow_id, 0) | 1 << bit
            source = net.by_id[net.flow_by_id[flow_id].source]
            if source.id == join:
                continue
            found[source.id] = found.get(source.id, 0) | 1 << bit
            host = net.by_id[source.attached_to] if source.attached_to else source
            for earlier in host.incoming:
                if earlier not in seen:
                    seen.add(earlier)
                    pending.append(earlier)
    return found

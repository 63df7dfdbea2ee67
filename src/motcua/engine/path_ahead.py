"""The steps ahead of an open case on its flow chart, as late risk asks for them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping

from motcua.engine.laterisk import Parallel, Path, StepAhead, StepKey
from motcua.engine.net import Kind, Net, Node

KeyOf = Callable[[Node], StepKey]


def path_ahead(net: Net, open_steps: Mapping[str, int], key_of: KeyOf) -> Path:
    """Return what is still to be done, from the open steps with the minutes spent in them.

    At a gateway that chooses, the way drawn as the usual one is followed, else the shortest to the
    end; a way back is not taken. Only the steps of people count, since only they were learned from.
    """
    walker = _Walker(net, key_of)
    if len(open_steps) == 1:
        ((node, spent),) = open_steps.items()
        return (walker.step(node, spent), *walker.after(node, stop="", seen={node}))
    join = walker.meeting_place(open_steps)
    branches = tuple(
        (walker.step(node, spent), *walker.after(node, stop=join, seen={node}))
        for node, spent in open_steps.items()
    )
    if not branches:
        return ()
    rest = walker.onward(join, stop="", seen=set(open_steps)) if join else ()
    return (Parallel(branches), *rest)


class _Walker:
    """A walk along the usual way of a chart."""

    def __init__(self, net: Net, key_of: KeyOf) -> None:
        self.net = net
        self.key_of = key_of

    def step(self, node_id: str, spent: int | None = None) -> StepAhead:
        """Return a step as late risk knows it."""
        node = self.net.by_id[node_id]
        return StepAhead(self.key_of(node), node.label, spent)

    def after(self, node_id: str, *, stop: str, seen: set[str]) -> Path:
        """Return what follows a node, up to the node to stop at."""
        node = self.net.by_id[node_id]
        targets = [self.net.flow_by_id[flow].target for flow in node.outgoing]
        if node.kind in (Kind.PARALLEL, Kind.INCLUSIVE) and len(targets) > 1:
            return self._split(targets, stop=stop, seen=seen)
        target = self._choose(node, seen)
        return self.onward(target, stop=stop, seen=seen) if target else ()

    def onward(self, node_id: str, *, stop: str, seen: set[str]) -> Path:
        """Return the node itself, if it is a step of a person, and what follows it."""
        if node_id == stop or node_id in seen:
            return ()
        here: Path = (self.step(node_id),) if self.net.by_id[node_id].kind is Kind.USER else ()
        return (*here, *self.after(node_id, stop=stop, seen=seen | {node_id}))

    def meeting_place(self, nodes: Iterable[str]) -> str:
        """Return the nearest node that all ways come to, or nothing."""
        distances = [self._distances(node) for node in nodes]
        common = set.intersection(*(set(found) for found in distances)) if distances else set()
        common -= set(nodes)
        return min(common, key=lambda node: (sum(d[node] for d in distances), node), default="")

    def _split(self, targets: list[str], *, stop: str, seen: set[str]) -> Path:
        join = self.meeting_place(targets)
        ways = (self.onward(target, stop=join or stop, seen=seen) for target in targets)
        branches = tuple(way for way in ways if way)
        rest = self.onward(join, stop=stop, seen=seen) if join else ()
        return (Parallel(branches), *rest) if branches else rest

    def _choose(self, node: Node, seen: set[str]) -> str:
        """Return where the usual way leads: the default flow, else the shortest way to the end."""
        flows = [self.net.flow_by_id[flow] for flow in node.outgoing]
        forward = [flow for flow in flows if flow.target not in seen]
        for flow in forward:
            if flow.id == node.default_flow:
                return flow.target
        return min((flow.target for flow in forward), key=self._to_the_end, default="")

    def _to_the_end(self, node_id: str) -> int:
        found = self._distances(node_id)
        ends = [found[end.id] for end in self.net.nodes if end.kind is Kind.END and end.id in found]
        return min(ends, default=len(self.net.nodes) + 1)

    def _distances(self, node_id: str) -> dict[str, int]:
        """Return how many arrows away each node is."""
        found, pending = {node_id: 0}, deque([node_id])
        while pending:
            here = pending.popleft()
            for flow in self.net.by_id[here].outgoing:
                target = self.net.flow_by_id[flow].target
                if target not in found:
                    found[target] = found[here] + 1
                    pending.append(target)
        return found

"""The definition of the token game (BPMN 2.0 §13.4), played slowly and word for word.

An oracle: nothing is prepared, every question is asked of the graph anew, and nothing is shared with
motcua.engine.tokens and motcua.engine.wiring.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from motcua.engine.conditions import read_condition
from motcua.engine.net import GATEWAY_KINDS, Kind, Net, Node


class Definition:
    """A run as a bag of tokens, each on a flow or in a step."""

    def __init__(self, net: Net, values: Mapping[str, object]) -> None:
        self.net = net
        self.on: Counter[str] = Counter()
        self.inside: Counter[str] = Counter()
        self.on.update(net.by_id[net.start].outgoing)
        self.run(values)

    @property
    def open(self) -> list[str]:
        """The steps that hold a token."""
        return sorted(self.inside.elements())

    @property
    def is_over(self) -> bool:
        """No token is left."""
        return not self.on.total() and not self.inside.total()

    def complete(self, step: str, values: Mapping[str, object]) -> None:
        """Take a token out of a step and let it run."""
        self.inside -= Counter([step])
        self.on.update(self.net.by_id[step].outgoing)
        self.run(values)

    def run(self, values: Mapping[str, object]) -> None:
        """Move tokens until each is in a step or must wait; inclusive joins come last."""
        while self.move_one(values) or self.release_one(values):
            pass

    def move_one(self, values: Mapping[str, object]) -> bool:
        """Move one token that nothing holds up; tell if there was one."""
        for flow in sorted(self.on.elements()):
            node = self.net.by_id[self.net.flow_by_id[flow].target]
            if len(node.incoming) > 1 and node.kind == Kind.INCLUSIVE:
                continue
            if len(node.incoming) > 1 and node.kind == Kind.PARALLEL:
                # "exactly one token from each of the incoming sequence flows"
                if not all(self.on[incoming] for incoming in node.incoming):
                    continue
                self.on -= Counter(node.incoming)
            else:
                self.on -= Counter([flow])
            self.arrive(node, values)
            return True
        return False

    def arrive(self, node: Node, values: Mapping[str, object]) -> None:
        """Let a node do what it does with the tokens it has taken."""
        if node.kind in GATEWAY_KINDS:
            self.on.update(self.exits(node, values))
        elif node.kind != Kind.END:
            self.inside[node.id] += 1

    def exits(self, node: Node, values: Mapping[str, object]) -> list[str]:
        """Return the flows that a gateway sends tokens on."""
        flows = [self.net.flow_by_id[flow] for flow in node.outgoing]
        if node.kind == Kind.PARALLEL or len(flows) == 1:
            return [flow.id for flow in flows]
        met = [
            flow.id
            for flow in flows
            if flow.id != node.default_flow and read_condition(flow.condition).holds(values)
        ]
        if node.kind == Kind.EXCLUSIVE:
            met = met[:1]
        return met or [node.default_flow]

    def release_one(self, values: Mapping[str, object]) -> bool:
        """Release the first inclusive join that is enabled; tell if there was one."""
        for node in self.net.nodes:
            if node.kind != Kind.INCLUSIVE or len(node.incoming) < 2:
                continue
            full = [flow for flow in node.incoming if self.on[flow]]
            if full and not self.must_wait(node, set(full)):
                self.on -= Counter(full)
                self.on.update(self.exits(node, values))
                return True
        return False

    def must_wait(self, join: Node, full: set[str]) -> bool:
        """Ask of each token whether it has a path to an empty entrance, and none to a full one.

        "…and that do not visit the inclusive gateway"
        """
        starts = [{flow} for flow in self.on if self.on[flow] and flow not in join.incoming]
        starts += [set(self.net.by_id[step].outgoing) for step in self.inside if self.inside[step]]
        for start in starts:
            entrances = self.entrances_reached(join, start)
            if entrances - full and not entrances & full:
                return True
        return False

    def entrances_reached(self, join: Node, first: set[str]) -> set[str]:
        """Follow the arrows from some flows and return the entrances of the join they come to."""
        seen, pending = set(first), list(first)
        while pending:
            flow = pending.pop()
            if flow in join.incoming:
                continue
            for onward in self.net.by_id[self.net.flow_by_id[flow].target].outgoing:
                if onward not in seen:
                    seen.add(onward)
                    pending.append(onward)
        return seen & set(join.incoming)

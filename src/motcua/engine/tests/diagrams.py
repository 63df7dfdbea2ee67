"""Small diagrams for the tests: written by hand in a few words, or grown at random."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from motcua.engine.bpmn import Net, compile_bpmn

TAGS = {
    "start": "startEvent",
    "end": "endEvent",
    "task": "userTask",
    "xor": "exclusiveGateway",
    "and": "parallelGateway",
    "or": "inclusiveGateway",
}
TASK = 'motcua:unit="SETTLING" motcua:role="OFFICER" motcua:limit="4 giờ"'
HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:motcua="urn:motcua:bpmn" targetNamespace="urn:motcua:test">'
)


def document(body: str) -> str:
    """Return a document with one process."""
    return f'{HEAD}<process id="p" isExecutable="true">{body}</process></definitions>'


def net_of(drawing: str) -> Net:
    """Compile lines like `fork -> a`, `is_good -> b: outcome == "GOOD"`, `is_good => c` (default).

    The kind of a node is told by its name: start…, end…, xor…, and…, or…; the rest are tasks.
    """
    diagram = Diagram()
    for line in drawing.strip().splitlines():
        is_default = "=>" in line
        source, _, rest = line.partition("=>" if is_default else "->")
        target, _, condition = rest.partition(":")
        for node_id in (source.strip(), target.strip()):
            kind = next((kind for kind in TAGS if node_id.startswith(kind)), "task")
            diagram.nodes.setdefault(node_id, kind)
        diagram.flow(source.strip(), target.strip(), condition.strip(), is_default=is_default)
    return compile_bpmn(diagram.xml())


@dataclass
class Diagram:
    """A diagram in the making."""

    nodes: dict[str, str] = field(default_factory=dict)
    flows: list[tuple[str, str, str]] = field(default_factory=list)
    defaults: dict[str, str] = field(default_factory=dict)

    def new(self, kind: str) -> str:
        node_id = f"{kind}{len(self.nodes) + 1}"
        self.nodes[node_id] = kind
        return node_id

    def flow(self, source: str, target: str, condition: str = "", is_default: bool = False) -> None:
        if is_default:
            self.defaults[source] = f"f{len(self.flows)}"
        self.flows.append((source, target, condition))

    def xml(self, *, is_for_spiff: bool = False) -> str:
        """Return the XML; SpiffWorkflow reads variables by a function, so that none goes stale."""
        parts = []
        for node_id, kind in self.nodes.items():
            default = f' default="{self.defaults[node_id]}"' if node_id in self.defaults else ""
            own = f" {TASK}" if kind == "task" else ""
            parts.append(f'<{TAGS[kind]} id="{node_id}"{default}{own}>')
            for number, (source, target, _) in enumerate(self.flows):
                if target == node_id:
                    parts.append(f"<incoming>f{number}</incoming>")
                if source == node_id:
                    parts.append(f"<outgoing>f{number}</outgoing>")
            parts.append(f"</{TAGS[kind]}>")
        for number, (source, target, condition) in enumerate(self.flows):
            parts.append(f'<sequenceFlow id="f{number}" sourceRef="{source}" targetRef="{target}">')
            if condition:
                name, _, rest = condition.partition(" ")
                text = f"value({quoteattr(name)}) {rest}" if is_for_spiff else condition
                parts.append(f"<conditionExpression>{escape(text)}</conditionExpression>")
            parts.append("</sequenceFlow>")
        return document("".join(parts))

    def names(self) -> dict[str, int]:
        """Return the variables of the conditions, each with the number of its values."""
        counts: dict[str, int] = {}
        for _, _, condition in self.flows:
            if condition:
                name, _, value = condition.partition(" == ")
                counts[name] = max(counts.get(name, 2), int(value) + 2)
        return counts


def grow_blocks(
    seed: int, kinds: tuple[str, ...], depth: int = 4, *, is_wild: bool = False
) -> Diagram:
    """Return a well-formed diagram: every split has its join, every loop its exit.

    A wild one has joins inside loops and loops before inclusive joins, where SpiffWorkflow errs.
    """
    return _Gardener(random.Random(seed), kinds, is_wild=is_wild).grow(depth)


class _Gardener:
    def __init__(
        self, chance: random.Random, kinds: tuple[str, ...], *, is_wild: bool = False
    ) -> None:
        self.chance = chance
        self.is_wild = is_wild
        self.kinds = kinds
        self.diagram = Diagram()

    def grow(self, depth: int) -> Diagram:
        start = self.diagram.new("start")
        first, last = self.block(depth, self.kinds)
        end = self.diagram.new("end")
        self.diagram.flow(start, first)
        self.diagram.flow(last, end)
        return self.diagram

    def block(self, depth: int, kinds: tuple[str, ...]) -> tuple[str, str]:
        kind = self.chance.choice(["task", "task", "seq", *kinds, *kinds]) if depth else "task"
        if kind == "task":
            task = self.diagram.new("task")
            return task, task
        if kind == "seq":
            first, last = self.block(depth - 1, kinds), self.block(depth - 1, kinds)
            self.diagram.flow(first[1], last[0])
            return first[0], last[1]
        if kind == "loop":
            return self.loop(depth, kinds)
        return self.branches(kind, depth, kinds)

    def loop(self, depth: int, kinds: tuple[str, ...]) -> tuple[str, str]:
        # SpiffWorkflow releases joins early on the second round of a loop, hence no joins inside.
        inner = tuple(kind for kind in kinds if self.is_wild or kind in {"xor", "loop"})
        again, ask = self.diagram.new("xor"), self.diagram.new("xor")
        body = self.block(depth - 1, inner)
        after = self.diagram.new("task")
        self.diagram.flow(again, body[0])
        self.diagram.flow(body[1], ask)
        self.diagram.flow(ask, again, f"{ask}_back == 0")
        self.diagram.flow(ask, after, is_default=True)
        return again, after

    def branches(self, kind: str, depth: int, kinds: tuple[str, ...]) -> tuple[str, str]:
        split, join = self.diagram.new(kind), self.diagram.new(kind)
        count = self.chance.randint(2, 3)
        if kind == "or" and not self.is_wild:
            # SpiffWorkflow does not see a loop in front of an inclusive join, and releases it early.
            kinds = tuple(kind for kind in kinds if kind != "loop")
        for number in range(count):
            first, last = self.block(depth - 1, kinds)
            is_default = kind != "and" and number == count - 1
            condition = ""
            if not is_default and kind == "xor":
                condition = f"{split} == {number}"
            elif not is_default and kind == "or":
                condition = f"{split}_{number} == 0"
            self.diagram.flow(split, first, condition, is_default)
            self.diagram.flow(last, join)
        return split, join


def grow_tangle(seed: int, size: int = 5) -> Diagram:
    """Return a small diagram whose gateways are joined at random: most of them are faulty."""
    chance = random.Random(seed)
    diagram = Diagram()
    start = diagram.new("start")
    inner = [diagram.new(chance.choice(["xor", "and", "or", "xor", "and"])) for _ in range(size)]
    end = diagram.new("end")
    edges = [(start, inner[0])]
    for place, node_id in enumerate(inner):
        for _ in range(chance.choice([1, 2, 2])):
            later = [*inner[place + 1 :], end]
            is_back = chance.random() < 0.15 and place > 0
            edges.append((node_id, chance.choice(inner[1:] if is_back else later)))
    for source, target in edges:
        task = diagram.new("task")
        is_choice = diagram.nodes[source] in {"xor", "or"}
        leaving = [flow for flow in diagram.flows if flow[0] == source]
        is_default = is_choice and not leaving
        condition = f"{source}_{len(leaving)} == 0" if is_choice and leaving else ""
        diagram.flow(source, task, condition, is_default)
        diagram.flow(task, target)
    return diagram


def grow_misdrawn(seed: int) -> Diagram:
    """Return a small well-formed diagram in which, two times of three, one flow is led astray."""
    chance = random.Random(seed)
    diagram = grow_blocks(seed, ("xor", "and", "or", "loop", "and"), depth=2)
    if chance.random() < 0.67:
        place = chance.randrange(len(diagram.flows))
        source, target, condition = diagram.flows[place]
        others = [
            node for node, kind in diagram.nodes.items() if kind != "start" and node != target
        ]
        diagram.flows[place] = (source, chance.choice(others), condition)
    return diagram


class EveryValue(Mapping[str, object]):
    """Variables that take all their values one after another: see next_script."""

    def __init__(self, script: list[int]) -> None:
        self.script = script
        self.asked: dict[str, int] = {}

    def __getitem__(self, name: str) -> object:
        if name not in self.asked:
            place = len(self.asked)
            self.asked[name] = self.script[place] if place < len(self.script) else 0
        return self.asked[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.asked)

    def __len__(self) -> int:
        return len(self.asked)

    def next_script(self, values: int) -> list[int] | None:
        """Return the script that tries the next combination, or None after the last."""
        script = list(self.asked.values())
        while script:
            if script[-1] + 1 < values:
                script[-1] += 1
                return script
            script.pop()
        return None

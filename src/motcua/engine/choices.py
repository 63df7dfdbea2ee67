"""Whether the conditions at a gateway overlap, leave a hole or are never met, tried on every cell of values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Final

from motcua.engine.case_facts import ANSWER, OUTCOME, Fact
from motcua.engine.conditions import FLAG, NUMBER, Condition, Value, read_condition
from motcua.engine.explain import Because
from motcua.engine.flowcheck import Finding, Severity
from motcua.engine.net import Flow, Kind, Net, Node

# Between the values that conditions name nothing changes, so that one value of each cell tells for all.
MAX_CELLS: Final = 4096
OTHER: Final = "…"


@dataclass(frozen=True, slots=True)
class _Exit:
    flow: Flow
    condition: Condition


def check_conditions(net: Net, facts: Mapping[str, Fact]) -> Iterator[Finding]:
    """Find conditions that ask what is not known of a case, and gateways that choose unclearly.

    `facts` are the names that conditions may ask, each with its type and values.
    """
    for node in net.nodes:
        if node.kind not in {Kind.EXCLUSIVE, Kind.INCLUSIVE}:
            continue
        exits = [
            _Exit(flow, read_condition(flow.condition))
            for flow in map(net.flow_by_id.__getitem__, node.outgoing)
            if flow.condition and flow.id != node.default_flow
        ]
        unknown = [finding for leaving in exits for finding in _unknown(leaving, facts)]
        yield from unknown
        if exits and not unknown:
            yield from _unclear(net, node, exits, facts)


def _unknown(leaving: _Exit, facts: Mapping[str, Fact]) -> Iterator[Finding]:
    """Find names that no case has, values of another type, and values that there are not."""
    text = leaving.condition.text
    for name, kind in leaving.condition.types:
        fact = facts.get(name)
        if fact is None:
            known = ", ".join(facts)
            yield _finding(
                "error",
                "UNKNOWN_FACT",
                leaving.flow.id,
                vi=f"Điều kiện “{text}” hỏi “{name}”, hồ sơ không có dữ kiện này. Dùng được: {known}.",
                en=f"The condition “{text}” asks for “{name}”, which no case has. Use: {known}.",
            )
        elif fact.kind != kind:
            yield _finding(
                "error",
                "FACT_TYPE",
                leaving.flow.id,
                vi=f"Điều kiện “{text}” so sánh “{name}” ({fact.vi}) với giá trị khác kiểu.",
                en=f"The condition “{text}” compares “{name}” ({fact.en}) with a value of another type.",
            )
    for name, value in leaving.condition.literals:
        fact = facts.get(name)
        if fact and fact.values and value not in fact.values:
            known = ", ".join(fact.values)
            yield _finding(
                "error",
                "UNKNOWN_VALUE",
                leaving.flow.id,
                vi=f"Điều kiện “{text}” hỏi “{name}” có là “{value}” không; chỉ có: {known}.",
                en=f"The condition “{text}” asks whether “{name}” is “{value}”; there is only: {known}.",
            )


def _unclear(
    net: Net, node: Node, exits: list[_Exit], facts: Mapping[str, Fact]
) -> Iterator[Finding]:
    cells = _cells(net, node, exits, facts)
    if cells is None:
        return
    held = [tuple(leaving.condition.holds(cell) for leaving in exits) for cell in cells]
    if node.kind == Kind.EXCLUSIVE:
        yield from _overlaps(net, node, exits, cells, held)
    yield from _never_taken(net, node, exits, held)
    yield from _holes(net, node, exits, cells, held)


def _cells(
    net: Net, node: Node, exits: list[_Exit], facts: Mapping[str, Fact]
) -> list[dict[str, Value]] | None:
    """Return one example for each cell of values, or None where there are too many."""
    named: dict[str, list[Value]] = {}
    kinds: dict[str, str] = {}
    for leaving in exits:
        kinds.update(leaving.condition.types)
        for name, value in leaving.condition.literals:
            named.setdefault(name, []).append(value)
    axes = []
    count = 1
    for name, values in named.items():
        axes.append(_axis(kinds[name], values, facts[name].values))
        count *= len(axes[-1])
    if count > MAX_CELLS:
        return None
    return [dict(zip(named, cell, strict=True)) for cell in product(*axes)]


def _axis(kind: str, values: list[Value], known: tuple[str, ...]) -> list[Value]:
    if kind == FLAG:
        return [True, False]
    if kind != NUMBER:
        return list(known) or [*dict.fromkeys(values), OTHER]
    marks = sorted({value for value in values if isinstance(value, Decimal)})
    between = [(low + high) / 2 for low, high in zip(marks, marks[1:], strict=False)]
    return [*sorted([marks[0] - 1, *marks, *between, marks[-1] + 1])]


def _overlaps(
    net: Net,
    node: Node,
    exits: list[_Exit],
    cells: list[dict[str, Value]],
    held: list[tuple[bool, ...]],
) -> Iterator[Finding]:
    told: set[tuple[int, int]] = set()
    for cell, holds in zip(cells, held, strict=True):
        both = [place for place, is_met in enumerate(holds) if is_met][:2]
        if len(both) < 2 or (both[0], both[1]) in told:
            continue
        told.add((both[0], both[1]))
        first, second = (_target(net, exits[place]) for place in both)
        shown = _shown(cell)
        yield _finding(
            "warning",
            "OVERLAP",
            exits[both[1]].flow.id,
            vi=f"Tại “{node.label}”, điều kiện tới “{first}” và tới “{second}” cùng đúng khi {shown}; "
            f"hồ sơ sẽ đi tới “{first}”. Sửa để mỗi lúc chỉ một điều kiện đúng.",
            en=f"At “{node.label}” the conditions to “{first}” and to “{second}” both hold when {shown}; "
            f"the case goes to “{first}”. Let only one hold at a time.",
        )


def _never_taken(
    net: Net, node: Node, exits: list[_Exit], held: list[tuple[bool, ...]]
) -> Iterator[Finding]:
    is_first = node.kind == Kind.EXCLUSIVE
    seen_texts: set[str] = set()
    for place, leaving in enumerate(exits):
        taken = any(holds[place] and not (is_first and any(holds[:place])) for holds in held)
        # A condition that repeats another's words is told by the check of exits.
        if not taken and leaving.condition.text not in seen_texts:
            yield _finding(
                "warning",
                "NEVER_TAKEN",
                leaving.flow.id,
                vi=f"Nhánh từ “{node.label}” tới “{_target(net, leaving)}” không bao giờ được chọn: "
                "không giá trị nào làm điều kiện đúng mà nhánh trước chưa lấy.",
                en=f"The exit from “{node.label}” to “{_target(net, leaving)}” is never taken: no values "
                "meet its condition that an earlier exit has not taken.",
            )
        seen_texts.add(leaving.condition.text)
    if node.default_flow and all(any(holds) for holds in held) and not _asks_open(exits):
        yield _finding(
            "warning",
            "DEFAULT_NEVER_TAKEN",
            node.default_flow,
            vi=f"Nhánh mặc định của “{node.label}” không bao giờ được chọn: luôn có điều kiện khác đúng.",
            en=f"The default of “{node.label}” is never taken: some other condition always holds.",
        )


def _asks_open(exits: list[_Exit]) -> bool:
    """Say whether values come from people or other systems, so that none may be there at all."""
    return any(name in {OUTCOME, ANSWER} for e in exits for name, _ in e.condition.types)


def _holes(
    net: Net,
    node: Node,
    exits: list[_Exit],
    cells: list[dict[str, Value]],
    held: list[tuple[bool, ...]],
) -> Iterator[Finding]:
    """Find a number between two that conditions take, which none takes: a slip of < for <=."""
    met = {tuple(cell.items()): any(holds) for cell, holds in zip(cells, held, strict=True)}
    numbers = {n for e in exits for n, kind in e.condition.types if kind == NUMBER}
    for name in sorted(numbers):
        for cell in cells:
            if met[tuple(cell.items())]:
                continue
            line = [c for c in cells if all(c[k] == v for k, v in cell.items() if k != name)]
            taken = [c[name] for c in line if met[tuple(c.items())]]
            here = cell[name]
            if not any(value < here for value in taken) or not any(value > here for value in taken):  # type: ignore[operator]
                continue
            way = net.flow_by_id.get(node.default_flow)
            target = net.by_id[way.target].label if way else "?"
            shown = _shown(cell)
            yield _finding(
                "warning",
                "HOLE",
                node.id,
                vi=f"Tại “{node.label}”, không điều kiện nào đúng khi {shown}, dù giá trị nhỏ hơn và lớn hơn "
                f"đều có nhánh; hồ sơ sẽ theo nhánh mặc định tới “{target}”. Kiểm tra dấu < và <=.",
                en=f"At “{node.label}” no condition holds when {shown}, although smaller and larger values "
                f"have exits; the case takes the default to “{target}”. Check < and <=.",
            )
            break


def _target(net: Net, leaving: _Exit) -> str:
    return net.by_id[leaving.flow.target].label


def _shown(cell: Mapping[str, Value]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in cell.items())


def _finding(severity: Severity, code: str, element_id: str, *, vi: str, en: str) -> Finding:
    return Finding(
        severity=severity, code=code, element_id=element_id, because=Because(vi=vi, en=en)
    )

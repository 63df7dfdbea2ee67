"""Called processes: a chart that calls others is compiled with their steps in place of the calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from motcua.engine.explain import Because
from motcua.engine.flowcheck import Finding
from motcua.engine.net import Flow, Kind, Lane, Net, Node

# Stands between a call and a step of the called process; no drawn id can hold it.
INSIDE: Final = "/"


@dataclass(frozen=True, kw_only=True, slots=True)
class Called:
    """A published process that can be called: its key, version and whole net."""

    key: str
    version: int
    net: Net


def list_called(net: Net) -> tuple[str, ...]:
    """Return the keys of the processes that a drawn chart calls, each once."""
    return tuple(dict.fromkeys(node.called for node in net.nodes if node.kind == Kind.CALL))


def find_outer(node_id: str) -> str:
    """Return the id of the drawn element that a node belongs to: its call, or itself."""
    return node_id.partition(INSIDE)[0]


def check_calls(net: Net, called: Mapping[str, Called], *, key: str) -> tuple[Finding, ...]:
    """Return what hinders putting the called processes in place; `key` names the caller."""
    findings: list[Finding] = []
    for node in net.nodes:
        if node.kind == Kind.CALL:
            findings.extend(_check_call(node, called.get(node.called), key))
        elif node.attached_to and net.by_id[node.attached_to].kind == Kind.CALL:
            findings.append(
                _error(
                    "TIMER_ON_CALL",
                    node.id,
                    vi=f"Hẹn giờ “{node.label}” gắn vào bước gọi quy trình khác. "
                    "Hãy đặt hẹn giờ vào từng bước của quy trình được gọi.",
                    en=f"The timer “{node.label}” sits on a call. "
                    "Put timers on the steps of the called process.",
                )
            )
    return tuple(findings)


def _check_call(node: Node, called: Called | None, key: str) -> Iterator[Finding]:
    if called is None:
        yield _error(
            "CALL_MISSING",
            node.id,
            vi=f"“{node.label}” gọi quy trình “{node.called}”, nhưng quy trình này chưa công bố hoặc "
            "không áp dụng vào ngày đã chọn. Hãy công bố nó trước, hoặc chọn quy trình khác.",
            en=f"“{node.label}” calls the process “{node.called}”, which is not published or not in "
            "force on the day. Publish it first, or call another.",
        )
        return
    chain = [called.key, *dict.fromkeys(n.called for n in called.net.nodes if n.called)]
    if key in chain:
        shown = " → ".join(dict.fromkeys([key, called.key, key]))
        yield _error(
            "CALL_RECURSION",
            node.id,
            vi=f"“{node.label}” gọi vòng: quy trình “{called.key}” chính là, hoặc lại gọi, “{key}” "
            f"({shown} → {key}). Hãy bỏ một trong các lần gọi.",
            en=f"“{node.label}” calls in a circle: the process “{called.key}” is, or calls, “{key}” "
            f"({shown} → {key}). Remove one of the calls.",
        )


def put_in_place(net: Net, called: Mapping[str, Called]) -> Net:
    """Return the net in which the nodes of each called process stand for its call.

    The net must have passed check_calls. A call becomes a gateway that only passes on, then the
    called nodes with ids like `call/step`, then a gateway in place of the called ends.
    """
    nodes: list[Node] = []
    flows = {flow.id: flow for flow in net.flows}
    lanes = list(net.lanes)
    for node in net.nodes:
        if node.kind == Kind.CALL:
            _put(node, called[node.called], nodes, flows, lanes)
        else:
            nodes.append(node)
    return replace(net, nodes=tuple(nodes), flows=tuple(flows.values()), lanes=tuple(lanes))


def _put(
    call: Node, called: Called, nodes: list[Node], flows: dict[str, Flow], lanes: list[Lane]
) -> None:
    inner = called.net
    ends = [node for node in inner.nodes if node.kind == Kind.END]
    exit_id = _inside(call, ends[0].id)
    place = {inner.start: call.id} | {end.id: exit_id for end in ends}
    for flow in inner.flows:
        flows[_inside(call, flow.id)] = replace(
            flow,
            id=_inside(call, flow.id),
            source=place.get(flow.source) or _inside(call, flow.source),
            target=place.get(flow.target) or _inside(call, flow.target),
        )
    for flow_id in call.outgoing:
        flows[flow_id] = replace(flows[flow_id], source=exit_id)
    first = tuple(_inside(call, flow) for flow in inner.by_id[inner.start].outgoing)
    last = tuple(_inside(call, flow) for end in ends for flow in end.incoming)
    nodes.append(replace(call, kind=Kind.EXCLUSIVE, called_version=called.version, outgoing=first))
    nodes.extend(
        _moved(call, node) for node in inner.nodes if node.kind not in {Kind.START, Kind.END}
    )
    nodes.append(
        Node(
            id=exit_id,
            kind=Kind.INCLUSIVE if len(last) > 1 and _can_part(inner) else Kind.EXCLUSIVE,
            name=call.name,
            lane=call.lane,
            incoming=last,
            outgoing=call.outgoing,
        )
    )
    lanes.extend(replace(lane, id=_inside(call, lane.id)) for lane in inner.lanes)


def _moved(call: Node, node: Node) -> Node:
    return replace(
        node,
        id=_inside(call, node.id),
        lane=_inside(call, node.lane) if node.lane else "",
        default_flow=_inside(call, node.default_flow) if node.default_flow else "",
        attached_to=_inside(call, node.attached_to) if node.attached_to else "",
        incoming=tuple(_inside(call, flow) for flow in node.incoming),
        outgoing=tuple(_inside(call, flow) for flow in node.outgoing),
    )


def _can_part(net: Net) -> bool:
    """Say whether several tokens of one run can be under way, so that the ends must be awaited."""
    return any(
        (node.kind in {Kind.PARALLEL, Kind.INCLUSIVE} and len(node.outgoing) > 1)
        or (node.kind == Kind.TIMER and not node.is_interrupting)
        for node in net.nodes
    )


def _inside(call: Node, inner_id: str) -> str:
    return f"{call.id}{INSIDE}{inner_id}"


def _error(code: str, element_id: str, *, vi: str, en: str) -> Finding:
    return Finding(
        severity="error", code=code, element_id=element_id, because=Because(vi=vi, en=en)
    )

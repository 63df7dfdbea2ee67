"""Checks of a compiled chart before it is published: what would block, dangle or surprise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from motcua.engine.conditions import read_condition
from motcua.engine.explain import Because
from motcua.engine.net import GATEWAY_KINDS, WAITING_KINDS, Flow, Kind, Net, Node
from motcua.engine.soundness import prove

Severity = Literal["error", "warning"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing to correct (error) or to think about (warning), and where."""

    severity: Severity
    code: str
    element_id: str
    because: Because


LONGEST_ID = 80


def check(net: Net) -> tuple[Finding, ...]:
    """Return everything found in the chart; a chart without errors cannot block."""
    findings = [
        *_starts_and_ends(net),
        *_ways(net),
        *_circles_without_step(net),
        *_exits(net),
        *_steps(net),
        *_long_ids(net),
        *_outcomes(net),
    ]
    if len(net.starts) == 1:
        findings.extend(_tokens(net))
    return tuple(findings)


def _error(code: str, element_id: str, *, vi: str, en: str) -> Finding:
    return Finding(
        severity="error", code=code, element_id=element_id, because=Because(vi=vi, en=en)
    )


def _warning(code: str, element_id: str, *, vi: str, en: str) -> Finding:
    return Finding(
        severity="warning", code=code, element_id=element_id, because=Because(vi=vi, en=en)
    )


def _starts_and_ends(net: Net) -> Iterator[Finding]:
    if not net.starts:
        yield _error(
            "NO_START",
            net.process,
            vi="Lưu đồ không có điểm bắt đầu. Thêm một điểm bắt đầu.",
            en="The chart has no start event. Add one.",
        )
    for extra in net.starts[1:]:
        yield _error(
            "MANY_STARTS",
            extra,
            vi=f"Lưu đồ có {len(net.starts)} điểm bắt đầu. Chỉ giữ lại một.",
            en=f"The chart has {len(net.starts)} start events. Keep only one.",
        )
    if not any(node.kind == Kind.END for node in net.nodes):
        yield _error(
            "NO_END",
            net.process,
            vi="Lưu đồ không có điểm kết thúc. Thêm một điểm kết thúc.",
            en="The chart has no end event. Add one.",
        )


def _successors(net: Net) -> dict[str, list[str]]:
    """Return for each node the nodes after it; a timer comes after its step."""
    after = {node.id: [net.flow_by_id[flow].target for flow in node.outgoing] for node in net.nodes}
    for node in net.nodes:
        if node.attached_to:
            after[node.attached_to].append(node.id)
    return after


def _reachable(first: list[str], after: dict[str, list[str]]) -> set[str]:
    seen = set(first)
    pending = list(first)
    while pending:
        for node_id in after[pending.pop()]:
            if node_id not in seen:
                seen.add(node_id)
                pending.append(node_id)
    return seen


def _ways(net: Net) -> Iterator[Finding]:
    """Find nodes that no run comes to, and nodes from which no run comes to an end."""
    after = _successors(net)
    before: dict[str, list[str]] = {node.id: [] for node in net.nodes}
    for node_id, following in after.items():
        for target in following:
            before[target].append(node_id)
    reached = _reachable(list(net.starts), after)
    ending = _reachable([node.id for node in net.nodes if node.kind == Kind.END], before)
    dead = [node for node in net.nodes if not after[node.id] and node.kind != Kind.END]
    for node in net.nodes:
        if node.id not in reached and net.starts:
            yield _error(
                "UNREACHABLE",
                node.id,
                vi=f"Không có đường nào từ điểm bắt đầu tới “{node.label}”. Nối lại hoặc xóa.",
                en=f"No way leads from the start to “{node.label}”. Connect or remove it.",
            )
    for node in dead:
        yield _error(
            "DEAD_END",
            node.id,
            vi=f"“{node.label}” không có luồng đi ra. Nối tới bước sau hoặc điểm kết thúc.",
            en=f"Nothing leaves “{node.label}”. Connect it to a later step or an end event.",
        )
    excused = ending | _reachable([node.id for node in dead], before)
    for node in net.nodes:
        if node.id in excused:
            continue
        excused |= _reachable([node.id], after)
        yield _error(
            "LOOP_WITHOUT_EXIT",
            node.id,
            vi=f"Từ “{node.label}” lưu đồ đi vòng mãi, không tới điểm kết thúc. Thêm một lối ra.",
            en=f"From “{node.label}” the chart goes round for ever. Add a way out of the loop.",
        )


def _circles_without_step(net: Net) -> Iterator[Finding]:
    """Find circles made of gateways alone: a run would turn in them without anybody's doing."""
    passing = {node.id for node in net.nodes if node.kind in GATEWAY_KINDS}
    after = {
        node_id: [target for target in targets if target in passing]
        for node_id, targets in _successors(net).items()
        if node_id in passing
    }
    done: set[str] = set()
    for node_id in after:
        circle = _reachable(after[node_id], after)
        if node_id in circle and node_id not in done:
            done |= circle
            label = net.by_id[node_id].label
            yield _error(
                "LOOP_WITHOUT_STEP",
                node_id,
                vi=f"Vòng lặp qua “{label}” không có bước nào. Đặt một bước vào vòng hoặc bỏ vòng.",
                en=f"The loop through “{label}” holds no step. Put a step into it or remove it.",
            )


def _exits(net: Net) -> Iterator[Finding]:
    for node in net.nodes:
        if len(node.outgoing) > 1 and node.kind not in GATEWAY_KINDS:
            yield _error(
                "IMPLICIT_SPLIT",
                node.id,
                vi=f"“{node.label}” có {len(node.outgoing)} luồng đi ra. "
                "Đặt một cổng để nói rõ đi song song hay chọn một.",
                en=f"{len(node.outgoing)} flows leave “{node.label}”. "
                "Put a gateway there, to say whether all are taken or one.",
            )
        if node.kind in {Kind.EXCLUSIVE, Kind.INCLUSIVE}:
            yield from _choices(net, node)


def _choices(net: Net, node: Node) -> Iterator[Finding]:
    flows = [net.flow_by_id[flow_id] for flow_id in node.outgoing]
    conditional = [flow for flow in flows if flow.condition and flow.id != node.default_flow]
    if conditional and not node.default_flow:
        yield _error(
            "NO_DEFAULT",
            node.id,
            vi=f"Cổng “{node.label}” không có nhánh mặc định: khi không điều kiện nào đúng, "
            "hồ sơ không đi tiếp được. Chọn một nhánh làm mặc định.",
            en=f"The gateway “{node.label}” has no default: when no condition holds the case "
            "cannot go on. Make one exit the default.",
        )
    texts: set[str] = set()
    for flow in flows:
        is_repeated = node.kind == Kind.EXCLUSIVE and flow in conditional
        yield from _exit_faults(net, node, flow, is_repeated and flow.condition in texts)
        texts.add(flow.condition)


def _exit_faults(net: Net, node: Node, flow: Flow, is_repeated: bool) -> Iterator[Finding]:
    target = net.by_id[flow.target].label
    is_default = flow.id == node.default_flow
    if is_default and flow.condition:
        yield _warning(
            "DEFAULT_WITH_CONDITION",
            flow.id,
            vi=f"Nhánh mặc định từ “{node.label}” tới “{target}” có điều kiện; "
            "điều kiện này không được xét.",
            en=f"The default from “{node.label}” to “{target}” has a condition, "
            "which is never looked at.",
        )
    if not is_default and not flow.condition and len(node.outgoing) > 1:
        yield _error(
            "EXIT_WITHOUT_CONDITION",
            flow.id,
            vi=f"Nhánh từ “{node.label}” tới “{target}” không có điều kiện "
            "và không phải mặc định. Đặt điều kiện hoặc chọn làm mặc định.",
            en=f"The exit from “{node.label}” to “{target}” has no condition and is not the "
            "default. Give it a condition or make it the default.",
        )
    if is_repeated:
        yield _warning(
            "SAME_CONDITION",
            flow.id,
            vi=f"Nhánh từ “{node.label}” tới “{target}” lặp lại điều kiện của nhánh trước, "
            "nên không bao giờ được chọn.",
            en=f"The exit from “{node.label}” to “{target}” repeats an earlier condition "
            "and is never taken.",
        )


def _steps(net: Net) -> Iterator[Finding]:
    for step in net.steps:
        if not step.unit:
            yield _error(
                "NO_UNIT",
                step.id,
                vi=f"Bước “{step.label}” chưa có đơn vị chịu trách nhiệm. "
                "Chọn đơn vị cho bước hoặc cho làn.",
                en=f"The step “{step.label}” has no responsible unit. Choose one for it or its lane.",
            )
        if not step.role:
            yield _error(
                "NO_ROLE",
                step.id,
                vi=f"Bước “{step.label}” chưa nói ai làm. Chọn vai trò.",
                en=f"The step “{step.label}” does not say who acts. Choose a role.",
            )
        if not step.limit:
            yield _warning(
                "NO_LIMIT",
                step.id,
                vi=f"Bước “{step.label}” chưa có thời hạn.",
                en=f"The step “{step.label}” has no time limit.",
            )


def _long_ids(net: Net) -> Iterator[Finding]:
    """Find ids that a run cannot keep; calls in calls make them long."""
    for part in (*(node.id for node in net.nodes), *(flow.id for flow in net.flows)):
        if len(part) > LONGEST_ID:
            yield _error(
                "LONG_ID",
                part,
                vi=f"Mã “{part}” dài {len(part)} ký tự, nhiều nhất là {LONGEST_ID}. Rút ngắn mã trong lưu đồ.",
                en=f"The id “{part}” has {len(part)} characters; at most {LONGEST_ID} are kept. Shorten it.",
            )


def _outcomes(net: Net) -> Iterator[Finding]:
    """Compare the outcomes that steps offer with those that the gateways after them ask for."""
    asking: set[str] = set()
    for node in net.nodes:
        asked = _asked_at(net, node)
        if asked:
            steps, has_join = _steps_before(net, node)
            asking.update(step.id for step in steps)
            yield from _answers(node, asked, steps, has_join)
    for step in net.steps:
        if len(step.outcomes) > 1 and step.id not in asking:
            yield _warning(
                "OUTCOME_NOT_ASKED",
                step.id,
                vi=f"Bước “{step.label}” có {len(step.outcomes)} kết quả "
                "nhưng không cổng nào sau đó xét kết quả.",
                en=f"The step “{step.label}” has {len(step.outcomes)} outcomes, "
                "but no gateway after it looks at them.",
            )


def _asked_at(net: Net, node: Node) -> list[tuple[str, object]]:
    """Return the outcomes that a gateway asks for, each with its flow."""
    if node.kind not in {Kind.EXCLUSIVE, Kind.INCLUSIVE}:
        return []
    flows = (net.flow_by_id[flow_id] for flow_id in node.outgoing)
    return [
        (flow.id, value)
        for flow in flows
        if flow.condition
        for name, value in read_condition(flow.condition).equals
        if name == "outcome"
    ]


def _answers(
    gateway: Node, asked: list[tuple[str, object]], steps: list[Node], has_join: bool
) -> Iterator[Finding]:
    offered = {outcome for step in steps for outcome in step.outcomes}
    for flow_id, value in asked:
        if value not in offered:
            yield _error(
                "UNKNOWN_OUTCOME",
                flow_id,
                vi=f"Cổng “{gateway.label}” hỏi kết quả “{value}” nhưng không bước nào ngay trước "
                "cổng cho kết quả này. Sửa điều kiện hoặc kết quả của bước.",
                en=f"The gateway “{gateway.label}” asks for the outcome “{value}”, which no step "
                "before it offers. Correct the condition or the step.",
            )
    if has_join:
        yield _warning(
            "OUTCOME_OF_LAST",
            gateway.id,
            vi=f"Cổng “{gateway.label}” xét kết quả ngay sau khi các nhánh gặp nhau: "
            "chỉ kết quả của nhánh xong sau cùng được tính.",
            en=f"The gateway “{gateway.label}” decides right after branches meet: "
            "only the outcome of the last of them counts.",
        )


def _steps_before(net: Net, gateway: Node) -> tuple[list[Node], bool]:
    """Return the steps whose completion leads straight to a gateway, and whether branches join."""
    steps: dict[str, Node] = {}
    has_join = False
    pending, seen = [gateway], {gateway.id}
    while pending:
        node = pending.pop()
        if node.kind in WAITING_KINDS:
            steps[node.id] = node
            continue
        if node.kind in {Kind.PARALLEL, Kind.INCLUSIVE} and len(node.incoming) > 1:
            has_join = True
        for flow_id in node.incoming:
            source = net.by_id[net.flow_by_id[flow_id].source]
            if source.id not in seen:
                seen.add(source.id)
                pending.append(source)
    return list(steps.values()), has_join


def _tokens(net: Net) -> Iterator[Finding]:
    verdict = prove(net)
    for joint in verdict.blocked:
        node = _node_of(net, joint)
        yield _error(
            "CAN_BLOCK",
            node.id,
            vi=f"Hồ sơ có thể kẹt mãi tại “{node.label}”: có lần chạy mà một nhánh vào cổng này "
            "không bao giờ tới. Hợp các nhánh bằng cổng cùng loại với cổng đã tách chúng.",
            en=f"A case can wait for ever at “{node.label}”: in some run one branch never arrives. "
            "Join branches by the kind of gateway that split them.",
        )
    for joint in verdict.crowded:
        node = _node_of(net, joint)
        yield _error(
            "CAN_DOUBLE",
            node.id,
            vi=f"“{node.label}” có thể phải làm hai lần cùng lúc: các nhánh song song vào đây "
            "mà không qua cổng hợp nhánh. Đặt cổng song song trước đó.",
            en=f"“{node.label}” can be reached twice at once: branches that run side by side come "
            "here without a join. Put a joining gateway before it.",
        )
    if not verdict.is_complete:
        yield _error(
            "TOO_TANGLED",
            net.process,
            vi="Lưu đồ có quá nhiều nhánh song song chồng chéo nên không chứng minh được "
            "là sẽ không kẹt. Ghép từng cặp cổng tách và cổng hợp cùng loại.",
            en="Too many branches cross for a proof that no case can block. "
            "Pair each split with a join of the same kind.",
        )


def _node_of(net: Net, joint: str) -> Node:
    return net.by_id[joint.removesuffix(" (merge)")]

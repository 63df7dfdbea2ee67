"""Reading BPMN 2.0: a drawn chart becomes a Net, or a list of everything that is wrong with it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from lxml import etree

from motcua.engine.bpmn_notes import (
    ProblemNotes,
    is_remark,
    label,
    local_name,
    own_attribute,
    words,
)
from motcua.engine.conditions import ConditionProblem, read_condition
from motcua.engine.limits import LimitRefused, parse_length, parse_limit
from motcua.engine.net import (
    AGENCY_PREFIX,
    GATEWAY_KINDS,
    ROLES,
    SERVICE_ACTIONS,
    UNITS_BY_CASE,
    WAITING_KINDS,
    Flow,
    Kind,
    Lane,
    Net,
    Node,
)
from motcua.engine.safe_xml import BPMN, BpmnProblem, Problem, parse_safely

__all__ = ["BpmnProblem", "Flow", "Kind", "Lane", "Net", "Node", "Problem", "compile_bpmn"]

MAX_ELEMENTS: Final = 1000
LONGEST_TITLE: Final = 200
LONGEST_SMS: Final = 480

_KINDS: Final = {
    "startEvent": Kind.START,
    "endEvent": Kind.END,
    "userTask": Kind.USER,
    "serviceTask": Kind.SERVICE,
    "callActivity": Kind.CALL,
    "intermediateCatchEvent": Kind.MESSAGE,
    "boundaryEvent": Kind.TIMER,
    "exclusiveGateway": Kind.EXCLUSIVE,
    "parallelGateway": Kind.PARALLEL,
    "inclusiveGateway": Kind.INCLUSIVE,
}
_EVENT_DEFINITION: Final = {
    Kind.TIMER: "timerEventDefinition",
    Kind.MESSAGE: "messageEventDefinition",
}
_OUTCOME: Final = re.compile(r"[A-Z][A-Z0-9_]*")
_AGENCY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.\-]{0,49}")
_HOSTS: Final = frozenset({Kind.USER, Kind.SERVICE, Kind.CALL})


def compile_bpmn(xml: bytes | str) -> Net:
    """Compile BPMN 2.0 XML; raises BpmnProblem with everything that is wrong, each with its line."""
    root = parse_safely(xml)
    reader = _Reader()
    net = reader.read(root)
    if reader.problems:
        raise BpmnProblem(tuple(sorted(reader.problems, key=lambda problem: problem.line)))
    return net


class _Reader(ProblemNotes):
    """Walks a document once and notes nodes, flows, lanes and problems."""

    def __init__(self) -> None:
        super().__init__()
        self.nodes: dict[str, Node] = {}
        self.flows: dict[str, Flow] = {}
        self.lanes: dict[str, Lane] = {}
        self.lane_of: dict[str, str] = {}
        self.messages: dict[str, str] = {}
        self.incoming: dict[str, list[str]] = {}
        self.outgoing: dict[str, list[str]] = {}
        self.types: dict[str, tuple[str, str]] = {}

    def read(self, root: etree._Element) -> Net:
        """Return the net of the document; it counts only when no problem was noted."""
        processes = []
        for child in root:
            name = local_name(child)
            if name == "process":
                processes.append(child)
            elif name == "message":
                self.messages[child.get("id", "")] = child.get("name", child.get("id", ""))
            elif name == "collaboration":
                self.only(child, {"participant"})
            elif not is_remark(child):
                self.refuse_element(child)
        if len(processes) != 1:
            self.note(
                "PROCESSES",
                processes[1] if processes else root,
                vi=f"Tệp có {len(processes)} quy trình (process), phải có đúng một.",
                en=f"The file has {len(processes)} processes and must have exactly one.",
            )
            return Net(process="", nodes=(), flows=())
        self.read_process(processes[0])
        norm = words(own_attribute(processes[0], "norm"))
        self.check_limit(processes[0], norm)
        for flow in self.flows.values():
            self.outgoing.setdefault(flow.source, []).append(flow.id)
            self.incoming.setdefault(flow.target, []).append(flow.id)
        return Net(
            process=processes[0].get("id", ""),
            name=processes[0].get("name") or "",
            norm=norm,
            nodes=tuple(self.finished(node) for node in self.nodes.values()),
            flows=tuple(self.flows.values()),
            lanes=tuple(self.lanes.values()),
        )

    def read_process(self, process: etree._Element) -> None:
        """Note the parts of the process, then check how they hang together."""
        drawn = [child for child in process if not is_remark(child)]
        if len(drawn) > MAX_ELEMENTS:
            self.note(
                "TOO_LARGE",
                process,
                vi=f"Lưu đồ có {len(drawn)} phần tử, nhiều nhất là {MAX_ELEMENTS}. "
                "Tách bớt thành quy trình con.",
                en=f"The chart has {len(drawn)} elements; at most {MAX_ELEMENTS} are read. "
                "Move parts of it into a called process.",
            )
            return
        for child in drawn:
            name = local_name(child)
            if name in _KINDS:
                self.read_node(child, _KINDS[name])
            elif name == "sequenceFlow":
                self.read_flow(child)
            elif name == "laneSet":
                self.read_lanes(child, "")
            else:
                self.refuse_element(child)
        self.check_flows()
        self.check_nodes()

    def read_lanes(self, lane_set: etree._Element, outer_unit: str) -> None:
        """Note the lanes of a set; an inner lane overrides the one around it."""
        for child in lane_set:
            if is_remark(child):
                continue
            if local_name(child) != "lane":
                self.refuse_element(child)
                continue
            if not self.is_new(child):
                continue
            unit = self.unit(child) or outer_unit
            lane_id = child.get("id", "")
            self.lanes[lane_id] = Lane(id=lane_id, name=words(child.get("name")), unit=unit)
            for part in child:
                if local_name(part) == "flowNodeRef":
                    self.lane_of[(part.text or "").strip()] = lane_id
                elif local_name(part) == "childLaneSet":
                    self.read_lanes(part, unit)
                elif not is_remark(part):
                    self.refuse_element(part)

    def read_node(self, element: etree._Element, kind: Kind) -> None:
        """Note an event, a step or a gateway."""
        if not self.is_new(element):
            return
        definition = _EVENT_DEFINITION.get(kind)
        self.only(element, {"incoming", "outgoing"} | ({definition} if definition else set()))
        node = Node(
            id=element.get("id", ""),
            kind=kind,
            name=words(element.get("name")),
            unit=self.unit(element),
            default_flow=element.get("default") or "",
        )
        if kind == Kind.USER:
            node = self.with_step_details(node, element)
        elif kind == Kind.SERVICE:
            node = self.with_action(node, element)
        elif kind == Kind.CALL:
            node = replace(node, called=self.needed(element, "calledElement"))
        elif kind == Kind.TIMER:
            node = self.with_timer(node, element)
        elif kind == Kind.MESSAGE:
            node = self.with_message(node, element)
        self.nodes[node.id] = node

    def with_step_details(self, node: Node, element: etree._Element) -> Node:
        """Add role, limit and outcomes of a user task."""
        role = own_attribute(element, "role")
        if role and role not in ROLES:
            self.note_value(element, "role", role, ", ".join(ROLES))
        limit = " ".join(own_attribute(element, "limit").split())
        self.check_limit(element, limit)
        outcomes = tuple(
            part.strip() for part in own_attribute(element, "outcomes").split(",") if part.strip()
        )
        for outcome in outcomes:
            if not _OUTCOME.fullmatch(outcome) or outcomes.count(outcome) > 1:
                self.note_value(element, "outcomes", outcome, "APPROVE,RETURN")
        node = replace(node, role=role, limit=limit, outcomes=outcomes)
        return self.with_papers(node, element)

    def with_papers(self, node: Node, element: etree._Element) -> Node:
        """Add what a user task fills in, produces and tells, and whether it is done on the spot."""
        form, sms = words(own_attribute(element, "form")), words(own_attribute(element, "sms"))
        documents = tuple(
            text for part in own_attribute(element, "documents").split(";") if (text := words(part))
        )
        for attribute, text, longest in (
            ("form", form, LONGEST_TITLE),
            ("sms", sms, LONGEST_SMS),
            *(("documents", title, LONGEST_TITLE) for title in documents),
        ):
            if len(text) > longest:
                self.note_long(element, attribute, text, longest)
        on_the_spot = own_attribute(element, "onTheSpot") or "false"
        if on_the_spot not in {"true", "false"}:
            self.note_value(element, "onTheSpot", on_the_spot, "true, false")
        return replace(
            node,
            form=form,
            documents=documents,
            sms=sms,
            is_on_the_spot=on_the_spot == "true",
        )

    def with_timer(self, node: Node, element: etree._Element) -> Node:
        """Add the host and the length of a boundary timer."""
        definition = element.find(f"{{{BPMN}}}timerEventDefinition")
        duration = "" if definition is None else definition.findtext(f"{{{BPMN}}}timeDuration", "")
        length = " ".join((own_attribute(element, "limit") or duration).split())
        self.check_limit(element, length, is_timer=True)
        if definition is None or not length:
            self.note(
                "TIMER",
                element,
                vi=f"Hẹn giờ “{label(element)}” chưa nói sau bao lâu (timeDuration).",
                en=f"The timer “{label(element)}” does not say after how long (timeDuration).",
            )
        return replace(
            node,
            attached_to=self.needed(element, "attachedToRef"),
            is_interrupting=element.get("cancelActivity", "true") not in {"false", "0"},
            timer=length,
        )

    def with_message(self, node: Node, element: etree._Element) -> Node:
        """Add the name of the message that an event waits for."""
        definition = element.find(f"{{{BPMN}}}messageEventDefinition")
        message = "" if definition is None else definition.get("messageRef") or ""
        message = self.messages.get(message, message) or own_attribute(element, "message")
        if not message:
            self.note(
                "MESSAGE",
                element,
                vi=f"“{label(element)}” chưa nói chờ tin gì (messageRef).",
                en=f"“{label(element)}” does not say which message it waits for (messageRef).",
            )
        return replace(node, message=message)

    def with_action(self, node: Node, element: etree._Element) -> Node:
        """Add the named action of a service task."""
        action = own_attribute(element, "action")
        if action and action not in SERVICE_ACTIONS:
            self.note_value(element, "action", action, ", ".join(SERVICE_ACTIONS))
        return replace(node, action=action)

    def check_limit(self, element: etree._Element, limit: str, *, is_timer: bool = False) -> None:
        """Refuse a length of time that cannot be counted."""
        try:
            if limit:
                (parse_length if is_timer else parse_limit)(limit)
        except LimitRefused as refused:
            self.note("LIMIT", element, vi=refused.because.vi, en=refused.because.en)

    def read_flow(self, element: etree._Element) -> None:
        """Note an arrow and read its condition."""
        if not self.is_new(element):
            return
        self.only(element, {"conditionExpression"})
        condition = " ".join(element.findtext(f"{{{BPMN}}}conditionExpression", "").split())
        flow = Flow(
            id=element.get("id", ""),
            source=self.needed(element, "sourceRef"),
            target=self.needed(element, "targetRef"),
            name=words(element.get("name")),
            condition=condition,
        )
        if condition:
            self.check_condition(flow, element)
        self.flows[flow.id] = flow

    def check_condition(self, flow: Flow, element: etree._Element) -> None:
        """Read the condition, and see that each name has one type in the whole chart."""
        try:
            condition = read_condition(flow.condition)
        except ConditionProblem as problem:
            self.note("CONDITION", element, vi=problem.because.vi, en=problem.because.en)
            return
        for name, kind in condition.types:
            known, where = self.types.setdefault(name, (kind, flow.id))
            if known != kind:
                self.note(
                    "CONDITION_TYPE",
                    element,
                    vi=f"Điều kiện “{flow.condition}” dùng “{name}” khác kiểu với luồng “{where}”.",
                    en=f"The condition “{flow.condition}” takes “{name}” as another type than "
                    f"the flow “{where}” does.",
                )

    def check_flows(self) -> None:
        """Refuse arrows that lead nowhere, or where none may lead."""
        for flow in self.flows.values():
            for end in (flow.source, flow.target):
                if end and end not in self.nodes:
                    self.note(
                        "LOOSE_FLOW",
                        self.places[flow.id],
                        vi=f"Luồng “{flow.id}” nối với “{end}”, lưu đồ không có phần tử này.",
                        en=f"The flow “{flow.id}” is tied to “{end}”, which the chart lacks.",
                    )
            source, target = self.nodes.get(flow.source), self.nodes.get(flow.target)
            if (source and source.kind == Kind.END) or (
                target and target.kind in {Kind.START, Kind.TIMER}
            ):
                self.note(
                    "WRONG_WAY",
                    self.places[flow.id],
                    vi=f"Luồng “{flow.id}” đi ra từ điểm kết thúc, hoặc đi vào điểm bắt đầu "
                    "hay vào hẹn giờ.",
                    en=f"The flow “{flow.id}” leaves an end event, or enters a start or a timer.",
                )
            if flow.condition and source and source.kind not in {Kind.EXCLUSIVE, Kind.INCLUSIVE}:
                self.note(
                    "CONDITION_PLACE",
                    self.places[flow.id],
                    vi=f"Luồng “{flow.id}” có điều kiện nhưng đi ra từ “{source.label}”; "
                    "chỉ cổng loại trừ và cổng bao hàm mới được rẽ theo điều kiện.",
                    en=f"The flow “{flow.id}” has a condition but leaves “{source.label}”; "
                    "only exclusive and inclusive gateways choose by condition.",
                )

    def check_nodes(self) -> None:
        """Refuse defaults and timers that point to nothing."""
        for node in self.nodes.values():
            default = self.flows.get(node.default_flow)
            if node.default_flow and (
                default is None or default.source != node.id or node.kind not in GATEWAY_KINDS
            ):
                self.note(
                    "DEFAULT",
                    self.places[node.id],
                    vi=f"Nhánh mặc định “{node.default_flow}” không đi ra từ cổng “{node.label}”.",
                    en=f"The default “{node.default_flow}” does not leave the gateway “{node.label}”.",
                )
            host = self.nodes.get(node.attached_to)
            if node.kind == Kind.TIMER and (host is None or host.kind not in _HOSTS):
                self.note(
                    "TIMER_PLACE",
                    self.places[node.id],
                    vi=f"Hẹn giờ “{node.label}” phải gắn vào một bước.",
                    en=f"The timer “{node.label}” must sit on a step.",
                )

    def finished(self, node: Node) -> Node:
        """Add the flows and the lane to a node."""
        lane = self.lane_of.get(node.id, "")
        unit = node.unit or (self.lanes[lane].unit if lane and node.kind in WAITING_KINDS else "")
        return replace(
            node,
            lane=lane,
            unit=unit,
            incoming=tuple(self.incoming.get(node.id, ())),
            outgoing=tuple(self.outgoing.get(node.id, ())),
        )

    def unit(self, element: etree._Element) -> str:
        """Return the responsible unit that an element names itself."""
        unit = own_attribute(element, "unit")
        is_agency = unit.startswith(AGENCY_PREFIX) and _AGENCY.fullmatch(unit[len(AGENCY_PREFIX) :])
        if unit and unit not in UNITS_BY_CASE and not is_agency:
            self.note_value(
                element, "unit", unit, f"{', '.join(UNITS_BY_CASE)}, {AGENCY_PREFIX}H19.1"
            )
        return unit

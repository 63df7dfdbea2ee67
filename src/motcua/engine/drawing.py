"""Drawing: a described chart becomes BPMN 2.0 XML with shapes that any modeler shows."""

from __future__ import annotations

from typing import Final
from xml.etree import ElementTree as ET

from motcua.engine.chart_grid import Arrow, Box, Grid, place
from motcua.engine.chart_layout import Layout, Rect, lay_out
from motcua.engine.chart_spec import (
    END,
    AnyOf,
    CannotDraw,
    Chart,
    Decision,
    Item,
    Parallel,
    Step,
    Way,
)
from motcua.engine.net import Kind, Lane

__all__ = [
    "END",
    "AnyOf",
    "CannotDraw",
    "Chart",
    "Decision",
    "Item",
    "Lane",
    "Parallel",
    "Step",
    "Way",
    "draw",
]

_SPACES: Final = {
    "xmlns:bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "xmlns:bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "xmlns:dc": "http://www.omg.org/spec/DD/20100524/DC",
    "xmlns:di": "http://www.omg.org/spec/DD/20100524/DI",
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xmlns:motcua": "urn:motcua:bpmn",
}
_TAGS: Final = {
    Kind.START: "bpmn:startEvent",
    Kind.END: "bpmn:endEvent",
    Kind.USER: "bpmn:userTask",
    Kind.EXCLUSIVE: "bpmn:exclusiveGateway",
    Kind.PARALLEL: "bpmn:parallelGateway",
    Kind.INCLUSIVE: "bpmn:inclusiveGateway",
}


def draw(chart: Chart) -> str:
    """Return the chart as BPMN 2.0 XML, laid out from left to right; raises CannotDraw."""
    grid = place(chart)
    layout = lay_out(grid, chart.lanes)
    root = ET.Element(
        "bpmn:definitions", {**_SPACES, "id": f"{chart.id}_file", "targetNamespace": "urn:motcua"}
    )
    collaboration = ET.SubElement(root, "bpmn:collaboration", id=f"{chart.id}_pool")
    ET.SubElement(
        collaboration,
        "bpmn:participant",
        id=f"{chart.id}_participant",
        name=chart.name,
        processRef=chart.id,
    )
    _write_process(root, chart, grid)
    _write_shapes(root, chart, grid, layout)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, "unicode") + "\n"


def _write_process(root: ET.Element, chart: Chart, grid: Grid) -> None:
    process = ET.SubElement(root, "bpmn:process", id=chart.id, name=chart.name, isExecutable="true")
    if chart.norm:
        process.set("motcua:norm", chart.norm)
    lane_set = ET.SubElement(process, "bpmn:laneSet", id=f"{chart.id}_lanes")
    for lane in chart.lanes:
        drawn = ET.SubElement(lane_set, "bpmn:lane", {"id": lane.id, "name": lane.name})
        if lane.unit:
            drawn.set("motcua:unit", lane.unit)
        for box in grid.boxes.values():
            if box.lane == lane.id:
                ET.SubElement(drawn, "bpmn:flowNodeRef").text = box.id
    defaults = {arrow.source: arrow.id for arrow in grid.arrows if arrow.is_default}
    for box in grid.boxes.values():
        _write_node(process, box, defaults.get(box.id, ""), grid.arrows)
    for arrow in grid.arrows:
        _write_flow(process, arrow)


def _write_node(process: ET.Element, box: Box, default: str, arrows: list[Arrow]) -> None:
    called = box.step.calls if box.step else ""
    tag = "bpmn:callActivity" if called else _TAGS[box.kind]
    node = ET.SubElement(process, tag, id=box.id)
    if box.name:
        node.set("name", box.name)
    if default:
        node.set("default", default)
    if called:
        node.set("calledElement", called)
    elif box.step:
        _write_step(node, box.step)
    for arrow in arrows:
        if arrow.target == box.id:
            ET.SubElement(node, "bpmn:incoming").text = arrow.id
    for arrow in arrows:
        if arrow.source == box.id:
            ET.SubElement(node, "bpmn:outgoing").text = arrow.id


def _write_step(node: ET.Element, step: Step) -> None:
    said = {
        "role": step.role,
        "limit": step.limit,
        "outcomes": ",".join(step.outcomes),
        "form": step.form,
        "documents": "; ".join(step.documents),
        "sms": step.sms,
        "onTheSpot": "true" if step.is_on_the_spot else "",
    }
    for attribute, value in said.items():
        if value or attribute == "role":
            node.set(f"motcua:{attribute}", value)


def _write_flow(process: ET.Element, arrow: Arrow) -> None:
    flow = ET.SubElement(
        process,
        "bpmn:sequenceFlow",
        id=arrow.id,
        sourceRef=arrow.source,
        targetRef=arrow.target,
    )
    if arrow.label:
        flow.set("name", arrow.label)
    if arrow.when:
        condition = ET.SubElement(
            flow, "bpmn:conditionExpression", {"xsi:type": "bpmn:tFormalExpression"}
        )
        condition.text = arrow.when


def _write_shapes(root: ET.Element, chart: Chart, grid: Grid, layout: Layout) -> None:
    diagram = ET.SubElement(root, "bpmndi:BPMNDiagram", id=f"{chart.id}_diagram")
    plane = ET.SubElement(
        diagram, "bpmndi:BPMNPlane", id=f"{chart.id}_plane", bpmnElement=f"{chart.id}_pool"
    )
    _write_shape(plane, f"{chart.id}_participant", layout.pool).set("isHorizontal", "true")
    for lane_id, rect in layout.lanes.items():
        _write_shape(plane, lane_id, rect).set("isHorizontal", "true")
    for box in grid.boxes.values():
        shape = _write_shape(plane, box.id, layout.shapes[box.id])
        if box.kind == Kind.EXCLUSIVE:
            shape.set("isMarkerVisible", "true")
        if box.id in layout.shape_labels:
            _write_label(shape, layout.shape_labels[box.id])
    for arrow in grid.arrows:
        edge = ET.SubElement(plane, "bpmndi:BPMNEdge", id=f"{arrow.id}_edge", bpmnElement=arrow.id)
        for x, y in layout.bends[arrow.id]:
            ET.SubElement(edge, "di:waypoint", x=str(x), y=str(y))
        if arrow.id in layout.arrow_labels:
            _write_label(edge, layout.arrow_labels[arrow.id])


def _write_shape(plane: ET.Element, element: str, rect: Rect) -> ET.Element:
    shape = ET.SubElement(plane, "bpmndi:BPMNShape", id=f"{element}_shape", bpmnElement=element)
    _write_bounds(shape, rect)
    return shape


def _write_label(owner: ET.Element, rect: Rect) -> None:
    _write_bounds(ET.SubElement(owner, "bpmndi:BPMNLabel"), rect)


def _write_bounds(owner: ET.Element, rect: Rect) -> None:
    ET.SubElement(
        owner,
        "dc:Bounds",
        x=str(rect.x),
        y=str(rect.y),
        width=str(rect.width),
        height=str(rect.height),
    )

"""Tasks of the system and messages: named, or refused by name and place."""

from __future__ import annotations

import pytest

from motcua.engine.bpmn import BpmnProblem, compile_bpmn
from motcua.engine.event_checks import check_events
from motcua.engine.tests.diagrams import document


def found(element: str) -> list[tuple[str, str]]:
    net = compile_bpmn(
        document(
            f'<startEvent id="s"/>{element}<endEvent id="e"/>'
            '<sequenceFlow id="f" sourceRef="s" targetRef="x"/>'
            '<sequenceFlow id="g" sourceRef="x" targetRef="e"/>'
        )
    )
    return [(finding.code, finding.element_id) for finding in check_events(net)]


def message(name: str) -> str:
    return (
        f'<intermediateCatchEvent id="x"><messageEventDefinition messageRef="{name}"/>'
        "</intermediateCatchEvent>"
    )


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        ('<serviceTask id="x" motcua:action="NOTIFY_UNIT"/>', []),
        ('<serviceTask id="x"/>', [("NO_ACTION", "x")]),
        ('<userTask id="x" motcua:sms="{ma_ho_so} xong {buoc}, hẹn {hen_moi}."/>', []),
        ('<userTask id="x" motcua:sms="Chào {ten}"/>', [("SMS_TEXT", "x")]),
        ('<userTask id="x" motcua:sms="Thiếu } dấu"/>', [("SMS_TEXT", "x")]),
        (message("PAYMENT"), []),
        (message("ANSWER.LLTP"), []),
        (message("PIGEON"), [("UNKNOWN_MESSAGE", "x")]),
    ],
)
def test_what_moves_a_run_by_itself_is_named(element: str, expected: list[tuple[str, str]]) -> None:
    assert found(element) == expected


def test_an_action_that_the_system_lacks_is_refused_with_its_line() -> None:
    with pytest.raises(BpmnProblem, match="NOTIFY_APPLICANT, NOTIFY_UNIT"):
        found('<serviceTask id="x" motcua:action="DELETE_EVERYTHING"/>')


@pytest.mark.parametrize(("length", "is_read"), [("P2D", True), ("PT4H", True), ("P1DT4H", False)])
def test_a_timer_counts_in_one_unit(length: str, is_read: bool) -> None:
    timer = (
        '<userTask id="x"/><boundaryEvent id="t" attachedToRef="x"><timerEventDefinition>'
        f"<timeDuration>{length}</timeDuration></timerEventDefinition></boundaryEvent>"
        '<sequenceFlow id="h" sourceRef="t" targetRef="e"/>'
    )

    if is_read:
        assert found(timer) == []
    else:
        with pytest.raises(BpmnProblem, match="P1DT4H"):
            found(timer)

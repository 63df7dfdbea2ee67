"""The checks before publication: each kind of finding, and what must not be found."""

from __future__ import annotations

import pytest

from motcua.engine.bpmn import compile_bpmn
from motcua.engine.flowcheck import check
from motcua.engine.tests.diagrams import document, net_of


def found(drawing: str) -> list[tuple[str, str]]:
    return [(finding.code, finding.element_id) for finding in check(net_of(drawing))]


def test_a_sound_chart_has_no_findings() -> None:
    drawing = """
    start -> a
    a -> and_split
    and_split -> b
    and_split -> c
    b -> and_join
    c -> and_join
    and_join -> xor_ask
    xor_ask -> a: k == 1
    xor_ask => end
    """

    assert found(drawing) == []


@pytest.mark.parametrize(
    ("drawing", "expected"),
    [
        ("a -> end", [("NO_START", "p")]),
        ("start -> a\na -> b\nb -> a", [("NO_END", "p"), ("LOOP_WITHOUT_EXIT", "start")]),
        ("start -> a\na -> end\nstart_2 -> a", [("MANY_STARTS", "start_2")]),
        ("start -> a\na -> end\nb -> end", [("UNREACHABLE", "b")]),
        ("start -> xor_a\nxor_a => end\nxor_a -> b: k == 1", [("DEAD_END", "b")]),
        (
            "start -> xor_a\nxor_a => end\nxor_a -> b: k == 1\nb -> c\nc -> b",
            [("LOOP_WITHOUT_EXIT", "b")],
        ),
        (
            "start -> xor_a\nxor_a -> xor_b\nxor_b -> xor_a: k == 1\nxor_b => end",
            [("LOOP_WITHOUT_STEP", "xor_a")],
        ),
        (
            "start -> xor_a\nxor_a -> end: k == 1\nxor_a -> b: k == 2\nb -> end",
            [("NO_DEFAULT", "xor_a")],
        ),
        ("start -> xor_a\nxor_a => end\nxor_a -> b\nb -> end", [("EXIT_WITHOUT_CONDITION", "f2")]),
        (
            "start -> xor_a\nxor_a => end\nxor_a -> b: k == 1\nxor_a -> end: k == 1\nb -> end",
            [("SAME_CONDITION", "f3")],
        ),
        ("start -> a\na -> b\na -> c\nb -> end\nc -> end", [("IMPLICIT_SPLIT", "a")]),
        (
            "start -> xor_a\nxor_a -> b: k == 1\nxor_a => c\nb -> and_j\nc -> and_j\nand_j -> end",
            [("CAN_BLOCK", "and_j")],
        ),
        (
            "start -> and_a\nand_a -> b\nand_a -> c\nb -> d\nc -> d\nd -> end",
            [("CAN_DOUBLE", "d")],
        ),
        (
            'start -> a\na -> xor_q\nxor_q -> a: outcome == "RETURN"\nxor_q => end',
            [("UNKNOWN_OUTCOME", "f2")],
        ),
    ],
)
def test_each_fault_is_found_where_it_is(drawing: str, expected: list[tuple[str, str]]) -> None:
    assert found(drawing) == expected


def test_a_loop_back_into_one_branch_of_a_split_is_found() -> None:
    drawing = """
    start -> and_split
    and_split -> a
    and_split -> b
    a -> xor_ask
    xor_ask -> and_split: k == 1
    xor_ask => and_join
    b -> and_join
    and_join -> end
    """

    assert {code for code, _ in found(drawing)} >= {"CAN_BLOCK"}


def test_a_step_needs_unit_and_role_and_should_have_a_limit() -> None:
    net = compile_bpmn(
        document(
            '<startEvent id="s"/><userTask id="t" name="Ký"/><endEvent id="e"/>'
            '<sequenceFlow id="f" sourceRef="s" targetRef="t"/>'
            '<sequenceFlow id="g" sourceRef="t" targetRef="e"/>'
        )
    )

    assert [(finding.severity, finding.code) for finding in check(net)] == [
        ("error", "NO_UNIT"),
        ("error", "NO_ROLE"),
        ("warning", "NO_LIMIT"),
    ]


def test_outcomes_that_nobody_asks_for_are_a_warning() -> None:
    net = compile_bpmn(
        document(
            '<startEvent id="s"/><endEvent id="e"/><userTask id="t" motcua:unit="SETTLING" '
            'motcua:role="LEADER" motcua:limit="4 giờ" motcua:outcomes="APPROVE,RETURN"/>'
            '<sequenceFlow id="f" sourceRef="s" targetRef="t"/>'
            '<sequenceFlow id="g" sourceRef="t" targetRef="e"/>'
        )
    )

    assert [(finding.severity, finding.code) for finding in check(net)] == [
        ("warning", "OUTCOME_NOT_ASKED")
    ]


def test_a_chart_too_tangled_to_prove_is_not_accepted() -> None:
    lines = ["start -> and_split"]
    for number in range(14):
        lines += [
            f"and_split -> a{number}",
            f"a{number} -> xor_{number}",
            f"xor_{number} -> and_x{number % 7}: k == 1",
            f"xor_{number} => and_join",
        ]
    lines += [f"and_x{number} -> end" for number in range(7)]
    lines.append("and_join -> end")

    codes = {code for code, _ in found("\n".join(lines))}

    assert "TOO_TANGLED" in codes


@pytest.mark.parametrize(("interrupts", "codes"), [("true", []), ("false", ["CAN_DOUBLE"])])
def test_a_timer_beside_its_step_may_not_lead_back_into_the_main_way(
    interrupts: str, codes: list[str]
) -> None:
    own = 'motcua:unit="SETTLING" motcua:role="LEADER" motcua:limit="4 giờ"'
    net = compile_bpmn(
        document(
            f"""
            <startEvent id="start"/><userTask id="a" {own}/><userTask id="b" {own}/>
            <endEvent id="end"/>
            <boundaryEvent id="late" attachedToRef="a" cancelActivity="{interrupts}">
              <timerEventDefinition><timeDuration>P2D</timeDuration></timerEventDefinition>
            </boundaryEvent>
            <sequenceFlow id="f1" sourceRef="start" targetRef="a"/>
            <sequenceFlow id="f2" sourceRef="a" targetRef="b"/>
            <sequenceFlow id="f3" sourceRef="late" targetRef="b"/>
            <sequenceFlow id="f4" sourceRef="b" targetRef="end"/>
            """
        )
    )

    assert [finding.code for finding in check(net)] == codes


def test_an_outcome_asked_after_a_join_is_a_warning() -> None:
    own = 'motcua:unit="SETTLING" motcua:role="LEADER" motcua:limit="4 giờ"'
    net = compile_bpmn(
        document(
            f"""
            <startEvent id="start"/><parallelGateway id="split"/><parallelGateway id="join"/>
            <userTask id="a" {own} motcua:outcomes="YES,NO"/>
            <userTask id="b" {own} motcua:outcomes="YES,NO"/>
            <exclusiveGateway id="ask" default="yes"/><endEvent id="end"/><endEvent id="end_2"/>
            <sequenceFlow id="f1" sourceRef="start" targetRef="split"/>
            <sequenceFlow id="f2" sourceRef="split" targetRef="a"/>
            <sequenceFlow id="f3" sourceRef="split" targetRef="b"/>
            <sequenceFlow id="f4" sourceRef="a" targetRef="join"/>
            <sequenceFlow id="f5" sourceRef="b" targetRef="join"/>
            <sequenceFlow id="f6" sourceRef="join" targetRef="ask"/>
            <sequenceFlow id="yes" sourceRef="ask" targetRef="end"/>
            <sequenceFlow id="no" sourceRef="ask" targetRef="end_2">
              <conditionExpression>outcome == "NO"</conditionExpression></sequenceFlow>
            """
        )
    )

    assert [(finding.severity, finding.code) for finding in check(net)] == [
        ("warning", "OUTCOME_OF_LAST")
    ]

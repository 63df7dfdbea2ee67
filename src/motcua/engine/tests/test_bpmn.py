"""Compiling BPMN: what is read from a file, and what the compiled form keeps."""

from __future__ import annotations

import json
import random
import re

import pytest

from motcua.engine.bpmn import BpmnProblem, Kind, Net, compile_bpmn
from motcua.engine.flowcheck import check
from motcua.engine.tests.diagrams import HEAD, Diagram, document, grow_blocks

CHART = """
<laneSet id="lanes">
  <lane id="counter" name="Bộ phận Một cửa" motcua:unit="RECEIVING">
    <flowNodeRef>check</flowNodeRef>
  </lane>
  <lane id="office" name="Văn phòng" motcua:unit="AGENCY:H19.1"><flowNodeRef>sign</flowNodeRef></lane>
</laneSet>
<startEvent id="begin" name="Bắt đầu"/>
<userTask id="check" name="Kiểm tra,&#10;  chuyển hồ sơ" motcua:role="CLERK" motcua:limit="4 giờ">
  <documentation>Đọc kỹ</documentation>
</userTask>
<userTask id="sign" name="Ký" motcua:role="LEADER" motcua:limit="2 ngày làm việc"
          motcua:outcomes="APPROVE, RETURN" motcua:unit="SETTLING"/>
<exclusiveGateway id="ask" default="yes"/>
<endEvent id="finish"/>
<sequenceFlow id="f1" sourceRef="begin" targetRef="check"/>
<sequenceFlow id="f2" sourceRef="check" targetRef="sign"/>
<sequenceFlow id="f3" sourceRef="sign" targetRef="ask"/>
<sequenceFlow id="no" name="Trả lại" sourceRef="ask" targetRef="check">
  <conditionExpression>outcome == "RETURN"</conditionExpression>
</sequenceFlow>
<sequenceFlow id="yes" sourceRef="ask" targetRef="finish"/>
<textAnnotation id="remark"><text>Ghi chú</text></textAnnotation>
"""


def codes_of(xml: str | bytes) -> list[tuple[str, str]]:
    """Return the code and element of each problem of a file."""
    with pytest.raises(BpmnProblem) as refusal:
        compile_bpmn(xml)
    assert all(problem.because.vi and problem.because.en for problem in refusal.value.problems)
    return [(problem.code, problem.element_id) for problem in refusal.value.problems]


def with_part(part: str) -> str:
    """Return a sound chart with one more part."""
    return document(CHART + part)


def test_steps_carry_lane_unit_role_limit_and_outcomes() -> None:
    net = compile_bpmn(document(CHART))

    check, sign = net.steps
    assert (check.name, check.lane, check.unit) == (
        "Kiểm tra, chuyển hồ sơ",
        "counter",
        "RECEIVING",
    )
    assert (check.role, check.limit, check.outcomes) == ("CLERK", "4 giờ", ())
    assert (sign.unit, sign.limit) == ("SETTLING", "2 ngày làm việc")
    assert sign.outcomes == ("APPROVE", "RETURN")


def test_a_step_says_its_form_documents_sms_and_whether_it_is_done_on_the_spot() -> None:
    net = compile_bpmn(
        with_part(
            '<userTask id="issue" motcua:unit="TERRITORY" motcua:form="Mẫu số 01" '
            'motcua:documents="Tờ trình;  Dự thảo   quyết định; " motcua:sms="Hồ sơ đã có kết quả." '
            'motcua:onTheSpot="true"/>'
        )
    )

    issue = net.by_id["issue"]
    assert (issue.unit, issue.form, issue.sms) == ("TERRITORY", "Mẫu số 01", "Hồ sơ đã có kết quả.")
    assert issue.documents == ("Tờ trình", "Dự thảo quyết định")
    assert issue.is_on_the_spot
    assert not net.by_id["check"].is_on_the_spot
    assert Net.from_json(json.loads(json.dumps(net.to_json()))) == net


def test_a_text_longer_than_can_be_kept_is_refused_by_its_name() -> None:
    part = f'<userTask id="t" motcua:sms="{"x" * 481}" motcua:documents="{"y" * 201}"/>'

    assert codes_of(with_part(part)) == [("LONG_TEXT", "t"), ("LONG_TEXT", "t")]
    assert codes_of(with_part('<userTask id="t" motcua:onTheSpot="maybe"/>')) == [("VALUE", "t")]


def test_a_chart_keeps_its_service_norm_through_its_stored_form() -> None:
    xml = document(CHART).replace("<process ", '<process motcua:norm="3 ngày  làm việc" ', 1)

    net = compile_bpmn(xml)

    assert net.norm == "3 ngày làm việc"
    assert Net.from_json(json.loads(json.dumps(net.to_json()))) == net
    assert "norm" not in compile_bpmn(document(CHART)).to_json()


def test_a_norm_of_nothing_is_refused() -> None:
    xml = document(CHART).replace("<process ", '<process motcua:norm="0 giờ" ', 1)

    assert [code for code, _element in codes_of(xml)] == ["LIMIT"]


def test_flows_and_gateways_are_tied_together() -> None:
    net = compile_bpmn(document(CHART))

    gateway = net.by_id["ask"]
    assert net.start == "begin"
    assert gateway.kind == Kind.EXCLUSIVE
    assert (gateway.incoming, gateway.outgoing, gateway.default_flow) == (
        ("f3",),
        ("no", "yes"),
        "yes",
    )
    assert net.flow_by_id["no"].condition == 'outcome == "RETURN"'


def test_a_net_survives_storage_as_json() -> None:
    net = compile_bpmn(document(CHART))

    stored = json.loads(json.dumps(net.to_json(), sort_keys=True))

    assert Net.from_json(stored) == net
    assert Net.from_json(stored).digest == net.digest


def test_the_digest_follows_the_content_and_not_the_layout() -> None:
    drawn = document(CHART)
    moved = drawn.replace("\n", "\n\n").replace("<documentation>Đọc kỹ</documentation>", "")
    changed = drawn.replace("4 giờ", "8 giờ")

    assert compile_bpmn(moved).digest == compile_bpmn(drawn).digest
    assert compile_bpmn(changed).digest != compile_bpmn(drawn).digest


def test_a_net_of_an_unknown_format_is_refused() -> None:
    with pytest.raises(ValueError, match="format 99"):
        Net.from_json({"format": 99})


def test_timers_messages_and_calls_are_read() -> None:
    net = compile_bpmn(
        with_part(
            """
            <boundaryEvent id="late" attachedToRef="sign" cancelActivity="false">
              <timerEventDefinition><timeDuration>P2D</timeDuration></timerEventDefinition>
            </boundaryEvent>
            <intermediateCatchEvent id="paper" motcua:message="supplement">
              <messageEventDefinition/>
            </intermediateCatchEvent>
            <callActivity id="office_part" calledElement="office_3_steps"/>
            <serviceTask id="sms"/>
            """
        )
    )

    late = net.by_id["late"]
    assert (late.kind, late.attached_to, late.timer, late.is_interrupting) == (
        Kind.TIMER,
        "sign",
        "P2D",
        False,
    )
    assert net.by_id["paper"].message == "supplement"
    assert net.by_id["office_part"].called == "office_3_steps"
    assert net.by_id["sms"].kind == Kind.SERVICE


def test_the_name_of_a_message_comes_from_its_definition() -> None:
    body = '<intermediateCatchEvent id="c"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>'

    net = compile_bpmn(
        document(CHART + body).replace("<process", '<message id="m" name="Đã nộp phí"/><process')
    )

    assert net.by_id["c"].message == "Đã nộp phí"


def test_utf_16_with_its_mark_is_read() -> None:
    xml = '<?xml version="1.0" encoding="UTF-16"?>' + document(CHART)

    assert compile_bpmn(xml.encode("utf-16")) == compile_bpmn(document(CHART))


@pytest.mark.parametrize(
    ("part", "code", "element"),
    [
        ('<scriptTask id="x"/>', "NOT_SUPPORTED", "x"),
        ('<manualTask id="x"/>', "NOT_SUPPORTED", "x"),
        ('<subProcess id="x"/>', "NOT_SUPPORTED", "x"),
        ('<eventBasedGateway id="x"/>', "NOT_SUPPORTED", "x"),
        ('<userTask id="x"><multiInstanceLoopCharacteristics/></userTask>', "NOT_SUPPORTED", "x"),
        ('<endEvent id="x"><terminateEventDefinition/></endEvent>', "NOT_SUPPORTED", "x"),
        ('<startEvent id="x"><timerEventDefinition/></startEvent>', "NOT_SUPPORTED", "x"),
        ('<other xmlns="urn:other" id="x"/>', "NOT_SUPPORTED", "x"),
        ('<userTask name="x"/>', "ID", "p"),
        ('<userTask id="check"/>', "ID_TWICE", "check"),
        ('<userTask id="x" motcua:unit="HERE"/>', "VALUE", "x"),
        ('<userTask id="x" motcua:role="BOSS"/>', "VALUE", "x"),
        ('<userTask id="x" motcua:limit="soon"/>', "LIMIT", "x"),
        ('<userTask id="x" motcua:limit="0 giờ"/>', "LIMIT", "x"),
        ('<userTask id="x" motcua:outcomes="YES,YES"/>', "VALUE", "x"),
        ('<sequenceFlow id="x" sourceRef="check" targetRef="gone"/>', "LOOSE_FLOW", "x"),
        ('<sequenceFlow id="x" sourceRef="check"/>', "ATTRIBUTE", "x"),
        ('<sequenceFlow id="x" sourceRef="finish" targetRef="check"/>', "WRONG_WAY", "x"),
        ('<sequenceFlow id="x" sourceRef="check" targetRef="begin"/>', "WRONG_WAY", "x"),
        ('<exclusiveGateway id="x" default="f1"/>', "DEFAULT", "x"),
        ('<callActivity id="x"/>', "ATTRIBUTE", "x"),
        ('<intermediateCatchEvent id="x"/>', "MESSAGE", "x"),
        ('<boundaryEvent id="x" attachedToRef="check"/>', "TIMER", "x"),
    ],
)
def test_what_cannot_be_carried_out_is_refused_by_name(part: str, code: str, element: str) -> None:
    assert (code, element) in codes_of(with_part(part))


@pytest.mark.parametrize(
    ("condition", "code"),
    [("outcome =", "CONDITION"), ("outcome == 3", "CONDITION_TYPE")],
)
def test_conditions_are_read_when_the_chart_is_compiled(condition: str, code: str) -> None:
    flow = f"""<sequenceFlow id="x" sourceRef="ask" targetRef="sign">
        <conditionExpression>{condition}</conditionExpression></sequenceFlow>"""

    assert (code, "x") in codes_of(with_part(flow))


def test_a_condition_on_a_flow_out_of_a_step_is_refused() -> None:
    flow = """<sequenceFlow id="x" sourceRef="check" targetRef="sign">
        <conditionExpression>a</conditionExpression></sequenceFlow>"""

    assert codes_of(with_part(flow)) == [("CONDITION_PLACE", "x")]


def test_all_problems_are_told_at_once_with_their_lines() -> None:
    xml = document('\n<startEvent id="a"/>\n<scriptTask id="b"/>\n<subProcess id="c"/>')

    with pytest.raises(BpmnProblem, match="Dòng 3: .*scriptTask") as refusal:
        compile_bpmn(xml)

    assert [(p.element_id, p.line) for p in refusal.value.problems] == [("b", 3), ("c", 4)]


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        ("", "BROKEN_XML"),
        (HEAD, "BROKEN_XML"),
        ("<html/>", "NOT_BPMN"),
        (f"{HEAD}</definitions>", "PROCESSES"),
        (f'{HEAD}<process id="a"/><process id="b"/></definitions>', "PROCESSES"),
        (b"\xff\x00\xc0", "ENCODING"),
        ("<a>" * 400, "BROKEN_XML"),
        (HEAD + "\ud800</definitions>", "BROKEN_XML"),
        (HEAD + "&boom;</definitions>", "BROKEN_XML"),
        (" " * 2_000_001, "TOO_LARGE"),
    ],
)
def test_a_file_that_is_no_chart_is_refused(xml: str | bytes, code: str) -> None:
    assert codes_of(xml)[0][0] == code


def test_entities_are_refused_before_anything_is_expanded() -> None:
    laughs = "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "ha">' for n in range(10)
    )
    million = f"<!DOCTYPE d [{laughs}]>{HEAD}&l9;</definitions>"
    outside = f'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>{HEAD}&x;</definitions>'

    assert codes_of(million) == [("DOCUMENT_TYPE", "")]
    assert codes_of(outside) == [("DOCUMENT_TYPE", "")]
    assert codes_of(million.encode("utf-16")) == [("DOCUMENT_TYPE", "")]


def test_a_declared_charset_cannot_hide_a_document_type() -> None:
    xml = '<?xml version="1.0" encoding="UTF-7"?>+ADw-!DOCTYPE d+AD4-' + HEAD + "</definitions>"

    assert codes_of(xml.encode()) == [("BROKEN_XML", "")]


def test_a_chart_of_too_many_elements_is_refused() -> None:
    tasks = "".join(f'<userTask id="t{n}"/>' for n in range(1001))

    assert codes_of(document(tasks)) == [("TOO_LARGE", "p")]


def test_a_chart_of_five_hundred_elements_is_read_and_proved() -> None:
    grown = (grow_blocks(seed, ("xor", "and", "or", "loop"), depth=6) for seed in range(60))
    large = next(diagram for diagram in grown if 500 <= size(diagram) <= 1000)

    net = compile_bpmn(large.xml())

    assert [finding for finding in check(net) if finding.severity == "error"] == []


def size(diagram: Diagram) -> int:
    return len(diagram.nodes) + len(diagram.flows)


def test_a_damaged_file_is_read_or_refused_but_never_breaks_the_reader() -> None:
    chance = random.Random(7)
    sound = document(CHART)
    words = re.findall(r"[\w.:]+|<[^>]*>", sound)
    read = refused = 0

    for _ in range(600):
        damaged = sound
        for _ in range(chance.randint(1, 3)):
            damaged = damaged.replace(chance.choice(words), chance.choice(["", *words]), 1)
        try:
            net = compile_bpmn(damaged)
        except BpmnProblem as refusal:
            refused += 1
            assert refusal.problems
        else:
            read += 1
            check(net)

    assert read > 20
    assert refused > 200

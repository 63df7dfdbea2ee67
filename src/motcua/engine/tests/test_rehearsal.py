"""Rehearsal: past cases through a new chart, with their own durations, and the two side by side."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.engine.bpmn import Net, compile_bpmn
from motcua.engine.laterisk import History, PastStep, StepKey
from motcua.engine.rehearsal import PastCase, PastVisit, TakenFrom, compare, rehearse
from motcua.engine.tests.depth import PROPERTY
from motcua.engine.tests.diagrams import document, net_of

learn = partial(History.compile, enough=5)

THREE = "start -> take\ntake -> check\ncheck -> sign\nsign -> end"
FIVE = "start -> take\ntake -> draft\ndraft -> check\ncheck -> read\nread -> sign\nsign -> end"
FORK = """
start -> and_split
and_split -> left
and_split -> right
left -> and_join
right -> and_join
and_join -> last
last -> end
"""
APPROVAL = """
start -> draft
draft -> approve
approve -> xor_ask
xor_ask -> draft: outcome == "RETURN"
xor_ask => issue
issue -> end
"""
UNITS = {"SETTLING": "H19.01", "RECEIVING": "H19.01.01"}
NOTHING = learn(())
DAY = 480


def case(*visits: tuple[str, int] | tuple[str, int, str], allowed: int = 1000) -> PastCase:
    return PastCase(
        code="000.01.01.H19-230306-0001",
        allowed_minutes=allowed,
        visits=tuple(PastVisit(node=v[0], minutes=v[1], outcome=(*v, "")[2]) for v in visits),
        units=UNITS,
    )


def played(net: Net, past: PastCase, history: History = NOTHING):  # type: ignore[no-untyped-def]
    (course,) = rehearse(net, [past], history=history, minutes_of_day=DAY).courses
    return course


def outcomes_of(drawing: str, step: str, outcomes: str) -> Net:
    net = net_of(drawing)
    nodes = tuple(
        replace(node, outcomes=tuple(outcomes.split())) if node.id == step else node
        for node in net.nodes
    )
    return replace(net, nodes=nodes)


def test_a_case_on_its_own_chart_takes_as_long_as_it_took() -> None:
    course = played(net_of(THREE), case(("take", 10), ("check", 200), ("sign", 90)))

    assert course.needed_minutes == 300
    assert [(s.name, s.starts_minute, s.minutes) for s in course.stays] == [
        ("take", 0, 10),
        ("check", 10, 200),
        ("sign", 210, 90),
    ]
    assert {stay.taken_from for stay in course.stays} == {TakenFrom.THE_CASE}
    assert not course.is_late


def test_a_step_the_case_never_had_takes_as_long_as_in_other_cases() -> None:
    history = learn(
        [PastStep(StepKey(step="read", unit="H19.01", role="OFFICER"), 60) for _ in range(5)]
    )

    course = played(net_of(FIVE), case(("take", 10), ("check", 20), ("sign", 30)), history)

    read = next(stay for stay in course.stays if stay.node == "read")
    assert (read.minutes, read.taken_from, read.unit) == (60, TakenFrom.OTHER_CASES, "H19.01")


def test_without_any_past_a_step_takes_its_limit() -> None:
    course = played(net_of("start -> new\nnew -> end"), case())

    assert [(s.minutes, s.taken_from) for s in course.stays] == [(240, TakenFrom.ITS_LIMIT)]


def test_a_step_without_past_and_limit_takes_no_time_and_says_so() -> None:
    net = compile_bpmn(
        document(
            '<startEvent id="start"/><userTask id="new" motcua:unit="SETTLING" motcua:role="OFFICER"/>'
            '<endEvent id="end"/><sequenceFlow id="a" sourceRef="start" targetRef="new"/>'
            '<sequenceFlow id="b" sourceRef="new" targetRef="end"/>'
        )
    )

    course = played(net, case())

    assert [(s.minutes, s.taken_from) for s in course.stays] == [(0, TakenFrom.NOTHING)]


def test_branches_run_at_the_same_time() -> None:
    course = played(net_of(FORK), case(("left", 100), ("right", 40), ("last", 5)))

    assert course.needed_minutes == 105
    assert {s.node: s.starts_minute for s in course.stays} == {"left": 0, "right": 0, "last": 100}


def test_a_case_that_was_sent_back_is_sent_back_again() -> None:
    net = outcomes_of(APPROVAL, "approve", "APPROVE RETURN")
    past = case(
        ("draft", 10),
        ("approve", 20, "RETURN"),
        ("draft", 5),
        ("approve", 3, "APPROVE"),
        ("issue", 1),
    )

    course = played(net, past)

    assert [s.node for s in course.stays] == ["draft", "approve", "draft", "approve", "issue"]
    assert course.needed_minutes == 39


def test_a_case_is_late_when_it_needs_more_than_it_had() -> None:
    on_time, late = case(("take", 10), allowed=10), case(("take", 10), allowed=9)
    net = net_of("start -> take\ntake -> end")

    assert not played(net, on_time).is_late
    assert played(net, late).is_late


def test_a_way_that_goes_round_for_ever_is_told() -> None:
    net = outcomes_of(APPROVAL, "approve", "RETURN APPROVE")

    course = played(net, case())

    assert course.stopped is not None
    assert "quay vòng" in course.stopped.vi
    assert not course.is_late


def test_a_fact_that_is_missing_stops_the_case_and_says_where() -> None:
    net = net_of(
        "start -> xor\nxor -> take: amount > 5\nxor -> sign: amount <= 5\ntake -> end\nsign -> end"
    )

    course = played(net, case())

    assert course.stopped is not None
    assert "amount" in course.stopped.vi


def test_a_timer_that_goes_off_first_takes_the_step_away() -> None:
    net = compile_bpmn(
        document(
            """
            <startEvent id="start"/><userTask id="step" motcua:unit="SETTLING" motcua:role="OFFICER"/>
            <userTask id="next" motcua:unit="SETTLING" motcua:role="LEADER" motcua:limit="1 giờ"/>
            <endEvent id="end"/><endEvent id="end_2"/>
            <boundaryEvent id="late" attachedToRef="step" cancelActivity="true">
              <timerEventDefinition><timeDuration>P2D</timeDuration></timerEventDefinition>
            </boundaryEvent>
            <sequenceFlow id="f1" sourceRef="start" targetRef="step"/>
            <sequenceFlow id="f2" sourceRef="step" targetRef="end"/>
            <sequenceFlow id="f3" sourceRef="late" targetRef="next"/>
            <sequenceFlow id="f4" sourceRef="next" targetRef="end_2"/>
            """
        )
    )

    slow, quick = played(net, case(("step", 5000))), played(net, case(("step", 50)))

    assert [s.node for s in slow.stays] == ["step", "next"]
    assert slow.needed_minutes < 5000
    assert [s.node for s in quick.stays] == ["step"]
    assert quick.needed_minutes == 50


def test_before_and_after_stand_side_by_side_and_open_to_their_cases() -> None:
    cases = [
        replace(case(("take", 10), ("check", 200), ("sign", 90), allowed=320), code="A"),
        replace(case(("take", 10), ("check", 20), ("sign", 9), allowed=40), code="B"),
    ]
    history = learn(
        [PastStep(StepKey(step=s, unit="H19.01", role="OFFICER"), 20) for s in ("draft", "read")]
        * 5
    )
    before = rehearse(net_of(THREE), cases, history=history, minutes_of_day=DAY)
    after = rehearse(net_of(FIVE), cases, history=history, minutes_of_day=DAY)

    told = compare(before, after)

    assert (told.cases, told.late.before, told.late.after) == (2, 0, 2)
    assert told.newly_late == ("A", "B")
    assert told.no_longer_late == ()
    assert [(c.unit, c.stays.before, c.stays.after) for c in told.by_unit] == [("H19.01", 6, 10)]
    assert told.minutes.difference == 80


def test_other_cases_are_not_compared() -> None:
    net = net_of(THREE)
    one = rehearse(net, [case()], history=NOTHING, minutes_of_day=DAY)
    two = rehearse(net, [replace(case(), code="B")], history=NOTHING, minutes_of_day=DAY)

    with pytest.raises(ValueError, match="not of the same cases"):
        compare(one, two)


@PROPERTY
@given(st.lists(st.integers(0, 500), min_size=3, max_size=3), st.integers(0, 2000))
def test_the_same_question_has_the_same_answer_and_loads_sum_to_the_stays(
    minutes: list[int], allowed: int
) -> None:
    past = case(*zip(("take", "check", "sign"), minutes, strict=True), allowed=allowed)
    history = learn(
        [PastStep(StepKey(step="draft", unit="H19.01", role="OFFICER"), m) for m in (1, 60, 300)]
    )

    first = rehearse(net_of(FIVE), [past], history=history, minutes_of_day=DAY)
    second = rehearse(net_of(FIVE), [past], history=history, minutes_of_day=DAY)

    assert first == second
    stays = [stay for course in first.courses for stay in course.stays]
    assert sum(load.minutes for load in first.by_unit()) == sum(stay.minutes for stay in stays)
    assert first.courses[0].needed_minutes == sum(stay.minutes for stay in stays)
    assert sum(first.minutes_from(source) for source in TakenFrom) == sum(s.minutes for s in stays)

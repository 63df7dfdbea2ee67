"""The token game: starting, completing, choosing, joining, timers, and its refusals."""

from __future__ import annotations

import pytest

from motcua.engine.bpmn import Net, compile_bpmn
from motcua.engine.net import CannotStart
from motcua.engine.tests.diagrams import document, net_of
from motcua.engine.tokens import Marking, NoWayOut, StepNotOpen, complete, start

APPROVAL = """
start -> draft
draft -> approve
approve -> xor_ask
xor_ask -> draft: outcome == "RETURN"
xor_ask => issue
issue -> end
"""

PARALLEL = """
start -> and_split
and_split -> left
and_split -> right
left -> and_join
right -> and_join
and_join -> last
last -> end
"""

INCLUSIVE = """
start -> or_split
or_split -> land: needs_land
or_split -> water: needs_water
or_split => nobody
land -> or_join
water -> or_join
nobody -> or_join
or_join -> last
last -> end
"""


def timed(is_interrupting: bool) -> Net:
    return compile_bpmn(
        document(
            f"""
            <startEvent id="start"/><userTask id="step"/><userTask id="remind"/>
            <endEvent id="end"/><endEvent id="end_2"/>
            <boundaryEvent id="late" attachedToRef="step" cancelActivity="{str(is_interrupting).lower()}">
              <timerEventDefinition><timeDuration>P2D</timeDuration></timerEventDefinition>
            </boundaryEvent>
            <sequenceFlow id="f1" sourceRef="start" targetRef="step"/>
            <sequenceFlow id="f2" sourceRef="step" targetRef="end"/>
            <sequenceFlow id="f3" sourceRef="late" targetRef="remind"/>
            <sequenceFlow id="f4" sourceRef="remind" targetRef="end_2"/>
            """
        )
    )


def test_a_run_starts_with_the_first_step() -> None:
    move = start(net_of(APPROVAL), {})

    assert move.opened == ("draft",)
    assert move.marking == Marking(waiting=(), open=("draft",))
    assert not move.is_finished


def test_completing_the_last_step_finishes_the_run() -> None:
    move = complete(net_of(APPROVAL), Marking(open=("issue",)), "issue", {})

    assert move.is_finished
    assert move.marking == Marking()
    assert move.ended == ("end",)


def test_an_outcome_leads_back_and_says_why() -> None:
    net = net_of(APPROVAL)

    move = complete(net, Marking(open=("approve",)), "approve", {"outcome": "RETURN"})

    assert move.opened == ("draft",)
    assert [reason.vi for reason in move.because] == [
        'Tại “xor_ask”: đi theo “draft” vì outcome == "RETURN" (outcome = RETURN).'
    ]
    assert move.because[0].source == "BPMN 2.0 §13.4"


def test_the_default_is_taken_when_no_condition_holds_and_says_why() -> None:
    net = net_of(APPROVAL)

    move = complete(net, Marking(open=("approve",)), "approve", {"outcome": "APPROVE"})

    assert move.opened == ("issue",)
    assert "nhánh mặc định “issue”" in move.because[0].vi
    assert "(outcome = APPROVE)" in move.because[0].en


def test_the_first_condition_that_holds_wins() -> None:
    net = net_of(
        """
        start -> xor_size
        xor_size -> small: area < 100
        xor_size -> middle: area < 500
        xor_size => large
        small -> end
        middle -> end
        large -> end
        """
    )

    opened = [start(net, {"area": area}).opened for area in (50, 100, 500)]

    assert opened == [("small",), ("middle",), ("large",)]


def test_a_parallel_join_waits_for_every_branch() -> None:
    net = net_of(PARALLEL)

    first = start(net, {})
    second = complete(net, first.marking, "right", {})
    third = complete(net, second.marking, "left", {})

    assert first.opened == ("left", "right")
    assert second.opened == ()
    assert second.marking.open == ("left",)
    assert len(second.marking.waiting) == 1
    assert second.because[0].vi == "Tại “and_join”: còn chờ nhánh từ “left”."
    assert third.opened == ("last",)
    assert third.because[0].vi == "Tại “and_join”: cả 2 nhánh đã xong, đi tiếp."


@pytest.mark.parametrize(
    ("values", "opened"),
    [
        ({"needs_land": True, "needs_water": False}, ("land",)),
        ({"needs_land": True, "needs_water": True}, ("land", "water")),
        ({"needs_land": False, "needs_water": False}, ("nobody",)),
    ],
)
def test_an_inclusive_split_takes_every_way_that_holds(
    values: dict[str, bool], opened: tuple[str, ...]
) -> None:
    assert start(net_of(INCLUSIVE), values).opened == opened


def test_an_inclusive_join_waits_only_for_branches_that_were_taken() -> None:
    net = net_of(INCLUSIVE)
    alone = start(net, {"needs_land": True})
    both = start(net, {"needs_land": True, "needs_water": True})

    after_alone = complete(net, alone.marking, "land", {})
    after_first = complete(net, both.marking, "land", {})
    after_second = complete(net, after_first.marking, "water", {})

    assert after_alone.opened == ("last",)
    assert after_first.opened == ()
    assert after_second.opened == ("last",)


def test_a_join_without_its_last_branch_is_stuck_and_not_finished() -> None:
    net = net_of(
        """
        start -> xor_split
        xor_split -> a: k == 1
        xor_split => b
        a -> and_join
        b -> and_join
        and_join -> end
        """
    )

    move = complete(net, Marking(open=("b",)), "b", {})

    assert move.marking.is_stuck
    assert not move.is_finished


def test_a_timer_that_interrupts_withdraws_its_step() -> None:
    net = timed(is_interrupting=True)
    first = start(net, {})

    move = complete(net, first.marking, "late", {})

    assert first.opened == ("step", "late")
    assert move.opened == ("remind",)
    assert move.withdrawn == ("step",)
    assert move.marking.open == ("remind",)


def test_a_timer_that_does_not_interrupt_goes_off_once_beside_its_step() -> None:
    net = timed(is_interrupting=False)

    move = complete(net, start(net, {}).marking, "late", {})

    assert move.withdrawn == ()
    assert move.marking.open == ("remind", "step")
    with pytest.raises(StepNotOpen):
        complete(net, move.marking, "late", {})


def test_completing_a_step_disarms_its_timer() -> None:
    net = timed(is_interrupting=True)

    move = complete(net, start(net, {}).marking, "step", {})

    assert move.withdrawn == ("late",)
    assert move.is_finished


def test_a_step_that_is_not_open_cannot_be_completed() -> None:
    net = net_of(APPROVAL)

    with pytest.raises(StepNotOpen, match="“issue” không đang mở. Các bước đang mở: “draft”"):
        complete(net, Marking(open=("draft",)), "issue", {})


def test_a_gateway_without_a_way_out_is_told_with_the_values() -> None:
    net = net_of(
        """
        start -> xor_ask
        xor_ask -> a: k == 1
        xor_ask -> b: k == 2
        a -> end
        b -> end
        """
    )

    with pytest.raises(NoWayOut, match=r"“xor_ask”: không điều kiện nào đúng \(k = 3\)"):
        start(net, {"k": 3})


def test_a_circle_of_gateways_is_told_instead_of_turning_for_ever() -> None:
    net = net_of(
        """
        start -> xor_a
        xor_a -> xor_b
        xor_b -> xor_a: k == 1
        xor_b => end
        """
    )

    with pytest.raises(NoWayOut, match="quay vòng"):
        start(net, {"k": 1})


def test_a_chart_with_two_starts_cannot_start() -> None:
    net = net_of("start_1 -> a\nstart_2 -> a\na -> end")

    with pytest.raises(CannotStart, match="2 điểm bắt đầu"):
        start(net, {})

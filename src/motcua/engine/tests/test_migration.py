"""Moving a running case to another version of its chart: proposals, conflicts, and proof by play."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.engine import migration, tokens
from motcua.engine.bpmn import Net, compile_bpmn
from motcua.engine.migration import ConflictKind, Match
from motcua.engine.net import Kind
from motcua.engine.tests.depth import PROPERTY
from motcua.engine.tests.diagrams import document, net_of
from motcua.engine.tokens import Marking

THREE = """
start -> take
take -> check
check -> sign
sign -> end
"""
FIVE = """
start -> take
take -> draft
draft -> check
check -> read
read -> sign
sign -> end
"""
FORK = """
start -> and_split
and_split -> left
and_split -> right
left -> and_join
right -> and_join
and_join -> last
last -> end
"""
IN_A_ROW = """
start -> left
left -> right
right -> last
last -> end
"""


def named(*steps: tuple[str, str, str]) -> Net:
    """A row of steps: id, name and unit."""
    ids = ["start", *(step[0] for step in steps), "end"]
    tasks = "".join(
        f'<userTask id="{key}" name="{name}" motcua:unit="{unit}" motcua:role="OFFICER"/>'
        for key, name, unit in steps
    )
    arrows = "".join(
        f'<sequenceFlow id="f{number}" sourceRef="{a}" targetRef="{b}"/>'
        for number, (a, b) in enumerate(zip(ids, ids[1:], strict=False))
    )
    return compile_bpmn(document(f'<startEvent id="start"/>{tasks}<endEvent id="end"/>{arrows}'))


def test_a_step_with_the_same_id_is_its_own_counterpart() -> None:
    matches = migration.propose(net_of(THREE), net_of(FIVE))

    assert [(m.old, m.new, m.how) for m in matches] == [
        ("take", "take", Match.SAME_ID),
        ("check", "check", Match.SAME_ID),
        ("sign", "sign", Match.SAME_ID),
    ]


def test_a_step_drawn_anew_is_found_by_its_name_and_unit() -> None:
    old = named(("a", "Thẩm định", "SETTLING"), ("b", "Ký", "SETTLING"))
    new = named(
        ("x", "Thẩm định", "RECEIVING"), ("y", "thẩm  định", "SETTLING"), ("z", "Ký", "RECEIVING")
    )

    first, second = migration.propose(old, new)

    assert (first.new, first.how) == ("y", Match.SAME_NAME_AND_PLACE)
    assert (second.new, second.how) == ("z", Match.SAME_NAME)


def test_two_steps_of_one_name_are_left_to_a_person() -> None:
    old = named(("a", "Ký", "SETTLING"))
    new = named(("x", "Ký", "SETTLING"), ("y", "Ký", "SETTLING"))

    (match,) = migration.propose(old, new)

    assert (match.new, match.how) == ("", Match.NONE)
    assert "Có 2 bước cùng tên" in match.because.vi


def test_a_person_corrects_the_proposal() -> None:
    matches = migration.propose(net_of(FIVE), net_of(THREE), {"draft": "check", "sign": ""})

    assert {m.old: (m.new, m.how) for m in matches} == {
        "take": ("take", Match.SAME_ID),
        "draft": ("check", Match.CHOSEN),
        "check": ("check", Match.SAME_ID),
        "read": ("", Match.NONE),
        "sign": ("", Match.CHOSEN),
    }


@pytest.mark.parametrize("chosen", [{"nowhere": "take"}, {"take": "nowhere"}])
def test_a_correction_that_names_no_step_is_refused(chosen: dict[str, str]) -> None:
    with pytest.raises(LookupError):
        migration.propose(net_of(FIVE), net_of(THREE), chosen)


def test_a_case_moves_to_the_counterpart_of_its_open_step() -> None:
    old, new = net_of(THREE), net_of(FIVE)

    placed = migration.place(old, new, Marking(open=("check",)), migration.propose(old, new))

    assert placed.can_move
    assert placed.marking == Marking(open=("check",))
    assert placed.steps == (("check", "check"),)


def test_a_case_at_a_step_that_is_gone_stays_and_says_why() -> None:
    old, new = net_of(FIVE), net_of(THREE)

    placed = migration.place(old, new, Marking(open=("read",)), migration.propose(old, new))

    assert not placed.can_move
    assert [(c.kind, c.node) for c in placed.conflicts] == [(ConflictKind.NO_COUNTERPART, "read")]
    assert "“read”" in placed.conflicts[0].because.vi


def test_a_branch_that_waits_at_a_join_keeps_waiting_there() -> None:
    old, new = net_of(FORK), net_of(FORK.replace("last -> end", "last -> more\nmore -> end"))
    marking = tokens.complete(old, Marking(open=("left", "right")), "left", {}).marking

    placed = migration.place(old, new, marking, migration.propose(old, new))

    assert placed.marking is not None
    assert placed.marking.open == ("right",)
    (arrow,) = placed.marking.waiting
    assert (new.flow_by_id[arrow].source, new.flow_by_id[arrow].target) == ("left", "and_join")


def test_a_join_that_is_gone_is_a_conflict() -> None:
    old, new = net_of(FORK), net_of(IN_A_ROW)
    marking = tokens.complete(old, Marking(open=("left", "right")), "left", {}).marking

    placed = migration.place(old, new, marking, migration.propose(old, new))

    assert [c.kind for c in placed.conflicts] == [ConflictKind.JOIN_IS_GONE]


def test_a_case_that_would_wait_for_ever_is_not_moved() -> None:
    old, new = net_of(IN_A_ROW), net_of(FORK)

    placed = migration.place(old, new, Marking(open=("left",)), migration.propose(old, new))

    assert [(c.kind, c.node) for c in placed.conflicts] == [(ConflictKind.WOULD_BLOCK, "and_join")]


def test_two_open_steps_do_not_fall_into_one() -> None:
    old, new = net_of(FORK), net_of(IN_A_ROW)
    matches = migration.propose(old, new, {"left": "last", "right": "last"})

    placed = migration.place(old, new, Marking(open=("left", "right")), matches)

    assert [(c.kind, c.node) for c in placed.conflicts] == [(ConflictKind.TOGETHER, "last")]


def test_what_changes_for_the_holder_of_a_step_is_noted() -> None:
    old = named(("a", "Ký", "SETTLING"))
    new = named(("a", "Ký", "RECEIVING"))

    placed = migration.place(old, new, Marking(open=("a",)), migration.propose(old, new))

    assert placed.can_move
    assert "“Ký” chuyển sang đơn vị hoặc vai trò khác" in placed.notes[0].vi


def test_a_gateway_whose_fact_is_missing_is_a_conflict_that_names_it() -> None:
    old = net_of(THREE)
    new = net_of(
        "start -> take\ntake -> xor\nxor -> sign: amount > 5\nxor -> end: amount <= 5\nsign -> end"
    )
    matches = migration.propose(old, new)

    unknown = migration.place(old, new, Marking(open=("take",)), matches)
    known = migration.place(old, new, Marking(open=("take",)), matches, variables={"amount": 9})

    assert [c.kind for c in unknown.conflicts] == [ConflictKind.NOT_KNOWN]
    assert known.can_move


@PROPERTY
@given(st.integers(0, 10_000), st.booleans())
def test_a_case_moved_to_its_own_chart_stands_where_it_stood(seed: int, is_fork: bool) -> None:
    net = net_of(FORK if is_fork else FIVE)
    move = tokens.start(net, {})
    chance = random.Random(seed)
    for _step in range(chance.randrange(4)):
        if move.marking.open:
            move = tokens.complete(net, move.marking, chance.choice(move.marking.open), {})

    placed = migration.place(net, net, move.marking, migration.propose(net, net))

    assert placed.marking == move.marking
    assert all(net.by_id[new].kind is Kind.USER for _, new in placed.steps)

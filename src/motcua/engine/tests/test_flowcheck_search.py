"""What the checker accepts never blocks: shown by playing every run of small random diagrams."""

from __future__ import annotations

import os
from collections.abc import Iterator

from motcua.engine.bpmn import Net, compile_bpmn
from motcua.engine.flowcheck import check
from motcua.engine.soundness import prove
from motcua.engine.tests.diagrams import EveryValue, grow_blocks, grow_misdrawn, grow_tangle
from motcua.engine.tokens import Marking, Move, NoWayOut, complete, start

DIAGRAMS = 6000 if os.environ.get("MOTCUA_HYPOTHESIS") == "deep" else 300
MANY = 400


def random_net(seed: int) -> Net:
    """Return a tangle or a misdrawn chart, in turn; about one in four of them is sound."""
    diagram = grow_tangle(seed) if seed % 2 else grow_misdrawn(seed)
    return compile_bpmn(diagram.xml())


def moves_from(net: Net, marking: Marking | None, step: str) -> Iterator[Move]:
    """Yield the move for each combination of values that the gateways could read."""
    script: list[int] | None = []
    while script is not None:
        values = EveryValue(script)
        yield start(net, values) if marking is None else complete(net, marking, step, values)
        script = values.next_script(2)


def play_every_run(net: Net) -> tuple[bool, bool, bool]:
    """Return whether some run blocks, opens a step twice, and whether all runs were played."""
    is_blocked = is_doubled = False
    pending = [move.marking for move in moves_from(net, None, "")]
    seen = set(pending)
    while pending:
        marking = pending.pop()
        is_blocked = is_blocked or marking.is_stuck
        tokens = (*marking.open, *marking.waiting)
        if len(set(tokens)) < len(tokens):
            is_doubled = True
            continue
        for step in marking.open:
            for move in moves_from(net, marking, step):
                if move.marking not in seen:
                    seen.add(move.marking)
                    pending.append(move.marking)
        if len(seen) > MANY:
            return is_blocked, is_doubled, False
    return is_blocked, is_doubled, True


def test_an_accepted_chart_never_blocks_nor_doubles() -> None:
    accepted = 0

    for seed in range(DIAGRAMS):
        net = random_net(seed)
        if any(finding.severity == "error" for finding in check(net)):
            continue
        accepted += 1
        is_blocked, is_doubled, _ = play_every_run(net)

        assert not is_blocked, seed
        assert not is_doubled, seed

    assert accepted >= DIAGRAMS // 10


def test_a_chart_that_blocks_or_doubles_is_never_accepted() -> None:
    faulty = 0

    for seed in range(DIAGRAMS):
        net = random_net(seed)
        try:
            is_blocked, is_doubled, _ = play_every_run(net)
        except NoWayOut:
            continue
        if is_blocked or is_doubled:
            faulty += 1

            assert not prove(net).is_sound, seed

    assert faulty >= DIAGRAMS // 10


def test_joins_inside_loops_neither_block_nor_double() -> None:
    played = 0

    for seed in range(DIAGRAMS // 5):
        diagram = grow_blocks(seed, ("and", "or", "loop", "xor"), depth=2, is_wild=True)
        net = compile_bpmn(diagram.xml())
        is_blocked, is_doubled, is_complete = play_every_run(net)
        played += is_complete

        assert prove(net).is_sound, seed
        assert (is_blocked, is_doubled) == (False, False), seed

    assert played > DIAGRAMS // 10


def test_reducing_a_chart_changes_no_verdict() -> None:
    for seed in range(DIAGRAMS):
        net = random_net(seed)
        full, reduced = prove(net, is_reduced=False), prove(net)

        assert full.is_sound == reduced.is_sound, seed
        assert bool(full.blocked) == bool(reduced.blocked) or full.crowded, seed


def test_well_formed_diagrams_are_accepted_whatever_their_size() -> None:
    largest = 0

    for seed in range(60):
        net = compile_bpmn(grow_blocks(seed, ("xor", "and", "or", "loop"), depth=5).xml())
        largest = max(largest, len(net.nodes))

        assert [finding for finding in check(net) if finding.severity == "error"] == [], seed

    assert largest > 100

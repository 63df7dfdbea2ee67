"""Called processes put in place: the run goes as if each were drawn where it is called."""

from __future__ import annotations

from dataclasses import replace

from motcua.engine.bpmn import compile_bpmn
from motcua.engine.calls import Called, check_calls, list_called, put_in_place
from motcua.engine.flowcheck import check
from motcua.engine.net import Kind, Net
from motcua.engine.tests.diagrams import grow_blocks, net_of
from motcua.engine.tests.test_flowcheck_search import play_every_run
from motcua.engine.tokens import complete, start

OUTER = """
start -> a
a -> b
b -> c
c -> end
"""


def calling(outer: Net, node: str, inner: Net) -> Net:
    """Return the outer net in which a task is a call of the inner."""
    nodes = tuple(
        replace(n, kind=Kind.CALL, called="inner") if n.id == node else n for n in outer.nodes
    )
    drawn = replace(outer, nodes=nodes)
    called = {"inner": Called(key="inner", version=3, net=inner)}
    assert list_called(drawn) == ("inner",)
    assert check_calls(drawn, called, key="outer") == ()
    return put_in_place(drawn, called)


def test_the_steps_of_a_call_are_played_in_its_place() -> None:
    net = calling(net_of(OUTER), "b", net_of("start -> x\nx -> y\ny -> end"))

    opened = [start(net, {})]
    for step in ("a", "b/x", "b/y", "c"):
        opened.append(complete(net, opened[-1].marking, step, {}))

    assert [move.opened for move in opened] == [("a",), ("b/x",), ("b/y",), ("c",), ()]
    assert opened[-1].is_finished
    assert check(net) == ()
    assert (net.by_id["b"].called, net.by_id["b"].called_version) == ("inner", 3)


def test_a_call_is_over_when_all_branches_of_the_called_process_have_ended() -> None:
    inner = net_of("start -> and_s\nand_s -> x\nand_s -> y\nx -> end_1\ny -> end_2")
    net = calling(net_of(OUTER), "b", inner)

    first = complete(net, start(net, {}).marking, "a", {})
    half = complete(net, first.marking, "b/x", {})
    whole = complete(net, half.marking, "b/y", {})

    assert (half.marking.open, half.opened) == (("b/y",), ())
    assert whole.opened == ("c",)
    assert [f for f in check(net) if f.severity == "error"] == []


def test_an_exclusive_process_with_two_ends_goes_on_from_either() -> None:
    inner = net_of("start -> xor_s\nxor_s -> x: k == 1\nxor_s => y\nx -> end_1\ny -> end_2")
    net = calling(net_of(OUTER), "b", inner)

    for k, step in ((1, "b/x"), (2, "b/y")):
        into = complete(net, start(net, {}).marking, "a", {"k": k})
        assert complete(net, into.marking, step, {}).opened == ("c",)


def test_sound_processes_make_sound_callers() -> None:
    for seed in range(25):
        outer = compile_bpmn(grow_blocks(seed, ("xor", "and", "or", "loop"), depth=3).xml())
        inner = compile_bpmn(grow_blocks(seed + 900, ("xor", "and", "or"), depth=2).xml())

        net = calling(outer, outer.steps[seed % len(outer.steps)].id, inner)

        assert [f.code for f in check(net) if f.severity == "error"] == [], seed
        assert play_every_run(net)[:2] == (False, False), seed


def test_the_net_of_a_caller_is_stored_and_read_back() -> None:
    net = calling(net_of(OUTER), "b", net_of("start -> x\nx -> end"))

    assert Net.from_json(net.to_json()) == net

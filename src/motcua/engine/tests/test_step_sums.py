"""What the limits of a chart's steps add up to on its longest way."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from motcua.engine.net import Net
from motcua.engine.step_sums import LongestWay, longest_way
from motcua.engine.tests.diagrams import net_of

EIGHT = Decimal(8)
PARALLEL = """
start -> a
a -> and_split
and_split -> b
and_split -> c
b -> and_join
c -> and_join
and_join -> d
d -> end
"""


def with_limit(net: Net, step: str, limit: str) -> Net:
    nodes = tuple(replace(n, limit=limit) if n.id == step else n for n in net.nodes)
    return replace(net, nodes=nodes)


def test_steps_in_a_row_add_up() -> None:
    found = longest_way(net_of("start -> a\na -> b\nb -> end"), hours_a_day=EIGHT)

    assert found == LongestWay(hours=Decimal(8), steps=("a", "b"), uncounted=())


def test_of_parallel_branches_the_longest_counts() -> None:
    net = with_limit(net_of(PARALLEL), "c", "2 ngày làm việc")

    found = longest_way(net, hours_a_day=EIGHT)

    assert found == LongestWay(hours=Decimal(24), steps=("a", "c", "d"), uncounted=())


def test_a_way_back_is_counted_once() -> None:
    net = net_of("start -> a\na -> b\nb -> xor_q\nxor_q -> a: k == 1\nxor_q => end")

    assert longest_way(net, hours_a_day=EIGHT).hours == 8


def test_calendar_time_and_missing_limits_are_named_not_guessed() -> None:
    net = with_limit(net_of("start -> a\na -> b\nb -> end"), "a", "30 ngày")
    net = with_limit(net, "b", "")

    found = longest_way(net, hours_a_day=EIGHT)

    assert found == LongestWay(hours=Decimal(0), steps=(), uncounted=("a", "b"))


def test_a_timer_runs_from_the_beginning_of_its_step() -> None:
    net = net_of("start -> a\na -> end\nxor_t -> b\nb -> end")
    timer = replace(net.by_id["xor_t"], attached_to="a", timer="1 ngày làm việc")
    net = replace(net, nodes=tuple(timer if n.id == "xor_t" else n for n in net.nodes))

    assert longest_way(net, hours_a_day=EIGHT).hours == 12

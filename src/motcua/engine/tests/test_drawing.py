"""Drawing: what is described is what compiles, and the drawing is tidy."""

from __future__ import annotations

import random
from itertools import combinations, pairwise

import pytest

from motcua.engine.bpmn import Kind, compile_bpmn
from motcua.engine.chart_grid import place
from motcua.engine.chart_layout import Layout, Rect, lay_out
from motcua.engine.drawing import (
    END,
    AnyOf,
    CannotDraw,
    Chart,
    Decision,
    Item,
    Lane,
    Parallel,
    Step,
    Way,
    draw,
)
from motcua.engine.flowcheck import check

LANES = (
    Lane(id="counter", name="Bộ phận Một cửa", unit="RECEIVING"),
    Lane(id="office", name="Cơ quan giải quyết", unit="SETTLING"),
    Lane(id="other", name="Cơ quan phối hợp", unit="AGENCY:H19.13"),
)


def step(step_id: str, lane: str = "office", outcomes: tuple[str, ...] = ()) -> Step:
    return Step(
        id=step_id,
        name=f"Bước {step_id}",
        lane=lane,
        role="OFFICER",
        limit="4 giờ",
        outcomes=outcomes,
    )


def chart(*steps: Item) -> Chart:
    return Chart(id="test_chart", name="Lưu đồ thử", lanes=LANES, steps=steps)


def grown(seed: int, depth: int = 3) -> Chart:
    """Return a random chart with branches in all lanes, ways back and early ends."""
    chance = random.Random(seed)
    counter = iter(range(1000))

    def sequence(depth: int) -> tuple[Item, ...]:
        following = (
            block(depth - 1) if depth and chance.random() < 0.6 else any_step()
            for _ in range(chance.randint(1, 3))
        )
        return (any_step(), *following)

    def any_step() -> Step:
        return step(f"s{next(counter)}", chance.choice(["counter", "office", "other"]))

    def block(depth: int) -> Item:
        number = next(counter)
        kind = chance.choice(["and", "xor", "xor", "or"])
        inner = [sequence(depth) for _ in range(chance.randint(1, 2))]
        if kind == "and":
            return Parallel(id=f"p{number}", branches=(*inner, (any_step(),)))
        ways = tuple(
            Way(label=f"Có {at}", when=f"k{number}_{at} == 1", steps=steps)
            for at, steps in enumerate(inner)
        )
        if kind == "or":
            return AnyOf(id=f"o{number}", name="Cần gì?", ways=(*ways, Way(label="Không")))
        return Decision(id=f"d{number}", name="Thế nào?", ways=(*ways, Way(label="Còn lại")))

    items = sequence(depth)
    first = items[0]
    assert isinstance(first, Step)
    back = Way(label="Trả lại", when='answer == "RETURN"', to=first.id)
    stop = Way(label="Dừng", when='answer == "STOP"', to=END, end_name="Dừng")
    last = Decision(id="last", name="Kết quả?", ways=(back, stop, Way(label="Đồng ý")))
    return chart(*items, any_step(), last, any_step())


def layout_of(described: Chart) -> Layout:
    return lay_out(place(described), described.lanes)


def overlap(one: Rect, other: Rect) -> bool:
    return (
        one.x < other.right
        and other.x < one.right
        and one.y < other.bottom
        and other.y < one.bottom
    )


def crosses(first: tuple[int, int], second: tuple[int, int], shape: Rect) -> bool:
    """Tell whether a stretch of an arrow runs through the inside of a shape."""
    (left, right), (top, bottom) = sorted([first[0], second[0]]), sorted([first[1], second[1]])
    return (
        left < shape.right - 1
        and right > shape.x + 1
        and top < shape.bottom - 1
        and bottom > shape.y + 1
    )


def test_all_that_a_step_says_is_written_and_read_again() -> None:
    said = Step(
        id="issue",
        name="Phát hành",
        lane="office",
        role="CLERK",
        form="Mẫu số 01",
        documents=("Tờ trình", "Quyết định"),
        sms="Hồ sơ đã có kết quả.",
        is_on_the_spot=True,
    )

    issue = compile_bpmn(draw(Chart(id="c", name="", lanes=LANES, steps=(said,)))).by_id["issue"]

    assert (issue.form, issue.documents) == (said.form, said.documents)
    assert (issue.sms, issue.is_on_the_spot) == (said.sms, True)


def test_a_described_chart_compiles_to_what_was_described() -> None:
    described = chart(
        step("check", "counter"),
        step("approve", outcomes=("APPROVE", "RETURN")),
        Decision(
            id="ask",
            name="Kết quả?",
            ways=(
                Way(label="Trả lại", when='outcome == "RETURN"', to="check"),
                Way(label="Đồng ý"),
            ),
        ),
    )

    net = compile_bpmn(draw(described))

    assert net.name == "Lưu đồ thử"
    assert [(node.id, node.unit, node.role, node.limit) for node in net.steps] == [
        ("check", "RECEIVING", "OFFICER", "4 giờ"),
        ("approve", "SETTLING", "OFFICER", "4 giờ"),
    ]
    assert net.by_id["approve"].outcomes == ("APPROVE", "RETURN")
    assert [
        (net.flow_by_id[f].target, net.flow_by_id[f].name) for f in net.by_id["ask"].outgoing
    ] == [
        ("check", "Trả lại"),
        ("end", "Đồng ý"),
    ]
    assert check(net) == ()


def test_ways_keep_their_order_because_the_first_that_holds_wins() -> None:
    ways = (
        Way(when="k > 3", steps=(step("much"),)),
        Way(when="k > 2", to=END),
        Way(when="k > 1", to="first"),
        Way(),
    )

    net = compile_bpmn(draw(chart(step("first"), Decision(id="ask", name="k?", ways=ways))))

    assert [net.flow_by_id[flow].condition for flow in net.by_id["ask"].outgoing] == [
        "k > 3",
        "k > 2",
        "k > 1",
        "",
    ]


@pytest.mark.parametrize("seed", range(24))
def test_random_charts_are_sound_and_tidy(seed: int) -> None:
    described = grown(seed)
    net = compile_bpmn(draw(described))
    layout = layout_of(described)

    errors = [finding for finding in check(net) if finding.severity == "error"]

    assert errors == []
    shapes = layout.shapes
    for one, other in combinations(shapes.values(), 2):
        assert not overlap(one, other)
    for node in net.nodes:
        lane, shape = layout.lanes[node.lane], shapes[node.id]
        assert lane.y < shape.y
        assert shape.bottom < lane.bottom
        assert lane.x < shape.x
        assert shape.right < lane.right
    for flow in net.flows:
        bends = layout.bends[flow.id]
        source, target = shapes[flow.source], shapes[flow.target]
        assert bends[0] in {(source.right, source.middle[1]), (source.middle[0], source.bottom)}
        assert bends[-1] == (target.x, target.middle[1]) or bends[-1][1] == target.bottom
        for first, second in pairwise(bends):
            assert first[0] == second[0] or first[1] == second[1]
            assert not any(crosses(first, second, shape) for shape in shapes.values())


def test_a_chart_of_sixty_elements_is_drawn() -> None:
    described = grown(20)

    net = compile_bpmn(draw(described))

    assert len(net.nodes) >= 60
    assert {node.kind for node in net.nodes} >= {Kind.PARALLEL, Kind.EXCLUSIVE, Kind.INCLUSIVE}


@pytest.mark.parametrize(
    ("steps", "part"),
    [
        ((), "needs a lane and a step"),
        ((step("a"), step("a")), "have the id 'a'"),
        ((step("a", "nowhere"),), "lane 'nowhere'"),
        ((step("a"), Decision(id="d", name="", ways=(Way(to="b"),))), "'b', which is no step"),
        (
            (step("a"), Decision(id="d", name="", ways=(Way(to=END),)), step("b")),
            "Nothing leads to b",
        ),
        ((step("a"), AnyOf(id="o", name="", ways=(Way(to="a"),))), "must lead to its join"),
    ],
)
def test_a_description_that_does_not_hold_together_is_refused(
    steps: tuple[Item, ...], part: str
) -> None:
    with pytest.raises(CannotDraw, match=part):
        draw(chart(*steps))

"""The steps ahead on a chart: the usual way, without going back, branches side by side."""

from motcua.engine.bpmn import compile_bpmn
from motcua.engine.laterisk import Parallel, StepAhead, StepKey
from motcua.engine.net import Net, Node
from motcua.engine.path_ahead import path_ahead

_HEAD = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:motcua="urn:motcua:bpmn" id="d" targetNamespace="urn:t"><process id="p" name="P">"""


def chart(nodes: str, *flows: str) -> Net:
    """Return a chart from nodes (“user:a”) and flows (“a>b”); the first way out is the usual one."""
    pairs = [flow.split(">") for flow in flows]
    parts = []
    for one in nodes.split():
        kind, _, name = one.partition(":")
        ways = "".join(
            f"<{way}>{source}-{target}</{way}>"
            for source, target in pairs
            for way, end in (("incoming", target), ("outgoing", source))
            if end == name
        )
        first = next((f"{s}-{t}" for s, t in pairs if s == name), "")
        more = f' default="{first}"' if kind == "exclusiveGateway" else ""
        if kind == "userTask":
            more = ' motcua:unit="SETTLING" motcua:role="OFFICER"'
        parts.append(f'<{kind} id="{name}" name="{name}"{more}>{ways}</{kind}>')
    arrows = "".join(
        f'<sequenceFlow id="{s}-{t}" sourceRef="{s}" targetRef="{t}"/>' for s, t in pairs
    )
    return compile_bpmn(_HEAD + "".join(parts) + arrows + "</process></definitions>")


def key_of(node: Node) -> StepKey:
    return StepKey(node.id, "u", node.role)


def names(path: tuple[StepAhead | Parallel, ...]) -> list[object]:
    """Return a path as names; branches are a list of lists."""
    return [
        [names(branch) for branch in item.branches] if isinstance(item, Parallel) else item.name
        for item in path
    ]


STRAIGHT = chart(
    "startEvent:s userTask:a userTask:b exclusiveGateway:g endEvent:e",
    "s>a", "a>b", "b>g", "g>e", "g>a",
)  # fmt: skip
FORK = chart(
    "startEvent:s userTask:a parallelGateway:f userTask:b userTask:c parallelGateway:j "
    "userTask:d endEvent:e",
    "s>a", "a>f", "f>b", "f>c", "b>j", "c>j", "j>d", "d>e",
)  # fmt: skip


def test_the_way_back_is_not_taken_and_the_open_step_knows_its_time() -> None:
    path = path_ahead(STRAIGHT, {"a": 30}, key_of)

    assert names(path) == ["a", "b"]
    assert [step.spent_minutes for step in path if isinstance(step, StepAhead)] == [30, None]


def test_branches_run_side_by_side_until_they_meet() -> None:
    assert names(path_ahead(FORK, {"a": 0}, key_of)) == ["a", [["b"], ["c"]], "d"]


def test_open_branches_come_first_and_one_that_is_done_is_left_out() -> None:
    assert names(path_ahead(FORK, {"b": 5, "c": 9}, key_of)) == [[["b"], ["c"]], "d"]
    assert names(path_ahead(FORK, {"c": 9}, key_of)) == ["c", "d"]


def test_nothing_open_leaves_nothing_to_do() -> None:
    assert path_ahead(FORK, {}, key_of) == ()

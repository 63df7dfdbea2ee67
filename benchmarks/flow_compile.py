"""Flow chart benchmark: compile and check 60 elements, and moves per second beside SpiffWorkflow."""

from __future__ import annotations

import argparse
import io
import re
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from motcua.engine.bpmn import Net, compile_bpmn
from motcua.engine.drawing import AnyOf, Chart, Decision, Item, Lane, Parallel, Step, Way, draw
from motcua.engine.flowcheck import check
from motcua.engine.tokens import complete, start

LANES = (
    Lane(id="counter", name="Một cửa", unit="RECEIVING"),
    Lane(id="office", name="Sở", unit="SETTLING"),
)


def step(name: str, lane: str = "office") -> Step:
    """Return a step of the benchmark's chart."""
    return Step(id=name, name=f"Bước {name}", lane=lane, role="OFFICER", limit="4 giờ")


def five_steps() -> Chart:
    """Return the everyday chart: five steps in a row with one way back."""
    ask = Decision(
        id="ask",
        name="Đạt?",
        ways=(Way(label="Trả lại", when='answer == "RETURN"', to="s3"), Way(label="Đạt")),
    )
    steps = (step("s1", "counter"), step("s2"), step("s3"), step("s4"), ask, step("s5", "counter"))
    return Chart(id="five", name="Năm bước", lanes=LANES, steps=steps)


def sixty_elements() -> Chart:
    """Return a chart of 60 elements with choices, parallel and inclusive blocks, nested."""
    blocks: list[Item] = []
    for number in range(3):
        ways = (
            Way(
                label="Một", when=f"k{number} == 1", steps=(step(f"a{number}"), step(f"b{number}"))
            ),
            Way(label="Hai", steps=(step(f"c{number}"),)),
        )
        choice = Decision(id=f"choice{number}", name="Chọn?", ways=ways)
        some = AnyOf(
            id=f"some{number}",
            name="Cần gì?",
            ways=(
                Way(label="Đất", when=f"land{number} == true", steps=(step(f"d{number}"),)),
                Way(label="Nước", when=f"water{number} == true", steps=(step(f"e{number}"),)),
                Way(label="Không"),
            ),
        )
        branches = (
            (step(f"f{number}"), choice),
            (step(f"g{number}"), step(f"h{number}"), some),
            (step(f"i{number}"), step(f"j{number}"), step(f"k{number}"), step(f"l{number}")),
        )
        blocks.append(Parallel(id=f"both{number}", branches=branches))
    steps = (
        step("first", "counter"),
        step("second"),
        *blocks,
        step("third"),
        step("last", "counter"),
    )
    return Chart(id="sixty", name="Sáu mươi phần tử", lanes=LANES, steps=steps)


def median_ms(work: Callable[[], object], repeats: int) -> float:
    """Return the median time of some work in milliseconds."""
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000


def values() -> dict[str, object]:
    """Return values under which every branch of the charts here can run."""
    chosen: dict[str, object] = {"answer": "APPROVE"}
    for number in range(3):
        chosen |= {f"k{number}": 1, f"land{number}": True, f"water{number}": True}
    return chosen


def play(net: Net, values: dict[str, object]) -> int:
    """Run a case from start to end; return the number of completed steps."""
    move, steps = start(net, values), 0
    while not move.is_finished:
        move = complete(net, move.marking, move.marking.open[0], values)
        steps += 1
    return steps


class Spiff:
    """The same chart under SpiffWorkflow, with or without its state stored after each step."""

    def __init__(self, xml: str, process: str) -> None:
        parser = BpmnParser()
        parser.add_bpmn_io(io.BytesIO(re.sub(r"== (true|false)\b", _capital, xml).encode()))
        self.spec = parser.get_spec(process)
        self.serializer = BpmnWorkflowSerializer()

    def play(self, values: dict[str, object], *, is_stored: bool) -> int:
        """Run a case from start to end; return the number of completed steps."""
        workflow, steps = BpmnWorkflow(self.spec), 0
        workflow.data.update(values)
        workflow.task_tree.data.update(values)
        workflow.do_engine_steps()
        while not workflow.is_completed():
            workflow.get_next_task(state=TaskState.READY, manual=True).run()
            workflow.do_engine_steps()
            steps += 1
            if is_stored:
                stored = self.serializer.serialize_json(workflow)
                workflow = self.serializer.deserialize_json(stored)
        return steps


def _capital(found: re.Match[str]) -> str:
    return f"== {found[1].title()}"


def rate(work: Callable[[], int], seconds: float) -> float:
    """Return how many steps per second some work completes."""
    steps, began = work(), time.perf_counter()
    steps = 0
    while time.perf_counter() - began < seconds:
        steps += work()
    return steps / (time.perf_counter() - began)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0, help="time for each rate")
    parser.add_argument("--repeats", type=int, default=30, help="repeats of compile and check")
    options = parser.parse_args()

    xml = draw(sixty_elements())
    net = compile_bpmn(xml)
    assert not [finding for finding in check(net) if finding.severity == "error"]
    compiling = median_ms(lambda: compile_bpmn(xml), options.repeats)
    checking = median_ms(lambda: check(compile_bpmn(xml)), options.repeats) - compiling
    print(f"chart of {len(net.nodes)} elements and {len(net.flows)} flows, {len(xml)} bytes")
    print(f"compile          {compiling:8.2f} ms")
    print(f"check            {checking:8.2f} ms")
    print(f"compile + check  {compiling + checking:8.2f} ms   (wanted: below 100)")
    for name, chart in (("5 steps", five_steps()), ("60 elements", sixty_elements())):
        drawn = draw(chart)
        net, spiff, given = compile_bpmn(drawn), Spiff(drawn, chart.id), values()
        assert play(net, given) == spiff.play(given, is_stored=False)
        ours = rate(partial(play, net, given), options.seconds)
        memory = rate(partial(spiff.play, given, is_stored=False), options.seconds)
        stored = rate(partial(spiff.play, given, is_stored=True), options.seconds)
        print(f"{name}: {ours:9.0f} moves/s ({1e6 / ours:.1f} µs each)")
        print(f"  SpiffWorkflow in memory     {memory:7.0f} moves/s, ratio {ours / memory:6.1f}")
        print(f"  SpiffWorkflow, state as JSON{stored:7.0f} moves/s, ratio {ours / stored:6.1f}")


if __name__ == "__main__":
    main()

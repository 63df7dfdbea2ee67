"""Late-risk benchmark: the risks of 2,000 open cases, how exact the draws are, how well they judge.

The durations are drawn from a seed, not taken from any office: they only load the machine. How well
the risks agree with a real office is shown by its own history, never by this.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from motcua.engine.calibration import Foretold, judge
from motcua.engine.laterisk import History, Parallel, PastStep, StepAhead, StepKey
from motcua.engine.laterisk import Path as StepPath

T = TypeVar("T")

UNITS, WORKFLOWS = 30, 8
STEPS = (
    ("Phân công", "LEADER", 120),
    ("Thẩm định", "OFFICER", 900),
    ("Lấy ý kiến", "OFFICER", 600),
    ("Xác định nghĩa vụ tài chính", "OFFICER", 500),
    ("Trình ký", "OFFICER", 150),
    ("Ký duyệt", "LEADER", 240),
    ("Trả kết quả", "CLERK", 60),
)
FORK = (2, 3)
"""The two steps that run in parallel."""


def key_of(workflow: int, step: int, unit: int) -> StepKey:
    """Return the key of a step of a workflow at a unit."""
    return StepKey(f"w{workflow}:{step}", f"u{unit}", STEPS[step][1])


def lasts(rng: random.Random, workflow: int, step: int, unit: int) -> int:
    """Return a duration in working minutes; units and workflows differ in pace."""
    pace = 0.6 + (unit * 7 + workflow * 3) % 10 / 10
    return round(rng.lognormvariate(0, 0.7) * STEPS[step][2] * pace)


def past_steps(rng: random.Random, cases: int) -> list[PastStep]:
    """Return the steps of so many finished cases, some units with many and some with few."""
    found = []
    for _ in range(cases):
        unit, workflow = int(rng.triangular(0, UNITS, 0)), rng.randrange(WORKFLOWS)
        for step in range(len(STEPS)):
            minutes = lasts(rng, workflow, step, unit)
            found.append(PastStep(key_of(workflow, step, unit), minutes))
    return found


def open_case(rng: random.Random) -> tuple[StepPath, int, bool]:
    """Return the path of an open case, its time left, and whether it will end late."""
    while True:
        unit, workflow = int(rng.triangular(0, UNITS, 0)), rng.randrange(WORKFLOWS)
        current, spent = rng.randrange(len(STEPS)), rng.randrange(1500)
        needs = [lasts(rng, workflow, step, unit) for step in range(len(STEPS))]
        is_open = FORK if current in FORK else (current,)
        if all(needs[step] > spent for step in is_open):
            break
    steps = {
        step: StepAhead(
            key_of(workflow, step, unit), STEPS[step][0], spent if step in is_open else None
        )
        for step in range(is_open[0], len(STEPS))
    }
    fork = [Parallel(tuple((steps[step],) for step in FORK))] if FORK[0] in steps else []
    before = [steps[step] for step in steps if step < FORK[0]]
    after = [steps[step] for step in steps if step > FORK[1]]
    left = {step: needs[step] - (spent if step in is_open else 0) for step in steps}
    waited = max((left.pop(step) for step in FORK if step in left), default=0)
    remaining = round(rng.uniform(0.2, 2.5) * sum(STEPS[step][2] for step in steps))
    return (*before, *fork, *after), remaining, sum(left.values()) + waited > remaining


def timed(what: str, work: Callable[[], T]) -> T:
    """Do the work and print how long it took, on the clock and on the processor."""
    started, begun = time.perf_counter(), time.process_time()
    done = work()
    clock, processor = time.perf_counter() - started, time.process_time() - begun
    print(f"{what:42} {clock:8.3f} s, {processor:.3f} s of processor")
    return done


def main() -> None:
    """Print the times and errors of this machine."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=2_000)
    parser.add_argument("--past", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    past, cases = past_steps(rng, options.past), [open_case(rng) for _ in range(options.cases)]

    history = timed(f"compile {len(past):,} past steps", lambda: History.compile(past, enough=5))
    for when in ("first time", "again"):
        risks = timed(
            f"risks of {len(cases):,} cases, {when}",
            lambda: [history.risk(path=path, remaining_minutes=left) for path, left, _ in cases],
        )

    exact = History.compile(past, enough=5, draws=5_000)
    errors = [
        abs(risk.probability - exact.risk(path=path, remaining_minutes=left).probability)
        for risk, (path, left, _) in list(zip(risks, cases, strict=True))[:200]
    ]
    mean = sum(errors) / len(errors)
    print(f"{'difference to 5,000 draws, mean':42} {mean:8.4f}")
    print(f"{'difference to 5,000 draws, largest':42} {max(errors):8.4f}")
    told = [
        Foretold(risk.probability, is_late)
        for risk, (_, _, is_late) in zip(risks, cases, strict=True)
    ]
    judged = judge(told)
    print(f"{judged.because.en}; skill {judged.skill or 0:.3f}")
    for found in judged.bins:
        if found.mean_probability is not None and found.late_rate is not None:
            rates = f"told {found.mean_probability:.3f}  came {found.late_rate:.3f}"
            print(f"  {found.low:.1f}-{found.high:.1f}  {found.count:>6} cases  {rates}")


if __name__ == "__main__":
    main()

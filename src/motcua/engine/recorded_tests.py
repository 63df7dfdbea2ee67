"""Recorded tests of a flow chart: what its owner says must happen, played again at every change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from motcua.engine import tokens
from motcua.engine.conditions import UnfitValue
from motcua.engine.explain import Because
from motcua.engine.net import CannotStart, Net


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """A step that is completed, by its id, and how: the outcome, and facts that are new from then on."""

    step: str
    outcome: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordedTest:
    """Facts of a case, the choices made one after the other, and the steps that then are opened.

    `expected` holds for the start and for each choice the ids of the steps opened by it, so it is
    one longer than `choices`; `finishes` says whether the case is settled after the last choice.
    """

    name: str
    facts: Mapping[str, object] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    expected: tuple[tuple[str, ...], ...] = ()
    finishes: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """How a recorded test came out: what opened, move by move, and the first difference if any."""

    name: str
    opened: tuple[tuple[str, ...], ...]
    difference: Because | None

    @property
    def passed(self) -> bool:
        """Whether everything happened as recorded."""
        return self.difference is None


def play(net: Net, test: RecordedTest) -> Outcome:
    """Play one recorded test on a chart."""
    opened: list[tuple[str, ...]] = []
    facts = dict(test.facts)
    try:
        move = tokens.start(net, facts)
        opened.append(_sorted(move.opened))
        for choice in test.choices:
            facts.update(choice.facts)
            move = tokens.complete(
                net, move.marking, choice.step, {**facts, "outcome": choice.outcome}
            )
            opened.append(_sorted(move.opened))
    except (CannotStart, tokens.StepNotOpen, tokens.NoWayOut, UnfitValue) as error:
        # What opened before tells more than the step that then was not there.
        earlier = _other_steps_opened(net, test, opened)
        return Outcome(
            name=test.name,
            opened=tuple(opened),
            difference=earlier or _broke(len(opened), error.because),
        )
    return Outcome(
        name=test.name,
        opened=tuple(opened),
        difference=_first_difference(net, test, opened, is_finished=move.is_finished),
    )


def play_all(net: Net, tests: Iterable[RecordedTest]) -> tuple[Outcome, ...]:
    """Play all recorded tests of a chart."""
    return tuple(play(net, test) for test in tests)


def record(
    net: Net, *, name: str, facts: Mapping[str, object], choices: Iterable[Choice]
) -> RecordedTest:
    """Return the test that the chart as it is passes: its owner looks at it and keeps it.

    Raises CannotStart, StepNotOpen, NoWayOut or UnfitValue where the choices cannot be made.
    """
    made = tuple(choices)
    known = dict(facts)
    move = tokens.start(net, known)
    expected = [_sorted(move.opened)]
    for choice in made:
        known.update(choice.facts)
        move = tokens.complete(net, move.marking, choice.step, {**known, "outcome": choice.outcome})
        expected.append(_sorted(move.opened))
    return RecordedTest(
        name=name,
        facts=dict(facts),
        choices=made,
        expected=tuple(expected),
        finishes=move.is_finished,
    )


def _sorted(opened: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(opened))


def _first_difference(
    net: Net, test: RecordedTest, opened: list[tuple[str, ...]], *, is_finished: bool
) -> Because | None:
    other = _other_steps_opened(net, test, opened)
    if other is not None:
        return other
    if len(test.expected) != len(opened):
        return Because(
            vi=f"Kịch bản ghi {len(test.expected)} lần mở bước nhưng có {len(opened)}; hãy ghi lại kịch bản.",
            en=f"The test records {len(test.expected)} openings of steps and there are {len(opened)}; "
            "record it again.",
        )
    if is_finished != test.finishes:
        return Because(
            vi="Hồ sơ kết thúc dù kịch bản ghi là chưa."
            if is_finished
            else "Hồ sơ chưa kết thúc dù kịch bản ghi là đã kết thúc.",
            en="The case is settled, though the test says that it is not yet."
            if is_finished
            else "The case is not settled, though the test says that it is.",
        )
    return None


def _other_steps_opened(
    net: Net, test: RecordedTest, opened: list[tuple[str, ...]]
) -> Because | None:
    for number, (expected, found) in enumerate(zip(test.expected, opened, strict=False)):
        if _sorted(expected) != found:
            return _other_steps(net, test, number, expected, found)
    return None


def _other_steps(
    net: Net, test: RecordedTest, number: int, expected: tuple[str, ...], found: tuple[str, ...]
) -> Because:
    after_vi, after_en = "Khi bắt đầu", "At the start"
    if number:
        label = _labels(net, (test.choices[number - 1].step,), "“{}”")
        after_vi = f"Sau lần chọn thứ {number} ({label})"
        after_en = (
            f"After choice {number} ({_labels(net, (test.choices[number - 1].step,), '“{}”')})"
        )
    return Because(
        vi=f"{after_vi}: chờ mở {_labels(net, expected, '“{}”') or 'không bước nào'}, "
        f"nhưng mở {_labels(net, found, '“{}”') or 'không bước nào'}.",
        en=f"{after_en}: {_labels(net, expected, '“{}”') or 'no step'} should open, "
        f"but {_labels(net, found, '“{}”') or 'no step'} did.",
    )


def _labels(net: Net, ids: tuple[str, ...], shape: str) -> str:
    known = net.by_id
    return ", ".join(shape.format(known[key].label if key in known else key) for key in ids)


def _broke(moves: int, because: Because) -> Because:
    where_vi = "Khi bắt đầu" if not moves else f"Ở lần chọn thứ {moves}"
    where_en = "At the start" if not moves else f"At choice {moves}"
    return Because(
        vi=f"{where_vi}: {because.vi}", en=f"{where_en}: {because.en}", source=because.source
    )

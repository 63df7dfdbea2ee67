"""A draft walked through choice by choice, as its owner does who records a test; nothing is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from motcua.engine import recorded_tests, tokens
from motcua.engine.bpmn import BpmnProblem
from motcua.engine.conditions import UnfitValue
from motcua.engine.explain import Because
from motcua.engine.net import CannotStart, Net, Node
from motcua.workflow import charts

if TYPE_CHECKING:
    from motcua.workflow.models import Draft


@dataclass(frozen=True, kw_only=True, slots=True)
class Walk:
    """Where the choices lead: the steps done, what is open, whether it is the end, or what hinders.

    `because` tells why each way was taken; `hindrance` is None as long as all choices can be made.
    """

    done: tuple[Node, ...]
    open: tuple[Node, ...]
    is_finished: bool
    because: tuple[Because, ...] = ()
    hindrance: Because | None = None


def walk(
    draft: Draft,
    *,
    facts: Mapping[str, Any],
    choices: tuple[recorded_tests.Choice, ...],
    on: date,
) -> Walk:
    """Return where a draft stands after these choices."""
    try:
        net = charts.compile_chart(bpmn_xml=draft.bpmn_xml, key=draft.workflow.key, on=on).net
    except BpmnProblem as problem:
        return Walk(done=(), open=(), is_finished=False, hindrance=problem.problems[0].because)
    return _walk(net, facts, choices)


def _walk(net: Net, facts: Mapping[str, Any], choices: tuple[recorded_tests.Choice, ...]) -> Walk:
    known, done = dict(facts), []
    told: list[Because] = []
    opened: tuple[str, ...] = ()
    try:
        move = tokens.start(net, known)
        for choice in choices:
            told += move.because
            opened = move.marking.open
            known.update(choice.facts)
            move = tokens.complete(
                net, move.marking, choice.step, {**known, "outcome": choice.outcome}
            )
            done.append(net.by_id[choice.step])
    except (CannotStart, tokens.StepNotOpen, tokens.NoWayOut, UnfitValue) as error:
        return Walk(
            done=tuple(done),
            open=tuple(net.by_id[node] for node in dict.fromkeys(opened)),
            is_finished=False,
            because=tuple(told),
            hindrance=error.because,
        )
    return Walk(
        done=tuple(done),
        open=tuple(net.by_id[node] for node in dict.fromkeys(move.marking.open)),
        is_finished=move.is_finished,
        because=(*told, *move.because),
    )

"""The words in which a flow chart is described before it is drawn: steps, branches, decisions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from motcua.engine.net import Lane

END: Final = "END"


class CannotDraw(ValueError):
    """The description of the chart does not hold together."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """Somebody's step, in a lane; or a call of another process, which has no role and no limit."""

    id: str
    name: str
    lane: str
    role: str
    limit: str = ""
    outcomes: tuple[str, ...] = ()
    form: str = ""
    documents: tuple[str, ...] = ()
    sms: str = ""
    is_on_the_spot: bool = False
    calls: str = ""


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way out of a decision; without `when` it is the default.

    After its steps it goes on behind the decision, back or forward to the step named in `to`, or
    ends there (END, with `end_name`).
    """

    label: str = ""
    when: str = ""
    steps: tuple[Item, ...] = ()
    to: str = ""
    end_name: str = ""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """An exclusive gateway: exactly one way is taken."""

    id: str
    name: str
    ways: tuple[Way, ...]


@dataclass(frozen=True, kw_only=True)
class AnyOf:
    """A pair of inclusive gateways: every way whose condition holds is taken."""

    id: str
    name: str
    ways: tuple[Way, ...]


@dataclass(frozen=True, kw_only=True)
class Parallel:
    """A pair of parallel gateways: all branches are taken."""

    id: str
    branches: tuple[tuple[Item, ...], ...]
    name: str = ""


Item = Step | Decision | AnyOf | Parallel


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A flow chart to draw."""

    id: str
    name: str
    lanes: tuple[Lane, ...]
    steps: tuple[Item, ...]
    norm: str = ""
    start_name: str = "Bắt đầu"
    end_name: str = "Kết thúc"

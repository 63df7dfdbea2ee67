"""Time rules: the choices that the law of a day makes about clocks, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import Generic, TypeVar

from motcua.engine.explain import Because
from motcua.engine.limits import Limit

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Rule(Generic[T]):
    """One choice of the law and the text it rests on."""

    value: T
    because: Because


class DueClock(StrEnum):
    """At what time of the last day a limit in days runs out."""

    CLOSE_OF_DAY = "close_of_day"
    SAME_TIME = "same_time"


class SupplementEffect(StrEnum):
    """What happens to the clock when the papers asked for have come in."""

    RESTART = "restart"
    PAUSE = "pause"


@dataclass(frozen=True, kw_only=True, slots=True)
class CountingRules:
    """How time is counted: the Civil Code."""

    receipt_day: Rule[str]
    after_hours: Rule[str]
    day_off_at_end: Rule[str]
    due_clock: Rule[DueClock]
    half_day_hours: Rule[int]


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeRules:
    """All rules about clocks that were in force on one day."""

    counting: CountingRules
    supplement_effect: Rule[SupplementEffect]
    supplement_requests: Rule[int]
    return_after_appraisal: Rule[Limit]
    extensions: Rule[int]
    extension_notice: Rule[Limit]
    payment_pause: Rule[str]
    force_majeure: Rule[str]
    refusal: Rule[str]
    transfer_same_day_until: Rule[time]
    transfer_next_opening_within: Rule[Limit]
    online_answer: Rule[Limit] | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockChoices:
    """What no law says about clocks and the product chose, each with its reason.

    `norm_at_extension` is keep or move, `step_timers` stand or run while the case's clock stands.
    """

    norm_at_extension: Rule[str]
    step_timers: Rule[str]

"""Overload: whether work comes in faster than it goes out, and when what waits will be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum

from motcua.engine.explain import Because
from motcua.engine.wording import full_day, number_en, number_vi
from motcua.engine.worktime import CalendarEnds, WorkCalendar

_HUNDREDTH = Decimal("0.01")


class Pressure(StrEnum):
    """How a unit stands: without work, keeping up, with a growing pile, or overloaded."""

    IDLE = "IDLE"
    KEEPS_UP = "KEEPS_UP"
    GROWING = "GROWING"
    OVERLOADED = "OVERLOADED"


@dataclass(frozen=True, kw_only=True, slots=True)
class OverloadRules:
    """From how many working days of waiting work on a unit is overloaded."""

    days_of_work: Decimal
    source: str = ""
    is_verified: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Flow:
    """What came in and was done in so many working days, and what is open at their end."""

    open_count: int
    arrived: int
    done: int
    working_days: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Outlook:
    """Rates a working day, how long the open work takes at this rate and until when, and why.

    What cannot be divided is None, never zero: nobody has done anything yet, or no day was worked.
    """

    arrival_rate: Decimal | None
    completion_rate: Decimal | None
    days_of_work: Decimal | None
    done_on: date | None
    pressure: Pressure
    because: Because


def look_ahead(flow: Flow, *, on: date, calendar: WorkCalendar, rules: OverloadRules) -> Outlook:
    """Return when the open work is done if it goes on as in the days counted, and what that means.

    The last of the open work is done on the last of so many whole working days after `on`. Work
    that nobody does is done on no day; neither is what reaches beyond the calendar.
    """
    arrival, completion = _rate(flow.arrived, flow), _rate(flow.done, flow)
    days = _days(flow, completion)
    pressure = _pressure(flow, days, rules)
    done_on = _day_after(on, days, calendar)
    return Outlook(
        arrival_rate=arrival,
        completion_rate=completion,
        days_of_work=days,
        done_on=done_on,
        pressure=pressure,
        because=_because(flow, days, done_on, pressure, rules),
    )


def _rate(count: int, flow: Flow) -> Decimal | None:
    if flow.working_days <= 0:
        return None
    return Decimal(count) / flow.working_days


def _days(flow: Flow, completion: Decimal | None) -> Decimal | None:
    """Return how many working days the open work takes: open, times the days, through what was done."""
    if not flow.open_count:
        return Decimal(0)
    if not completion:
        return None
    return Decimal(flow.open_count) * flow.working_days / flow.done


def _day_after(on: date, days: Decimal | None, calendar: WorkCalendar) -> date | None:
    if days is None:
        return None
    whole = int(days.to_integral_value(ROUND_CEILING))
    try:
        return calendar.working_day_after(on, whole) if whole else on
    except CalendarEnds:
        return None


def _pressure(flow: Flow, days: Decimal | None, rules: OverloadRules) -> Pressure:
    grows = flow.arrived > flow.done
    if not flow.open_count and not grows:
        return Pressure.IDLE if not flow.arrived else Pressure.KEEPS_UP
    if flow.open_count and (days is None or days > rules.days_of_work):
        # Much work that shrinks is a backlog; much work that grows is more than a unit can do.
        return Pressure.OVERLOADED if grows or days is None else Pressure.KEEPS_UP
    return Pressure.GROWING if grows else Pressure.KEEPS_UP


def _because(
    flow: Flow, days: Decimal | None, done_on: date | None, pressure: Pressure, rules: OverloadRules
) -> Because:
    span = (flow.working_days, flow.arrived, flow.done, flow.open_count)
    vi = "Trong {} ngày làm việc có {} việc đến, {} việc xong; đang chờ {} việc".format(
        *(f"{part:,}".replace(",", ".") for part in span)
    )
    en = "In {} working days {} tasks came and {} were done; {} are waiting".format(
        *(f"{part:,}" for part in span)
    )
    if not flow.open_count:
        vi, en = f"{vi}.", f"{en}."
    elif days is None:
        vi += ", mà trong kỳ không việc nào xong, nên chưa biết bao giờ hết."
        en += ", and none was done, so nobody knows when they will be."
    else:
        length = days.quantize(_HUNDREDTH).normalize()
        until_vi = f", tới {full_day(done_on)}" if done_on else ", quá cuối lịch làm việc đã có"
        until_en = f", until {done_on:%d/%m/%Y}" if done_on else ", beyond the last calendar"
        vi += f", với nhịp này cần {number_vi(length)} ngày làm việc{until_vi}."
        en += f", which takes {number_en(length)} working days at this pace{until_en}."
    limit = rules.days_of_work
    if pressure is Pressure.OVERLOADED:
        vi += (
            f" Việc đến nhiều hơn việc xong và việc đang chờ quá {number_vi(limit)} ngày làm việc."
        )
        en += f" More comes than goes, and what waits is over {number_en(limit)} working days of work."
    elif pressure is Pressure.GROWING:
        vi += " Việc đến nhiều hơn việc xong, nên việc đang chờ tăng."
        en += " More comes than goes, so the pile grows."
    return Because(vi=vi, en=en, source=rules.source, is_verified=rules.is_verified)

"""Checks of a chart's limits: against the legal limits of its procedures, and against its norm."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from motcua.engine.explain import Because
from motcua.engine.flowcheck import Finding, Severity
from motcua.engine.limits import Limit, Unit, parse_limit
from motcua.engine.net import Net
from motcua.engine.office_hours import WeeklyHours
from motcua.engine.step_sums import longest_way
from motcua.engine.wording import number_en, number_vi

# The shortest month has four weeks: a limit in months promises no more.
_WEEKS_OF_A_MONTH: Final = 4
_DAYS_OF_A_WEEK: Final = 7
MOST_NAMED: Final = 5
# The errors of check_limits.
TOO_LONG: Final = frozenset({"LIMITS_EXCEED_LAW", "NORM_EXCEEDS_LAW"})


@dataclass(frozen=True, kw_only=True, slots=True)
class LegalLimit:
    """The shortest legal limit of a procedure that is settled by a chart."""

    procedure: str
    limit: Limit


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkingWeek:
    """How many hours an office works on a usual day, and in a week."""

    hours_a_day: Decimal
    hours_a_week: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class LimitChoices:
    """How grave it is when a chart promises too much: an error hinders publication."""

    steps_against_law: Severity
    norm_against_law: Severity
    steps_against_norm: Severity


def working_week(hours: WeeklyHours) -> WorkingWeek:
    """Return the working week of an office; days that take files in but do not count are left out."""
    days = [
        sum(
            (stretch.closes.hour - stretch.opens.hour) * 60
            + (stretch.closes.minute - stretch.opens.minute)
            for stretch in day.hours
        )
        for day in hours.week.values()
        if day.counts and day.hours
    ]
    return WorkingWeek(
        hours_a_day=Decimal(max(days, default=0)) / 60, hours_a_week=Decimal(sum(days)) / 60
    )


def hours_of(limit: Limit, week: WorkingWeek) -> Decimal:
    """Return a limit in working hours; calendar time by the working week, without holidays."""
    if limit.unit is Unit.WORKING_DAY:
        return limit.amount * week.hours_a_day
    if limit.unit is Unit.DAY:
        return limit.amount * week.hours_a_week / _DAYS_OF_A_WEEK
    if limit.unit is Unit.MONTH:
        return limit.amount * week.hours_a_week * _WEEKS_OF_A_MONTH
    return limit.amount


def check_limits(
    net: Net, legal: Iterable[LegalLimit], week: WorkingWeek, choices: LimitChoices
) -> Iterator[Finding]:
    """Yield what promises more time than the law gives, or than the chart's own norm."""
    if len(net.starts) != 1:
        return
    way = longest_way(net, hours_a_day=week.hours_a_day)
    limits = sorted(legal, key=lambda one: (hours_of(one.limit, week), one.procedure))
    steps_vi = " + ".join(f"“{net.by_id[step].label}”" for step in way.steps)
    shorter = [one for one in limits if hours_of(one.limit, week) < way.hours]
    if shorter:
        yield _finding(
            choices.steps_against_law,
            "LIMITS_EXCEED_LAW",
            net,
            vi=f"Thời hạn các bước trên đường dài nhất cộng lại {number_vi(way.hours)} giờ làm việc "
            f"({steps_vi}), dài hơn thời hạn giải quyết của {_named(shorter, 0)}. Rút ngắn các bước, "
            "hoặc dùng quy trình khác cho các thủ tục này.",
            en=f"The limits of the steps on the longest way add up to {number_en(way.hours)} working "
            f"hours ({steps_vi}), more than the time limit of {_named(shorter, 1)}. Shorten the "
            "steps, or settle these procedures by another chart.",
        )
    if not net.norm:
        return
    norm = parse_limit(net.norm)
    beyond = [one for one in limits if hours_of(one.limit, week) < hours_of(norm, week)]
    if beyond:
        yield _finding(
            choices.norm_against_law,
            "NORM_EXCEEDS_LAW",
            net,
            vi=f"Hạn phục vụ {norm.text_vi()} dài hơn thời hạn giải quyết của {_named(beyond, 0)}. "
            "Hạn phục vụ chỉ được ngắn hơn hoặc bằng thời hạn theo luật.",
            en=f"The service norm of {norm.text_en()} is longer than the time limit of "
            f"{_named(beyond, 1)}. It may only be as long as the legal limit, or shorter.",
        )
    if hours_of(norm, week) < way.hours:
        yield _finding(
            choices.steps_against_norm,
            "LIMITS_EXCEED_NORM",
            net,
            vi=f"Thời hạn các bước trên đường dài nhất cộng lại {number_vi(way.hours)} giờ làm việc "
            f"({steps_vi}), dài hơn hạn phục vụ {norm.text_vi()}: làm đúng hạn từng bước vẫn có thể "
            "trễ hạn phục vụ.",
            en=f"The limits of the steps on the longest way add up to {number_en(way.hours)} working "
            f"hours ({steps_vi}), more than the service norm of {norm.text_en()}: with every step in "
            "time, the norm may still be missed.",
        )


def _named(limits: list[LegalLimit], language: int) -> str:
    """Return the procedures with the shortest limits, and how many there are besides."""
    told = [
        f"{one.procedure} ({one.limit.text_en() if language else one.limit.text_vi()})"
        for one in limits[:MOST_NAMED]
    ]
    rest = len(limits) - len(told)
    if rest:
        told.append(f"{rest} more" if language else f"{rest} thủ tục khác")
    return ", ".join(told)


def _finding(severity: Severity, code: str, net: Net, *, vi: str, en: str) -> Finding:
    return Finding(
        severity=severity, code=code, element_id=net.process, because=Because(vi=vi, en=en)
    )

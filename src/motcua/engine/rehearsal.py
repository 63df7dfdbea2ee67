"""Rehearsal: past cases played through a chart that is not in force yet, and what would become of them.

How it is done. Each case starts when it was received and goes through the chart by the rules of the
token game. A step that the case really had takes as long as it took then, and ends as it ended
then; a step it never had takes as long as such a step took in other cases (the nearest circle that
late risk knows: at this unit, anywhere, of the same role; which of them is drawn by the case's own
code, so that the same question has the same answer); without any past, as long as the chart allows;
without a limit, no time, and that is said. A new step with outcomes ends with the first of them.
A case is late when it needs more working time than it had. Nothing queues: durations are taken as
they were, so a rehearsal shows what another order of steps does, not what fewer people would do.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from zlib import crc32

from motcua.engine import tokens
from motcua.engine.conditions import UnfitValue
from motcua.engine.explain import Because
from motcua.engine.laterisk import History, StepKey
from motcua.engine.limits import Limit, Unit, parse_length, parse_limit
from motcua.engine.net import Kind, Net, Node

MOST_VISITS: Final = 200
"""A case that opens more steps than this goes round in a circle."""


class TakenFrom(StrEnum):
    """Where the time that a rehearsed step takes comes from."""

    THE_CASE = "THE_CASE"
    OTHER_CASES = "OTHER_CASES"
    ITS_LIMIT = "ITS_LIMIT"
    NOTHING = "NOTHING"


@dataclass(frozen=True, kw_only=True, slots=True)
class PastVisit:
    """One time that a step of a case was open: working minutes, and the outcome it ended with."""

    node: str
    minutes: int
    outcome: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class PastCase:
    """A case as it was: the working minutes it had, its visits in order, its units and facts.

    `units` names RECEIVING and SETTLING; `facts` are the variables that gateways ask for.
    `needed_minutes` is what it really took, None for one that is not finished.
    """

    code: str
    allowed_minutes: int
    visits: tuple[PastVisit, ...]
    units: Mapping[str, str]
    facts: Mapping[str, object] = field(default_factory=dict)
    needed_minutes: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Stay:
    """How long a rehearsed case stays at one step, from which minute on, and where that comes from."""

    node: str
    name: str
    unit: str
    role: str
    starts_minute: int
    minutes: int
    taken_from: TakenFrom


@dataclass(frozen=True, kw_only=True, slots=True)
class Course:
    """A case played through a chart: its stays, the working minutes it needs, and whether it is late.

    `stopped` says why a case could not be played to the end; then it is neither in time nor late.
    """

    code: str
    allowed_minutes: int
    needed_minutes: int
    stays: tuple[Stay, ...]
    stopped: Because | None = None

    @property
    def is_late(self) -> bool:
        """Whether the case needs more working time than it had."""
        return self.stopped is None and self.needed_minutes > self.allowed_minutes


@dataclass(frozen=True, kw_only=True, slots=True)
class Load:
    """What one unit, or one step at one unit, has to do in a rehearsal: stays, cases, minutes."""

    unit: str
    name: str
    stays: int
    cases: int
    minutes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Rehearsal:
    """All cases played through one chart."""

    courses: tuple[Course, ...]

    @property
    def late(self) -> tuple[Course, ...]:
        """The cases that would be late."""
        return tuple(course for course in self.courses if course.is_late)

    @property
    def stopped(self) -> tuple[Course, ...]:
        """The cases that could not be played to the end."""
        return tuple(course for course in self.courses if course.stopped is not None)

    def by_unit(self) -> tuple[Load, ...]:
        """Return the load of each unit, the heaviest first."""
        return self._loads(lambda stay: (stay.unit, ""))

    def by_step(self) -> tuple[Load, ...]:
        """Return where cases wait: each step at each unit, the longest first."""
        return self._loads(lambda stay: (stay.unit, stay.name))

    def minutes_from(self, source: TakenFrom) -> int:
        """Return how many of the stays' working minutes rest on this source."""
        return sum(
            stay.minutes
            for course in self.courses
            for stay in course.stays
            if stay.taken_from is source
        )

    def _loads(self, place: Callable[[Stay], tuple[str, str]]) -> tuple[Load, ...]:
        minutes: dict[tuple[str, str], int] = defaultdict(int)
        stays: dict[tuple[str, str], int] = defaultdict(int)
        cases: dict[tuple[str, str], set[str]] = defaultdict(set)
        for course in self.courses:
            for stay in course.stays:
                key = place(stay)
                minutes[key] += stay.minutes
                stays[key] += 1
                cases[key].add(course.code)
        ordered = sorted(minutes, key=lambda key: (-minutes[key], key))
        return tuple(
            Load(
                unit=key[0],
                name=key[1],
                stays=stays[key],
                cases=len(cases[key]),
                minutes=minutes[key],
            )
            for key in ordered
        )


def rehearse(
    net: Net,
    cases: Iterable[PastCase],
    *,
    history: History,
    minutes_of_day: int,
    same_as: Mapping[str, str] | None = None,
) -> Rehearsal:
    """Play the cases through a chart.

    `history` holds the past durations under the ids of this chart's steps; `same_as` names the
    step of the past for a step of the chart (by default the one with the same id), as a migration
    proposes it. `minutes_of_day` is the working time of a day, for limits in days.
    """
    stage = _Stage(net, history, minutes_of_day, same_as or {})
    return Rehearsal(courses=tuple(stage.play(case) for case in cases))


class _Stage:
    """A chart made ready for many cases."""

    def __init__(
        self, net: Net, history: History, minutes_of_day: int, same_as: Mapping[str, str]
    ) -> None:
        self.net = net
        self.history = history
        self.same_as = same_as
        self.limits = {
            node.id: _in_minutes(parse_limit(node.limit), minutes_of_day)
            for node in net.nodes
            if node.limit
        }
        self.timers = {
            node.id: _in_minutes(parse_length(node.timer), minutes_of_day)
            for node in net.nodes
            if node.kind is Kind.TIMER
        }

    def play(self, case: PastCase) -> Course:
        """Return the course of one case."""
        left: dict[str, list[PastVisit]] = defaultdict(list)
        for visit in reversed(case.visits):
            left[visit.node].append(visit)
        stays: list[Stay] = []
        # What goes on now: when it ends, an order for equal times, the place, and its outcome.
        going: list[tuple[int, int, str, str]] = []
        minute, stopped = 0, None
        try:
            move = tokens.start(self.net, case.facts)
            while True:
                for node_id in move.opened:
                    stay, outcome = self.enter(self.net.by_id[node_id], case, left, minute)
                    if stay is not None:
                        stays.append(stay)
                    lasts = stay.minutes if stay is not None else self.timers[node_id]
                    heapq.heappush(going, (minute + lasts, len(stays), node_id, outcome))
                if len(stays) > MOST_VISITS:
                    stopped = _goes_round(stays[-1].name)
                    break
                going = [item for item in going if item[2] in move.marking.open]
                heapq.heapify(going)
                if not going:
                    break
                minute, _order, node_id, outcome = heapq.heappop(going)
                facts = {**case.facts, "outcome": outcome}
                move = tokens.complete(self.net, move.marking, node_id, facts)
        except (tokens.NoWayOut, UnfitValue) as error:
            stopped = error.because
        if stopped is None and not move.is_finished:
            stopped = _is_stuck(move)
        return Course(
            code=case.code,
            allowed_minutes=case.allowed_minutes,
            needed_minutes=minute,
            stays=tuple(stays),
            stopped=stopped,
        )

    def enter(
        self, node: Node, case: PastCase, left: dict[str, list[PastVisit]], minute: int
    ) -> tuple[Stay | None, str]:
        """Return the stay at a step and the outcome it ends with; a timer is no stay."""
        if node.kind is Kind.TIMER:
            return None, ""
        unit = case.units.get(node.unit, node.unit)
        outcome = node.outcomes[0] if node.outcomes else ""
        own = left.get(self.same_as.get(node.id, node.id))
        if own:
            visit = own.pop()
            minutes, source = visit.minutes, TakenFrom.THE_CASE
            outcome = visit.outcome if visit.outcome in node.outcomes else outcome
        else:
            minutes, source = self.assumed(node, unit, case.code)
        stay = Stay(
            node=node.id,
            name=node.label,
            unit=unit,
            role=node.role,
            starts_minute=minute,
            minutes=minutes,
            taken_from=source,
        )
        return stay, outcome

    def assumed(self, node: Node, unit: str, code: str) -> tuple[int, TakenFrom]:
        """Return how long a step is taken to last for a case that never had it."""
        if node.kind is Kind.SERVICE:
            return 0, TakenFrom.ITS_LIMIT
        key = StepKey(step=self.same_as.get(node.id, node.id), unit=unit, role=node.role)
        known = self.history.durations(key)
        if known is not None:
            drawn = crc32(f"{code}:{node.id}".encode()) % len(known.minutes)
            return known.minutes[drawn], TakenFrom.OTHER_CASES
        if node.id in self.limits:
            return self.limits[node.id], TakenFrom.ITS_LIMIT
        return 0, TakenFrom.NOTHING


def _in_minutes(limit: Limit, minutes_of_day: int) -> int:
    """Return a limit as working minutes; days of the calendar are taken at five in seven."""
    if limit.unit is Unit.MINUTE:
        return int(limit.amount)
    if limit.unit is Unit.HOUR:
        return int(limit.amount * 60)
    if limit.unit is Unit.WORKING_DAY:
        return int(limit.amount * minutes_of_day)
    days = limit.amount * (30 if limit.unit is Unit.MONTH else 1)
    return int(days * minutes_of_day * 5 / 7)


def _goes_round(name: str) -> Because:
    return Because(
        vi=f"Hồ sơ quay vòng quá {MOST_VISITS} bước, lần cuối ở “{name}”; hãy kiểm tra đường quay lại "
        "của lưu đồ.",
        en=f"The case goes round through more than {MOST_VISITS} steps, last at “{name}”; check the "
        "ways back in the chart.",
    )


def _is_stuck(move: tokens.Move) -> Because:
    told = move.because[-1] if move.because else None
    return Because(
        vi=f"Hồ sơ không đi được đến kết thúc. {told.vi if told else ''}".strip(),
        en=f"The case does not come to an end. {told.en if told else ''}".strip(),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One figure before and after."""

    before: int
    after: int

    @property
    def difference(self) -> int:
        """After less before."""
        return self.after - self.before


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadChange:
    """The load of a unit, or of a step at a unit, before and after."""

    unit: str
    name: str
    stays: Change
    minutes: Change


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """Two rehearsals of the same cases side by side; the codes open each figure to its cases."""

    cases: int
    late: Change
    stopped: Change
    minutes: Change
    newly_late: tuple[str, ...]
    no_longer_late: tuple[str, ...]
    by_unit: tuple[LoadChange, ...]
    by_step: tuple[LoadChange, ...]


def compare(before: Rehearsal, after: Rehearsal) -> Comparison:
    """Return what changes from one rehearsal to another; raise ValueError for other cases."""
    codes = [course.code for course in before.courses]
    if codes != [course.code for course in after.courses]:
        raise ValueError("The two rehearsals are not of the same cases.")
    was, will = ({c.code for c in rehearsal.late} for rehearsal in (before, after))
    return Comparison(
        cases=len(codes),
        late=Change(before=len(was), after=len(will)),
        stopped=Change(before=len(before.stopped), after=len(after.stopped)),
        minutes=Change(
            before=sum(course.needed_minutes for course in before.courses),
            after=sum(course.needed_minutes for course in after.courses),
        ),
        newly_late=tuple(code for code in codes if code in will - was),
        no_longer_late=tuple(code for code in codes if code in was - will),
        by_unit=_load_changes(before.by_unit(), after.by_unit()),
        by_step=_load_changes(before.by_step(), after.by_step()),
    )


def _load_changes(before: Iterable[Load], after: Iterable[Load]) -> tuple[LoadChange, ...]:
    was = {(load.unit, load.name): load for load in before}
    will = {(load.unit, load.name): load for load in after}
    nothing = Load(unit="", name="", stays=0, cases=0, minutes=0)
    changes = []
    for key in {**was, **will}:
        old, new = was.get(key, nothing), will.get(key, nothing)
        changes.append(
            LoadChange(
                unit=key[0],
                name=key[1],
                stays=Change(before=old.stays, after=new.stays),
                minutes=Change(before=old.minutes, after=new.minutes),
            )
        )
    return tuple(
        sorted(changes, key=lambda c: (-max(c.minutes.before, c.minutes.after), c.unit, c.name))
    )

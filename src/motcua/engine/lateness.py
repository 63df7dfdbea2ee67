"""Lateness: who lost the time of a late case, minute by minute, so that the parts sum to the whole.

The rule, in five sentences, whose choices stand with their examples in law/product/lateness.yaml.
Lateness is the working time between the due time and the finish,
pauses left out. A step with a limit answers for the working time it used beyond that limit. What
the steps did not use within their limits is left for time that has no limit of its own: steps
without one, and stretches in which no step was open, for which the receiving unit answers; beyond
what is left, that time overran too. Lateness is shared in proportion to these overruns, a stretch
in which several steps overran at once being split equally; when nobody overran it is shared by the
time used. Time that stood still for the applicant or by force majeure is shown, and is nobody's
lateness; time before the law restarted the clock counts for nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from motcua.engine import deadlines
from motcua.engine.explain import Because
from motcua.engine.ledger import LedgerKind, LedgerLine, StoppedFor
from motcua.engine.limits import Limit
from motcua.engine.moments import local_minute
from motcua.engine.timerules import CountingRules, Rule, TimeRules
from motcua.engine.wording import minutes_en, minutes_vi, moment_en, moment_vi
from motcua.engine.worktime import WorkCalendar

_MINUTE = timedelta(minutes=1)
_NONE = Fraction(0)


class PartyKind(StrEnum):
    """In what quality a party held the case."""

    AGENCY = "AGENCY"
    RECEIVING_UNIT = "RECEIVING_UNIT"
    CITIZEN = "CITIZEN"
    SUSPENDED = "SUSPENDED"


@dataclass(frozen=True, kw_only=True, slots=True)
class PartyOfTime:
    """Who held the case for a while; the citizen and a suspension have neither id nor name."""

    kind: PartyKind
    id: int | None = None
    name: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class StepSpan:
    """One time that a step of a case was open, at whom, and within which limit."""

    name: str
    party_id: int
    party_name: str
    opened_at: datetime
    completed_at: datetime | None = None
    limit: Limit | None = None

    def __post_init__(self) -> None:
        """Raise CannotShareLateness when the two times contradict each other."""
        if self.completed_at is not None and self.completed_at < self.opened_at:
            raise CannotShareLateness(_ends_before_it_opens(self.name, self.opened_at))


@dataclass(frozen=True, kw_only=True, slots=True)
class SharingRules:
    """Who answers for what, each with its reason; no law says it.

    `overran` shares by the overruns of steps, `nobody_overran` by the time used, `no_step_open` says
    who answers for time between steps, `clock_stopped` whose lateness a pause is.
    """

    overran: Rule[str]
    nobody_overran: Rule[str]
    no_step_open: Rule[str]
    clock_stopped: Rule[str]


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch in which the clock stood still, for whom, open-ended while it still does."""

    kind: PartyKind
    starts_at: datetime
    ends_at: datetime | None
    because: Because


@dataclass(frozen=True, slots=True)
class Share:
    """What one party lost at one step: its minutes of the lateness, and what they follow from.

    `used_minutes` is the working time the party held the case, whoever else held it at the same
    time; `step` is empty for time in which no step was open and for pauses.
    """

    party: PartyOfTime
    step: str
    minutes: int
    used_minutes: int
    limit_minutes: int | None
    because: Because


@dataclass(frozen=True, slots=True)
class Shares:
    """The working minutes by which a case is late, and the parts into which they fall exactly."""

    total_minutes: int
    parts: tuple[Share, ...]


class CannotShareLateness(ValueError):
    """What is known of the case does not allow to say who lost the time."""

    def __init__(self, because: Because) -> None:
        super().__init__(because.vi)
        self.because = because


def pauses_in(ledger: Iterable[LedgerLine]) -> tuple[Pause, ...]:
    """Return the pauses that a ledger tells of; raise CannotShareLateness for an unexplained one."""
    lines = list(ledger)
    goes_on = (LedgerKind.RESUMED, LedgerKind.RESTARTED)
    went_on_at = max((line.starts_at for line in lines if line.kind in goes_on), default=None)
    found: list[Pause] = []
    for line in lines:
        if line.kind is not LedgerKind.PAUSED:
            continue
        if line.ends_at > line.starts_at:
            found.append(Pause(_waited_for(line), line.starts_at, line.ends_at, line.because))
        elif went_on_at is None or went_on_at < line.starts_at:
            found.append(Pause(_waited_for(line), line.starts_at, None, line.because))
    return tuple(found)


def _waited_for(line: LedgerLine) -> PartyKind:
    """Say for whom the clock stood still; under force majeure nobody could have acted."""
    if line.stopped_for is StoppedFor.NOBODY:
        raise CannotShareLateness(_pause_without_reason(line))
    is_suspended = line.stopped_for is StoppedFor.SUSPENSION
    return PartyKind.SUSPENDED if is_suspended else PartyKind.CITIZEN


def share_lateness(
    *,
    ledger: Iterable[LedgerLine],
    steps: Iterable[StepSpan],
    due_at: datetime,
    finished_at: datetime | None,
    now: datetime,
    receiving_unit: PartyOfTime,
    calendar: WorkCalendar,
    rules: TimeRules | CountingRules,
    sharing: SharingRules,
) -> Shares:
    """Split the lateness of a case among all who held it, up to its finish or until now.

    Raises CannotShareLateness for a ledger that does not tell enough, and CalendarEnds beyond the
    years that the calendar knows.
    """
    lines = sorted(ledger, key=lambda line: line.starts_at)
    end = local_minute(finished_at if finished_at is not None else now)
    axis = _Axis(calendar, _origin(lines, calendar), pauses_in(lines), end)
    stretches = [_stretch(span, axis, rules) for span in steps]
    total = max(0, axis.position(end) - axis.position(local_minute(due_at)))
    parts = _Parts(stretches, max(0, axis.position(end)))
    weights = parts.weights(axis.position(local_minute(due_at)))
    minutes = _largest_remainder(total, weights)
    shares = [
        _share_of_step(stretch, part, total, sharing, shared_by_use=not parts.has_overrun)
        for stretch, part in zip(stretches, minutes, strict=False)
    ]
    if parts.uncovered or minutes[-1]:
        shares.append(_share_of_wait(receiving_unit, parts.uncovered, minutes[-1], total, sharing))
    shares += [_share_of_pause(pause, axis) for pause in axis.pauses]
    return Shares(total_minutes=total, parts=tuple(shares))


def _origin(lines: Sequence[LedgerLine], calendar: WorkCalendar) -> datetime:
    """Return the moment from which the law counts: the reception, or the last restart."""
    received = [line.starts_at for line in lines if line.kind is LedgerKind.START]
    restarted = [line.starts_at for line in lines if line.kind is LedgerKind.RESTARTED]
    if not received:
        raise CannotShareLateness(_ledger_without_start())
    return local_minute(restarted[-1]) if restarted else calendar.next_opening(received[0])


class _Axis:
    """Moments as whole working minutes since the origin, standing still during pauses."""

    def __init__(
        self, calendar: WorkCalendar, origin: datetime, pauses: Iterable[Pause], end: datetime
    ) -> None:
        self.calendar = calendar
        self.origin = origin
        self.end = end
        self.pauses = tuple(pauses)
        self._stops: list[tuple[int, int]] = []
        reached = 0
        for pause in self.pauses:
            begins = max(reached, self._worked(pause.starts_at))
            stops = self._worked(self.end_of(pause))
            if stops > begins:
                self._stops.append((begins, stops))
                reached = stops

    def end_of(self, pause: Pause) -> datetime:
        """Return the end of a pause, at the latest the end of the case."""
        ends_at = self.end if pause.ends_at is None else min(pause.ends_at, self.end)
        return max(ends_at, pause.starts_at)

    def position(self, moment: datetime) -> int:
        """Return how many minutes of running clock lie between the origin and the moment."""
        worked = self._worked(moment)
        return worked - sum(min(worked, stop) - go for go, stop in self._stops if go < worked)

    def _worked(self, moment: datetime) -> int:
        return self.calendar.measure(self.origin, moment) // _MINUTE


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A step laid on the axis: from where to where it was open, and where its limit ran out."""

    span: StepSpan
    start: int
    end: int
    limit_minutes: int | None
    was_before_restart: bool

    @property
    def used(self) -> int:
        return self.end - self.start

    @property
    def overrun(self) -> int:
        return 0 if self.limit_minutes is None else max(0, self.used - self.limit_minutes)


def _stretch(span: StepSpan, axis: _Axis, rules: TimeRules | CountingRules) -> _Stretch:
    opened_at = local_minute(span.opened_at)
    closed_at = axis.end if span.completed_at is None else local_minute(span.completed_at)
    was_before_restart = closed_at <= axis.origin and opened_at < axis.origin
    starts_at = opened_at if was_before_restart else max(opened_at, axis.origin)
    limit_minutes = None
    if span.limit is not None:
        # The same due time as the officer sees at the step, so that both pages agree.
        due_at = deadlines.due_at(
            received_at=starts_at, limit=span.limit, calendar=axis.calendar, rules=rules
        )
        limit_minutes = axis.calendar.measure(starts_at, due_at) // _MINUTE
    start = max(0, axis.position(min(starts_at, axis.end)))
    end = max(start, axis.position(min(closed_at, axis.end)))
    return _Stretch(span, start, end, limit_minutes, was_before_restart)


class _Parts:
    """The running time of a case cut where a step opens, closes or overruns; last the waiting."""

    def __init__(self, stretches: Sequence[_Stretch], end: int) -> None:
        count = len(stretches) + 1
        self.overrun = [_NONE] * count
        self.without_limit = [_NONE] * count
        self.used = [_NONE] * count
        self.within_limits = _NONE
        self.uncovered = 0
        self.has_overrun = False
        for low, high in _cuts(stretches, end):
            is_open = [i for i, s in enumerate(stretches) if s.start <= low < s.end]
            overran = [i for i in is_open if _overruns(stretches[i], low)]
            free = [i for i in is_open if stretches[i].limit_minutes is None]
            self._add(high - low, is_open, overran, free if is_open else [-1])

    def _add(self, length: int, is_open: list[int], overran: list[int], free: list[int]) -> None:
        each = Fraction(length, max(1, len(is_open)))
        for index in is_open or [-1]:
            self.used[index] += each
        if not is_open:
            self.uncovered += length
        if overran:
            for index in overran:
                self.overrun[index] += Fraction(length, len(overran))
            return
        for index in free:
            self.without_limit[index] += each
        self.within_limits += length - each * len(free)

    def weights(self, allowed: int) -> list[Fraction]:
        """Return in what proportion a lateness beyond the allowed minutes is shared."""
        unlimited = sum(self.without_limit, _NONE)
        left = max(_NONE, allowed - self.within_limits)
        beyond = max(_NONE, unlimited - left)
        rate = beyond / unlimited if unlimited else _NONE
        weights = [
            over + rate * free for over, free in zip(self.overrun, self.without_limit, strict=True)
        ]
        self.has_overrun = any(weights)
        if self.has_overrun:
            return weights
        # A due time before the reception leaves no time to share by; the case waited at its door.
        return self.used if any(self.used) else [*self.used[:-1], Fraction(1)]


def _cuts(stretches: Sequence[_Stretch], end: int) -> Iterable[tuple[int, int]]:
    edges = {0, end}.union(*((s.start, s.end, s.end - s.overrun) for s in stretches))
    return pairwise(sorted(edges))


def _overruns(stretch: _Stretch, position: int) -> bool:
    return bool(stretch.overrun) and position >= stretch.end - stretch.overrun


def _largest_remainder(total: int, weights: Sequence[Fraction]) -> list[int]:
    """Return whole minutes in proportion to the weights that sum exactly to the total."""
    whole = sum(weights, _NONE)
    exact = [total * weight / whole for weight in weights]
    minutes = [int(part) for part in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: (minutes[i] - exact[i], i))
    for index in by_remainder[: total - sum(minutes)]:
        minutes[index] += 1
    return minutes


def _share_of_step(
    stretch: _Stretch, minutes: int, total: int, sharing: SharingRules, *, shared_by_use: bool
) -> Share:
    span, used, limit = stretch.span, stretch.used, stretch.limit_minutes
    vi = f"Bước “{span.name}” ({span.party_name}) dùng {minutes_vi(used)} làm việc"
    en = f"Step “{span.name}” ({span.party_name}) used {minutes_en(used)} of working time"
    if stretch.was_before_restart:
        vi += ", kết thúc trước khi thời hạn được tính lại từ đầu"
        en += ", ended before the time limit was counted again from zero"
    elif limit is None:
        vi += ", không có hạn riêng nên chỉ có phần thời hạn mà các bước khác để lại"
        en += ", has no limit of its own and so only what the other steps left of the time limit"
    elif stretch.overrun:
        vi += f", hạn của bước {minutes_vi(limit)}, quá {minutes_vi(stretch.overrun)}"
        en += f", its limit is {minutes_en(limit)}, overrun {minutes_en(stretch.overrun)}"
    else:
        vi += f", trong hạn {minutes_vi(limit)} của bước"
        en += f", within its limit of {minutes_en(limit)}"
    if shared_by_use and minutes:
        vi += "; không ai quá hạn riêng nên phần chậm chia theo thời gian đã dùng"
        en += "; nobody overran, so the lateness is shared by the time used"
    rule = sharing.nobody_overran if shared_by_use else sharing.overran
    source, is_verified = rule.because.source, rule.because.is_verified
    if span.limit and not shared_by_use:
        source, is_verified = span.limit.source, span.limit.is_verified
    party = PartyOfTime(kind=PartyKind.AGENCY, id=span.party_id, name=span.party_name)
    because = _borne(vi, en, minutes, total, source, is_verified=is_verified)
    return Share(party, span.name, minutes, used, limit, because)


def _share_of_wait(
    unit: PartyOfTime, used: int, minutes: int, total: int, sharing: SharingRules
) -> Share:
    vi = f"{unit.name}: {minutes_vi(used)} làm việc không có bước nào mở (chờ chuyển hoặc chờ trả)"
    en = f"{unit.name}: {minutes_en(used)} of working time with no step open (transfer or return)"
    rule = sharing.no_step_open.because
    because = _borne(vi, en, minutes, total, rule.source, is_verified=rule.is_verified)
    return Share(unit, "", minutes, used, None, because)


def _borne(
    vi: str, en: str, minutes: int, total: int, source: str, *, is_verified: bool
) -> Because:
    """Complete the reason with what part of the lateness follows from it."""
    if not total:
        vi, en = f"{vi}; hồ sơ không chậm", f"{en}; the case is not late"
    elif minutes:
        vi += f": chịu {minutes_vi(minutes)} trong {minutes_vi(total)} chậm"
        en += f": bears {minutes_en(minutes)} of the {minutes_en(total)} late"
    else:
        vi, en = f"{vi}: không chịu phần chậm nào", f"{en}: bears none of the lateness"
    return Because(vi=vi, en=en, source=source, is_verified=is_verified)


def _share_of_pause(pause: Pause, axis: _Axis) -> Share:
    ends_at = axis.end_of(pause)
    minutes = axis.calendar.measure(pause.starts_at, ends_at) // _MINUTE
    because = Because(
        vi=f"{pause.because.vi} từ {moment_vi(pause.starts_at)} đến {moment_vi(ends_at)} "
        f"({minutes_vi(minutes)} làm việc): đồng hồ đứng yên, không tính là chậm",
        en=f"{pause.because.en} from {moment_en(pause.starts_at)} to {moment_en(ends_at)} "
        f"({minutes_en(minutes)} of working time): the clock stood still, so it is no lateness",
        source=pause.because.source,
        is_verified=pause.because.is_verified,
    )
    return Share(PartyOfTime(kind=pause.kind), "", 0, minutes, None, because)


def _ends_before_it_opens(step: str, opened_at: datetime) -> Because:
    return Because(
        vi=f"Bước “{step}” mở lúc {moment_vi(opened_at)} nhưng lại ghi hoàn thành trước đó; "
        "hãy kiểm tra thời gian của bước.",
        en=f"The step “{step}” was opened at {moment_en(opened_at)} but is recorded as completed "
        "before; check the times of the step.",
    )


def _ledger_without_start() -> Because:
    return Because(
        vi="Sổ thời hạn không có dòng tiếp nhận nên không biết thời gian bắt đầu từ đâu; "
        "hãy tính lại sổ thời hạn.",
        en="The deadline ledger has no line of reception, so nobody can say where the time "
        "begins; compute the ledger again.",
    )


def _pause_without_reason(line: LedgerLine) -> Because:
    return Because(
        vi=f"Dòng tạm dừng lúc {moment_vi(line.starts_at)} (“{line.because.vi}”) không ghi "
        "tạm dừng để chờ ai; hãy tính lại sổ thời hạn.",
        en=f"The pause at {moment_en(line.starts_at)} (“{line.because.en}”) does not say who was "
        "waited for; compute the ledger again.",
    )

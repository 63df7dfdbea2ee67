"""Late risk: the chance that an open case ends late, from how long its steps took before.

How it is found. Each step's past durations make one distribution; half a case faster than all and
half a case slower than all are added to it (Jeffreys' rule), so that little history never gives
certainty. Slower than all means: of those that last as long as the slowest, half last twice as
long. A step that is open is known to last longer than the time already spent in it. From each
distribution 100 evenly spread durations are drawn. Durations in a row are added, in an order
shuffled from a fixed seed; of parallel branches the longest counts; and each draw of what is open
now meets each draw of what follows. The risk is the share of these 10,000 courses that need more
working time than is left. The same inputs always give the same answer.

What holds in every case: more time left never raises the risk, and while the clock runs without a
step being finished (time spent grows, time left shrinks by as much) the risk never falls. With the
time left held fixed, more time spent may well lower the risk: the step is nearer to its end. Steps
are taken as independent of each other, and only finished steps are learned from.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from math import ceil
from operator import add
from random import Random
from typing import Final, TypeAlias

from motcua.engine.explain import Because
from motcua.engine.wording import minutes_en, minutes_vi

_DRAWS: Final = 100
_NEVER: Final = float("inf")


@dataclass(frozen=True, kw_only=True, slots=True)
class RiskRules:
    """How a chance is found and told; no law says it.

    Fewer than `enough_history` past durations are looked for in a wider circle, and called little;
    the newest `learned_steps` finished steps are learned from. A chance is told as raised and as
    high from a per cent on, and of fewer than `enough_late` late cases no judgement is made.
    """

    enough_history: int
    learned_steps: int
    raised_percent: int
    high_percent: int
    enough_late: int


@dataclass(frozen=True, slots=True)
class StepKey:
    """Which past durations belong to a step: the same step here, anywhere, or of the same role.

    `step` must name the workflow too, where steps of several workflows share a name.
    """

    step: str
    unit: str
    role: str


@dataclass(frozen=True, slots=True)
class PastStep:
    """One time that a step was done, and how much working time it took."""

    key: StepKey
    minutes: int


@dataclass(frozen=True, slots=True)
class StepAhead:
    """A step that is still to be finished; `spent_minutes` is None until it opens."""

    key: StepKey
    name: str
    spent_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Parallel:
    """Branches that run at the same time and are waited for together."""

    branches: tuple[Path, ...]


Path: TypeAlias = "tuple[StepAhead | Parallel, ...]"


class Circle(StrEnum):
    """How far one had to look for past durations of a step."""

    AT_THIS_UNIT = "AT_THIS_UNIT"
    EVERYWHERE = "EVERYWHERE"
    SAME_ROLE = "SAME_ROLE"


@dataclass(frozen=True, slots=True)
class Risk:
    """The chance of lateness between 0 and 1, and what it rests on, step by step."""

    probability: float
    because: tuple[Because, ...]


class CannotForetell(ValueError):
    """The path or the durations given contradict themselves."""

    def __init__(self, because: Because) -> None:
        super().__init__(because.vi)
        self.because = because


@dataclass(frozen=True, slots=True, eq=False)
class Durations:
    """The past durations of a step, in order, with the mass added below and above them."""

    minutes: tuple[int, ...]
    circle: Circle

    @property
    def median(self) -> int:
        """The duration that half of the cases did not exceed."""
        return self.minutes[(len(self.minutes) - 1) // 2]

    def beyond(self, spent: float) -> float:
        """Return how many cases, added ones included, last longer than the time spent."""
        longest, shortest = max(1, self.minutes[-1]), self.minutes[0]
        if spent >= longest:
            return longest / spent / 2
        faster = max(0.0, 1 - spent / shortest) / 2 if shortest else 0.0
        return faster + len(self.minutes) - bisect_right(self.minutes, spent) + 0.5

    def draw(self, count: int, spent: int | None) -> list[float]:
        """Return evenly spread times that the step still lasts, the longest first.

        In whole minutes, so that sums are exact; beyond the slowest, those that a number of cases
        exceed are the inverse of `beyond`.
        """
        known = len(self.minutes)
        step = (known + 1 if spent is None else self.beyond(spent)) / count
        exceeding = [(number + 0.5) * step for number in range(count)]
        slower, faster = bisect_left(exceeding, 0.5), bisect_left(exceeding, known + 0.5)
        half, ordered = max(1, self.minutes[-1]) / 2, self.minutes
        gone = spent or 0
        drawn: list[float] = [ceil(half / w) - gone for w in exceeding[:slower]]
        drawn += [ordered[known - 1 - int(w - 0.5)] - gone for w in exceeding[slower:faster]]
        drawn += [ceil(ordered[0] * 2 * (known + 1 - w)) - gone for w in exceeding[faster:]]
        return drawn


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class History:
    """How long steps took before, compiled once and then asked for many cases."""

    _circles: Mapping[Circle, Mapping[tuple[str, ...], tuple[int, ...]]]
    _enough: int
    _seed: int
    _draws: int
    _found: dict[StepKey, Durations | None] = field(default_factory=dict)
    _played: dict[tuple[Path, str], tuple[float, ...]] = field(default_factory=dict)
    _follows: dict[Path, tuple[float, ...]] = field(default_factory=dict)
    _told: dict[StepAhead, Because] = field(default_factory=dict)

    @classmethod
    def compile(
        cls, past: Iterable[PastStep], *, enough: int, seed: int = 1, draws: int = _DRAWS
    ) -> History:
        """Sort the past durations by step and unit, step, and role; raise CannotForetell.

        `enough` is how many durations are enough not to look in a wider circle.
        """
        if draws < 1:
            raise CannotForetell(_no_draws(draws))
        by_key: dict[StepKey, list[int]] = {}
        for done in past:
            if done.minutes < 0:
                raise CannotForetell(_negative(done.key.step, done.minutes))
            by_key.setdefault(done.key, []).append(done.minutes)
        circles: dict[Circle, dict[tuple[str, ...], list[int]]] = {circle: {} for circle in Circle}
        for key, minutes in by_key.items():
            for circle in Circle:
                circles[circle].setdefault(_place(circle, key), []).extend(minutes)
        ordered = {
            circle: {place: tuple(sorted(found)) for place, found in places.items()}
            for circle, places in circles.items()
        }
        return cls(_circles=ordered, _enough=enough, _seed=seed, _draws=draws)

    def durations(self, key: StepKey) -> Durations | None:
        """Return the nearest past durations that are enough, else the widest there are."""
        if key not in self._found:
            self._found[key] = self._look(key)
        return self._found[key]

    def risk(self, *, path: Path, remaining_minutes: int) -> Risk:
        """Return the chance that the path needs more working time than remains, and why.

        The path begins with what is open now. Raises CannotForetell for a step that is open behind
        one that is not finished.
        """
        _check(path)
        if not path:
            return Risk(0.0, (_nothing_left(),))
        if remaining_minutes <= 0:
            return Risk(1.0, (_already_due(-remaining_minutes),))
        first, follows = path[0], self._what_follows(path[1:])
        lasts = self._play((first,), "") if isinstance(first, Parallel) else self._draw(first)
        in_time = sum([bisect_right(follows, remaining_minutes - last) for last in lasts])
        probability = 1 - in_time / (len(lasts) * len(follows))
        told = (self._tell(step) for step in _steps(path))
        return Risk(probability, (*told, _summary(probability, remaining_minutes)))

    def _look(self, key: StepKey) -> Durations | None:
        widest = None
        for circle in Circle:
            found = self._circles[circle].get(_place(circle, key))
            if found:
                widest = Durations(found, circle)
                if len(found) >= self._enough:
                    return widest
        return widest

    def _what_follows(self, path: Path) -> tuple[float, ...]:
        """Return in order how much working time the path needs; nothing, when it is empty."""
        if not path:
            return (0,)
        if path not in self._follows:
            self._follows[path] = tuple(sorted(self._play(path, "")))
        return self._follows[path]

    def _play(self, path: Path, place: str) -> tuple[float, ...]:
        """Return how much working time the path needs, once for every draw.

        The place numbers steps from the end, so that cases which share what follows share its
        draws; what is not open yet is played once.
        """
        first, rest = path[0], path[1:]
        is_open = _is_open(first)
        if not is_open and (path, place) in self._played:
            return self._played[path, place]
        here = f"{place}.{len(rest)}"
        if isinstance(first, Parallel):
            branches = [
                self._play(branch, f"{here}/{number}")
                for number, branch in enumerate(first.branches)
            ]
            needs = tuple(map(max, *branches)) if len(branches) > 1 else branches[0]
        else:
            draws = self._draw(first)
            needs = tuple(map(draws.__getitem__, _shuffled(self._draws, f"{self._seed}:{here}")))
        if rest:
            needs = tuple(map(add, needs, self._play(rest, place)))
        if not is_open:
            self._played[path, place] = needs
        return needs

    def _draw(self, step: StepAhead) -> list[float]:
        durations = self.durations(step.key)
        if durations is None:
            # Nothing is known, so it is even whether the step ends at once or never in time.
            half = self._draws // 2
            return [_NEVER] * half + [0] * (self._draws - half)
        return durations.draw(self._draws, step.spent_minutes)

    def _tell(self, step: StepAhead) -> Because:
        if step.spent_minutes is not None:
            return self._reason(step)
        if step not in self._told:
            self._told[step] = self._reason(step)
        return self._told[step]

    def _reason(self, step: StepAhead) -> Because:
        durations = self.durations(step.key)
        is_little = durations is not None and len(durations.minutes) < self._enough
        return _reason(step, durations, is_little=is_little)


def _place(circle: Circle, key: StepKey) -> tuple[str, ...]:
    if circle is Circle.AT_THIS_UNIT:
        return (key.step, key.unit)
    return (key.step,) if circle is Circle.EVERYWHERE else (key.role,)


@lru_cache(maxsize=4096)
def _shuffled(count: int, seed: str) -> tuple[int, ...]:
    """Return the numbers of the draws in an order of their own for each place of a path."""
    numbers = list(range(count))
    Random(seed).shuffle(numbers)  # noqa: S311 - an order to repeat, no secret
    return tuple(numbers)


def _steps(path: Path) -> Iterator[StepAhead]:
    for item in path:
        if isinstance(item, Parallel):
            for branch in item.branches:
                yield from _steps(branch)
        else:
            yield item


def _is_open(item: StepAhead | Parallel) -> bool:
    if isinstance(item, Parallel):
        return any(_is_open(branch[0]) for branch in item.branches)
    return item.spent_minutes is not None


def _check(path: Path) -> None:
    """Raise CannotForetell unless only the beginning of the path, or of its branches, is open."""
    for item in path[:1]:
        if isinstance(item, Parallel):
            if not item.branches or not all(item.branches):
                raise CannotForetell(_empty_branch())
            for branch in item.branches:
                _check(branch)
        elif item.spent_minutes is not None and item.spent_minutes < 0:
            raise CannotForetell(_negative(item.name, item.spent_minutes))
    for item in path[1:]:
        _check((item,))
        for step in _steps((item,)):
            if step.spent_minutes is not None:
                raise CannotForetell(_open_too_early(step.name))


_WHERE: Final = {
    Circle.AT_THIS_UNIT: ("tại đơn vị này", "at this unit"),
    Circle.EVERYWHERE: ("tại mọi đơn vị", "at all units"),
    Circle.SAME_ROLE: ("của các bước cùng vai trò", "of steps of the same role"),
}


def _reason(step: StepAhead, durations: Durations | None, *, is_little: bool) -> Because:
    if durations is None:
        return Because(
            vi=f"Bước “{step.name}” chưa có hồ sơ nào trước đây: coi khả năng kịp và không kịp "
            "như nhau",
            en=f"Step “{step.name}” has no past case: in time and late are taken as equally likely",
        )
    count, median = len(durations.minutes), durations.median
    where_vi, where_en = _WHERE[durations.circle]
    cases_en = "case" if count == 1 else "cases"
    vi = (
        f"Bước “{step.name}” thường mất {minutes_vi(median)} làm việc "
        f"(trung vị của {count} hồ sơ {where_vi})"
    )
    en = (
        f"Step “{step.name}” usually takes {minutes_en(median)} of working time "
        f"(median of {count} {cases_en} {where_en})"
    )
    if step.spent_minutes is not None:
        vi += f", đã qua {minutes_vi(step.spent_minutes)}"
        en += f", {minutes_en(step.spent_minutes)} already spent"
        if step.spent_minutes >= durations.minutes[-1]:
            vi += ", lâu hơn hoặc bằng mọi hồ sơ đó"
            en += ", as long as or longer than all of them"
    if is_little:
        vi += "; ít hồ sơ nên tính thêm nửa hồ sơ nhanh hơn và nửa hồ sơ chậm hơn tất cả"
        en += "; few cases, so half a case faster and half a case slower than all are added"
    return Because(vi=vi, en=en)


def _summary(probability: float, remaining: int) -> Because:
    percent = round(probability * 100)
    in_vi, in_en = f"khoảng {percent}%", f"about {percent}%"
    if percent == 0:
        in_vi, in_en = "dưới 1%", "less than 1%"
    elif percent == 100:
        in_vi, in_en = "trên 99%", "more than 99%"
    return Because(
        vi=f"Còn {minutes_vi(remaining)} làm việc đến hạn: khả năng trễ hạn {in_vi}",
        en=f"{minutes_en(remaining)} of working time left until due: chance of lateness {in_en}",
    )


def _already_due(overdue: int) -> Because:
    return Because(
        vi=f"Đã hết hạn, quá {minutes_vi(overdue)} làm việc mà các bước chưa xong",
        en=f"The time has run out, {minutes_en(overdue)} of working time ago, with steps to go",
    )


def _nothing_left() -> Because:
    return Because(vi="Không còn bước nào phải làm", en="No step is left to do")


def _no_draws(draws: int) -> Because:
    return Because(
        vi=f"Số lần mô phỏng phải từ 1 trở lên, không thể là {draws}.",
        en=f"The number of simulated courses must be at least 1, it cannot be {draws}.",
    )


def _negative(step: str, minutes: int) -> Because:
    return Because(
        vi=f"Bước “{step}” ghi {minutes} phút; thời gian không thể âm, hãy kiểm tra giờ mở và giờ "
        "hoàn thành của bước.",
        en=f"Step “{step}” is recorded with {minutes} minutes; time cannot be negative, check when "
        "the step was opened and completed.",
    )


def _empty_branch() -> Because:
    return Because(
        vi="Một nhánh song song không có bước nào; hãy bỏ nhánh đã xong khỏi các bước còn lại.",
        en="A parallel branch has no step; leave finished branches out of what remains.",
    )


def _open_too_early(step: str) -> Because:
    return Because(
        vi=f"Bước “{step}” đang mở trong khi bước trước nó chưa xong; hãy đặt các bước đang mở "
        "ở đầu hoặc thành các nhánh song song.",
        en=f"Step “{step}” is open while the one before it is not finished; put open steps first "
        "or into parallel branches.",
    )

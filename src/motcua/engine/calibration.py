"""Calibration: how well chances of lateness that were told in advance agree with what came."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Generic, TypeVar

from motcua.engine.explain import Because
from motcua.engine.wording import number_en, number_vi

T = TypeVar("T")

_BINS = 10


@dataclass(frozen=True, slots=True)
class Foretold:
    """A chance of lateness told while the case was open, and whether it ended late."""

    probability: float
    was_late: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """The cases whose told chance lay in one tenth; without cases the two rates are None."""

    low: float
    high: float
    count: int
    late_count: int
    mean_probability: float | None
    late_rate: float | None


@dataclass(frozen=True, slots=True)
class Calibration:
    """The Brier score beside that of always telling the average, and the reliability bins.

    `skill` is 1 for perfect foresight, 0 for no better than the average, negative for worse; it is
    None when all cases ended alike, for then the average is never wrong.
    """

    count: int
    late_count: int
    brier: float
    brier_of_average: float
    skill: float | None
    bins: tuple[Bin, ...]
    because: Because


@dataclass(frozen=True, slots=True)
class Split(Generic[T]):
    """What had ended before a day, to learn from, and what began after it, to be judged by.

    What was under way on that day belongs to neither, since its end was not known then.
    """

    earlier: tuple[T, ...]
    later: tuple[T, ...]
    under_way: tuple[T, ...]


class NothingToJudge(ValueError):
    """There is no case by which the told chances could be judged."""

    def __init__(self) -> None:
        self.because = Because(
            vi="Chưa có hồ sơ nào đã kết thúc để đối chiếu; hãy chọn khoảng thời gian có hồ sơ.",
            en="No finished case to compare with; choose a period that has cases.",
        )
        super().__init__(self.because.vi)


class NotAProbability(ValueError):
    """A told chance does not lie between 0 and 1."""

    def __init__(self, probability: float) -> None:
        self.because = Because(
            vi=f"Xác suất {probability} không nằm trong khoảng từ 0 đến 1; hãy kiểm tra dữ liệu.",
            en=f"The probability {probability} does not lie between 0 and 1; check the data.",
        )
        super().__init__(self.because.vi)


def split_by_time(
    items: Iterable[T],
    *,
    cut: datetime,
    began_at: Callable[[T], datetime],
    ended_at: Callable[[T], datetime | None],
) -> Split[T]:
    """Divide items at a moment so that nothing learned from was unknown before it."""
    earlier, later, under_way = [], [], []
    for item in items:
        ended = ended_at(item)
        if began_at(item) >= cut:
            later.append(item)
        elif ended is not None and ended < cut:
            earlier.append(item)
        else:
            under_way.append(item)
    return Split(tuple(earlier), tuple(later), tuple(under_way))


def brier_score(cases: Sequence[Foretold]) -> float:
    """Return the mean squared error of the told chances; raise NothingToJudge without cases."""
    _check(cases)
    return sum((case.probability - case.was_late) ** 2 for case in cases) / len(cases)


def reliability(cases: Sequence[Foretold]) -> tuple[Bin, ...]:
    """Return the ten bins from 0 to 1; a chance on an edge belongs to the upper one."""
    _check(cases)
    found: list[list[Foretold]] = [[] for _ in range(_BINS)]
    for case in cases:
        found[min(int(case.probability * _BINS), _BINS - 1)].append(case)
    return tuple(
        _bin(number / _BINS, (number + 1) / _BINS, inside) for number, inside in enumerate(found)
    )


def judge(cases: Sequence[Foretold]) -> Calibration:
    """Return how well the told chances did; raise NothingToJudge or NotAProbability."""
    brier, count = brier_score(cases), len(cases)
    late_count = sum(case.was_late for case in cases)
    average = late_count / count
    of_average = average * (1 - average)
    return Calibration(
        count=count,
        late_count=late_count,
        brier=brier,
        brier_of_average=of_average,
        skill=1 - brier / of_average if of_average else None,
        bins=reliability(cases),
        because=_told(count, late_count, brier, of_average),
    )


def _check(cases: Sequence[Foretold]) -> None:
    if not cases:
        raise NothingToJudge
    for case in cases:
        if not 0 <= case.probability <= 1:
            raise NotAProbability(case.probability)


def _bin(low: float, high: float, inside: Sequence[Foretold]) -> Bin:
    count, late_count = len(inside), sum(case.was_late for case in inside)
    if not count:
        return Bin(low, high, 0, 0, None, None)
    mean = sum(case.probability for case in inside) / count
    return Bin(low, high, count, late_count, mean, late_count / count)


def _told(count: int, late_count: int, brier: float, of_average: float) -> Because:
    ours, average = Decimal(f"{brier:.3f}"), Decimal(f"{of_average:.3f}")
    return Because(
        vi=f"{count} hồ sơ để đối chiếu, {late_count} hồ sơ trễ hạn; điểm Brier "
        f"{number_vi(ours)} (0 là hoàn hảo), luôn báo mức trung bình thì được {number_vi(average)}",
        en=f"{count} cases to compare with, {late_count} of them late; Brier score "
        f"{number_en(ours)} (0 is perfect), always telling the average scores {number_en(average)}",
    )

"""Clock benchmark: due dates per minute on one core, and the ratio to numpy's busday_offset."""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from motcua.engine.deadlines import due, due_at
from motcua.engine.limits import Limit, parse_limit
from motcua.engine.moments import VIETNAM
from motcua.engine.office_hours import DayKind
from motcua.engine.timerules import TimeRules
from motcua.engine.worktime import WorkCalendar
from motcua.lawbook import queries

FIRST, DAYS = datetime(2021, 1, 4, 7, tzinfo=VIETNAM), 1700
MIXED = ("8 giờ", "3 ngày làm việc", "5 ngày làm việc", "15 ngày làm việc", "30 ngày", "1 tháng")


def random_moments(count: int, *, seed: int) -> Iterator[datetime]:
    """Yield moments of reception at any minute of day and night."""
    rng = random.Random(seed)
    for _ in range(count):
        yield FIRST + timedelta(days=rng.randrange(DAYS), minutes=rng.randrange(24 * 60))


def per_minute(work: Callable[[], None], count: int) -> float:
    """Return how many of the count answers fit into a minute of one core, best of three rounds."""
    best = float("inf")
    for _ in range(3):
        started = time.process_time()
        work()
        best = min(best, time.process_time() - started)
    return count / best * 60


def holidays_for_numpy(calendar: WorkCalendar) -> list[date]:
    """Return the days off that fall on weekdays; numpy cannot say that a Saturday is worked."""
    return [
        day
        for day, marked in calendar.days.items()
        if marked.kind is not DayKind.WORKED_SATURDAY and day.weekday() < 5
    ]


def check_against_numpy(
    calendar: WorkCalendar, rules: TimeRules, limit: Limit, moments: list[datetime]
) -> int:
    """Return on how many moments numpy's answer was compared; raise on a different day."""
    worked = [d for d, m in calendar.days.items() if m.kind is DayKind.WORKED_SATURDAY]
    holidays, compared = holidays_for_numpy(calendar), 0
    for moment in moments:
        if not (calendar.is_open(moment) and calendar.is_working_day(moment.date())):
            continue
        answer = due_at(received_at=moment, limit=limit, calendar=calendar, rules=rules).date()
        if any(moment.date() <= day <= answer for day in worked):
            continue
        expected = np.busday_offset(moment.date(), int(limit.amount), holidays=holidays)
        if expected.astype(date) != answer:
            raise AssertionError(f"{moment}: {answer} here, {expected} by numpy")
        compared += 1
    return compared


def rates_of_engine(
    calendar: WorkCalendar, rules: TimeRules, moments: list[datetime]
) -> dict[str, float]:
    """Return due dates per minute, without and with their ledger."""
    five, mixed = parse_limit(MIXED[2]), [parse_limit(text) for text in MIXED]

    def only_due_at() -> None:
        for moment in moments:
            due_at(received_at=moment, limit=five, calendar=calendar, rules=rules)

    def with_ledger() -> None:
        for moment in moments:
            due(received_at=moment, limit=five, calendar=calendar, rules=rules)

    def mixed_with_ledger() -> None:
        for number, moment in enumerate(moments):
            limit = mixed[number % len(mixed)]
            due(received_at=moment, limit=limit, calendar=calendar, rules=rules)

    return {
        "due time alone, 5 working days": per_minute(only_due_at, len(moments)),
        "with compact ledger, 5 working days": per_minute(with_ledger, len(moments)),
        "with compact ledger, mixed limits": per_minute(mixed_with_ledger, len(moments)),
    }


def rates_of_plain_days(calendar: WorkCalendar, moments: list[datetime]) -> dict[str, float]:
    """Return date-to-date answers per minute of the calendar and of numpy, on the same days."""
    weekdays = np.busdaycalendar(holidays=holidays_for_numpy(calendar))
    days = [moment.date() for moment in moments]
    singles = [np.datetime64(day) for day in days]
    vector = np.array(singles)

    def plain_days() -> None:
        for day in days:
            calendar.working_day_after(day, 5)

    def numpy_one_by_one() -> None:
        for single in singles:
            np.busday_offset(single, 5, roll="backward", busdaycal=weekdays)

    def numpy_vector() -> None:
        np.busday_offset(vector, 5, roll="backward", busdaycal=weekdays)

    return {
        "plain working days, date to date": per_minute(plain_days, len(days)),
        "numpy busday_offset, one by one": per_minute(numpy_one_by_one, len(days)),
        "numpy busday_offset, one vector": per_minute(numpy_vector, len(days)),
    }


def main() -> None:
    """Print the rates of this machine."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    calendar, rules = queries.get_calendar(), queries.get_time_rules(date(2023, 3, 14))
    moments = list(random_moments(options.count, seed=options.seed))
    plain = rates_of_plain_days(calendar, moments)
    for name, rate in (rates_of_engine(calendar, rules, moments) | plain).items():
        print(f"{name:40} {rate:>16,.0f} a minute")
    ours, single, vectorised = plain.values()
    print(f"{'plain working days / numpy one by one':40} {ours / single:>16.2f}")
    print(f"{'plain working days / numpy vector':40} {ours / vectorised:>16.4f}")
    compared = check_against_numpy(calendar, rules, parse_limit(MIXED[2]), moments[:2000])
    print(f"same day as numpy on {compared} moments in office hours")


if __name__ == "__main__":
    main()

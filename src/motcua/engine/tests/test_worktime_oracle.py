"""Working time and due times against an independent oracle that walks minute by minute, day by day."""

import random
from datetime import date, datetime, timedelta
from decimal import Decimal

from motcua.engine.deadlines import due, due_at
from motcua.engine.ledger import LedgerKind
from motcua.engine.limits import Limit, Unit
from motcua.engine.moments import VIETNAM
from motcua.engine.office_hours import DayHours, DayKind
from motcua.engine.tests.depth import MINUTE_CASES, RANDOM_CASES
from motcua.engine.tests.offices import MORNING, WEEK, make_calendar, make_day, make_rules
from motcua.engine.worktime import WorkCalendar

YEAR = 2023
MINUTE = timedelta(minutes=1)


class SlowOffice:
    """Knows only whether a given minute is worked, and walks."""

    def __init__(self, seed: int) -> None:
        rng = random.Random(seed)
        self.off = {date(YEAR, 1, 1) + timedelta(days=rng.randrange(365)) for _ in range(20)}
        self.works_saturday_morning = rng.random() < 0.5
        saturday = date(YEAR, 5, 6) + timedelta(weeks=rng.randrange(10))
        monday = saturday + timedelta(days=2)
        self.swapped = {saturday: monday}
        self.off = (self.off | {monday}) - {saturday}

    def calendar(self) -> WorkCalendar:
        week = WEEK | ({5: DayHours(hours=(MORNING,))} if self.works_saturday_morning else {})
        days = [make_day(day) for day in sorted(self.off - set(self.swapped.values()))]
        for saturday, monday in self.swapped.items():
            days.append(make_day(saturday, DayKind.WORKED_SATURDAY, monday))
            days.append(make_day(monday, DayKind.OFF_IN_LIEU, saturday))
        return make_calendar(week=week, days=days)

    def hours(self, day: date) -> list[tuple[int, int]]:
        if day in self.off:
            return []
        if day in self.swapped or day.weekday() < 5:
            return [(420, 690), (810, 1020)]
        return [(420, 690)] if day.weekday() == 5 and self.works_saturday_morning else []

    def is_worked(self, minute: datetime) -> bool:
        clock = minute.hour * 60 + minute.minute
        return any(opens <= clock < closes for opens, closes in self.hours(minute.date()))

    def is_open(self, minute: datetime) -> bool:
        clock = minute.hour * 60 + minute.minute
        return any(opens <= clock <= closes for opens, closes in self.hours(minute.date()))

    def opening(self, minute: datetime) -> datetime:
        while not self.is_open(minute):
            minute += MINUTE
        return minute

    def add(self, minute: datetime, minutes: int) -> datetime:
        while minutes:
            minutes -= self.is_worked(minute)
            minute += MINUTE
        return minute

    def closing(self, day: date) -> datetime:
        while not self.hours(day):
            day += timedelta(days=1)
        closes = self.hours(day)[-1][1]
        return datetime(day.year, day.month, day.day, closes // 60, closes % 60, tzinfo=VIETNAM)

    def due(self, received: datetime, limit: Limit) -> datetime:
        start, left = self.opening(received), int(limit.amount)
        if limit.unit is Unit.HOUR:
            return self.add(start, left * 60)
        day = start.date()
        if limit.unit is Unit.DAY:
            return self.closing(day + timedelta(days=left))
        if limit.unit is Unit.MONTH:
            month, number = day.month + left, day.day
            while True:
                try:
                    return self.closing(date(YEAR, month, number))
                except ValueError:
                    number -= 1
        while left:
            day += timedelta(days=1)
            left -= bool(self.hours(day))
        return self.closing(day)


def random_minute(rng: random.Random, last_day: int = 250) -> datetime:
    start = datetime(YEAR, 1, 1, tzinfo=VIETNAM)
    return start + timedelta(days=rng.randrange(last_day), minutes=rng.randrange(1440))


def test_hours_agree_with_walking_minute_by_minute() -> None:
    rng = random.Random(20231027)
    offices = [(office, office.calendar()) for office in map(SlowOffice, range(10))]

    for _ in range(MINUTE_CASES):
        office, calendar = rng.choice(offices)
        start, minutes = random_minute(rng), rng.randrange(1, 1200)
        reached = office.add(start, minutes)

        assert calendar.add(start, minutes * MINUTE) == reached
        assert calendar.measure(start, reached) == minutes * MINUTE


def test_due_times_agree_with_walking_day_by_day() -> None:
    rng = random.Random(503)
    rules = make_rules()
    offices = [(office, office.calendar()) for office in map(SlowOffice, range(10))]
    units = [(Unit.WORKING_DAY, 40), (Unit.DAY, 60), (Unit.MONTH, 3), (Unit.HOUR, 12)]

    for _ in range(RANDOM_CASES):
        office, calendar = rng.choice(offices)
        unit, most = rng.choice(units)
        limit = Limit(amount=Decimal(rng.randrange(1, most + 1)), unit=unit)
        received = random_minute(rng)

        expected = office.due(received, limit)

        assert due_at(received_at=received, limit=limit, calendar=calendar, rules=rules) == expected
        deadline = due(received_at=received, limit=limit, calendar=calendar, rules=rules)
        assert deadline.due_at == expected == deadline.ledger[-1].ends_at


def test_skipped_days_of_the_ledger_are_those_the_oracle_calls_off() -> None:
    rng = random.Random(107)
    rules, office = make_rules(), SlowOffice(3)
    calendar = office.calendar()

    for _ in range(200):
        limit = Limit(amount=Decimal(rng.randrange(1, 30)), unit=Unit.WORKING_DAY)
        deadline = due(received_at=random_minute(rng), limit=limit, calendar=calendar, rules=rules)

        for line in deadline.ledger:
            if line.kind is LedgerKind.SKIPPED and line.amount:
                day = line.starts_at.date()
                while day < line.ends_at.date():
                    assert not office.hours(day)
                    day += timedelta(days=1)

"""Deadline chips: words that say how much working time is left, or how late it is."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.desk import chips
from motcua.engine import deadlines
from motcua.engine.limits import Limit, Unit
from motcua.engine.moments import VIETNAM, at
from motcua.lawbook import queries as lawbook

CALENDAR = lawbook.get_calendar()


def moment(text: str) -> datetime:
    return datetime.strptime(f"{text}/2023", "%H:%M %d/%m/%Y").replace(tzinfo=VIETNAM)


THURSDAY_CLOSING = moment("17:00 16/03")


@pytest.mark.parametrize(
    ("now", "expected", "tone"),
    [
        ("09:00 13/03", "còn 3 ngày làm việc", "ok"),
        ("06:00 13/03", "còn 3 ngày làm việc", "ok"),
        ("20:00 13/03", "còn 2 ngày làm việc", "ok"),
        ("16:59 15/03", "còn 1 ngày làm việc", "soon"),
        ("17:30 15/03", "còn 8 giờ làm việc", "soon"),
        ("09:00 16/03", "còn 6 giờ làm việc", "soon"),
        ("15:20 16/03", "còn 1 giờ 40 phút làm việc", "soon"),
        ("16:35 16/03", "còn 25 phút làm việc", "soon"),
        ("17:00 16/03", "đến hạn lúc 17:00", "soon"),
        ("17:01 16/03", "quá hạn từ 17:00", "late"),
        ("08:00 17/03", "quá hạn 1 giờ làm việc", "late"),
        ("17:00 17/03", "quá hạn 1 ngày làm việc", "late"),
        ("10:00 18/03", "quá hạn 1 ngày làm việc", "late"),
        ("09:00 20/03", "quá hạn 1 ngày làm việc", "late"),
        ("17:00 20/03", "quá hạn 2 ngày làm việc", "late"),
    ],
)
def test_a_chip_says_how_long_until_thursday_at_closing(now: str, expected: str, tone: str) -> None:
    chip = chips.open_chip(THURSDAY_CLOSING, now=moment(now), calendar=CALENDAR)

    assert (chip.words, chip.tone) == (expected, tone)


def test_a_weekend_is_not_counted_as_time_left() -> None:
    chip = chips.open_chip(moment("17:00 20/03"), now=moment("16:00 17/03"), calendar=CALENDAR)

    assert (chip.words, chip.tone) == ("còn 1 ngày làm việc", "soon")


def test_what_is_done_says_whether_it_was_in_time() -> None:
    early = chips.done_chip(THURSDAY_CLOSING, done_at=moment("17:00 16/03"), calendar=CALENDAR)
    late = chips.done_chip(THURSDAY_CLOSING, done_at=moment("09:00 17/03"), calendar=CALENDAR)

    assert (early.words, early.tone) == ("xong đúng hạn", "done")
    assert (late.words, late.tone) == ("xong, quá hạn 2 giờ làm việc", "late")


def test_beyond_the_known_calendar_a_chip_names_the_day() -> None:
    chip = chips.open_chip(
        THURSDAY_CLOSING, now=datetime(2031, 1, 1, tzinfo=VIETNAM), calendar=CALENDAR
    )

    assert (chip.words, chip.tone) == ("quá hạn từ 16/03/2023", "late")


def test_what_took_days_is_counted_as_its_limit_is() -> None:
    start, end = moment("09:00 13/03"), moment("16:30 16/03")

    assert chips.worked_words(start, end, CALENDAR, in_days=True) == "3 ngày làm việc"
    assert chips.worked_words(start, end, CALENDAR, in_days=False) == "29 giờ 30 phút làm việc"
    assert chips.worked_words(start, start, CALENDAR, in_days=True) == "dưới 1 phút làm việc"


MINUTES = st.integers(min_value=0, max_value=120 * 24 * 60)


@settings(deadline=None)
@given(start=MINUTES, days=st.integers(min_value=0, max_value=40))
def test_the_days_left_are_the_longest_limit_that_could_still_be_kept(
    start: int, days: int
) -> None:
    now = moment("00:00 01/02") + timedelta(minutes=start)
    day = CALENDAR.working_day_after(now.date(), days)
    due_at = CALENDAR.closing(day)

    left = chips.working_days(now, due_at, CALENDAR) if now <= due_at else 0

    def due_of(amount: int) -> datetime:
        return deadlines.due_at(
            received_at=now,
            limit=Limit(amount=Decimal(amount), unit=Unit.WORKING_DAY),
            calendar=CALENDAR,
            rules=lawbook.get_counting_rules(now.date()),
        )

    assert left == 0 or due_of(left) <= due_at
    assert due_of(left + 1) > due_at


@settings(deadline=None)
@given(first=MINUTES, second=MINUTES)
def test_a_chip_is_late_exactly_when_the_due_time_has_passed(first: int, second: int) -> None:
    beginning = moment("00:00 01/02")
    due_at, now = beginning + timedelta(minutes=first), beginning + timedelta(minutes=second)

    chip = chips.open_chip(due_at, now=now, calendar=CALENDAR)

    assert (chip.tone == "late") == (now > due_at)
    assert (chip.tone == "soon") == (now <= due_at < chips.soon_until(now, CALENDAR))
    assert chip.words.startswith("quá hạn") == (now > due_at)


def test_near_reaches_to_the_end_of_the_next_working_day() -> None:
    friday = moment("09:00 17/03")

    assert chips.soon_until(friday, CALENDAR) == at(date(2023, 3, 21), time())

"""Decisions on days off: what they make of a calendar, and every reason to refuse one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from motcua.engine.calendar_decisions import DecidedDay, DecidedKind, laid_over, problems_of
from motcua.engine.office_hours import CalendarDay, DayKind

TODAY = date(2023, 3, 15)
HOLIDAY = CalendarDay(
    day=date(2023, 9, 2), kind=DayKind.OFF, name_vi="Quốc khánh", name_en="", source="BLLĐ"
)  # a Saturday


def one(day: date, kind: str, in_lieu_of: date | None = None) -> DecidedDay:
    return DecidedDay(day=day, kind=DecidedKind(kind), name="Nghỉ", in_lieu_of=in_lieu_of)


def problems(*days: DecidedDay) -> list[str]:
    found = problems_of(days, known=[HOLIDAY], last_year=2023, today=TODAY)
    return [problem.vi for problem in found]


def test_a_day_off_in_lieu_of_a_holiday_on_a_weekend_is_no_problem() -> None:
    assert problems(one(date(2023, 9, 4), "off_in_lieu", date(2023, 9, 2))) == []


def test_a_swap_whose_halves_name_each_other_is_no_problem() -> None:
    off, worked = date(2023, 9, 1), date(2023, 8, 26)

    assert problems(one(off, "off_in_lieu", worked), one(worked, "worked_saturday", off)) == []


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([], "chưa có ngày nào"),
        ([one(date(2023, 5, 4), "off"), one(date(2023, 5, 4), "off")], "hai lần"),
        ([one(TODAY, "off")], "đã đến hoặc đã qua"),
        ([one(date(2023, 9, 2), "off")], "đã là ngày nghỉ"),
        ([one(date(2023, 5, 4), "ordinary")], "vốn là ngày thường"),
        ([one(date(2023, 8, 26), "worked_saturday")], "phải ghi nó bù"),
        ([one(date(2023, 8, 25), "worked_saturday", date(2023, 9, 1))], "phải là Thứ Bảy"),
        ([one(date(2023, 9, 1), "off_in_lieu")], "phải ghi nghỉ thay cho ngày nào"),
        ([one(date(2023, 9, 1), "off_in_lieu", date(2023, 8, 26))], "phải thay cho một ngày lễ"),
        ([one(date(2023, 9, 9), "off_in_lieu", date(2023, 9, 2))], "đã là ngày nghỉ"),
        ([one(date(2025, 5, 5), "off")], "Chưa có lịch của năm 2024"),
    ],
    ids=[
        "nothing",
        "twice",
        "past",
        "off already",
        "ordinary already",
        "half a swap",
        "no saturday",
        "in lieu of nothing",
        "the other half is missing",
        "in lieu on a weekend",
        "a year too far",
    ],
)
def test_a_decision_that_contradicts_itself_is_refused_by_name(
    days: list[DecidedDay], words: str
) -> None:
    assert any(words in problem for problem in problems(*days))


def test_a_calendar_that_closes_every_day_is_refused() -> None:
    first = date(2024, 1, 1)
    days = [one(first + timedelta(days=number), "off") for number in range(366)]

    assert any("đóng cửa mọi ngày của năm 2024" in problem for problem in problems(*days))


def test_the_latest_decision_on_a_day_holds() -> None:
    day = date(2023, 5, 4)

    after = laid_over([HOLIDAY], [one(day, "off"), one(HOLIDAY.day, "ordinary")])
    taken_back = laid_over([HOLIDAY], [one(day, "off"), one(day, "ordinary")])

    assert [d.day for d in after] == [day]
    assert taken_back == (HOLIDAY,)

"""Working time: opening, adding, subtracting, measuring, and what a calendar refuses."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from motcua.engine.moments import NaiveMoment
from motcua.engine.office_hours import (
    CalendarRefused,
    DayHours,
    DayKind,
    OfficeHoursRefused,
    OpenHours,
)
from motcua.engine.tests.offices import (
    FULL_DAY,
    MORNING,
    WEEK,
    make_calendar,
    make_day,
    make_hours,
    moment,
)
from motcua.engine.worktime import CalendarEnds, CalendarNeverOpens, WorkCalendar

HOUR = timedelta(hours=1)


def test_a_moment_in_office_hours_is_its_own_opening() -> None:
    calendar = make_calendar()

    assert calendar.next_opening(moment("2023-03-16T09:32")) == moment("2023-03-16T09:32")


@pytest.mark.parametrize(
    ("received", "opening"),
    [
        ("2023-03-16T06:10", "2023-03-16T07:00"),
        ("2023-03-16T12:00", "2023-03-16T13:30"),
        ("2023-03-16T17:01", "2023-03-17T07:00"),
        ("2023-03-17T20:00", "2023-03-20T07:00"),
        ("2023-03-18T09:00", "2023-03-20T07:00"),
    ],
)
def test_what_comes_out_of_hours_waits_for_the_next_opening(received: str, opening: str) -> None:
    calendar = make_calendar()

    assert calendar.next_opening(moment(received)) == moment(opening)


def test_the_closing_minute_still_belongs_to_the_day() -> None:
    calendar = make_calendar()

    assert calendar.next_opening(moment("2023-03-16T17:00")) == moment("2023-03-16T17:00")


def test_adding_hours_passes_over_the_break_the_night_and_the_weekend() -> None:
    calendar = make_calendar()

    assert calendar.add(moment("2023-03-17T16:00"), 6 * HOUR) == moment("2023-03-20T14:00")


def test_a_full_day_of_hours_ends_at_closing_not_at_the_next_opening() -> None:
    calendar = make_calendar()

    assert calendar.add(moment("2023-03-16T07:00"), 8 * HOUR) == moment("2023-03-16T17:00")


def test_subtracting_is_the_way_back() -> None:
    calendar = make_calendar()

    assert calendar.subtract(moment("2023-03-20T14:00"), 6 * HOUR) == moment("2023-03-17T16:00")


def test_measuring_backwards_is_negative() -> None:
    calendar = make_calendar()

    assert calendar.measure(moment("2023-03-20T14:00"), moment("2023-03-17T16:00")) == -6 * HOUR


def test_a_worked_saturday_keeps_the_hours_of_the_day_it_replaces() -> None:
    calendar = make_calendar(
        week=WEEK | {0: DayHours(hours=(MORNING,))},
        days=[
            make_day(date(2023, 3, 20), DayKind.OFF_IN_LIEU, date(2023, 3, 18)),
            make_day(date(2023, 3, 18), DayKind.WORKED_SATURDAY, date(2023, 3, 20)),
        ],
    )

    assert calendar.is_working_day(date(2023, 3, 18))
    assert calendar.closing(date(2023, 3, 18)) == moment("2023-03-18T11:30")
    assert not calendar.is_working_day(date(2023, 3, 20))


def test_a_day_that_does_not_count_takes_files_in_but_moves_no_clock() -> None:
    calendar = make_calendar(week=WEEK | {5: DayHours(hours=(MORNING,), counts=False)})

    assert calendar.next_opening(moment("2023-03-18T09:00")) == moment("2023-03-18T09:00")
    assert not calendar.is_working_day(date(2023, 3, 18))
    assert calendar.add(moment("2023-03-18T09:00"), HOUR) == moment("2023-03-20T08:00")
    assert "có tiếp nhận" in calendar.explain_day(date(2023, 3, 18)).vi


def test_a_day_marked_as_not_in_force_changes_nothing() -> None:
    calendar = make_calendar(days=[make_day(date(2023, 3, 16), counts=False)])

    assert calendar.is_working_day(date(2023, 3, 16))


def test_office_hours_change_on_their_first_day() -> None:
    short = WEEK | dict.fromkeys(range(5), DayHours(hours=(MORNING,)))
    calendar = WorkCalendar.compile(
        first_day=date(2023, 1, 1),
        last_day=date(2023, 12, 31),
        office_hours=[
            make_hours(last_day=date(2023, 3, 15)),
            make_hours(short, first_day=date(2023, 3, 16)),
        ],
    )

    assert calendar.closing(date(2023, 3, 15)) == moment("2023-03-15T17:00")
    assert calendar.closing(date(2023, 3, 16)) == moment("2023-03-16T11:30")


def test_each_day_says_why_it_is_worked_or_not() -> None:
    calendar = make_calendar(days=[make_day(date(2023, 3, 17))])

    assert calendar.explain_day(date(2023, 3, 16)).vi == "Thứ Năm 16/03/2023: ngày làm việc"
    assert calendar.explain_day(date(2023, 3, 17)).vi == "Thứ Sáu 17/03/2023: Ngày lễ"
    assert calendar.explain_day(date(2023, 3, 17)).source == "BLLĐ"
    assert calendar.explain_day(date(2023, 3, 18)).en == "Saturday 18/03/2023: a weekly day off"


def test_the_server_may_run_in_a_zone_with_daylight_saving() -> None:
    calendar = make_calendar()
    in_berlin = datetime(2023, 3, 26, 3, 30, tzinfo=ZoneInfo("Europe/Berlin"))

    answer = calendar.add(in_berlin, HOUR)

    assert answer.isoformat() == "2023-03-27T08:00:00+07:00"
    assert calendar.add(in_berlin.astimezone(UTC), HOUR) == answer


def test_a_moment_without_time_zone_is_refused() -> None:
    calendar = make_calendar()

    with pytest.raises(NaiveMoment, match="không ghi múi giờ"):
        calendar.add(moment("2023-03-16T09:00").replace(tzinfo=None), HOUR)


@pytest.mark.parametrize("beyond", ["2022-12-31T23:59", "2024-01-01T00:00"])
def test_a_moment_outside_the_known_years_is_refused(beyond: str) -> None:
    calendar = make_calendar()

    with pytest.raises(CalendarEnds, match="01/01/2023 đến 31/12/2023"):
        calendar.next_opening(moment(beyond))


def test_an_answer_outside_the_known_years_is_refused() -> None:
    calendar = make_calendar()

    with pytest.raises(CalendarEnds):
        calendar.add(moment("2023-12-29T16:00"), 2 * HOUR)
    with pytest.raises(CalendarEnds):
        calendar.subtract(moment("2023-01-02T08:00"), 2 * HOUR)
    with pytest.raises(CalendarEnds):
        calendar.working_day_after(date(2023, 12, 29), 1)
    with pytest.raises(CalendarEnds):
        calendar.working_day_before(date(2023, 1, 2), 1)
    with pytest.raises(CalendarEnds):
        calendar.explain_day(date(2024, 1, 1))


def test_a_calendar_that_never_opens_is_refused() -> None:
    closed = dict.fromkeys(range(7), DayHours(hours=()))

    with pytest.raises(CalendarNeverOpens, match="không có ngày làm việc"):
        make_calendar(week=closed)


def test_a_day_declared_twice_is_refused() -> None:
    with pytest.raises(CalendarRefused, match="16/03/2023 được khai báo hai lần"):
        make_calendar(days=[make_day(date(2023, 3, 16)), make_day(date(2023, 3, 16))])


def test_a_worked_saturday_that_is_no_saturday_is_refused() -> None:
    with pytest.raises(CalendarRefused, match="phải là Thứ Bảy"):
        make_calendar(
            days=[make_day(date(2023, 3, 19), DayKind.WORKED_SATURDAY, date(2023, 3, 20))]
        )


@pytest.mark.parametrize(
    ("until", "since"), [(date(2023, 3, 14), date(2023, 3, 16)), (None, date(2023, 3, 16))]
)
def test_hours_that_overlap_or_leave_a_gap_are_refused(until: date | None, since: date) -> None:
    with pytest.raises(CalendarRefused, match="không được trùng hay hở"):
        WorkCalendar.compile(
            first_day=date(2023, 1, 1),
            last_day=date(2023, 12, 31),
            office_hours=[make_hours(last_day=until), make_hours(first_day=since)],
        )


def test_days_without_any_hours_in_force_are_refused() -> None:
    with pytest.raises(CalendarRefused, match="Không có giờ làm việc"):
        WorkCalendar.compile(
            first_day=date(2022, 1, 1),
            last_day=date(2023, 12, 31),
            office_hours=[make_hours()],
        )


def test_stretches_of_a_day_that_overlap_are_refused() -> None:
    with pytest.raises(OfficeHoursRefused, match="chồng lên"):
        DayHours(hours=(MORNING, OpenHours(opens=time(11), closes=time(12))))
    with pytest.raises(OfficeHoursRefused, match="phải trước giờ đóng cửa"):
        OpenHours(opens=time(12), closes=time(11))


def test_runs_cover_all_days_in_order() -> None:
    calendar = make_calendar(days=[make_day(date(2023, 3, 15))])

    runs = list(calendar.runs(date(2023, 3, 12), date(2023, 3, 20)))

    assert [(run.first_day.day, run.last_day.day, run.is_working) for run in runs] == [
        (12, 12, False),
        (13, 14, True),
        (15, 15, False),
        (16, 17, True),
        (18, 19, False),
        (20, 20, True),
    ]
    assert FULL_DAY.counts

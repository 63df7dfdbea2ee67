"""The one-stop table: its figures, its lists, what it refuses, and what it costs."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.cases.models import Case
from motcua.engine import moments
from motcua.people.models import Agency
from motcua.reporting import queries
from motcua.reporting.one_stop_table import CaseTimes
from motcua.reporting.tests.province import (
    AFTER_Q1,
    Q1_FIRST,
    Q1_LAST,
    CaseEntry,
    Province,
    entry,
    local,
    make_agency,
    make_cases,
)

COLUMNS = (
    "carried_over",
    "received",
    "total",
    "done_on_time",
    "done_late",
    "done",
    "open_in_time",
    "open_overdue",
    "open",
)


def table_of(agency: Agency, *, now: datetime = AFTER_Q1, **more: Any) -> queries.Table:
    days = {"first_day": Q1_FIRST, "last_day": Q1_LAST, **more}
    unit = queries.get_unit(agency.code, on=days["last_day"])
    return queries.get_one_stop_table(unit=unit, now=now, **days)


def list_of(
    agency: Agency, column: str, field: str | None, *, now: datetime = AFTER_Q1, **more: Any
) -> queries.CellCases:
    days = {"first_day": Q1_FIRST, "last_day": Q1_LAST, **more}
    unit = queries.get_unit(agency.code, on=days["last_day"])
    return queries.list_cell_cases(unit=unit, field_code=field, column=column, now=now, **days)


def numbers(figures: Any) -> list[Any]:
    return list(figures.values())


def test_the_table_counts_each_field_and_their_total(quarter: Province) -> None:
    table = table_of(quarter.office)

    assert [(row.field.name, numbers(row.figures)) for row in table.rows] == [
        ("Đất đai", [2, 0, 2, 1, 1, 2, 0, 0, 0, Decimal("50.00")]),
        ("Đấu thầu", [0, 1, 1, 0, 0, 0, 0, 1, 1, None]),
        ("Tài nguyên nước", [0, 2, 2, 1, 0, 1, 1, 0, 1, Decimal("100.00")]),
    ]
    assert numbers(table.total) == [2, 3, 5, 2, 1, 3, 1, 1, 2, Decimal("66.67")]


def test_every_cell_lists_as_many_case_files_as_it_says(quarter: Province) -> None:
    table = table_of(quarter.office)

    for code, figures in [
        *((row.field.code, row.figures) for row in table.rows),
        (None, table.total),
    ]:
        for column in COLUMNS:
            cell = list_of(quarter.office, column, code)
            assert (cell.count, len(cell.cases)) == (figures[column],) * 2, (code, column)


def test_a_list_says_how_each_case_file_stood_at_the_cut_off(quarter: Province) -> None:
    cell = list_of(quarter.office, "total", None)

    assert [(case.procedure_name, case.standing.id) for case in cell.cases] == [
        ("Thủ tục về Đất đai", "done_on_time"),
        ("Thủ tục về Đất đai", "done_late"),
        ("Thủ tục về Tài nguyên nước", "done_on_time"),
        ("Thủ tục về Đấu thầu", "open_overdue"),
        ("Thủ tục về Tài nguyên nước", "open_in_time"),
    ]


def test_a_list_comes_in_pages_and_a_page_too_far_is_the_last(province: Province) -> None:
    make_cases(
        province, [entry(f"2023-01-{day:02} 08:00", "2023-02-01 17:00") for day in range(1, 8)]
    )

    first = list_of(province.office, "received", None, per_page=5)
    beyond = list_of(province.office, "received", None, per_page=5, page=99)

    assert (first.count, len(first.cases), first.page) == (7, 5, 1)
    assert (beyond.count, len(beyond.cases), beyond.page) == (7, 2, 2)


def test_files_only_registered_or_refused_are_not_counted(province: Province) -> None:
    make_cases(
        province,
        [
            entry("2023-01-03 08:00", "2023-02-01 17:00", status="REGISTERED"),
            entry("2023-01-03 08:00", "2023-02-01 17:00", status="REFUSED"),
            entry("2023-01-03 08:00", "2023-02-01 17:00", status="SUPPLEMENT"),
        ],
    )

    table = table_of(province.office)

    assert table.total["total"] == 1


def test_a_unit_counts_its_own_cases_and_on_request_those_below_it(province: Province) -> None:
    times = ("2023-01-03 08:00", "2023-02-01 17:00")
    make_cases(
        province,
        [
            entry(*times),
            entry(*times, unit=province.centre),
            entry(*times, unit=province.department),
        ],
    )

    alone = table_of(province.office)
    together = table_of(province.office, include_subordinate=True)
    cell = list_of(province.office, "received", None, include_subordinate=True)

    assert (alone.total["received"], together.total["received"], cell.count) == (1, 2, 2)
    assert {case.unit_name for case in cell.cases} == {province.office.name, province.centre.name}


def test_while_the_period_runs_the_table_is_cut_off_now(province: Province) -> None:
    make_cases(
        province,
        [
            entry("2023-02-01 08:00", "2023-02-10 09:59"),
            entry("2023-02-01 08:00", "2023-02-10 17:00"),
            entry("2023-02-01 08:00", "2023-02-10 17:00", "2023-02-10 11:00"),
        ],
    )
    now = local("2023-02-10 10:00")

    table = table_of(province.office, now=now)

    assert (table.period.is_provisional, table.period.cut_off) == (True, now)
    assert (table.total["open_in_time"], table.total["open_overdue"]) == (2, 1)
    assert table.total["done"] == 0


def test_the_period_is_final_from_the_day_after_its_last(province: Province) -> None:
    last_minute = table_of(province.office, now=local("2023-03-14 23:59"))
    next_day = table_of(province.office, now=local("2023-03-15 00:00"))

    assert (last_minute.period.is_provisional, next_day.period.is_provisional) == (True, False)
    assert next_day.period.cut_off == local("2023-03-15 00:00")


def test_a_unit_without_case_files_has_no_rows_and_no_rate(province: Province) -> None:
    table = table_of(province.department)

    assert table.rows == ()
    assert numbers(table.total) == [0] * 9 + [None]


def test_without_a_code_the_unit_is_the_office(province: Province) -> None:
    unit = queries.get_unit(on=Q1_LAST)

    assert unit.code == "H19.01"


def refusal_of(call: Any, kind: type[queries.CannotReport]) -> str:
    with pytest.raises(kind) as caught:
        call()
    return str(caught.value)


def test_a_period_that_ends_before_it_starts_is_refused(province: Province) -> None:
    message = refusal_of(
        lambda: table_of(province.office, first_day=Q1_LAST, last_day=Q1_FIRST),
        queries.CannotReportPeriod,
    )

    assert message == (
        "Kỳ báo cáo kết thúc (15/12/2022) trước khi bắt đầu (14/03/2023). "
        "Hãy chọn ngày cuối kỳ bằng hoặc sau ngày đầu kỳ."
    )


def test_a_period_in_the_future_is_refused(province: Province) -> None:
    message = refusal_of(
        lambda: table_of(province.office, now=local("2022-12-14 23:00")),
        queries.CannotReportPeriod,
    )

    assert "bắt đầu ngày 15/12/2022, sau hôm nay (14/12/2022)" in message


def test_a_period_before_the_one_stop_decree_is_refused(province: Province) -> None:
    message = refusal_of(
        lambda: table_of(province.office, first_day=date(1, 1, 1), last_day=date(2018, 6, 20)),
        queries.CannotReportPeriod,
    )

    assert "từ ngày 21/06/2018" in message


def test_the_widest_period_is_counted(quarter: Province) -> None:
    table = table_of(quarter.office, first_day=date(1, 1, 1), last_day=date(9999, 12, 31))

    assert table.total["received"] == 7


def test_an_unknown_unit_is_refused(province: Province) -> None:
    message = refusal_of(lambda: queries.get_unit("H99", on=Q1_LAST), queries.CannotReportUnit)

    assert message == "Không có cơ quan nào mang mã “H99”. Hãy kiểm tra lại mã đơn vị."


def test_a_unit_that_ended_before_the_period_names_its_successor(province: Province) -> None:
    old = make_agency(
        "H19.03",
        "Sở Cũ",
        kind="DEPARTMENT",
        ends_on=date(2022, 12, 15),
        successor=province.department,
    )

    message = refusal_of(lambda: table_of(old), queries.CannotReportUnit)

    assert "kết thúc hoạt động từ ngày 15/12/2022" in message
    assert "đơn vị kế thừa là Sở Nội vụ" in message


def test_a_unit_that_starts_after_the_period_is_refused(province: Province) -> None:
    new = make_agency("H19.04", "Sở Mới", kind="DEPARTMENT", starts_on=date(2023, 3, 15))

    message = refusal_of(lambda: table_of(new), queries.CannotReportUnit)

    assert "hoạt động từ ngày 15/03/2023, sau kỳ báo cáo" in message


def test_a_unit_that_ended_within_the_period_still_has_its_table(province: Province) -> None:
    old = make_agency("H19.03", "Sở Cũ", kind="DEPARTMENT", ends_on=date(2022, 12, 16))
    make_cases(
        province, [entry("2022-12-15 08:00", "2023-01-03 17:00", "2022-12-15 09:00", unit=old)]
    )

    table = table_of(old)

    assert table.total["done"] == 1


@pytest.mark.parametrize(
    "column, field", [("rate_percent", None), ("nothing", None), ("done", "X")]
)
def test_a_cell_that_stands_for_no_case_files_is_refused(
    province: Province, column: str, field: str | None
) -> None:
    message = refusal_of(lambda: list_of(province.office, column, field), queries.CannotReportCell)

    assert "Hãy mở danh sách từ" in message


def test_a_table_and_a_list_cost_the_same_for_10_and_1000_case_files(province: Province) -> None:
    def cost() -> tuple[int, int]:
        unit = queries.get_unit(province.office.code, on=Q1_LAST)
        asked = {"unit": unit, "first_day": Q1_FIRST, "last_day": Q1_LAST, "now": AFTER_Q1}
        with CaptureQueriesContext(
            connection,
        ) as table:
            queries.get_one_stop_table(**asked)  # type: ignore[arg-type]
        with CaptureQueriesContext(connection) as cell:
            queries.list_cell_cases(**asked, field_code=None, column="total")  # type: ignore[arg-type]
        return len(table), len(cell)

    make_cases(province, [entry("2023-01-03 08:00", "2023-02-01 17:00")] * 10)
    few = cost()
    make_cases(province, [entry("2023-01-03 08:00", "2023-02-01 17:00", field="TNN")] * 990)
    many = cost()

    assert few == many == (2, 5)


# Moments around the ends of a short period, so that many of them fall on its edges.
_EDGES = [
    local(f"2023-01-{day:02} {clock}")
    for day in range(1, 6)
    for clock in ("00:00:00.000000", "16:59:59.999999", "17:00", "23:59:59.999999")
]
_moments = st.sampled_from(_EDGES)


@st.composite
def _entries(draw: st.DrawFn) -> CaseEntry:
    received, due = draw(_moments), draw(_moments)
    finished = draw(st.none() | _moments.filter(lambda moment: moment >= received))
    return CaseEntry(
        times=CaseTimes(received_at=received, due_at=due, finished_at=finished),
        field=draw(st.sampled_from(["DD", "TNN"])),
    )


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    entries=st.lists(_entries(), max_size=12),
    first=st.integers(2, 4),
    length=st.integers(0, 2),
    now=_moments.filter(lambda moment: moment >= local("2023-01-04 00:00")),
)
def test_the_database_counts_as_the_conditions_say_and_lists_agree(
    province: Province, entries: list[CaseEntry], first: int, length: int, now: datetime
) -> None:
    Case.objects.all().delete()
    make_cases(province, entries)
    days = {"first_day": date(2023, 1, first), "last_day": date(2023, 1, first + length)}

    table = table_of(province.office, now=now, **days)

    window = table.period.window
    assert dict(table.total) == table.definition.count((e.times for e in entries), window)
    for row in table.rows:
        own = [e.times for e in entries if e.field == row.field.code]
        assert dict(row.figures) == table.definition.count(own, window)
    assert sum(int(row.figures["total"] or 0) for row in table.rows) == table.total["total"]
    assert table.total["total"] == int(table.total["done"] or 0) + int(table.total["open"] or 0)
    for code, figures in [
        *((row.field.code, row.figures) for row in table.rows),
        (None, table.total),
    ]:
        for column in COLUMNS:
            cell = list_of(province.office, column, code, now=now, **days)
            assert cell.count == len(cell.cases) == figures[column]


def test_what_is_open_at_the_end_is_carried_over_into_the_next_period(quarter: Province) -> None:
    next_days = {"first_day": Q1_LAST + timedelta(days=1), "last_day": date(2023, 6, 14)}

    this = table_of(quarter.office)
    following = table_of(quarter.office, now=local("2023-07-01 08:00"), **next_days)

    assert following.total["carried_over"] == this.total["open"]


def test_days_are_vietnamese_days(province: Province) -> None:
    make_cases(province, [entry("2023-03-14 23:59", "2023-03-28 17:00")])

    table = table_of(province.office)

    assert table.period.starts_at == moments.midnight(Q1_FIRST)
    assert table.total["received"] == 1


def test_a_case_whose_clock_stands_still_is_not_overdue(province: Province) -> None:
    waiting = entry(
        "2023-02-01 09:00", "2023-03-01 17:00", status="SUPPLEMENT", stopped="2023-02-20 10:00"
    )
    make_cases(province, [waiting, entry("2023-02-01 09:00", "2023-03-01 17:00")])

    total = table_of(province.office).total

    assert (total["open_in_time"], total["open_overdue"], total["open"]) == (1, 1, 2)
    assert list_of(province.office, "open_in_time", None).count == 1
    assert list_of(province.office, "open_overdue", None).count == 1


@pytest.mark.parametrize("status", ["REFUSED", "WITHDRAWN", "STOPPED"])
def test_a_case_that_ended_before_its_result_is_settled_when_it_ended(
    province: Province, status: str
) -> None:
    make_cases(
        province,
        [entry("2023-02-01 09:00", "2023-03-01 17:00", "2023-02-20 10:00", status=status)],
    )

    total = table_of(province.office).total

    assert (total["received"], total["done_on_time"], total["open"]) == (1, 1, 0)

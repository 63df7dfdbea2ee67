"""Filled forms: identities, roll-ups, the five rates, settings, as-of, back-casting, drill-down."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from motcua.cases import actions as cases
from motcua.cases.models import Case, ClockEvent, Recount
from motcua.people.models import Agency
from motcua.people.queries import day_of, get_person
from motcua.reporting import actions
from motcua.reporting.definitions import CannotFindForm, get_form, list_forms
from motcua.reporting.facts import CountingRules
from motcua.reporting.filled_forms import (
    CannotOpenFigure,
    FilledForm,
    Question,
    fill_form,
    is_listable,
    open_figure,
)
from motcua.reporting.tests.province import (
    AFTER_Q1,
    Q1_FIRST,
    Q1_LAST,
    Province,
    entry,
    local,
    make_agency,
    make_cases,
    make_officer,
)
from motcua.reporting.unit_and_period import get_period, get_unit

FORM = "ii_06a"


def question(
    unit: str = "H19.01",
    *,
    days: tuple[date, date] = (Q1_FIRST, Q1_LAST),
    now: datetime = AFTER_Q1,
    **values: Any,
) -> Question:
    period = get_period(first_day=days[0], last_day=days[1], now=now)
    usual = {"include_subordinate": False, **values}
    return Question(unit=get_unit(unit, on=days[1]), period=period, **usual)


def filled(key: str = FORM, **values: Any) -> FilledForm:
    asked = question(**values)
    return fill_form(get_form(key, asked.period.last_day), asked)


def total(form: FilledForm, *names: str) -> list[Any]:
    return [form.total.values[name] for name in names]


PARTS = ("total", "carried_over", "done_early", "done_on_day", "done_late", "still_open")


def test_the_identities_of_the_form_hold_in_every_row(quarter: Province) -> None:
    form = filled()

    assert form.broken == ()
    assert total(form, *PARTS) == [5, 2, 1, 1, 1, 2]
    assert [row.label.vi for row in form.rows] == ["Đất đai", "Đấu thầu", "Tài nguyên nước"]
    for row in (*form.rows, form.total):
        v = {name: row.values[name] or Fraction(0) for name in row.values}
        assert v["total"] == v["received_online"] + v["received_directly"] + v["carried_over"]
        assert v["done"] == v["done_early"] + v["done_on_day"] + v["done_late"]
        assert v["still_open"] == v["open_in_time"] + v["open_overdue"]
        assert v["total"] == v["done"] + v["still_open"]


def test_what_a_period_left_open_is_what_the_next_one_carries_over(quarter: Province) -> None:
    later = filled(days=(date(2023, 3, 15), date(2023, 6, 14)), now=local("2023-06-20 08:00"))

    assert total(later, "carried_over") == total(filled(), "still_open")


def test_units_and_levels_add_up_to_the_province(quarter: Province) -> None:
    make_cases(
        quarter,
        [
            entry(
                "2023-01-03 08:00", "2023-01-10 17:00", "2023-01-12 09:00", unit=quarter.department
            ),
            entry("2023-03-01 08:00", "2023-03-29 17:00", unit=quarter.department),
        ],
    )
    whole: dict[str, Any] = {"unit": "H19", "include_subordinate": True}

    by_field = filled(**whole)
    by_unit = filled(**whole, rows_by="unit")
    by_level = filled(**whole, rows_by="level")

    assert [row.label.key for row in by_unit.rows] == ["H19.02", "H19.01"]
    assert [row.label.key for row in by_level.rows] == ["PROVINCE"]
    assert total(by_field, *PARTS) == total(by_unit, *PARTS) == total(by_level, *PARTS)
    assert by_unit.rows[0].values["done_late"] == 1


def test_each_counted_figure_opens_to_as_many_rows_as_it_says(quarter: Province) -> None:
    for rows_by in ("field", "unit", "level"):
        asked = question("H19", include_subordinate=True, rows_by=rows_by)
        form = fill_form(get_form(FORM, Q1_LAST), asked)
        for row in (*form.rows, form.total):
            for column in form.form.columns:
                opened = open_figure(
                    form.form,
                    asked,
                    indicator_id=column.indicator.id,
                    row_key=row.label.key,
                    page=1,
                )
                assert opened.count == len(opened.cases) == row.values[column.indicator.id]


def test_a_rate_has_no_rows_of_its_own(quarter: Province) -> None:
    form = get_form("on_time_rates", Q1_LAST)

    with pytest.raises(CannotOpenFigure, match="không phải số đếm"):
        open_figure(form, question(), indicator_id="rate_of_done", row_key="", page=1)
    with pytest.raises(CannotOpenFigure, match="không có ô"):
        open_figure(form, question(), indicator_id="rate_of_weather", row_key="", page=1)
    with pytest.raises(CannotOpenFigure, match="không có ô"):
        open_figure(form, question(), indicator_id="done", row_key="XX", page=1)


def test_the_five_rates_stand_side_by_side(quarter: Province) -> None:
    form = filled("on_time_rates", rows_by="level")

    shown = {
        column.indicator.id: form.printed(column.indicator, form.total.values)
        for column in form.form.columns
    }
    assert shown["rate_of_done"] == Decimal("66.67")  # 2 of 3 settled
    assert shown["rate_of_due"] == Decimal("50.00")  # 2 of the 4 that came due
    assert shown["rate_of_total"] == Decimal("60.00")  # 5 to settle, 1 late, 1 overdue
    assert shown["rate_of_received"] == Decimal("66.67")  # 2 settled on time, 3 received
    assert shown["rate_of_service_index"] == Decimal("66.67")  # 3 received, 1 overdue


def test_over_nothing_there_is_no_rate(province: Province) -> None:
    form = filled("on_time_rates")

    assert form.total.values["rate_of_done"] is None
    assert form.printed(form.form.columns[0].indicator, form.total.values) is None


def test_compared_by_the_day_what_was_finished_on_the_due_day_is_on_time(
    province: Province,
) -> None:
    make_cases(province, [entry("2023-01-03 08:00", "2023-01-10 11:30", "2023-01-10 16:00")])

    by_moment, by_day = filled(), filled(rules=CountingRules(by_day=True))

    assert total(by_moment, "done_late", "done_on_day") == [1, 0]
    assert total(by_day, "done_late", "done_on_day") == [0, 1]


def test_what_was_withdrawn_is_settled_or_left_out(province: Province) -> None:
    withdrawn = entry(
        "2023-01-03 08:00", "2023-01-10 11:30", "2023-01-05 16:00", status="WITHDRAWN"
    )
    make_cases(province, [withdrawn])

    assert total(filled(), "done", "total") == [1, 1]
    assert total(filled(rules=CountingRules(ended_is_apart=True)), "done", "total") == [0, 0]


def waiting_case(
    province: Province, sent: str = "SUPPLEMENT_REQUESTED", back: str = "SUPPLEMENTED"
) -> Case:
    """Return a case file that waited for the citizen from before to after the cut-off."""
    case = make_cases(province, [entry("2023-02-01 08:00", "2023-03-10 17:00")])[0]
    for kind, at in (
        (sent, "2023-03-01 09:00"),
        (back, "2023-03-16 09:00"),
    ):
        ClockEvent.objects.create(
            case=case, kind=kind, at=local(at), recorded_at=local(at), recorded_by=province.clerk
        )
    return case


def test_what_waited_for_a_supplement_at_the_cut_off_was_not_overdue(province: Province) -> None:
    waiting_case(province)

    assert total(filled(), "open_in_time", "open_overdue") == [1, 0]
    settled = filled(rules=CountingRules(waiting_is_settled=True))
    assert total(settled, "done_on_day", "still_open") == [1, 0]
    assert settled.broken == ()


def test_what_was_sent_back_after_appraisal_at_the_cut_off_was_not_overdue(
    province: Province,
) -> None:
    waiting_case(province, "RETURNED_AFTER_APPRAISAL", "RESUBMITTED")

    assert total(filled(), "open_in_time", "open_overdue") == [1, 0]


def test_an_old_period_counts_with_the_due_time_known_at_its_cut_off(province: Province) -> None:
    case = make_cases(province, [entry("2023-02-01 08:00", "2023-03-10 17:00")])[0]
    before = total(filled(), "open_in_time", "open_overdue")
    Case.objects.filter(pk=case.pk).update(due_at=local("2023-04-10 17:00"))
    Recount.objects.create(
        case=case,
        generation=2,
        because_vi="hẹn lại",
        because_en="extended",
        due_before=local("2023-03-10 17:00"),
        due_after=local("2023-04-10 17:00"),
        recorded_at=local("2023-03-17 09:00"),
        recorded_by=province.clerk,
    )

    assert before == total(filled(), "open_in_time", "open_overdue") == [0, 1]


def merged(province: Province) -> Agency:
    """Return the department that took over one that ended in the middle of the quarter."""
    new = make_agency(
        "H19.03",
        "Sở Nội vụ và Lao động",
        kind="DEPARTMENT",
        parent=province.department.parent,
        starts_on=date(2023, 2, 1),
    )
    old = province.department
    old.ends_on, old.successor = date(2023, 2, 1), new
    old.save(update_fields=["ends_on", "successor"])
    make_cases(
        province,
        [
            entry("2023-01-03 08:00", "2023-01-10 17:00", "2023-01-09 09:00", unit=old),
            entry("2023-02-03 08:00", "2023-02-10 17:00", "2023-02-09 09:00", unit=new),
        ],
    )
    return new


def test_figures_of_a_merged_agency_are_cast_back_to_its_successor(province: Province) -> None:
    merged(province)

    assert total(filled(unit="H19.03"), "done") == [1]
    assert total(filled(unit="H19.03", casts_back=True), "done") == [2]
    whole: dict[str, Any] = {"unit": "H19", "include_subordinate": True, "rows_by": "unit"}
    assert [row.label.key for row in filled(**whole).rows] == ["H19.02", "H19.03"]
    asked = question(**whole, casts_back=True)
    form = fill_form(get_form(FORM, Q1_LAST), asked)
    rows: list[Any] = [(row.label.key, row.values["done"]) for row in form.rows]
    assert rows == [("H19.03", 2)]
    opened = open_figure(form.form, asked, indicator_id="done", row_key="H19.03", page=1)
    assert opened.count == 2


def test_what_a_dissolved_agency_did_counts_for_it_and_can_be_cast_back(
    province: Province,
) -> None:
    old = province.department
    new = make_agency("H19.03", "Sở Nội vụ và Lao động", kind="DEPARTMENT", parent=old.parent)
    make_cases(
        province,
        [
            entry("2023-01-03 08:00", "2023-01-10 17:00", "2023-01-09 09:00", unit=old),
            entry("2023-02-03 08:00", "2023-02-10 17:00", "2023-02-09 09:00", unit=new),
        ],
    )
    make_officer("phuc", province.office, "ADMIN")
    before = total(filled(unit=old.code), "received", "done")

    cases.dissolve_agency(
        officer=get_person(username="phuc"),
        agency_id=old.pk,
        successor_id=new.pk,
        last_day=day_of(AFTER_Q1),
        decision_number="12/NQ-HĐND",
        decision_date=Q1_LAST,
        now=AFTER_Q1,
    )

    assert total(filled(unit=old.code), "received", "done") == before == [1, 1]
    assert total(filled(unit=new.code), "done") == [1]
    assert total(filled(unit=new.code, casts_back=True), "done") == [2]


def test_every_form_of_the_law_can_be_filled(quarter: Province) -> None:
    for form in list_forms(Q1_LAST):
        asked = question("H19", include_subordinate=True)
        done = fill_form(form, asked)
        assert done.broken == ()
        for one in form.indicators:
            assert is_listable(one, done.catalogue) == (one.id in LISTABLE)


def test_each_counted_line_of_a_list_opens_to_as_many_rows_as_it_says(quarter: Province) -> None:
    asked = question("H19", include_subordinate=True)
    opened = 0
    for form in list_forms(Q1_LAST):
        for one in () if form.is_grid else fill_form(form, asked).lines:
            indicator = one.line.indicator
            if indicator is None or indicator.id not in LISTABLE:
                continue
            found = open_figure(
                form, asked, indicator_id=indicator.id, row_key=one.line.level, page=1
            )
            assert found.count == len(found.cases) == one.value, (form.key, indicator.id)
            opened += 1

    assert opened >= 8


LISTABLE = {
    "total", "received_online", "received_directly", "carried_over", "received",
    "done", "done_early", "done_on_day", "done_late", "done_on_time",
    "still_open", "open_in_time", "open_overdue", "come_due",
    "done_agencies_untold",
}  # fmt: skip


def test_a_list_takes_levels_counted_and_figures_entered(quarter: Province) -> None:
    make_officer("ha", quarter.office, "OFFICER")
    asked = question()
    for name, value in (("petitions_national_received", 207), ("petitions_national_open", 35)):
        actions.enter_figure(
            officer=get_person(username="ha"),
            unit=asked.unit,
            period=asked.period,
            indicator_id=name,
            value=Decimal(value),
            reason="Cổng Dịch vụ công quốc gia",
            now=AFTER_Q1,
        )

    form = filled("reform_form_3", unit="H19", include_subordinate=True)

    lines: dict[str, Any] = {
        line.line.code: line.value for line in form.lines if line.line.indicator
    }
    assert (lines["3.1.1"], lines["3.1.2"], lines["3.2.1"], lines["3.2"]) == (3, 2, 0, None)
    assert form.total.values["petitions_national_handled"] == 172
    assert lines["3.4.1"] is None


def test_there_is_no_form_of_another_name_or_before_its_law() -> None:
    with pytest.raises(CannotFindForm, match="Không có biểu"):
        get_form("weather", Q1_LAST)
    with pytest.raises(CannotFindForm, match="từ ngày 01/08/2022"):
        get_form("service_index", date(2022, 6, 14))


def asked_for_papers(province: Province, case: Case, *days: str) -> None:
    """Say that the citizen was asked for papers on these days, and brought them a day later."""
    for day in days:
        for kind, time in (("SUPPLEMENT_REQUESTED", "09:00"), ("SUPPLEMENTED", "15:00")):
            moment = local(f"{day} {time}")
            ClockEvent.objects.create(
                case=case,
                kind=kind,
                at=moment,
                recorded_at=moment,
                recorded_by=province.clerk,
            )


def test_who_had_to_come_twice_costs_points_and_is_late_for_the_service_index(
    province: Province,
) -> None:
    cases = make_cases(
        province, [entry("2023-01-03 08:00", "2023-02-10 17:00", "2023-02-01 09:00")] * 4
    )
    asked_for_papers(province, cases[0], "2023-01-05")
    asked_for_papers(province, cases[1], "2023-01-05", "2023-01-12")

    form = filled("on_time_rates")
    evaluation = filled("one_stop_evaluation")

    assert total(form, "received", "received_in_time") == [4, 3]
    assert total(evaluation, "done_asked_never", "done_asked_once") == [2, 1]
    for name, count in (("done_asked_never", 2), ("done_asked_once", 1), ("done", 4)):
        opened = open_figure(evaluation.form, question(), indicator_id=name, row_key="", page=1)
        assert opened.count == len(opened.cases) == count
    # Two at 2 points, one at 1, one at 0: 5 / 4, printed with one decimal.
    assert evaluation.total.values["cs_3"] == Fraction(5, 4)

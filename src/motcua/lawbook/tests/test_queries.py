"""Asking the law: calendars, rules, values, periods, statuses and codes by date."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from motcua.engine.case_codes import AgencyCodeForm
from motcua.engine.lawvalues import LawRefused, NotInForce
from motcua.engine.periods import PeriodUnknown
from motcua.engine.statuses import Bucket
from motcua.engine.timerules import SupplementEffect
from motcua.lawbook import queries


def test_the_calendar_knows_2015_to_2027_and_is_compiled_once() -> None:
    calendar = queries.get_calendar()

    assert (calendar.first_day, calendar.last_day) == (date(2015, 1, 1), date(2027, 12, 31))
    assert queries.get_calendar() is calendar


def test_a_unit_may_keep_other_hours() -> None:
    saturday = date(2023, 3, 18)
    keys = [rule.key for rule in queries.list_office_hours()]

    calendar = queries.get_calendar(office_hours_key="saturday_counter")

    assert keys == ["default", "saturday_counter"]
    assert "có tiếp nhận" in calendar.explain_day(saturday).vi
    with pytest.raises(queries.LawNotFound, match="“night”"):
        queries.get_calendar(office_hours_key="night")


def test_time_rules_are_those_of_the_day() -> None:
    before, since = (
        queries.get_time_rules(date(2025, 6, 30)),
        queries.get_time_rules(date(2025, 7, 1)),
    )

    assert before.supplement_effect.value is SupplementEffect.RESTART
    assert before.supplement_effect.because.source == "NĐ 61/2018/NĐ-CP Đ19.4"
    assert before.supplement_effect.because.is_verified
    assert since.supplement_effect.because.source == "NĐ 118/2025/NĐ-CP"
    assert not since.supplement_effect.because.is_verified


def test_the_limit_for_online_answers_began_in_2020() -> None:
    assert queries.get_time_rules(date(2019, 1, 1)).online_answer is None
    assert queries.get_time_rules(date(2023, 1, 1)).online_answer is not None


def test_no_one_stop_rules_before_the_decree_but_time_is_counted() -> None:
    with pytest.raises(NotInForce):
        queries.get_time_rules(date(2016, 5, 5))

    assert queries.get_counting_rules(date(2016, 5, 5)).receipt_day.value == "not_counted"


def test_a_value_is_told_with_its_dates_and_place() -> None:
    found = queries.get_value("time/one_stop", "extensions", date(2023, 3, 14))

    assert found.value == 1
    assert found.last_day == date(2025, 6, 30)
    assert found.where.startswith("law/time/one_stop.yaml:")
    with pytest.raises(queries.LawNotFound, match="“weather”"):
        queries.get_value("weather", "rain", date(2023, 3, 14))
    with pytest.raises(queries.LawNotFound, match="“rain”"):
        queries.get_value("time/one_stop", "rain", date(2023, 3, 14))


def test_case_codes_change_shape_with_the_law() -> None:
    assert queries.get_case_code_pattern(date(2023, 3, 14)).agency_code_form is AgencyCodeForm.OLD
    assert queries.get_case_code_pattern(date(2025, 7, 1)).agency_code_form is AgencyCodeForm.NEW


def test_the_first_quarter_begins_in_december() -> None:
    period = queries.get_period("2023-q1")

    assert (period.first_day, period.last_day) == (date(2022, 12, 15), date(2023, 3, 14))
    assert period.name_vi == "Quý I năm 2023"
    assert len(queries.list_periods(year=2023)) == 7


@pytest.mark.parametrize("name", ["2023-Q5", "Q1", "2023", "", "1999-Q1"])
def test_an_unknown_period_is_refused(name: str) -> None:
    with pytest.raises(PeriodUnknown):
        queries.get_period(name)


def test_quarters_follow_each_other_without_gap() -> None:
    quarters = [
        queries.get_period(f"{year}-Q{number}") for year in (2022, 2023) for number in range(1, 5)
    ]

    for earlier, later in zip(quarters, quarters[1:], strict=False):
        assert (later.first_day - earlier.last_day).days == 1


def test_the_portal_has_ten_statuses() -> None:
    statuses = queries.get_statuses()

    assert [status.code for status in statuses] == list(range(1, 11))
    assert statuses[4].name_vi == "Yêu cầu bổ sung giấy tờ"
    assert statuses[4].bucket is Bucket.PAUSED


@pytest.mark.parametrize(
    "levels", ["[]", "[COMMUNE, PROVINCE]", "[PROVINCE, PROVINCE]", "[PROVINCE, CITY]"]
)
def test_levels_that_make_no_sense_are_refused_with_their_line(
    tmp_path: Path, settings: Any, levels: str
) -> None:
    (tmp_path / "government_levels.yaml").write_text(
        'title: {vi: "Các cấp", en: "Levels"}\nrules:\n  levels:\n'
        '    title: {vi: "Số cấp", en: "Number"}\n    values:\n      - first_day: 2015-01-01\n'
        f'        value: {levels}\n        source: "Luật"\n        status: verified\n',
        encoding="utf-8",
    )
    settings.LAW_DIR = tmp_path

    with pytest.raises(LawRefused, match=r"law/government_levels\.yaml:7: "):
        queries.get_government_levels(date(2023, 3, 14))


def test_an_agency_keeps_the_usual_hours_unless_a_rule_bears_its_code() -> None:
    assert queries.office_hours_key_of("H19.01") == "default"
    assert queries.office_hours_key_of("saturday_counter") == "saturday_counter"


def test_days_of_a_year_come_in_order_with_those_that_do_not_count() -> None:
    days = queries.list_calendar_days(2025)

    assert [day.day for day in days] == sorted(day.day for day in days)
    assert {day.kind.value for day in days} == {"off", "off_in_lieu", "worked_saturday"}
    assert queries.list_calendar_days(1999) == ()


def test_the_law_is_asked_without_a_set_up_django() -> None:
    asked = "from motcua.lawbook import queries; print(queries.get_calendar().first_day)"
    clean = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}

    told = subprocess.run(
        [sys.executable, "-c", asked], env=clean, capture_output=True, text=True, check=True
    )

    assert told.stdout.strip() == "2015-01-01"

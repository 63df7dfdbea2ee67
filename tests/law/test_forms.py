"""The forms and indicators of the law data: they load on every day, and their points add up."""

from datetime import date
from fractions import Fraction

import pytest

from motcua.reporting.definitions import get_catalogue, get_form, list_forms, list_settings

DAYS = (date(2019, 3, 14), date(2022, 9, 14), date(2023, 3, 14), date(2026, 9, 14))


@pytest.mark.parametrize("day", DAYS)
def test_indicators_forms_and_settings_load_on_each_day(day: date) -> None:
    assert len(get_catalogue(day).indicators) > 100
    assert {form.key for form in list_forms(day)} >= {"ii_06a", "on_time_rates", "reform_form_3"}
    assert all(setting.usual in setting.options for setting in list_settings(day))


def test_the_columns_of_ii_06a_are_numbered_3_to_13() -> None:
    form = get_form("ii_06a", date(2023, 3, 14))

    assert [column.number for column in form.columns] == [f"({n})" for n in range(3, 14)]
    assert len(form.identities) == 4


def test_the_points_of_the_service_index_add_up_to_100() -> None:
    catalogue = get_catalogue(date(2023, 3, 14))
    groups = catalogue.formulas["si_total"].names

    most = {name: catalogue.indicators[name].most or Fraction(0) for name in catalogue.indicators}
    assert sum(most[name] for name in groups) == most["si_total"] == 100
    for group in groups:
        assert sum(most[part] for part in catalogue.formulas[group].names) == most[group]


def test_full_rates_give_full_points() -> None:
    catalogue = get_catalogue(date(2023, 3, 14))
    full = {name: 100 for name, one in catalogue.indicators.items() if one.owner}
    counted = {name: 1 for name, one in catalogue.indicators.items() if one.counts}

    assert catalogue.complete({**full, **counted})["si_total"] == 100

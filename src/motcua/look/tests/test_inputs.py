"""Boxes for days and times: what was typed is never swallowed."""

from datetime import date, time

import pytest
from django.core.exceptions import ValidationError
from django.forms import Field

from motcua.look.inputs import ClockField, ClockInput, DayField, DayInput


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (date(2023, 3, 14), 'type="text" name="on" value="14/03/2023"'),
        ("2023-03-14", 'type="text" name="on" value="14/03/2023"'),
        ("14/03/2023", 'type="text" name="on" value="14/03/2023"'),
        ("31/02/2025", 'type="text" name="on" value="31/02/2025"'),
        ("mai", 'type="text" name="on" value="mai"'),
    ],
)
def test_a_day_is_shown_as_it_was_given(value: object, shown: str) -> None:
    html = DayInput().render("on", value)

    assert shown in html


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (time(9, 32), 'type="text" name="at" value="09:32"'),
        (time(15, 5), 'type="text" name="at" value="15:05"'),
        ("25:00", 'type="text" name="at" value="25:00"'),
    ],
)
def test_a_time_is_shown_as_it_was_given_by_24_hours(value: object, shown: str) -> None:
    html = ClockInput().render("at", value)

    assert shown in html


def test_an_empty_box_says_how_to_write() -> None:
    assert 'placeholder="dd/mm/yyyy"' in DayInput().render("on", "")
    assert 'placeholder="hh:mm"' in ClockInput().render("at", None)


@pytest.mark.parametrize(
    "typed", ["14/03/2023", "14/3/2023", "2023-03-14", "14-03-2023", "14.3.2023", "14032023"]
)
def test_a_day_may_be_typed_in_several_ways(typed: str) -> None:
    assert DayField().clean(typed) == date(2023, 3, 14)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("09:32", time(9, 32)),
        ("9:32", time(9, 32)),
        ("9h32", time(9, 32)),
        ("15.05", time(15, 5)),
        ("0932", time(9, 32)),
        ("932", time(9, 32)),
    ],
)
def test_a_time_may_be_typed_in_several_ways(typed: str, meant: time) -> None:
    assert ClockField().clean(typed) == meant


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        (DayField(), "31/02/2023", "Ngày không có thật"),
        (DayField(), "14/03/3023", "Ngày này quá xa"),
        (DayField(), "", "Chưa ghi ngày"),
        (ClockField(), "25:00", "Giờ không có thật"),
        (ClockField(), "3:05 PM", "Giờ không có thật"),
        (ClockField(), "", "Chưa ghi giờ"),
    ],
)
def test_what_is_no_day_or_time_is_refused(field: Field, typed: str, told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        field.clean(typed)

"""Boxes for days and times: what was typed is never swallowed."""

from datetime import date, time

import pytest

from motcua.look.inputs import ClockInput, DayInput


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
        (time(9, 32), 'type="time" name="at" value="09:32"'),
        ("09:32", 'type="time" name="at" value="09:32"'),
        ("25:00", 'type="text" name="at" value="25:00"'),
    ],
)
def test_a_time_is_shown_as_it_was_given(value: object, shown: str) -> None:
    html = ClockInput().render("at", value)

    assert shown in html


def test_an_empty_box_stays_a_box_of_its_kind() -> None:
    assert 'placeholder="dd/mm/yyyy"' in DayInput().render("on", "")
    assert 'type="time"' in ClockInput().render("at", None)

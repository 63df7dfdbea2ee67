"""Founding a province: once, on an empty database."""

from datetime import date

import pytest

from motcua.audit.queries import list_entries
from motcua.people import actions, queries
from motcua.people.models import Agency, User
from motcua.people.tests.cast import MONDAY, found

pytestmark = pytest.mark.django_db


def test_founding_makes_the_province_and_who_sets_up_the_rest() -> None:
    system = found()

    assert queries.get_agency("H19").path == f"/{Agency.objects.get().pk}/"
    assert queries.is_allowed(system, "people.change", now=MONDAY)
    assert queries.is_allowed(system, "procedures.change", now=MONDAY)
    assert [entry.event for entry in list_entries("agency:H19")] == ["province.founded"]


def test_nobody_can_sign_in_as_the_system() -> None:
    found()

    assert not User.objects.get(username=actions.SYSTEM_USERNAME).has_usable_password()


def test_a_province_is_founded_once() -> None:
    found()

    with pytest.raises(actions.CannotFoundProvince, match="đã có tỉnh"):
        actions.found_province(
            code="H20", name="Tỉnh khác", name_en="", starts_on=date(2020, 1, 1), now=MONDAY
        )

    assert queries.count_agencies() == 1

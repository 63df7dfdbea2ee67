"""The province in which the tests of people take place, and the administrator's desk there."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import timezone

from motcua.clock import queries as clock
from motcua.clock.actions import shift_clock
from motcua.people.tests.cast import MONDAY, Province, make_province
from motcua.people.tests.desks import desk_of


@pytest.fixture
def province(db: None) -> Province:
    """The small province."""
    return make_province()


@pytest.fixture
def admin(province: Province) -> Client:
    """The administrator's desk."""
    return desk_of(province.admin)


@pytest.fixture
def monday(db: None) -> Iterator[None]:
    """A clock that stands at Monday 06/03/2023."""
    clock.forget()
    shift_clock(shows=MONDAY, now=timezone.now())  # noqa: TID251
    yield
    clock.forget()

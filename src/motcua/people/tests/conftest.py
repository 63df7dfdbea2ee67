"""The province in which the tests of people take place, and the administrator's desk there."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.utils import timezone

from motcua.clock import queries as clock
from motcua.clock.actions import shift_clock
from motcua.people.tests.cast import MONDAY, Province, make_province
from motcua.people.tests.desks import desk_of


@pytest.fixture(scope="module")
def province_of_file(
    made_once: Callable[[Callable[[], Province]], Callable[[], Province]],
) -> Callable[[], Province]:
    """The small province, made once for the tests of a file."""
    return made_once(make_province)


@pytest.fixture
def province(db: None, province_of_file: Callable[[], Province]) -> Province:
    """The small province."""
    return province_of_file()


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

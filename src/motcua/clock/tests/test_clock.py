"""The clock: the true time, or a demonstration's, which runs on from the day it was set to."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from motcua.clock import actions, queries
from motcua.clock.models import Shift
from motcua.engine.moments import VIETNAM

pytestmark = pytest.mark.django_db
SHOWS = datetime(2023, 3, 15, 8, 0, tzinfo=VIETNAM)


@pytest.fixture(autouse=True)
def fresh_clock() -> Iterator[None]:
    """A clock that has not been read yet, and is read again afterwards."""
    queries.forget()
    yield
    queries.forget()


def test_without_a_shift_the_clock_shows_the_true_time() -> None:
    before = timezone.now()  # noqa: TID251

    assert before <= queries.now() <= timezone.now()  # noqa: TID251
    assert not queries.is_shifted()


def test_the_time_has_a_time_zone() -> None:
    assert queries.now().utcoffset() == timedelta()


def test_a_shifted_clock_shows_the_day_it_was_set_to_and_runs_on() -> None:
    actions.shift_clock(shows=SHOWS, now=timezone.now())  # noqa: TID251

    first = queries.now()
    second = queries.now()

    assert SHOWS <= first <= second < SHOWS + timedelta(minutes=1)
    assert queries.is_shifted()


def test_a_shift_counts_from_the_moment_it_was_set() -> None:
    an_hour_ago = timezone.now() - timedelta(hours=1)  # noqa: TID251

    actions.shift_clock(shows=SHOWS, now=an_hour_ago)

    assert timedelta(hours=1) <= queries.now() - SHOWS < timedelta(hours=1, minutes=1)


def test_a_clock_may_be_set_forward() -> None:
    now = timezone.now()  # noqa: TID251

    actions.shift_clock(shows=now + timedelta(days=400), now=now)

    assert queries.now() - now >= timedelta(days=400)


def test_the_clock_is_set_once() -> None:
    actions.shift_clock(shows=SHOWS, now=datetime(2026, 1, 1, tzinfo=UTC))

    with pytest.raises(actions.CannotShiftClock, match="không thể đặt lần nữa"):
        actions.shift_clock(shows=SHOWS, now=datetime(2026, 1, 2, tzinfo=UTC))

    assert Shift.objects.get().set_at == datetime(2026, 1, 1, tzinfo=UTC)


def test_the_database_keeps_no_second_shift() -> None:
    with pytest.raises(IntegrityError, match="clock_is_shifted_once"), transaction.atomic():
        Shift.objects.create(pk=2, behind=timedelta(days=1), set_at=SHOWS)


def test_the_shift_is_read_once(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        queries.now()
        queries.now()
        queries.is_shifted()

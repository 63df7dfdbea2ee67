"""Sealing days: once each, when they are over in Vietnam, so that even a whole forged chain shows."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier

import pytest
from django.contrib.auth.models import AbstractUser
from django.core.management import CommandError, call_command
from django.db import connection

from motcua.audit import actions, queries
from motcua.audit.models import DaySeal, Entry, Head
from motcua.audit.tests.tampering import MONDAY, hash_again, without_triggers, write
from motcua.clock.actions import shift_clock
from motcua.engine.moments import VIETNAM

pytestmark = pytest.mark.django_db
DAY = date(2023, 3, 6)
NEXT_MORNING = datetime(2023, 3, 7, 0, 30, tzinfo=VIETNAM)


def test_a_day_that_is_not_over_in_vietnam_cannot_be_sealed(writer: AbstractUser) -> None:
    # 16:59 UTC, when the day is still on in Vietnam for one minute.
    last_minute = datetime(2023, 3, 6, 23, 59, tzinfo=VIETNAM)

    with pytest.raises(actions.CannotSealDay, match="06/03/2023 chưa kết thúc"):
        actions.seal_day(day=DAY, now=last_minute)
    actions.seal_day(day=DAY, now=last_minute + timedelta(minutes=1))

    assert DaySeal.objects.count() == 1


def test_a_day_is_sealed_once(writer: AbstractUser) -> None:
    actions.seal_day(day=DAY, now=NEXT_MORNING)

    with pytest.raises(actions.CannotSealDay, match="đã được niêm phong"):
        actions.seal_day(day=DAY, now=NEXT_MORNING)

    assert DaySeal.objects.count() == 1


def test_a_day_before_the_last_seal_is_covered_by_it(writer: AbstractUser) -> None:
    actions.seal_day(day=DAY, now=NEXT_MORNING)

    with pytest.raises(actions.CannotSealDay, match="đã được niêm phong"):
        actions.seal_day(day=DAY - timedelta(days=3), now=NEXT_MORNING)

    assert queries.is_sealed(DAY - timedelta(days=3))
    assert not queries.is_sealed(DAY + timedelta(days=1))


def test_a_seal_covers_all_since_the_last_one_up_to_midnight_in_vietnam(
    writer: AbstractUser,
) -> None:
    midnight = datetime(2023, 3, 7, tzinfo=VIETNAM)
    write(writer, "case:1", count=1, at=midnight - timedelta(minutes=2))
    write(writer, "case:2", count=1, at=midnight - timedelta(minutes=1))
    write(writer, "case:3", count=1, at=midnight + timedelta(days=2))

    first = actions.seal_day(day=DAY, now=midnight)
    second = actions.seal_day(day=DAY + timedelta(days=4), now=midnight + timedelta(days=5))

    assert (first.entry_count, second.entry_count) == (1, 2)
    assert list(queries.find_broken_seals()) == []


@pytest.mark.django_db(transaction=True)
def test_two_who_seal_at_the_same_moment_make_one_seal(writer: AbstractUser) -> None:
    start = Barrier(3)

    def attempt(_place: int) -> str:
        start.wait(timeout=10)
        try:
            actions.seal_day(day=DAY, now=NEXT_MORNING)
        except actions.CannotSealDay:
            return "told"
        finally:
            connection.close()
        return "sealed"

    with ThreadPoolExecutor(3) as pool:
        outcomes = sorted(pool.map(attempt, range(3)))

    assert outcomes == ["sealed", "told", "told"]


@pytest.fixture
def sealed(writer: AbstractUser) -> AbstractUser:
    """Two sealed days with a chain each."""
    write(writer, "case:1")
    write(writer, "case:2", at=MONDAY + timedelta(days=1))
    actions.seal_day(day=DAY, now=NEXT_MORNING)
    actions.seal_day(day=DAY + timedelta(days=1), now=NEXT_MORNING + timedelta(days=1))
    return writer


def broken_seals() -> list[str]:
    return [seal.subject for seal in queries.find_broken_seals()]


def test_a_chain_forged_from_end_to_end_breaks_the_seal_of_its_day(sealed: AbstractUser) -> None:
    with without_triggers():
        Entry.objects.filter(subject="case:2", number=2).update(because="khác")
        hash_again("case:2")

    assert list(queries.find_broken_chains()) == []
    assert broken_seals() == ["seal:2023-03-07"]


def test_a_chain_deleted_with_its_head_breaks_the_seal_of_its_day(sealed: AbstractUser) -> None:
    with without_triggers():
        Entry.objects.filter(subject="case:2").delete()
        Head.objects.filter(subject="case:2").delete()

    assert list(queries.find_broken_chains()) == []
    assert broken_seals() == ["seal:2023-03-07"]


def test_an_entry_slipped_into_a_sealed_day_breaks_its_seal(sealed: AbstractUser) -> None:
    write(sealed, "case:3", count=1, at=MONDAY)

    assert list(queries.find_broken_chains()) == []
    assert broken_seals() == ["seal:2023-03-06"]


def test_a_changed_seal_is_found_with_the_next_one_that_rests_on_it(sealed: AbstractUser) -> None:
    with without_triggers():
        DaySeal.objects.filter(day=DAY).update(hash=bytes(32))

    assert broken_seals() == ["seal:2023-03-06", "seal:2023-03-07"]


def test_a_deleted_seal_breaks_the_next(sealed: AbstractUser) -> None:
    with without_triggers():
        DaySeal.objects.filter(day=DAY).delete()

    assert broken_seals() == ["seal:2023-03-07"]


def test_the_command_seals_yesterday_by_the_clock_here_and_tells_how_much(
    writer: AbstractUser, capsys: pytest.CaptureFixture[str]
) -> None:
    from django.utils import timezone

    write(writer)
    shift_clock(shows=NEXT_MORNING, now=timezone.now())  # noqa: TID251

    call_command("trail", "seal")
    with pytest.raises(CommandError, match="đã được niêm phong"):
        call_command("trail", "seal")
    call_command("trail", "verify")

    assert capsys.readouterr().out.splitlines() == [
        "Đã niêm phong 4 dòng đến hết ngày 06/03/2023.",
        "Nguyên vẹn: 4 dòng dấu vết, 1 ngày đã niêm phong.",
    ]


def test_the_command_names_a_broken_seal_and_fails(
    sealed: AbstractUser, capsys: pytest.CaptureFixture[str]
) -> None:
    with without_triggers():
        Entry.objects.filter(subject="case:2", number=2).update(because="khác")
        hash_again("case:2")

    with pytest.raises(CommandError):
        call_command("trail", "verify")

    assert "seal:2023-03-07" in capsys.readouterr().out

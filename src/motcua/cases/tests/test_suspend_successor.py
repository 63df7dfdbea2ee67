"""Force majeure at an agency that went on with the work of a dissolved one, or came to do so meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest

from motcua.audit.queries import find_broken_chains
from motcua.cases import actions, mass_queries
from motcua.cases.models import Case, ClockEvent, MassRecount, Suspension
from motcua.cases.tests.dissolving import Merger, make_merger
from motcua.cases.tests.world import MONDAY, World

pytestmark = pytest.mark.django_db
MOVED = MONDAY + timedelta(minutes=30)
LATER = MONDAY + timedelta(hours=2)
LIFTED = MONDAY + timedelta(days=1)


@pytest.fixture
def merger(world: World) -> Merger:
    return make_merger(world)


def suspend(merger: Merger, **changes: object) -> Suspension:
    values: dict[str, object] = {
        "officer": merger.world.controller,
        "agency_code": merger.new.code,
        "with_subordinate": False,
        "starts_at": MONDAY + timedelta(hours=1),
        "ends_at": None,
        "reason": "Bão số 1",
        "document": "Công điện 5/CĐ-UBND",
        "now": LATER,
    }
    actions.suspend_unit(**{**values, **changes})  # type: ignore[arg-type]
    return Suspension.objects.latest("id")


def lift(merger: Merger, suspension: Suspension) -> None:
    actions.lift_suspension(
        officer=merger.world.controller, suspension_id=suspension.pk, ends_at=LIFTED, now=LIFTED
    )
    count_all(LIFTED)


def count_all(now: object) -> list[tuple[int, int, int]]:
    """Count to the end what waits; return the totals, those moved and those refused."""
    for mass in MassRecount.objects.filter(finished_at=None).order_by("pk"):
        while actions.recount_next(mass_id=mass.pk, most=10, now=now):  # type: ignore[arg-type]
            pass
    rows = MassRecount.objects.order_by("pk")
    return [(one.total, one.moved, one.refused) for one in rows]


def test_a_suspension_of_the_successor_reaches_what_it_took_over(merger: Merger) -> None:
    (case,) = merger.received()
    merger.dissolve(now=MOVED)

    effect = mass_queries.preview_suspension(
        merger.new, with_subordinate=False, starts_at=LATER, ends_at=None
    )
    suspension = suspend(merger)
    counted = count_all(LATER)
    stopped = Case.objects.get(pk=case.pk).clock_stopped_at
    lift(merger, suspension)

    assert effect.asked == 1
    assert counted == [(1, 1, 0)]
    assert stopped == MONDAY + timedelta(hours=1)
    after = Case.objects.get(pk=case.pk)
    assert after.clock_stopped_at is None
    assert after.due_at > case.due_at
    assert list(find_broken_chains()) == []


def test_a_suspension_from_before_the_move_holds_for_it_from_the_move_on(merger: Merger) -> None:
    (case,) = merger.received()
    moved_at = MONDAY + timedelta(hours=3)
    suspension = suspend(merger)
    count_all(LATER)
    untouched = Case.objects.get(pk=case.pk).clock_stopped_at

    merger.dissolve(now=moved_at)
    counted = count_all(moved_at)

    assert untouched is None
    assert counted == [(0, 0, 0), (1, 1, 0)]
    event = ClockEvent.objects.get(case=case)
    assert (event.at, event.origin) == (moved_at, f"suspension:{suspension.pk}")
    lift(merger, suspension)
    assert Case.objects.get(pk=case.pk).clock_stopped_at is None


def test_a_suspension_that_was_over_before_the_move_passes_it_by(merger: Merger) -> None:
    (case,) = merger.received()
    moved_at = MONDAY + timedelta(hours=3)
    merger.dissolve(now=moved_at)

    suspend(merger, starts_at=MONDAY, ends_at=LATER, now=moved_at + timedelta(hours=1))
    counted = count_all(moved_at + timedelta(hours=1))

    assert counted == [(0, 0, 0)]
    assert not ClockEvent.objects.filter(case=case).exists()


def test_what_stood_still_at_the_dissolved_agency_goes_on_when_that_is_lifted(
    merger: Merger,
) -> None:
    (case,) = merger.received()
    suspension = suspend(merger, agency_code=merger.old.code)
    count_all(LATER)
    merger.dissolve(now=MONDAY + timedelta(hours=3))
    standing = Case.objects.get(pk=case.pk).clock_stopped_at

    lift(merger, suspension)

    assert standing == MONDAY + timedelta(hours=1)
    assert Case.objects.get(pk=case.pk).clock_stopped_at is None


def test_what_two_suspensions_hold_stands_still_until_the_second_is_lifted(merger: Merger) -> None:
    (case,) = merger.received()
    of_old = suspend(merger, agency_code=merger.old.code)
    of_new = suspend(merger)
    count_all(LATER)
    merger.dissolve(now=MONDAY + timedelta(hours=3))
    count_all(MONDAY + timedelta(hours=3))

    lift(merger, of_old)

    standing = Case.objects.get(pk=case.pk).clock_stopped_at
    again = LIFTED + timedelta(days=1)
    actions.lift_suspension(
        officer=merger.world.controller, suspension_id=of_new.pk, ends_at=again, now=again
    )
    count_all(again)

    assert standing == LIFTED
    assert Case.objects.get(pk=case.pk).clock_stopped_at is None
    assert list(
        ClockEvent.objects.filter(case=case).order_by("at", "pk").values_list("kind", "origin")
    ) == [
        ("SUSPENDED", f"suspension:{of_old.pk}"),
        ("SUSPENSION_LIFTED", f"suspension:{of_old.pk}"),
        ("SUSPENDED", f"suspension:{of_new.pk}"),
        ("SUSPENSION_LIFTED", f"suspension:{of_new.pk}"),
    ]


def test_the_second_of_two_suspensions_is_lifted_without_ending_the_first(merger: Merger) -> None:
    (case,) = merger.received()
    suspend(merger, agency_code=merger.old.code)
    of_new = suspend(merger)
    merger.dissolve(now=MONDAY + timedelta(hours=3))
    count_all(MONDAY + timedelta(hours=3))

    lift(merger, of_new)

    assert Case.objects.get(pk=case.pk).clock_stopped_at == MONDAY + timedelta(hours=1)


def test_a_suspension_above_the_dissolved_agency_does_not_reach_work_that_left(
    merger: Merger,
) -> None:
    (case,) = merger.received()
    merger.dissolve(now=MOVED, successor_id=merger.world.office.pk)

    suspend(merger, agency_code=merger.old.code, with_subordinate=True)
    counted = count_all(LATER)

    assert counted == [(0, 0, 0)]
    assert Case.objects.get(pk=case.pk).clock_stopped_at is None


def test_a_case_received_before_the_suspension_was_recorded_stands_still_too(
    merger: Merger,
) -> None:
    received_at = MONDAY + timedelta(hours=1, minutes=30)
    case = merger.world.receive(now=received_at)

    suspension = suspend(merger, agency_code=merger.old.code)
    counted = count_all(LATER)

    assert counted == [(1, 1, 0)]
    event = ClockEvent.objects.get(case=case)
    assert (event.at, event.origin) == (received_at, f"suspension:{suspension.pk}")

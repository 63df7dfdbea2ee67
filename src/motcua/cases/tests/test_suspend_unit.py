"""Force majeure: the clocks of a unit stand still, for cases open then and received meanwhile."""

from datetime import datetime

import pytest

from motcua.audit.queries import find_broken_chains
from motcua.cases import actions, mass_queries
from motcua.cases.actions import CannotSuspend
from motcua.cases.models import Case, ClockEvent, LedgerEntry, MassRecount, Suspension
from motcua.cases.tests.world import MONDAY, World
from motcua.engine.moments import VIETNAM
from motcua.people.actions import NotAllowed

pytestmark = pytest.mark.django_db


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2023, 3, day, hour, 0, tzinfo=VIETNAM)


def suspend(world: World, **changes: object) -> MassRecount:
    values: dict[str, object] = {
        "officer": world.controller,
        "agency_code": "H19.01",
        "with_subordinate": True,
        "starts_at": at(8, 8),
        "ends_at": None,
        "reason": "Bão số 1, trụ sở ngập",
        "document": "Công điện 5/CĐ-UBND",
        "now": at(8, 9),
    }
    return actions.suspend_unit(**{**values, **changes})  # type: ignore[arg-type]


def run_to_the_end(mass: MassRecount, now: datetime) -> MassRecount:
    while actions.recount_next(mass_id=mass.pk, most=10, now=now):
        pass
    mass.refresh_from_db()
    return mass


@pytest.mark.parametrize("who", ["oanh", "cuc", "binh"])
def test_an_outsider_suspends_nothing(world: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        suspend(world, officer=getattr(world, who))

    assert Suspension.objects.count() == 0


def test_open_cases_stand_still_until_it_is_lifted(world: World) -> None:
    world.receive(now=MONDAY)
    mass = run_to_the_end(suspend(world), at(8, 9))
    stopped = Case.objects.get()

    lifted = actions.lift_suspension(
        officer=world.controller,
        suspension_id=Suspension.objects.get().pk,
        ends_at=at(10, 8),
        now=at(10, 9),
    )
    run_to_the_end(lifted, at(10, 9))

    assert (mass.moved, stopped.clock_stopped_at) == (1, at(8, 8))
    assert Case.objects.get().due_at == at(15, 17)
    assert LedgerEntry.objects.filter(stopped_for="SUSPENSION").exists()
    assert list(find_broken_chains()) == []


def test_a_case_received_meanwhile_stands_still_from_its_reception(world: World) -> None:
    suspend(world)

    case = world.receive(now=at(9, 10))

    assert Case.objects.get().clock_stopped_at == at(9, 10)
    assert ClockEvent.objects.get(case=case).origin == f"suspension:{Suspension.objects.get().pk}"


def test_cases_of_other_units_go_on(world: World) -> None:
    world.receive(now=MONDAY)

    mass = run_to_the_end(suspend(world, agency_code="H19.17"), at(8, 9))

    assert mass.total == 0
    assert Case.objects.get().clock_stopped_at is None


def test_the_effect_is_known_before_anything_is_stored(world: World) -> None:
    world.receive(now=MONDAY)

    effect = mass_queries.preview_suspension(
        world.office, with_subordinate=True, starts_at=at(8, 8), ends_at=at(9, 8)
    )

    assert [one.deadline.due_at for one in effect.moved] == [at(14, 17)]
    assert ClockEvent.objects.count() == 0


def test_two_suspensions_of_a_unit_do_not_overlap(world: World) -> None:
    suspend(world)

    with pytest.raises(CannotSuspend, match="chồng lên"):
        suspend(world, starts_at=at(8, 10), now=at(8, 11))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": " "}, "Hãy ghi lý do"),
        ({"starts_at": at(9)}, "không thể ở phía trước"),
        ({"ends_at": at(8, 7)}, "phải sau"),
    ],
    ids=["no reason", "not yet", "backwards"],
)
def test_a_suspension_that_contradicts_itself_is_refused(
    world: World, changes: dict[str, object], words: str
) -> None:
    with pytest.raises(CannotSuspend, match=words):
        suspend(world, **changes)


def test_a_suspension_is_lifted_once(world: World) -> None:
    suspend(world)
    pk = Suspension.objects.get().pk
    actions.lift_suspension(
        officer=world.controller, suspension_id=pk, ends_at=at(10, 8), now=at(10, 9)
    )

    with pytest.raises(CannotSuspend, match="đã kết thúc"):
        actions.lift_suspension(
            officer=world.controller, suspension_id=pk, ends_at=at(11, 8), now=at(11, 9)
        )


def test_a_case_received_after_the_suspension_ended_is_left_alone(world: World) -> None:
    world.receive(now=at(10))

    mass = run_to_the_end(suspend(world, ends_at=at(9), now=at(10, 11)), at(10, 11))

    assert (mass.total, mass.moved) == (0, 0)
    assert ClockEvent.objects.count() == 0

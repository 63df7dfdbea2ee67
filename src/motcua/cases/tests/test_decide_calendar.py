"""Deciding on days off: who may, what it does to open cases, and the job that counts them again."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from motcua.audit.queries import find_broken_chains
from motcua.cases import actions, mass_queries
from motcua.cases.actions import CannotDecideCalendar
from motcua.cases.models import Case, MassRecount, Recount
from motcua.cases.tests.world import MONDAY, World
from motcua.engine.calendar_decisions import DecidedDay, DecidedKind
from motcua.engine.moments import VIETNAM
from motcua.lawbook import decisions
from motcua.lawbook import queries as lawbook
from motcua.lawbook.models import CalendarDecision
from motcua.people.actions import NotAllowed

pytestmark = pytest.mark.django_db

FRIDAY_OFF = (DecidedDay(day=date(2023, 3, 10), kind=DecidedKind.OFF, name="Nghỉ lễ tỉnh"),)


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2023, 3, day, hour, 0, tzinfo=VIETNAM)


@pytest.fixture(autouse=True)
def no_decisions_left() -> Iterator[None]:
    """The decisions that a process has seen outlive the rows of a test."""
    yield
    decisions.forget()


def decide(world: World, **changes: object) -> MassRecount:
    values: dict[str, object] = {
        "officer": world.controller,
        "number": "12/QĐ-TTg",
        "decided_on": date(2023, 3, 1),
        "title": "Quyết định nghỉ lễ",
        "days": FRIDAY_OFF,
        "now": MONDAY,
    }
    return actions.decide_calendar(**{**values, **changes})  # type: ignore[arg-type]


def run_to_the_end(mass: MassRecount) -> MassRecount:
    lawbook.refresh_decisions()
    while actions.recount_next(mass_id=mass.pk, most=2, now=MONDAY):
        pass
    mass.refresh_from_db()
    return mass


@pytest.mark.parametrize("who", ["oanh", "dung", "cuc"])
def test_only_the_procedure_controller_decides(world: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        decide(world, officer=getattr(world, who))

    assert CalendarDecision.objects.count() == 0


def test_the_effect_is_known_before_anything_is_stored(world: World) -> None:
    case = world.receive()

    effect = mass_queries.preview_calendar(FRIDAY_OFF)

    (moved,) = effect.moved
    assert (moved.case.pk, moved.deadline.due_at) == (case.pk, at(14, 17))
    assert effect.by_unit() == (("Văn phòng UBND tỉnh", 1),)
    assert Case.objects.get().due_at == at(13, 17)
    assert CalendarDecision.objects.count() == 0


def test_a_decision_moves_open_cases_and_says_why_in_their_ledgers(world: World) -> None:
    for _number in range(3):
        world.receive()

    mass = run_to_the_end(decide(world))

    assert (mass.total, mass.done, mass.moved, mass.refused) == (3, 3, 3, 0)
    assert {case.due_at for case in Case.objects.all()} == {at(14, 17)}
    assert Recount.objects.first().because_vi == "Quyết định nghỉ lễ (12/QĐ-TTg ngày 01/03/2023)"  # type: ignore[union-attr]
    assert list(find_broken_chains()) == []


def test_a_job_that_was_killed_begins_anew_and_counts_no_case_twice(world: World) -> None:
    for _number in range(5):
        world.receive()
    mass = decide(world)
    lawbook.refresh_decisions()

    actions.recount_next(mass_id=mass.pk, most=2, now=MONDAY)
    MassRecount.objects.filter(pk=mass.pk).update(last_case_id=0, done=0, moved=0)
    finished = run_to_the_end(mass)

    assert (finished.done, finished.moved) == (5, 3)
    assert Recount.objects.count() == 5


def test_a_case_received_afterwards_counts_with_the_decision(world: World) -> None:
    decide(world)
    lawbook.refresh_decisions()

    case = world.receive()

    assert case.due_at == at(14, 17)


def test_a_later_decision_takes_an_earlier_one_back(world: World) -> None:
    world.receive()
    run_to_the_end(decide(world))
    ordinary = DecidedDay(day=date(2023, 3, 10), kind=DecidedKind.ORDINARY, name="Làm việc")

    run_to_the_end(decide(world, number="13/QĐ-TTg", days=(ordinary,)))

    assert Case.objects.get().due_at == at(13, 17)


def test_a_decision_with_faults_is_refused_with_each_of_them(world: World) -> None:
    days = (
        DecidedDay(day=date(2023, 3, 3), kind=DecidedKind.OFF, name="Nghỉ"),
        DecidedDay(day=date(2023, 3, 17), kind=DecidedKind.WORKED_SATURDAY, name="Bù"),
    )

    with pytest.raises(CannotDecideCalendar) as refused:
        decide(world, days=days)

    assert len(refused.value.problems) == 3
    assert CalendarDecision.objects.count() == 0


@pytest.mark.parametrize(
    "changes",
    [{"number": " "}, {"title": ""}, {"decided_on": date(2023, 3, 7)}],
    ids=["no number", "no title", "signed tomorrow"],
)
def test_a_decision_without_its_papers_is_refused(world: World, changes: dict[str, object]) -> None:
    with pytest.raises(CannotDecideCalendar):
        decide(world, **changes)


def test_a_decision_is_entered_once(world: World) -> None:
    decide(world)
    days = (DecidedDay(day=date(2023, 3, 16), kind=DecidedKind.OFF, name="Nghỉ"),)

    with pytest.raises(CannotDecideCalendar, match="đã được ghi rồi"):
        decide(world, days=days)


def test_a_decision_cannot_be_edited(world: World) -> None:
    decide(world)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE lawbook_decidedday SET day = '2023-03-20'")

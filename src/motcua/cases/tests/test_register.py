"""The register: numbered without gaps by however many at once, closed once, never added to again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from motcua.audit.queries import list_entries
from motcua.cases import actions, register_queries
from motcua.cases.actions import CannotCloseRegister
from motcua.cases.models import RegisterBook, RegisterLine
from motcua.cases.tests.world import MONDAY, World
from motcua.engine.moments import VIETNAM
from motcua.people.actions import NotAllowed

NEW_YEAR = datetime(2024, 1, 2, 9, 0, tzinfo=VIETNAM)


def close(
    world: World, officer: Any, *, year: int = 2023, now: datetime = NEW_YEAR
) -> RegisterBook:
    return actions.close_register(
        officer=officer,
        agency_id=world.centre.pk,
        agency_path=world.centre.path,
        year=year,
        now=now,
    )


def numbers() -> list[tuple[int, int]]:
    found = RegisterLine.objects.order_by("book__year", "number")
    return list(found.values_list("book__year", "number"))


@pytest.mark.django_db
def test_cases_are_entered_once_in_the_order_of_reception(world: World) -> None:
    cases = [world.receive(MONDAY + timedelta(minutes=minute)) for minute in (20, 0, 10)]

    assert actions.enter_waiting(now=MONDAY + timedelta(hours=1)) == 3
    assert actions.enter_waiting(now=MONDAY + timedelta(hours=1)) == 0

    lines = RegisterLine.objects.order_by("number")
    assert [line.case_id for line in lines] == [cases[1].pk, cases[2].pk, cases[0].pk]
    assert numbers() == [(2023, 1), (2023, 2), (2023, 3)]


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gaps_whoever_enters_at_the_same_moment(world: World) -> None:
    for minute in range(10):
        world.receive(MONDAY + timedelta(minutes=minute))

    def enter(_place: int) -> int:
        try:
            return actions.enter_cases(agency_id=world.centre.pk, year=2023, now=MONDAY)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        entered = sum(pool.map(enter, range(8)))

    assert entered == 10
    assert numbers() == [(2023, number) for number in range(1, 11)]
    assert RegisterBook.objects.get().last_number == 10


@pytest.mark.django_db
def test_only_a_leader_or_controller_closes_and_only_a_year_that_is_over(world: World) -> None:
    world.receive()

    for officer in (world.cuc, world.binh, world.oanh):
        with pytest.raises(NotAllowed, match="khóa sổ"):
            close(world, officer)
    with pytest.raises(CannotCloseRegister, match="từ ngày 01/01/2024"):
        close(world, world.dung, now=datetime(2023, 12, 31, 23, 59, tzinfo=VIETNAM))

    assert close(world, world.dung).last_number == 1
    (entry,) = list_entries(f"register:{world.centre.pk}:2023")
    assert (entry.event, entry.facts) == ("register.closed", {"lines": 1})


@pytest.mark.django_db
def test_a_register_closed_twice_is_told_by_whom_and_when(world: World) -> None:
    world.receive()
    close(world, world.dung)

    with pytest.raises(CannotCloseRegister, match="Phạm Ngọc Dung khóa lúc 09:00 02/01/2024"):
        close(world, world.controller, now=NEW_YEAR + timedelta(hours=1))


@pytest.mark.django_db
def test_what_comes_after_the_closing_goes_into_the_next_book(world: World) -> None:
    world.receive()
    close(world, world.dung)
    late = world.receive(MONDAY + timedelta(days=1))

    assert actions.enter_waiting(now=NEW_YEAR) == 1

    assert numbers() == [(2023, 1), (2024, 1)]
    assert RegisterLine.objects.get(case=late).book.year == 2024


@pytest.mark.django_db
def test_a_line_is_found_by_number_code_and_name_without_marks(world: World) -> None:
    cases = [world.receive(MONDAY + timedelta(minutes=minute)) for minute in range(3)]
    actions.enter_waiting(now=MONDAY)
    book = RegisterBook.objects.get()

    def find(text: str) -> list[int]:
        return [line.number for line in register_queries.list_lines(book, text=text)]

    shown = register_queries.shown(register_queries.list_lines(book)[0])
    assert find("") == [1, 2, 3]
    assert find("2") == [2]
    assert find(cases[2].code) == [3]
    assert find(shown.owner.split()[-1].lower()) == [1, 2, 3]
    assert find("không có ai") == []

"""A case whose status another system owns stands in no report of ours: not in one more than in another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from motcua.cases import actions
from motcua.cases.models import Case, HandBack, MirroredCase
from motcua.cases.tests.late_cases import late_case, walk
from motcua.cases.tests.world import World
from motcua.engine.forwarded import read_case
from motcua.engine.tests.test_forwarded import CASE
from motcua.people.models import User
from motcua.reporting.late_causes import table_causes
from motcua.reporting.lateness import get_lateness
from motcua.reporting.on_the_spot import get_on_the_spot, list_spot_cases
from motcua.reporting.tests.test_lateness import MARCH, at, make_late_world
from motcua.reporting.unit_and_period import get_unit

pytestmark = pytest.mark.django_db

ASKED: dict[str, Any] = {
    "first_day": at(1).date(),
    "last_day": at(31).date(),
    "now": at(31) + timedelta(days=9),
}


@pytest.fixture(scope="module")
def world_of_file(
    made_once: Callable[[Callable[[], World]], Callable[[], World]],
) -> Callable[[], World]:
    return made_once(make_late_world)


def send_on(world: World, case: Case) -> MirroredCase:
    """Let a case of ours be one that the national portal sent on."""
    row = actions.mirror_case(officer=world.system, source="DVCQG", told=read_case(CASE), now=at(6))
    actions.take_over_case(
        officer=world.cuc, mirrored_id=row.pk, case_code=case.code, now=at(6, 10)
    )
    return row


def counts() -> dict[str, int]:
    """Return how many case files each report of March counts for the Office."""
    unit = get_unit(MARCH["unit"], on=at(31).date())
    late = get_lateness(unit=unit, **ASKED)
    spot = get_on_the_spot(unit=unit, **ASKED)
    listed, _rows = list_spot_cases(spot, level="", code="", mark="", page=1, per_page=50)
    return {
        "late": len(late.cases),
        "overdue": len(late.open_overdue),
        "causes": table_causes(late).total.total,
        "settled": sum(row.cases for row in spot.procedures),
        "listed as settled": listed,
    }


def test_an_overdue_case_handed_back_is_nobodys_lateness_here(world: World) -> None:
    case = late_case(world, at(6), (at(6, 10),))
    row = send_on(world, case)
    ours = counts()
    actions.hand_back_case(officer=world.cuc, mirrored_id=row.pk, reason="Bộ giữ.", now=at(7))

    theirs = counts()

    assert (ours["overdue"], theirs["overdue"]) == (2, 1)
    assert (ours["late"], ours["causes"]) == (4, 4)
    assert (theirs["late"], theirs["causes"]) == (3, 3)


def test_a_settled_case_that_is_theirs_at_the_cut_off_is_not_settled_on_the_spot_here(
    world: World,
) -> None:
    case = world.receive(at(6))
    row = send_on(world, case)
    walk(world, case, at(6, 11), at(7, 10), at(7, 15))
    Case.objects.filter(pk=case.pk).update(status="RETURNED", returned_at=at(8))
    ours = counts()
    # Nothing of ours hands back what is settled; rows from elsewhere may say so.
    HandBack.objects.create(
        mirrored=row,
        case=case,
        handed_at=at(9),
        handed_by=User.objects.get(pk=world.cuc.id),
        reason="Bộ giữ.",
    )

    theirs = counts()

    assert (ours["settled"], ours["listed as settled"]) == (4, 4)
    assert (theirs["settled"], theirs["listed as settled"]) == (3, 3)

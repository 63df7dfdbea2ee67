"""A case file that another system owns stands in no report; one taken over is counted once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from motcua.cases import actions
from motcua.cases.tests.world import MONDAY, World
from motcua.engine.forwarded import read_case
from motcua.engine.tests.test_forwarded import CASE
from motcua.reporting import queries

pytestmark = pytest.mark.django_db

NOW = MONDAY + timedelta(days=2)


def counted(world: World) -> dict[str, object]:
    """Return the total row of the table of the quarter, of the Office with all below it."""
    table = queries.get_one_stop_table(
        unit=queries.get_unit("H19.01", on=date(2023, 3, 14)),
        first_day=date(2022, 12, 15),
        last_day=date(2023, 3, 14),
        include_subordinate=True,
        now=NOW,
    )
    return dict(table.total)


def test_a_mirrored_case_file_is_counted_by_its_owner_alone(world: World) -> None:
    nothing = counted(world)
    row = actions.mirror_case(officer=world.system, source="DVCQG", told=read_case(CASE), now=NOW)
    theirs = counted(world)
    case = world.receive()
    received = counted(world)
    actions.take_over_case(officer=world.cuc, mirrored_id=row.pk, case_code=case.code, now=NOW)
    ours = counted(world)

    assert (nothing["received"], theirs["received"]) == (0, 0)
    assert theirs == nothing
    assert received["received"] == ours["received"] == 1
    assert ours == received

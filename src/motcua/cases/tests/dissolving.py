"""A department that settles cases and is to be dissolved, its successor, and who works where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from motcua.cases import actions
from motcua.cases.models import Case, Dissolution
from motcua.cases.tests.world import LONG_AGO, MONDAY, World, make_person
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.people.models import Agency
from motcua.procedures.models import Revision
from motcua.workflow.models import Task

TODAY = MONDAY.date()
FRIDAY = TODAY + timedelta(days=4)
TUESDAY_AFTER = MONDAY + timedelta(days=8)


@dataclass(frozen=True, kw_only=True)
class Merger:
    """Oanh and Lan settle at the old department, Hoa and Huy at the new one; Phúc administrates."""

    world: World
    old: Agency
    new: Agency
    admin: people.Person
    lan: people.Person
    hoa: people.Person
    huy: people.Person

    def received(self, count: int = 1) -> list[Case]:
        """Receive cases and pass them on to the old department."""
        made = []
        for _number in range(count):
            case = self.world.receive()
            task = open_task(case)
            actions.complete_step(officer=self.world.cuc, task_id=task.pk, now=MONDAY)
            made.append(Case.objects.get(pk=case.pk))
        return made

    def dissolve(self, *, now: datetime = MONDAY, **changes: Any) -> Dissolution:
        """Dissolve the old department as of today, with changes."""
        asked: dict[str, Any] = {
            "officer": self.admin,
            "agency_id": self.old.pk,
            "successor_id": self.new.pk,
            "last_day": TODAY,
            "decision_number": "12/NQ-HĐND",
            "decision_date": date(2023, 3, 1),
            **changes,
        }
        return actions.dissolve_agency(**asked, now=now)


def make_merger(world: World) -> Merger:
    """Let the department settle the procedure of the world, and make its successor."""
    Revision.objects.update(agency=world.elsewhere)
    new = people_actions.add_agency(
        officer=world.system,
        now=MONDAY,
        code="H19.30",
        name="Sở Nông nghiệp và Môi trường",
        level="PROVINCE",
        kind="DEPARTMENT",
        parent=people.get_agency("H19"),
        starts_on=LONG_AGO,
    )
    return Merger(
        world=world,
        old=world.elsewhere,
        new=new,
        admin=make_person(world.system, "phuc", "Phạm Hồng Phúc", world.office, "ADMIN"),
        lan=make_person(world.system, "lan", "Ngô Thị Lan", world.elsewhere, "LEADER"),
        hoa=make_person(world.system, "hoa", "Võ Thị Hoa", new, "OFFICER"),
        huy=make_person(world.system, "huy", "Đinh Quang Huy", new, "LEADER"),
    )


def open_task(case: Case) -> Task:
    """Return the only open step of a case."""
    return Task.objects.get(run_id=case.run_id, completed_at=None)

"""Who publishes flow charts in the tests, and which charts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from motcua.engine.drawing import Chart, Lane, Step, draw
from motcua.engine.moments import VIETNAM
from motcua.people import actions, queries
from motcua.people.models import Agency
from motcua.people.queries import Person

LONG_AGO = date(2020, 1, 1)
MONDAY = datetime(2023, 3, 6, 9, 0, tzinfo=VIETNAM)
LANES = (
    Lane(id="counter", name="Một cửa", unit="RECEIVING"),
    Lane(id="office", name="Cơ quan", unit="SETTLING"),
)
FORWARD = Step(id="forward", name="Chuyển hồ sơ", lane="counter", role="CLERK", limit="4 giờ")
APPRAISE = Step(
    id="appraise",
    name="Thẩm định",
    lane="office",
    role="OFFICER",
    limit="3 ngày làm việc",
    outcomes=("APPROVE", "REFUSE"),
)


def drawing(*steps: Step) -> str:
    """Return the BPMN of a chart of steps one after the other."""
    chart = Chart(id="chart", name="Lưu đồ", lanes=LANES, steps=steps or (FORWARD, APPRAISE))
    return draw(chart)


@dataclass(frozen=True, kw_only=True)
class Offices:
    """The province, its centre and its office, and who works there."""

    system: Person
    office: Agency
    centre: Agency
    controller: Person
    clerk: Person
    officer: Person
    leader: Person


def make_offices() -> Offices:
    """Make them in an empty database."""
    system = actions.found_province(
        code="H19", name="Tỉnh Đồng Nai", name_en="", starts_on=LONG_AGO, now=MONDAY
    )
    office = _agency(system, "H19.01", "Văn phòng UBND tỉnh", "OFFICE", queries.get_agency("H19"))
    centre = _agency(system, "H19.01.01", "Trung tâm Hành chính công tỉnh", "CENTRE", office)
    return Offices(
        system=system,
        office=office,
        centre=centre,
        controller=_person(system, "vy", "Huỳnh Thúy Vy", office, "CONTROLLER"),
        clerk=_person(system, "cuc", "Trần Thị Cúc", centre, "CLERK"),
        officer=_person(system, "binh", "Lê Thanh Bình", office, "OFFICER"),
        leader=_person(system, "dung", "Phạm Ngọc Dung", office, "LEADER"),
    )


def _agency(system: Person, code: str, name: str, kind: str, parent: Agency) -> Agency:
    return actions.add_agency(
        officer=system,
        now=MONDAY,
        code=code,
        name=name,
        level="PROVINCE",
        kind=kind,
        parent=parent,
        starts_on=LONG_AGO,
    )


def _person(system: Person, username: str, full_name: str, agency: Agency, role: str) -> Person:
    user = actions.add_person(officer=system, now=MONDAY, username=username, full_name=full_name)
    actions.give_post(
        officer=system,
        now=MONDAY,
        person_id=user.pk,
        agency_id=agency.pk,
        role=role,
        starts_on=LONG_AGO,
    )
    return queries.get_person(user_id=user.pk)

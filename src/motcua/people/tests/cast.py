"""A small province for the tests of people: who works where, and an administrator with a password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from django.contrib.auth.hashers import make_password

from motcua.engine.moments import VIETNAM
from motcua.people import actions, queries
from motcua.people.models import Agency, Post
from motcua.people.queries import Person

LONG_AGO = date(2020, 1, 1)
MONDAY = datetime(2023, 3, 6, 9, 0, tzinfo=VIETNAM)


@dataclass(frozen=True, kw_only=True)
class Province:
    """Three agencies one below the other, one beside, and who works there."""

    system: Person
    province: Agency
    office: Agency
    centre: Agency
    department: Agency
    admin: Person
    controller: Person
    clerk: Person


def make_province() -> Province:
    """Make the province in an empty database: Phúc administrates, Vy controls, Cúc receives."""
    system = found()
    top = queries.get_agency("H19")
    office = make_agency(
        system, "H19.01", "Văn phòng Ủy ban nhân dân tỉnh", kind="OFFICE", parent=top
    )
    centre = make_agency(
        system, "H19.01.01", "Trung tâm Hành chính công tỉnh", kind="CENTRE", parent=office
    )
    department = make_agency(system, "H19.17", "Sở Tài nguyên và Môi trường", parent=top)
    return Province(
        system=system,
        province=top,
        office=office,
        centre=centre,
        department=department,
        admin=make_person(system, "phuc", "Phạm Hồng Phúc", office, "ADMIN"),
        controller=make_person(system, "vy", "Huỳnh Thúy Vy", office, "CONTROLLER"),
        clerk=make_person(system, "cuc", "Trần Thị Cúc", centre, "CLERK"),
    )


# Hashing is slow on purpose; once is enough.
hash_password = cache(make_password)


def found() -> Person:
    """Found the province and return the system account."""
    return actions.found_province(
        code="H19",
        name="Ủy ban nhân dân tỉnh Đồng Nai",
        name_en="People's Committee of Đồng Nai",
        starts_on=LONG_AGO,
        now=MONDAY,
    )


def make_agency(
    system: Person,
    code: str,
    name: str,
    *,
    parent: Agency | None = None,
    level: str = "PROVINCE",
    kind: str = "DEPARTMENT",
    old_code: str = "",
    starts_on: date = LONG_AGO,
    ends_on: date | None = None,
) -> Agency:
    """Add an agency."""
    return actions.add_agency(
        officer=system,
        now=MONDAY,
        code=code,
        name=name,
        level=level,
        kind=kind,
        parent=parent,
        old_code=old_code,
        starts_on=starts_on,
        ends_on=ends_on,
    )


def make_person(
    system: Person,
    username: str,
    full_name: str,
    agency: Agency,
    role: str,
    *,
    starts_on: date = LONG_AGO,
    ends_on: date | None = None,
) -> Person:
    """Add a person with one post; the password is “motcua-2023”."""
    user = actions.add_person(
        officer=system,
        now=MONDAY,
        username=username,
        full_name=full_name,
        password_hash=hash_password("motcua-2023"),
    )
    give(system, user.pk, agency, role, starts_on=starts_on, ends_on=ends_on)
    return queries.get_person(user_id=user.pk)


def give(
    officer: Person,
    person_id: int,
    agency: Agency,
    role: str = "CLERK",
    *,
    starts_on: date = LONG_AGO,
    ends_on: date | None = None,
) -> Post:
    """Give somebody a post."""
    return actions.give_post(
        officer=officer,
        now=MONDAY,
        person_id=person_id,
        agency_id=agency.pk,
        role=role,
        starts_on=starts_on,
        ends_on=ends_on,
    )

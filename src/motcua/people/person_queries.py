"""Loads a person with every post they hold or fill: what each request asks, in one statement."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, Final, NamedTuple

from django.db import connection

from motcua.people.rights import STAND_IN_ROLES, HeldPost, Person


class NoSuchPerson(LookupError):
    """No active account has this id or name."""


# Written by hand: to have it composed anew took a request longer than to have it answered.
_PERSON: Final = """
SELECT person.id, person.username, person.full_name,
       post.id AS post_id, post.role, post.starts_on, post.ends_on,
       agency.id, agency.code, agency.name, agency.name_en, agency.kind, agency.level, agency.path,
       agency.heir_of,
       NULL::bigint AS absent_id, '' AS absent_name, NULL::date AS absent_from, NULL::date AS absent_until
FROM people_user person
LEFT JOIN people_post post ON post.person_id = person.id
LEFT JOIN people_agency agency ON agency.id = post.agency_id
WHERE person.is_active AND person.{known_by} = %(value)s
UNION ALL
SELECT person.id, person.username, person.full_name,
       post.id, post.role, post.starts_on, post.ends_on,
       agency.id, agency.code, agency.name, agency.name_en, agency.kind, agency.level, agency.path,
       agency.heir_of,
       absent.id, absent.full_name, absence.starts_on, absence.ends_on
FROM people_user person
JOIN people_absence absence ON absence.stand_in_id = person.id AND absence.withdrawn_at IS NULL
JOIN people_user absent ON absent.id = absence.absent_id
JOIN people_post post ON post.person_id = absent.id AND post.role = ANY(%(stand_in_roles)s)
JOIN people_agency agency ON agency.id = post.agency_id
WHERE person.is_active AND person.{known_by} = %(value)s
ORDER BY starts_on, post_id, absent_from
"""
_BY_ID: Final = _PERSON.format(known_by="id")
_BY_NAME: Final = _PERSON.format(known_by="username")


class _Row(NamedTuple):
    """A post of a person, or of somebody in whose stead they work; no post where they have none."""

    person_id: int
    username: str
    full_name: str
    post_id: int | None
    role: str
    starts_on: date
    ends_on: date | None
    agency_id: int
    agency_code: str
    agency_name: str
    agency_name_en: str
    agency_kind: str
    agency_level: str
    agency_path: str
    heir_of: list[int]
    absent_id: int | None
    absent_name: str
    absent_from: date | None
    absent_until: date | None


def get_person(*, user_id: int | None = None, username: str | None = None) -> Person:
    """Return an active person with all their posts; raise NoSuchPerson otherwise. One query.

    The posts of others in whose stead they work come with them.
    """
    asked: tuple[str, Any] = (_BY_NAME, username) if user_id is None else (_BY_ID, user_id)
    with connection.cursor() as cursor:
        cursor.execute(asked[0], {"value": asked[1], "stand_in_roles": sorted(STAND_IN_ROLES)})
        rows = [_Row(*row) for row in cursor.fetchall()]
    if not rows:
        msg = f"No active account {username or user_id!r}."
        raise NoSuchPerson(msg)
    held = [row for row in rows if row.post_id is not None]
    return Person(
        id=rows[0].person_id,
        username=rows[0].username,
        full_name=rows[0].full_name,
        posts=tuple(_held(row) for row in held if row.absent_id is None),
        stand_ins=tuple(_filled(row) for row in held if row.absent_id is not None),
    )


def _held(row: _Row) -> HeldPost:
    assert row.post_id is not None
    return HeldPost(
        id=row.post_id,
        role=row.role,
        agency_id=row.agency_id,
        agency_code=row.agency_code,
        agency_name=row.agency_name,
        agency_name_en=row.agency_name_en,
        agency_kind=row.agency_kind,
        agency_level=row.agency_level,
        agency_path=row.agency_path,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        heir_of=tuple(row.heir_of),
    )


def _filled(row: _Row) -> HeldPost:
    """Return a post of an absent person as their stand-in fills it, while both are in force."""
    assert row.absent_from is not None
    assert row.absent_until is not None
    return replace(
        _held(row),
        starts_on=max(row.starts_on, row.absent_from),
        ends_on=min(row.ends_on or row.absent_until, row.absent_until),
        stead_of_id=row.absent_id,
        stead_of=row.absent_name,
    )

"""Who is away and who stands in for them, and for whom a person may name a stand-in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from motcua.people import queries
from motcua.people.models import Absence, Post
from motcua.people.rights import STAND_IN_ROLES, Person, Scope, day_of, scope_of


class NoSuchAbsence(LookupError):
    """No absence has this number, or it is none of this person's business."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Colleague:
    """Somebody with a post in scope, as a list offers them."""

    id: int
    full_name: str
    posts: str


def in_force(*, on: date) -> QuerySet[Absence]:
    """Return the absences of a day that were not taken back."""
    return Absence.objects.filter(withdrawn_at=None, starts_on__lte=on, ends_on__gt=on)


def absent_ids(*, on: date) -> dict[int, str]:
    """Return who is away on a day, each with the name of their stand-in. One query."""
    return dict(in_force(on=on).values_list("absent_id", "stand_in__full_name"))


def posts_in_force(*, on: date) -> QuerySet[Post]:
    """Return the posts of a day."""
    return Post.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=on), starts_on__lte=on)


def list_qualified(agency_ids: Iterable[int], *, on: date) -> list[tuple[int, str, int, str]]:
    """Return who works on cases at agencies on a day: id, name, agency and role. One query."""
    held = posts_in_force(on=on).filter(
        agency_id__in=list(agency_ids), role__in=STAND_IN_ROLES, person__is_active=True
    )
    return list(held.values_list("person_id", "person__full_name", "agency_id", "role"))


def of_people(person_ids: Iterable[int]) -> QuerySet[Absence]:
    """Return the absences in which people have a part and that were not taken back."""
    ids = list(person_ids)
    concerned = Q(absent_id__in=ids) | Q(stand_in_id__in=ids)
    return Absence.objects.filter(concerned, withdrawn_at=None).select_related("absent", "stand_in")


def list_absences(officer: Person, *, now: datetime) -> QuerySet[Any]:
    """Return a person's own absences and stand-ins, and those of whom they name a stand-in for."""
    scope = scope_of(officer, "people.name_stand_in_of_others", now=now)
    seen = Q(absent_id=officer.id) | Q(stand_in_id=officer.id)
    if not scope.is_empty:
        seen |= Q(absent_id__in=_posts(scope, on=day_of(now)).values("person_id"))
    people = ("absent", "stand_in", "named_by", "withdrawn_by")
    return Absence.objects.filter(seen).select_related(*people).order_by("-starts_on", "-id")


def get_absence(officer: Person, absence_id: int, *, now: datetime) -> Absence:
    """Return one of the absences that a person sees; raise NoSuchAbsence otherwise."""
    found: Absence | None = list_absences(officer, now=now).filter(pk=absence_id).first()
    if found is None:
        raise NoSuchAbsence(
            _("Không có lần cử người làm thay số %(id)s trong danh sách của anh/chị.")
            % {"id": absence_id}
        )
    return found


def may_name_for(
    officer: Person, person_id: int, *, starts_on: date, ends_on: date, now: datetime
) -> bool:
    """Say whether all posts of a person in some days lie where the officer names stand-ins."""
    own = person_id == officer.id
    scope = scope_of(
        officer, "people.name_stand_in" if own else "people.name_stand_in_of_others", now=now
    )
    held = Post.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=starts_on),
        person_id=person_id,
        role__in=STAND_IN_ROLES,
        starts_on__lt=ends_on,
    ).select_related("agency")
    return bool(held) and all(
        scope.covers(agency_id=post.agency_id, agency_path=post.agency.path) for post in held
    )


def may_be_named(
    officer: Person, person_id: int, *, starts_on: date, ends_on: date, now: datetime
) -> bool:
    """Say whether a person works in scope through all of some days, so that they can stand in."""
    scope = scope_of(officer, "people.name_stand_in", now=now)
    held = Post.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=ends_on),
        person_id=person_id,
        person__is_active=True,
        role__in=STAND_IN_ROLES,
        agency__in=queries.agencies_in_scope(scope).values("pk"),
        starts_on__lte=starts_on,
    )
    return held.exists()


def list_absent_choices(officer: Person, *, now: datetime) -> tuple[Colleague, ...]:
    """Return for whom a person may name a stand-in: oneself first, then those in scope."""
    scope = scope_of(officer, "people.name_stand_in_of_others", now=now)
    others = _colleagues(scope, on=day_of(now)) if not scope.is_empty else ()
    oneself = Colleague(id=officer.id, full_name=officer.full_name, posts=_("chính tôi"))
    return (oneself, *(one for one in others if one.id != officer.id))


def list_stand_in_choices(officer: Person, *, now: datetime) -> tuple[Colleague, ...]:
    """Return who may be named as a stand-in: those who work in scope."""
    return _colleagues(scope_of(officer, "people.name_stand_in", now=now), on=day_of(now))


def _colleagues(scope: Scope, *, on: date) -> tuple[Colleague, ...]:
    by_person: dict[int, tuple[str, list[str]]] = {}
    for post in _posts(scope, on=on).select_related("person", "agency"):
        place = f"{post.get_role_display()}, {post.agency.short_name}"
        by_person.setdefault(post.person_id, (post.person.full_name, []))[1].append(place)
    return tuple(
        Colleague(id=person_id, full_name=name, posts="; ".join(places))
        for person_id, (name, places) in by_person.items()
    )


def _posts(scope: Scope, *, on: date) -> QuerySet[Post]:
    """Return the posts of those who work on cases in scope, by agency and name."""
    return Post.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=on),
        person__is_active=True,
        role__in=STAND_IN_ROLES,
        agency__in=queries.agencies_in_scope(scope).values("pk"),
        starts_on__lte=on,
    ).order_by("agency__sort_name", "person__full_name", "id")

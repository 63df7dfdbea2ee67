"""What can be asked about agencies, people and their rights."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from motcua.engine import vietnamese
from motcua.people.models import Agency, AgencyAlias, Post, User
from motcua.people.rights import HeldPost, Person, Scope, day_of, scope_of

__all__ = [
    "HeldPost",
    "NoSuchAgency",
    "NoSuchPerson",
    "Person",
    "Scope",
    "agencies_in_scope",
    "count_agencies",
    "current_post",
    "day_of",
    "find_agency",
    "get_agency",
    "get_agency_by_kind",
    "get_name",
    "get_person",
    "is_allowed",
    "list_accounts",
    "list_agencies",
    "list_posts",
    "scope_of",
]


class NoSuchAgency(LookupError):
    """No agency has this code, now or under an older code."""


class NoSuchPerson(LookupError):
    """No active account has this id or name."""


def get_person(*, user_id: int | None = None, username: str | None = None) -> Person:
    """Return an active person with all their posts; raise NoSuchPerson otherwise. One query."""
    rows = Post.objects.select_related("person", "agency").order_by("starts_on", "id")
    who = Q(person_id=user_id) if user_id is not None else Q(person__username=username)
    posts = list(rows.filter(who, person__is_active=True))
    if posts:
        user = posts[0].person
    else:
        key = Q(pk=user_id) if user_id is not None else Q(username=username)
        found = User.objects.filter(key, is_active=True).first()
        if found is None:
            msg = f"No active account {user_id if user_id is not None else username!r}."
            raise NoSuchPerson(msg)
        user = found
    return Person(
        id=user.pk,
        username=user.username,
        full_name=user.full_name,
        posts=tuple(_held(post) for post in posts),
    )


def _held(post: Post) -> HeldPost:
    agency = post.agency
    return HeldPost(
        id=post.pk,
        role=post.role,
        agency_id=agency.pk,
        agency_code=agency.code,
        agency_name=agency.name,
        agency_kind=agency.kind,
        agency_level=agency.level,
        agency_path=agency.path,
        starts_on=post.starts_on,
        ends_on=post.ends_on,
    )


def current_post(person: Person, chosen_id: int | None, *, now: datetime) -> HeldPost | None:
    """Return the post the person works in now: the chosen one while it is held, else the first."""
    held = person.posts_on(day_of(now))
    return next((post for post in held if post.id == chosen_id), held[0] if held else None)


def is_allowed(
    person: Person, function: str, *, now: datetime, agency: Agency | None = None
) -> bool:
    """Say whether `person` may use `function` at `now`, over `agency` or anywhere at all."""
    scope = scope_of(person, function, now=now)
    if agency is None:
        return not scope.is_empty
    return scope.covers(agency_id=agency.pk, agency_path=agency.path)


def agencies_in_scope(scope: Scope) -> QuerySet[Agency]:
    """Return the agencies that a scope covers."""
    if scope.everything:
        return Agency.objects.all()
    wanted = Q(pk__in=scope.agency_ids)
    for tree in scope.subtrees:
        wanted |= Q(path__startswith=tree)
    return Agency.objects.filter(wanted)


def find_agency(code: str) -> Agency | None:
    """Return the agency with this code or this older code, or None."""
    wanted = vietnamese.tidy(code).upper()
    agency = Agency.objects.filter(code=wanted).first()
    if agency is None:
        alias = AgencyAlias.objects.filter(code=wanted).select_related("agency").first()
        agency = alias.agency if alias else None
    return agency


def get_agency(code: str) -> Agency:
    """Return the agency with this code or this older code; raise NoSuchAgency otherwise."""
    agency = find_agency(code)
    if agency is None:
        msg = f"Không có cơ quan nào mang mã {code!r}."
        raise NoSuchAgency(msg)
    return agency


def get_agency_by_kind(kind: str, *, on: date) -> Agency:
    """Return the one agency of a kind in force on a day: the Office, the centre."""
    found = list_agencies(on=on).filter(kind=kind).first()
    if found is None:
        msg = f"Không có cơ quan loại {kind} vào ngày {on:%d/%m/%Y}."
        raise NoSuchAgency(msg)
    return found


def list_agencies(*, on: date) -> QuerySet[Agency]:
    """Return the agencies in force on a day, in Vietnamese order of their names."""
    return Agency.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=on), starts_on__lte=on
    ).order_by("sort_name", "id")


def count_agencies() -> int:
    """Return how many agencies there are, of any date."""
    return Agency.objects.count()


def list_posts(*, now: datetime) -> QuerySet[Post]:
    """Return every post with its person and agency, those in force first."""
    ended = Q(ends_on__isnull=False, ends_on__lte=day_of(now))
    posts = Post.objects.select_related("person", "agency")
    return posts.annotate(has_ended=ExpressionWrapper(ended, BooleanField())).order_by(
        "has_ended", "agency__sort_name", "role", "id"
    )


def list_accounts() -> QuerySet[User]:
    """Return all active accounts with their posts."""
    return User.objects.filter(is_active=True).prefetch_related("posts__agency").order_by("id")


def get_name(user_id: int) -> str:
    """Return the full name of an account, active or not."""
    return User.objects.values_list("full_name", flat=True).get(pk=user_id)

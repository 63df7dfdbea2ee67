"""What can be asked about agencies, people and their rights."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import (
    BooleanField,
    CharField,
    Count,
    ExpressionWrapper,
    Func,
    Q,
    QuerySet,
)
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.engine import vietnamese
from motcua.people.models import Agency, AgencyAlias, Post, User
from motcua.people.person_queries import NoSuchPerson, get_person
from motcua.people.rights import (
    FUNCTION_NAMES,
    RIGHTS,
    HeldPost,
    Person,
    Scope,
    agencies_worked_at,
    day_of,
    scope_of,
)

__all__ = [
    "AgencyRow",
    "HeldPost",
    "NoSuchAgency",
    "NoSuchPerson",
    "NoSuchPost",
    "Person",
    "Scope",
    "agencies_in_scope",
    "agencies_worked_at",
    "count_agencies",
    "count_posts",
    "current_post",
    "day_of",
    "find_account",
    "find_accounts",
    "find_agencies",
    "find_agency",
    "find_posts",
    "get_account",
    "get_agency",
    "get_agency_by_id",
    "get_agency_by_kind",
    "get_name",
    "get_person",
    "get_post",
    "get_system",
    "is_allowed",
    "list_accounts",
    "list_accounts_without_post",
    "list_agencies",
    "list_agencies_with_posts",
    "list_agency_tree",
    "list_control_agencies",
    "list_kinds",
    "list_levels",
    "list_local_agencies",
    "list_other_posts",
    "list_posts",
    "list_posts_held_by",
    "list_posts_of",
    "list_roles",
    "name_agencies",
    "name_powers",
    "name_role",
    "name_roles_of",
    "narrow_posts",
    "no_such_account",
    "no_such_post",
    "scope_of",
]


class NoSuchAgency(LookupError):
    """No agency has this code, now or under an older code."""


class NoSuchPost(LookupError):
    """No post has this number."""


SYSTEM_USERNAME = "he-thong"


def get_system() -> Person:
    """Return the system's own account, in whose name jobs act."""
    return get_person(username=SYSTEM_USERNAME)


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
        raise NoSuchAgency(_("Không có cơ quan nào mang mã “%(code)s”.") % {"code": code})
    return agency


def get_agency_by_id(agency_id: int) -> Agency:
    """Return an agency."""
    return Agency.objects.get(pk=agency_id)


def get_agency_by_kind(kind: str, *, on: date) -> Agency:
    """Return the one agency of a kind in force on a day: the Office, the centre."""
    found = list_agencies(on=on).filter(kind=kind).first()
    if found is None:
        raise NoSuchAgency(
            _("Không có cơ quan loại %(kind)s vào ngày %(day)s.")
            % {"kind": kind, "day": f"{on:%d/%m/%Y}"}
        )
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


class _Folded(Func):
    """A column without marks and capitals, as `vietnamese.fold` writes it."""

    # Capitals are lowered after the marks are gone: a database in the locale C lowers ASCII only.
    template = (
        r"lower(translate(regexp_replace(normalize(%(expressions)s, NFD),"
        r" '[\u0300-\u036f]', '', 'g'), 'đĐ', 'dD'))"
    )
    output_field = CharField()


POST_STATES = ("in_force", "coming", "ended")


def _in_state(state: str, *, on: date) -> Q:
    """Return the condition of a state of posts on a day; every post when it names none."""
    ended = Q(ends_on__isnull=False, ends_on__lte=on)
    return {
        "in_force": Q(starts_on__lte=on) & ~ended,
        "coming": Q(starts_on__gt=on),
        "ended": ended,
    }.get(state, Q())


def find_posts(
    *, text: str = "", agency_code: str = "", role: str = "", now: datetime
) -> QuerySet[Post]:
    """Find posts by words of the person or the agency, without marks too, those in force first."""
    found = list_posts(now=now).alias(folded=_Folded("person__full_name"))
    for word in vietnamese.fold(text).split():
        found = found.filter(
            Q(folded__contains=word)
            | Q(person__username__icontains=word)
            | Q(agency__search_name__contains=word)
        )
    if agency_code:
        found = found.filter(agency__code=agency_code)
    if role:
        found = found.filter(role=role)
    return found


def narrow_posts(posts: QuerySet[Post], *, state: str, now: datetime) -> QuerySet[Post]:
    """Keep the posts in a state: in_force, coming or ended; all of them without one."""
    return posts.filter(_in_state(state, on=day_of(now)))


def count_posts(posts: QuerySet[Post], *, now: datetime) -> dict[str, int]:
    """Count posts by state, and all of them under the empty name."""
    today = day_of(now)
    counted: dict[str, int] = posts.order_by().aggregate(
        total=Count("pk"),
        **{state: Count("pk", filter=_in_state(state, on=today)) for state in POST_STATES},
    )
    return {"": counted.pop("total"), **counted}


def list_posts_of(user_ids: Iterable[int]) -> QuerySet[Post]:
    """Return every post that some accounts hold or held, with their agencies, the first begun first."""
    held = Post.objects.filter(person__in=set(user_ids)).select_related("agency")
    return held.order_by("starts_on", "id")


def get_post(post_id: int) -> Post:
    """Return a post with its person and agency; raise NoSuchPost."""
    post = Post.objects.select_related("person", "agency").filter(pk=post_id).first()
    if post is None:
        raise no_such_post(post_id)
    return post


def list_other_posts(post: Post, *, on: date) -> QuerySet[Post]:
    """Return the other posts that the holder of a post has on a day, with their agencies."""
    others = Post.objects.filter(_in_state("in_force", on=on), person=post.person_id)
    return others.exclude(pk=post.pk).select_related("agency").order_by("agency__sort_name", "id")


def no_such_post(post_id: int) -> NoSuchPost:
    """Return the error that says so."""
    return NoSuchPost(
        _("Không có vị trí công tác nào mang số %(id)s. Hãy chọn lại trong danh sách.")
        % {"id": post_id}
    )


def find_accounts(text: str) -> QuerySet[User]:
    """Find active accounts by words of the name, without marks too, or of the username."""
    found = User.objects.filter(is_active=True).alias(folded=_Folded("full_name"))
    for word in vietnamese.fold(text).split():
        found = found.filter(Q(folded__contains=word) | Q(username__icontains=word))
    return found.order_by("full_name", "id")


def find_account(username: str) -> User | None:
    """Return the active account with exactly this username, capitals aside, or None."""
    return User.objects.filter(is_active=True, username__iexact=username.strip()).first()


def get_account(user_id: int) -> User:
    """Return an account, active or not; raise NoSuchPerson otherwise."""
    found = User.objects.filter(pk=user_id).first()
    if found is None:
        raise no_such_account(user_id)
    return found


def no_such_account(user_id: int) -> NoSuchPerson:
    """Return the refusal for a number that no account has."""
    return NoSuchPerson(
        _("Không có tài khoản số %(id)s. Hãy mở lại từ danh sách vị trí.") % {"id": user_id}
    )


def list_posts_held_by(user_id: int, *, now: datetime) -> QuerySet[Post]:
    """Return every post of an account, those in force first."""
    return list_posts(now=now).filter(person=user_id)


def list_accounts_without_post() -> QuerySet[User]:
    """Return the active accounts that can sign in but never had a post, so can do nothing."""
    return (
        User.objects.filter(is_active=True, posts__isnull=True)
        .exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)
        .order_by("-date_joined", "id")
    )


def list_agencies_with_posts() -> QuerySet[Agency]:
    """Return the agencies where anybody has or had a post, in Vietnamese order of their names."""
    return Agency.objects.filter(pk__in=Post.objects.values("agency")).order_by("sort_name", "id")


def find_agencies(text: str) -> QuerySet[Agency]:
    """Find agencies of any date by words of the name, without marks too, or by a code, old or new."""
    folded = vietnamese.fold(text)
    wanted = Q(pk__in=AgencyAlias.objects.filter(code__iexact=folded).values("agency"))
    wanted |= Q(*(Q(search_name__contains=word) for word in folded.split()), pk__isnull=False)
    return Agency.objects.filter(wanted).order_by("sort_name", "id")


def name_agency(agency: Agency) -> str:
    """Return the name of an agency in the language of the reader, as far as it has one."""
    return ((get_language() or "vi").startswith("en") and agency.name_en) or agency.name


def name_agencies(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Return code and name, in the language of the reader, of the agencies with these codes."""
    found = Agency.objects.filter(code__in=list(codes)).values_list("code", "name", "name_en")
    is_english = (get_language() or "vi").startswith("en")
    return [(code, (is_english and name_en) or name) for code, name, name_en in found]


def list_control_agencies(*, on: date) -> list[int]:
    """Return the ids of the agencies where somebody controls procedures on a day."""
    held = Post.objects.filter(_in_state("in_force", on=on), role=Post.Role.CONTROLLER)
    return sorted(set(held.values_list("agency_id", flat=True)))


def list_local_agencies(agency_ids: Iterable[int]) -> frozenset[int]:
    """Return those of the agencies that are of a commune or a district."""
    local = Agency.objects.filter(
        pk__in=list(agency_ids), level__in=[Agency.Level.COMMUNE, Agency.Level.DISTRICT]
    )
    return frozenset(local.values_list("pk", flat=True))


def list_roles() -> list[tuple[str, Any]]:
    """Return the roles a post can have, each with its name."""
    return list(Post.Role.choices)


def name_role(role: str) -> str:
    """Return the name of a role in the language of the reader."""
    return str(Post.Role(role).label)


def list_kinds() -> list[tuple[str, Any]]:
    """Return the kinds of agencies that stand below the province, with their names."""
    return [(one.value, one.label) for one in Agency.Kind if one != Agency.Kind.PROVINCE]


def list_levels() -> list[tuple[str, Any]]:
    """Return the levels of agencies, each with its name."""
    return list(Agency.Level.choices)


def name_roles_of(function: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the roles that may do something: at their own agency or below it, and everywhere."""
    reach = RIGHTS[function]
    return (
        tuple(name_role(role) for role, far in reach.items() if far != "all"),
        tuple(name_role(role) for role, far in reach.items() if far == "all"),
    )


def name_powers(role: str) -> list[str]:
    """Return, in the language of the reader, what a role may do."""
    return [_(FUNCTION_NAMES[function]) for function, reach in RIGHTS.items() if role in reach]


@dataclass(frozen=True, kw_only=True, slots=True)
class AgencyRow:
    """An agency in the tree: how deep it stands, what stands above it, its other codes."""

    agency: Agency
    depth: int
    above: str
    other_codes: tuple[str, ...]
    has_ended: bool


def list_agency_tree(*, text: str = "", now: datetime) -> list[AgencyRow]:
    """Return the agencies of any date from the top down, siblings by level, kind and name.

    With words, only those that match, in the same order. Three queries at most.
    """
    shown = set(find_agencies(text).values_list("pk", flat=True)) if text else None
    agencies = list(Agency.objects.prefetch_related("aliases").order_by("sort_name", "id"))
    by_id = {agency.pk: agency for agency in agencies}
    today = day_of(now)
    rows = []
    for agency in _from_the_top(agencies):
        if shown is not None and agency.pk not in shown:
            continue
        above = by_id.get(agency.parent_id) if agency.parent_id else None
        rows.append(
            AgencyRow(
                agency=agency,
                depth=agency.path.count("/") - 2,
                above=name_agency(above) if above else "",
                other_codes=tuple(sorted(alias.code for alias in agency.aliases.all())),
                has_ended=agency.ends_on is not None and agency.ends_on <= today,
            )
        )
    return rows


def _from_the_top(agencies: Iterable[Agency]) -> Iterator[Agency]:
    """Yield agencies, given by name, so that each is followed by what stands below it."""
    levels, kinds = Agency.Level.values, Agency.Kind.values
    below: dict[int | None, list[Agency]] = {}
    for agency in sorted(agencies, key=lambda a: (levels.index(a.level), kinds.index(a.kind))):
        below.setdefault(agency.parent_id, []).append(agency)

    def walk(parent_id: int | None) -> Iterator[Agency]:
        for agency in below.get(parent_id, ()):
            yield agency
            yield from walk(agency.pk)

    return walk(None)

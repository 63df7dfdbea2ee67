"""What is asked of an agency that ends: who goes on with its work, who stands below it, which posts end."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q, QuerySet

from motcua.people.models import Agency, Post


def get_heir(agency: Agency, *, on: date) -> Agency:
    """Return who does the work of an agency on a day: itself, or the successor in force, if any is."""
    heir = agency
    while heir.ends_on is not None and heir.ends_on <= on and heir.successor is not None:
        heir = heir.successor
    return heir


def list_worked_by(agency: Agency, *, with_subordinate: bool) -> frozenset[int]:
    """Return the agencies whose work is done at an agency, or at it and below: dissolved ones included.

    One that was dissolved is where the last of those that went on with its work is, and nowhere else.
    """
    rows = list(Agency.objects.exclude(heir_of=[]).values_list("pk", "heir_of"))
    gone = {pk for _heir, its in rows for pk in its}
    here = Agency.objects.filter(pk=agency.pk)
    if with_subordinate:
        here = Agency.objects.filter(path__startswith=agency.path)
    own = set(here.values_list("pk", flat=True)) - gone
    return frozenset(own.union(*(its for heir, its in rows if heir in own)))


def list_lasting_administrators(*, on: date) -> QuerySet[Post]:
    """Return the administrators' posts held without end from a day by someone who signs in."""
    held = Post.objects.filter(role=Post.Role.ADMIN, starts_on__lte=on, ends_on__isnull=True)
    return held.filter(person__is_active=True).exclude(
        person__password__startswith=UNUSABLE_PASSWORD_PREFIX
    )


def list_posts_after(agency_id: int, day: date) -> QuerySet[Post]:
    """Return the posts at an agency that are held on a day or begin later, with who holds them."""
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gt=day)
    return Post.objects.filter(lasting, agency=agency_id).select_related("person").order_by("pk")


def list_living_below(agency: Agency, *, on: date) -> QuerySet[Agency]:
    """Return the agencies below another that go on after a day begins, by name."""
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gt=on)
    below = Agency.objects.filter(lasting, path__startswith=agency.path).exclude(pk=agency.pk)
    return below.order_by("sort_name", "pk")


def list_holders_until(agency_id: int, day: date) -> list[int]:
    """Return who has a post at an agency that ends as a day begins."""
    held = Post.objects.filter(agency=agency_id, ends_on=day)
    return sorted(set(held.values_list("person_id", flat=True)))


def list_holders_on(agency_id: int, day: date) -> list[int]:
    """Return who has a post at an agency on a day."""
    held = list_posts_after(agency_id, day).filter(starts_on__lte=day)
    return sorted(set(held.values_list("person_id", flat=True)))


def list_possible_successors(agency: Agency, *, on: date) -> QuerySet[Agency]:
    """Return the agencies in force on a day but for one and what stands below it, by name."""
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gt=on)
    found = Agency.objects.filter(lasting).exclude(path__startswith=agency.path)
    return found.order_by("sort_name", "pk")

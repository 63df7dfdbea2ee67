"""Agencies, the people who work there, the posts they hold and who stands in for them, with dates."""

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

# Old migrations know it by this module.
from motcua.clock.day_ranges import DateRange


class User(AbstractUser):
    """A person who signs in."""

    full_name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.full_name or self.username


class Agency(models.Model):
    """A state body, from its first day to its last; what comes after it is its successor."""

    class Level(models.TextChoices):
        PROVINCE = "PROVINCE", _("Cấp tỉnh")
        DISTRICT = "DISTRICT", _("Cấp huyện")
        COMMUNE = "COMMUNE", _("Cấp xã")
        VERTICAL = "VERTICAL", _("Ngành dọc")

    class Kind(models.TextChoices):
        PROVINCE = "PROVINCE", _("Ủy ban nhân dân tỉnh")
        OFFICE = "OFFICE", _("Văn phòng Ủy ban nhân dân tỉnh")
        CENTRE = "CENTRE", _("Trung tâm Hành chính công")
        DEPARTMENT = "DEPARTMENT", _("Sở, ban, ngành")
        BOARD = "BOARD", _("Ban")
        DISTRICT = "DISTRICT", _("Ủy ban nhân dân cấp huyện")
        COMMUNE = "COMMUNE", _("Ủy ban nhân dân cấp xã")
        VERTICAL = "VERTICAL", _("Cơ quan ngành dọc")

    code = models.CharField(max_length=35, unique=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=200, blank=True)
    search_name = models.CharField(max_length=400)
    sort_name = models.CharField(max_length=500)
    level = models.CharField(max_length=10, choices=Level)
    kind = models.CharField(max_length=12, choices=Kind)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    # "/3/17/": the ids from the top down to this agency, so that a subtree is one index range.
    path = models.CharField(max_length=200, blank=True, db_index=True)
    successor = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # The ids of the dissolved agencies whose work this one goes on with, theirs before it included:
    # what each request asks of every post, without following successors one by one.
    heir_of = ArrayField(models.BigIntegerField(), default=list, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="agency_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
            ),
            models.CheckConstraint(
                name="agency_code_is_of_decision_20_2020",
                condition=Q(code__regex=r"^[A-Z][0-9A-Z]{2}(\.[0-9A-Z]+)*$"),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AgencyAlias(models.Model):
    """Another code by which an agency is or was known (QCVN 102:2016, other systems)."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="aliases")
    scheme = models.CharField(max_length=20)
    code = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scheme", "code"], name="alias_names_one_agency"),
        ]

    def __str__(self) -> str:
        return self.code


class Post(models.Model):
    """A person in a role at an agency, with dates: what every right hangs on."""

    class Role(models.TextChoices):
        CLERK = "CLERK", _("Công chức Bộ phận Một cửa")
        OFFICER = "OFFICER", _("Công chức thụ lý")
        LEADER = "LEADER", _("Lãnh đạo")
        CONTROLLER = "CONTROLLER", _("Cán bộ kiểm soát TTHC")
        ADMIN = "ADMIN", _("Quản trị hệ thống")

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="posts")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=12, choices=Role)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="post_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
            ),
            ExclusionConstraint(
                name="post_is_held_once_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("agency", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.get_role_display()}"


class Absence(models.Model):
    """Somebody is away from a day to a day, and another works in their stead.

    It counts until its last day, or until it is taken back; it is never changed otherwise.
    """

    absent = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="absences", db_index=False
    )
    stand_in = models.ForeignKey(User, on_delete=models.PROTECT, related_name="stands_in")
    starts_on = models.DateField()
    ends_on = models.DateField()
    named_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    named_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="absence_ends_after_it_starts", condition=Q(ends_on__gt=F("starts_on"))
            ),
            models.CheckConstraint(
                name="absence_has_another_stand_in", condition=~Q(absent=F("stand_in"))
            ),
            models.CheckConstraint(
                name="absence_taken_back_has_who_did_it",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
            ),
            ExclusionConstraint(
                name="absent_once_at_a_time",
                expressions=[
                    ("absent", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                condition=Q(withdrawn_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.absent_id} → {self.stand_in_id}"

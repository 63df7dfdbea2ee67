"""Case files that another system owns, as it told of them."""

from django.db import models
from django.db.models import Q

from motcua.cases.models.case_files import Case


class MirroredCase(models.Model):
    """A case file of another system: its newest status there, and our own case once we settle it.

    Exactly one system owns the status: the other while there is no case of ours, we from then on,
    and the other again while it is handed back. It is no row of `Case` and stands in no report.
    """

    source = models.CharField(max_length=20)
    foreign_code = models.CharField(max_length=100)
    procedure_code = models.CharField(max_length=40)
    procedure_name = models.CharField(max_length=600, blank=True)
    agency = models.ForeignKey("people.Agency", on_delete=models.PROTECT, related_name="+")
    owner_name = models.CharField(max_length=200)
    received_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    foreign_status = models.PositiveSmallIntegerField()
    foreign_status_at = models.DateTimeField()
    registered_at = models.DateTimeField()
    case = models.OneToOneField(
        Case, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    taken_over_at = models.DateTimeField(null=True, blank=True)
    taken_over_by = models.ForeignKey(
        "people.User",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "foreign_code"], name="case_mirrored_once_a_source"
            ),
            models.CheckConstraint(
                name="mirrored_case_is_ours_with_a_case_and_a_person",
                condition=Q(case=None, taken_over_at=None, taken_over_by=None)
                | Q(case__isnull=False, taken_over_at__isnull=False, taken_over_by__isnull=False),
            ),
            models.CheckConstraint(
                name="mirrored_case_has_one_of_the_ten_statuses",
                condition=Q(foreign_status__gte=1, foreign_status__lte=10),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.foreign_code}"


class MirroredStatus(models.Model):
    """That another system told of a status, with its time there. Rows are added, never changed."""

    # No index of its own: the constraint below begins with it.
    mirrored = models.ForeignKey(
        MirroredCase, on_delete=models.PROTECT, related_name="statuses", db_index=False
    )
    status = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    note = models.CharField(max_length=600, blank=True)
    # Told of a moment at which we owned the status: kept, and never what stands.
    was_refused = models.BooleanField(default=False, db_default=False)
    arrived_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mirrored", "at", "status"], name="mirrored_status_told_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mirrored_id} {self.status}"


class HandBack(models.Model):
    """A time in which the other system owned a status again: from when, why, and until when."""

    mirrored = models.ForeignKey(MirroredCase, on_delete=models.PROTECT, related_name="hand_backs")
    # Of the mirrored case: asked by case wherever something would change its status.
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", db_index=False)
    handed_at = models.DateTimeField()
    handed_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    reason = models.CharField(max_length=600)
    taken_again_at = models.DateTimeField(null=True, blank=True)
    taken_again_by = models.ForeignKey(
        "people.User",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    taken_again_reason = models.CharField(max_length=600, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(taken_again_at=None),
                name="case_is_handed_back_once_at_a_time",
            ),
            models.CheckConstraint(name="hand_back_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="hand_back_ends_after_it_began_by_a_person_with_a_reason",
                condition=Q(taken_again_at=None, taken_again_by=None, taken_again_reason="")
                | (
                    Q(taken_again_at__gte=models.F("handed_at"), taken_again_by__isnull=False)
                    & ~Q(taken_again_reason="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mirrored_id} {self.handed_at}"

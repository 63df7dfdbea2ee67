"""Agencies dissolved in the middle of running cases, and what went to their successors."""

from django.db import models
from django.db.models import Q

from motcua.cases.models.case_files import Case


class Dissolution(models.Model):
    """The end of an agency as it was decided: it takes effect once, after its last day, and may be taken back.

    `posts` and `sent` tell what was changed beside the cases, so that it can be put back.
    """

    agency = models.ForeignKey(
        "people.Agency", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    successor = models.ForeignKey(
        "people.Agency",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    decision_number = models.CharField(max_length=100)
    decision_date = models.DateField()
    last_day = models.DateField()
    posts = models.JSONField(default=list)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # Who went on with the work in the end: the successor, or whoever came after it by then.
    heir = models.ForeignKey(
        "people.Agency",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    sent = models.JSONField(default=dict)
    moved_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        "people.User",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    undo_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency"],
                condition=Q(undone_at__isnull=True),
                name="agency_dissolved_once",
            ),
            models.CheckConstraint(
                name="agency_is_not_its_own_successor",
                condition=Q(successor__isnull=True) | ~Q(successor=models.F("agency")),
            ),
            models.CheckConstraint(
                name="dissolution_undone_has_who_and_why",
                condition=Q(undone_at__isnull=True, undone_by__isnull=True, undo_reason="")
                | (Q(undone_at__isnull=False, undone_by__isnull=False) & ~Q(undo_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} → {self.successor_id}"


class HandedCase(models.Model):
    """A running case that went to the successor: its steps with who held them, and its places."""

    dissolution = models.ForeignKey(Dissolution, on_delete=models.PROTECT, related_name="cases")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", db_index=False)
    # For each open step: task, assignee before, and whether they hold it at the successor still.
    steps = models.JSONField(default=list)
    was_receiving = models.BooleanField()
    was_settling = models.BooleanField()
    moved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "dissolution", "moved_at"], name="case_handed_once_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dissolution_id} {self.case_id}"

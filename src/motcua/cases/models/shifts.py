"""Shifts at a counter: what a clerk hands over at the end, and the colleague who takes it."""

from django.db import models
from django.db.models import F, Q


class ShiftHandOver(models.Model):
    """The end of a clerk's shift, as it was counted then: never changed, only answered.

    It waits until the colleague accepts or declines it. While it is not declined and the clerk has
    not come back, their shift of that day has ended.
    """

    agency = models.ForeignKey(
        "people.Agency", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    day = models.DateField()
    clerk = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    next_clerk = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # What is counted begins here: at the start of the day, or where the clerk came back.
    starts_at = models.DateTimeField()
    given_at = models.DateTimeField()
    received = models.PositiveIntegerField()
    returned = models.PositiveIntegerField()
    called = models.PositiveIntegerField()
    absent = models.PositiveIntegerField()
    due_vnd = models.PositiveBigIntegerField()
    cash_vnd = models.PositiveBigIntegerField()
    # The codes of the cases whose papers lie with the clerk.
    case_codes = models.JSONField(default=list)
    note = models.CharField(max_length=500, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    decline_reason = models.CharField(max_length=500, blank=True)
    resumed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="shift_goes_to_somebody_else", condition=~Q(clerk=F("next_clerk"))
            ),
            models.CheckConstraint(
                name="shift_accepted_or_declined_with_a_reason",
                condition=Q(declined_at=None, decline_reason="")
                | Q(accepted_at=None, declined_at__isnull=False) & ~Q(decline_reason=""),
            ),
            models.UniqueConstraint(
                fields=["agency", "clerk", "day"],
                condition=Q(declined_at=None, resumed_at=None),
                name="shift_ends_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clerk_id} → {self.next_clerk_id}, {self.day}"

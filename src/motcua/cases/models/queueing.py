"""The queue before a counter: numbers taken by who comes in, called by clerks."""

from django.db import models
from django.db.models import F, Q


class QueueDay(models.Model):
    """The last number taken at an agency on a day."""

    agency = models.ForeignKey(
        "people.Agency", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    day = models.DateField()
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "day"], name="queue_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.day}"


class QueueTicket(models.Model):
    """One number of a day: who took it is not asked; who called it is."""

    queue = models.ForeignKey(
        QueueDay, on_delete=models.PROTECT, related_name="tickets", db_index=False
    )
    number = models.PositiveIntegerField()
    # Whom law/parties lets go first.
    goes_first = models.BooleanField(default=False)
    taken_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True, blank=True)
    called_by = models.ForeignKey(
        "people.User",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    window = models.CharField(max_length=20, blank=True)
    served_at = models.DateTimeField(null=True, blank=True)
    was_absent = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["queue", "number"], name="queue_number_once"),
            models.CheckConstraint(
                name="called_by_somebody_after_it_was_taken",
                condition=Q(called_at=None, called_by=None, served_at=None)
                | Q(called_at__gte=F("taken_at"), called_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"

"""The outbox of statuses that the systems which sent cases on are to be told."""

import uuid

from django.db import models
from django.db.models import Q

from motcua.cases.models.mirror import MirroredCase


class OutgoingStatus(models.Model):
    """A status of a case of ours that its other system is told, and how far the telling is.

    A trigger of the database adds one with each change of a status that we own, in the transaction
    of the change; taking a case over adds the status that it has then.
    """

    mirrored = models.ForeignKey(
        MirroredCase, on_delete=models.PROTECT, related_name="outgoing", db_index=False
    )
    number = models.PositiveIntegerField()
    status = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    told_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # The same at every attempt: who receives it twice, counts it once.
    key = models.UUIDField(default=uuid.uuid4, unique=True)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    # None once it is sent or refused.
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    last_attempt_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    # Why the last attempt failed, in words.
    reason = models.CharField(max_length=600, blank=True, db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mirrored", "number"], name="outgoing_status_has_one_place_in_its_case"
            ),
            models.CheckConstraint(
                name="outgoing_status_waits_or_is_sent_or_is_refused",
                condition=Q(next_attempt_at__isnull=False, sent_at=None, refused_at=None)
                | Q(next_attempt_at=None, sent_at__isnull=False, refused_at=None)
                | (Q(next_attempt_at=None, sent_at=None, refused_at__isnull=False) & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="outgoing_status_is_one_of_the_ten",
                condition=Q(status__gte=1, status__lte=10),
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="outgoing_status_that_waits",
                condition=Q(next_attempt_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mirrored_id} {self.number}"

"""Numbers for receipts written while the connection is down."""

from django.db import models
from django.db.models import F, Q

from motcua.cases.models.case_files import Case


class OfflineNumber(models.Model):
    """A receipt number given to a clerk beforehand; later the case that was received under it.

    Its key is the submission key of that case: however often it is sent, it makes one case.
    """

    agency = models.ForeignKey(
        "people.Agency", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    number = models.PositiveIntegerField()
    key = models.UUIDField(unique=True)
    given_to = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    given_at = models.DateTimeField()
    case = models.OneToOneField(
        Case, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    received_at = models.DateTimeField(null=True, blank=True)
    synced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "number"], name="offline_number_once"),
            models.CheckConstraint(
                name="offline_receipt_has_its_case",
                condition=Q(case=None, received_at=None, synced_at=None)
                | Q(
                    case__isnull=False,
                    received_at__gte=F("given_at"),
                    synced_at__gte=F("received_at"),
                ),
            ),
        ]
        indexes = [
            models.Index(
                fields=["agency", "given_to"], name="unused_offline_numbers", condition=Q(case=None)
            ),
        ]

    def __str__(self) -> str:
        return offline_label(self.number)


def offline_label(number: int) -> str:
    """Return a number as printed on the receipt: NT for “ngoại tuyến”, offline."""
    return f"NT-{number:06}"

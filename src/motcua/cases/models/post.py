"""The public postal service: dossiers that it brings, results that it takes away, and its slips."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from motcua.cases.models.case_files import Case


class Direction(models.TextChoices):
    """Which way the post carries something, seen from the counter."""

    ARRIVING = "ARRIVING", _("Đến")
    LEAVING = "LEAVING", _("Đi")


class PostalSlip(models.Model):
    """One hand-over between a counter and the postman: numbered by counter and year, without gaps."""

    agency = models.ForeignKey(
        "people.Agency", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    carrier_name = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "year", "number"], name="postal_slip_number_once_a_year"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}/{self.year}"


class PostalItem(models.Model):
    """Something that the post carries: a dossier to be received, or the result of a case.

    A result is planned when the citizen asks for it, sent with a slip, and delivered or brought back.
    One that is revoked on its way is called back: the post should bring it back, and may be too late.
    """

    direction = models.CharField(max_length=8, choices=Direction)
    agency = models.ForeignKey(
        "people.Agency", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    case = models.ForeignKey(
        Case, null=True, blank=True, on_delete=models.PROTECT, related_name="postal_items"
    )
    tracking_number = models.CharField(max_length=30, blank=True)
    # Who sent the dossier, or to whom the result goes.
    party_name = models.CharField(max_length=200)
    party_phone = models.CharField(max_length=20, blank=True)
    party_address = models.CharField(max_length=300, blank=True)
    contents = models.CharField(max_length=300, blank=True)
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    slip = models.ForeignKey(
        PostalSlip, null=True, blank=True, on_delete=models.PROTECT, related_name="items"
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    recalled_at = models.DateTimeField(null=True, blank=True)
    recalled_by = models.ForeignKey(
        "people.User",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    delivered_at = models.DateTimeField(null=True, blank=True)
    delivered_to = models.CharField(max_length=200, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    failure_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["direction", "tracking_number"],
                condition=~Q(tracking_number=""),
                name="tracking_number_once_a_direction",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(direction="LEAVING", failed_at=None, recalled_at=None),
                name="one_result_on_its_way",
            ),
            models.CheckConstraint(
                name="a_result_has_a_case",
                condition=Q(direction="ARRIVING") | Q(case__isnull=False),
            ),
            models.CheckConstraint(
                name="what_is_sent_has_slip_and_number",
                condition=Q(sent_at=None, slip=None)
                | Q(sent_at__isnull=False, slip__isnull=False) & ~Q(tracking_number=""),
            ),
            models.CheckConstraint(
                name="called_back_after_it_was_sent",
                condition=Q(recalled_at=None, recalled_by=None)
                | Q(recalled_at__gte=F("sent_at"), recalled_by__isnull=False),
            ),
            models.CheckConstraint(
                name="delivered_or_brought_back_after_it_was_sent",
                condition=Q(delivered_at=None, failed_at=None)
                | Q(delivered_at__gte=F("sent_at"), failed_at=None)
                | Q(failed_at__gte=F("sent_at"), delivered_at=None) & ~Q(failure_reason=""),
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "direction", "registered_at"], name="post_of_a_counter"),
        ]

    def __str__(self) -> str:
        return self.tracking_number or f"{self.case_id}"

    @property
    def is_to_come_back(self) -> bool:
        """Whether the post carries a result that was revoked on its way."""
        return self.recalled_at is not None and self.delivered_at is None and self.failed_at is None

    @property
    def was_delivered_in_vain(self) -> bool:
        """Whether the citizen received a result that had been revoked by then."""
        if self.recalled_at is None or self.delivered_at is None:
            return False
        return self.delivered_at >= self.recalled_at

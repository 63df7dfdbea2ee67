"""The register of cases that each counter keeps, one book a year, its lines numbered without gaps."""

from django.db import models
from django.db.models import Q


class RegisterBook(models.Model):
    """A counter's register of one year; once closed, no line is added any more."""

    agency = models.ForeignKey(
        "people.Agency", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    year = models.PositiveSmallIntegerField()
    last_number = models.PositiveIntegerField(default=0)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        "people.User",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "year"], name="register_once_a_year"),
            models.CheckConstraint(
                name="register_closed_by_somebody",
                condition=Q(closed_at=None, closed_by=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id}, {self.year}"


class RegisterLine(models.Model):
    """A case in a register. Never changed afterwards: what happens to the case is read from it."""

    book = models.ForeignKey(
        RegisterBook, on_delete=models.PROTECT, related_name="lines", db_index=False
    )
    number = models.PositiveIntegerField()
    case = models.OneToOneField(
        "cases.Case", on_delete=models.PROTECT, related_name="register_line"
    )
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["book", "number"], name="register_line_once"),
        ]

    def __str__(self) -> str:
        return f"{self.book_id}: {self.number}"

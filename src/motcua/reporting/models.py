"""Figures that the work does not tell: entered by their owner, with a reason, never changed."""

from django.db import models
from django.db.models import F, Q


class EnteredFigure(models.Model):
    """What an agency says of an indicator in a period; a later row replaces it and keeps it."""

    # No index of its own: the one below begins with it.
    agency = models.ForeignKey(
        "people.Agency", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    indicator = models.CharField(max_length=60)
    first_day = models.DateField()
    last_day = models.DateField()
    # None takes the figure back: from then on there is none.
    value = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    reason = models.TextField()
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="entered_figure_ends_after_it_begins",
                condition=Q(last_day__gte=F("first_day")),
            ),
            models.CheckConstraint(name="entered_figure_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="entered_figure_is_not_negative",
                condition=Q(value__isnull=True) | Q(value__gte=0),
            ),
        ]
        indexes = [
            models.Index(
                fields=["agency", "last_day", "first_day"], name="entered_figure_of_period"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.indicator} {self.last_day}"

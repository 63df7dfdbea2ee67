"""The words of slips as controllers wrote them; what the law's folder has stays beneath."""

from django.db import models
from django.db.models import Q


class SlipText(models.Model):
    """The words of one part of a slip from a day on; without text, the law's own hold again.

    Never changed: what is written later for the same day takes its place.
    """

    slip = models.CharField(max_length=40)
    # The form that the words were written for: another law's form begins with its own words.
    form_number = models.CharField(max_length=40, blank=True)
    issued_with = models.CharField(max_length=100, blank=True)
    part = models.CharField(max_length=20)
    text = models.TextField(blank=True)
    starts_on = models.DateField()
    reason = models.CharField(max_length=500)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="slip_text_has_a_reason", condition=~Q(reason="") & ~Q(part="")
            ),
        ]
        indexes = [
            models.Index(fields=["slip", "starts_on"], name="texts_of_a_slip"),
        ]

    def __str__(self) -> str:
        return f"{self.slip} {self.part} {self.starts_on}"

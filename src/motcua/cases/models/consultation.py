"""Opinions that one agency asks of another about a case."""

from django.db import models
from django.db.models import F, Q

from motcua.cases.models.case_files import Case


class Consultation(models.Model):
    """A question to another agency about a case, its time limit, and the answer if one came."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="consultations")
    agency = models.ForeignKey("people.Agency", on_delete=models.PROTECT, related_name="+")
    question = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    due_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        "people.User",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="consultation_answered_has_words_and_a_person",
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
            ),
            models.CheckConstraint(
                name="consultation_is_due_after_it_was_asked",
                condition=Q(due_at__gte=F("asked_at")),
            ),
            models.UniqueConstraint(
                fields=["case", "agency"],
                condition=Q(answered_at__isnull=True),
                name="consultation_asked_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.agency_id}"

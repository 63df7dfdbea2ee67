"""What citizens sent online, before there is a case."""

from django.db import models
from django.db.models import F, Q

from motcua.cases.models.case_files import Case


class OnlineSubmission(models.Model):
    """What a citizen sent over the portal, by when it must be answered, and the answer: once.

    What was sent is never changed. An answer is a case, or a refusal in words.
    """

    # The key of the form that was sent; the case made of it carries it as its submission_key.
    key = models.UUIDField(unique=True)
    agency = models.ForeignKey(
        "people.Agency", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    revision = models.ForeignKey(
        "procedures.Revision", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    applicant_name = models.CharField(max_length=200)
    content = models.JSONField()
    submitted_at = models.DateTimeField()
    answer_due_at = models.DateTimeField()
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        "people.User",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    case = models.OneToOneField(
        Case, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    refusal_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="submission_answer_is_a_case_or_a_reason",
                condition=Q(
                    answered_at__isnull=True,
                    answered_by__isnull=True,
                    case__isnull=True,
                    refusal_reason="",
                )
                | Q(answered_at__isnull=False, answered_by__isnull=False)
                & (
                    Q(case__isnull=False, refusal_reason="")
                    | (Q(case__isnull=True) & ~Q(refusal_reason=""))
                ),
            ),
            models.CheckConstraint(
                name="submission_was_sent_before_it_is_answered",
                condition=Q(answer_due_at__gt=F("submitted_at"))
                & Q(registered_at__gte=F("submitted_at"))
                & (Q(answered_at__isnull=True) | Q(answered_at__gte=F("submitted_at"))),
            ),
        ]
        indexes = [
            models.Index(
                fields=["agency", "answer_due_at"],
                name="submission_waiting_for_answer",
                condition=Q(answered_at__isnull=True),
            ),
            models.Index(fields=["agency", "answered_at"], name="submission_by_answer"),
        ]

    def __str__(self) -> str:
        return str(self.key)

"""Rehearsals: what a draft would have done to the cases of a past period, asked and answered."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from motcua.cases.models.case_files import Case


class Rehearsal(models.Model):
    """Past cases of a period and a unit, to be played through one revision of a draft by a job.

    `result` holds the figures; the rows of RehearsedCase are the cases behind each of them.
    """

    draft = models.ForeignKey("workflow.Draft", on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField()
    before = models.ForeignKey(
        "workflow.Version", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    agency = models.ForeignKey(
        "people.Agency", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    with_subordinate = models.BooleanField()
    first_day = models.DateField()
    last_day = models.DateField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
    refusal = models.TextField(blank=True)
    result = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="rehearsal_period_ends_after_it_begins",
                condition=Q(last_day__gte=F("first_day")),
            ),
            models.CheckConstraint(
                name="rehearsal_with_a_result_is_finished",
                condition=Q(result__isnull=True) | Q(finished_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.draft_id}/{self.revision} {self.first_day}"


class RehearsedCase(models.Model):
    """One case in a rehearsal: the working minutes it had, took, and would need before and after.

    `places_*` are the numbers, in the result, of the steps at units that the case passes; `stays`
    holds under "before" and "after" a list of place, minutes and where the minutes come from.
    """

    # No index of its own: the constraint below begins with it.
    rehearsal = models.ForeignKey(
        Rehearsal, on_delete=models.PROTECT, related_name="cases", db_index=False
    )
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", db_index=False)
    allowed_minutes = models.IntegerField()
    actual_minutes = models.IntegerField(null=True, blank=True)
    before_minutes = models.IntegerField()
    after_minutes = models.IntegerField()
    was_late = models.BooleanField()
    is_late_before = models.BooleanField()
    is_late_after = models.BooleanField()
    stopped_before = models.TextField(blank=True)
    stopped_after = models.TextField(blank=True)
    places_before = ArrayField(models.PositiveSmallIntegerField(), default=list)
    places_after = ArrayField(models.PositiveSmallIntegerField(), default=list)
    stays = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rehearsal", "case"], name="case_rehearsed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.rehearsal_id} {self.case_id}"

"""How case files stood until something about them was taken back, for reports of old periods."""

from django.db import models

from motcua.cases.models.case_files import Case


class PastStanding(models.Model):
    """How a case stood until a moment at which its row was changed back. Rows are added, never changed.

    The row of a case tells its past as long as it only goes on: finished then, returned then. What was
    taken back, or recorded of an earlier day, it does not tell; a report as of before does.
    """

    # No index of its own: reports ask by time, and few cases have one.
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", db_index=False)
    status = models.CharField(max_length=12, choices=Case.Status)
    due_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True, blank=True)
    known_until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.case_id} {self.status}"

"""Running cases moved in bulk to a newer version of their flow chart, and taken back again."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from motcua.cases.models.case_files import Case


class Migration(models.Model):
    """The cases that run on one version, to be moved to another one by one, by a job.

    `mapping` names for each waiting place of the old chart its place in the new one, or an empty
    text where cases stay behind. The counts are of MigratedCase.
    """

    from_version = models.ForeignKey(
        "workflow.Version", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    to_version = models.ForeignKey(
        "workflow.Version", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    mapping = models.JSONField()
    reason = models.TextField()
    total = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    finished_at = models.DateTimeField(null=True, blank=True)
    undo_reason = models.TextField(blank=True)
    undo_started_at = models.DateTimeField(null=True, blank=True)
    undo_started_by = models.ForeignKey(
        "people.User",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    undo_finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["from_version"],
                condition=Q(finished_at__isnull=True),
                name="version_left_once_at_a_time",
            ),
            models.CheckConstraint(
                name="migration_is_undone_after_it_finished",
                condition=Q(undo_started_at__isnull=True) | Q(finished_at__isnull=False),
            ),
            models.CheckConstraint(
                name="migration_undone_has_a_person",
                condition=Q(undo_started_at__isnull=True, undo_started_by__isnull=True)
                | Q(undo_started_at__isnull=False, undo_started_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_version_id} → {self.to_version_id}"


class MigratedCase(models.Model):
    """What a migration did to one case, and how the case stood before and after it."""

    class State(models.TextChoices):
        WAITING = "WAITING", _("Đang chờ chuyển")
        MOVED = "MOVED", _("Đã chuyển")
        REFUSED = "REFUSED", _("Không chuyển được")
        UNDONE = "UNDONE", _("Đã hoàn tác")
        KEPT = "KEPT", _("Không hoàn tác được")

    # No index of its own: the constraint below begins with it.
    migration = models.ForeignKey(
        Migration, on_delete=models.PROTECT, related_name="cases", db_index=False
    )
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    because = models.TextField(blank=True)
    # The run and its open tasks as workflow.actions.migrating tells them.
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)
    moved_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["migration", "case"], name="case_migrated_once"),
            models.CheckConstraint(
                name="migrated_case_has_a_known_state",
                condition=Q(state__in=["WAITING", "MOVED", "REFUSED", "UNDONE", "KEPT"]),
            ),
            models.CheckConstraint(
                name="migrated_case_moved_has_before_and_after",
                condition=Q(state__in=["WAITING", "REFUSED"])
                | Q(before__isnull=False, after__isnull=False, moved_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.migration_id} {self.case_id} {self.state}"

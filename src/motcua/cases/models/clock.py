"""What moved the clock of a case, and the ledger that tells its due time."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from motcua.cases.models.case_files import Case


class ClockEvent(models.Model):
    """Something that moved the clock of a case. Events are added, never changed.

    An event that was recorded by mistake is taken back by another row, which `cancels` it.
    """

    class Kind(models.TextChoices):
        # The kinds of engine.clock_events.EventKind; a cancelling row repeats the kind it cancels.
        SUPPLEMENT_REQUESTED = "SUPPLEMENT_REQUESTED", _("Yêu cầu bổ sung hồ sơ")
        SUPPLEMENTED = "SUPPLEMENTED", _("Nộp bổ sung hồ sơ")
        RETURNED_AFTER_APPRAISAL = "RETURNED_AFTER_APPRAISAL", _("Trả lại hồ sơ sau thẩm định")
        RESUBMITTED = "RESUBMITTED", _("Nộp lại hồ sơ đã hoàn thiện")
        PAYMENT_REQUESTED = "PAYMENT_REQUESTED", _("Yêu cầu thực hiện nghĩa vụ tài chính")
        PAID = "PAID", _("Hoàn thành nghĩa vụ tài chính")
        SUSPENDED = "SUSPENDED", _("Tạm ngừng do bất khả kháng")
        SUSPENSION_LIFTED = "SUSPENSION_LIFTED", _("Hết bất khả kháng")
        EXTENDED = "EXTENDED", _("Xin lỗi và hẹn lại ngày trả kết quả")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clock_events")
    kind = models.CharField(max_length=24, choices=Kind)
    at = models.DateTimeField()
    extra_amount = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    extra_unit = models.CharField(max_length=12, blank=True)
    until = models.DateField(null=True, blank=True)
    reason = models.TextField(blank=True)
    # What it comes from when not from an officer of the case: the suspension of a whole unit.
    origin = models.CharField(max_length=60, blank=True)
    cancels = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="cancelled_by"
    )
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, related_name="+", db_index=False
    )

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class Recount(models.Model):
    """Why the ledger of a case has a new generation of lines, and what that did to its due time."""

    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="recounts", db_index=False
    )
    generation = models.PositiveSmallIntegerField()
    because_vi = models.TextField()
    because_en = models.TextField()
    due_before = models.DateTimeField()
    due_after = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "generation"], name="recount_once_a_generation")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.generation}"


class Suspension(models.Model):
    """A time in which the clocks of a unit stand still by force majeure; open-ended until lifted."""

    agency = models.ForeignKey("people.Agency", on_delete=models.PROTECT, related_name="+")
    with_subordinate = models.BooleanField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField()
    document = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="suspension_ends_after_it_begins",
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.starts_at}"


class MassRecount(models.Model):
    """How far the open cases have been counted again after something that touches many of them."""

    origin = models.CharField(max_length=60, db_index=True)
    because_vi = models.TextField()
    because_en = models.TextField()
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    last_case_id = models.BigIntegerField(default=0)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.origin} {self.done}/{self.total}"


class LedgerEntry(models.Model):
    """One line of the deadline ledger of a case. Lines are added, never changed.

    Whenever the due time is counted again, all lines are written anew as the next generation.
    """

    # No index of its own: the constraint below begins with it.
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="ledger", db_index=False)
    generation = models.PositiveSmallIntegerField(default=1, db_default=1)
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12)
    stopped_for = models.CharField(max_length=12, blank=True, default="", db_default="")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    amount = models.DecimalField(max_digits=9, decimal_places=3)
    unit = models.CharField(max_length=12)
    because_vi = models.TextField()
    because_en = models.TextField()
    source = models.TextField(blank=True)
    is_verified = models.BooleanField(default=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "generation", "number"], name="ledger_line_number_once"
            ),
        ]
        verbose_name_plural = "ledger entries"

    def __str__(self) -> str:
        return f"{self.case_id} {self.number} {self.kind}"


class Reminder(models.Model):
    """That people were reminded of a due time of a case. Rows are added, never changed.

    A due time that moves is another one, of which they are reminded anew.
    """

    class Point(models.TextChoices):
        # The points of engine.reminders.Point.
        SHARE_USED = "SHARE_USED", _("Đã dùng phần lớn thời hạn")
        BEFORE_DUE = "BEFORE_DUE", _("Sắp đến hạn")
        NORM_PASSED = "NORM_PASSED", _("Đã qua hạn phục vụ")
        OVERDUE = "OVERDUE", _("Quá hạn")

    # No index of its own: the constraint below begins with it.
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="reminders", db_index=False
    )
    point = models.CharField(max_length=12, choices=Point)
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "due_at", "point"], name="reminder_sent_once_for_a_due_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.point}"

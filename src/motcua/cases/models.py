"""Case files: who asked for what, where it stands, its papers, and the ledger of its deadline."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Case(models.Model):
    """One person's request under one procedure."""

    class Status(models.TextChoices):
        # The ten statuses of the National Portal; their codes are in law/statuses.yaml.
        REGISTERED = "REGISTERED", _("Mới đăng ký")
        RECEIVED = "RECEIVED", _("Được tiếp nhận")
        REFUSED = "REFUSED", _("Không được tiếp nhận")
        PROCESSING = "PROCESSING", _("Đang xử lý")
        SUPPLEMENT = "SUPPLEMENT", _("Yêu cầu bổ sung giấy tờ")
        PAYMENT = "PAYMENT", _("Yêu cầu thực hiện nghĩa vụ tài chính")
        WITHDRAWN = "WITHDRAWN", _("Công dân yêu cầu rút hồ sơ")
        STOPPED = "STOPPED", _("Dừng xử lý")
        DONE = "DONE", _("Đã xử lý xong")
        RETURNED = "RETURNED", _("Đã trả kết quả")

    class Channel(models.TextChoices):
        COUNTER = "COUNTER", _("Trực tiếp")
        ONLINE = "ONLINE", _("Trực tuyến")
        POST = "POST", _("Bưu chính công ích")

    code = models.CharField(max_length=60, unique=True)
    # The key of the form that was sent: a second click finds the first case instead of making one.
    submission_key = models.UUIDField(unique=True)
    revision = models.ForeignKey(
        "procedures.Revision", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    variant = models.ForeignKey(
        "procedures.Variant", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    field = models.ForeignKey(
        "procedures.Field", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    channel = models.CharField(max_length=8, choices=Channel)
    receiving_agency = models.ForeignKey(
        "people.Agency", on_delete=models.PROTECT, related_name="+"
    )
    # No index of its own: the two below begin with it.
    settling_agency = models.ForeignKey(
        "people.Agency", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    run = models.OneToOneField("workflow.Run", on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=12, choices=Status)
    law_date = models.DateField()
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # While the clock stands still, the due time is the one as of the stop: it will move.
    due_at = models.DateTimeField()
    clock_stopped_at = models.DateTimeField(null=True, blank=True)
    ledger_generation = models.PositiveSmallIntegerField(default=1, db_default=1)
    finished_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_to = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="case_returned_was_finished",
                condition=Q(returned_at__isnull=True) | Q(finished_at__lte=F("returned_at")),
            ),
            models.CheckConstraint(
                name="case_done_has_finishing_time",
                condition=~Q(status__in=["DONE", "RETURNED", "WITHDRAWN", "STOPPED"])
                | Q(finished_at__isnull=False),
            ),
            models.CheckConstraint(
                name="case_with_a_stopped_clock_is_open",
                condition=Q(clock_stopped_at__isnull=True) | Q(finished_at__isnull=True),
            ),
            models.CheckConstraint(
                name="case_is_finished_after_it_was_received",
                condition=Q(finished_at__isnull=True) | Q(finished_at__gte=F("received_at")),
            ),
        ]
        indexes = [
            models.Index(fields=["settling_agency", "received_at"], name="case_by_unit_and_day"),
            models.Index(fields=["settling_agency", "finished_at"], name="case_by_unit_finished"),
            models.Index(
                fields=["receiving_agency", "finished_at"],
                name="case_waiting_for_return",
                condition=Q(status="DONE"),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Party(models.Model):
    """A person or organisation in a case: who hands it in, whose it is, who stands for them."""

    class Role(models.TextChoices):
        APPLICANT = "APPLICANT", _("Người nộp")
        OWNER = "OWNER", _("Chủ hồ sơ")
        REPRESENTATIVE = "REPRESENTATIVE", _("Người đại diện")

    class Kind(models.TextChoices):
        PERSON = "PERSON", _("Cá nhân")
        ORGANISATION = "ORGANISATION", _("Tổ chức")

    # No index of its own: the constraint below begins with it.
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="parties", db_index=False)
    role = models.CharField(max_length=14, choices=Role)
    kind = models.CharField(max_length=12, choices=Kind)
    full_name = models.CharField(max_length=200)
    search_name = models.CharField(max_length=200)
    identity_number = models.CharField(max_length=30, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    address = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "role"], name="party_role_once_a_case"),
        ]
        indexes = [
            # Owners only: a case is looked for by whose it is.
            models.Index(
                fields=["identity_number"],
                name="case_by_owner_number",
                condition=Q(role="OWNER") & ~Q(identity_number=""),
            ),
        ]
        verbose_name_plural = "parties"

    def __str__(self) -> str:
        return self.full_name


class ReceivedComponent(models.Model):
    """How many originals and copies of one component came with a case."""

    # No index of its own: the constraint below begins with it.
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="components", db_index=False
    )
    component = models.ForeignKey(
        "procedures.Component", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    originals = models.PositiveSmallIntegerField()
    copies = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "component"], name="component_once_a_case"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.component_id}"


class ClockEvent(models.Model):
    """Something that moved the clock of a case. Events are added, never changed.

    An event that was recorded by mistake is taken back by another row, which `cancels` it.
    """

    class Kind(models.TextChoices):
        # The kinds of engine.clock_events.EventKind; a cancelling row repeats the kind it cancels.
        SUPPLEMENT_REQUESTED = "SUPPLEMENT_REQUESTED", _("Yêu cầu bổ sung hồ sơ")
        SUPPLEMENTED = "SUPPLEMENTED", _("Nộp bổ sung hồ sơ")
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


class Document(models.Model):
    """A file that belongs to a case: a scanned component, or a paper made on the way."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="documents")
    component = models.ForeignKey(
        "procedures.Component", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=300)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.title


class CodeCounter(models.Model):
    """The last number given to a case at an agency on a day."""

    agency = models.ForeignKey(
        "people.Agency", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    day = models.DateField()
    last_number = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "day"], name="counter_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.day}"

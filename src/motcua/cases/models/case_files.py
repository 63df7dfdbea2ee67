"""Case files, their parties and papers, and the counters that number them."""

from django.contrib.postgres.fields import DateTimeRangeField
from django.contrib.postgres.indexes import GistIndex
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
    # When the service norm of the workflow runs out, where it has one: never later than the law says.
    norm_due_at = models.DateTimeField(null=True, blank=True)
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
                # Not by status: a step in the middle, which changes it, then touches no index at all.
                condition=Q(finished_at__isnull=False, returned_at__isnull=True),
            ),
            # Reports ask for what was open in a period: with it they read that and not the history.
            GistIndex(
                models.Func(
                    "received_at",
                    "finished_at",
                    models.Value("[]"),
                    function="tstzrange",
                    output_field=DateTimeRangeField(),
                ),
                name="case_by_time_open",
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

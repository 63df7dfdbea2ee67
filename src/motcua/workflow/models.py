"""Flow charts in drafts and versions, runs of them, and the tasks that a run gives to people."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _

from motcua.workflow.change_models import Ask as Ask
from motcua.workflow.change_models import Consultation as Consultation
from motcua.workflow.change_models import Decision as Decision
from motcua.workflow.change_models import Opinion as Opinion
from motcua.workflow.change_models import Override as Override
from motcua.workflow.change_models import Retirement as Retirement
from motcua.workflow.change_models import TakenBack as TakenBack


class Workflow(models.Model):
    """A named way of settling, drawn once and kept in versions."""

    key = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    owner = models.ForeignKey(
        "people.Agency", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return self.name


class Version(models.Model):
    """A published flow chart: its drawing and its compiled net. Never changed afterwards."""

    workflow = models.ForeignKey(Workflow, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    bpmn_xml = models.TextField()
    net = models.JSONField()
    digest = models.CharField(max_length=64)
    starts_on = models.DateField()
    decision = models.CharField(max_length=100, blank=True)
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workflow", "number"], name="version_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.workflow_id} v{self.number}"


class Call(models.Model):
    """A call in a version and the version that it is pinned to. Never changed afterwards."""

    caller = models.ForeignKey(
        Version, on_delete=models.PROTECT, related_name="calls", db_index=False
    )
    node = models.CharField(max_length=80)
    called = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="callers")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["caller", "node"], name="call_pinned_once"),
            models.CheckConstraint(
                name="version_does_not_call_itself", condition=~Q(caller=F("called"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.caller_id} {self.node} → {self.called_id}"


class Draft(models.Model):
    """A flow chart being drawn: a coming version of a workflow, until it is published or discarded.

    `revision` grows by one with each edit; who saves must name the revision that was drawn on.
    """

    class Status(models.TextChoices):
        DRAFT = "DRAFT", _("Đang soạn")
        CONSULTATION = "CONSULTATION", _("Đang lấy ý kiến")
        HELD_UP = "HELD_UP", _("Vướng ý kiến")
        CONSENTED = "CONSENTED", _("Đã thống nhất")
        PUBLISHED = "PUBLISHED", _("Đã công bố")
        DISCARDED = "DISCARDED", _("Đã bỏ")

    workflow = models.ForeignKey(Workflow, on_delete=models.PROTECT, related_name="drafts")
    based_on = models.ForeignKey(
        Version, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(max_length=200)
    bpmn_xml = models.TextField()
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT)
    revision = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    edited_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    edited_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="draft_has_a_known_status",
                condition=Q(
                    status__in=[
                        "DRAFT",
                        "CONSULTATION",
                        "HELD_UP",
                        "CONSENTED",
                        "PUBLISHED",
                        "DISCARDED",
                    ]
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.revision})"


class DraftEdit(models.Model):
    """What a draft was after one edit, or what was kept aside because it came too late.

    Edits are added, never changed. An edit kept aside has no revision of its own.
    """

    class Cause(models.TextChoices):
        STARTED = "STARTED", _("Bắt đầu soạn")
        SAVED = "SAVED", _("Lưu")
        IMPORTED = "IMPORTED", _("Nhập từ tệp")
        RESTORED = "RESTORED", _("Khôi phục bản trước")
        ASIDE = "ASIDE", _("Giữ riêng vì người khác đã lưu trước")

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="edits")
    cause = models.CharField(max_length=8, choices=Cause)
    revision = models.PositiveIntegerField(null=True, blank=True)
    drawn_on = models.PositiveIntegerField()
    bpmn_xml = models.TextField()
    edited_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    edited_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "revision"], name="draft_revision_once"),
            models.CheckConstraint(
                name="draft_edit_has_a_revision_unless_kept_aside",
                condition=Q(cause="ASIDE", revision__isnull=True)
                | (~Q(cause="ASIDE") & Q(revision__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.draft_id}/{self.revision}"


class RecordedTest(models.Model):
    """What the owner of a workflow says must happen in every coming version: facts, choices, path.

    `choices` holds for each completed step its id, outcome and new facts; `expected` the steps that
    open at the start and after each choice. A test is kept until it is retired, with who and why.
    """

    workflow = models.ForeignKey(Workflow, on_delete=models.PROTECT, related_name="tests")
    name = models.CharField(max_length=200)
    facts = models.JSONField(default=dict)
    choices = models.JSONField(default=list)
    expected = models.JSONField(default=list)
    finishes = models.BooleanField()
    # The code of the case whose history it is, if it is one's.
    origin = models.CharField(max_length=60, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_by = models.ForeignKey(
        "people.User",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    retired_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workflow", "name"],
                condition=Q(retired_at__isnull=True),
                name="recorded_test_named_once",
            ),
            models.CheckConstraint(
                name="recorded_test_retired_has_who_and_why",
                condition=Q(retired_at__isnull=True, retired_by__isnull=True, retired_reason="")
                | (Q(retired_at__isnull=False, retired_by__isnull=False) & ~Q(retired_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PlayedTest(models.Model):
    """How a recorded test came out on a draft, at the last edit at which it was played."""

    # No index of its own: the constraint below begins with it.
    draft = models.ForeignKey(
        Draft, on_delete=models.PROTECT, related_name="played_tests", db_index=False
    )
    test = models.ForeignKey(
        RecordedTest, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    revision = models.PositiveIntegerField()
    # Empty when all happened as recorded.
    difference_vi = models.TextField(blank=True)
    difference_en = models.TextField(blank=True)
    failed_since = models.PositiveIntegerField(null=True, blank=True)
    played_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "test"], name="test_played_once_a_draft"),
            models.CheckConstraint(
                name="played_test_fails_since_an_edit",
                condition=Q(difference_vi="", failed_since__isnull=True)
                | (~Q(difference_vi="") & Q(failed_since__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.test_id}"


class Run(models.Model):
    """A workflow being carried out: which version, for what, and where its tokens wait."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="runs")
    receiving_agency = models.ForeignKey(
        "people.Agency", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    settling_agency = models.ForeignKey(
        "people.Agency", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # Flows with a token before a join, and nodes with an open task. The tasks say the same as
    # open_nodes; they stand here too so that one locked row holds all that the next move needs.
    waiting = ArrayField(models.CharField(max_length=80), default=list)
    open_nodes = ArrayField(models.CharField(max_length=80), default=list)
    # What conditions may ask (engine.case_facts), as it was when the run started or was told since.
    facts = models.JSONField(db_default=Value({}, models.JSONField()))
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Run {self.pk}"


class Task(models.Model):
    """A step that someone at an agency must do, or did; or what the run waits for by itself.

    A timer is due when it goes off; whoever completed it, a service or a message is who brought it
    about, mostly the system. A withdrawn task was closed without being done.
    """

    class Kind(models.TextChoices):
        USER = "USER", _("Việc của người")
        SERVICE = "SERVICE", _("Việc của hệ thống")
        MESSAGE = "MESSAGE", _("Chờ tin đến")
        TIMER = "TIMER", _("Hẹn giờ")

    class Role(models.TextChoices):
        CLERK = "CLERK", _("Công chức Bộ phận Một cửa")
        OFFICER = "OFFICER", _("Công chức thụ lý")
        LEADER = "LEADER", _("Lãnh đạo")

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="tasks")
    node = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    agency = models.ForeignKey("people.Agency", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind, db_default=Kind.USER)
    role = models.CharField(max_length=12, choices=Role, blank=True)
    outcomes = ArrayField(models.CharField(max_length=30), default=list)
    assignee = models.ForeignKey(
        "people.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    completed_by = models.ForeignKey(
        "people.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # In whose stead, where who completed it stood in for somebody away.
    completed_for = models.ForeignKey(
        "people.User",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    outcome = models.CharField(max_length=30, blank=True)
    comment = models.TextField(blank=True)
    was_withdrawn = models.BooleanField(db_default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="task_of_a_person_has_a_role_and_no_other_has",
                condition=Q(kind="USER") & ~Q(role="") | Q(role="") & ~Q(kind="USER"),
            ),
            models.CheckConstraint(
                name="task_has_a_known_kind",
                condition=Q(kind__in=["USER", "SERVICE", "MESSAGE", "TIMER"]),
            ),
            models.CheckConstraint(
                name="timer_has_a_moment", condition=~Q(kind="TIMER") | Q(due_at__isnull=False)
            ),
            models.CheckConstraint(
                name="task_withdrawn_is_closed",
                condition=Q(was_withdrawn=False) | Q(completed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="task_done_has_who_did_it",
                condition=Q(completed_at__isnull=True, completed_by__isnull=True)
                | Q(completed_at__isnull=False, completed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="task_is_completed_after_it_opens",
                condition=Q(completed_at__isnull=True) | Q(completed_at__gte=F("opened_at")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["agency", "role"],
                name="task_open_by_unit",
                condition=Q(completed_at__isnull=True),
            ),
            models.Index(
                fields=["kind", "due_at"],
                name="task_open_without_a_person",
                condition=Q(completed_at__isnull=True) & ~Q(kind="USER"),
            ),
            # Tasks are added in the order of time: a few pages tell a period, and a write costs nothing.
            BrinIndex(
                fields=["opened_at", "completed_at"],
                name="task_by_time",
                pages_per_range=32,
                autosummarize=True,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.name}"

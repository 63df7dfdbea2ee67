"""How a draft becomes a version: who was asked, what was answered, decided, and put out of force.

Every table here is append-only: its rows are added, never changed or deleted.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Consultation(models.Model):
    """One round in which the agencies of a drawing are asked; the drawing by its hash."""

    draft = models.ForeignKey(
        "workflow.Draft", on_delete=models.PROTECT, related_name="consultations", db_index=False
    )
    number = models.PositiveSmallIntegerField()
    drawing_hash = models.CharField(max_length=64)
    note = models.TextField(blank=True)
    opened_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "number"], name="consultation_round_once"),
        ]

    def __str__(self) -> str:
        return f"{self.draft_id}/{self.number}"


class TakenBack(models.Model):
    """That a round was ended before publication, so that the drawing may change."""

    consultation = models.OneToOneField(
        Consultation, on_delete=models.PROTECT, related_name="taken_back"
    )
    reason = models.TextField()
    taken_back_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    taken_back_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.consultation_id)


class Ask(models.Model):
    """An agency that is asked in a round, and why it (each reason in both languages)."""

    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="asks", db_index=False
    )
    agency = models.ForeignKey("people.Agency", on_delete=models.PROTECT, related_name="+")
    because = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consultation", "agency"], name="agency_asked_once"),
        ]

    def __str__(self) -> str:
        return f"{self.consultation_id} {self.agency_id}"


class Opinion(models.Model):
    """What an agency answered; the newest counts. Silence is noted when the time has run out."""

    class Answer(models.TextChoices):
        CONSENT = "CONSENT", _("Đồng ý")
        OBJECTION = "OBJECTION", _("Không đồng ý")
        SILENCE = "SILENCE", _("Im lặng đến hết hạn")

    ask = models.ForeignKey(Ask, on_delete=models.PROTECT, related_name="opinions")
    answer = models.CharField(max_length=10, choices=Answer)
    reason = models.TextField(blank=True)
    answered_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="objection_has_a_reason", condition=~Q(answer="OBJECTION", reason="")
            ),
            models.UniqueConstraint(
                fields=["ask"], condition=Q(answer="SILENCE"), name="silence_noted_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ask_id} {self.answer}"


class Override(models.Model):
    """That procedure control goes on in spite of an objection or silence: who, why, by which decision."""

    opinion = models.OneToOneField(Opinion, on_delete=models.PROTECT, related_name="override")
    reason = models.TextField()
    decision = models.CharField(max_length=100)
    decided_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="override_has_a_reason_and_a_decision",
                condition=~Q(reason="") & ~Q(decision=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opinion_id} {self.decision}"


class Decision(models.Model):
    """A row of the register of workflow decisions, with where it is known from."""

    class Kind(models.TextChoices):
        PUBLISHED = "PUBLISHED", _("Công bố phiên bản")
        RETIRED = "RETIRED", _("Thôi áp dụng")
        REGISTERED = "REGISTERED", _("Ghi vào sổ")

    kind = models.CharField(max_length=10, choices=Kind)
    number = models.CharField(max_length=100, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    # The day by which a period counts it: when it was signed, or, where no source says, reported.
    counted_on = models.DateField(db_index=True)
    title = models.CharField(max_length=300)
    version = models.ForeignKey(
        "workflow.Version",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="decisions",
    )
    draft = models.ForeignKey(
        "workflow.Draft", null=True, blank=True, on_delete=models.PROTECT, related_name="decisions"
    )
    source = models.CharField(max_length=300)
    is_verified = models.BooleanField()
    recorded_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="decision_made_here_has_number_day_and_version",
                condition=Q(kind="REGISTERED")
                | (~Q(number="") & Q(decided_on__isnull=False, version__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.title


class Retirement(models.Model):
    """That a version is out of force from a day on, though no other follows; the reason why."""

    version = models.OneToOneField(
        "workflow.Version", on_delete=models.PROTECT, related_name="retirement"
    )
    ends_on = models.DateField()
    reason = models.TextField()
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="+")
    retired_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    retired_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="retirement_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.ends_on}"

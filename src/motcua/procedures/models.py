"""The catalogue: fields, procedures, their revisions, channels, case variants and components."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

# Old migrations know it by this module.
from motcua.clock.day_ranges import DateRange


class Field(models.Model):
    """A field (lĩnh vực) that groups procedures."""

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    sort_name = models.CharField(max_length=500)

    def __str__(self) -> str:
        return self.name


class Procedure(models.Model):
    """What a citizen may ask the state for; its content is in its revisions."""

    class CodeStatus(models.TextChoices):
        VERIFIED = "verified", _("đã kiểm tra")
        ILLUSTRATIVE = "illustrative", _("minh họa")

    code = models.CharField(max_length=40, unique=True)
    code_status = models.CharField(max_length=12, choices=CodeStatus)
    field = models.ForeignKey(Field, on_delete=models.PROTECT, related_name="procedures")
    level = models.CharField(max_length=10)

    def __str__(self) -> str:
        return self.code


class Revision(models.Model):
    """A procedure as one publication decision made it, from its first day to its last."""

    class Online(models.TextChoices):
        NONE = "NONE", _("không trực tuyến")
        PARTIAL = "PARTIAL", _("một phần")
        FULL = "FULL", _("toàn trình")

    class RecordedResult(models.TextChoices):
        # What must be signed and numbered here before it is handed over.
        NONE = "NONE", _("không ghi ở đây")
        LICENCE = "LICENCE", _("giấy phép")
        CERTIFICATE = "CERTIFICATE", _("giấy chứng nhận")
        DECISION = "DECISION", _("quyết định")
        REPLY = "REPLY", _("văn bản trả lời")

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=600)
    name_en = models.CharField(max_length=600, blank=True)
    search_text = models.TextField()
    # Either one agency, or the kind (DISTRICT, COMMUNE) of the agency at the place of filing.
    agency = models.ForeignKey(
        "people.Agency", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    agency_kind = models.CharField(max_length=12, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    decision_number = models.CharField(max_length=60, blank=True)
    decision_date = models.DateField(null=True, blank=True)
    decision_status = models.CharField(max_length=12, default="illustrative")
    legal_basis = ArrayField(models.TextField(), default=list)
    result = models.TextField(blank=True)
    recorded_result = models.CharField(
        max_length=12,
        choices=RecordedResult,
        default=RecordedResult.NONE,
        db_default=RecordedResult.NONE,
    )
    online = models.CharField(max_length=8, choices=Online, default=Online.NONE)
    is_interagency_same_level = models.BooleanField(default=False)
    is_interagency_across_levels = models.BooleanField(default=False)
    is_place_independent = models.BooleanField(default=False)
    is_on_the_spot = models.BooleanField(default=False)
    workflow_key = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["procedure", "number"], name="revision_number_once"),
            models.CheckConstraint(
                name="revision_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
            ),
            models.CheckConstraint(
                name="revision_has_one_kind_of_settling_agency",
                condition=Q(agency__isnull=False, agency_kind="")
                | (Q(agency__isnull=True) & ~Q(agency_kind="")),
            ),
            models.CheckConstraint(
                name="revision_has_a_known_recorded_result",
                condition=Q(
                    recorded_result__in=["NONE", "LICENCE", "CERTIFICATE", "DECISION", "REPLY"]
                ),
            ),
            ExclusionConstraint(
                name="one_revision_in_force_a_day",
                expressions=[
                    ("procedure", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure_id}/{self.number}"


class Channel(models.Model):
    """A way to file (counter, online, post) with its time limit and fee."""

    class Kind(models.TextChoices):
        COUNTER = "COUNTER", _("Trực tiếp")
        ONLINE = "ONLINE", _("Trực tuyến")
        POST = "POST", _("Bưu chính công ích")

    class Unit(models.TextChoices):
        HOUR = "HOUR", _("giờ làm việc")
        WORKING_DAY = "WORKING_DAY", _("ngày làm việc")
        DAY = "DAY", _("ngày")
        MONTH = "MONTH", _("tháng")

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="channels")
    kind = models.CharField(max_length=8, choices=Kind)
    limit_amount = models.DecimalField(max_digits=6, decimal_places=1)
    limit_unit = models.CharField(max_length=12, choices=Unit)
    fee_vnd = models.DecimalField(max_digits=17, decimal_places=2, default=0)
    fee_note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["revision", "kind"], name="channel_once_a_revision"),
            models.CheckConstraint(name="limit_is_positive", condition=Q(limit_amount__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.revision_id} {self.kind}"


class Variant(models.Model):
    """A case variant (trường hợp) with its own steps and components."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="variants")
    code = models.CharField(max_length=10)
    name = models.CharField(max_length=400)
    steps = ArrayField(models.TextField(), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["revision", "code"], name="variant_code_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Component(models.Model):
    """A paper in the dossier of a case variant, with how many originals and copies."""

    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="components")
    number = models.PositiveSmallIntegerField()
    name = models.TextField()
    form = models.CharField(max_length=200, blank=True)
    originals = models.PositiveSmallIntegerField(default=0)
    copies = models.PositiveSmallIntegerField(default=0)
    is_required = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["variant", "number"], name="component_number_once"),
        ]

    def __str__(self) -> str:
        return self.name

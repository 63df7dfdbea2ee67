"""Results of cases: drafted, signed, numbered, handed over, kept; a revoked one stays and says why."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from motcua.cases.models.case_files import Case


def _person() -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        "people.User",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )


class Result(models.Model):
    """The paper or electronic result of a case (NĐ 45/2020 Đ14); one at a time is valid."""

    class Stage(models.TextChoices):
        DRAFT = "DRAFT", _("Dự thảo")
        SIGNED = "SIGNED", _("Đã ký, chờ cấp số")
        NUMBERED = "NUMBERED", _("Đã cấp số, chờ trả")
        HANDED_OVER = "HANDED_OVER", _("Đã trả")
        ARCHIVED = "ARCHIVED", _("Đã lưu trữ")
        REVOKED = "REVOKED", _("Đã bị thu hồi")

    # No index of its own: the constraint below begins with it.
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="results", db_index=False)
    # Which of the case's results it is, and the code with it, from numbering on.
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    code = models.CharField(max_length=70, blank=True)
    title = models.CharField(max_length=300)
    file = models.ForeignKey(
        "files.StoredFile", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    drafted_at = models.DateTimeField()
    drafted_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = _person()
    # The agency at which the signer's post is.
    signed_at_agency = models.ForeignKey(
        "people.Agency",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    document_number = models.CharField(max_length=60, blank=True)
    document_date = models.DateField(null=True, blank=True)
    numbered_at = models.DateTimeField(null=True, blank=True)
    numbered_by = _person()
    handed_over_at = models.DateTimeField(null=True, blank=True)
    handed_over_by = _person()
    handed_over_to = models.CharField(max_length=200, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    archived_by = _person()
    archive_place = models.CharField(max_length=200, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = _person()
    revocation_decision = models.CharField(max_length=100, blank=True)
    revocation_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="result_number_once_a_case"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(revoked_at=None), name="one_valid_result_a_case"
            ),
            models.UniqueConstraint(
                fields=["code"], condition=~Q(code=""), name="result_code_once"
            ),
            models.CheckConstraint(
                name="result_signed_by_a_person_at_an_agency",
                condition=Q(signed_at=None, signed_by=None, signed_at_agency=None)
                | Q(signed_at__gte=F("drafted_at"), signed_by__isnull=False)
                & Q(signed_at_agency__isnull=False),
            ),
            models.CheckConstraint(
                name="result_numbered_after_it_was_signed",
                condition=Q(numbered_at=None, number=None, code="", document_number="")
                & Q(document_date=None)
                | Q(numbered_at__gte=F("signed_at"), number__gte=1, document_date__isnull=False)
                & ~Q(code="")
                & ~Q(document_number=""),
            ),
            models.CheckConstraint(
                name="result_handed_over_after_it_was_numbered",
                condition=Q(handed_over_at=None, handed_over_to="")
                | Q(handed_over_at__gte=F("numbered_at")) & ~Q(handed_over_to=""),
            ),
            models.CheckConstraint(
                name="result_archived_after_it_was_handed_over",
                condition=Q(archived_at=None) | Q(archived_at__gte=F("handed_over_at")),
            ),
            models.CheckConstraint(
                name="result_revoked_with_decision_and_reason",
                condition=Q(revoked_at=None, revocation_reason="", revocation_decision="")
                | Q(revoked_at__gte=F("signed_at"))
                & ~Q(revocation_reason="")
                & ~Q(revocation_decision=""),
            ),
        ]
        indexes = [models.Index(fields=["document_number"], name="result_by_document_number")]

    def __str__(self) -> str:
        return self.code or f"{self.case_id}"

    @property
    def stage(self) -> Stage:
        """How far it has come; a revoked one is that and nothing else."""
        reached = (
            (self.revoked_at, self.Stage.REVOKED),
            (self.archived_at, self.Stage.ARCHIVED),
            (self.handed_over_at, self.Stage.HANDED_OVER),
            (self.numbered_at, self.Stage.NUMBERED),
            (self.signed_at, self.Stage.SIGNED),
        )
        return next((stage for at, stage in reached if at is not None), self.Stage.DRAFT)

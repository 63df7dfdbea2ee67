"""Notices to people at work with who has read them, and the outbox of messages to citizens."""

from django.db import models
from django.db.models import Q


class Notice(models.Model):
    """Something people at work are told. Notices are added, never changed."""

    person = models.ForeignKey(
        "people.User",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    agency = models.ForeignKey(
        "people.Agency",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    role = models.CharField(max_length=12, blank=True)
    # What it is about, as a path of this site.
    path = models.CharField(max_length=300)
    text_vi = models.TextField()
    text_en = models.TextField()
    # Who tells the same thing again, after a crash or beside another worker, tells it once.
    once_key = models.CharField(max_length=200, unique=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="notice_is_for_a_person_or_for_a_role_at_an_agency",
                condition=Q(person__isnull=False, agency__isnull=True, role="")
                | (Q(person__isnull=True, agency__isnull=False) & ~Q(role="")),
            ),
            models.CheckConstraint(
                name="notice_leads_to_a_page_of_this_site",
                condition=Q(path__startswith="/") & ~Q(path__startswith="//"),
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "role", "created_at"], name="notice_by_role"),
            models.Index(fields=["person", "created_at"], name="notice_by_person"),
        ]

    def __str__(self) -> str:
        return self.once_key


class Reading(models.Model):
    """That a person has read a notice, and when."""

    # No index of its own: the constraint below begins with it.
    notice = models.ForeignKey(
        Notice, on_delete=models.PROTECT, related_name="readings", db_index=False
    )
    person = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "person"], name="notice_read_once_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.person_id}"


class CitizenMessage(models.Model):
    """What a citizen is told: the outbox. Rows are added by acts, never changed.

    Whoever sends them (SMS, a social network) takes them from here and keeps its own record. Without
    a phone number it is for a clerk to say.
    """

    subject = models.CharField(max_length=100)
    phone = models.CharField(max_length=20, blank=True)
    text = models.TextField()
    # An act that is tried twice tells once.
    once_key = models.CharField(max_length=200, unique=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="citizen_message_says_something", condition=~Q(text="")),
        ]
        indexes = [
            models.Index(fields=["subject", "created_at"], name="citizen_message_by_subject"),
        ]

    def __str__(self) -> str:
        return self.once_key

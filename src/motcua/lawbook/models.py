"""Decisions on the days off of a year, as they are entered on the page; the files in law/ hold the rest."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class CalendarDecision(models.Model):
    """A decision or notice that makes days off, days in lieu or worked Saturdays. Never changed."""

    number = models.CharField(max_length=100)
    decided_on = models.DateField()
    title = models.CharField(max_length=300)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["number", "decided_on"], name="calendar_decision_entered_once"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class DecidedDay(models.Model):
    """What a decision says of one day; a later decision on the same day takes its place."""

    class Kind(models.TextChoices):
        OFF = "off", _("Nghỉ lễ, tết")
        OFF_IN_LIEU = "off_in_lieu", _("Nghỉ bù, nghỉ hoán đổi")
        WORKED_SATURDAY = "worked_saturday", _("Làm bù")
        ORDINARY = "ordinary", _("Như ngày thường")

    decision = models.ForeignKey(CalendarDecision, on_delete=models.PROTECT, related_name="days")
    day = models.DateField()
    kind = models.CharField(max_length=16, choices=Kind)
    name = models.CharField(max_length=200)
    in_lieu_of = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "day"], name="day_decided_once_a_decision"),
            models.CheckConstraint(
                name="day_in_lieu_is_of_another_day",
                condition=Q(in_lieu_of__isnull=True) | ~Q(in_lieu_of=F("day")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.kind}"

"""Which other systems may tell us of their case files, and for which agencies."""

from django.db import models
from django.db.models import Q


class SystemAccess(models.Model):
    """That a system may tell of case files at an agency and all below it, by a token that only it has."""

    source = models.CharField(max_length=20)
    agency = models.ForeignKey(
        "people.Agency", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # SHA-256 of the token, in hex: 256 random bits need no salt and no slow hash.
    token_hash = models.CharField(max_length=64, unique=True)
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="system_access_ends_after_it_was_given",
                condition=Q(ended_at=None) | Q(ended_at__gte=models.F("given_at")),
            ),
        ]
        verbose_name_plural = "system accesses"

    def __str__(self) -> str:
        return f"{self.source} {self.pk}"

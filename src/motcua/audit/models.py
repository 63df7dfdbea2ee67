"""The audit trail: entries in one hash chain per subject, heads, daily seals, and reads."""

from django.db import models


class Entry(models.Model):
    """One thing that one person did. Entries are never changed: the database refuses it."""

    subject = models.CharField(max_length=100)
    number = models.PositiveIntegerField()
    happened_at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    event = models.CharField(max_length=60)
    because = models.TextField(blank=True)
    facts = models.JSONField(default=dict)
    previous_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "number"], name="entry_has_one_place_in_its_chain"
            ),
        ]
        verbose_name_plural = "entries"

    def __str__(self) -> str:
        return f"{self.subject} {self.number} {self.event}"


class Head(models.Model):
    """The last link of a subject's chain: locked by whoever adds to it, and shows a cut tail."""

    subject = models.CharField(max_length=100, primary_key=True)
    number = models.PositiveIntegerField()
    hash = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"{self.subject} {self.number}"


class DaySeal(models.Model):
    """One hash over every entry of a day, chained to the seal before it."""

    day = models.DateField(unique=True)
    entry_count = models.PositiveIntegerField()
    hash = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.day}"


class Read(models.Model):
    """Someone opened a record with personal data, or was refused."""

    happened_at = models.DateTimeField()
    actor = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=100, db_index=True)
    what = models.CharField(max_length=60)
    was_allowed = models.BooleanField()
    note = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.subject} {self.what}"

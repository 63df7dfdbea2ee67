"""How far the clock of a demonstration stands from the true one."""

from django.db import models


class Shift(models.Model):
    """The one row that moves the clock; a real office has none."""

    behind = models.DurationField()
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="clock_is_shifted_once", condition=models.Q(pk=1)),
        ]

    def __str__(self) -> str:
        return f"-{self.behind}"

"""What time it is: the one place where views, jobs and commands read the clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache

from django.utils import timezone

from motcua.clock.models import Shift


def now() -> datetime:
    """Return the time here: the true one, or a demonstration's."""
    return timezone.now() - _behind()


def is_shifted() -> bool:
    """Say whether the clock is a demonstration's."""
    return bool(_behind())


@cache
def _behind() -> timedelta:
    """Read the shift once a process: it is set when the database is made, and never after."""
    shift = Shift.objects.first()
    return shift.behind if shift else timedelta()


def forget() -> None:
    """Read the shift again at the next question."""
    _behind.cache_clear()

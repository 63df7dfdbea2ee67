"""The clock for tests of what reads it: jobs, commands and the address for systems."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils import timezone

from motcua.clock import actions as clock_actions
from motcua.clock import queries as clock
from motcua.clock.models import Shift


@contextmanager
def clock_at(shows: datetime) -> Iterator[None]:
    """Let the clock show a moment, and run on from there."""
    Shift.objects.all().delete()
    clock_actions.shift_clock(shows=shows, now=timezone.now())  # noqa: TID251 - a shift hangs on the true time
    try:
        yield
    finally:
        clock.forget()

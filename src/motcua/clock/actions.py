"""What can be done to the clock: set a demonstration's."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from motcua.clock import queries
from motcua.clock.models import Shift


class CannotShiftClock(Exception):
    """The clock is already shifted."""


@transaction.atomic
def shift_clock(*, shows: datetime, now: datetime) -> None:
    """Let the clock show `shows` at the true time `now`, and run on from there."""
    if Shift.objects.exists():
        raise CannotShiftClock(_("Đồng hồ minh họa đã được đặt, không thể đặt lần nữa."))
    Shift.objects.create(pk=1, behind=now - shows, set_at=now)
    queries.forget()

"""When a message that could not be sent is tried again, and when that ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class SendingRules:
    """How often a message is tried, and how long the pauses are."""

    attempts: int
    first_pause: timedelta
    longest_pause: timedelta
    wait: timedelta


def next_attempt_at(rules: SendingRules, *, attempts: int, failed_at: datetime) -> datetime | None:
    """Return when to try again after so many failed attempts, or None when it is given up.

    Each pause is twice as long as the one before, up to the longest.
    """
    if attempts >= rules.attempts:
        return None
    # More doublings than this pass any longest pause, and would pass what a timedelta holds.
    doublings = min(max(attempts - 1, 0), 20)
    return failed_at + min(rules.first_pause * (1 << doublings), rules.longest_pause)

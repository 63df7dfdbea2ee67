"""Moments: how a point in time is read as Vietnamese local time, to the minute where paper needs it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
"""Vietnam keeps +07:00 all year round, so the server's own time zone never matters."""


class NaiveMoment(ValueError):
    """A moment came without its time zone, so nobody can say when it was."""

    def __init__(self, moment: datetime) -> None:
        super().__init__(
            f"Thời điểm {moment.isoformat()} không ghi múi giờ; hãy gửi thời điểm có múi giờ "
            f"(ví dụ {moment.replace(tzinfo=VIETNAM).isoformat()})."
        )


def local(moment: datetime) -> datetime:
    """Return the same moment in Vietnamese time; raise NaiveMoment without a time zone."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise NaiveMoment(moment)
    return moment.astimezone(VIETNAM)


def local_minute(moment: datetime) -> datetime:
    """Return the moment in Vietnamese time without its seconds, as the paper forms print it."""
    return local(moment).replace(second=0, microsecond=0)


def at(day: date, clock: time) -> datetime:
    """Return the moment at which the clock in Vietnam shows this time on this day."""
    return datetime.combine(day, clock, VIETNAM)


def midnight(day: date) -> datetime:
    """Return the first moment of a day in Vietnam."""
    return datetime.combine(day, time(), VIETNAM)


def day_reached(moment: datetime) -> date:
    """Return the day that a stretch ending at the moment reached: at midnight, the day before."""
    day = moment.date()
    return day - timedelta(days=1) if moment == midnight(day) else day

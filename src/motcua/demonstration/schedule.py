"""The story of the demonstration's case files: what happens to each, and at which working minute."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from motcua.engine.worktime import WorkCalendar

# Not a secret: the same story every time is what makes the demonstration repeatable.
SEED = 20230314


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """One case file: received, then `step_times` of its steps, then handed over (or not yet)."""

    number: int
    row: int
    procedure_code: str
    received_at: datetime
    step_times: tuple[datetime, ...]
    returned_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """Something that happens to one case at one moment: RECEIVE, STEP (which) or RETURN."""

    at: datetime
    story: Story
    kind: str
    step: int = 0


@dataclass(frozen=True, kw_only=True)
class Span:
    """The reporting period: first and last working moments, on the office's calendar."""

    first_day: date
    last_day: date
    opens: datetime
    closes: datetime
    calendar: WorkCalendar

    def share(self, start: datetime, end: datetime, part: float) -> datetime:
        """Return the working moment a part of the way from start to end, to the minute."""
        moment = self.calendar.add(start, self.calendar.measure(start, end) * part)
        return moment.replace(second=0, microsecond=0)


class CannotTellStory(Exception):
    """A row asks for a case that the limits of its procedures make impossible."""


def tell(
    rows: Sequence[Mapping[str, Any]],
    *,
    span: Span,
    due_of: Callable[[str, datetime], datetime],
    steps_of: Callable[[str], int],
) -> tuple[Story, ...]:
    """Return the stories of all rows, such that each row's figures come out exactly."""
    random = Random(SEED)  # noqa: S311 - a story, not a secret
    stories: list[Story] = []
    for row_number, row in enumerate(rows, start=1):
        for place, fate in enumerate(_fates(row)):
            codes = row["procedures"]
            stories.append(
                _story(
                    number=len(stories) + 1,
                    row=row_number,
                    code=codes[place % len(codes)],
                    fate=fate,
                    span=span,
                    due_of=due_of,
                    steps_of=steps_of,
                    random=random,
                )
            )
    return tuple(stories)


def events(stories: Sequence[Story]) -> list[Event]:
    """Return everything that happens, in the order of time."""
    found = [event for story in stories for event in _events_of(story)]
    return sorted(found, key=lambda event: (event.at, event.story.number, event.step))


def _events_of(story: Story) -> Iterator[Event]:
    yield Event(at=story.received_at, story=story, kind="RECEIVE")
    for step, at in enumerate(story.step_times, start=1):
        yield Event(at=at, story=story, kind="STEP", step=step)
    if story.returned_at is not None:
        yield Event(at=story.returned_at, story=story, kind="RETURN", step=99)


def _fates(row: Mapping[str, Any]) -> list[str]:
    """Return one fate a case: the carried-over ones are done first, then the new, then the open."""
    carried, late = int(row["carried_over"]), int(row["done_late"])
    done = int(row["done_on_time"])
    carried_done = min(carried, done)
    if carried > carried_done:
        msg = f"Row {row['field']}: more carried over than done."
        raise CannotTellStory(msg)
    fates = ["CARRIED"] * carried_done + ["DONE"] * (done - carried_done)
    return fates + ["LATE"] * late + ["OPEN"] * int(row["open_in_time"])


def _story(
    *,
    number: int,
    row: int,
    code: str,
    fate: str,
    span: Span,
    due_of: Callable[[str, datetime], datetime],
    steps_of: Callable[[str], int],
    random: Random,
) -> Story:
    steps = steps_of(code)
    for _attempt in range(200):
        received, finished = _times(fate, code=code, span=span, due_of=due_of, random=random)
        if received is None:
            continue
        if finished is None:
            planned = _step_times(received, due_of(code, received), steps, span=span)
            times = tuple(time for time in planned[:-1] if time < span.closes)
            return Story(
                number=number,
                row=row,
                procedure_code=code,
                received_at=received,
                step_times=times,
                returned_at=None,
            )
        times = _step_times(received, finished, steps, span=span)
        returned = span.calendar.add(finished, timedelta(hours=random.uniform(1, 14)))
        returned = returned.replace(second=0, microsecond=0)
        is_returned = returned < span.closes and random.random() < 0.9
        return Story(
            number=number,
            row=row,
            procedure_code=code,
            received_at=received,
            step_times=times,
            returned_at=returned if is_returned else None,
        )
    msg = f"No times fit a case {fate} under {code}."
    raise CannotTellStory(msg)


def _step_times(start: datetime, end: datetime, steps: int, *, span: Span) -> tuple[datetime, ...]:
    """Return the moments of the steps: the first soon after reception, the last at the end."""
    times = [span.share(start, end, (place - 0.5) / steps) for place in range(1, steps)]
    soon = span.calendar.add(start, timedelta(hours=2)).replace(second=0, microsecond=0)
    times[:1] = [min(soon, time) for time in times[:1]]
    return (*times, end)


def _times(
    fate: str,
    *,
    code: str,
    span: Span,
    due_of: Callable[[str, datetime], datetime],
    random: Random,
) -> tuple[datetime | None, datetime | None]:
    """Draw a reception and an end (None: still open); (None, None) when the draw does not fit."""
    calendar = span.calendar
    allowed = calendar.measure(span.opens, due_of(code, span.opens))
    if fate == "CARRIED":
        received = calendar.subtract(span.opens, allowed * random.uniform(0.1, 0.7))
    elif fate == "OPEN":
        received = calendar.subtract(span.closes, allowed * random.uniform(0.05, 0.85))
    else:
        received = span.share(span.opens, span.closes, random.random())
    received = received.replace(second=0, microsecond=0)
    due = due_of(code, received)
    if fate == "OPEN":
        fits = received >= span.opens and due > span.closes + timedelta(hours=12)
        return (received, None) if fits else (None, None)
    if fate == "LATE":
        finished = calendar.add(due, timedelta(hours=random.uniform(8, 16)))
    else:
        finished = span.share(received, due, random.uniform(0.3, 0.95))
    finished = finished.replace(second=0, microsecond=0)
    is_inside = span.opens <= finished < span.closes
    is_new = (received >= span.opens) == (fate != "CARRIED")
    is_late = finished > due
    fits = is_inside and is_new and is_late == (fate == "LATE") and finished > received
    return (received, finished) if fits else (None, None)

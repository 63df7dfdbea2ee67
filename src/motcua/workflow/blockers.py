"""What must be in order before a draft is published, besides consent: each area of checks adds its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from motcua.engine.explain import Because
from motcua.workflow import course_queries
from motcua.workflow.models import Draft

Check = Callable[[Draft, date], Iterable[Because]]


def list_blockers(draft: Draft, *, on: date) -> tuple[Because, ...]:
    """Return everything that hinders the publication of a draft for a day, in words."""
    return tuple(because for check in CHECKS for because in check(draft, on))


def _faults_of_the_chart(draft: Draft, on: date) -> Iterable[Because]:
    """Find what the chart itself has wrong, such as a lane of an agency that has ended by then."""
    return course_queries.compile_draft(draft, on=on)[1]


# Recorded tests of a workflow that fail belong here as well.
CHECKS: list[Check] = [_faults_of_the_chart]

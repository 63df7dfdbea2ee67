"""The counter's duty to pass on what it received: by when, by which rule, and whether it was kept.

Nothing of it is stored: it follows from the reception and from the first step of the flow chart.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from motcua.cases.models import Case
from motcua.cases.recounting import calendar_of, rules_of
from motcua.engine import duties
from motcua.engine.explain import Because
from motcua.engine.moments import local_minute
from motcua.engine.worktime import CalendarEnds

_COUNTER_ROLE = "CLERK"


@dataclass(frozen=True, kw_only=True, slots=True)
class TransferDuty:
    """By when a case must leave the counter, by which rule, and when it did (None: not yet)."""

    due_at: datetime
    because: Because
    passed_at: datetime | None

    def was_kept(self, *, now: datetime) -> bool:
        """Say whether the case left in time, or can still; the due minute itself is in time."""
        return local_minute(self.passed_at or now) <= local_minute(self.due_at)


def find_duty(case: Case, tasks: Iterable[Any]) -> TransferDuty | None:
    """Return the duty of a case from its tasks; None where no counter has a first step to pass on.

    The case comes with `receiving_agency` joined.
    """
    first = [
        task
        for task in tasks
        if not task.was_withdrawn
        and _is_counters_first(case, task.opened_at, task.agency_id, task.role)
    ]
    if not first:
        return None
    ends = [task.completed_at for task in first]
    return _duty(case, passed_at=None if None in ends else max(ends))


def find_duty_of_work(row: Any) -> TransferDuty | None:
    """Return the duty behind a row of `work_queries.list_work`; None for any other step or list."""
    opened_at = getattr(row, "task_opened_at", None)
    if opened_at is None:
        return None
    if not _is_counters_first(row, opened_at, row.task_agency_id, row.task_role):
        return None
    return _duty(row, passed_at=None)


def _is_counters_first(case: Case, opened_at: datetime, agency_id: int, role: str) -> bool:
    """Say whether a task opened with the reception itself, at the counter that received the case."""
    return (
        opened_at == case.received_at
        and agency_id == case.receiving_agency_id
        and role == _COUNTER_ROLE
    )


def _duty(case: Case, *, passed_at: datetime | None) -> TransferDuty | None:
    try:
        found = duties.transfer_due(
            received_at=case.received_at, calendar=calendar_of(case), rules=rules_of(case)
        )
    except CalendarEnds:
        return None
    return TransferDuty(due_at=found.due_at, because=found.because, passed_at=passed_at)

"""How well chances of lateness would have agreed with what came: judged on cases not learned from."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from motcua.cases import recounting, risk_queries
from motcua.cases.models import Case
from motcua.engine.calibration import Calibration, Foretold, judge, split_by_time
from motcua.engine.laterisk import History, PastStep
from motcua.lawbook import queries as lawbook
from motcua.people import queries as people
from motcua.workflow import queries as workflow

MOST_CASES = 2_000
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldOut:
    """A judgement on held-out cases: where time was cut, how many cases each side had.

    `calibration` is None when there was nothing to judge.
    """

    cut: datetime | None
    learned_cases: int
    learned_steps: int
    under_way: int
    calibration: Calibration | None


def judge_risks(officer: people.Person, *, now: datetime) -> HeldOut:
    """Return how well risks told halfway to the due time agreed with the end of later cases.

    The newest finished cases in the person's scope are cut in two by time: learned from are steps
    that had ended before the cut, judged are cases received after it. Two queries.
    """
    scope = people.scope_of(officer, "reports.see", now=now)
    agencies = people.agencies_in_scope(scope).values("pk")
    done = Case.objects.filter(
        settling_agency__in=agencies, finished_at__lt=now, clock_events=None
    ).select_related("run", "receiving_agency", "settling_agency")
    cases = sorted(done.order_by("-id")[:MOST_CASES], key=lambda case: case.received_at)
    if len(cases) < 2:
        return HeldOut(cut=None, learned_cases=0, learned_steps=0, under_way=0, calibration=None)
    cut = cases[len(cases) // 2].received_at
    parts = split_by_time(
        cases,
        cut=cut,
        began_at=lambda case: case.received_at,
        ended_at=lambda case: case.finished_at,
    )
    tasks: dict[int, list[Any]] = defaultdict(list)
    for task in workflow.list_tasks_of_runs(case.run_id for case in cases):
        if task.kind == "USER" and not task.was_withdrawn:
            tasks[task.run_id].append(task)
    past = [step for case in parts.earlier for step in _steps(case, tasks[case.run_id])]
    rules = lawbook.get_risk_rules(people.day_of(now))
    history = History.compile(past, enough=rules.enough_history)
    told = [one for case in parts.later if (one := _foretell(case, tasks[case.run_id], history))]
    return HeldOut(
        cut=cut,
        learned_cases=len(parts.earlier),
        learned_steps=len(past),
        under_way=len(parts.under_way),
        calibration=judge(told) if told else None,
    )


def _steps(case: Case, tasks: list[Any]) -> list[PastStep]:
    calendar, key_of = recounting.calendar_of(case), risk_queries.keys_of(case)
    net = workflow.get_version(case.run.version_id).net
    return [
        PastStep(
            key_of(net.by_id[task.node]),
            calendar.measure(task.opened_at, task.completed_at) // _MINUTE,
        )
        for task in tasks
        # A case that moved to another version did steps that its chart no longer has.
        if task.completed_at is not None and task.node in net.by_id
    ]


def _foretell(case: Case, tasks: list[Any], history: History) -> Foretold | None:
    """Return what would have been told halfway to the due time; None for a case done by then."""
    calendar = recounting.calendar_of(case)
    moment = calendar.add(case.received_at, calendar.measure(case.received_at, case.due_at) / 2)
    is_open = [
        task
        for task in tasks
        if task.opened_at <= moment and (task.completed_at is None or task.completed_at > moment)
    ]
    if not is_open or case.finished_at is None:
        return None
    spent = {task.node: calendar.measure(task.opened_at, moment) // _MINUTE for task in is_open}
    risk = history.risk(
        path=risk_queries.path_of_case(case, spent),
        remaining_minutes=calendar.measure(moment, case.due_at) // _MINUTE,
    )
    return Foretold(probability=risk.probability, was_late=case.finished_at > case.due_at)

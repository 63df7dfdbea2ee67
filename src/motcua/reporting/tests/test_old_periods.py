"""Every form and table of an old period tells the same, whatever happened after its cut-off."""

from __future__ import annotations

import importlib
import io
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.cases import actions
from motcua.cases.models import Case, ClockEvent, Dissolution, PastStanding
from motcua.engine.moments import VIETNAM
from motcua.lawbook import decisions
from motcua.lawbook import queries as lawbook
from motcua.people import actions as people_actions
from motcua.reporting.engines import open_engine
from motcua.reporting.facts import CountingRules, Engine, Slice, count_cases, list_counts
from motcua.reporting.lateness import get_lateness
from motcua.reporting.on_the_spot import get_on_the_spot
from motcua.reporting.reports import list_report_names
from motcua.reporting.tests.old_quarter import (
    LATER,
    WHY,
    Quarter,
    ask_of_before,
    at,
    make_quarter,
    take_back_the_asking,
    undo_endings,
    undo_the_return,
)
from motcua.reporting.tests.province import Q1_FIRST, Q1_LAST
from motcua.reporting.unit_and_period import get_unit
from motcua.workflow.models import Task

pytestmark = pytest.mark.django_db

# Forms of the whole province take no unit.
WHOLE: Final = {"reform-form-3", "service-index", "narrative"}
DAYS: Final[dict[str, Any]] = {
    "first_day": Q1_FIRST,
    "last_day": Q1_LAST,
    "now": datetime(2023, 4, 20, tzinfo=VIETNAM),
}
CHOICES: Final = (
    ("--rows", "unit"),
    ("--rows", "unit", "--count", "waiting_for_supplement=settled"),
    ("--count", "returned=apart", "--count", "on_time=by_day"),
)


@pytest.fixture(scope="module")
def quarter_of_file(
    made_once: Callable[[Callable[[], Quarter]], Callable[[], Quarter]],
) -> Callable[[], Quarter]:
    return made_once(make_quarter)


@pytest.fixture
def quarter(db: None, quarter_of_file: Callable[[], Quarter]) -> Quarter:
    return quarter_of_file()


@pytest.fixture(autouse=True, scope="module")
def later_undoing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A province that lets mistakes be taken back for five working days."""
    law = tmp_path_factory.mktemp("province") / "law"
    shutil.copytree(lawbook.get_law_dir(), law)
    path = law / "product" / "undo.yaml"
    path.write_text(path.read_text("utf-8").replace("value: 0", "value: 5"), "utf-8")
    # Once for the file: each law folder is read as a whole.
    with override_settings(LAW_DIR=law):
        yield


@pytest.fixture(autouse=True)
def _forget_decisions() -> Iterator[None]:
    """Let no decision that a process has seen outlive the rows of a test."""
    yield
    decisions.forget()


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    """What the reports told before anything happened, once for all tests that begin with it."""
    return {}


def report(name: str, *asked: str) -> Any:
    out = io.StringIO()
    call_command("report", name, "--period", "2023-Q1", *asked, "--format", "json", stdout=out)
    return json.loads(out.getvalue())


def all_reports() -> dict[str, Any]:
    """Return every form and table of the first quarter, some of them in more ways than one."""
    told = {
        name: report(name, *(() if name in WHOLE else ("--unit", "H19", "--with-subordinate")))
        for name in list_report_names(Q1_LAST)
    }
    for choice in CHOICES:
        told[f"ii-06a {choice}"] = report("ii-06a", "--unit", "H19", "--with-subordinate", *choice)
    spot = get_on_the_spot(unit=get_unit("H19", on=Q1_LAST), include_subordinate=True, **DAYS)
    told["on the spot"] = [(row.code, row.cases, row.counts) for row in spot.procedures]
    for unit in ("H19.17", "H19.30"):
        for name in ("one-stop-table", "lateness"):
            told[f"{name} {unit}"] = report(name, "--unit", unit)
    return told


def changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    return {name: (before[name], told) for name, told in after.items() if told != before[name]}


@pytest.mark.parametrize("happens", LATER, ids=lambda act: act.__name__)
def test_what_happens_after_the_cut_off_changes_no_figure(
    quarter: Quarter, told: dict[str, Any], happens: Callable[[Quarter], None]
) -> None:
    if not told:
        told.update(all_reports())
    happens(quarter)

    assert changes(told, all_reports()) == {}


def test_a_dissolution_of_before_that_is_taken_back_after_the_cut_off_changes_none(
    quarter: Quarter,
) -> None:
    quarter.merger.dissolve(now=at(14), last_day=at(14).date())
    before = all_reports()

    actions.undo_dissolution(
        officer=quarter.merger.admin,
        dissolution_id=Dissolution.objects.get().pk,
        reason=WHY,
        now=at(16),
    )

    assert changes(before, all_reports()) == {}


RULES: Final = (
    CountingRules(),
    CountingRules(by_day=True, ended_is_apart=True),
    CountingRules(waiting_is_settled=True),
)
REFUSALS: Final = (
    actions.CannotCompleteStep,
    actions.CannotEndCase,
    actions.CannotMoveClock,
    actions.CannotReturnResult,
    actions.CannotTakeBack,
    actions.CannotTakeBackEnding,
    people_actions.NotAllowed,
)


def step(q: Quarter, case: Case, now: datetime) -> None:
    for task in Task.objects.filter(run_id=case.run_id, completed_at=None):
        officer = q.merger.world.oanh if task.role == "OFFICER" else q.merger.lan
        told = {"outcome": "APPROVE"} if officer is q.merger.lan else {}
        actions.complete_step(officer=officer, task_id=task.pk, now=now, **told)


def take_back_last(q: Quarter, case: Case, now: datetime) -> None:
    event = ClockEvent.objects.filter(case=case, cancels=None, cancelled_by=None).last()
    if event is not None:
        asked: dict[str, Any] = {
            "case_code": case.code,
            "event_id": event.pk,
            "reason": WHY,
            "now": now,
        }
        actions.take_back_event(officer=q.merger.world.cuc, **asked)


def of_clerk(act: Any, **told: str) -> Any:
    return lambda q, case, now: act(
        officer=q.merger.world.cuc, case_code=case.code, now=now, **told
    )


def of_officer(act: Any, *, days_before: int = 0) -> Any:
    return lambda q, case, now: act(
        officer=q.merger.world.oanh,
        case_code=case.code,
        reason=WHY,
        at=now - timedelta(days=days_before),
        now=now,
    )


def of_leader(act: Any) -> Any:
    return lambda q, case, now: act(officer=q.merger.lan, case_code=case.code, reason=WHY, now=now)


ACTS: Final[dict[str, Any]] = {
    "step": step,
    "take back the last event": take_back_last,
    "supplement": of_clerk(actions.take_supplement),
    "payment": of_clerk(actions.record_payment),
    "return": of_clerk(actions.return_result, returned_to="An"),
    "take back the return": of_clerk(actions.take_back_return, reason=WHY),
    "ask": of_officer(actions.request_supplement),
    "ask days before": of_officer(actions.request_supplement, days_before=2),
    "ask for a payment": of_officer(actions.request_payment, days_before=1),
    "refuse": of_leader(actions.refuse_case),
    "stop": of_leader(actions.stop_case),
    "take back the ending": of_leader(actions.take_back_ending),
}
DAYS_AFTER: Final = (15, 16, 17, 20, 21)
CASES: Final = ("in_time", "waiting", "supplemented", "paying", "withdrawn", "settled", "returned")


def counts_until(day: int, engine: Engine | None = None) -> Any:
    """Return every count of case files when a day begins, by each set of rules."""
    return [
        count_cases(
            Slice(starts_at=at(7, 0), cut_off=at(day, 0), rules=rules),
            by=("unit", "procedure"),
            counts=list_counts(),
            engine=engine,
        )
        for rules in RULES
    ]


def figures_until(day: int) -> Any:
    """Return what every count, table of lateness and mark is when a day begins."""
    last = at(day).date() - timedelta(days=1)
    days: dict[str, Any] = {"first_day": at(7).date(), "last_day": last, "now": DAYS["now"]}
    whole: dict[str, Any] = {"unit": get_unit("H19", on=last), "include_subordinate": True}
    late = get_lateness(**whole, **days)
    spot = get_on_the_spot(**whole, **days)
    lines = [(line.party, line.minutes) for line in (*late.lines, *late.waits)]
    return (
        counts_until(day),
        late.cases,
        lines,
        [(row.cases, row.counts) for row in spot.procedures],
    )


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    doings=st.lists(
        st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.sampled_from(CASES)), max_size=4),
        min_size=len(DAYS_AFTER),
        max_size=len(DAYS_AFTER),
    )
)
def test_each_day_is_told_later_as_it_was_when_it_ended(
    quarter: Quarter, doings: list[list[tuple[str, str]]]
) -> None:
    mark = transaction.savepoint()
    known = {}
    for day, doing in zip(DAYS_AFTER, doings, strict=True):
        known[day] = figures_until(day)
        for hour, (act, name) in enumerate(doing, start=8):
            with suppress(*REFUSALS):
                ACTS[act](quarter, getattr(quarter, name), at(day, hour))

    told = {day: figures_until(day) for day in known}
    transaction.savepoint_rollback(mark)

    assert told == known


def test_other_engines_tell_of_an_old_period_what_was_told_when_it_ended(
    quarter: Quarter, tmp_path: Path
) -> None:
    names = ("ii-06a", "one-stop-table", "one-stop-evaluation", "on-time-rates")
    asked = ("--unit", "H19", "--with-subordinate")
    before = {name: report(name, *asked) for name in names}
    counted = figures_until(15)[0]
    for happens in (undo_endings, undo_the_return, take_back_the_asking, ask_of_before):
        happens(quarter)
    facts = tmp_path / "facts"
    facts.mkdir()
    call_command("export", "facts", parquet=facts, stdout=io.StringIO())

    elsewhere = ("--engine", "duckdb", "--facts", str(facts))

    assert {name: report(name, *asked, *elsewhere) for name in names} == before
    with open_engine("duckdb", folder=facts) as engine:
        assert counts_until(15, engine) == counted


def test_what_was_taken_back_before_this_was_kept_is_read_from_the_trail(quarter: Quarter) -> None:
    undo_endings(quarter)
    undo_the_return(quarter)
    kept = list(PastStanding.objects.order_by("known_until", "case__code").values())
    migration = importlib.import_module("motcua.cases.migrations.0029_past_standings_of_before")

    with connection.cursor() as cursor:
        cursor.execute(migration.OF_ENDINGS_AND_RETURNS)

    read = PastStanding.objects.filter(pk__gt=max(one["id"] for one in kept))
    told = list(read.order_by("known_until", "case__code").values())
    assert [{**one, "id": 0} for one in told] == [{**one, "id": 0} for one in kept]
    assert len(told) == 4

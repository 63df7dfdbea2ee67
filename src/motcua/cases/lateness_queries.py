"""Who lost the time of late cases: what their ledgers and tasks tell, shared out by the engine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from motcua.cases import recounting
from motcua.cases.models import Case, HandedCase, LedgerEntry, PastStanding, Recount
from motcua.engine import lateness
from motcua.engine.explain import Because
from motcua.engine.ledger import LedgerKind, LedgerLine, StoppedFor
from motcua.engine.limits import Limit, LimitRefused, Unit, parse_limit
from motcua.engine.moments import local
from motcua.engine.worktime import CalendarEnds
from motcua.lawbook import queries as lawbook
from motcua.workflow import queries as workflow

# task → when it went to a successor, and from which agency.
Handed = Mapping[int, Sequence[tuple[datetime, Any]]]


@dataclass(frozen=True, kw_only=True, slots=True)
class LostTime:
    """How the lateness of a case is shared; without shares, why nobody can tell."""

    case_id: int
    receiving_id: int
    shares: lateness.Shares | None
    refusal: Because | None = None


def is_late(case: Case, *, now: datetime) -> bool:
    """Say whether a case was finished after its due time, or is open beyond it with a running clock."""
    if case.finished_at is not None:
        return case.finished_at > case.due_at
    return case.clock_stopped_at is None and case.due_at < now


def share_lateness(case_ids: Iterable[int], *, now: datetime) -> dict[int, LostTime]:
    """Return who lost the time of cases until `now`, or their finish, by the id of the case.

    Six queries, however many cases there are. What happened after `now` is left out, and so is what
    was recorded or taken back after it.
    """
    ids = list(case_ids)
    ledgers: dict[int, list[LedgerEntry]] = defaultdict(list)
    for row in _lines_known(ids, now=now).order_by("number"):
        ledgers[row.case_id].append(row)
    found = {case.pk: case for case in _as_known(ids, now=now)}
    tasks: dict[int, list[Any]] = defaultdict(list)
    # Without a ledger nobody can tell, whatever the steps say: imported case files have none.
    told = [case.run_id for pk, case in found.items() if pk in ledgers]
    for task in workflow.list_tasks_of_runs(told):
        tasks[task.run_id].append(task)
    handed = _list_handed(found, now=now)
    return {
        pk: share_of(case, ledger=ledgers[pk], tasks=tasks[case.run_id], handed=handed, now=now)
        for pk, case in found.items()
    }


def share_of(
    case: Case,
    *,
    ledger: Iterable[LedgerEntry],
    tasks: Iterable[Any],
    handed: Handed | None = None,
    now: datetime,
) -> LostTime:
    """Return who lost the time of one case from its rows; `receiving_agency` and `run` are joined."""
    handed = _list_handed([case.pk], now=now) if handed is None else handed
    finished_at = case.finished_at
    until = min(finished_at, now) if finished_at is not None else now
    try:
        shares = lateness.share_lateness(
            ledger=(line_of(row) for row in ledger if row.starts_at <= until),
            steps=_spans(case, tasks, handed, until=until),
            due_at=local(case.due_at),
            finished_at=local(until),
            now=local(now),
            receiving_unit=lateness.PartyOfTime(
                kind=lateness.PartyKind.RECEIVING_UNIT,
                id=case.receiving_agency_id,
                name=case.receiving_agency.name,
            ),
            calendar=recounting.calendar_of(case),
            rules=recounting.rules_of(case),
            sharing=lawbook.get_sharing_rules(case.law_date),
        )
    except (lateness.CannotShareLateness, CalendarEnds) as refusal:
        return LostTime(
            case_id=case.pk,
            receiving_id=case.receiving_agency_id,
            shares=None,
            refusal=refusal.because,
        )
    return LostTime(case_id=case.pk, receiving_id=case.receiving_agency_id, shares=shares)


def line_of(row: LedgerEntry) -> LedgerLine:
    """Return a stored line of a ledger as the engine knows it."""
    return LedgerLine(
        local(row.starts_at),
        local(row.ends_at),
        LedgerKind(row.kind),
        row.amount,
        Unit(row.unit),
        Because(
            vi=row.because_vi,
            en=row.because_en,
            source=row.source,
            is_verified=row.is_verified,
        ),
        StoppedFor(row.stopped_for),
    )


def _spans(
    case: Case, tasks: Iterable[Any], handed: Handed, *, until: datetime
) -> list[lateness.StepSpan]:
    """Return the times at which a step was in somebody's hands; a timer is in nobody's.

    A step that went to a successor was in the hands of the dissolved agency until then: each answers
    for what it used.
    """
    net = workflow.get_version(case.run.version_id).net
    return [
        lateness.StepSpan(
            name=task.name,
            party_id=agency.pk,
            party_name=agency.name,
            opened_at=local(starts_at),
            completed_at=local(ends_at) if ends_at else None,
            limit=_limit_of(net.by_id[task.node].limit) if task.node in net.by_id else None,
        )
        for task in tasks
        if task.kind != "TIMER"
        for agency, starts_at, ends_at in _in_hands(task, handed.get(task.pk, ()))
        if starts_at <= until
    ]


def _in_hands(
    task: Any, moves: Iterable[tuple[datetime, Any]]
) -> Iterator[tuple[Any, datetime, datetime | None]]:
    """Yield the agencies at which a step was open, one after another, and from when to when."""
    starts_at = task.opened_at
    for moved_at, agency in moves:
        yield agency, starts_at, moved_at
        starts_at = moved_at
    yield task.agency, starts_at, task.completed_at


def _list_handed(case_ids: Iterable[int], *, now: datetime) -> Handed:
    """Return when steps of cases went to a successor, and from which agency. One query.

    A move that was taken back by then never was; of one that was taken back later the step came back.
    """
    handed: dict[int, list[tuple[datetime, Any]]] = defaultdict(list)
    stood = Q(dissolution__undone_at=None) | Q(dissolution__undone_at__gte=now)
    rows = HandedCase.objects.filter(stood, case__in=list(case_ids))
    joined = rows.select_related("dissolution__agency", "dissolution__heir")
    for row in joined.order_by("moved_at", "pk"):
        made = row.dissolution
        for step in row.steps:
            handed[step["task"]].append((row.moved_at, made.agency))
            if made.undone_at is not None:
                handed[step["task"]].append((made.undone_at, made.heir))
    return handed


def _lines_known(case_ids: list[int], *, now: datetime) -> QuerySet[LedgerEntry]:
    """Return the lines of the ledgers that held at a moment."""
    later = Recount.objects.filter(case=OuterRef("case"), recorded_at__gte=now)
    replaced = later.order_by("generation").annotate(held=F("generation") - 1).values("held")[:1]
    return LedgerEntry.objects.filter(
        case__in=case_ids, generation=Coalesce(Subquery(replaced), F("case__ledger_generation"))
    )


def _as_known(case_ids: list[int], *, now: datetime) -> Iterator[Case]:
    """Yield cases with the due time and the finish that were known at a moment. Three queries."""
    stood = {
        row.case_id: row
        for row in PastStanding.objects.filter(case__in=case_ids, known_until__gte=now).order_by(
            "-pk"
        )
    }
    later = Recount.objects.filter(case__in=case_ids, recorded_at__gte=now)
    due_before = {row.case_id: row.due_before for row in later.order_by("-generation")}
    for case in Case.objects.filter(pk__in=case_ids).select_related("receiving_agency", "run"):
        past = stood.get(case.pk)
        if past is not None:
            case.finished_at, case.due_at = past.finished_at, past.due_at
        if case.finished_at is None or case.finished_at >= now:
            case.due_at = due_before.get(case.pk, case.due_at)
        yield case


def _limit_of(text: str) -> Limit | None:
    """Return the limit drawn at a step; a text that is no limit binds nobody."""
    try:
        return parse_limit(text)
    except LimitRefused:
        return None

"""What can be asked about rehearsals: the past cases to play, how far one is, what it found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from django.db.models import F, QuerySet

from motcua.cases import risk_queries
from motcua.cases.models import Case, LedgerEntry, Rehearsal, RehearsedCase
from motcua.engine import migration
from motcua.engine.laterisk import History, PastStep, StepKey
from motcua.engine.moments import midnight
from motcua.engine.net import AGENCY_PREFIX, RECEIVING, SETTLING, TERRITORY, Net
from motcua.engine.rehearsal import PastCase, PastVisit
from motcua.engine.worktime import WorkCalendar
from motcua.lawbook import queries as lawbook
from motcua.people import queries as people
from motcua.workflow import queries as workflow

if TYPE_CHECKING:
    from motcua.people.models import Agency

_MINUTE = timedelta(minutes=1)
_LOCAL: Final = ("COMMUNE", "DISTRICT")
# What was given up on its way says nothing of how long it takes to settle.
_GIVEN_UP: Final = (
    Case.Status.REGISTERED,
    Case.Status.REFUSED,
    Case.Status.WITHDRAWN,
    Case.Status.STOPPED,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Replayed:
    """A case to play: its row, and the case as the engine wants it."""

    case_id: int
    past: PastCase
    was_late: bool


def cases_to_rehearse(
    workflow_id: int, agency: Agency, *, with_subordinate: bool, first_day: date, last_day: date
) -> QuerySet[Case]:
    """Return the cases that a period's rehearsal plays: received in it, carried by the workflow.

    What was refused, withdrawn or stopped is left out.
    """
    found = Case.objects.filter(
        run__version__workflow_id=workflow_id,
        received_at__gte=midnight(first_day),
        received_at__lt=midnight(last_day + timedelta(days=1)),
    ).exclude(status__in=_GIVEN_UP)
    if with_subordinate:
        return found.filter(settling_agency__path__startswith=agency.path)
    return found.filter(settling_agency=agency)


def read_past(cases: QuerySet[Case], *, before: Net, version_id: int, after: Net) -> list[Replayed]:
    """Return the cases as they were, in the order of their codes, in three queries and their charts.

    Time in which a clock stood still is in no duration. Visits are named after the steps of
    `before`, the chart of `version_id`, as a migration would match those of another version; units
    are those that `before` and `after` name.
    """
    rows = list(
        cases.order_by("code").values_list(
            "pk",
            "code",
            "received_at",
            "due_at",
            "finished_at",
            "receiving_agency__code",
            "receiving_agency__level",
            "settling_agency__code",
            "settling_agency__level",
            "run_id",
            "run__version_id",
            "run__facts",
        )
    )
    pauses = _pauses(cases)
    tasks = _tasks(cases)
    names = {version: _names_in(before, version) for version in {row[10] for row in rows}}
    names[version_id] = {}
    fixed = tuple(
        sorted(
            {
                node.unit
                for net in (before, after)
                for node in net.nodes
                if node.unit.startswith(AGENCY_PREFIX)
            }
        )
    )
    return [
        _replayed(row, pauses.get(row[0], ()), tasks.get(row[9], ()), names[row[10]], fixed)
        for row in rows
    ]


def _pauses(cases: QuerySet[Case]) -> dict[int, list[tuple[datetime, datetime]]]:
    found: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    lines = LedgerEntry.objects.filter(
        case__in=cases.values("pk"), kind="PAUSED", generation=F("case__ledger_generation")
    )
    for case_id, starts_at, ends_at in lines.values_list("case_id", "starts_at", "ends_at"):
        if ends_at > starts_at:
            found[case_id].append((starts_at, ends_at))
    return found


def _tasks(cases: QuerySet[Case]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    done = workflow.done_tasks(cases.values("run_id")).order_by("opened_at", "id")
    rows = done.values_list("run_id", "node", "opened_at", "completed_at", "outcome")
    for run_id, *task in rows.iterator(chunk_size=5000):
        found[run_id].append(task)
    return found


def _names_in(before: Net, version_id: int) -> dict[str, str]:
    matches = migration.propose(workflow.get_version(version_id).net, before)
    return {match.old: match.new for match in matches if match.new and match.new != match.old}


def _replayed(
    row: Any,
    pauses: Iterable[tuple[datetime, datetime]],
    tasks: Any,
    names: Mapping[str, str],
    fixed: tuple[str, ...],
) -> Replayed:
    case_id, code, received_at, due_at, finished_at = row[:5]
    calendar = _calendar_at(row[5])
    return Replayed(
        case_id=case_id,
        past=PastCase(
            code=code,
            allowed_minutes=_minutes(calendar, received_at, due_at, pauses),
            visits=tuple(
                PastVisit(
                    node=names.get(node, node),
                    minutes=_minutes(calendar, opened_at, done_at, pauses),
                    outcome=outcome,
                )
                for node, opened_at, done_at, outcome in tasks
            ),
            units=_units(row[5:7], row[7:9], fixed),
            facts=row[11],
            needed_minutes=_minutes(calendar, received_at, finished_at, pauses)
            if finished_at
            else None,
        ),
        was_late=finished_at is not None and finished_at > due_at,
    )


def _minutes(
    calendar: WorkCalendar,
    start: datetime,
    end: datetime,
    pauses: Iterable[tuple[datetime, datetime]],
) -> int:
    taken = calendar.measure(start, end)
    for stopped_at, went_on_at in pauses:
        first, last = max(start, stopped_at), min(end, went_on_at)
        if first < last:
            taken -= calendar.measure(first, last)
    return max(0, taken // _MINUTE)


@lru_cache(maxsize=4_000)
def _units(
    receiving: tuple[str, str], settling: tuple[str, str], fixed: tuple[str, ...]
) -> Mapping[str, str]:
    """Return which agency a unit of a chart is in a case: its code, for each agency that may be named.

    Agencies come with their levels; by territory is the local one of both, as when a run goes on.
    """
    local = (code for code, level in (receiving, settling) if level in _LOCAL)
    by_case = {
        "": receiving[0],
        RECEIVING: receiving[0],
        SETTLING: settling[0],
        TERRITORY: next(local, settling[0]),
    }
    return by_case | {unit: unit.removeprefix(AGENCY_PREFIX) for unit in fixed}


def _calendar_at(receiving: str) -> WorkCalendar:
    return lawbook.get_calendar(office_hours_key=lawbook.office_hours_key_of(receiving))


def history_for(workflow_key: str, *, before: datetime) -> History:
    """Return what past steps teach, those of the workflow under the ids of their steps."""
    prefix = f"{workflow_key}:"
    rules = lawbook.get_risk_rules(people.day_of(before))
    return History.compile(
        (
            PastStep(
                StepKey(step.key.step.removeprefix(prefix), step.key.unit, step.key.role),
                step.minutes,
            )
            for step in risk_queries.past_steps(before=before)
        ),
        enough=rules.enough_history,
    )


def minutes_of_day(on: date) -> int:
    """Return the working minutes of the first working day from a day on."""
    calendar = lawbook.get_calendar()
    while not calendar.is_working_day(on):
        on += timedelta(days=1)
    return int(calendar.measure(midnight(on), midnight(on + timedelta(days=1))) // _MINUTE)


def list_unfinished() -> list[int]:
    """Return the rehearsals that wait or were broken off, the oldest first."""
    return list(
        Rehearsal.objects.filter(finished_at=None).order_by("pk").values_list("pk", flat=True)
    )


def find_rehearsal(draft_id: int, rehearsal_id: int) -> Rehearsal | None:
    """Return a rehearsal of a draft with its unit and who asked for it, or None."""
    return _with_names().filter(draft_id=draft_id, pk=rehearsal_id).first()


def list_rehearsals(draft_id: int) -> QuerySet[Rehearsal]:
    """Return the rehearsals of a draft, the newest first."""
    return _with_names().filter(draft_id=draft_id).order_by("-pk")


def _with_names() -> QuerySet[Rehearsal]:
    return Rehearsal.objects.select_related("agency", "asked_by", "before", "draft__workflow")


# Which cases are behind a figure, by the name in the address of the list.
_BEHIND: Final[dict[str, dict[str, Any]]] = {
    "all": {},
    "unfinished": {"actual_minutes": None},
    "late_actual": {"was_late": True},
    "late_before": {"is_late_before": True},
    "late_after": {"is_late_after": True},
    "newly_late": {"is_late_before": False, "is_late_after": True},
    "no_longer_late": {"is_late_before": True, "is_late_after": False},
}


def list_behind(
    rehearsal: Rehearsal, figure: str, places: list[int] | None = None
) -> QuerySet[RehearsedCase] | None:
    """Return the cases behind a figure, the most over their time first; None for no such figure.

    `places` narrows the figures "before" and "after" to cases that pass one of these places.
    """
    rows = rehearsal.cases.select_related("case")
    if figure in _BEHIND:
        rows = rows.filter(**_BEHIND[figure])
    elif figure in ("stopped_before", "stopped_after"):
        rows = rows.exclude(**{figure: ""})
    elif figure in ("before", "after"):
        rows = rows.filter(**{f"places_{figure}__overlap": places or []})
    else:
        return None
    return rows.order_by(F("allowed_minutes") - F("after_minutes"), "case__code")


def name_agencies(codes: Iterable[str], *, on: date) -> dict[str, str]:
    """Return the names of agencies by their codes; a code that no agency has names itself."""
    known = dict(people.list_agencies(on=on).values_list("code", "name"))
    return {code: known.get(code, code) for code in codes}

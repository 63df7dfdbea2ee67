"""What can be asked about moving running cases: what a mapping would do to each, and what was done."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Count, QuerySet

from motcua.cases.models import Case, MigratedCase, Migration
from motcua.engine import migration as engine
from motcua.engine import tokens
from motcua.engine.migration import Match, Placement, StepMatch
from motcua.people import queries as people
from motcua.workflow import queries as workflow


@dataclass(frozen=True, kw_only=True, slots=True)
class TriedCase:
    """A running case, where it stands, and where it would stand or why it cannot move."""

    case_id: int
    code: str
    steps: tuple[str, ...]
    placement: Placement


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """A dry run: nothing is written. `digest` says which mapping between which versions was tried."""

    matches: tuple[StepMatch, ...]
    standing: Mapping[str, int]
    cases: tuple[TriedCase, ...]
    digest: str

    @property
    def missing(self) -> tuple[StepMatch, ...]:
        """The steps at which cases stand and for which nothing was chosen yet."""
        return tuple(
            match
            for match in self.matches
            if match.how is Match.NONE and self.standing.get(match.old)
        )

    @property
    def movable(self) -> int:
        """How many cases would move."""
        return sum(case.placement.can_move for case in self.cases)

    @property
    def mapping(self) -> dict[str, str]:
        """The counterpart of every step, empty where cases stay behind."""
        return {match.old: match.new for match in self.matches}


def scope_of_migrator(person: people.Person, workflow: Any, *, now: datetime) -> people.Scope:
    """Return whose cases of a workflow a person may move.

    Who controls procedures at the owner of the workflow may move all of them, who does so elsewhere
    those that their own agencies settle.
    """
    scope = people.scope_of(person, "workflow.migrate", now=now)
    owner = workflow.owner
    if owner is None or not scope.covers(agency_id=owner.pk, agency_path=owner.path):
        return scope
    return replace(scope, everything=True)


def may_migrate(person: people.Person, version_id: int, workflow: Any, *, now: datetime) -> bool:
    """Say whether a person may move cases of a version, or has some there that were moved."""
    scope = scope_of_migrator(person, workflow, now=now)
    return scope.everything or has_cases_of(version_id, scope)


def has_cases_of(version_id: int, scope: people.Scope) -> bool:
    """Say whether cases that agencies of the scope settle run on a version, or were moved off it."""
    if scope.is_empty:
        return False
    moved = MigratedCase.objects.filter(
        migration__from_version_id=version_id,
        case__settling_agency__in=people.agencies_in_scope(scope),
    )
    return running_cases(version_id, scope).exists() or moved.exists()


def is_all_of(migration: Migration, scope: people.Scope) -> bool:
    """Say whether every case of a migration is settled by agencies of the scope."""
    if scope.everything or scope.is_empty:
        return scope.everything
    agencies = people.agencies_in_scope(scope)
    return not migration.cases.exclude(case__settling_agency__in=agencies).exists()


def running_cases(version_id: int, scope: people.Scope | None = None) -> QuerySet[Case]:
    """Return the cases that run on a version, or of them those that agencies of a scope settle."""
    cases = Case.objects.filter(run__version_id=version_id, run__finished_at=None)
    if scope is None or scope.everything:
        return cases
    return cases.filter(settling_agency__in=people.agencies_in_scope(scope))


def try_migration(
    *, from_id: int, to_id: int, chosen: Mapping[str, str], scope: people.Scope | None = None
) -> Trial:
    """Return what a migration would do to each running case (of a scope). One query; LookupError.

    Cases that stand alike are placed once.
    """
    old, new = workflow.get_version(from_id).net, workflow.get_version(to_id).net
    proposed = {match.old: match.new for match in engine.propose(old, new)}
    # What was chosen as it was proposed keeps the reason of the proposal.
    corrections = {
        step: place for step, place in chosen.items() if not place or proposed.get(step) != place
    }
    matches = engine.propose(old, new, corrections)
    placed: dict[str, Placement] = {}
    standing: Counter[str] = Counter()
    tried = []
    rows = running_cases(from_id, scope).order_by("code")
    for case_id, code, waiting, opened, facts in rows.values_list(
        "pk", "code", "run__waiting", "run__open_nodes", "run__facts"
    ):
        key = json.dumps([waiting, opened, facts], sort_keys=True)
        if key not in placed:
            marking = tokens.Marking(waiting=tuple(waiting), open=tuple(opened))
            placed[key] = engine.place(old, new, marking, matches, variables=facts)
        standing.update(opened)
        steps = tuple(old.by_id[node].label for node in opened if node in old.by_id)
        tried.append(TriedCase(case_id=case_id, code=code, steps=steps, placement=placed[key]))
    return Trial(
        matches=matches,
        standing=standing,
        cases=tuple(tried),
        digest=digest_of(from_id=from_id, to_id=to_id, matches=matches),
    )


def digest_of(*, from_id: int, to_id: int, matches: tuple[StepMatch, ...]) -> str:
    """Return what names a mapping between two versions, with its holes, however it was found."""
    told = [from_id, to_id, [[match.old, match.new, match.how is Match.NONE] for match in matches]]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def find_migration(migration_id: int) -> Migration | None:
    """Return a migration with its versions and people, or None."""
    return _with_names().filter(pk=migration_id).first()


def list_migrations(version_id: int, scope: people.Scope) -> QuerySet[Migration]:
    """Return the migrations away from a version that a scope covers wholly, the newest first."""
    made = _with_names().filter(from_version_id=version_id).order_by("-pk")
    if scope.everything:
        return made
    inside = people.agencies_in_scope(scope)
    others = MigratedCase.objects.exclude(case__settling_agency__in=inside)
    return made.exclude(pk__in=others.values("migration_id"))


def _with_names() -> QuerySet[Migration]:
    return Migration.objects.select_related(
        "from_version__workflow__owner", "to_version", "started_by", "undo_started_by"
    )


def count_states(migration: Migration) -> dict[str, int]:
    """Return how many cases of a migration are in each state."""
    rows = migration.cases.order_by().values_list("state").annotate(Count("pk"))
    return {str(state): 0 for state in MigratedCase.State} | dict(rows)


def list_states() -> list[tuple[str, Any]]:
    """Return the states of a migrated case, each with its name."""
    return list(MigratedCase.State.choices)


def list_results(migration: Migration, *, state: str = "") -> QuerySet[MigratedCase]:
    """Return what was done to each case, in the order of their codes."""
    rows = migration.cases.select_related("case")
    return (rows.filter(state=state) if state else rows).order_by("case__code")


def list_unfinished() -> list[tuple[int, bool]]:
    """Return the migrations that go on, and whether it is their undoing that does."""
    moving = Migration.objects.filter(finished_at=None).values_list("pk", flat=True)
    undoing = Migration.objects.filter(
        undo_started_at__isnull=False, undo_finished_at=None
    ).values_list("pk", flat=True)
    return [*((pk, False) for pk in moving), *((pk, True) for pk in undoing)]


def find_target(version: Any, *, on: date) -> Any | None:
    """Return the version in force that cases of an older one may move to, or None."""
    found = workflow.find_version_in_force(workflow_key=version.workflow.key, on=on)
    return found if found is not None and found.number > version.number else None

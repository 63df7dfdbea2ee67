"""The figures of a rehearsal, as they are stored: before and after, with the cases behind each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from motcua.cases.models import RehearsedCase
from motcua.cases.rehearsal_queries import Replayed
from motcua.engine.rehearsal import Course, Load, Rehearsal, TakenFrom

_SOURCES = {source: number for number, source in enumerate(TakenFrom)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Played:
    """Two rehearsals of the same cases, in the same order as the cases."""

    cases: Sequence[Replayed]
    before: Rehearsal
    after: Rehearsal

    def places(self) -> dict[tuple[str, str], int]:
        """Return the number of each step at each unit, those that hold cases longest first."""
        both = (*self.after.by_step(), *self.before.by_step())
        keys = dict.fromkeys((load.unit, load.name) for load in both)
        return {key: number for number, key in enumerate(keys)}

    def rows(self, rehearsal_id: int) -> list[RehearsedCase]:
        """Return the rows of the cases, not saved."""
        places = self.places()
        return [
            _row(rehearsal_id, case, before, after, places)
            for case, before, after in zip(
                self.cases, self.before.courses, self.after.courses, strict=True
            )
        ]

    def figures(self) -> dict[str, Any]:
        """Return all figures as plain values that fit a JSON column."""
        pairs = list(zip(self.before.courses, self.after.courses, strict=True))
        return {
            "all": len(self.cases),
            "unfinished": sum(case.past.needed_minutes is None for case in self.cases),
            "late_actual": sum(case.was_late for case in self.cases),
            "late_before": len(self.before.late),
            "late_after": len(self.after.late),
            "newly_late": sum(after.is_late and not before.is_late for before, after in pairs),
            "no_longer_late": sum(before.is_late and not after.is_late for before, after in pairs),
            "stopped_before": len(self.before.stopped),
            "stopped_after": len(self.after.stopped),
            "minutes": [
                sum(before.needed_minutes for before, _after in pairs),
                sum(after.needed_minutes for _before, after in pairs),
            ],
            "places": [list(key) for key in self.places()],
            "units": _side_by_side(self.before.by_unit(), self.after.by_unit()),
            "steps": _side_by_side(self.before.by_step(), self.after.by_step()),
            "sources": [_sources(self.before), _sources(self.after)],
            "assumed": [_assumed(self.before.courses), _assumed(self.after.courses)],
        }


def _row(
    rehearsal_id: int,
    case: Replayed,
    before: Course,
    after: Course,
    places: dict[tuple[str, str], int],
) -> RehearsedCase:
    stays = {
        name: [
            [places[stay.unit, stay.name], stay.minutes, _SOURCES[stay.taken_from]]
            for stay in course.stays
        ]
        for name, course in (("before", before), ("after", after))
    }
    return RehearsedCase(
        rehearsal_id=rehearsal_id,
        case_id=case.case_id,
        allowed_minutes=case.past.allowed_minutes,
        actual_minutes=case.past.needed_minutes,
        before_minutes=before.needed_minutes,
        after_minutes=after.needed_minutes,
        was_late=case.was_late,
        is_late_before=before.is_late,
        is_late_after=after.is_late,
        stopped_before=before.stopped.vi if before.stopped else "",
        stopped_after=after.stopped.vi if after.stopped else "",
        places_before=sorted({stay[0] for stay in stays["before"]}),
        places_after=sorted({stay[0] for stay in stays["after"]}),
        stays=stays,
    )


def _side_by_side(before: Iterable[Load], after: Iterable[Load]) -> list[dict[str, Any]]:
    """Return cases and minutes of each unit, or step at a unit, before and after."""
    was = {(load.unit, load.name): load for load in before}
    will = {(load.unit, load.name): load for load in after}
    lines = []
    for key in {**will, **was}:
        old, new = was.get(key), will.get(key)
        lines.append(
            {
                "unit": key[0],
                "name": key[1],
                "cases": [old.cases if old else 0, new.cases if new else 0],
                "minutes": [old.minutes if old else 0, new.minutes if new else 0],
            }
        )
    return sorted(lines, key=lambda line: (-max(line["minutes"]), line["unit"], line["name"]))


def _sources(rehearsal: Rehearsal) -> dict[str, int]:
    return {str(source): rehearsal.minutes_from(source) for source in TakenFrom}


def _assumed(courses: Iterable[Course]) -> list[list[Any]]:
    """Return how often a step took another time than its own: its name, from where, how often."""
    counted = Counter(
        (stay.name, str(stay.taken_from))
        for course in courses
        for stay in course.stays
        if stay.taken_from is not TakenFrom.THE_CASE
    )
    return [[*key, times] for key, times in counted.most_common()]

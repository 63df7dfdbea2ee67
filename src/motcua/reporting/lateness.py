"""Lateness of a unit in a period: who lost how much time, and the case files behind each figure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from motcua.cases import lateness_queries
from motcua.engine.explain import Because
from motcua.engine.indicators import Words
from motcua.engine.lateness import PartyKind, Share
from motcua.people import queries as people
from motcua.reporting import facts
from motcua.reporting.queries import slice_of
from motcua.reporting.unit_and_period import (
    CannotReport,
    Period,
    Unit,
    get_period,
    require_existence,
)


class CannotReportPart(CannotReport):
    """The table of lateness has no such row."""


class Cause(StrEnum):
    """What a late case file stands under: the keys of law/forms/ii_07a.yaml, whatever can be told."""

    REGULATION = "REGULATION"
    OFFICERS = "OFFICERS"
    COORDINATION = "COORDINATION"
    UNTOLD = "UNTOLD"


@dataclass(frozen=True, kw_only=True, slots=True)
class PartyAtStep:
    """Who held case files, and at which step; a citizen's waiting has neither agency nor step."""

    kind: PartyKind
    agency_id: int | None
    name: str
    step: str

    @property
    def key(self) -> str:
        """The name of the row in addresses."""
        return f"{self.kind}:{self.agency_id or ''}:{self.step}"

    @property
    def may_be_late(self) -> bool:
        """Whether what this party held is anybody's lateness."""
        return self.kind in (PartyKind.AGENCY, PartyKind.RECEIVING_UNIT)


@dataclass(frozen=True, kw_only=True, slots=True)
class LateCase:
    """A late case file: its times, how late it is, and what is said of one party in it."""

    case_id: int
    code: str
    unit_name: str
    received_at: datetime
    due_at: datetime
    finished_at: datetime | None
    minutes: int
    field_id: int
    cause: Cause
    refusal: Because | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PartLine:
    """What a party lost at a step: in how many case files, how many minutes, each of them."""

    party: PartyAtStep
    minutes: int
    cases: tuple[LateCase, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Lateness:
    """The late case files of a unit and period, and their lateness by party and step.

    The minutes of `lines` sum to those of `cases`. `waits` are shown and are nobody's lateness.
    """

    unit: Unit
    include_subordinate: bool
    period: Period
    cases: tuple[LateCase, ...]
    lines: tuple[PartLine, ...]
    waits: tuple[PartLine, ...]

    @property
    def minutes(self) -> int:
        """By how much working time all these case files are late."""
        return sum(case.minutes for case in self.cases)

    @property
    def finished_late(self) -> tuple[LateCase, ...]:
        """The case files that were finished late in the period."""
        return tuple(case for case in self.cases if case.finished_at is not None)

    @property
    def open_overdue(self) -> tuple[LateCase, ...]:
        """The case files that were open and overdue at the cut-off."""
        return tuple(case for case in self.cases if case.finished_at is None)

    @property
    def untold(self) -> tuple[LateCase, ...]:
        """The case files of which nobody can say who lost the time."""
        return tuple(case for case in self.cases if case.refusal)


def get_lateness(
    *,
    unit: Unit,
    first_day: date,
    last_day: date,
    now: datetime,
    include_subordinate: bool = False,
) -> Lateness:
    """Return who lost the time of the unit's late case files; raise CannotReport.

    The case files are those that the one-stop table counts as finished late or as open and overdue.
    """
    period = get_period(first_day=first_day, last_day=last_day, now=now)
    require_existence(unit, period)
    rows = _late_rows(unit, period, include_subordinate=include_subordinate)
    lost = lateness_queries.share_lateness((row["case_id"] for row in rows), now=period.cut_off)
    cases = tuple(_late_case(row, lost[row["case_id"]], period) for row in rows)
    lines, waits = _by_party(cases, lost)
    return Lateness(
        unit=unit,
        include_subordinate=include_subordinate,
        period=period,
        cases=cases,
        lines=lines,
        waits=waits,
    )


def narrowed(found: Lateness) -> dict[str, Any]:
    """Return of which unit and days the case files are, as the log of exports keeps it."""
    return {
        "unit": found.unit.code,
        "with_subordinate": found.include_subordinate,
        "first_day": f"{found.period.first_day:%Y-%m-%d}",
        "last_day": f"{found.period.last_day:%Y-%m-%d}",
    }


@dataclass(frozen=True, kw_only=True, slots=True)
class ChosenCases:
    """The case files behind one figure, and of which party; None: of all."""

    part: str
    line: PartLine | None
    cases: tuple[LateCase, ...]
    cause: Words | None = None
    field_name: str = ""


def choose_cases(found: Lateness, part: str) -> ChosenCases:
    """Return the case files behind a figure: all, done, open, or a line's; raise CannotReportPart."""
    groups = {
        "": found.cases,
        "done": found.finished_late,
        "open": found.open_overdue,
        "untold": found.untold,
    }
    if part in groups:
        return ChosenCases(part=part, line=None, cases=groups[part])
    for line in (*found.lines, *found.waits):
        if line.party.key == part:
            return ChosenCases(part=part, line=line, cases=line.cases)
    raise CannotReportPart(
        _("Trong kỳ này không có phần nào mang tên “%(key)s”. Hãy mở danh sách từ bảng.")
        % {"key": part}
    )


_LATE = ("done_late", "open_overdue")


def _late_rows(unit: Unit, period: Period, *, include_subordinate: bool) -> list[dict[str, Any]]:
    """Return the case files that every form counts as settled late or as open and overdue."""
    wanted = slice_of(unit, period, include_subordinate=include_subordinate)
    rows = facts.list_rows(wanted, counts=_LATE, limit=None)
    ids = frozenset(row["unit_id"] for row in rows)
    settling = people.Scope(everything=False, agency_ids=ids, subtrees=())
    names = dict(people.agencies_in_scope(settling).values_list("pk", "name"))
    return [{**row, "unit_name": names[row["unit_id"]]} for row in rows]


def _late_case(row: dict[str, Any], lost: lateness_queries.LostTime, period: Period) -> LateCase:
    return LateCase(
        case_id=row["case_id"],
        code=row["case_code"],
        unit_name=row["unit_name"],
        received_at=row["received_at"],
        due_at=row["due_at"],
        finished_at=facts.finished_by(row, period.cut_off),
        minutes=lost.shares.total_minutes if lost.shares else 0,
        field_id=row["field_id"],
        cause=cause_of(lost, settling_id=row["unit_id"]),
        refusal=lost.refusal,
    )


def cause_of(lost: lateness_queries.LostTime, *, settling_id: int) -> Cause:
    """Return who held the largest part of a lateness; of equal parts the settling agency's is taken."""
    own = {settling_id, lost.receiving_id}
    held = dict.fromkeys((Cause.OFFICERS, Cause.COORDINATION), 0)
    for share in lost.shares.parts if lost.shares else ():
        held[Cause.OFFICERS if share.party.id in own else Cause.COORDINATION] += share.minutes
    if not any(held.values()):
        return Cause.UNTOLD
    return max(held, key=lambda cause: held[cause])


def _by_party(
    cases: Iterable[LateCase], lost: dict[int, lateness_queries.LostTime]
) -> tuple[tuple[PartLine, ...], tuple[PartLine, ...]]:
    """Return the lines of those who lost time, and of the waiting that is nobody's lateness."""
    held: dict[PartyAtStep, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    by_id = {case.case_id: case for case in cases}
    for case_id, case_lost in lost.items():
        for share in case_lost.shares.parts if case_lost.shares else ():
            party = _party(share)
            minutes = share.minutes if party.may_be_late else share.used_minutes
            if minutes:
                held[party][case_id] += minutes
    lines = [_line(party, found, by_id) for party, found in held.items()]
    lines.sort(key=lambda line: (-line.minutes, line.party.name, line.party.step))
    return (
        tuple(line for line in lines if line.party.may_be_late),
        tuple(line for line in lines if not line.party.may_be_late),
    )


def _party(share: Share) -> PartyAtStep:
    return PartyAtStep(
        kind=share.party.kind, agency_id=share.party.id, name=share.party.name, step=share.step
    )


def _line(party: PartyAtStep, found: dict[int, int], by_id: dict[int, LateCase]) -> PartLine:
    cases = tuple(
        replace(case, minutes=found[pk], refusal=None) for pk, case in by_id.items() if pk in found
    )
    return PartLine(party=party, minutes=sum(found.values()), cases=cases)

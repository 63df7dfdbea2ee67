"""Overload of a unit in a period: what came, went and waits, until when, and who can help today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from motcua.cases import assigning_queries, load_queries
from motcua.cases.load_queries import PARTS, Span, Work, WorkOfPerson
from motcua.engine.load import Candidate
from motcua.engine.overload import Flow, Outlook, look_ahead
from motcua.engine.worktime import CalendarEnds
from motcua.lawbook import queries as lawbook
from motcua.people import queries as people
from motcua.reporting.unit_and_period import (
    CannotReport,
    CannotReportPeriod,
    Period,
    Unit,
    get_period,
    require_existence,
)


class CannotReportTasks(CannotReport):
    """No figure of the page has this name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitLine:
    """The work of an agency, at what pace it goes, and how many people of it are there today."""

    agency_id: int
    agency: str
    work: Work
    outlook: Outlook
    present: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RoleLine:
    """What waits for a role at an agency, and who may do it and is there today, least loaded first."""

    agency_id: int
    agency: str
    role: str
    work: Work
    outlook: Outlook
    helpers: tuple[Candidate, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonLine:
    """What somebody holds and did, and until when they need for what they hold."""

    person: WorkOfPerson
    outlook: Outlook


@dataclass(frozen=True, kw_only=True, slots=True)
class Overload:
    """The work of a unit in a period, by agency, by role and, for who assigns it, by person.

    The figures of `units` sum to those of `total`, and so do those of `roles`.
    """

    unit: Unit
    include_subordinate: bool
    period: Period
    working_days: int
    total: UnitLine
    units: tuple[UnitLine, ...]
    roles: tuple[RoleLine, ...]
    people: tuple[PersonLine, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class TasksBehind:
    """Which tasks a figure counts."""

    part: str
    agency_id: int | None
    role: str
    person_id: int | None
    rows: QuerySet[Any]


def get_overload(
    *,
    unit: Unit,
    first_day: date,
    last_day: date,
    now: datetime,
    include_subordinate: bool = False,
    names_people: bool = False,
) -> Overload:
    """Return the work of a unit in a period; raise CannotReport.

    With `names_people` it says also what each person holds and did: only for who may assign it.
    """
    period = get_period(first_day=first_day, last_day=last_day, now=now)
    require_existence(unit, period)
    looking = _Looking(period)
    span, agencies = _span(period), _agencies(unit, include_subordinate=include_subordinate)
    found = load_queries.count_work_of_roles(agencies, span)
    helpers = assigning_queries.list_candidates(
        (assigning_queries.Place(agency_id=one.agency_id, role=one.role) for one in found), now=now
    )
    roles = tuple(
        RoleLine(
            agency_id=one.agency_id,
            agency=one.agency,
            role=one.role,
            work=one.work,
            outlook=looking.ahead(one.work),
            helpers=_least_loaded(
                helpers[assigning_queries.Place(agency_id=one.agency_id, role=one.role)]
            ),
        )
        for one in found
    )
    held = load_queries.count_work_of_people(agencies, span) if names_people else ()
    return Overload(
        unit=unit,
        include_subordinate=include_subordinate,
        period=period,
        working_days=looking.working_days,
        total=looking.line(unit.id, unit.name, roles),
        units=tuple(
            looking.line(agency_id, name, [role for role in roles if role.agency_id == agency_id])
            for agency_id, name in dict.fromkeys((role.agency_id, role.agency) for role in roles)
        ),
        roles=roles,
        people=tuple(PersonLine(person=one, outlook=looking.ahead(one.work)) for one in held),
    )


def list_tasks_behind(
    *,
    unit: Unit,
    first_day: date,
    last_day: date,
    now: datetime,
    part: str,
    include_subordinate: bool = False,
    agency_id: int | None = None,
    role: str = "",
    person_id: int | None = None,
) -> tuple[Period, TasksBehind]:
    """Return the tasks behind a figure of get_overload, as many as it says; raise CannotReport."""
    if part not in PARTS:
        raise CannotReportTasks(
            _("Trang quá tải không có con số nào mang tên “%(key)s”. Hãy mở danh sách từ bảng.")
            % {"key": part}
        )
    period = get_period(first_day=first_day, last_day=last_day, now=now)
    require_existence(unit, period)
    rows = load_queries.list_tasks(
        _agencies(unit, include_subordinate=include_subordinate),
        _span(period),
        part=part,
        agency_id=agency_id,
        role=role,
        person_id=person_id,
    )
    return period, TasksBehind(
        part=part, agency_id=agency_id, role=role, person_id=person_id, rows=rows
    )


class _Looking:
    """Looks ahead from the end of a period with the rules and the calendar of that day."""

    def __init__(self, period: Period) -> None:
        self.day = people.day_of(period.cut_off) if period.is_provisional else period.last_day
        self.calendar = lawbook.get_calendar()
        try:
            self.rules = lawbook.get_overload_rules(self.day)
            # Today counts as a day: what was done on it counts as well.
            days = self.calendar.working_days_between(period.first_day, self.day)
            self.working_days = days + self.calendar.is_working_day(period.first_day)
        except (CalendarEnds, LookupError) as error:
            raise CannotReportPeriod(
                _(
                    "Chưa có lịch làm việc cho kỳ %(first)s–%(last)s nên không tính được nhịp làm việc. "
                    "Hãy chọn kỳ từ ngày %(known)s."
                )
                % {
                    "first": f"{period.first_day:%d/%m/%Y}",
                    "last": f"{period.last_day:%d/%m/%Y}",
                    "known": f"{self.calendar.first_day:%d/%m/%Y}",
                }
            ) from error

    def ahead(self, work: Work) -> Outlook:
        """Return what becomes of open work at the pace of the period."""
        flow = Flow(
            open_count=work.open,
            arrived=work.arrived,
            done=work.done,
            working_days=self.working_days,
        )
        return look_ahead(flow, on=self.day, calendar=self.calendar, rules=self.rules)

    def line(self, agency_id: int, name: str, roles: Iterable[RoleLine]) -> UnitLine:
        """Return the sum of some roles; whoever has two of them is there once."""
        lines = tuple(roles)
        work = Work(**{part: sum(getattr(one.work, part) for one in lines) for part in PARTS})
        present = {helper.id for one in lines for helper in one.helpers}
        return UnitLine(
            agency_id=agency_id,
            agency=name,
            work=work,
            outlook=self.ahead(work),
            present=len(present),
        )


def _span(period: Period) -> Span:
    return Span(starts_at=period.starts_at, ends_at=period.cut_off)


def _agencies(unit: Unit, *, include_subordinate: bool) -> QuerySet[Any]:
    scope = people.Scope(
        everything=False,
        agency_ids=frozenset({unit.id}),
        subtrees=(unit.path,) if include_subordinate else (),
    )
    return people.agencies_in_scope(scope).values("pk")


def _least_loaded(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    return tuple(sorted(candidates, key=lambda one: (one.open_count, one.name, one.id)))

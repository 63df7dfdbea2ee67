"""What the pages of overload show: figures with their addresses, words that say why, bars, tasks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page
from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.cases.load_queries import Work
from motcua.engine.overload import Outlook, Pressure
from motcua.look import formats
from motcua.people import queries as people
from motcua.reporting import pages, wording
from motcua.reporting.overload import Overload, RoleLine, TasksBehind, UnitLine
from motcua.reporting.unit_and_period import Period, Unit

BARS = 12
HELPERS = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """A figure in words, and the address of the tasks behind it."""

    words: str
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LinePrinted:
    """A line of a table: of whom, its figures, its pace, until when, and what that means."""

    name: str
    sub: str
    open: Figure
    unheld: Figure
    overdue: Figure
    arrived: Figure
    done: Figure
    arrival_rate: str
    completion_rate: str
    days_of_work: str
    done_on: str
    present: str
    each: str
    tone: str
    pressure: str
    because: str
    helpers: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class OverloadPage:
    """The whole page of overload."""

    unit: str
    unit_code: str
    include_subordinate: bool
    period: str
    cut_off: str
    working_days: str
    total: LinePrinted
    units: tuple[LinePrinted, ...]
    roles: tuple[LinePrinted, ...]
    people: tuple[LinePrinted, ...]
    names_people: bool
    chart: dict[str, Any]
    rule_source: str
    rule_is_verified: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskPrinted:
    """A task in the list; its address is empty where the reader may not open the case."""

    number: int
    code: str
    url: str
    step: str
    agency: str
    who: str
    opened_at: datetime
    due_at: datetime | None
    completed_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class TasksPage:
    """The list behind a figure."""

    title: str
    count: int
    unit: str
    period: str
    cut_off: str
    include_subordinate: bool
    names_people: bool
    lines: tuple[TaskPrinted, ...]
    table_url: str


def overload_page(found: Overload, *, names_people: bool, language: str) -> OverloadPage:
    """Return the page, every figure with the address of its tasks."""
    address = _Address(found.unit, found.period, include_subordinate=found.include_subordinate)
    units = tuple(
        _unit_line(line, address, language, agency=str(line.agency_id)) for line in found.units
    )
    return OverloadPage(
        unit=found.unit.label(language),
        unit_code=found.unit.code,
        include_subordinate=found.include_subordinate,
        period=wording.write_period(found.period, language),
        cut_off=wording.write_cut_off(found.period),
        working_days=formats.write_number(found.working_days),
        total=replace(_unit_line(found.total, address, language), name=_("TỔNG CỘNG")),
        units=units,
        roles=tuple(
            _role_line(line, address, language, names_people=names_people) for line in found.roles
        ),
        people=tuple(
            _line(
                line.person.name,
                line.person.work,
                line.outlook,
                address=address,
                language=language,
                person=str(line.person.person_id),
            )
            for line in found.people
        ),
        names_people=names_people,
        chart=_chart(found, units),
        rule_source=found.total.outlook.because.source,
        rule_is_verified=found.total.outlook.because.is_verified,
    )


class _Address:
    """Addresses of lists about the same unit and period."""

    def __init__(self, unit: Unit, period: Period, *, include_subordinate: bool) -> None:
        self.query = {
            "unit": unit.code,
            "first_day": formats.write_date(period.first_day),
            "last_day": formats.write_date(period.last_day),
            **({"include_subordinate": "on"} if include_subordinate else {}),
        }

    def __call__(self, name: str = "overload-tasks", **extra: str) -> str:
        return f"{reverse(f'reporting:{name}')}?{urlencode({**self.query, **extra})}"


def _line(
    name: str,
    work: Work,
    outlook: Outlook,
    *,
    address: _Address,
    language: str,
    sub: str = "",
    present: int | None = None,
    helpers: str = "",
    **behind: str,
) -> LinePrinted:
    def figure(part: str) -> Figure:
        words = formats.write_number(getattr(work, part))
        return Figure(words=words, url=address(part=part, **behind))

    return LinePrinted(
        name=name,
        sub=sub,
        open=figure("open"),
        unheld=figure("unheld"),
        overdue=figure("overdue"),
        arrived=figure("arrived"),
        done=figure("done"),
        arrival_rate=_rate(outlook.arrival_rate),
        completion_rate=_rate(outlook.completion_rate),
        days_of_work=_rate(outlook.days_of_work) if work.open else "0",
        done_on=_until(outlook) if work.open else "–",
        present="" if present is None else formats.write_number(present),
        each=_rate(Decimal(work.open) / present if present else None),
        tone=_TONES[outlook.pressure],
        pressure=_pressure_words(outlook.pressure),
        because=outlook.because.text(language),
        helpers=helpers,
    )


_TONES = {
    Pressure.IDLE: "neutral",
    Pressure.KEEPS_UP: "good",
    Pressure.GROWING: "warn",
    Pressure.OVERLOADED: "bad",
}


def _pressure_words(pressure: Pressure) -> str:
    return {
        Pressure.IDLE: _("không có việc"),
        Pressure.KEEPS_UP: _("kịp việc"),
        Pressure.GROWING: _("việc dồn lại"),
        Pressure.OVERLOADED: _("quá tải"),
    }[pressure]


def _unit_line(line: UnitLine, address: _Address, language: str, **behind: str) -> LinePrinted:
    return _line(
        line.agency,
        line.work,
        line.outlook,
        address=address,
        language=language,
        present=line.present,
        **behind,
    )


def _role_line(
    line: RoleLine, address: _Address, language: str, *, names_people: bool
) -> LinePrinted:
    return _line(
        people.name_role(line.role),
        line.work,
        line.outlook,
        address=address,
        language=language,
        sub=line.agency,
        present=len(line.helpers),
        helpers=_helpers(line) if names_people else "",
        agency=str(line.agency_id),
        role=line.role,
    )


def _helpers(line: RoleLine) -> str:
    """Return who can take work today, the least loaded first."""
    if not line.helpers:
        return _("Không có ai có mặt ở vai trò này.")
    named = [
        _("%(name)s (%(count)s việc)")
        % {"name": one.name, "count": formats.write_number(one.open_count)}
        for one in line.helpers[:HELPERS]
    ]
    return ", ".join(named)


def _rate(value: Decimal | None) -> str:
    """Return a rate with one decimal; what could not be divided is a dash."""
    return formats.write_number(value, 1) if value is not None else "–"


def _until(outlook: Outlook) -> str:
    return formats.write_date(outlook.done_on) if outlook.done_on else "–"


def _chart(found: Overload, units: tuple[LinePrinted, ...]) -> dict[str, Any]:
    """Return a pair of bars for each of the units with most open work: what came, what was done."""
    busiest = sorted(zip(found.units, units, strict=True), key=lambda pair: -pair[0].work.open)[
        :BARS
    ]
    return {
        "kind": "pairs",
        "names": [_("Việc đến"), _("Việc xong")],
        "pairs": [
            {
                "label": line.agency,
                "values": [line.work.arrived, line.work.done],
                "words": [shown.arrived.words, shown.done.words],
                "urls": [shown.arrived.url, shown.done.url],
            }
            for line, shown in busiest
        ],
    }


def tasks_page(
    unit: Unit,
    period: Period,
    behind: TasksBehind,
    page: Page[Any],
    *,
    include_subordinate: bool,
    names_people: bool,
    visible: frozenset[int],
    language: str,
) -> TasksPage:
    """Return the list behind a figure; only case files in `visible` get an address."""
    address = _Address(unit, period, include_subordinate=include_subordinate)
    return TasksPage(
        title=part_words(behind.part),
        count=page.paginator.count,
        unit=unit.label(language),
        period=wording.write_period(period, language),
        cut_off=wording.write_cut_off(period),
        include_subordinate=include_subordinate,
        names_people=names_people,
        lines=tuple(_task_lines(behind.part, page, names_people=names_people, visible=visible)),
        table_url=address("overload"),
    )


def part_words(part: str) -> str:
    """Return the name of a figure."""
    return {
        "open": _("Việc đang chờ"),
        "unheld": _("Việc chưa ai nhận"),
        "overdue": _("Việc quá hạn của bước"),
        "arrived": _("Việc đến trong kỳ"),
        "done": _("Việc xong trong kỳ"),
    }[part]


def _task_lines(
    part: str, page: Page[Any], *, names_people: bool, visible: frozenset[int]
) -> Iterable[TaskPrinted]:
    for number, case in enumerate(page.object_list, start=page.start_index()):
        who = case.task_doer if part == "done" else case.task_assignee
        yield TaskPrinted(
            number=number,
            code=case.code,
            url=pages.case_address(case.code) if case.pk in visible else "",
            step=case.task_name,
            agency=case.task_agency,
            who=(who or "–") if names_people else "",
            opened_at=case.task_opened_at,
            due_at=case.task_due_at,
            completed_at=case.task_completed_at,
        )

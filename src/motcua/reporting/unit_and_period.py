"""What a report is about: which unit, which days, and until which moment they are known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connection
from django.utils.translation import gettext as _

from motcua.engine import moments
from motcua.engine.periods import Period as NamedPeriod
from motcua.lawbook import queries as lawbook
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.reporting.one_stop_table import Window

if TYPE_CHECKING:
    from motcua.people.models import Agency


class CannotReport(Exception):
    """The report asked for cannot be made; the message says why and what to do."""


class CannotReportPeriod(CannotReport):
    """The period ends before it starts, lies in the future, or is older than the table."""


class CannotReportUnit(CannotReport):
    """The unit is unknown, or did not exist in the period."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Unit:
    """The agency that a table is about."""

    id: int
    code: str
    name: str
    name_en: str
    path: str
    starts_on: date
    ends_on: date | None
    successor: str = ""

    def label(self, language: str) -> str:
        """Return the unit's name in the language asked for, as far as it has one."""
        return (self.name_en if language.startswith("en") else "") or self.name


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitChoice:
    """An agency that a person may report on, as a list offers it."""

    code: str
    name: str
    kind: str
    level: str
    ends_on: date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """The days counted, both included, until when they are known, and what the law calls them."""

    first_day: date
    last_day: date
    starts_at: datetime
    cut_off: datetime
    is_provisional: bool
    named: NamedPeriod | None = None

    @property
    def window(self) -> Window:
        """Return the moments between which is counted."""
        return Window(starts_at=self.starts_at, cut_off=self.cut_off)


def get_unit(code: str | None = None, *, on: date) -> Unit:
    """Return the unit with this code, without a code the Office; raise CannotReportUnit."""
    if code:
        agency = people.find_agency(code)
        if agency is None:
            raise CannotReportUnit(
                _("Không có cơ quan nào mang mã “%(code)s”. Hãy kiểm tra lại mã đơn vị.")
                % {"code": code}
            )
    else:
        try:
            agency = people.get_agency_by_kind("OFFICE", on=on)
        except people.NoSuchAgency as error:
            raise CannotReportUnit(
                _(
                    "Ngày %(day)s chưa có Văn phòng Ủy ban nhân dân tỉnh trong danh mục cơ quan. "
                    "Hãy ghi rõ mã đơn vị cần lập bảng hoặc chọn kỳ khác."
                )
                % {"day": f"{on:%d/%m/%Y}"}
            ) from error
    return _unit(agency)


def get_province(*, on: date) -> Unit:
    """Return the province as a unit: the people's committee at the top; raise CannotReportUnit."""
    try:
        return _unit(people.get_agency_by_kind("PROVINCE", on=on))
    except people.NoSuchAgency as error:
        raise CannotReportUnit(
            _("Ngày %(day)s chưa có tỉnh trong danh mục cơ quan. Hãy chọn kỳ khác.")
            % {"day": f"{on:%d/%m/%Y}"}
        ) from error


def _unit(agency: Agency) -> Unit:
    return Unit(
        id=agency.pk,
        code=agency.code,
        name=agency.name,
        name_en=agency.name_en,
        path=agency.path,
        starts_on=agency.starts_on,
        ends_on=agency.ends_on,
        successor=agency.successor.name if agency.successor else "",
    )


def list_reporting_units(person: people.Person, *, now: datetime) -> tuple[UnitChoice, ...]:
    """Return the agencies of any date that the person may report on, in alphabetical order."""
    scope = people.scope_of(person, "reports.see", now=now)
    rows = people.agencies_in_scope(scope).values_list(
        "sort_name", "code", "name", "kind", "level", "ends_on"
    )
    return tuple(
        UnitChoice(code=code, name=name, kind=kind, level=level, ends_on=ends_on)
        for _order, code, name, kind, level, ends_on in sorted(rows, key=lambda row: row[:2])
    )


def get_period(*, first_day: date, last_day: date, now: datetime) -> Period:
    """Return a period of days, cut off at `now` while it runs; raise CannotReportPeriod."""
    today = people.day_of(now)
    values = {"first": f"{first_day:%d/%m/%Y}", "last": f"{last_day:%d/%m/%Y}"}
    if last_day < first_day:
        raise CannotReportPeriod(
            _(
                "Kỳ báo cáo kết thúc (%(last)s) trước khi bắt đầu (%(first)s). "
                "Hãy chọn ngày cuối kỳ bằng hoặc sau ngày đầu kỳ."
            )
            % values
        )
    if first_day > today:
        raise CannotReportPeriod(
            _(
                "Kỳ báo cáo bắt đầu ngày %(first)s, sau hôm nay (%(today)s), nên chưa có số liệu. "
                "Hãy chọn kỳ đã bắt đầu."
            )
            % {**values, "today": f"{today:%d/%m/%Y}"}
        )
    runs = last_day >= today
    return Period(
        first_day=first_day,
        last_day=last_day,
        starts_at=moments.midnight(first_day),
        cut_off=now if runs else moments.midnight(last_day + timedelta(days=1)),
        is_provisional=runs,
        named=_name_in_law(first_day, last_day),
    )


def _name_in_law(first_day: date, last_day: date) -> NamedPeriod | None:
    """Return the period that the law counts over exactly these days, or None."""
    try:
        periods = lawbook.list_periods(year=last_day.year)
    except LookupError:
        return None
    days = (first_day, last_day)
    return next((named for named in periods if (named.first_day, named.last_day) == days), None)


def get_named_period(name: str) -> NamedPeriod:
    """Return the period that the law calls, say, 2023-Q1; raise CannotReportPeriod."""
    try:
        return lawbook.get_period(name)
    except (LookupError, ValueError) as error:
        raise CannotReportPeriod(
            _(
                "Luật không có kỳ báo cáo “%(name)s”. Hãy ghi năm và kỳ như 2023-Q1 (quý I), 2023-H1 "
                "(6 tháng đầu năm) hoặc 2023-Y (cả năm)."
            )
            % {"name": name}
        ) from error


def list_named_periods(*, now: datetime) -> tuple[NamedPeriod, ...]:
    """Return the periods that the law names and that have begun, the newest first."""
    today = people.day_of(now)
    found: list[NamedPeriod] = []
    # The first period of a year begins in the December before.
    for year in range(today.year + 1, 0, -1):
        try:
            found += lawbook.list_periods(year=year)
        except LookupError:
            break  # no rule for earlier years
    begun = (period for period in found if period.first_day <= today)
    return tuple(
        sorted(begun, key=lambda period: (period.last_day, period.first_day), reverse=True)
    )


def find_newest_period(
    unit_code: str, periods: Iterable[NamedPeriod], *, now: datetime
) -> NamedPeriod | None:
    """Return the shortest period with the unit's newest case in it, or with today."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT received_at FROM case_facts WHERE unit_id = %s"
            " ORDER BY received_at DESC LIMIT 1",
            [get_unit(unit_code, on=people.day_of(now)).id],
        )
        newest = cursor.fetchone()
    day = people.day_of(newest[0] if newest else now)
    holding = [period for period in periods if period.first_day <= day <= period.last_day]
    return min(holding, key=lambda period: period.last_day - period.first_day, default=None)


def require_reader(
    person: people.Person, *, unit: Unit, include_subordinate: bool, now: datetime
) -> None:
    """Stop unless the person may report on the unit, and on all below it if asked: NotAllowed."""
    people_actions.require(person, "reports.see", now=now, agency_id=unit.id, agency_path=unit.path)
    scope = people.scope_of(person, "reports.see", now=now)
    covers_tree = scope.everything or any(unit.path.startswith(tree) for tree in scope.subtrees)
    if include_subordinate and not covers_tree:
        raise people_actions.NotAllowed(
            _(
                "Anh/chị chỉ được xem báo cáo của chính %(unit)s, không xem được các đơn vị trực "
                "thuộc. Hãy bỏ chọn “Cộng cả các đơn vị trực thuộc”."
            )
            % {"unit": unit.name}
        )


def require_existence(unit: Unit, period: Period) -> None:
    """Refuse a unit that did not exist on any day of the period: raise CannotReportUnit."""
    values = {
        "unit": unit.name,
        "code": unit.code,
        "first": f"{period.first_day:%d/%m/%Y}",
        "last": f"{period.last_day:%d/%m/%Y}",
    }
    if unit.starts_on > period.last_day:
        raise CannotReportUnit(
            _(
                "%(unit)s (%(code)s) hoạt động từ ngày %(start)s, sau kỳ báo cáo %(first)s–%(last)s. "
                "Hãy chọn kỳ muộn hơn hoặc đơn vị tiền thân."
            )
            % {**values, "start": f"{unit.starts_on:%d/%m/%Y}"}
        )
    if unit.ends_on is not None and unit.ends_on <= period.first_day:
        message = (
            _(
                "%(unit)s (%(code)s) kết thúc hoạt động từ ngày %(end)s, trước kỳ báo cáo "
                "%(first)s–%(last)s. Hãy chọn đơn vị kế thừa là %(successor)s, hoặc kỳ sớm hơn."
            )
            if unit.successor
            else _(
                "%(unit)s (%(code)s) kết thúc hoạt động từ ngày %(end)s, trước kỳ báo cáo "
                "%(first)s–%(last)s. Hãy chọn kỳ sớm hơn hoặc đơn vị khác."
            )
        )
        end = f"{unit.ends_on:%d/%m/%Y}"
        raise CannotReportUnit(message % {**values, "end": end, "successor": unit.successor})

"""What if it were filed: when a procedure or a limit would be due at a place, with nothing created."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.cases.recounting import norm_limit
from motcua.engine import deadlines, duties
from motcua.engine.explain import Because
from motcua.engine.lawvalues import NotInForce
from motcua.engine.ledger import Deadline
from motcua.engine.limits import Limit, Unit
from motcua.engine.moments import VIETNAM
from motcua.engine.wording import full_day
from motcua.engine.worktime import CalendarEnds, WorkCalendar
from motcua.lawbook import queries as lawbook
from motcua.people import queries as people
from motcua.procedures import queries as procedures
from motcua.workflow import queries as workflow

if TYPE_CHECKING:
    from motcua.people.models import Agency

CHANNEL_NAMES = {
    "COUNTER": gettext_lazy("Trực tiếp"),
    "ONLINE": gettext_lazy("Trực tuyến"),
    "POST": gettext_lazy("Bưu chính công ích"),
}
_LEVEL_NAMES = {
    "PROVINCE": gettext_lazy("cấp tỉnh"),
    "DISTRICT": gettext_lazy("cấp huyện"),
    "COMMUNE": gettext_lazy("cấp xã"),
}


class CannotTellDueTime(Exception):
    """Nothing could be filed there, then, in that way; the message says why and what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FiledProcedure:
    """The procedure that is asked about, as it is on the day of filing."""

    code: str
    name: str
    name_en: str
    channel: str


@dataclass(frozen=True, kw_only=True, slots=True)
class WhatIf:
    """When a file would be due, why, and what else the person should know."""

    deadline: Deadline
    calendar: WorkCalendar
    agency: Agency | None
    procedure: FiledProcedure | None
    warnings: tuple[str, ...]
    office_hours: Because
    online_answer: Deadline | None = None
    norm: Deadline | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FilingChoices:
    """What a procedure offers on a day: the ways to file with their limits, and the places."""

    code: str
    name: str
    name_en: str
    limits: tuple[tuple[str, Limit], ...]
    places: tuple[Agency, ...]


def what_if_limit(*, limit: Limit, received_at: datetime, agency_code: str = "") -> WhatIf:
    """Return when a file with this limit would be due; without an agency no table is asked.

    Raises CannotTellDueTime for a place that takes nothing in on that day, and CalendarEnds.
    """
    on = received_at.astimezone(VIETNAM).date()
    agency = get_place(agency_code, on=on) if agency_code else None
    return _answer(limit=limit, received_at=received_at, on=on, agency=agency)


def what_if_procedure(
    *, procedure_code: str, channel: str, received_at: datetime, agency_code: str = ""
) -> WhatIf:
    """Return when a procedure filed at a moment would be due.

    Raises CannotTellDueTime for a procedure, channel or place that is not there on that day, and
    CalendarEnds.
    """
    on = received_at.astimezone(VIETNAM).date()
    sheet = _get_sheet(procedure_code, on)
    agency = get_place(agency_code, on=on) if agency_code else None
    revision = procedures.revisions_on(on).get(pk=sheet.revision_id)
    limit = _limit_of(sheet, channel=channel, is_verified=revision.decision_status == "verified")
    filed = FiledProcedure(
        code=sheet.procedure_code, name=sheet.name, name_en=revision.name_en, channel=channel
    )
    answer = _answer(
        limit=limit,
        received_at=received_at,
        on=on,
        agency=agency,
        procedure=filed,
        warnings=tuple(_warning_of_place(sheet, agency)) if agency else (),
    )
    answer = replace(answer, norm=_norm(sheet, received_at, on, answer.calendar))
    if channel != "ONLINE":
        return answer
    return replace(answer, online_answer=_online_answer(received_at, on, answer.calendar))


def _get_sheet(procedure_code: str, on: date) -> procedures.Sheet:
    try:
        return procedures.get_sheet(code=procedure_code.strip(), on=on)
    except procedures.NoSuchProcedure as error:
        raise CannotTellDueTime(
            _("%(problem)s Hãy tìm thủ tục trong danh mục.") % {"problem": error}
        ) from None


def _norm(
    sheet: procedures.Sheet, received_at: datetime, on: date, calendar: WorkCalendar
) -> Deadline | None:
    """Return when the service norm would run out, where the workflow of the day has one."""
    version = workflow.find_version_in_force(workflow_key=sheet.workflow_key, on=on)
    norm = norm_limit(version.id) if version else None
    if norm is None:
        return None
    return deadlines.due(
        received_at=received_at,
        limit=norm,
        calendar=calendar,
        rules=lawbook.get_counting_rules(on),
    )


def _online_answer(received_at: datetime, on: date, calendar: WorkCalendar) -> Deadline | None:
    """Return by when an online submission is accepted or refused, where the law of the day says."""
    try:
        rules = lawbook.get_time_rules(on)
        return duties.online_answer_due(submitted_at=received_at, calendar=calendar, rules=rules)
    except (NotInForce, duties.NoRuleYet):
        return None


def get_filing_choices(*, procedure_code: str, on: date) -> FilingChoices:
    """Return how and where a procedure can be filed on a day; raise CannotTellDueTime."""
    sheet = _get_sheet(procedure_code, on)
    revision = procedures.revisions_on(on).get(pk=sheet.revision_id)
    return FilingChoices(
        code=sheet.procedure_code,
        name=sheet.name,
        name_en=revision.name_en,
        limits=tuple(
            (one.kind, Limit(amount=one.limit_amount, unit=Unit(one.limit_unit)))
            for one in sheet.channels
        ),
        places=tuple(one for one in list_places(on=on) if _filing(sheet, one).is_allowed),
    )


def list_places(*, on: date) -> tuple[Agency, ...]:
    """Return the agencies of the levels of government that exist on a day, by name."""
    levels = {*lawbook.get_government_levels(on).value, "VERTICAL"}
    return tuple(one for one in people.list_agencies(on=on) if one.level in levels)


def get_place(agency_code: str, *, on: date) -> Agency:
    """Return an agency that works on a day; raise CannotTellDueTime otherwise."""
    try:
        agency = people.get_agency(agency_code)
    except people.NoSuchAgency as error:
        raise CannotTellDueTime(
            _("%(problem)s Hãy xem mã cơ quan trong danh sách cơ quan.") % {"problem": error}
        ) from None
    names = {"name": agency.name, "day": full_day(on)}
    if on < agency.starts_on:
        raise CannotTellDueTime(
            _(
                "%(name)s hoạt động từ ngày %(first)s, nên không nhận hồ sơ ngày %(day)s. Hãy chọn "
                "ngày khác hoặc cơ quan khác."
            )
            % {**names, "first": full_day(agency.starts_on)}
        )
    if agency.ends_on is not None and agency.ends_on <= on:
        raise CannotTellDueTime(_dissolved(agency, agency.ends_on, on))
    levels = lawbook.get_government_levels(on)
    if agency.level in _LEVEL_NAMES and agency.level not in levels.value:
        raise CannotTellDueTime(
            _(
                "Vào ngày %(day)s không còn chính quyền %(level)s (%(source)s), nên %(name)s không nhận "
                "hồ sơ. Hãy chọn cơ quan khác."
            )
            % {**names, "level": _LEVEL_NAMES[agency.level], "source": levels.because.source}
        )
    return agency


def _dissolved(agency: Agency, ends_on: date, on: date) -> str:
    told = _("%(name)s chỉ hoạt động đến hết ngày %(last)s, nên không nhận hồ sơ ngày %(day)s.") % {
        "name": agency.name,
        "last": full_day(ends_on - timedelta(days=1)),
        "day": full_day(on),
    }
    if agency.successor is None:
        return told
    heir = _("Cơ quan kế thừa là %(name)s (%(code)s).") % {
        "name": agency.successor.name,
        "code": agency.successor.code,
    }
    return f"{told} {heir}"


def _limit_of(sheet: procedures.Sheet, *, channel: str, is_verified: bool) -> Limit:
    offered = {one.kind: one for one in sheet.channels}
    if channel not in offered:
        ways = ", ".join(f"{CHANNEL_NAMES.get(kind, kind)} ({kind})" for kind in offered)
        raise CannotTellDueTime(
            _("Thủ tục %(code)s không nhận theo cách “%(channel)s”; các cách nộp là: %(ways)s.")
            % {
                "code": sheet.procedure_code,
                "channel": CHANNEL_NAMES.get(channel, channel),
                "ways": ways or "–",
            }
        )
    return Limit(
        amount=offered[channel].limit_amount,
        unit=Unit(offered[channel].limit_unit),
        source=sheet.source,
        is_verified=is_verified,
    )


def _warning_of_place(sheet: procedures.Sheet, agency: Agency) -> list[str]:
    filing = _filing(sheet, agency)
    if filing.is_allowed:
        return []
    told = _("%(name)s không tiếp nhận thủ tục %(code)s.") % {
        "name": agency.name,
        "code": sheet.procedure_code,
    }
    where = _("Nơi nộp: %(place)s.") % {"place": filing.place} if filing.place else ""
    return [f"{told} {where}".strip()]


def _filing(sheet: procedures.Sheet, agency: Agency) -> procedures.PlaceOfFiling:
    # The rule asks about the post at which one would receive: here, that of the agency's counter.
    counter = people.HeldPost(
        id=0,
        role="CLERK",
        agency_id=agency.pk,
        agency_code=agency.code,
        agency_name=agency.name,
        agency_kind=agency.kind,
        agency_level=agency.level,
        agency_path=agency.path,
        starts_on=agency.starts_on,
        ends_on=agency.ends_on,
    )
    return procedures.place_of_filing(sheet, post=counter)


def _answer(
    *,
    limit: Limit,
    received_at: datetime,
    on: date,
    agency: Agency | None,
    procedure: FiledProcedure | None = None,
    warnings: tuple[str, ...] = (),
) -> WhatIf:
    key = lawbook.office_hours_key_of(agency.code) if agency else lawbook.DEFAULT_OFFICE_HOURS
    calendar = lawbook.get_calendar(office_hours_key=key)
    if not calendar.first_day <= on <= calendar.last_day:
        raise CalendarEnds(calendar.first_day, calendar.last_day)
    deadline = deadlines.due(
        received_at=received_at,
        limit=limit,
        calendar=calendar,
        rules=lawbook.get_counting_rules(on),
    )
    hours = lawbook.get_rule("office_hours", key).dated.in_force(on)
    return WhatIf(
        deadline=deadline,
        calendar=calendar,
        agency=agency,
        procedure=procedure,
        warnings=warnings,
        office_hours=hours.value.because(hours),
    )

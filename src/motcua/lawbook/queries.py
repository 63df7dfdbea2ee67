"""Everything that can be asked of the law: calendars, time rules, values and names, by date."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings

import motcua
from motcua.engine.auditor.register import LegalDocument
from motcua.engine.calendar_decisions import DecidedDay, laid_over
from motcua.engine.case_codes import CodePattern
from motcua.engine.identity import PartyRules
from motcua.engine.lateness import SharingRules
from motcua.engine.laterisk import RiskRules
from motcua.engine.lawvalues import DatedValue, NotInForce, ValueInForce
from motcua.engine.limit_checks import LimitChoices, WorkingWeek, working_week
from motcua.engine.limits import Limit
from motcua.engine.masking import MaskingRules
from motcua.engine.office_hours import CalendarDay
from motcua.engine.overload import OverloadRules
from motcua.engine.periods import Period, PeriodRule, period_named
from motcua.engine.reminders import ReminderRules
from motcua.engine.statuses import NationalStatus
from motcua.engine.timerules import ClockChoices, CountingRules, Rule, TimeRules
from motcua.engine.undoing import UndoRules
from motcua.engine.worktime import WorkCalendar
from motcua.lawbook import decisions, loader, meanings
from motcua.lawbook.decisions import Decided
from motcua.lawbook.decisions import list_decisions as list_decisions
from motcua.lawbook.decisions import refresh_decisions as refresh_decisions
from motcua.lawbook.loader import LawRule, LawSubject

DEFAULT_OFFICE_HOURS = "default"


class LawNotFound(LookupError):
    """The law holds no subject or rule of this name."""


def get_law_dir() -> Path:
    """Return the folder of the law: LAW_DIR in the settings, the package's own, or the checkout's."""
    configured = getattr(settings, "LAW_DIR", None) if settings.configured else None
    if configured:
        # The same Path each time keeps its hash, by which all that was read from it is found again.
        return configured if isinstance(configured, Path) else Path(configured)
    package = Path(motcua.__file__).resolve().parent
    installed = package / "law"
    return installed if installed.is_dir() else package.parent.parent / "law"


def get_calendar(*, office_hours_key: str = DEFAULT_OFFICE_HOURS) -> WorkCalendar:
    """Return the working calendar of units that keep these office hours; raise LawNotFound.

    Decided days are those that `refresh_decisions` read last: no table is asked here.
    """
    return _calendar(get_law_dir(), office_hours_key, decisions.read_last())


def get_calendar_with(
    decided: Iterable[DecidedDay], *, office_hours_key: str = DEFAULT_OFFICE_HOURS
) -> WorkCalendar:
    """Return the calendar as it would be after one more decision; nothing is kept."""
    last = decisions.read_last()
    more = Decided(newest=last.newest, days=(*last.days, *decided))
    return _calendar.__wrapped__(get_law_dir(), office_hours_key, more)


def get_time_rules(on: date) -> TimeRules:
    """Return the rules about clocks in force on a day; raise NotInForce."""
    return _time_rules(get_law_dir(), on)


def get_counting_rules(on: date) -> CountingRules:
    """Return only how time is counted on a day; it reaches further back than get_time_rules."""
    return _counting_rules(get_law_dir(), on)


def get_party_rules(on: date) -> PartyRules:
    """Return what the law of a day says of the parties of a case; raise NotInForce."""
    return _party_rules(get_law_dir(), on)


def get_reminder_rules(on: date) -> ReminderRules:
    """Return when people are reminded of a due time, as of a day; raise NotInForce."""
    return meanings.reminder_rules(get_subject("product/reminders"), on)


def get_clock_choices(on: date) -> ClockChoices:
    """Return what the product chose about clocks where no law says it, as of a day; raise NotInForce."""
    return _clock_choices(get_law_dir(), on)


def get_consultation_period(on: date) -> Limit:
    """Return how long an agency may think about another's workflow, as of a day; raise NotInForce."""
    return meanings.consultation_period(get_subject("product/workflow_control"), on)


def get_limit_choices(on: date) -> LimitChoices:
    """Return how grave a chart is that promises too much, as of a day; raise NotInForce."""
    return meanings.limit_choices(get_subject("product/workflow_control"), on)


def get_overload_rules(on: date) -> OverloadRules:
    """Return when a unit is overloaded, as of a day; raise NotInForce."""
    return meanings.overload_rules(get_subject("product/overload"), on)


def get_sharing_rules(on: date) -> SharingRules:
    """Return who answers for a lateness, as of a day; raise NotInForce."""
    return _sharing_rules(get_law_dir(), on)


def get_risk_rules(on: date) -> RiskRules:
    """Return how a chance of lateness is found and told, as of a day; raise NotInForce."""
    return _risk_rules(get_law_dir(), on)


def get_masking_rules(on: date) -> MaskingRules:
    """Return how much of personal data is told where it is masked, as of a day; raise NotInForce."""
    return _masking_rules(get_law_dir(), on)


def list_reveal_reasons(on: date) -> tuple[LawRule, ...]:
    """Return for which reasons masked data may be shown on a day, in the order of the file."""
    rules = get_subject("product/reveal").rules.values()
    return tuple(rule for rule in rules if _is_in_force(rule, on))


def get_undo_rules(on: date) -> UndoRules:
    """Return how long what was recorded by mistake may be taken back, as of a day; raise NotInForce."""
    return meanings.undo_rules(get_subject("product/undo"), on)


def get_value(subject: str, key: str, on: date) -> ValueInForce[object]:
    """Return a rule's value of a day with dates and source; raise LawNotFound or NotInForce."""
    found = get_rule(subject, key).dated.in_force(on)
    return ValueInForce(
        value=found.value.entry.plain(),
        first_day=found.first_day,
        last_day=found.last_day,
        source=found.source,
        is_verified=found.is_verified,
        where=found.where,
    )


def get_rule(subject: str, key: str) -> LawRule:
    """Return one rule with all its values over time; raise LawNotFound."""
    rules = get_subject(subject).rules
    if key not in rules:
        raise LawNotFound(f"“{subject}” không có quy định “{key}”; có: {', '.join(rules)}.")
    return rules[key]


def get_subject(name: str) -> LawSubject:
    """Return one subject of law; raise LawNotFound."""
    if name not in list_subjects():
        raise LawNotFound(f"Không có mục luật “{name}”; có: {', '.join(list_subjects())}.")
    return _subject(get_law_dir(), name)


def list_subjects() -> tuple[str, ...]:
    """Return the names of all subjects of law."""
    return _subjects(get_law_dir())


def list_office_hours() -> tuple[LawRule, ...]:
    """Return the kinds of office hours a unit can keep; a rule's key is the office_hours_key."""
    return tuple(get_subject("office_hours").rules.values())


def office_hours_key_of(agency_code: str) -> str:
    """Return which office hours an agency keeps: the rule named by its code, else the usual ones."""
    rules = get_subject("office_hours").rules
    return agency_code if agency_code in rules else DEFAULT_OFFICE_HOURS


def get_working_week(on: date) -> WorkingWeek:
    """Return the usual working week on a day; raise NotInForce."""
    rule = get_rule("office_hours", DEFAULT_OFFICE_HOURS)
    first_day = rule.dated.in_force(on).first_day
    weeks = meanings.weekly_hours(rule)
    return working_week(next(week for week in weeks if week.first_day == first_day))


def list_calendar_years() -> tuple[int, ...]:
    """Return the years whose days off are known, from the files or by decision."""
    return _all_days(get_law_dir(), decisions.read_last())[0]


def list_calendar_days(year: int | None = None) -> tuple[CalendarDay, ...]:
    """Return the days off and worked Saturdays of a year, in order, even those that do not count."""
    days = _all_days(get_law_dir(), decisions.read_last())[1]
    return tuple(day for day in days if year is None or day.day.year == year)


def list_documents() -> tuple[LegalDocument, ...]:
    """Return the register of legal documents, as law/documents.yaml lists them."""
    return _documents(get_law_dir())


def get_government_levels(on: date) -> Rule[tuple[str, ...]]:
    """Return the levels of government that exist on a day, highest first; raise NotInForce."""
    return meanings.government_levels(get_rule("government_levels", "levels"), on)


def get_case_code_pattern(on: date) -> CodePattern:
    """Return the shape of case codes given out on a day; raise NotInForce."""
    return _case_code_pattern(get_law_dir(), on)


def get_period(name: str) -> Period:
    """Return the reporting period called, say, 2023-Q1; raise PeriodUnknown."""
    return period_named(name, _period_rules(get_law_dir()))


def list_periods(*, year: int) -> tuple[Period, ...]:
    """Return the reporting periods named after a year."""
    rules = _period_rules(get_law_dir())
    return tuple(period_named(f"{year:04}-{kind}", rules) for kind in rules)


def get_statuses(on: date | None = None) -> tuple[NationalStatus, ...]:
    """Return the statuses of the National Portal in the order of their codes, latest by default."""
    rules = get_subject("statuses").rules.values()
    found = (
        meanings.national_status(rule, on or rule.dated.values[-1].first_day) for rule in rules
    )
    return tuple(sorted(found, key=lambda status: status.code))


def _is_in_force(rule: LawRule, on: date) -> bool:
    try:
        rule.dated.in_force(on)
    except NotInForce:
        return False
    return True


def forget_law() -> None:
    """Read the files again at the next question."""
    for cached in (
        _calendar,
        _all_days,
        _calendar_days,
        _time_rules,
        _counting_rules,
        _clock_choices,
        _sharing_rules,
        _risk_rules,
        _masking_rules,
        _subject,
        _subjects,
    ):
        cached.cache_clear()
    _documents.cache_clear()
    _party_rules.cache_clear()
    _case_code_pattern.cache_clear()
    _period_rules.cache_clear()


@lru_cache(maxsize=64)
def _party_rules(law_dir: Path, on: date) -> PartyRules:
    return meanings.party_rules(_subject(law_dir, "parties"), on)


@lru_cache(maxsize=64)
def _calendar(law_dir: Path, office_hours_key: str, decided: Decided) -> WorkCalendar:
    rules = _subject(law_dir, "office_hours").rules
    if office_hours_key not in rules:
        raise LawNotFound(f"Không có giờ làm việc “{office_hours_key}”; có: {', '.join(rules)}.")
    years, days = _all_days(law_dir, decided)
    return WorkCalendar.compile(
        first_day=date(years[0], 1, 1),
        last_day=date(years[-1], 12, 31),
        office_hours=meanings.weekly_hours(rules[office_hours_key]),
        days=days,
    )


@lru_cache(maxsize=4)
def _all_days(law_dir: Path, decided: Decided) -> tuple[tuple[int, ...], tuple[CalendarDay, ...]]:
    years, days = _calendar_days(law_dir)
    newer = {one.day.year for one in decided.days}
    return tuple(sorted({*years, *newer})), laid_over(days, decided.days)


@lru_cache(maxsize=4)
def _calendar_days(law_dir: Path) -> tuple[tuple[int, ...], tuple[CalendarDay, ...]]:
    return loader.load_calendar_days(law_dir)


@lru_cache(maxsize=4)
def _documents(law_dir: Path) -> tuple[LegalDocument, ...]:
    return loader.load_documents(law_dir)


@lru_cache(maxsize=4096)
def _time_rules(law_dir: Path, on: date) -> TimeRules:
    return meanings.time_rules(
        counting=_subject(law_dir, "time/counting"),
        one_stop=_subject(law_dir, "time/one_stop"),
        online=_subject(law_dir, "time/online"),
        on=on,
    )


@lru_cache(maxsize=4096)
def _clock_choices(law_dir: Path, on: date) -> ClockChoices:
    return meanings.clock_choices(_subject(law_dir, "product/clocks"), on)


@lru_cache(maxsize=4096)
def _sharing_rules(law_dir: Path, on: date) -> SharingRules:
    return meanings.sharing_rules(_subject(law_dir, "product/lateness"), on)


@lru_cache(maxsize=4096)
def _risk_rules(law_dir: Path, on: date) -> RiskRules:
    return meanings.risk_rules(_subject(law_dir, "product/late_risk"), on)


@lru_cache(maxsize=64)
def _masking_rules(law_dir: Path, on: date) -> MaskingRules:
    return meanings.masking_rules(_subject(law_dir, "product/masking"), on)


@lru_cache(maxsize=4096)
def _counting_rules(law_dir: Path, on: date) -> CountingRules:
    return meanings.counting_rules(_subject(law_dir, "time/counting"), on)


@lru_cache(maxsize=64)
def _subject(law_dir: Path, name: str) -> LawSubject:
    return loader.load_subject(law_dir, name)


@lru_cache(maxsize=4)
def _subjects(law_dir: Path) -> tuple[str, ...]:
    return loader.list_subjects(law_dir)


@lru_cache(maxsize=4096)
def _case_code_pattern(law_dir: Path, on: date) -> CodePattern:
    rule = _subject(law_dir, "case_code").rules["pattern"]
    return meanings.code_pattern(rule.dated.in_force(on))


@lru_cache(maxsize=4)
def _period_rules(law_dir: Path) -> dict[str, DatedValue[PeriodRule]]:
    rules = _subject(law_dir, "reporting_periods").rules
    return {key: meanings.period_rule(rule) for key, rule in rules.items()}

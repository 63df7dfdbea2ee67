"""Meanings: law as written turned into what the engine computes with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from typing import TypeVar

from motcua.engine.case_codes import AgencyCodeForm, CodePattern, CodeRefused
from motcua.engine.flowcheck import Severity
from motcua.engine.identity import PartyRules
from motcua.engine.lateness import SharingRules
from motcua.engine.laterisk import RiskRules
from motcua.engine.lawvalues import DatedValue, ValueInForce
from motcua.engine.limit_checks import LimitChoices
from motcua.engine.limits import Limit, LimitRefused, Unit, parse_limit
from motcua.engine.masking import MaskingRules
from motcua.engine.office_hours import DayHours, OfficeHoursRefused, OpenHours, WeeklyHours
from motcua.engine.overload import OverloadRules
from motcua.engine.periods import PeriodRule
from motcua.engine.reminders import ReminderRules
from motcua.engine.statuses import Bucket, NationalStatus
from motcua.engine.timerules import (
    ClockChoices,
    CountingRules,
    DueClock,
    Rule,
    SupplementEffect,
    TimeRules,
)
from motcua.engine.undoing import UndoRules
from motcua.lawbook.entries import Entry
from motcua.lawbook.loader import LawRule, LawSubject, LawText

T = TypeVar("T")

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def counting_rules(counting: LawSubject, on: date) -> CountingRules:
    """Return how time is counted on a day; raise NotInForce or LawRefused."""
    return CountingRules(
        receipt_day=_rule(counting, "receipt_day", on, _one_of("not_counted")),
        after_hours=_rule(counting, "after_hours", on, _one_of("next_opening")),
        day_off_at_end=_rule(counting, "day_off_at_end", on, _one_of("next_working_day")),
        due_clock=_rule(
            counting, "due_clock", on, lambda e, _: DueClock(_one_of(*DueClock)(e, None))
        ),
        half_day_hours=_rule(counting, "half_day_hours", on, _whole_number),
    )


def time_rules(
    *, counting: LawSubject, one_stop: LawSubject, online: LawSubject, on: date
) -> TimeRules:
    """Return all rules about clocks of a day; raise NotInForce or LawRefused."""
    answer = online.rules["online_answer"].dated
    return TimeRules(
        counting=counting_rules(counting, on),
        supplement_effect=_rule(
            one_stop,
            "supplement_effect",
            on,
            lambda e, _: SupplementEffect(_one_of(*SupplementEffect)(e, None)),
        ),
        supplement_requests=_rule(one_stop, "supplement_requests", on, _whole_number),
        return_after_appraisal=_rule(one_stop, "return_after_appraisal", on, _limit),
        extensions=_rule(one_stop, "extensions", on, _whole_number),
        extension_notice=_rule(one_stop, "extension_notice", on, _limit),
        payment_pause=_rule(one_stop, "payment_pause", on, _one_of("pause")),
        force_majeure=_rule(one_stop, "force_majeure", on, _one_of("pause")),
        refusal=_rule(one_stop, "refusal", on, _one_of("within_limit")),
        transfer_same_day_until=_rule(one_stop, "transfer_same_day_until", on, _clock),
        transfer_next_opening_within=_rule(one_stop, "transfer_next_opening_within", on, _limit),
        online_answer=(
            _rule(online, "online_answer", on, _limit) if on >= answer.values[0].first_day else None
        ),
    )


def _rule(
    subject: LawSubject,
    key: str,
    on: date,
    read: Callable[[Entry, ValueInForce[LawText]], T],
) -> Rule[T]:
    found = subject.rules[key].dated.in_force(on)
    return Rule(read(found.value.entry, found), found.value.because(found))


def _one_of(*known: str) -> Callable[[Entry, object], str]:
    def read(entry: Entry, _: object) -> str:
        if entry.text() not in known:
            raise entry.refuse(f"“{entry.text()}” không dùng được; hãy ghi {', '.join(known)}.")
        return entry.text()

    return read


def _whole_number(entry: Entry, _: object) -> int:
    if entry.integer() < 0:
        raise entry.refuse(f"{entry.integer()} không thể là số âm.")
    return entry.integer()


def _clock(entry: Entry, _: object) -> time:
    return entry.clock()


def _limit(entry: Entry, value: ValueInForce[LawText]) -> Limit:
    try:
        return parse_limit(entry.text(), source=value.source, is_verified=value.is_verified)
    except LimitRefused as refused:
        raise entry.refuse(refused.because.vi) from None


def weekly_hours(rule: LawRule) -> tuple[WeeklyHours, ...]:
    """Return the office hours of one kind of unit over time; raise LawRefused."""
    return tuple(
        WeeklyHours(
            first_day=value.first_day,
            last_day=value.last_day,
            week={
                WEEKDAYS.index(name): _day_hours(entry)
                for name, entry in value.value.entry.mapping(*WEEKDAYS).items()
            },
            source=value.source,
            is_verified=value.is_verified,
        )
        for value in rule.dated.values
    )


def _day_hours(entry: Entry) -> DayHours:
    stretches, counts = entry, True
    if not entry.is_list:
        parts = entry.mapping("hours", "counts")
        stretches = entry.get("hours")
        counts = parts["counts"].boolean() if "counts" in parts else True
    try:
        return DayHours(hours=tuple(_open_hours(one) for one in stretches.items()), counts=counts)
    except OfficeHoursRefused as refused:
        raise entry.refuse(str(refused)) from None


def _open_hours(entry: Entry) -> OpenHours:
    opens, dash, closes = entry.text().partition("-")
    try:
        if not dash:
            raise ValueError
        return OpenHours(opens=time.fromisoformat(opens), closes=time.fromisoformat(closes))
    except OfficeHoursRefused as refused:
        raise entry.refuse(str(refused)) from None
    except ValueError:
        raise entry.refuse(
            f"“{entry.text()}” không phải giờ làm việc; hãy ghi dạng 07:00-11:30."
        ) from None


def code_pattern(value: ValueInForce[LawText]) -> CodePattern:
    """Return the shape of case codes; raise LawRefused."""
    entry = value.value.entry
    entry.mapping("shape", "date_format", "sequence_width", "agency_code_form")
    form = entry.get("agency_code_form")
    try:
        return CodePattern(
            shape=entry.get("shape").text(),
            date_format=entry.get("date_format").text(),
            sequence_width=entry.get("sequence_width").integer(),
            agency_code_form=AgencyCodeForm(_one_of(*AgencyCodeForm)(form, None)),
        )
    except CodeRefused as refused:
        raise entry.refuse(str(refused)) from None


def period_rule(rule: LawRule) -> DatedValue[PeriodRule]:
    """Return where one kind of reporting period begins and ends over time; raise LawRefused."""
    return DatedValue(
        rule.dated.name,
        [
            ValueInForce(
                value=_period_rule(value.value),
                first_day=value.first_day,
                last_day=value.last_day,
                source=value.source,
                is_verified=value.is_verified,
                where=value.where,
            )
            for value in rule.dated.values
        ],
    )


def _period_rule(text: LawText) -> PeriodRule:
    text.entry.mapping("first", "last")
    first, last = text.entry.get("first"), text.entry.get("last")
    previous = first.mapping("month", "day", "previous_year").get("previous_year")
    last.mapping("month", "day")
    return PeriodRule(
        name_vi=text.text_vi,
        name_en=text.text_en,
        first_month=first.get("month").integer(),
        first_day=first.get("day").integer(),
        last_month=last.get("month").integer(),
        last_day=last.get("day").integer(),
        first_year_offset=-1 if previous and previous.boolean() else 0,
    )


def national_status(rule: LawRule, on: date) -> NationalStatus:
    """Return one status of the National Portal as of a day; raise LawRefused."""
    value = rule.dated.in_force(on)
    entry = value.value.entry
    entry.mapping("code", "bucket")
    return NationalStatus(
        code=entry.get("code").integer(),
        name_vi=rule.title_vi,
        name_en=rule.title_en,
        bucket=Bucket(_one_of(*Bucket)(entry.get("bucket"), None)),
        source=value.source,
        is_verified=value.is_verified,
    )


def party_rules(subject: LawSubject, on: date) -> PartyRules:
    """Return what the law of a day says of parties; raise NotInForce or LawRefused."""
    provinces = subject.rules["citizen_number"].dated.in_force(on).value.entry
    age = _rule(subject, "representative_until", on, _whole_number)
    return PartyRules(
        provinces=frozenset(_province_code(item) for item in provinces.items()),
        representative_until=age.value,
        source=age.because.source,
    )


def _province_code(entry: Entry) -> str:
    code = entry.text()
    if len(code) != 3 or not code.isdigit():
        raise entry.refuse(f"“{code}” không phải mã tỉnh; hãy ghi ba chữ số trong ngoặc kép.")
    return code


LEVELS = ("PROVINCE", "DISTRICT", "COMMUNE")


def government_levels(rule: LawRule, on: date) -> Rule[tuple[str, ...]]:
    """Return the levels of government on a day, highest first; raise NotInForce or LawRefused."""
    found = rule.dated.in_force(on)
    entry = found.value.entry
    levels = tuple(_one_of(*LEVELS)(item, None) for item in entry.items())
    if len(set(levels)) != len(levels) or list(levels) != sorted(levels, key=LEVELS.index):
        raise entry.refuse(f"ghi mỗi cấp một lần, từ trên xuống: {', '.join(LEVELS)}.")
    if not levels:
        raise entry.refuse("phải có ít nhất một cấp chính quyền.")
    return Rule(levels, found.value.because(found))


REMINDED_ROLES = ("LEADER", "OFFICER", "CLERK")


def reminder_rules(subject: LawSubject, on: date) -> ReminderRules:
    """Return when people are reminded of a due time, as of a day; raise NotInForce or LawRefused."""
    return ReminderRules(
        before_due=_rule(subject, "before_due", on, _working_length).value,
        share_percent=_rule(subject, "share_of_time", on, _share).value,
        overdue_role=_rule(subject, "overdue", on, _one_of(*REMINDED_ROLES)).value,
        tells_norm=_rule(subject, "norm_passed", on, _yes_or_no).value,
    )


def clock_choices(subject: LawSubject, on: date) -> ClockChoices:
    """Return what the product chose about clocks where no law says it; raise NotInForce, LawRefused."""
    return ClockChoices(
        norm_at_extension=_rule(subject, "norm_at_extension", on, _one_of("keep", "move")),
        step_timers=_rule(subject, "step_timers_while_stopped", on, _one_of("stand", "run")),
    )


def _yes_or_no(entry: Entry, _: object) -> bool:
    return entry.boolean()


def consultation_period(subject: LawSubject, on: date) -> Limit:
    """Return the time to answer about a draft of a workflow; raise NotInForce or LawRefused."""
    return _rule(subject, "consultation_period", on, _working_length).value


def limit_choices(subject: LawSubject, on: date) -> LimitChoices:
    """Return how grave a chart is that promises too much; raise NotInForce or LawRefused."""

    def severity(key: str) -> Severity:
        told = _rule(subject, key, on, _one_of("error", "warning")).value
        return "error" if told == "error" else "warning"

    return LimitChoices(
        steps_against_law=severity("steps_against_law"),
        norm_against_law=severity("norm_against_law"),
        steps_against_norm=severity("steps_against_norm"),
    )


def overload_rules(subject: LawSubject, on: date) -> OverloadRules:
    """Return when a unit is overloaded, as of a day; raise NotInForce or LawRefused."""
    rule = _rule(subject, "days_of_work", on, _working_days)
    return OverloadRules(
        days_of_work=rule.value,
        source=rule.because.source,
        is_verified=rule.because.is_verified,
    )


def sharing_rules(subject: LawSubject, on: date) -> SharingRules:
    """Return who answers for a lateness, as of a day; raise NotInForce or LawRefused."""
    return SharingRules(
        overran=_rule(subject, "overran", on, _one_of("in_proportion")),
        nobody_overran=_rule(subject, "nobody_overran", on, _one_of("time_used")),
        no_step_open=_rule(subject, "no_step_open", on, _one_of("receiving_unit")),
        clock_stopped=_rule(subject, "clock_stopped", on, _one_of("nobody")),
    )


def undo_rules(subject: LawSubject, on: date) -> UndoRules:
    """Return how long records may be taken back, as of a day; raise NotInForce or LawRefused."""
    return UndoRules(
        hand_over=_rule(subject, "hand_over", on, _whole_number),
        ending=_rule(subject, "ending", on, _whole_number),
        ending_after_slip=_rule(subject, "ending_after_slip", on, _one_of("warn", "refuse")),
    )


def masking_rules(subject: LawSubject, on: date) -> MaskingRules:
    """Return how much of personal data is told; raise NotInForce or LawRefused."""
    return MaskingRules(
        name_words=_rule(subject, "name_words", on, _whole_number).value,
        number_signs=_rule(subject, "number_signs", on, _whole_number).value,
        identity_signs=_rule(subject, "identity_signs", on, _whole_number).value,
        hidden_percent=_rule(subject, "hidden_percent", on, _share).value,
        address_parts=_rule(subject, "address_parts", on, _whole_number).value,
    )


def risk_rules(subject: LawSubject, on: date) -> RiskRules:
    """Return how a chance of lateness is found and told; raise NotInForce or LawRefused."""
    return RiskRules(
        enough_history=_rule(subject, "enough_history", on, _whole_number).value,
        learned_steps=_rule(subject, "learned_steps", on, _whole_number).value,
        raised_percent=_rule(subject, "raised_from", on, _share).value,
        high_percent=_rule(subject, "high_from", on, _share).value,
        enough_late=_rule(subject, "enough_late", on, _whole_number).value,
    )


def _working_days(entry: Entry, value: ValueInForce[LawText]) -> Decimal:
    limit = _limit(entry, value)
    if limit.unit is not Unit.WORKING_DAY:
        raise entry.refuse("hãy ghi một số ngày làm việc.")
    return limit.amount


def _working_length(entry: Entry, value: ValueInForce[LawText]) -> Limit:
    limit = _limit(entry, value)
    if limit.unit not in {Unit.HOUR, Unit.WORKING_DAY} or limit.amount % 1:
        raise entry.refuse("hãy ghi một số nguyên giờ làm việc hoặc ngày làm việc.")
    return limit


def _share(entry: Entry, _: object) -> int:
    if not 0 < entry.integer() < 100:
        raise entry.refuse(f"{entry.integer()} không phải là phần trăm từ 1 đến 99.")
    return entry.integer()

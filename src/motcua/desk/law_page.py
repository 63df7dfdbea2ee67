"""What the pages of the law show: every rule on a day, and what differs between two days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.desk.filter_chips import Chip
from motcua.desk.law_words import Fact, either, example_facts, value_words
from motcua.engine.lawvalues import NotInForce, ValueInForce
from motcua.lawbook import queries as lawbook

if TYPE_CHECKING:
    from motcua.lawbook.loader import LawRule, LawSubject, LawText

# Subjects in the order in which a case meets them; what is not named here follows by name.
_ORDER = (
    "time/counting",
    "time/one_stop",
    "time/online",
    "office_hours",
    "case_code",
    "forms/slips",
    "forms/slip_texts",
    "forms/citizen_messages",
    "statuses",
    "reporting_periods",
    "indicators/one_stop_table",
    "government_levels",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ValueShown:
    """A value of a rule in words, with its days, its source and its place in the files."""

    words: str
    first_day: date
    last_day: date | None
    source: str
    is_verified: bool
    where: str
    is_current: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleShown:
    """A rule with its value on the day, or why it has none, and all its values over time."""

    key: str
    title: str
    current: ValueShown | None
    missing: str
    values: tuple[ValueShown, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ExampleShown:
    """A worked example that the tests run."""

    name: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SubjectShown:
    """One file of law."""

    anchor: str
    title: str
    file: str
    rules: tuple[RuleShown, ...]
    examples: tuple[ExampleShown, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeShown:
    """A rule whose value differs between two days: in what it says, or only in its source."""

    title: str
    before: ValueShown | None
    after: ValueShown | None
    is_of_content: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class SubjectChanges:
    """The rules of one subject that differ between two days."""

    title: str
    changes: tuple[ChangeShown, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """What differs between two days."""

    subjects: tuple[SubjectChanges, ...]
    count: int
    content_count: int


def subjects_on(on: date) -> tuple[SubjectShown, ...]:
    """Return every rule of law/ as it is on a day."""
    return tuple(_shown(subject, on) for subject in _subjects())


def _subjects() -> Iterator[LawSubject]:
    names = lawbook.list_subjects()
    known = [name for name in _ORDER if name in names]
    for name in [*known, *(name for name in names if name not in _ORDER)]:
        yield lawbook.get_subject(name)


def _shown(subject: LawSubject, on: date) -> SubjectShown:
    titles = {key: _title(rule) for key, rule in subject.rules.items()}
    return SubjectShown(
        anchor=subject.name.replace("/", "-"),
        title=either(subject.title_vi, subject.title_en),
        file=f"law/{subject.name}.yaml",
        rules=tuple(_rule_shown(subject.name, rule, on) for rule in subject.rules.values()),
        examples=tuple(
            ExampleShown(
                name=either(plain["name"]["vi"], plain["name"]["en"]),
                facts=example_facts(plain, titles),
            )
            for example in subject.examples
            if isinstance(plain := example.plain(), dict)
        ),
    )


def _title(rule: LawRule) -> str:
    """Return a rule's title; a column of a table stands under the title of its group."""
    title = either(rule.title_vi, rule.title_en)
    plain = rule.dated.values[-1].value.entry.plain()
    group = plain.get("group") if isinstance(plain, dict) else None
    return f"{either(group['vi'], group['en'])}: {title}" if isinstance(group, dict) else title


def _rule_shown(subject: str, rule: LawRule, on: date) -> RuleShown:
    found = _in_force(rule, on)
    values = tuple(
        _value_shown(subject, value, is_current=value is found) for value in rule.dated.values
    )
    return RuleShown(
        key=rule.key,
        title=_title(rule),
        current=next((value for value in values if value.is_current), None),
        missing="" if found else _missing(rule, on),
        values=values,
    )


def _in_force(rule: LawRule, on: date) -> ValueInForce[LawText] | None:
    try:
        return rule.dated.in_force(on)
    except NotInForce:
        return None


def _missing(rule: LawRule, on: date) -> str:
    first, last = rule.dated.values[0].first_day, rule.dated.values[-1].last_day
    if on < first:
        return _("Chưa có quy định; quy định đầu tiên có hiệu lực từ %(day)s.") % {
            "day": f"{first:%d/%m/%Y}"
        }
    return _("Không còn quy định; quy định cuối hết hiệu lực sau %(day)s.") % {
        "day": f"{last:%d/%m/%Y}"
    }


def _value_shown(subject: str, value: ValueInForce[LawText], *, is_current: bool) -> ValueShown:
    return ValueShown(
        words=value_words(subject, value),
        first_day=value.first_day,
        last_day=value.last_day,
        source=value.source,
        is_verified=value.is_verified,
        where=value.where,
        is_current=is_current,
    )


def count_rules(subjects: tuple[SubjectShown, ...]) -> dict[str, int]:
    """Return how many rules hold, and how many of those were not read in the text itself."""
    current = [rule.current for one in subjects for rule in one.rules if rule.current]
    return {
        "in_force": len(current),
        "unverified": sum(not value.is_verified for value in current),
    }


def compare(first: date, second: date) -> Comparison:
    """Return the rules whose value in force differs between two days, side by side."""
    subjects = tuple(
        SubjectChanges(title=either(subject.title_vi, subject.title_en), changes=changes)
        for subject in _subjects()
        if (changes := tuple(_changes(subject, first, second)))
    )
    every = [change for subject in subjects for change in subject.changes]
    return Comparison(
        subjects=subjects,
        count=len(every),
        content_count=sum(change.is_of_content for change in every),
    )


def _changes(subject: LawSubject, first: date, second: date) -> Iterator[ChangeShown]:
    for rule in subject.rules.values():
        before, after = _in_force(rule, first), _in_force(rule, second)
        if before is after:
            continue
        yield ChangeShown(
            title=_title(rule),
            before=_value_shown(subject.name, before, is_current=True) if before else None,
            after=_value_shown(subject.name, after, is_current=True) if after else None,
            is_of_content=_says(before) != _says(after),
        )


def _says(value: ValueInForce[LawText] | None) -> object:
    return value and (value.value.entry.plain(), value.value.text_vi)


def change_chips(first: date | None, second: date | None) -> tuple[Chip, ...]:
    """Return a link for each day on which a rule of law/ changed, the latest first."""
    days: dict[date, int] = {}
    for subject in _subjects():
        for rule in subject.rules.values():
            for value in rule.dated.values[1:]:
                days[value.first_day] = days.get(value.first_day, 0) + 1
    return tuple(
        Chip(
            label=f"{day:%d/%m/%Y}",
            url=f"{reverse('desk:law')}?{urlencode({'from': eve, 'to': day})}",
            is_active=(first, second) == (eve, day),
            count=count,
        )
        for day, count in sorted(days.items(), reverse=True)
        for eve in [day - timedelta(days=1)]
    )


def tabs(active: str) -> tuple[Chip, ...]:
    """Return the ways to look at the law."""
    law = reverse("desk:law")
    # The change that most people ask for: NĐ 61/2018 gives way to NĐ 118/2025, three levels to two.
    known_change = urlencode({"from": "2025-06-30", "to": "2025-07-01"})
    places = {
        "rules": (_("Quy định theo ngày"), law),
        "compare": (_("So sánh hai ngày"), f"{law}?{known_change}"),
        "year": (_("Lịch làm việc của năm"), reverse("desk:law-year")),
        "decisions": (_("Quyết định nghỉ lễ"), reverse("desk:calendar-decisions")),
        "suspensions": (_("Tạm ngừng do bất khả kháng"), reverse("desk:suspensions")),
        "slips": (_("Mẫu giấy"), reverse("desk:slip-texts")),
        "documents": (_("Sổ văn bản"), reverse("desk:law-documents")),
    }
    return tuple(
        Chip(label=label, url=url, is_active=name == active)
        for name, (label, url) in places.items()
    )

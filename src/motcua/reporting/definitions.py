"""Definitions: the indicators and forms that the law data hold, as of a day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from django.utils.translation import gettext as _

from motcua.engine.formulas import Kind
from motcua.engine.indicators import Catalogue, Indicator, Words, make_catalogue
from motcua.engine.lawvalues import LawRefused, NotInForce, ValueInForce
from motcua.lawbook import queries as lawbook
from motcua.reporting import procedure_facts
from motcua.reporting.facts import CountingRules, list_counts
from motcua.reporting.unit_and_period import CannotReport

# Subjects below indicators/ that hold something else than indicators.
_OTHER_SUBJECTS = ("indicators/one_stop_table", "indicators/settings")
_KEYS = {
    "unit",
    "kind",
    "decimals",
    "count",
    "formula",
    "entered_by",
    "why_entered",
    "dimensions",
    "missing",
    "most",
}


class CannotFindForm(CannotReport):
    """There is no form of this name, or none yet on that day."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FormColumn:
    """A column of a form: its number as printed, its indicator, and its words."""

    number: str
    indicator: Indicator
    group: Words
    name: Words


@dataclass(frozen=True, kw_only=True, slots=True)
class FormLine:
    """A line of a form: a heading, or an indicator, narrowed to a level where it says so."""

    code: str
    name: Words
    indicator: Indicator | None
    level: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class FormDefinition:
    """A form as of a day: a grid of columns over rows, or a list of lines."""

    key: str
    number: str
    title: Words
    is_grid: bool
    is_of_province: bool
    rows: tuple[str, ...]
    columns: tuple[FormColumn, ...]
    lines: tuple[FormLine, ...]
    identities: tuple[str, ...]
    # What a period leaves open, and what the next one begins with.
    carries: tuple[str, str] | None
    note: Words
    source: str
    is_verified: bool

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """The indicators that stand in the form, each once."""
        found = [column.indicator for column in self.columns]
        found += [line.indicator for line in self.lines if line.indicator]
        return tuple({indicator.id: indicator for indicator in found}.values())

    def indicator(self, name: str) -> Indicator | None:
        """Return the form's indicator of this name, or None."""
        return next((one for one in self.indicators if one.id == name), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """A question on which provinces differ: the choices, and the one taken unless another is."""

    key: str
    title: Words
    usual: str
    options: Mapping[str, Words]
    note: Words
    source: str
    is_verified: bool


def get_catalogue(on: date) -> Catalogue:
    """Return the indicators in force on a day."""
    return _catalogue(lawbook.get_law_dir(), on)


def list_settings(on: date) -> tuple[Setting, ...]:
    """Return the questions of counting on which provinces differ, with their answers of a day."""
    found = []
    for rule in lawbook.get_subject("indicators/settings").rules.values():
        value = _in_force(rule.dated.in_force, on)
        entry = cast("Mapping[str, Any]", value.value.entry.plain())
        found.append(
            Setting(
                key=rule.key,
                title=Words(vi=rule.title_vi, en=rule.title_en),
                usual=entry["choice"],
                options={name: Words(**words) for name, words in entry["options"].items()},
                note=_words(value),
                source=value.source,
                is_verified=value.is_verified,
            )
        )
    return tuple(found)


def counting_rules(chosen: Mapping[str, str]) -> CountingRules:
    """Return the answers to the questions on which provinces differ as rules of counting."""
    return CountingRules(
        by_day=chosen["on_time"] == "by_day",
        waiting_is_settled=chosen["waiting_for_supplement"] == "settled",
        ended_is_apart=chosen["returned"] == "apart",
    )


def list_forms(on: date) -> tuple[FormDefinition, ...]:
    """Return the forms that the law of a day knows."""
    found = []
    for subject in lawbook.list_subjects():
        if _is_form(subject):
            try:
                found.append(get_form(subject.removeprefix("forms/"), on))
            except CannotFindForm:
                continue
    return tuple(found)


def get_form(key: str, on: date) -> FormDefinition:
    """Return a form as of a day; raise CannotFindForm, or LawRefused where the file is wrong."""
    name = f"forms/{key}"
    if not _is_form(name):
        raise CannotFindForm(
            _("Không có biểu nào mang tên “%(key)s”. Hãy chọn biểu trong danh sách báo cáo.")
            % {"key": key}
        )
    rule = lawbook.get_rule(name, "form")
    try:
        value = rule.dated.in_force(on)
    except NotInForce as error:
        first = rule.dated.values[0].first_day
        raise CannotFindForm(
            _("Biểu “%(form)s” áp dụng cho kỳ kết thúc từ ngày %(day)s. Hãy chọn kỳ muộn hơn.")
            % {"form": rule.title_vi, "day": f"{first:%d/%m/%Y}"}
        ) from error
    return _form(lawbook.get_law_dir(), key, on, value.where)


def _is_form(subject: str) -> bool:
    """Say whether a subject is a form of a report: beside them stand the slips and their words."""
    is_there = subject.startswith("forms/") and subject in lawbook.list_subjects()
    return is_there and "form" in lawbook.get_subject(subject).rules


@lru_cache(maxsize=64)
def _form(_law_dir: Path, key: str, on: date, _where: str) -> FormDefinition:
    rule = lawbook.get_rule(f"forms/{key}", "form")
    value = rule.dated.in_force(on)
    entry = cast("Mapping[str, Any]", value.value.entry.plain())
    catalogue = get_catalogue(on)
    return FormDefinition(
        key=key,
        number=entry["number"],
        title=Words(vi=rule.title_vi, en=rule.title_en),
        is_grid=entry["shape"] == "grid",
        is_of_province=entry.get("whole_province", False),
        rows=tuple(entry.get("rows", ())),
        columns=tuple(_column(each, catalogue, value) for each in entry.get("columns", ())),
        lines=tuple(_line(each, catalogue, value) for each in entry.get("lines", ())),
        identities=tuple(entry.get("identities", ())),
        carries=_carries(entry.get("carries"), catalogue, value),
        note=_words(value),
        source=value.source,
        is_verified=value.is_verified,
    )


def _carries(
    entry: Mapping[str, str] | None, catalogue: Catalogue, value: ValueInForce[Any]
) -> tuple[str, str] | None:
    if entry is None:
        return None
    left, carried = (
        _indicator_named(entry[part], catalogue, value) for part in ("left", "carried_over")
    )
    return left.id, carried.id


def _column(entry: Mapping[str, Any], catalogue: Catalogue, value: ValueInForce[Any]) -> FormColumn:
    return FormColumn(
        number=entry["number"],
        indicator=_indicator_named(entry["indicator"], catalogue, value),
        group=Words(**entry["group"]),
        name=Words(**entry["name"]),
    )


def _line(entry: Mapping[str, Any], catalogue: Catalogue, value: ValueInForce[Any]) -> FormLine:
    code = str(entry["code"])
    if "heading" in entry:
        return FormLine(code=code, name=Words(**entry["heading"]), indicator=None)
    indicator = _indicator_named(entry["indicator"], catalogue, value)
    name = Words(**entry["name"]) if "name" in entry else indicator.name
    level = entry.get("where", {}).get("level", "")
    return FormLine(code=code, name=name, indicator=indicator, level=level)


def _indicator_named(name: str, catalogue: Catalogue, value: ValueInForce[Any]) -> Indicator:
    if name not in catalogue.indicators:
        raise LawRefused(value.where, f"biểu dùng chỉ tiêu “{name}”, không có chỉ tiêu này.")
    return catalogue.indicators[name]


@lru_cache(maxsize=64)
def _catalogue(_law_dir: Path, on: date) -> Catalogue:
    return make_catalogue(_indicators(on), counts=(*list_counts(), *procedure_facts.COUNTS))


def _indicators(on: date) -> Iterator[Indicator]:
    for subject in lawbook.list_subjects():
        if not subject.startswith("indicators/") or subject in _OTHER_SUBJECTS:
            continue
        for rule in lawbook.get_subject(subject).rules.values():
            try:
                value = rule.dated.in_force(on)
            except NotInForce:
                continue
            title = Words(vi=rule.title_vi, en=rule.title_en)
            yield read_indicator(rule.key, title, value)


def read_indicator(key: str, title: Words, value: ValueInForce[Any]) -> Indicator:
    """Return an indicator from its value in the law data; raise LawRefused with file and line."""
    entry = cast("Mapping[str, Any]", value.value.entry.plain())
    if unknown := entry.keys() - _KEYS:
        raise LawRefused(value.where, f"chỉ tiêu “{key}” có mục lạ: {', '.join(sorted(unknown))}.")
    most = entry.get("most")
    return Indicator(
        id=key,
        name=title,
        unit=Words(**entry["unit"]),
        kind=Kind(entry["kind"]),
        decimals=entry["decimals"],
        definition=_words(value),
        source=value.source,
        is_verified=value.is_verified,
        where=value.where,
        counts=entry.get("count", ""),
        formula_text=str(entry.get("formula", "")),
        owner=entry.get("entered_by", ""),
        why_entered=_why_entered(key, entry, value.where),
        dimensions=tuple(entry.get("dimensions", ())),
        missing_is_zero=entry.get("missing") == "zero",
        most=None if most is None else Fraction(str(most)),
    )


def _why_entered(key: str, entry: Mapping[str, Any], where: str) -> Words | None:
    words = entry.get("why_entered")
    if words is None:
        return None
    if not isinstance(words, Mapping) or words.keys() != {"vi", "en"}:
        raise LawRefused(where, f"why_entered của chỉ tiêu “{key}” cần đúng hai lời: vi và en.")
    return Words(**words)


def _words(value: ValueInForce[Any]) -> Words:
    return Words(vi=value.value.text_vi, en=value.value.text_en)


def _in_force(find: Any, on: date) -> ValueInForce[Any]:
    try:
        return cast("ValueInForce[Any]", find(on))
    except NotInForce as error:
        raise CannotFindForm(
            _("Chưa có quy ước đếm hồ sơ cho kỳ kết thúc ngày %(day)s. Hãy chọn kỳ muộn hơn.")
            % {"day": f"{on:%d/%m/%Y}"}
        ) from error

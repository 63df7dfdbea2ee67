"""The narrative report: sections I to IV written from the figures of the forms, none of them typed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from motcua.look import formats
from motcua.reporting.definitions import get_form
from motcua.reporting.facts import Engine
from motcua.reporting.filled_forms import LEVELS, FilledForm, Question, Values, fill_form
from motcua.reporting.unit_and_period import Period, get_province, get_unit

OFFICE_FORM, PROVINCE_FORM = "ii_06a", "reform_form_3"
_FIGURE = re.compile(r"\{(\w+)\.(\w+)\}")
_DECIMALS_LEFT_OUT = ",00"


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """Words of a sentence, or a figure with the place where it is explained."""

    words: str
    form: str = ""
    indicator: str = ""
    row: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A heading with its paragraphs; a table stands behind them where one is asked for."""

    heading: str
    paragraphs: tuple[tuple[Piece, ...], ...]
    has_table: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Narrative:
    """The whole report, the forms it was written from, and the figures that are missing."""

    title: str
    period: Period
    office: FilledForm
    province: FilledForm
    sections: tuple[Section, ...]
    missing: tuple[str, ...]


def write_narrative(period: Period, *, engine: Engine | None = None) -> Narrative:
    """Return the narrative of a period; raise CannotReport where there is no Office or form yet."""
    day = period.last_day
    office = fill_form(
        get_form(OFFICE_FORM, day),
        Question(unit=get_unit(on=day), include_subordinate=False, period=period),
        engine=engine,
    )
    province = fill_form(
        get_form(PROVINCE_FORM, day),
        Question(unit=get_province(on=day), include_subordinate=True, period=period),
        engine=engine,
    )
    text = _text()
    writer = _Writer(office, province)
    sections = tuple(writer.section(section) for section in text["sections"])
    return Narrative(
        title=text["title"],
        period=period,
        office=office,
        province=province,
        sections=sections,
        missing=tuple(writer.missing),
    )


@cache
def _text() -> Mapping[str, Any]:
    file = resources.files("motcua.reporting").joinpath("texts/quarter.yaml")
    text: Mapping[str, Any] = yaml.safe_load(file.read_text("utf-8"))
    return text


class _Writer:
    """Writes sentences, and remembers the figures that it did not find."""

    def __init__(self, office: FilledForm, province: FilledForm) -> None:
        self.office, self.province = office, province
        self.by_level = {line.line.level: line.values for line in province.lines if line.line.level}
        self.missing: dict[str, None] = {}

    def section(self, entry: Mapping[str, Any]) -> Section:
        """Return a section with the sentences whose figures are all there."""
        pieces = [tuple(self._pieces(text)) for text in entry["paragraphs"]]
        return Section(
            heading=entry["heading"],
            paragraphs=tuple(sentence for sentence in pieces if sentence),
            has_table=entry.get("table") == "one_stop",
        )

    def _pieces(self, text: str) -> Iterator[Piece]:
        asked = _FIGURE.findall(text)
        absent = [name for place, name in asked if self._values(place).get(name) is None]
        if absent:
            names = self.office.catalogue.indicators
            self.missing.update(dict.fromkeys(names[name].name.vi for name in absent))
            return
        parts = _FIGURE.split(text)
        for number in range(0, len(parts), 3):
            yield Piece(words=parts[number])
            if number + 1 < len(parts):
                yield self._figure(parts[number + 1], parts[number + 2])

    def _figure(self, place: str, name: str) -> Piece:
        indicator = self.office.catalogue.indicators[name]
        value = indicator.rounded(self._values(place).get(name))
        words = formats.write_number(value, indicator.decimals).removesuffix(_DECIMALS_LEFT_OUT)
        form = OFFICE_FORM if place == "office" else PROVINCE_FORM
        row = place if place in LEVELS else ""
        return Piece(words=words, form=form, indicator=name, row=row)

    def _values(self, place: str) -> Values:
        if place == "office":
            return self.office.total.values
        if place == "province":
            return self.province.total.values
        return self.by_level[place]

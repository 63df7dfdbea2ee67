"""How the one-stop table speaks: its period, its cut-off, and the sum behind a rate, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from motcua.engine.periods import Period as NamedPeriod
from motcua.look import formats
from motcua.reporting.one_stop_table import Column, Figure, Figures, Note, Text
from motcua.reporting.queries import Period, Table


def write_period(period: Period, language: str) -> str:
    """Return a period: "Quý I năm 2023, từ ngày 15/12/2022 đến ngày 14/03/2023"."""
    values = {
        "name": name_period(period.named, language) if period.named else "",
        "first": formats.write_date(period.first_day),
        "last": formats.write_date(period.last_day),
    }
    if period.named:
        return _("%(name)s, từ ngày %(first)s đến ngày %(last)s") % values
    return _("Từ ngày %(first)s đến ngày %(last)s") % values


def name_period(named: NamedPeriod, language: str) -> str:
    """Return what the law calls a period: "Quý I năm 2023"."""
    return named.name_en if language.startswith("en") else named.name_vi


def notes_of(table: Table) -> tuple[Note, ...]:
    """Return what is printed under the table: the choices made, and the law of its period."""
    named = table.period.named
    if named is None:
        return table.definition.footnotes
    days = {
        "first": formats.write_date(named.first_day),
        "last": formats.write_date(named.last_day),
    }
    words = Text(
        vi=f"{named.name_vi} tính từ ngày {days['first']} đến hết ngày {days['last']}.",
        en=f"{named.name_en} runs from {days['first']} to the end of {days['last']}.",
    )
    of_period = Note(words=words, source=named.source, is_verified=named.is_verified)
    return (*table.definition.footnotes, of_period)


def write_cut_off(period: Period) -> str:
    """Return until when the figures are known."""
    if period.is_provisional:
        return _("Kỳ chưa kết thúc: số liệu tạm tính đến %(moment)s") % {
            "moment": formats.write_moment(period.cut_off)
        }
    return _("Số liệu chốt lúc hết ngày %(day)s") % {"day": formats.write_date(period.last_day)}


def write_figure(column: Column, figure: Figure) -> str:
    """Return a figure as it is printed: 1.234, 99,48 or "–"."""
    return formats.write_number(figure, column.rate.decimals if column.rate else 0)


def write_rate(column: Column, figures: Figures) -> str:
    """Return the sum behind a rate, with its numbers: "190 ÷ 191 × 100 = 99,48"."""
    rate = column.rate
    if rate is None:
        return ""
    values = {
        "part": formats.write_number(figures[rate.numerator]),
        "whole": formats.write_number(figures[rate.denominator]),
        "times": formats.write_number(rate.times),
        "rate": write_figure(column, figures[column.id]),
    }
    if figures[column.id] is None:
        return _("%(part)s ÷ %(whole)s: không chia được cho 0, nên không có tỷ lệ (–)") % values
    return _("%(part)s ÷ %(whole)s × %(times)s = %(rate)s") % values


def unverified_mark() -> str:
    """Return what is printed behind a source that was not compared with the original."""
    return _("chưa kiểm tra")

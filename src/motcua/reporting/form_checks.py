"""Checks under a form: its identities with their numbers, and what came over from the period before."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from motcua.look import formats
from motcua.reporting.filled_forms import FilledForm, Question, total_of
from motcua.reporting.form_pages import address_of, write_figure
from motcua.reporting.unit_and_period import CannotReport, get_period, require_existence

_NAME = re.compile(r"[a-z_]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """A check of a form: the rule by columns, the figures of the total row, where to look further.

    `holds` says whether it holds in every row, the total among them.
    """

    rule: str
    figures: str
    holds: bool
    url: str = ""
    link: str = ""


def list_checks(
    filled: FilledForm, *, chosen: Mapping[str, str], language: str, now: datetime
) -> tuple[Check, ...]:
    """Return every check of a form; that of the period before leads to its form."""
    return (*_identities(filled, language), *_carried(filled, chosen, language, now=now))


def _identities(filled: FilledForm, language: str) -> Iterator[Check]:
    indicators, values = filled.catalogue.indicators, filled.total.values
    for identity in filled.form.identities:
        yield Check(
            rule=_NAME.sub(lambda name: _column(filled, name[0], language), identity),
            figures=_NAME.sub(lambda name: write_figure(indicators[name[0]], values), identity),
            holds=identity not in filled.broken,
        )


def _column(filled: FilledForm, name: str, language: str) -> str:
    """Return the number over an indicator's column, or its name where it has none."""
    numbers = {one.indicator.id: one.number for one in filled.form.columns}
    return numbers.get(name) or filled.catalogue.indicators[name].name.text(language)


def _carried(
    filled: FilledForm, chosen: Mapping[str, str], language: str, *, now: datetime
) -> Iterator[Check]:
    """Yield what this period begins with beside what the one before left open, where that is known."""
    carries, before = filled.form.carries, _question_before(filled.question, now=now)
    if carries is None or before is None:
        return
    left, carried = carries
    left_open, carried_over = total_of(before, left), filled.total.values.get(carried)
    indicators = filled.catalogue.indicators
    yield Check(
        rule=_("%(carried)s của kỳ này = %(left)s của kỳ trước")
        % {
            "carried": _column(filled, carried, language),
            "left": _column(filled, left, language),
        },
        figures=f"{write_figure(indicators[carried], {carried: carried_over})} = "
        f"{write_figure(indicators[left], {left: left_open})}",
        holds=left_open == carried_over,
        url=address_of(filled.form.key, before, chosen).of("form"),
        link=_("Biểu của kỳ trước, %(first)s–%(last)s")
        % {
            "first": formats.write_date(before.period.first_day),
            "last": formats.write_date(before.period.last_day),
        },
    )


def _question_before(question: Question, *, now: datetime) -> Question | None:
    """Return the same question of as many days before; None where nothing can be known of them.

    What was open on their last day does not depend on the first.
    """
    period = question.period
    last_day = period.first_day - timedelta(days=1)
    first_day = last_day - (period.last_day - period.first_day)
    try:
        before = get_period(first_day=first_day, last_day=last_day, now=now)
        require_existence(question.unit, before)
    except CannotReport:
        return None
    return replace(question, period=before)

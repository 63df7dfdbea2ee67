"""Checks under a form: its identities with their numbers, and what came over from the period before."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction

from django.utils.translation import gettext as _

from motcua.look import formats
from motcua.reporting.filled_forms import FilledForm, Question, total_of
from motcua.reporting.form_pages import address_of, write_figure
from motcua.reporting.unit_and_period import CannotReport, get_period, require_existence

_NAME = re.compile(r"[a-z_]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """An identity of a form: by the numbers of its columns, with the figures of the total row.

    `holds` says whether it holds in every row, the total among them.
    """

    columns: str
    figures: str
    holds: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Carried:
    """What this period begins with beside what the period before left open; both by their columns."""

    left_column: str
    carried_column: str
    left_open: Fraction | None
    carried_over: Fraction | None
    before: Question

    @property
    def holds(self) -> bool:
        """Whether nothing was lost or found between the two periods."""
        return self.left_open == self.carried_over


def list_identities(filled: FilledForm) -> tuple[Identity, ...]:
    """Return the identities of a form as its law writes them, and with the figures of its total."""
    indicators, values = filled.catalogue.indicators, filled.total.values

    def column(found: re.Match[str]) -> str:
        return _column_of(filled, found[0])

    def figure(found: re.Match[str]) -> str:
        return write_figure(indicators[found[0]], values)

    return tuple(
        Identity(
            columns=_NAME.sub(column, identity),
            figures=_NAME.sub(figure, identity),
            holds=identity not in filled.broken,
        )
        for identity in filled.form.identities
    )


def _column_of(filled: FilledForm, name: str) -> str:
    """Return the number over an indicator's column, or its name where it has none."""
    numbers = {one.indicator.id: one.number for one in filled.form.columns}
    return numbers.get(name) or filled.catalogue.indicators[name].name.vi


def find_carried(filled: FilledForm, *, now: datetime) -> Carried | None:
    """Return what came over from as many days before; None where the form or the past knows nothing.

    The period before ends on the eve of this one: what was open then does not depend on its first day.
    """
    carries, period = filled.form.carries, filled.question.period
    if carries is None:
        return None
    last_day = period.first_day - timedelta(days=1)
    first_day = last_day - (period.last_day - period.first_day)
    try:
        before = get_period(first_day=first_day, last_day=last_day, now=now)
        require_existence(filled.question.unit, before)
    except CannotReport:
        return None
    left, carried = carries
    question = replace(filled.question, period=before)
    return Carried(
        left_column=_column_of(filled, left),
        carried_column=_column_of(filled, carried),
        left_open=total_of(question, left),
        carried_over=filled.total.values.get(carried),
        before=question,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckShown:
    """A check as the page shows it: the rule, its figures, whether it holds, where to look further."""

    rule: str
    figures: str
    holds: bool
    url: str = ""
    link: str = ""


def show_checks(
    filled: FilledForm, *, chosen: Mapping[str, str], now: datetime
) -> tuple[CheckShown, ...]:
    """Return every check of a form; that of the period before leads to its form."""
    shown = [
        CheckShown(rule=one.columns, figures=one.figures, holds=one.holds)
        for one in list_identities(filled)
    ]
    found = find_carried(filled, now=now)
    if found is not None:
        indicators = filled.catalogue.indicators
        left, carried = filled.form.carries or ("", "")
        before = found.before.period
        shown.append(
            CheckShown(
                rule=_("%(carried)s của kỳ này = %(left)s của kỳ trước")
                % {"carried": found.carried_column, "left": found.left_column},
                figures=f"{write_figure(indicators[carried], {carried: found.carried_over})} = "
                f"{write_figure(indicators[left], {left: found.left_open})}",
                holds=found.holds,
                url=address_of(filled.form.key, found.before, chosen).of("form"),
                link=_("Biểu của kỳ trước, %(first)s–%(last)s")
                % {
                    "first": formats.write_date(before.first_day),
                    "last": formats.write_date(before.last_day),
                },
            )
        )
    return tuple(shown)

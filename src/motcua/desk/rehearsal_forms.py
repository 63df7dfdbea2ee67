"""What people choose for a rehearsal: the period by its name in law, and the unit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy

from motcua.engine.periods import Period
from motcua.lawbook import queries as lawbook
from motcua.look import formats


class RehearsalForm(forms.Form):
    """A period, a unit, and whether the units below it count too."""

    period = forms.ChoiceField(label=gettext_lazy("Hồ sơ tiếp nhận trong kỳ"))
    unit = forms.ChoiceField(label=gettext_lazy("Đơn vị giải quyết"))
    with_subordinate = forms.BooleanField(
        label=gettext_lazy("Cộng cả các đơn vị trực thuộc"), required=False, initial=True
    )

    def __init__(
        self,
        data: Any,
        *,
        periods: Iterable[Period],
        units: Iterable[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        """Offer these periods and units; the newest finished quarter is chosen at first."""
        super().__init__(data, **kwargs)
        self.periods = {period.name: period for period in periods}
        choices: Any = [(name, _named(period)) for name, period in self.periods.items()]
        self.fields["period"].choices = choices  # type: ignore[attr-defined]
        self.fields["unit"].choices = list(units)  # type: ignore[attr-defined]

    @property
    def chosen_period(self) -> Period:
        """The period that was chosen; the form must be valid."""
        return self.periods[self.cleaned_data["period"]]


def _named(period: Period) -> str:
    name = period.name_en if (get_language() or "vi").startswith("en") else period.name_vi
    days = f"{formats.write_date(period.first_day)} – {formats.write_date(period.last_day)}"
    return f"{name} ({days})"


def list_periods(today: date) -> tuple[Period, ...]:
    """Return the periods of the last three years that have begun, the last finished quarter first."""
    found: list[Period] = []
    for year in range(today.year + 1, today.year - 3, -1):
        try:
            found += lawbook.list_periods(year=year)
        except LookupError:
            break  # no rule for earlier years
    begun = sorted(
        (period for period in found if period.first_day <= today),
        key=lambda period: (period.last_day, period.first_day),
        reverse=True,
    )
    return tuple(
        sorted(begun, key=lambda period: not ("-Q" in period.name and period.last_day < today))
    )

"""The form that asks for a one-stop table: which unit, which period."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from motcua.engine.periods import Period as NamedPeriod
from motcua.look import formats
from motcua.look.inputs import DayField
from motcua.reporting import queries, wording

_LEVELS = {
    "PROVINCE": gettext_lazy("Cấp tỉnh"),
    "DISTRICT": gettext_lazy("Cấp huyện"),
    "COMMUNE": gettext_lazy("Cấp xã"),
    "VERTICAL": gettext_lazy("Ngành dọc"),
}


class OneStopForm(forms.Form):
    """Which unit and which period: a period that the law names, or days of one's own."""

    unit = forms.CharField(
        label=gettext_lazy("Đơn vị"),
        max_length=60,
        widget=forms.Select,
        error_messages={"required": gettext_lazy("Hãy chọn đơn vị cần lập bảng.")},
    )
    period = forms.CharField(
        label=gettext_lazy("Kỳ báo cáo"), max_length=20, required=False, widget=forms.Select
    )
    first_day = DayField(label=gettext_lazy("Từ ngày"), required=False)
    last_day = DayField(label=gettext_lazy("Đến hết ngày"), required=False)
    include_subordinate = forms.BooleanField(
        label=gettext_lazy("Cộng cả các đơn vị trực thuộc"), required=False
    )

    def __init__(
        self,
        data: Any,
        *,
        units: Iterable[queries.UnitChoice],
        periods: Iterable[NamedPeriod],
    ) -> None:
        super().__init__(data)
        for name, choices in (("unit", _unit_choices(units)), ("period", _period_choices(periods))):
            widget = self.fields[name].widget
            if isinstance(widget, forms.Select):
                widget.choices = choices

    def clean(self) -> dict[str, Any]:
        """Turn a named period into its days; without one, ask for both days."""
        cleaned: dict[str, Any] = super().clean() or {}
        if name := cleaned.get("period"):
            try:
                period = queries.get_named_period(name)
            except queries.CannotReportPeriod as refusal:
                raise forms.ValidationError({"period": str(refusal)}) from refusal
            cleaned.update(first_day=period.first_day, last_day=period.last_day)
            return cleaned
        for day in ("first_day", "last_day"):
            if cleaned.get(day) is None and day not in self.errors:
                self.add_error(day, _("Hãy chọn một kỳ báo cáo, hoặc ghi ngày này."))
        return cleaned


def _unit_choices(units: Iterable[queries.UnitChoice]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the units by level; one that has ended says since when."""
    order = list(_LEVELS)
    by_level = sorted(units, key=lambda unit: order.index(unit.level))
    return [
        (str(_LEVELS[level]), [(unit.code, _unit_label(unit)) for unit in members])
        for level, members in groupby(by_level, key=lambda unit: unit.level)
    ]


def _unit_label(unit: queries.UnitChoice) -> str:
    if unit.ends_on is None:
        return unit.name
    day = formats.write_date(unit.ends_on)
    return _("%(unit)s (kết thúc %(day)s)") % {"unit": unit.name, "day": day}


def _period_choices(periods: Iterable[NamedPeriod]) -> list[tuple[str, Any]]:
    """Return the named periods with their days, by the year in which they end."""
    own: list[tuple[str, Any]] = [("", _("Khoảng ngày tự chọn"))]
    for year, members in groupby(periods, key=lambda period: period.last_day.year):
        own.append((str(year), [(period.name, _period_label(period)) for period in members]))
    return own


def _period_label(period: NamedPeriod) -> str:
    name = wording.name_period(period, get_language() or "vi")
    first, last = formats.write_date(period.first_day), formats.write_date(period.last_day)
    return f"{name} ({first}–{last})"

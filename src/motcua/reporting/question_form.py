"""The form that asks for a filled form: unit, period, how rows are told apart, how is counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy

from motcua.engine.periods import Period as NamedPeriod
from motcua.reporting import queries
from motcua.reporting.definitions import FormDefinition, Setting, counting_rules
from motcua.reporting.facts import CountingRules
from motcua.reporting.forms import OneStopForm

ROW_NAMES = {
    "field": gettext_lazy("lĩnh vực"),
    "unit": gettext_lazy("đơn vị"),
    "level": gettext_lazy("cấp chính quyền"),
}


class QuestionForm(OneStopForm):
    """What a form is filled for, with the settings on which provinces differ."""

    rows_by = forms.ChoiceField(label=gettext_lazy("Mỗi dòng là một"), required=False)
    casts_back = forms.BooleanField(
        label=gettext_lazy("Tính số của đơn vị đã sáp nhập cho đơn vị kế thừa"), required=False
    )

    def __init__(
        self,
        data: Any,
        *,
        units: Iterable[queries.UnitChoice],
        periods: Iterable[NamedPeriod],
        definition: FormDefinition,
        settings: Iterable[Setting],
    ) -> None:
        super().__init__(data, units=units, periods=periods)
        language = get_language() or "vi"
        self.settings = {setting.key: setting for setting in settings}
        self.rows = definition.rows
        rows = self.fields["rows_by"]
        assert isinstance(rows, forms.ChoiceField)
        rows.choices = [(name, ROW_NAMES[name]) for name in self.rows]
        if not self.rows:
            del self.fields["rows_by"]
        if definition.is_of_province:
            del self.fields["include_subordinate"]
            del self.fields["unit"]
        for setting in self.settings.values():
            self.fields[setting.key] = forms.ChoiceField(
                label=setting.title.text(language),
                choices=[(key, words.text(language)) for key, words in setting.options.items()],
                required=False,
            )

    def chosen(self) -> dict[str, str]:
        """Return the chosen answer of each setting."""
        return {
            key: self.cleaned_data.get(key) or setting.usual
            for key, setting in self.settings.items()
        }

    def rules(self) -> CountingRules:
        """Return the chosen answers as rules of counting."""
        return counting_rules(self.chosen())

    def row_part(self) -> str:
        """Return how rows are told apart."""
        return self.cleaned_data.get("rows_by") or (self.rows[0] if self.rows else "level")

    def days(self) -> tuple[date, date]:
        """Return the first and last day asked for."""
        return self.cleaned_data["first_day"], self.cleaned_data["last_day"]


def filled_in(data: Mapping[str, str], settings: Iterable[Setting], rows: tuple[str, ...]) -> Any:
    """Return the answers given, with the usual ones where none was given."""
    usual = {setting.key: setting.usual for setting in settings}
    usual["rows_by"] = rows[0] if rows else ""
    return {**usual, **{key: data[key] for key in data}}

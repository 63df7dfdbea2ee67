"""What is typed to name a stand-in: who is away, who works in their stead, on which days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.look.inputs import DayField
from motcua.people.absence_queries import Colleague


def _person_field(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        coerce=int,
        error_messages={
            "required": gettext_lazy("Hãy chọn một người."),
            "invalid_choice": gettext_lazy(
                "Người này không có trong danh sách của anh/chị. Hãy chọn lại."
            ),
        },
    )


class StandInForm(forms.Form):
    """Who is away, who stands in, from which day to which day (both inclusive)."""

    absent = _person_field(gettext_lazy("Người vắng"))
    stand_in = _person_field(gettext_lazy("Người làm thay"))
    first_day = DayField(label=gettext_lazy("Ngày đầu"))
    last_day = DayField(label=gettext_lazy("Ngày cuối"))

    def __init__(
        self, data: Any, *, absent: Iterable[Colleague], stand_ins: Iterable[Colleague], **more: Any
    ) -> None:
        super().__init__(data, **more)
        offered = [("", _("Chọn một người")), *map(_choice, stand_ins)]
        for name, choices in (("absent", list(map(_choice, absent))), ("stand_in", offered)):
            field = self.fields[name]
            if isinstance(field, forms.TypedChoiceField):
                field.choices = choices

    @property
    def ends_on(self) -> date:
        """The first day after the absence."""
        last_day: date = self.cleaned_data["last_day"]
        return last_day + timedelta(days=1)


def _choice(one: Colleague) -> tuple[int, str]:
    return (one.id, f"{one.full_name} ({one.posts})")

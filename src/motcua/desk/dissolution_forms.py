"""What is typed to dissolve an agency: who goes on, the last day, the decision; and to take it back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.look.inputs import DayField


class DissolveForm(forms.Form):
    """The successor by its code, the last day on which the agency works, and the decision."""

    decision_number = forms.CharField(
        label=gettext_lazy("Số văn bản"),
        max_length=100,
        help_text=gettext_lazy("Nghị quyết hoặc quyết định giải thể, ví dụ 12/NQ-HĐND."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Hãy ghi số văn bản giải thể.")},
    )
    decision_date = DayField(label=gettext_lazy("Ngày văn bản"))
    last_day = DayField(label=gettext_lazy("Ngày hoạt động cuối"))
    successor = forms.ChoiceField(
        label=gettext_lazy("Cơ quan kế thừa"),
        required=False,
        error_messages={
            "invalid_choice": gettext_lazy(
                "Cơ quan này không nhận việc được. Hãy chọn cơ quan trong danh sách."
            )
        },
    )

    def __init__(self, data: Any, *, successors: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(data, **more)
        field = self.fields["successor"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("Không có, cơ quan không còn việc")), *successors]


class UndoForm(forms.Form):
    """Why a dissolution is taken back."""

    reason = forms.CharField(
        label=gettext_lazy("Lý do hủy"),
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Hãy ghi lý do hủy.")},
    )

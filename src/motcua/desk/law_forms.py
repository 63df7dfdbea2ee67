"""What people type on the pages of the law: a day, two days to compare."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.look.inputs import DayField


class DayForm(forms.Form):
    """The day on which the law is looked at."""

    on = DayField(label=gettext_lazy("Xem vào ngày"), required=False)


class CompareForm(forms.Form):
    """Two days whose law is compared; the address calls them from and to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Add the fields here, since `from` is no name in Python."""
        super().__init__(*args, **kwargs)
        self.fields["from"] = DayField(label=gettext_lazy("Ngày trước"), required=True)
        self.fields["to"] = DayField(label=gettext_lazy("Ngày sau"), required=True)

    def clean(self) -> dict[str, Any]:
        """Refuse days that are not one before the other."""
        found: dict[str, Any] = super().clean() or {}
        first, second = found.get("from"), found.get("to")
        if isinstance(first, date) and isinstance(second, date) and first >= second:
            raise forms.ValidationError(
                _(
                    "Ngày trước (%(first)s) phải sớm hơn ngày sau (%(second)s). Hãy đổi chỗ hai ngày "
                    "hoặc chọn ngày khác."
                )
                % {"first": f"{first:%d/%m/%Y}", "second": f"{second:%d/%m/%Y}"}
            )
        return found

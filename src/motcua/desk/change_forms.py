"""What people type in the course of a draft: why, an answer, a decision, and from which day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from motcua.look.inputs import DayField

LONGEST_REASON = 2000
LONGEST_NUMBER = 100


def _text(label: Any, *, missing: Any = "", help_text: Any = "", rows: int = 2) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=LONGEST_REASON,
        required=bool(missing),
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": missing} if missing else None,
    )


def _number(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONGEST_NUMBER,
        error_messages={"required": gettext_lazy("Hãy ghi số quyết định.")},
    )


class SendForm(forms.Form):
    """What to tell those who are asked."""

    note = _text(gettext_lazy("Lời gửi các cơ quan"))


class TakeBackForm(forms.Form):
    """Why the draft is taken back."""

    reason = _text(gettext_lazy("Lý do lấy lại"), missing=gettext_lazy("Hãy ghi lý do lấy lại."))


class AnswerForm(forms.Form):
    """Consent, or objection with its reason."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Ý kiến của cơ quan"),
        choices=[
            ("CONSENT", gettext_lazy("Đồng ý")),
            ("OBJECTION", gettext_lazy("Không đồng ý")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Hãy chọn “Đồng ý” hoặc “Không đồng ý”.")},
    )
    reason = _text(
        gettext_lazy("Lý do"),
        help_text=gettext_lazy("Bắt buộc khi không đồng ý; cơ quan soạn đọc được."),
    )


class OverrideForm(forms.Form):
    """Why to go on in spite of an agency, and by which decision."""

    reason = _text(
        gettext_lazy("Lý do quyết định thay"),
        missing=gettext_lazy("Hãy ghi lý do quyết định thay."),
    )
    decision = _number(gettext_lazy("Số quyết định"))


class PublishForm(forms.Form):
    """The decision, and the first day of the version."""

    number = _number(gettext_lazy("Số quyết định công bố"))
    decided_on = DayField(label=gettext_lazy("Ngày ký"), required=True)
    starts_on = DayField(label=gettext_lazy("Áp dụng từ ngày"), required=True)


class RetireForm(forms.Form):
    """From which day a version no longer holds, why, and by which decision."""

    ends_on = DayField(label=gettext_lazy("Thôi áp dụng từ ngày"), required=True)
    reason = _text(gettext_lazy("Lý do"), missing=gettext_lazy("Hãy ghi lý do."))
    number = _number(gettext_lazy("Số quyết định"))
    decided_on = DayField(label=gettext_lazy("Ngày ký"), required=True)


class RepublishForm(forms.Form):
    """Why callers are published anew, and from which day."""

    note = _text(gettext_lazy("Lý do công bố lại"), missing=gettext_lazy("Hãy ghi lý do."))
    starts_on = DayField(label=gettext_lazy("Áp dụng từ ngày"), required=True)


class PeriodForm(forms.Form):
    """From which day to which the register is shown."""

    first_day = DayField(label=gettext_lazy("Từ ngày"), required=False)
    last_day = DayField(label=gettext_lazy("Đến ngày"), required=False)

    def days(self) -> tuple[date | None, date | None]:
        """Return the two days; what is no day narrows nothing."""
        known = self.cleaned_data if self.is_valid() else {}
        return known.get("first_day"), known.get("last_day")

"""What is typed about the post: what arrived, and how a result ended its way."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy

from motcua.engine.moments import VIETNAM
from motcua.look.inputs import ClockField, DayField


class ArrivalForm(forms.Form):
    """A dossier that the post brought."""

    tracking_number = forms.CharField(
        label=gettext_lazy("Số hiệu bưu gửi"),
        max_length=40,
        error_messages={
            "required": gettext_lazy("Chưa nhập số hiệu bưu gửi. Hãy quét mã trên bưu gửi.")
        },
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    sender_name = forms.CharField(
        label=gettext_lazy("Người gửi"),
        max_length=200,
        error_messages={"required": gettext_lazy("Chưa nhập tên người gửi ghi trên bưu gửi.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    sender_phone = forms.CharField(
        label=gettext_lazy("Số điện thoại"), max_length=20, required=False
    )
    contents = forms.CharField(
        label=gettext_lazy("Thủ tục hoặc nội dung ghi trên bưu gửi"), max_length=300, required=False
    )


class DeliveryForm(forms.Form):
    """Who received a result from the postman, and when."""

    delivered_to = forms.CharField(
        label=gettext_lazy("Người đã nhận"),
        max_length=200,
        error_messages={"required": gettext_lazy("Chưa nhập tên người đã nhận.")},
        help_text=gettext_lazy("Theo giấy báo phát của bưu chính."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    day = DayField(label=gettext_lazy("Ngày phát"), required=True)
    clock = ClockField(label=gettext_lazy("Giờ phát"))

    def delivered_at(self) -> datetime:
        """Return the moment of delivery; call it on a valid form."""
        moment = datetime.combine(self.cleaned_data["day"], self.cleaned_data["clock"])
        return moment.replace(tzinfo=VIETNAM)


class FailureForm(forms.Form):
    """Why the post brought a result back."""

    reason = forms.CharField(
        label=gettext_lazy("Lý do không phát được"),
        max_length=300,
        error_messages={"required": gettext_lazy("Chưa ghi lý do, theo giấy chuyển hoàn.")},
    )

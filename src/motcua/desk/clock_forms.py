"""What people type when they move the clock of a case, end it, or ask another agency about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.cases.clock_queries import Act
from motcua.desk.forms import Line
from motcua.look.inputs import DayField

LONGEST_REASON = 4000
_TOO_LONG = gettext_lazy("Dài quá %(limit_value)d ký tự. Hãy viết ngắn hơn.")


def _text(label: Any, help_text: Any = "", *, required: bool = True) -> Line:
    return Line(
        label=label,
        help_text=help_text,
        required=required,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": _TOO_LONG},
    )


class ActForm(forms.Form):
    """The words and the day that belong to one act; whether the law allows it, the action judges."""

    use_required_attribute = False

    def __init__(
        self,
        *args: Any,
        act: Act,
        is_second: bool = False,
        is_late: bool = False,
        agencies: list[tuple[str, str]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if act is Act.EXTEND:
            self.fields["until"] = DayField(label=_("Ngày hẹn mới"))
        if act is Act.CONSULT:
            choices = [("", _("Chọn cơ quan")), *(agencies or [])]
            self.fields["agency"] = forms.ChoiceField(
                label=_("Cơ quan được hỏi"),
                choices=choices,
                error_messages={
                    "required": _("Hãy chọn cơ quan được hỏi."),
                    "invalid_choice": _("Hãy chọn một cơ quan còn hoạt động trong danh sách."),
                },
            )
            self.fields["limit"] = Line(
                label=_("Trả lời trong"),
                help_text=_("Ví dụ: 3 ngày làm việc, 8 giờ."),
                max_length=40,
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )
        self.fields["reason"] = _REASONS[act]()
        if is_second and act is Act.REQUEST_SUPPLEMENT:
            self.fields["is_second_meant"] = forms.BooleanField(
                label=_("Tôi biết đã yêu cầu một lần và vẫn phải yêu cầu thêm"), required=False
            )
        if is_late and act is Act.RETURN_FILE:
            self.fields["is_late_meant"] = forms.BooleanField(
                label=_("Tôi biết đã quá hạn trả lại và vẫn phải trả lại"), required=False
            )


def _note() -> Line:
    return _text(_("Ghi chú"), required=False)


_REASONS: dict[Act, Callable[[], Line]] = {
    Act.REQUEST_SUPPLEMENT: lambda: _text(
        _("Cần bổ sung gì, vì sao"), _("Người dân đọc nguyên văn trên phiếu yêu cầu bổ sung.")
    ),
    Act.TAKE_SUPPLEMENT: _note,
    Act.RETURN_FILE: lambda: _text(
        _("Chưa đủ điều kiện ở điểm nào, cần hoàn thiện gì"),
        _("Người dân đọc nguyên văn trên thông báo trả lại hồ sơ."),
    ),
    Act.TAKE_FILE_AGAIN: _note,
    Act.REQUEST_PAYMENT: lambda: _text(_("Khoản phải nộp và số tiền")),
    Act.RECORD_PAYMENT: _note,
    Act.EXTEND: lambda: _text(
        _("Lý do chậm"), _("Người dân đọc nguyên văn trên phiếu xin lỗi và hẹn lại.")
    ),
    Act.CONSULT: lambda: _text(_("Nội dung cần lấy ý kiến")),
    Act.REFUSE: lambda: _text(_("Lý do từ chối"), _("Người dân đọc nguyên văn trên thông báo.")),
    Act.STOP: lambda: _text(_("Lý do dừng"), _("Người dân đọc nguyên văn trên thông báo.")),
    Act.WITHDRAW: lambda: _text(_("Lý do người dân nêu khi rút")),
}


class AnswerForm(forms.Form):
    """The opinion of an agency that was asked."""

    use_required_attribute = False

    answer = _text(gettext_lazy("Ý kiến trả lời"))


class TakeBackForm(forms.Form):
    """Why something recorded by mistake is taken back."""

    use_required_attribute = False

    reason = _text(
        gettext_lazy("Vì sao thu hồi"), gettext_lazy("Ghi vào nhật ký cùng với việc đã ghi nhầm.")
    )

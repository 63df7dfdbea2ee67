"""What is typed when a result is drafted, numbered, handed over, put into the archive or revoked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from motcua.look.inputs import DayField

_LINE = {"autocomplete": "off"}


class DraftForm(forms.Form):
    """The file that is to be the result, and what it is called."""

    use_required_attribute = False

    file = forms.FileField(
        label=gettext_lazy("Tệp kết quả"),
        max_length=200,
        allow_empty_file=True,
        help_text=gettext_lazy("PDF, JPG, PNG, DOCX hoặc XLSX, tối đa 20 MB."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.docx,.xlsx"}),
    )
    title = forms.CharField(
        label=gettext_lazy("Tên kết quả"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Ví dụ: Giấy phép khai thác nước dưới đất. Để trống: lấy tên tệp."),
        widget=forms.TextInput(attrs=_LINE),
    )


class SignForm(forms.Form):
    """Nothing: who signs is who is signed in."""


class NumberForm(forms.Form):
    """The number and the date of the document."""

    use_required_attribute = False

    document_number = forms.CharField(
        label=gettext_lazy("Số, ký hiệu văn bản"),
        max_length=60,
        help_text=gettext_lazy("Ví dụ: 125/GP-UBND."),
        widget=forms.TextInput(attrs=_LINE),
    )
    document_date = DayField(label=gettext_lazy("Ngày văn bản"))


class ReplacementForm(forms.Form):
    """Who receives the result that replaces a revoked one."""

    use_required_attribute = False

    handed_over_to = forms.CharField(
        label=gettext_lazy("Người nhận kết quả"),
        max_length=200,
        help_text=gettext_lazy("Ghi họ tên người đến nhận, theo giấy tờ của họ."),
        widget=forms.TextInput(attrs=_LINE),
    )


class ArchiveForm(forms.Form):
    """Where the result lies."""

    use_required_attribute = False

    place = forms.CharField(
        label=gettext_lazy("Nơi lưu"),
        max_length=200,
        help_text=gettext_lazy("Ví dụ: hộp 12, kệ 3, kho lưu trữ Văn phòng."),
        widget=forms.TextInput(attrs=_LINE),
    )


class RevokeForm(forms.Form):
    """The decision that revokes, and why."""

    use_required_attribute = False

    decision = forms.CharField(
        label=gettext_lazy("Quyết định thu hồi"),
        max_length=100,
        help_text=gettext_lazy("Số, ký hiệu và ngày, ví dụ: 12/QĐ-VP ngày 20/03/2023."),
        widget=forms.TextInput(attrs=_LINE),
    )
    reason = forms.CharField(
        label=gettext_lazy("Lý do thu hồi"),
        max_length=4000,
        help_text=gettext_lazy("Người dân đọc nguyên văn trong tin báo."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class UndoForm(forms.Form):
    """Why something recorded by mistake is taken back."""

    use_required_attribute = False

    reason = forms.CharField(
        label=gettext_lazy("Vì sao rút lại"),
        max_length=4000,
        help_text=gettext_lazy("Ghi vào nhật ký cùng với việc đã ghi nhầm."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


FORMS: dict[str, type[forms.Form]] = {
    "ky": SignForm,
    "cap-so": NumberForm,
    "tra": ReplacementForm,
    "luu-tru": ArchiveForm,
    "thu-hoi": RevokeForm,
    "rut-chu-ky": UndoForm,
    "rut-luu-tru": UndoForm,
    "rut-viec-tra": UndoForm,
}


def form_of(slug: str, sent: Any = None) -> forms.Form:
    """Return the form of an act; its boxes have ids of their own, since a page holds several."""
    return FORMS[slug](sent, auto_id=f"{slug}-%s")

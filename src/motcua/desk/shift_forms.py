"""What is typed at the end of a shift: the cash that was counted, who takes it, what they must know."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy


class ShiftForm(forms.Form):
    """The hand-over of a shift."""

    next_clerk = forms.TypedChoiceField(
        label=gettext_lazy("Người nhận ca"),
        coerce=int,
        error_messages={"required": gettext_lazy("Chưa chọn người nhận ca.")},
    )
    cash = forms.CharField(
        label=gettext_lazy("Tiền mặt đã thu (đồng)"),
        max_length=20,
        help_text=gettext_lazy("Đếm tiền trong ngăn kéo rồi ghi số đồng; không thu thì ghi 0."),
        error_messages={"required": gettext_lazy("Chưa ghi số tiền đã thu; không thu thì ghi 0.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    note = forms.CharField(
        label=gettext_lazy("Điều người nhận ca cần biết"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any = None, *, clerks: Iterable[tuple[int, str]]) -> None:
        super().__init__(data)
        choices = [("", gettext_lazy("Chọn một người")), *clerks]
        self.fields["next_clerk"].choices = choices  # type: ignore[attr-defined]

    def clean_cash(self) -> int:
        """Return whole đồng, written with or without dots between the thousands."""
        text = re.sub(r"[\s.]", "", self.cleaned_data["cash"])
        if not (text.isascii() and text.isdecimal() and len(text) <= 12):
            raise forms.ValidationError(
                gettext_lazy("Số tiền phải là số đồng, ví dụ 150.000; không thu thì ghi 0.")
            )
        return int(text)

"""What people type to write the words of a slip, to look at them, and to take the law's words back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.cases.slip_words import PARTS
from motcua.cases.slips import PAPERS
from motcua.look.inputs import DayField

if TYPE_CHECKING:
    from motcua.cases.slip_text_queries import SlipShown

_PART = "part_"
_LEAST_ROWS, _MOST_ROWS = 2, 16


def reason_field() -> forms.CharField:
    """Return the box for why the words change."""
    return forms.CharField(
        label=gettext_lazy("Lý do"),
        max_length=500,
        error_messages={"required": gettext_lazy("Hãy ghi lý do sửa lời của giấy.")},
    )


class WordsForm(forms.Form):
    """The words of a slip, part by part; for looking at them, with which case and on which paper."""

    starts_on = DayField(label=gettext_lazy("Có hiệu lực từ ngày"))
    reason = reason_field()
    case_code = forms.CharField(
        label=gettext_lazy("Mã hồ sơ thật"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Để trống: xem trước với hồ sơ mẫu."),
    )
    paper = forms.ChoiceField(
        label=gettext_lazy("Khổ giấy xem trước"),
        choices=[(paper, paper) for paper in PAPERS],
        required=False,
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self,
        data: Any,
        *,
        shown: SlipShown,
        seen: int,
        today: date,
        is_preview: bool,
        has_case: bool,
    ) -> None:
        """Make a box for each part; a preview needs neither day nor reason."""
        initial = {
            "starts_on": today,
            "seen": seen,
            "paper": shown.form.paper,
            **{f"{_PART}{part.part}": part.text for part in shown.parts},
        }
        super().__init__(data, initial=initial)
        boxes = {f"{_PART}{part.part}": _words_box(part.part, part.text) for part in shown.parts}
        self.fields = {**boxes, **self.fields}
        for name in ("starts_on", "reason") if is_preview else ():
            self.fields[name].required = False
        if not has_case:
            del self.fields["case_code"], self.fields["paper"]

    @property
    def boxes(self) -> list[forms.BoundField]:
        """Return the boxes of the parts, in the order in which they stand on the slip."""
        return [self[name] for name in self.fields if name.startswith(_PART)]

    @property
    def texts(self) -> dict[str, str]:
        """Return what was typed, by part."""
        return {
            name.removeprefix(_PART): text
            for name, text in self.cleaned_data.items()
            if name.startswith(_PART)
        }

    def tell(self, problems: dict[str, tuple[str, ...]]) -> None:
        """Put each problem beside the box that it is about."""
        for where, texts in problems.items():
            name = where if where in self.fields else f"{_PART}{where}"
            for text in texts:
                self.add_error(name if name in self.fields else None, text)


class RestoreForm(forms.Form):
    """Which part goes back to the words of the law, from when and why."""

    part = forms.ChoiceField(label=gettext_lazy("Phần"))
    starts_on = DayField(label=gettext_lazy("Có hiệu lực từ ngày"))
    reason = reason_field()
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data: Any, *, parts: list[str], seen: int, today: date) -> None:
        """Offer the parts that were written."""
        super().__init__(data, initial={"starts_on": today, "seen": seen}, auto_id="restore-%s")
        field = self.fields["part"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(part, part_label(part)) for part in parts]


def part_label(part: str) -> str:
    """Return what a part of a slip is called, with a capital."""
    words = str(PARTS[part])
    return words[:1].upper() + words[1:]


def _words_box(part: str, text: str) -> forms.CharField:
    rows = max(_LEAST_ROWS, min(_MOST_ROWS, len(text.splitlines()) + 1))
    return forms.CharField(
        label=part_label(part),
        strip=False,
        widget=forms.Textarea(attrs={"rows": rows, "spellcheck": "false"}),
        error_messages={"required": _("Phần này để trống. Hãy ghi lời, hoặc trở về lời của luật.")},
    )

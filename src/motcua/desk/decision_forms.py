"""What people type to decide on days off, and to suspend or lift the clocks of a unit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.engine.calendar_decisions import DecidedDay, DecidedKind
from motcua.engine.moments import VIETNAM
from motcua.look.inputs import ClockField, DayField

KINDS = (
    ("", gettext_lazy("Chọn loại ngày")),
    (DecidedKind.OFF.value, gettext_lazy("Nghỉ lễ, tết")),
    (DecidedKind.OFF_IN_LIEU.value, gettext_lazy("Nghỉ bù, nghỉ hoán đổi")),
    (DecidedKind.WORKED_SATURDAY.value, gettext_lazy("Làm bù (Thứ Bảy)")),
    (DecidedKind.ORDINARY.value, gettext_lazy("Như ngày thường (bỏ quyết định trước)")),
)
LEAST_ROWS = 4
MOST_ROWS = 40


class DecisionForm(forms.Form):
    """The papers of a decision."""

    number = forms.CharField(
        label=gettext_lazy("Số quyết định, thông báo"),
        max_length=100,
        help_text=gettext_lazy("Ví dụ: 6150/TB-BLĐTBXH"),
        error_messages={"required": gettext_lazy("Hãy ghi số của quyết định.")},
    )
    decided_on = DayField(label=gettext_lazy("Ngày ký"), required=True)
    title = forms.CharField(
        label=gettext_lazy("Trích yếu"),
        max_length=300,
        error_messages={"required": gettext_lazy("Hãy ghi trích yếu của quyết định.")},
    )


class DayRow(forms.Form):
    """One day of a decision; an empty row counts for nothing."""

    day = DayField(label=gettext_lazy("Ngày"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Loại"), choices=KINDS, required=False)
    name = forms.CharField(label=gettext_lazy("Tên"), max_length=200, required=False)
    in_lieu_of = DayField(label=gettext_lazy("Thay cho ngày"), required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for the kind and the name of a day that is given."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("day") and not found.get("kind"):
            self.add_error("kind", _("Hãy chọn loại của ngày này."))
        if found.get("day") and not (found.get("name") or "").strip():
            self.add_error("name", _("Hãy ghi tên ngày, ví dụ Tết Nguyên đán."))
        if not found.get("day") and (found.get("name") or found.get("kind")):
            self.add_error("day", _("Hãy ghi ngày, hoặc để trống cả dòng."))
        return found


DayRows = forms.formset_factory(DayRow, extra=LEAST_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS)


def decided_days(rows: Any) -> tuple[DecidedDay, ...]:
    """Return the days of the rows that are not empty."""
    return tuple(
        DecidedDay(
            day=row["day"],
            kind=DecidedKind(row["kind"]),
            name=row["name"].strip(),
            in_lieu_of=row.get("in_lieu_of"),
        )
        for row in rows.cleaned_data
        if row.get("day")
    )


def _at(day: Any, clock: Any) -> datetime | None:
    return datetime.combine(day, clock, tzinfo=VIETNAM) if day and clock else None


class _Moment(forms.Form):
    """A day and a time of day, in Vietnam."""

    def moment(self, prefix: str) -> datetime | None:
        """Return the moment that the two boxes name, or None."""
        return _at(self.cleaned_data.get(f"{prefix}_day"), self.cleaned_data.get(f"{prefix}_clock"))


class SuspensionForm(_Moment):
    """Which unit's clocks stand still, from when, and why."""

    agency = forms.ChoiceField(
        label=gettext_lazy("Đơn vị"),
        error_messages={"required": gettext_lazy("Hãy chọn đơn vị.")},
    )
    with_subordinate = forms.BooleanField(
        label=gettext_lazy("Kể cả các đơn vị trực thuộc"), required=False
    )
    start_day = DayField(label=gettext_lazy("Từ ngày"), required=True)
    start_clock = ClockField(label=gettext_lazy("Từ giờ"))
    end_day = DayField(label=gettext_lazy("Đến ngày"), required=False)
    end_clock = ClockField(label=gettext_lazy("Đến giờ"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Lý do bất khả kháng"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Hãy ghi lý do bất khả kháng.")},
    )
    document = forms.CharField(label=gettext_lazy("Văn bản"), max_length=200, required=False)

    def __init__(self, *args: Any, agencies: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["agency"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("Chọn đơn vị")), *agencies]

    def clean(self) -> dict[str, Any]:
        """Ask for both parts of the end, or neither."""
        found: dict[str, Any] = super().clean() or {}
        if bool(found.get("end_day")) != bool(found.get("end_clock")):
            self.add_error("end_day", _("Hãy ghi cả ngày và giờ kết thúc, hoặc để trống cả hai."))
        return found


class LiftForm(_Moment):
    """When a suspension ended."""

    end_day = DayField(label=gettext_lazy("Kết thúc ngày"), required=True)
    end_clock = ClockField(label=gettext_lazy("Lúc"))

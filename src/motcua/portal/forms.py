"""What a visitor fills in to learn when a file would be due: procedure or limit, way, place, time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from motcua.engine.limits import Limit, LimitRefused, parse_limit
from motcua.engine.moments import at
from motcua.look.formats import write_date
from motcua.look.inputs import ClockField, DayField


class SearchForm(forms.Form):
    """Words of a procedure's name, or its code."""

    q = forms.CharField(
        label=gettext_lazy("Anh/chị cần làm thủ tục gì?"),
        help_text=gettext_lazy("Có dấu hoặc không dấu, ví dụ: khai sinh, dat dai, 1.004227."),
        required=False,
        max_length=200,
        widget=forms.SearchInput,
        error_messages={
            "max_length": gettext_lazy("Dài quá 200 ký tự; hãy chỉ ghi vài từ của tên thủ tục.")
        },
    )


class LimitField(forms.CharField):
    """A time limit in words, such as 5 ngày làm việc."""

    default_error_messages = {
        "required": gettext_lazy("Chưa ghi thời hạn; hãy ghi số và đơn vị, ví dụ 5 ngày làm việc."),
        "max_length": gettext_lazy(
            "Dài quá 60 ký tự; hãy ghi số và đơn vị, ví dụ 5 ngày làm việc."
        ),
    }

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Thời hạn giải quyết"),
            help_text=gettext_lazy("Ví dụ: 5 ngày làm việc, 8 giờ, 30 ngày, 2 tháng."),
            max_length=60,
        )

    def clean(self, value: Any) -> Limit:
        """Return the limit; refuse one that cannot be read or is not more than 0."""
        try:
            return parse_limit(super().clean(value))
        except LimitRefused as refused:
            raise forms.ValidationError(refused.because.text(get_language() or "vi")) from None


class LimitForm(forms.Form):
    """Only a time limit, for one who has no procedure at hand."""

    limit = LimitField()


class TimeForm(forms.Form):
    """When a file would be handed in: a day that the calendar knows, and a time of day."""

    day = DayField(label=gettext_lazy("Ngày nộp"), required=False)
    time = ClockField(label=gettext_lazy("Giờ nộp"), required=False)

    def __init__(self, *args: Any, first_day: date, last_day: date, **kwargs: Any) -> None:
        """Bind the day to those that the working calendar knows."""
        super().__init__(*args, **kwargs)
        self._first_day, self._last_day = first_day, last_day

    def clean_day(self) -> date | None:
        """Refuse a day outside the calendar."""
        day: date | None = self.cleaned_data["day"]
        if day is not None and not self._first_day <= day <= self._last_day:
            raise forms.ValidationError(
                _(
                    "Chỉ tính được cho ngày nộp từ %(first)s đến %(last)s, vì lịch nghỉ của những năm "
                    "khác chưa có. Hãy chọn ngày trong khoảng đó."
                )
                % {"first": write_date(self._first_day), "last": write_date(self._last_day)}
            )
        return day

    def moment(self, now: datetime) -> datetime:
        """Return the moment asked for; what is empty or wrong counts as now."""
        found = self.cleaned_data if self.is_bound and self.errors is not None else {}
        day: date = found.get("day") or now.date()
        clock: time = found.get("time") or time(now.hour, now.minute)
        return at(day, clock)


class FilingForm(TimeForm):
    """How, where and when a file would be handed in; only what is offered can be chosen."""

    field_order = ("limit", "channel", "place", "day", "time")

    def __init__(
        self,
        *args: Any,
        channels: Sequence[tuple[str, str]],
        places: Iterable[Any],
        **kwargs: Any,
    ) -> None:
        """Offer these channels, or ask for a plain limit where there are none, and these places."""
        super().__init__(*args, **kwargs)
        if channels:
            self.fields["channel"] = forms.ChoiceField(
                label=_("Cách nộp"),
                choices=channels,
                widget=forms.RadioSelect,
                error_messages={
                    "required": _("Chưa chọn cách nộp."),
                    "invalid_choice": _(
                        "Thủ tục không nhận theo cách “%(value)s”. Hãy chọn một cách trong danh sách."
                    ),
                },
            )
        else:
            self.fields["limit"] = LimitField()
        self.fields["place"] = forms.ChoiceField(
            label=_("Nơi nộp"),
            required=False,
            choices=[("", _("Nơi làm việc theo giờ hành chính")), *places],
            error_messages={
                "invalid_choice": _(
                    "Nơi “%(value)s” không nhận hồ sơ này vào ngày đã chọn. Hãy chọn một nơi trong "
                    "danh sách."
                )
            },
        )
        self.order_fields(self.field_order)

"""Fields and boxes for a day and a time of day, the same for everyone: dd/mm/yyyy and 24 hours."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy

_DAYS = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%d%m%Y")
_CLOCKS = ("%H:%M", "%Hh%M", "%H.%M", "%H%M")
_LATEST_DAY = date(2999, 12, 31)


class DayInput(forms.DateInput):
    """A day as dd/mm/yyyy: a browser's own date box would write it as the browser's language does."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        shape = {"placeholder": "dd/mm/yyyy", "inputmode": "numeric", "autocomplete": "off"}
        super().__init__(attrs={**shape, **(attrs or {})}, format="%d/%m/%Y")

    def format_value(self, value: Any) -> str | None:
        """Return the day as dd/mm/yyyy, also one that came as yyyy-mm-dd; else the text given."""
        text = super().format_value(value)
        found = _read(text, "%Y-%m-%d")
        return f"{found:%d/%m/%Y}" if found else text


class ClockInput(forms.TimeInput):
    """A time of day as HH:MM: a browser's own time box asks for AM or PM where it speaks English."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        shape = {"placeholder": "hh:mm", "inputmode": "numeric", "autocomplete": "off"}
        super().__init__(attrs={**shape, **(attrs or {})}, format="%H:%M")


class DayField(forms.DateField):
    """A day, typed as 14/03/2023 or by digits alone, as phones offer no other keys."""

    widget = DayInput
    default_error_messages = {
        "required": gettext_lazy("Chưa ghi ngày; hãy ghi ngày/tháng/năm, ví dụ 14/03/2023."),
        "invalid": gettext_lazy("Ngày không có thật; hãy ghi ngày/tháng/năm, ví dụ 14/03/2023."),
    }

    def __init__(self, **kwargs: Any) -> None:
        """Take the arguments of a date field; how a day may be typed is the same everywhere."""
        too_far = gettext_lazy("Ngày này quá xa. Hãy kiểm tra lại năm, ví dụ 14/03/2023.")
        super().__init__(
            input_formats=_DAYS, validators=[MaxValueValidator(_LATEST_DAY, too_far)], **kwargs
        )


class ClockField(forms.TimeField):
    """A time of day of 24 hours, typed as 09:32, 9h32 or by digits alone."""

    widget = ClockInput
    default_error_messages = {
        "required": gettext_lazy("Chưa ghi giờ; hãy ghi từ 00:00 đến 23:59, ví dụ 09:32."),
        "invalid": gettext_lazy("Giờ không có thật; hãy ghi từ 00:00 đến 23:59, ví dụ 09:32."),
    }

    def __init__(self, **kwargs: Any) -> None:
        """Take the arguments of a time field; how a time may be typed is the same everywhere."""
        super().__init__(input_formats=_CLOCKS, **kwargs)


def whole_number(text: str | None, *, most_digits: int) -> int | None:
    """Return the number that a text of an address or a hidden box writes, or None when it is none."""
    if not text or len(text) > most_digits or not (text.isascii() and text.isdecimal()):
        return None
    return int(text)


def _read(text: str | None, form: str) -> datetime | None:
    try:
        return datetime.strptime(text or "", form)  # noqa: DTZ007 - a form of writing, no moment
    except ValueError:
        return None

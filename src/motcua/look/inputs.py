"""Boxes for a day and a time of day that show what came in the address, even when it is wrong."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms


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
    """A time of day: a browser's time box for a real time, else the text given."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"type": "time", **(attrs or {})}, format="%H:%M")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Show what is no time as plain text: a time box would swallow it."""
        context = super().get_context(name, value, attrs)
        widget = context["widget"]
        if widget["value"] and _read(widget["value"], "%H:%M") is None:
            widget["type"] = "text"
        return context


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

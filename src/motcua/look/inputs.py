"""Boxes for a day and a time of day that show what came in the address, even when it is wrong."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms


class DayInput(forms.DateInput):
    """A day: a browser's date box for a real day, also one written dd/mm/yyyy; else the text given."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"type": "date", **(attrs or {})}, format="%Y-%m-%d")

    def format_value(self, value: Any) -> str | None:
        """Return the day as a date box takes it."""
        text = super().format_value(value)
        found = _read(text, "%d/%m/%Y")
        return f"{found:%Y-%m-%d}" if found else text

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Show what is no day as plain text: a date box would swallow it."""
        context = super().get_context(name, value, attrs)
        return _as_text_unless(context, "%Y-%m-%d")


class ClockInput(forms.TimeInput):
    """A time of day: a browser's time box for a real time, else the text given."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"type": "time", **(attrs or {})}, format="%H:%M")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Show what is no time as plain text: a time box would swallow it."""
        context = super().get_context(name, value, attrs)
        return _as_text_unless(context, "%H:%M")


def _as_text_unless(context: dict[str, Any], form: str) -> dict[str, Any]:
    widget = context["widget"]
    if widget["value"] and _read(widget["value"], form) is None:
        widget["type"] = "text"
    return context


def _read(text: str | None, form: str) -> datetime | None:
    try:
        return datetime.strptime(text or "", form)  # noqa: DTZ007 - a form of writing, no moment
    except ValueError:
        return None

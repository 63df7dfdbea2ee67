"""Reasons: why an answer of the engine is what it is, in both languages and with its source."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Because:
    """One reason behind an answer, in Vietnamese and English, with the text of law it rests on."""

    vi: str
    en: str
    source: str = ""
    is_verified: bool = True

    def text(self, language: str) -> str:
        """Return the reason in the language asked for, Vietnamese unless it is English."""
        return self.en if language.startswith("en") else self.vi

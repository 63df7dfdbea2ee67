"""What the console command says, in the language of the terminal, before Django is there to translate."""

from __future__ import annotations

import gettext as catalogues
import os
import sys
from functools import cache
from pathlib import Path

LOCALE_DIR = Path(__file__).resolve().parents[1] / "locale"


class CannotContinue(Exception):
    """The command cannot go on; the message says what happened, why, and what to do next."""


def gettext(message: str) -> str:
    """Return the message in Vietnamese for a Vietnamese terminal, in English otherwise."""
    return _catalogue(language()).gettext(message)


def tell(message: str) -> None:
    """Write one line for the person at the terminal."""
    sys.stderr.write(f"motcua: {message}\n")
    sys.stderr.flush()


def language() -> str:
    """Return the language of the terminal: Vietnamese if it says so, English otherwise."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "vi" if value.startswith("vi") else "en"
    return "en"


@cache
def _catalogue(code: str) -> catalogues.NullTranslations:
    if code == "vi":
        return catalogues.NullTranslations()
    return catalogues.translation("django", LOCALE_DIR, languages=[code], fallback=True)

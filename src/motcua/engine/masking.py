"""Personal data as lists and exports show it: enough to recognise, too little to use."""

from __future__ import annotations

import unicodedata

_SHOWN = 3
_LONG_ENOUGH = 2 * _SHOWN


def mask_name(name: str) -> str:
    """Return a person's name with the family name and initials: Nguyễn T. T. A.

    An initial keeps its marks however the name was typed: Ấ and not A.
    """
    words = unicodedata.normalize("NFC", name).split()
    if not words:
        return ""
    first = words[0] if len(words) > 1 else f"{words[0][0]}."
    return " ".join([first, *(f"{word[0]}." for word in words[1:])])


def mask_number(number: str) -> str:
    """Return a telephone or identity number with its last three signs: *******678."""
    shown = number[-_SHOWN:] if len(number) >= _LONG_ENOUGH else ""
    return "*" * (len(number) - len(shown)) + shown


def mask_address(address: str) -> str:
    """Return where an address lies: … phường Tân Phong, thành phố Biên Hòa.

    At most its two widest parts are told, and never the first, which names house and street.
    """
    parts = [part.strip() for part in address.split(",") if part.strip()]
    told = ", ".join(parts[1:][-2:])
    return f"… {told}".strip() if parts else ""

"""Vietnamese words: one spelling for storing, one without marks for finding, one order for lists."""

from __future__ import annotations

import unicodedata

# The order of the Vietnamese alphabet; tone marks count only between words that are otherwise equal.
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_RANK = {letter: chr(0x100 + place) for place, letter in enumerate(_LETTERS)}


def tidy(text: str) -> str:
    """Return `text` composed (NFC), trimmed, with single spaces: the form in which it is stored."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def fold(text: str) -> str:
    """Return `text` in lower case without marks: "Đất đai" and "dat dai" become the same."""
    bare = unicodedata.normalize("NFD", text.lower().replace("đ", "d").replace("Đ", "d"))
    return " ".join("".join(c for c in bare if not unicodedata.combining(c)).split())


def sort_key(text: str) -> str:
    """Return a key that sorts as a Vietnamese dictionary does: a, ă, â, b, …; tones last."""
    base: list[str] = []
    tones: list[str] = []
    for letter in unicodedata.normalize("NFC", text.lower()):
        parts = unicodedata.normalize("NFD", letter)
        tone = next((_TONES[p] for p in parts if p in _TONES), 0)
        plain = unicodedata.normalize("NFC", "".join(p for p in parts if p not in _TONES))
        base.append(_RANK.get(plain, plain))
        tones.append(str(tone))
    return "".join(base) + "\x01" + "".join(tones)

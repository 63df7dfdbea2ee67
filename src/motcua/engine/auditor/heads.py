"""Heads of a printed table: which figure of a settlement each column holds, in whatever words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from motcua.engine.auditor.statements import COUNT_KEYS, RATE_KEYS
from motcua.engine.vietnamese import fold

_FEWEST_COLUMNS = 2
_DEEPEST_HEAD = 6
_DONE = ("da giai quyet", "da xu ly", "giai quyet xong", "settled")
_OPEN = ("dang giai quyet", "dang xu ly", "chua giai quyet", "in process")
_TAKEN = ("nhan giai quyet", "tiep nhan", "to settle")
_COLUMN_NUMBER = re.compile(r"^\(\d+\)")


def find_settlement_columns(
    rows: Sequence[Sequence[str | int | Decimal | None]],
) -> tuple[int, Mapping[int, str]] | None:
    """Return the first row under the head and the figure of each column, None for another table."""
    for depth in range(1, min(_DEEPEST_HEAD, len(rows)) + 1):
        columns = _columns(rows[:depth])
        if len(columns) < _FEWEST_COLUMNS or depth == len(rows):
            continue
        below = rows[depth]
        if any(_is_number(below[place]) for place in columns if place < len(below)):
            return depth, columns
    return None


def _columns(head: Sequence[Sequence[str | int | Decimal | None]]) -> dict[int, str]:
    width = max(len(row) for row in head)
    found: dict[int, str] = {}
    for place in range(width):
        words = dict.fromkeys(
            " ".join(cell.split())
            for row in head
            if place < len(row) and isinstance(cell := row[place], str) and cell.strip()
        )
        key = _figure_named([word for word in words if not _COLUMN_NUMBER.match(word)])
        if key:
            found[place] = key
    if "early" in found.values():
        # Beside a column of its own for the early ones, "đúng hạn" is what was done on the day.
        found = {place: "on_day" if key == "on_time" else key for place, key in found.items()}
    return found


def _figure_named(words: Sequence[str]) -> str | None:
    """Return the figure that the heads over a column name, the widest first."""
    for word in words:
        if word.lower() in (*COUNT_KEYS, *RATE_KEYS):
            return word.lower()
    text = fold(" / ".join(words))
    last = fold(words[-1]) if words else ""
    if "ty le" in text or "rate" in text:
        return _rate_named(last)
    if any(sign in text for sign in _DONE):
        return _pick(last, _DONE_PARTS)
    if any(sign in text for sign in _OPEN):
        return _pick(last, _OPEN_PARTS)
    if any(sign in text for sign in _TAKEN):
        return _pick(last, _TAKEN_PARTS)
    return None


def _rate_named(text: str) -> str:
    if "qua han" in text or "tre" in text:
        return "late_rate"
    return "early_rate" if "truoc han" in text and "dung han" not in text else "rate"


_DONE_PARTS = (
    ("qua han", "late"),
    ("tre han", "late"),
    ("late", "late"),
    ("dung han", "on_time"),
    ("on time", "on_time"),
    ("truoc han", "early"),
    ("tong", "done"),
    ("da giai quyet", "done"),
    ("da xu ly", "done"),
    ("total", "done"),
)
_OPEN_PARTS = (
    ("qua han", "open_overdue"),
    ("overdue", "open_overdue"),
    ("trong han", "open_in_time"),
    ("chua den han", "open_in_time"),
    ("within time", "open_in_time"),
    ("tong", "open"),
    ("dang giai quyet", "open"),
    ("dang xu ly", "open"),
    ("total", "open"),
)
_TAKEN_PARTS = (
    ("ky truoc", "carried_over"),
    ("carried over", "carried_over"),
    ("trong ky", "received"),
    ("moi tiep nhan", "received"),
    ("newly received", "received"),
    ("truc tuyen", "received"),
    ("truc tiep", "received"),
    ("tong", "total"),
    ("total", "total"),
)


def _pick(text: str, parts: Sequence[tuple[str, str]]) -> str | None:
    return next((key for sign, key in parts if sign in text), None)


def _is_number(cell: str | int | Decimal | None) -> bool:
    if isinstance(cell, str):
        body = cell.strip().rstrip("%").strip()
        return bool(body) and all(
            sign.isdecimal() or sign in ".,\u00a0\u2009\u202f " for sign in body
        )
    return cell is not None

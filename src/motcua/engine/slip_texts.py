"""The words of a slip with fields to fill in, as {ten_truong}: read, checked, filled. Never code."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

_FIELD = re.compile(r"\{([^{}\n]*)\}")
_MOST_LETTERS = 8000


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A piece of a paragraph: fixed words, or what a field says (empty: a line to write on)."""

    text: str
    is_value: bool
    field: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """Why a text cannot be used: what is wrong, in which line and at which letter, from 1."""

    kind: str
    found: str
    line: int
    letter: int


def problems_of(text: str, *, known: Collection[str]) -> tuple[Problem, ...]:
    """Return the unknown fields and the lone braces of a text, in order; empty is a problem too."""
    if not text.strip():
        return (Problem(kind="EMPTY", found="", line=1, letter=1),)
    if len(text) > _MOST_LETTERS:
        return (Problem(kind="LONG", found=str(_MOST_LETTERS), line=1, letter=1),)
    found: list[Problem] = []
    for number, line in enumerate(text.splitlines(), start=1):
        found += (
            Problem(kind="UNKNOWN", found=match[1], line=number, letter=match.start() + 1)
            for match in _FIELD.finditer(line)
            if match[1] not in known
        )
        bare = _FIELD.sub(lambda match: " " * len(match[0]), line)
        found += (
            Problem(kind="BRACE", found=sign, line=number, letter=place)
            for place, sign in enumerate(bare, start=1)
            if sign in "{}"
        )
    return tuple(sorted(found, key=lambda one: (one.line, one.letter)))


def fields_in(text: str) -> frozenset[str]:
    """Return the names that a text has fields for, known or not."""
    return frozenset(_FIELD.findall(text))


def filled(text: str, values: Mapping[str, str | None]) -> tuple[tuple[Part, ...], ...]:
    """Return the paragraphs of a checked text; a value of several lines makes as many paragraphs.

    A line that names a field whose value is None, which the case does not have, is left out. What a
    value holds is never read as a field.
    """
    found: list[tuple[Part, ...]] = []
    for line in filter(str.strip, text.splitlines()):
        if all(values[name] is not None for name in _FIELD.findall(line)):
            found += _paragraphs(line.strip(), values)
    return tuple(found)


def _paragraphs(line: str, values: Mapping[str, str | None]) -> list[tuple[Part, ...]]:
    done: list[tuple[Part, ...]] = []
    current: list[Part] = []
    for place, piece in enumerate(_FIELD.split(line)):
        if place % 2 == 0:
            if piece:
                current.append(Part(text=piece, is_value=False))
            continue
        first, *more = (values[piece] or "").strip().splitlines() or [""]
        current.append(Part(text=first.strip(), is_value=True, field=piece))
        for further in filter(str.strip, more):
            done.append(tuple(current))
            current = [Part(text=further.strip(), is_value=True, field=piece)]
    done.append(tuple(current))
    return done


def plain(text: str, values: Mapping[str, str | None]) -> str:
    """Return a checked text with its fields filled, in one line, as a message holds it."""
    return " ".join(
        "".join(part.text for part in paragraph) for paragraph in filled(text, values)
    ).strip()

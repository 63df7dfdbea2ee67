"""Figures listed by code (3.1, 3.1.1, …), as the forms of the reports print them, into statements."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from motcua.engine.vietnamese import fold

Cell = str | int | Decimal | None

_CODE = re.compile(r"^\d+(?:\.\d+)*\.?$")
_LEVELS = ("cap tinh", "cap huyen", "cap xa")


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedFigure:
    """A line of a form: its code, what it counts, and the figure as printed."""

    code: str
    label: str
    figure: Cell

    @property
    def words(self) -> str:
        """Return the label without marks, in small letters."""
        return fold(self.label)


def read_listed_figures(rows: Sequence[Sequence[Cell]]) -> Iterator[dict[str, object]]:
    """Yield the statements of a form: rates with what they divide, totals with their levels."""
    place = _figure_column(rows)
    if place is None:
        return
    for section in _sections(rows, place):
        for line in section.values():
            children = [
                one for code, one in section.items() if code.rpartition(".")[0] == line.code
            ]
            statement = _statement(line, children)
            if statement:
                yield statement


def _figure_column(rows: Sequence[Sequence[Cell]]) -> int | None:
    """Return where the figures stand: under "Số liệu", else under "Kết quả"."""
    for sign in ("so lieu", "ket qua"):
        for row in rows[:6]:
            for place, cell in enumerate(row):
                if isinstance(cell, str) and fold(cell).strip() == sign:
                    return place
    return None


def _sections(rows: Sequence[Sequence[Cell]], place: int) -> Iterator[dict[str, ListedFigure]]:
    """Yield the lines between two headings; codes begin again under each heading."""
    section: dict[str, ListedFigure] = {}
    for row in rows:
        code = str(row[0] if row and row[0] is not None else "").strip()
        if not _CODE.match(code):
            yield section
            section = {}
            continue
        code = code.rstrip(".")
        label = next((c.strip() for c in row[1:place] if isinstance(c, str) and c.strip()), "")
        if code in section:
            yield section
            section = {}
        figure = row[place] if place < len(row) else None
        section[code] = ListedFigure(code=code, label=label, figure=figure)
    yield section


def _statement(line: ListedFigure, children: Sequence[ListedFigure]) -> dict[str, object] | None:
    if not children:
        return None
    name = f"{line.code} {line.label}"
    if line.words.startswith("ty le"):
        return _rate(name, line, children)
    parts = {one.label: one.figure for one in children}
    if line.words.startswith("tong so") and all(
        any(level in one.words for level in _LEVELS) for one in children
    ):
        return {"id": name, "kind": "partition", "total": line.figure, "parts": parts}
    return None


def _rate(
    name: str, line: ListedFigure, children: Sequence[ListedFigure]
) -> dict[str, object] | None:
    on_time = _first(children, "dung han")
    done = _first(children, "giai quyet xong", "da xu ly")
    received = _first(children, "tiep nhan")
    if line.figure in (None, ""):
        return None
    statement: dict[str, object] = {"id": name, "kind": "settlement", "rate": line.figure}
    if on_time and done and on_time is not done:
        return {**statement, "done": done.figure, "on_time": on_time.figure}
    if received and done and received is not done:
        return {**statement, "received": received.figure, "handled": done.figure}
    if len(children) != len(("whole", "part")):
        return None
    whole = next((one for one in children if one.words.startswith("tong so")), children[0])
    part = next(one for one in children if one is not whole)
    return {
        "id": name,
        "kind": "ratio",
        "numerator": part.figure,
        "denominator": whole.figure,
        "percent": line.figure,
    }


def _first(lines: Sequence[ListedFigure], *signs: str) -> ListedFigure | None:
    return next((one for one in lines if any(sign in one.words for sign in signs)), None)

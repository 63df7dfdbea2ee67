"""The narrative report for the command line: as text, as JSON, and as sentences in a workbook."""

from __future__ import annotations

import io
import json
import textwrap
from typing import Any

from django.utils.translation import gettext as _

from motcua.engine import moments
from motcua.reporting import wording
from motcua.reporting.narrative import Narrative, Piece

_WIDTH = 100


def as_text(found: Narrative) -> str:
    """Return the report as paragraphs, with the figures that are missing at its end."""
    lines = [found.title.upper(), wording.write_period(found.period, "vi"), ""]
    for section in found.sections:
        if section.heading:
            lines += ["", section.heading]
        for sentence in section.paragraphs:
            lines += textwrap.wrap(_words(sentence), _WIDTH, initial_indent="  ")
    if found.missing:
        lines += ["", _("Chưa có số liệu: %(names)s.") % {"names": "; ".join(found.missing)}]
    return "\n".join(lines) + "\n"


def as_json(found: Narrative) -> str:
    """Return the report as JSON: its sentences, each with the figures that stand in it."""
    values = {
        "form": "narrative",
        "title": found.title,
        "from": found.period.first_day.isoformat(),
        "to": found.period.last_day.isoformat(),
        "cut_off": moments.local(found.period.cut_off).isoformat(),
        "sections": [
            {
                "heading": section.heading,
                "sentences": [
                    {"text": _words(sentence), "figures": list(map(_figure, _figures(sentence)))}
                    for sentence in section.paragraphs
                ],
            }
            for section in found.sections
        ],
        "missing": list(found.missing),
    }
    return json.dumps(values, ensure_ascii=False, indent=2) + "\n"


def build_workbook(found: Narrative) -> bytes:
    """Return the report as XLSX: a sentence a row, and behind it each figure of it."""
    buffer = io.BytesIO()
    import xlsxwriter  # noqa: PLC0415 - slow to load

    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    # The same report gives the same file: its date is the cut-off, not the moment of writing.
    cut_off = moments.local(found.period.cut_off).replace(tzinfo=None)
    book.set_properties({"title": found.title, "created": cut_off})
    sheet = book.add_worksheet()
    font = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
    plain = book.add_format({**font, "text_wrap": True})
    bold = book.add_format({**font, "text_wrap": True, "bold": True})
    sheet.set_column(0, 0, 100)
    rows: list[tuple[str, Any, tuple[Piece, ...]]] = [
        (found.title.upper(), bold, ()),
        (wording.write_period(found.period, "vi"), bold, ()),
    ]
    for section in found.sections:
        rows += [(section.heading, bold, ())] if section.heading else []
        rows += [(_words(one), plain, _figures(one)) for one in section.paragraphs]
    for line, (text, look, figures) in enumerate(rows):
        sheet.write_string(line, 0, text, look)
        for place, piece in enumerate(figures, start=1):
            sheet.write_string(line, place, piece.words, plain)
    book.close()
    return buffer.getvalue()


def _words(sentence: tuple[Piece, ...]) -> str:
    return "".join(piece.words for piece in sentence)


def _figures(sentence: tuple[Piece, ...]) -> tuple[Piece, ...]:
    return tuple(piece for piece in sentence if piece.form)


def _figure(piece: Piece) -> dict[str, str]:
    return {
        "printed": piece.words,
        "indicator": piece.indicator,
        "form": piece.form,
        "row": piece.row,
    }

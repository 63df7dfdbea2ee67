"""Sets the slips of acts as PDF: those made of a text with fields, and those that travel with a dossier."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from motcua.cases import slip_values
from motcua.cases.letters import LetterContent, WayContent
from motcua.cases.slip_values import moment_text
from motcua.cases.slips import head_of, set_slip

__all__ = ["make_letter", "make_way_slip"]


def make_letter(
    content: LetterContent, *, paper: str = "", print_number: int = 1, now: datetime
) -> bytes:
    """Return the slip of an act as PDF/A on A5 or A4; raise CannotPrintSlip."""
    shown: dict[str, Any] = {
        "texts": slip_values.said(content.words, content.values),
        "signers": [{"role": one.role, "name": one.name} for one in content.signers],
    }
    head = head_of(content, paper=paper, print_number=print_number, now=now)
    return set_slip("letter", {**head, **shown}, now=now)


def make_way_slip(
    content: WayContent, template: str, *, paper: str = "", print_number: int = 1, now: datetime
) -> bytes:
    """Return the `control` or `transfer` slip as PDF/A on A5 or A4; raise CannotPrintSlip."""
    shown: dict[str, Any] = {
        "settling_agency": content.settling_agency,
        "texts": slip_values.said(content.words, slip_values.of_way(content)),
        "result": _result(content),
        "papers": [
            {"name": line.name, "originals": line.originals, "copies": line.copies}
            for line in content.papers
        ],
        "stops": [
            {
                "agency": stop.agency,
                "step": stop.step,
                "received_at": moment_text(stop.received_at),
                "received_from": stop.received_from,
                "handed_on_at": moment_text(stop.handed_on_at),
                "handed_on_by": stop.handed_on_by,
            }
            for stop in content.stops
        ],
    }
    head = head_of(content, paper=paper, print_number=print_number, now=now)
    return set_slip(template, {**head, **shown}, now=now)


def _result(content: WayContent) -> str:
    """Return how the whole was done, in the words of the form; nothing while it is not done."""
    if content.finished_at is None:
        return ""
    if content.finished_at > content.due_at:
        return "Quá hạn"
    return "Trước hạn" if content.finished_at.date() < content.due_at.date() else "Đúng hạn"

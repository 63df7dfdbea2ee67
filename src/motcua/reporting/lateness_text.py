"""Lateness for the command line: as JSON and as aligned text."""

from __future__ import annotations

import io
import json
from typing import Any

from django.utils.translation import gettext as _
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table as Grid

from motcua.engine import moments
from motcua.engine.wording import minutes_vi
from motcua.look import formats
from motcua.reporting import wording
from motcua.reporting.lateness import Lateness, PartLine
from motcua.reporting.lateness_pages import party_words, step_words
from motcua.reporting.lateness_workbook import waits_words

_WIDTH = 132


def as_json(found: Lateness) -> str:
    """Return the lateness as JSON: by party and step, what stood still, and every case file."""
    values = {
        "unit": found.unit.code,
        "from": found.period.first_day.isoformat(),
        "to": found.period.last_day.isoformat(),
        "total": {
            "done_late": len(found.finished_late),
            "open_overdue": len(found.open_overdue),
            "cases": len(found.cases),
            "minutes": found.minutes,
        },
        "rows": [_plain(line) for line in found.lines],
        "stood_still": [_plain(line) for line in found.waits],
        "cases": [
            {
                "code": case.code,
                "due_at": moments.local(case.due_at).isoformat(),
                "finished_at": moments.local(case.finished_at).isoformat()
                if case.finished_at
                else None,
                "minutes": case.minutes,
            }
            for case in found.cases
        ],
    }
    return json.dumps(values, ensure_ascii=False, indent=2) + "\n"


def _plain(line: PartLine) -> dict[str, Any]:
    return {
        "party": str(line.party.kind),
        "agency": line.party.name,
        "step": line.party.step,
        "cases": len(line.cases),
        "minutes": line.minutes,
    }


def as_text(found: Lateness) -> str:
    """Return the lateness as aligned text, with its unit and period."""
    buffer = io.StringIO()
    console = Console(file=buffer, width=_WIDTH, highlight=False)
    subordinate = _(", cộng cả các đơn vị trực thuộc") if found.include_subordinate else ""
    console.print(_("Ai làm chậm?"))
    console.print(escape(f"{found.unit.name} ({found.unit.code}){subordinate}"))
    console.print(
        f"{wording.write_period(found.period, 'vi')}. {wording.write_cut_off(found.period)}."
    )
    console.print(_grid(found))
    if found.waits:
        console.print(waits_words())
        for line in found.waits:
            values = {
                "party": party_words(line.party),
                "count": formats.write_number(len(line.cases)),
                "time": minutes_vi(line.minutes),
            }
            console.print(escape("  " + _("%(party)s: %(count)s hồ sơ, %(time)s") % values))
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines()) + "\n"


def _grid(found: Lateness) -> Grid:
    grid = Grid(box=box.SIMPLE_HEAD, show_footer=True)
    grid.add_column(_("Đơn vị"), footer=_("TỔNG CỘNG"))
    grid.add_column(_("Bước"))
    total = formats.write_number(len(found.cases))
    grid.add_column(_("Số hồ sơ"), footer=total, justify="right")
    grid.add_column(_("Phần làm chậm"), footer=minutes_vi(found.minutes), justify="right")
    for line in found.lines:
        grid.add_row(
            escape(party_words(line.party)),
            escape(step_words(line.party)),
            formats.write_number(len(line.cases)),
            minutes_vi(line.minutes),
        )
    return grid

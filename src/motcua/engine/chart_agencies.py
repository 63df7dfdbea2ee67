"""Whether the agencies that a chart names exist on its first day, and what comes after those that do not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from motcua.engine.explain import Because
from motcua.engine.flowcheck import Finding
from motcua.engine.net import AGENCY_PREFIX, Lane, Net, Node


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownAgency:
    """An agency that a chart may name: `ends_on` is the first day without it."""

    name: str
    ends_on: date | None = None
    successor: str = ""


def list_agencies(net: Net) -> dict[str, Lane | Node]:
    """Return the codes of the agencies that a chart names, each with the first lane or step."""
    places: list[Lane | Node] = [*net.lanes, *net.nodes]
    found: dict[str, Lane | Node] = {}
    for place in places:
        if place.unit.startswith(AGENCY_PREFIX):
            found.setdefault(place.unit.removeprefix(AGENCY_PREFIX), place)
    return found


def check_agencies(net: Net, known: Mapping[str, KnownAgency], *, on: date) -> Iterator[Finding]:
    """Find lanes and steps whose agency is unknown, or gone by a day."""
    for code, place in list_agencies(net).items():
        name = place.name or place.id
        agency = known.get(code)
        if agency is None:
            because = Because(
                vi=f"“{name}” giao cho cơ quan mã “{code}”, không có cơ quan nào mang mã này.",
                en=f"“{name}” belongs to the agency “{code}”, and no agency has that code.",
            )
            yield _error("AGENCY_UNKNOWN", place.id, because)
        elif agency.ends_on is not None and agency.ends_on <= on:
            after = agency.successor
            vi = f"Hãy chuyển cho {after}." if after else "Hãy chọn cơ quan khác."
            en = f"Give it to {after}." if after else "Choose another agency."
            day = f"{agency.ends_on:%d/%m/%Y}"
            because = Because(
                vi=f"“{name}” giao cho {agency.name}, cơ quan này hết hoạt động từ {day}. {vi}",
                en=f"“{name}” belongs to {agency.name}, which ended on {day}. {en}",
            )
            yield _error("AGENCY_ENDED", place.id, because)


def _error(code: str, element_id: str, because: Because) -> Finding:
    return Finding(severity="error", code=code, element_id=element_id, because=because)

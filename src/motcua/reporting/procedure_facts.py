"""Procedures that the service index counts: those in force, those online, those that are used online."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from motcua.procedures import queries as procedures
from motcua.reporting import facts
from motcua.reporting.facts import Slice
from motcua.reporting.unit_and_period import Period

COUNTS: Final = ("procedures_in_force", "procedures_online", "services_used")
_NOT_ONLINE: Final = "NONE"


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedProcedure:
    """A procedure behind a figure, as it was on the last day of the period."""

    code: str
    name: str
    field: str
    online: str


def list_procedures(
    count: str, period: Period, *, engine: facts.Engine | None = None
) -> tuple[ListedProcedure, ...]:
    """Return the procedures of the province that are counted, by field and name.

    They are those in force on the last day of the period, without the ones of vertical agencies; used
    is an online one for which a case file was received online in the period, anywhere in the province.
    """
    found = procedures.search_revisions(text="", field_id=None, on=period.last_day)
    found = found.exclude(procedure__level="VERTICAL")
    if count != "procedures_in_force":
        found = found.exclude(online=_NOT_ONLINE)
    if count == "services_used":
        found = found.filter(procedure_id__in=_filed_online(period, engine))
    return tuple(
        ListedProcedure(
            code=one.procedure.code,
            name=one.name,
            field=one.procedure.field.name,
            online=str(one.get_online_display()),
        )
        for one in found
    )


def _filed_online(period: Period, engine: facts.Engine | None) -> list[int]:
    """Return the ids of the procedures for which something was filed online in a period."""
    wanted = Slice(starts_at=period.starts_at, cut_off=period.cut_off)
    found = facts.count_cases(wanted, by=("procedure",), counts=("received_online",), engine=engine)
    return [key for (key,), figures in found.items() if figures["received_online"]]

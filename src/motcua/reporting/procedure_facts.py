"""Procedures that reports count: published, in force, online, used, and settled on the spot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from motcua.lawbook import queries as lawbook
from motcua.procedures import queries as procedures
from motcua.reporting import facts
from motcua.reporting.facts import Slice
from motcua.reporting.unit_and_period import Period

# Of the whole province, by the columns of procedure_states.sql.
PUBLISHED: Final = (
    "procedures_published",
    "procedures_published_in_time",
    "procedures_published_in_time_by_day",
)
OF_PROVINCE: Final = ("procedures_in_force", "procedures_online", *PUBLISHED)
USED: Final = "services_used"
# Of those that the unit asked about settles, with their columns of the same file.
OF_UNIT: Final = {
    "unit_procedures_in_force": "procedures_in_force",
    "unit_procedures_online": "procedures_online",
}
_LEVELS: Final = ("PROVINCE", "DISTRICT", "COMMUNE")
# Procedures settled in the period at places of a level: all of them, those of which every case file was
# settled on the spot, and those of which every result was handed over at the one-stop unit.
_SPOT_PARTS: Final = ("procedures", "on_the_spot", "returned")
SPOT: Final = {
    f"spot_{part}_{level.lower()}": (level, part) for level in _LEVELS for part in _SPOT_PARTS
}
COUNTS: Final = (*OF_PROVINCE, USED, *OF_UNIT, *SPOT)

# The id of a procedure and of the revision whose name is shown.
Found = tuple[int, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Whose:
    """Whose procedures: agencies by id, all below a path, and kinds of agencies; all in the period."""

    period: Period
    unit_ids: tuple[int, ...] = ()
    tree: str = ""
    kinds: tuple[str, ...] = ()

    def parameters(self) -> dict[str, Any]:
        """Return the parameters by which the files of SQL are narrowed to them."""
        return {
            "units": f"|{'|'.join(map(str, self.unit_ids))}|",
            "tree": f"{self.tree}%" if self.tree else "",
            "kinds": f"|{'|'.join(self.kinds)}|",
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedProcedure:
    """A procedure behind a figure, under the name of the revision that is counted."""

    code: str
    name: str
    field: str
    online: str


def find_procedures(
    counts: Iterable[str], whose: Whose, *, engine: facts.Engine | None = None
) -> dict[str, tuple[Found, ...]]:
    """Return the procedures that are counted as each of these. A query for each kind of fact."""
    names = tuple(counts)
    found: dict[str, tuple[Found, ...]] = {}
    if province := {name: name for name in names if name in OF_PROVINCE}:
        found.update(_in_states(province, whose, everywhere=True, engine=engine))
    if of_unit := {name: OF_UNIT[name] for name in names if name in OF_UNIT}:
        found.update(_in_states(of_unit, whose, everywhere=False, engine=engine))
    if USED in names:
        states = {USED: "procedures_online"}
        used = _filed_online(whose.period, engine)
        online = _in_states(states, whose, everywhere=True, engine=engine)[USED]
        found[USED] = tuple(one for one in online if one[0] in used)
    if spot := tuple(name for name in names if name in SPOT):
        found.update(_on_the_spot(spot, whose, engine))
    return found


def list_procedures(count: str, whose: Whose) -> tuple[ListedProcedure, ...]:
    """Return the procedures behind a figure, by field and name. Two queries."""
    ids = [revision for _procedure, revision in find_procedures([count], whose)[count]]
    named = procedures.full_revisions().filter(pk__in=ids).prefetch_related(None)
    return tuple(
        ListedProcedure(
            code=one.procedure.code,
            name=one.name,
            field=one.procedure.field.name,
            online=str(one.get_online_display()),
        )
        for one in named.order_by("procedure__field__sort_name", "name", "id")
    )


def _in_states(
    names: Mapping[str, str], whose: Whose, *, everywhere: bool, engine: facts.Engine | None
) -> dict[str, tuple[Found, ...]]:
    """Return the procedures in each of these states of procedure_states.sql."""
    states = tuple(dict.fromkeys(names.values()))
    columns = ", ".join(f"is_{state}" for state in states)
    sql = (
        f"SELECT procedure_id, revision_id, {columns} FROM ({facts.read_sql('procedure_states')})"
        f" states WHERE {' OR '.join(f'is_{state}' for state in states)} ORDER BY procedure_id"
    )
    period = whose.period
    wants_leads = any(state in PUBLISHED for state in states)
    parameters = {
        **whose.parameters(),
        "first_day": period.first_day,
        "last_day": period.last_day,
        "everywhere": everywhere,
        "least_working_days": _lead("least_working_days", period) if wants_leads else 0,
        "least_days": _lead("least_days", period) if wants_leads else 0,
    }
    found: dict[str, list[Found]] = defaultdict(list)
    for procedure, revision, *marks in (engine or facts.Database()).rows(sql, parameters):
        for state, is_in_it in zip(states, marks, strict=True):
            if is_in_it:
                found[state].append((procedure, revision))
    return {name: tuple(found[state]) for name, state in names.items()}


def _lead(key: str, period: Period) -> int:
    """Return how many days must lie between a decision and its effect by the law of the last day."""
    return int(str(lawbook.get_value("time/publication", key, on=period.last_day).value))


def _filed_online(period: Period, engine: facts.Engine | None) -> frozenset[int]:
    """Return the ids of the procedures for which something was filed online in a period."""
    wanted = Slice(starts_at=period.starts_at, cut_off=period.cut_off)
    found = facts.count_cases(wanted, by=("procedure",), counts=("received_online",), engine=engine)
    return frozenset(key for (key,), figures in found.items() if figures["received_online"])


def spot_parameters(whose: Whose) -> dict[str, Any]:
    """Return the parameters of spot_cases.sql."""
    period = whose.period
    return {**whose.parameters(), "starts_at": period.starts_at, "cut_off": period.cut_off}


def _on_the_spot(
    names: Iterable[str], whose: Whose, engine: facts.Engine | None
) -> dict[str, tuple[Found, ...]]:
    sql = (
        "SELECT level, procedure_id, MAX(revision_id) AS revision_id, COUNT(*) AS procedures,"
        " SUM(CASE WHEN on_the_spot THEN 1 ELSE 0 END) AS on_the_spot,"
        " SUM(CASE WHEN returned THEN 1 ELSE 0 END) AS returned"
        f" FROM ({facts.read_sql('spot_cases')}) judged"
        " GROUP BY level, procedure_id ORDER BY procedure_id"
    )
    rows = (engine or facts.Database()).rows(sql, spot_parameters(whose))
    found: dict[tuple[str, str], list[Found]] = defaultdict(list)
    for level, procedure, revision, *figures in rows:
        for part, count in zip(_SPOT_PARTS, figures, strict=True):
            if int(count) == int(figures[0]):
                found[level, part].append((procedure, revision))
    return {name: tuple(found[SPOT[name]]) for name in names}

"""Settled on the spot: what was received, appraised, approved and returned in one place, as it happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.engine.lawvalues import NotInForce
from motcua.engine.on_the_spot import reaches_share
from motcua.lawbook import queries as lawbook
from motcua.reporting import facts
from motcua.reporting.procedure_facts import Whose, spot_parameters
from motcua.reporting.unit_and_period import (
    CannotReport,
    Period,
    Unit,
    get_period,
    require_existence,
)

# The marks of a case file, and of a procedure all of whose case files have them.
MARKS: Final = ("appraised", "approved", "returned", "on_the_spot")
LEVELS: Final = ("PROVINCE", "DISTRICT", "COMMUNE")

# Narrowed and named here; what was done where is decided in spot_cases.sql, as criterion CS5 counts it.
_BY_PROCEDURE: Final = """
SELECT procedure.code, revision.name, revision.name_en, counted.level, counted.cases,
       counted.appraised, counted.approved, counted.returned, counted.on_the_spot
FROM (
    SELECT level, procedure_id, max(revision_id) AS revision_id, count(*) AS cases,
           count(*) FILTER (WHERE appraised) AS appraised,
           count(*) FILTER (WHERE approved) AS approved,
           count(*) FILTER (WHERE returned) AS returned,
           count(*) FILTER (WHERE on_the_spot) AS on_the_spot
    FROM ({judged}) judged GROUP BY level, procedure_id
) counted
JOIN procedures_procedure procedure ON procedure.id = counted.procedure_id
JOIN procedures_revision revision ON revision.id = counted.revision_id
ORDER BY procedure.code
"""
_COUNTED: Final = ("code", "name", "name_en", "level", "cases", *MARKS)
_LISTED: Final = (
    "case_id",
    "case_code",
    "received_at",
    "finished_at",
    "returned_at",
    "appraised",
    "approved",
    "returned",
    "total",
)
_CASES: Final = f"""
SELECT {", ".join(_LISTED[:-1])}, count(*) OVER () AS total
FROM ({{judged}}) judged
JOIN procedures_procedure procedure ON procedure.id = judged.procedure_id
WHERE (:code = '' OR procedure.code = :code) AND (:level = '' OR judged.level = :level)
  AND CASE :mark
      WHEN 'appraised' THEN appraised WHEN 'approved' THEN approved
      WHEN 'returned' THEN returned WHEN 'on_the_spot' THEN on_the_spot ELSE TRUE END
ORDER BY judged.finished_at, judged.case_id
LIMIT :limit OFFSET :offset
"""


class CannotReportMark(CannotReport):
    """The table has no such level or mark."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ProcedureRow:
    """A procedure at places of one level: its case files, and how many have each mark."""

    level: str
    code: str
    name: str
    cases: int
    counts: Mapping[str, int]

    @property
    def is_on_the_spot(self) -> bool:
        """Whether every case file of the period was settled where it was received."""
        return self.counts["on_the_spot"] == self.cases


@dataclass(frozen=True, kw_only=True, slots=True)
class LevelRow:
    """A level: its procedures, those settled on the spot, and the share that the law asks for."""

    level: str
    procedures: int
    on_the_spot: int
    least_percent: int | None
    source: str
    is_verified: bool

    @property
    def is_reached(self) -> bool | None:
        """Whether the share is reached; None where there is nothing to judge."""
        if self.least_percent is None:
            return None
        return reaches_share(
            on_the_spot=self.on_the_spot,
            procedures=self.procedures,
            least_percent=self.least_percent,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class OnTheSpot:
    """What a unit and period settled on the spot: by level, and each procedure."""

    unit: Unit
    include_subordinate: bool
    period: Period
    levels: tuple[LevelRow, ...]
    procedures: tuple[ProcedureRow, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SpotCase:
    """A case file behind a figure, and what was done where it was received."""

    case_id: int
    code: str
    received_at: datetime
    finished_at: datetime
    returned_at: datetime | None
    appraised: bool
    approved: bool
    returned: bool


def get_on_the_spot(
    *,
    unit: Unit,
    first_day: date,
    last_day: date,
    now: datetime,
    include_subordinate: bool = False,
) -> OnTheSpot:
    """Return what was settled on the spot; raise CannotReport.

    A case file counts in the period in which it was settled, a procedure at the level of the place
    that received it (TT 01/2018/TT-VPCP Đ13–15, CS5). One query.
    """
    period = get_period(first_day=first_day, last_day=last_day, now=now)
    require_existence(unit, period)
    asked = _asked(unit, period, include_subordinate=include_subordinate)
    fetched = facts.Database().rows(_over_cases(_BY_PROCEDURE), asked)
    rows = tuple(_procedure(dict(zip(_COUNTED, row, strict=True))) for row in fetched)
    return OnTheSpot(
        unit=unit,
        include_subordinate=include_subordinate,
        period=period,
        levels=tuple(_level(level, rows, on=last_day) for level in LEVELS),
        procedures=rows,
    )


def list_spot_cases(
    found: OnTheSpot, *, level: str, code: str, mark: str, page: int, per_page: int
) -> tuple[int, tuple[SpotCase, ...]]:
    """Return how many case files are behind a figure, and a page of them; raise CannotReport."""
    if (mark and mark not in MARKS) or (level and level not in LEVELS):
        raise CannotReportMark(
            _("Bảng không có phần nào mang tên “%(name)s”. Hãy mở danh sách từ bảng.")
            % {"name": f"{level} {mark}".strip()[:60]}
        )
    asked = {
        **_asked(found.unit, found.period, include_subordinate=found.include_subordinate),
        "level": level,
        "code": code,
        "mark": mark,
        "limit": per_page,
        "offset": (page - 1) * per_page,
    }
    fetched = facts.Database().rows(_over_cases(_CASES), asked)
    rows = [dict(zip(_LISTED, row, strict=True)) for row in fetched]
    total = rows[0]["total"] if rows else 0
    return total, tuple(
        SpotCase(
            code=row["case_code"],
            **{key: value for key, value in row.items() if key not in {"total", "case_code"}},
        )
        for row in rows
    )


def _asked(unit: Unit, period: Period, *, include_subordinate: bool) -> dict[str, Any]:
    whose = Whose(period=period, unit_ids=(unit.id,), tree=unit.path if include_subordinate else "")
    return spot_parameters(whose)


def _over_cases(sql: str) -> str:
    return sql.format(judged=facts.read_sql("spot_cases"))


def _procedure(row: dict[str, Any]) -> ProcedureRow:
    is_english = (get_language() or "vi").startswith("en")
    return ProcedureRow(
        level=row["level"],
        code=row["code"],
        name=(is_english and row["name_en"]) or row["name"],
        cases=row["cases"],
        counts={mark: row[mark] for mark in MARKS},
    )


def _level(level: str, rows: tuple[ProcedureRow, ...], *, on: date) -> LevelRow:
    here = [row for row in rows if row.level == level]
    try:
        share = lawbook.get_value("on_the_spot", f"share_{level.lower()}", on=on)
    except NotInForce:
        share = None
    return LevelRow(
        level=level,
        procedures=len(here),
        on_the_spot=sum(row.is_on_the_spot for row in here),
        least_percent=int(str(share.value)) if share else None,
        source=share.source if share else "",
        is_verified=share.is_verified if share else True,
    )

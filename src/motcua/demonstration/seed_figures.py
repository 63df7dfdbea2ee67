"""The figures of the source report: those that must be entered, and all of them, printed and computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from motcua.demonstration import content
from motcua.people import queries as people
from motcua.reporting import actions as reporting
from motcua.reporting import queries as reports

OWNER = "vp.ksttthc"
_TOTAL = "TỔNG CỘNG"


def enter_all(*, now: datetime) -> None:
    """Enter every figure of the report that the work does not tell, unless it is there already."""
    data = content.read("full_province")
    period = _period(now)
    unit = reports.get_unit(on=period.last_day)
    there = reports.find_entered(unit.id, period)
    officer = people.get_person(username=OWNER)
    for indicator, value in data["entered"].items():
        if indicator not in there:
            reporting.enter_figure(
                officer=officer,
                unit=unit,
                period=period,
                indicator_id=indicator,
                value=Decimal(value),
                reason=data["reason"],
                now=now,
            )


def _period(now: datetime) -> reports.Period:
    days = content.read("office_cases")["period"]
    return reports.get_period(first_day=days["from"], last_day=days["to"], now=now)


@dataclass(frozen=True, kw_only=True, slots=True)
class SeedFigure:
    """A figure as the report printed it, and as it is computed."""

    name: str
    printed: Decimal | None
    computed: Decimal | None
    verdict: str


def list_figures() -> tuple[SeedFigure, ...]:
    """Return every figure of the report with what the same sources give; no database is asked."""
    return tuple(_figures())


def _figures() -> Iterator[SeedFigure]:
    last_day = content.read("office_cases")["period"]["to"]
    catalogue = reports.get_catalogue(last_day)
    entered = content.read("full_province")["entered"]
    values = {
        key: catalogue.complete({**entered, **counted}) for key, counted in _counted().items()
    }
    for row in content.read("seed_figures")["figures"]:
        key = row.get("office") or row.get("level") or ""
        indicator = catalogue.indicators[row["indicator"]]
        exact = values.get(key, {}).get(indicator.id)
        if row.get("office") and key not in _kept_rows() and row["printed"] is None:
            exact = None
        printed = None if row["printed"] is None else Decimal(str(row["printed"]))
        computed = indicator.rounded(exact)
        yield SeedFigure(
            name=row["figure"],
            printed=printed,
            computed=computed,
            verdict=_verdict(printed, computed, exact),
        )


def _verdict(printed: Decimal | None, computed: Decimal | None, exact: Fraction | None) -> str:
    if printed is None:
        return "bỏ trống trong bản in"
    if computed is None or exact is None:
        return "chưa có nguồn để tính lại"
    places = max(0, -int(printed.as_tuple().exponent))
    off_by = abs(exact - Fraction(printed)) * 2 * 10**places
    return "khớp" if off_by <= 1 else "không khớp"


def _kept_rows() -> frozenset[str]:
    """Return the rows of table 2.2.2 that the report kept whole."""
    rows = content.read("office_cases")["rows"]
    return frozenset(row["field_name"] for row in rows if not row.get("reconstructed"))


def _counted() -> dict[str, Mapping[str, Any]]:
    """Return what is counted: in all, of each level, and of each row of the Office's table."""
    found: dict[str, Mapping[str, Any]] = {"": {}}
    for row in content.read("full_province")["settlement"]:
        found[row["level"]] = {
            "done_early": row["on_time"],
            "done_on_day": 0,
            "done_late": row["done"] - row["on_time"],
        }
    rows = content.read("office_cases")["rows"]
    for row in rows:
        found[row["field_name"]] = _states(row)
    names = ("carried_over", "received", "done_on_time", "done_late", "open_in_time")
    total = {name: sum(row[name] for row in rows) for name in (*names, "open_overdue")}
    found[_TOTAL] = _states(total)
    return found


def _states(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "carried_over": row["carried_over"],
        "received": row["received"],
        "done_early": row["done_on_time"],
        "done_on_day": 0,
        "done_late": row["done_late"],
        "open_in_time": row["open_in_time"],
        "open_overdue": row["open_overdue"],
    }


def write_table() -> str:
    """Return the table of all figures as Markdown, for docs/reference/seed-figures.md."""
    figures = list_figures()
    wrong = [figure for figure in figures if figure.verdict == "không khớp"]
    lines = [
        "# Every figure of report 503/BC-VP of 14/03/2023",
        "",
        "Printed as in the report; computed from the same case files and entered figures by the indicators of",
        "`law/indicators`. Written by `motcua demo --figures`; a test keeps it in step.",
        "",
        f"{len(figures)} figures, {len(wrong)} that do not reconcile (*không khớp*): "
        + "; ".join(f"{one.name}: {_write(one.printed)} → {_write(one.computed)}" for one in wrong)
        + ".",
        "",
        "| figure | printed | computed | verdict |",
        "|---|---:|---:|---|",
    ]
    lines += [
        f"| {one.name} | {_write(one.printed)} | {_write(one.computed)} | {one.verdict} |"
        for one in figures
    ]
    return "\n".join(lines) + "\n"


def _write(figure: Decimal | None) -> str:
    if figure is None:
        return "–"
    text = f"{figure:,f}"
    return text.translate(str.maketrans(",.", ".,"))

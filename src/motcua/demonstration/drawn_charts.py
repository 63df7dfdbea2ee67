"""The demonstration's flow charts by their keys; write_all draws them into files."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from motcua.demonstration import flow_charts, short_charts
from motcua.engine.drawing import draw

FOLDER: Final = Path(__file__).parent / "workflows"

CHARTS: Final = {
    "office-3-steps": flow_charts.OFFICE_IN_3_STEPS,
    "office-5-steps": flow_charts.OFFICE_IN_5_STEPS,
    "office-submission": flow_charts.OFFICE_SUBMISSION,
    "department-standard": flow_charts.DEPARTMENT_STANDARD,
    "department-3-days": short_charts.DEPARTMENT_3_DAYS,
    "department-1-day": short_charts.DEPARTMENT_1_DAY,
    "interagency-parallel": flow_charts.INTERAGENCY_PARALLEL,
    "interagency-short": short_charts.INTERAGENCY_SHORT,
    "cross-level": flow_charts.CROSS_LEVEL,
    "cross-level-short": short_charts.CROSS_LEVEL_SHORT,
    "commune-on-the-spot": flow_charts.COMMUNE_ON_THE_SPOT,
}


def write_all(folder: Path = FOLDER) -> None:
    """Draw every chart into its file."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, chart in CHARTS.items():
        (folder / f"{name}.bpmn").write_text(draw(chart), encoding="utf-8")

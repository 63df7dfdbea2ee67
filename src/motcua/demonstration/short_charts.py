"""Flow charts with shorter steps, for procedures whose legal limit is a few days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from motcua.demonstration.flow_charts import (
    CROSS_LEVEL,
    DEPARTMENT_STANDARD,
    INTERAGENCY_PARALLEL,
)
from motcua.engine.chart_spec import Chart, Item, Parallel, Step


def shortened(chart: Chart, *, key: str, name: str, norm: str, limits: Mapping[str, str]) -> Chart:
    """Return a chart of the same steps with other limits, by the id of the step."""
    return replace(
        chart,
        id=key,
        name=name,
        norm=norm,
        steps=tuple(_shortened(item, limits) for item in chart.steps),
    )


def _shortened(item: Item, limits: Mapping[str, str]) -> Item:
    if isinstance(item, Step):
        return replace(item, limit=limits[item.id])
    if isinstance(item, Parallel):
        return replace(
            item,
            branches=tuple(
                tuple(_shortened(one, limits) for one in branch) for branch in item.branches
            ),
        )
    ways = tuple(
        replace(way, steps=tuple(_shortened(one, limits) for one in way.steps)) for way in item.ways
    )
    return replace(item, ways=ways)


DEPARTMENT_3_DAYS: Final = shortened(
    DEPARTMENT_STANDARD,
    key="department_3_days",
    name="Quy trình rút gọn của sở, ban, ngành (3 ngày)",
    norm="3 ngày làm việc",
    limits={
        "check_and_pass": "2 giờ",
        "assign": "2 giờ",
        "appraise": "1,5 ngày làm việc",
        "draft_refusal": "2 giờ",
        "approve": "4 giờ",
        "issue": "2 giờ",
    },
)

DEPARTMENT_1_DAY: Final = shortened(
    DEPARTMENT_STANDARD,
    key="department_1_day",
    name="Quy trình trong ngày của sở, ban, ngành",
    norm="1 ngày làm việc",
    limits={
        "check_and_pass": "1 giờ",
        "assign": "0,5 giờ",
        "appraise": "3 giờ",
        "draft_refusal": "1 giờ",
        "approve": "1,5 giờ",
        "issue": "1 giờ",
    },
)

INTERAGENCY_SHORT: Final = shortened(
    INTERAGENCY_PARALLEL,
    key="interagency_short",
    name="Liên thông cùng cấp, lấy ý kiến song song (rút gọn)",
    norm="4 ngày làm việc",
    limits={
        "check_and_pass": "2 giờ",
        "appraise": "4 giờ",
        "construction_opinion": "1 ngày làm việc",
        "construction_signature": "4 giờ",
        "environment_opinion": "1 ngày làm việc",
        "environment_signature": "4 giờ",
        "synthesise": "1 ngày làm việc",
        "approve": "4 giờ",
        "issue": "2 giờ",
    },
)

CROSS_LEVEL_SHORT: Final = shortened(
    CROSS_LEVEL,
    key="cross_level_short",
    name="Liên thông các cấp (rút gọn)",
    norm="4 ngày làm việc",
    limits={
        "check_and_pass": "2 giờ",
        "assign": "2 giờ",
        "appraise": "1,5 ngày làm việc",
        "verify": "1 ngày làm việc",
        "approve": "4 giờ",
        "issue": "2 giờ",
        "take_back": "2 giờ",
    },
)

"""Chances of lateness in words: chips, explanations, and how well earlier chances agreed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from motcua.cases.calibration_queries import HeldOut
from motcua.cases.risk_queries import RiskyCase
from motcua.desk.chips import CaseRow, DueChip
from motcua.engine.calibration import Bin
from motcua.engine.laterisk import RiskRules
from motcua.look import formats


@dataclass(frozen=True, kw_only=True, slots=True)
class RiskRow:
    """A case with its chips."""

    case: Any
    open_step: str
    risk_chip: DueChip
    due_chip: DueChip | None


@dataclass(frozen=True, kw_only=True, slots=True)
class BinShown:
    """One tenth of told chances: how many cases, what was told and what came."""

    chances: str
    count: str
    told: str
    came: str


def percent_words(probability: float) -> str:
    """Return a chance as 35%; certainty is never claimed."""
    percent = round(probability * 100)
    if percent == 0:
        return _("dưới 1%")
    return _("trên 99%") if percent == 100 else f"{percent}%"


def risk_chip(told: RiskyCase, rules: RiskRules) -> DueChip:
    """Return the chip of a chance, in words first; the rules say from when it is raised or high."""
    if told.risk is None:
        return DueChip(words=_("đang chờ, chưa tính được nguy cơ trễ"), tone="paused")
    chance = told.risk.probability
    if chance >= 1:
        return DueChip(words=_("đã quá hạn hoặc chắc chắn trễ"), tone="late")
    words = _("nguy cơ trễ %(percent)s") % {"percent": percent_words(chance)}
    percent = chance * 100
    tone = "soon" if percent >= rules.raised_percent else "ok"
    return DueChip(words=words, tone="late" if percent >= rules.high_percent else tone)


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkRow:
    """A row of my work with the chance that its case ends late; none while it waits."""

    row: CaseRow
    risk: DueChip | None


def with_risks(
    rows: Iterable[CaseRow], risks: Iterable[RiskyCase], rules: RiskRules
) -> list[WorkRow]:
    """Return rows of work with their chances; what is overdue already says so itself."""
    return [
        WorkRow(row=row, risk=None if row.is_late or not one.risk else risk_chip(one, rules))
        for row, one in zip(rows, risks, strict=True)
    ]


def show_bins(bins: Iterable[Bin]) -> list[BinShown]:
    """Return the tenths that have cases, as the table tells them."""
    return [
        BinShown(
            chances=f"{round(one.low * 100)}–{round(one.high * 100)}%",
            count=formats.write_number(one.count),
            told=f"{formats.write_number((one.mean_probability or 0) * 100, 1)}%",
            came=f"{formats.write_number((one.late_rate or 0) * 100, 1)}%",
        )
        for one in bins
        if one.count
    ]


def reliability_chart(bins: Iterable[Bin]) -> dict[str, Any]:
    """Return the points of the reliability plot: what was told, and what came."""
    return {
        "kind": "reliability",
        "x": _("nguy cơ đã báo"),
        "y": _("tỷ lệ thực sự trễ"),
        "points": [
            {
                "x": round((one.mean_probability or 0) * 100, 1),
                "y": round((one.late_rate or 0) * 100, 1),
                "words": _("%(count)s hồ sơ") % {"count": one.count},
            }
            for one in bins
            if one.count
        ],
    }


def verdict(held_out: HeldOut, rules: RiskRules) -> str:
    """Return in honest words what the judgement is worth."""
    found = held_out.calibration
    if found is None:
        return _(
            "Chưa có hồ sơ nào để đối chiếu: cần hồ sơ đã xong trước mốc để học và hồ sơ nhận sau "
            "mốc, còn mở ở giữa thời hạn, để đối chiếu."
        )
    if found.late_count < rules.enough_late:
        words = _(
            "Chỉ có %(late)s hồ sơ trễ trong %(count)s hồ sơ đối chiếu: quá ít để nói dự báo này tốt "
            "hay không. Hãy xem các con số dưới đây như minh họa cách tính."
        ) % {"late": found.late_count, "count": found.count}
        if found.brier > found.brier_of_average:
            words += " " + _("Đến nay dự báo kém hơn việc luôn báo tỷ lệ trễ trung bình.")
        return words
    if found.skill is not None and found.skill > 0:
        return _("Dự báo tốt hơn việc luôn báo tỷ lệ trễ trung bình.")
    return _("Dự báo chưa tốt hơn việc luôn báo tỷ lệ trễ trung bình; chưa nên dựa vào nó.")

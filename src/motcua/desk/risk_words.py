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
from motcua.look import formats

# How loudly a chip speaks; what it says is the chance itself.
_LOUD, _RAISED = 0.5, 0.2
# Of fewer late cases than this a score says little: one case more or less changes it by a tenth.
ENOUGH_LATE = 10


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
    """Return a chance as 35 %; certainty is never claimed."""
    percent = round(probability * 100)
    if percent == 0:
        return _("dưới 1 %")
    return _("trên 99 %") if percent == 100 else f"{percent} %"


def risk_chip(told: RiskyCase) -> DueChip:
    """Return the chip of a chance, in words first."""
    if told.risk is None:
        return DueChip(words=_("đang chờ, chưa tính được nguy cơ trễ"), tone="paused")
    chance = told.risk.probability
    if chance >= 1:
        return DueChip(words=_("đã quá hạn hoặc chắc chắn trễ"), tone="late")
    words = _("nguy cơ trễ %(percent)s") % {"percent": percent_words(chance)}
    tone = "late" if chance >= _LOUD else "soon" if chance >= _RAISED else "ok"
    return DueChip(words=words, tone=tone)


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkRow:
    """A row of my work with the chance that its case ends late; none while it waits."""

    row: CaseRow
    risk: DueChip | None


def with_risks(rows: Iterable[CaseRow], risks: Iterable[RiskyCase]) -> list[WorkRow]:
    """Return rows of work with their chances; what is overdue already says so itself."""
    return [
        WorkRow(row=row, risk=None if row.is_late or not one.risk else risk_chip(one))
        for row, one in zip(rows, risks, strict=True)
    ]


def show_bins(bins: Iterable[Bin]) -> list[BinShown]:
    """Return the tenths that have cases, as the table tells them."""
    return [
        BinShown(
            chances=f"{round(one.low * 100)}–{round(one.high * 100)} %",
            count=formats.write_number(one.count),
            told=f"{formats.write_number((one.mean_probability or 0) * 100, 1)} %",
            came=f"{formats.write_number((one.late_rate or 0) * 100, 1)} %",
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


def verdict(held_out: HeldOut) -> str:
    """Return in honest words what the judgement is worth."""
    found = held_out.calibration
    if found is None:
        return _(
            "Chưa có hồ sơ nào để đối chiếu: cần hồ sơ đã xong trước mốc để học và hồ sơ nhận sau "
            "mốc, còn mở ở giữa thời hạn, để đối chiếu."
        )
    if found.late_count < ENOUGH_LATE:
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

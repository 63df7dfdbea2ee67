"""Indicators: one source each, no circle, no unknown name; figures follow and are rounded half up."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from motcua.engine.formulas import Kind
from motcua.engine.indicators import Indicator, Words, make_catalogue
from motcua.engine.lawvalues import LawRefused

COUNTS = ("is_done", "is_late")


def indicator(name: str, **values: Any) -> Indicator:
    words = Words(vi=name, en=name)
    usual: dict[str, Any] = {
        "id": name,
        "name": words,
        "unit": words,
        "kind": Kind.COUNT,
        "decimals": 0,
        "definition": words,
        "source": "NĐ 61/2018/NĐ-CP",
        "is_verified": True,
        "where": f"law/indicators/test.yaml:{len(name)}",
    }
    return Indicator(**{**usual, **values})


WHY = Words(vi="Chưa có phiếu khảo sát.", en="No survey slips yet.")
DONE = indicator("done", counts="is_done")
LATE = indicator("late", counts="is_late")
ON_TIME = indicator("on_time", formula_text="done - late")
RATE = indicator("rate", formula_text="percent(on_time, done)", kind=Kind.PERCENT, decimals=2)


def test_figures_follow_whatever_the_order_of_the_file() -> None:
    catalogue = make_catalogue([RATE, ON_TIME, DONE, LATE], counts=COUNTS)

    figures = catalogue.complete({"done": 191, "late": 1})

    assert figures["on_time"] == 190
    assert RATE.rounded(figures["rate"]) == Decimal("99.48")
    assert catalogue.counted_of("rate") == ("done", "late")


def test_an_entered_figure_that_is_missing_is_blank_or_zero_as_its_rule_says() -> None:
    blank = indicator("blank", owner="OFFICE", why_entered=WHY)
    zero = indicator("zero", owner="OFFICE", why_entered=WHY, missing_is_zero=True)
    total = indicator("total", formula_text="blank + zero")

    figures = make_catalogue([blank, zero, total], counts=()).complete({})

    assert figures == {"blank": None, "zero": 0, "total": None}


def test_only_an_entered_figure_says_why_it_is_entered() -> None:
    entered = indicator("entered", owner="OFFICE", why_entered=WHY)

    assert make_catalogue([entered], counts=()).indicators["entered"].why_entered == WHY
    with pytest.raises(LawRefused, match="why_entered"):
        make_catalogue([indicator("done", counts="is_done", why_entered=WHY)], counts=COUNTS)


@pytest.mark.parametrize("why", [None, Words(vi="", en="No slips."), Words(vi="Chưa có.", en="")])
def test_an_entered_figure_without_a_reason_in_both_languages_is_refused(
    why: Words | None,
) -> None:
    with pytest.raises(LawRefused, match="phải có why_entered") as refused:
        make_catalogue([indicator("entered", owner="OFFICE", why_entered=why)], counts=())

    assert str(refused.value).startswith("law/indicators/test.yaml:7: ")


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (Fraction(25, 8), Decimal("3.13")),
        (Fraction(1, 3), Decimal("0.33")),
        (Fraction(100), Decimal("100.00")),
    ],
)
def test_halves_are_rounded_up(value: Fraction, printed: Decimal) -> None:
    assert RATE.rounded(value) == printed
    assert RATE.rounded(None) is None


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        (indicator("a", formula_text="b"), "dùng chỉ tiêu “b”"),
        (indicator("a", formula_text="a + done"), "vòng tròn: a → a"),
        (indicator("a", formula_text="percent(done, late)"), "ghi kind count"),
        (indicator("a", counts="is_early"), "không có cách đếm này"),
        (indicator("a", counts="is_done", owner="OFFICE"), "đúng một trong"),
        (indicator("a"), "đúng một trong"),
        (indicator("a", counts="is_done", dimensions=("weather",)), "không có chiều"),
        (indicator("done", counts="is_done"), "đã có ở nơi khác"),
    ],
)
def test_a_wrong_indicator_is_refused_with_file_and_line(wrong: Indicator, problem: str) -> None:
    with pytest.raises(LawRefused) as refused:
        make_catalogue([DONE, LATE, wrong], counts=COUNTS)

    assert str(refused.value).startswith("law/indicators/test.yaml:")
    assert problem in str(refused.value)

"""Formulas: read by type, computed exactly, told in words; nothing is ever divided by zero."""

from __future__ import annotations

from fractions import Fraction

import pytest

from motcua.engine.formulas import FormulaProblem, Kind, find_cycle, read_formula

KINDS = {
    "on_time": Kind.COUNT,
    "late": Kind.COUNT,
    "done": Kind.COUNT,
    "rate": Kind.PERCENT,
    "bonus": Kind.POINTS,
}
NAMES = {"on_time": "Đúng hạn", "late": "Quá hạn", "done": "Đã giải quyết", "rate": "Tỷ lệ"}


def value(text: str, **values: int | None) -> Fraction | None:
    known = {name: None if each is None else Fraction(each) for name, each in values.items()}
    return read_formula(text, KINDS).value(known)


def test_a_formula_is_computed_exactly() -> None:
    assert value("percent(on_time, on_time + late)", on_time=190, late=1) == Fraction(19000, 191)
    assert value("2 * on_time - late / 4", on_time=3, late=2) == Fraction(11, 2)
    assert value("(on_time + late) * 2", on_time=3, late=2) == 10
    assert value("least(on_time, late)", on_time=3, late=2) == 2


def test_nothing_is_divided_by_zero_and_what_is_missing_stays_missing() -> None:
    assert value("percent(on_time, done)", on_time=0, done=0) is None
    assert value("on_time / done * 0.5", on_time=0, done=0) is None
    assert value("on_time + late", on_time=1, late=None) is None


def test_points_are_full_from_the_threshold_on_and_in_proportion_below() -> None:
    assert value("points(rate, 6, 50)", rate=50) == 6
    assert value("points(rate, 6, 50)", rate=75) == 6
    assert value("points(rate, 6, 50)", rate=25) == 3


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("on_time + rate", "không thể cộng số đếm với tỷ lệ phần trăm"),
        ("on_time * late", "không thể nhân số đếm với số đếm"),
        ("2 / on_time", "không thể chia số thường với số đếm"),
        ("early + late", "dùng chỉ tiêu “early”, không có chỉ tiêu này"),
        ("eval(on_time)", "dùng hàm “eval”"),
        ("percent(on_time)", "gọi percent với số đếm"),
        ("points(on_time, 6, 50)", "gọi points với số đếm"),
        ("(on_time", "thiếu dấu “)”"),
        ("on_time late", "thừa “late”"),
        ("on_time +", "kết thúc giữa chừng"),
        ("on_time; late", "ký tự lạ “;”"),
        ("", "kết thúc giữa chừng"),
        ("(" * 50 + "on_time" + ")" * 50, "lồng nhau"),
        ("1 + " * 200 + "1", "ký tự, nhiều nhất"),
    ],
)
def test_what_is_no_formula_is_refused_in_words(text: str, problem: str) -> None:
    with pytest.raises(FormulaProblem) as refused:
        read_formula(text, KINDS)

    assert problem in refused.value.because.vi
    assert refused.value.because.en.startswith("The formula ")


def test_a_formula_is_told_in_words() -> None:
    formula = read_formula("percent(on_time, on_time + late)", KINDS)

    assert formula.words(NAMES, language="vi") == "Đúng hạn ÷ (Đúng hạn + Quá hạn) × 100"
    points = read_formula("points(rate, 6, 50)", KINDS)
    assert "tối đa 6 điểm khi đạt từ 50%" in points.words(NAMES, language="vi")
    assert "at most 6 points from 50%" in points.words(NAMES, language="en")
    assert formula.names == ("on_time", "late")


def test_a_circle_is_found_and_a_fork_is_none() -> None:
    assert find_cycle({"a": ["b"], "b": ["c"], "c": ["a"]}) == ("a", "b", "c", "a")
    assert find_cycle({"a": ["a"]}) == ("a", "a")
    assert find_cycle({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []}) == ()

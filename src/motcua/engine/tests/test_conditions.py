"""Conditions: what they mean, and how they are refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from motcua.engine.conditions import ConditionProblem, UnfitValue, read_condition


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ('outcome == "RETURN"', {"outcome": "RETURN"}, True),
        ('outcome == "RETURN"', {"outcome": "APPROVE"}, False),
        ("outcome != 'RETURN'", {"outcome": "APPROVE"}, True),
        ('outcome in ["RETURN", "REFUSE"]', {"outcome": "REFUSE"}, True),
        ("area > 500", {"area": 500}, False),
        ("area >= 500 and area < 1000.5", {"area": Decimal(1000)}, True),
        ("rate == 0.1", {"rate": 0.1}, True),
        ("level in [1, 2]", {"level": 2}, True),
        ("is_urgent", {"is_urgent": True}, True),
        ("not is_urgent", {"is_urgent": False}, True),
        ("is_urgent == false", {"is_urgent": False}, True),
        ("a or b and c", {"a": True, "b": False, "c": False}, True),
        ("(a or b) and c", {"a": True, "b": False, "c": False}, False),
        ("not a and b", {"a": False, "b": True}, True),
        ('appraise.outcome == "QUALIFIED"', {"appraise.outcome": "QUALIFIED"}, True),
        ('huyen == "Long Khánh"', {"huyen": "Long Khánh"}, True),
    ],
)
def test_a_condition_holds_as_it_reads(
    text: str, values: dict[str, object], expected: bool
) -> None:
    assert read_condition(text).holds(values) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("x == 1", False), ("x != 1", True), ("x > 1", False), ("flag", False), ("not flag", True)],
)
def test_a_value_that_is_not_there_equals_nothing(text: str, expected: bool) -> None:
    assert read_condition(text).holds({}) is expected


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "bị bỏ dở"),
        ('outcome == "RETURN" and', "bị bỏ dở"),
        ("outcome = 1", "ký tự “=”"),
        ("outcome == RETURN", "chữ trong ngoặc kép"),
        ('outcome < "B"', "không so sánh chữ bằng “<”"),
        ("flag > true", "không so sánh đúng/sai bằng “>”"),
        ("(a or b", "thiếu dấu “)”"),
        ("x in [1", "thiếu dấu “]”"),
        ('x in [1, "a"]', "toàn chữ hoặc toàn số"),
        ('x == 1 or x == "a"', "khi là số, khi là chữ"),
        ("a b", "thừa “b”"),
        ("__import__('os').system('ls')", "ký tự “.”"),
        ("${outcome}", "ký tự “$”"),
        ('tên == "x"', "ký tự “ê”"),
        ("1 == 1", "cần tên một giá trị"),
        ("(" * 30 + "a" + ")" * 30, "ngoặc lồng nhau"),
        ("not " * 30 + "a", "“not” lồng nhau"),
        ("a == 1 or " * 200 + "a == 1", "nhiều nhất là 1000"),
    ],
)
def test_a_condition_that_cannot_be_read_is_refused_with_its_reason(text: str, part: str) -> None:
    with pytest.raises(ConditionProblem, match=r".") as refusal:
        read_condition(text)

    assert part in refusal.value.because.vi
    assert refusal.value.because.en


def test_a_value_of_another_type_is_refused_by_name() -> None:
    condition = read_condition("area > 500")

    with pytest.raises(UnfitValue, match="“area” phải là số, hiện là 'rộng'"):
        condition.holds({"area": "rộng"})


def test_a_flag_is_no_number() -> None:
    with pytest.raises(UnfitValue, match="“area” phải là số"):
        read_condition("area == 1").holds({"area": True})

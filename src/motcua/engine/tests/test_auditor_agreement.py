"""SUM of partitions, SAME, CARRY and PERIOD."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from motcua.engine.auditor import FindingClass, PeriodName, Register, audit, parse_period_name
from motcua.engine.tests.auditing import amounts, audit_one, classes


def test_parts_of_a_total_that_do_not_add_up() -> None:
    agrees = audit_one("partition", total=1849, parts={"tỉnh": 1477, "huyện": 260, "xã": 112})
    differs = audit_one("partition", total=1850, parts={"tỉnh": 1477, "huyện": 260, "xã": 112})

    assert agrees == ()
    assert classes(differs) == [FindingClass.SUM]
    assert amounts(differs[0]) == (1850, 1849, 1)


def test_parts_that_were_rounded_may_miss_the_total_by_their_rounding() -> None:
    thirds = {"a": Decimal("33.3"), "b": Decimal("33.3"), "c": Decimal("33.3")}

    assert audit_one("partition", total=100, parts=thirds) == ()
    assert classes(audit_one("partition", total=101, parts=thirds)) == [FindingClass.SUM]


def test_parts_with_a_blank_are_not_added_up() -> None:
    assert audit_one("partition", total=10, parts={"a": 3, "b": None}) == ()
    assert audit_one("partition", total=None, parts={"a": 3, "b": 4}) == ()


def test_one_figure_printed_with_two_values() -> None:
    agrees = audit_one("same", values={"biểu 3": 8153, "mục 2.3": "8.153", "phụ lục": None})
    differs = audit_one("same", values={"mục 2.3": 8150, "biểu 3": 8153, "phụ lục": 8153})

    assert agrees == ()
    assert classes(differs) == [FindingClass.SAME]
    assert amounts(differs[0]) == (8150, 8153, -3)


def test_one_rate_printed_with_two_precisions_agrees() -> None:
    assert audit_one("same", values={"bảng": Decimal("99.48"), "lời": "99,5%"}) == ()
    assert classes(audit_one("same", values={"bảng": Decimal("99.48"), "lời": "99,6%"})) == [
        FindingClass.SAME
    ]


def test_what_was_left_open_is_carried_over() -> None:
    agrees = audit_one("carry", open_before=42, carried_over=42)
    differs = audit_one("carry", open_before=42, carried_over=40)
    blank = audit_one("carry", open_before=None, carried_over=40)

    assert agrees == blank == ()
    assert classes(differs) == [FindingClass.CARRY]
    assert amounts(differs[0]) == (40, 42, -2)


def first_quarter(name: str) -> tuple[date, date] | None:
    """Know the first quarter of 2023 alone."""
    named = parse_period_name(name)
    is_known = named == PeriodName(kind="quarter", number=1, year=2023)
    return (date(2022, 12, 15), date(2023, 3, 14)) if is_known else None


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ({"from": date(2022, 12, 15), "to": date(2023, 3, 14), "name": "Quý I/2023"}, []),
        (
            {"from": date(2023, 1, 1), "to": date(2023, 3, 31), "name": "Quý I năm 2023"},
            [FindingClass.PERIOD],
        ),
        ({"from": "15/12/2022", "to": None, "name": "Quý I/2023"}, []),
        ({"from": "01/12/2022", "to": "01/02/2023", "name": "Tết Quý Mão"}, []),
        ({"from": "01/12/2022", "to": "01/02/2023"}, []),
    ],
)
def test_the_days_of_a_named_period(
    period: dict[str, object], expected: list[FindingClass]
) -> None:
    findings = audit({"period": period, "statements": []}, Register(), first_quarter)

    assert classes(findings) == expected


@pytest.mark.parametrize(
    ("name", "kind", "number"),
    [
        ("Quý I/2023", "quarter", 1),
        ("quý IV năm 2023", "quarter", 4),
        ("Quý 3/2023", "quarter", 3),
        ("Q2/2023", "quarter", 2),
        ("6 tháng đầu năm 2023", "half_year", 1),
        ("6 tháng cuối năm 2023", "half_year", 2),
        ("9 tháng năm 2023", "nine_months", 1),
        ("Tháng 3 năm 2023", "month", 3),
        ("tháng 12/2023", "month", 12),
        ("năm 2023", "year", 1),
        ("Quý 1 năm 2023", "quarter", 1),
        ("quý I-2023", "quarter", 1),
        ("Quý 01/2023", "quarter", 1),
        ("quí II.2023", "quarter", 2),
        ("Báo cáo Quý I năm 2023", "quarter", 1),
        ("Quy\u0301 I/2023", "quarter", 1),
        ("06 tháng đầu năm 2023", "half_year", 1),
        ("First half of 2023", "half_year", 1),
        ("Second half of 2023", "half_year", 2),
        ("9 tháng đầu năm 2023", "nine_months", 1),
        ("Year 2023", "year", 1),
    ],
)
def test_a_period_name_is_understood(name: str, kind: str, number: int) -> None:
    assert parse_period_name(name) == PeriodName(kind=kind, number=number, year=2023)


@pytest.mark.parametrize(
    ("name", "code"),
    [("Quý I/2023", "2023-Q1"), ("6 tháng cuối năm 2023", "2023-H2"), ("năm 2023", "2023-Y")],
)
def test_a_period_name_has_the_code_of_the_law_data(name: str, code: str) -> None:
    named = parse_period_name(name)

    assert named is not None
    assert named.code == code


@pytest.mark.parametrize("name", ["", "Quý V/2023", "quý 1", "từ đầu năm", "năm học 2023"])
def test_an_unknown_period_name_is_not_guessed(name: str) -> None:
    assert parse_period_name(name) is None

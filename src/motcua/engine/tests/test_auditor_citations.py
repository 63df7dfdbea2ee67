"""CITATION: documents cited otherwise than the register has them."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import pytest

from motcua.engine.auditor import (
    FindingClass,
    Register,
    RegisterError,
    read_document,
    read_register,
)
from motcua.engine.tests.auditing import audit_citation, classes

LAW: Any = read_document(
    (Path(__file__).parents[4] / "law" / "documents.yaml").read_text("utf-8")
).content
REGISTER = read_register(LAW)


@pytest.mark.parametrize("example", LAW["examples"], ids=lambda example: example["name"])
def test_the_worked_examples_of_the_register_hold(example: dict[str, Any]) -> None:
    findings = audit_citation(REGISTER, example["text"])

    assert [one.expected for one in findings] == [
        expected for expected in [example["expected"]] if expected is not None
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Nghị định số 45/2020/NĐ-CP ngày 8/4/2020",
        "Nghị định số 45/2020/NÐ-CP ngày 08/04/2020",
        "Nghị định số 45/2020/NĐ–CP ngày 08-4-2020",
        "Nghị định số 45/2020/NĐ-\nCP ngày 08/4/2020",
        "NĐ 45/2020 (08/4/2020)",
        "Nghị định 45/2020 ngày 08.4.2020",
        "Nghị định số 45/2020/NĐ-CP của Chính phủ",
        "Thông tư số 1/2023/TT-VPCP ngày 5/4/2023",
        "Nghị định số 63/2010/NĐ-CP ngày 08/6/2010",
        "Kế hoạch số 284/KH-UBND ngày 15/11/2024 về phòng, chống thiên tai năm 2025",
        "Nghị định số 44/2020/NĐ-CP ngày 08/4/2020",
        "đạt 170/170 xã, 367/386 phản ánh ngày 08/4/2021",
    ],
)
def test_a_citation_that_agrees_or_is_unknown_has_no_finding(text: str) -> None:
    assert audit_citation(REGISTER, text) == ()


@pytest.mark.parametrize(
    ("text", "printed", "expected"),
    [
        ("Nghị định số 45/2020/NĐ-CP ngày 08/4/2021", "08/4/2021", "08/04/2020"),
        ("Nghị định số 45/2020/ND-CP của Chính phủ ngày 8/4/2018", "8/4/2018", "08/04/2020"),
        ("NĐ 45/2020 (08/4/2021)", "08/4/2021", "08/04/2020"),
        ("Nghị định số 45/2020/NĐ-CP (ngày 08/4/2021)", "08/4/2021", "08/04/2020"),
        ("Nghị định số 45/2020/NĐ—CP ngày 08/4/2021", "08/4/2021", "08/04/2020"),
        ("Nghị định số 45 / 2020 / NĐ - CP ngày 08/4/2021", "08/4/2021", "08/04/2020"),
        ("Nghị định số 45/2020/NĐ\u2011CP ngày\u00a008/4/2021", "08/4/2021", "08/04/2020"),
        (
            "Nghị định số 45/2020/NĐ-CP ngày 8 tháng 4 năm 2021",
            "8 tháng 4 năm 2021",
            "08/04/2020",
        ),
        (
            unicodedata.normalize("NFD", "Nghị định số 45/2020/NĐ-CP ngày 08/4/2021"),
            "08/4/2021",
            "08/04/2020",
        ),
        ("Nghị định số 45/2020/NĐ-CP ngày 31/4/2020", "31/4/2020", "08/04/2020"),
        (
            "Nghị định số 107/2021/NĐ-CP ngày 06 tháng 12 năm 2022",
            "06 tháng 12 năm 2022",
            "06/12/2021",
        ),
        ("Nghị định số 45/2021/NĐ-CP ngày 08/4/2020", "45/2021/NĐ-CP", "45/2020/NĐ-CP"),
        ("Quyết định số 45/2020/QĐ-TTg ngày 08/4/2020", "45/2020/QĐ-TTg", "45/2020/NĐ-CP"),
        ("Kế hoạch số 282/KH-UBND ngày 29/12/2021", "29/12/2021", "29/12/2022"),
    ],
)
def test_a_citation_with_another_date_or_number(text: str, printed: str, expected: str) -> None:
    findings = audit_citation(REGISTER, text)

    assert classes(findings) == [FindingClass.CITATION]
    assert (findings[0].printed, findings[0].expected) == (printed, expected)
    assert "không khớp" in findings[0].because.vi


def test_each_of_several_documents_in_one_text_keeps_its_own_date() -> None:
    text = (
        "Nghị định số 107/2021/NĐ-CP ngày 06/12/2021 sửa đổi, bổ sung một số điều của "
        "Nghị định số 61/2018/NĐ-CP ngày 23/4/2019 của Chính phủ"
    )

    findings = audit_citation(REGISTER, text)

    assert [(one.printed, one.expected) for one in findings] == [("23/4/2019", "23/04/2018")]


def test_one_document_misdated_in_several_passages_is_one_finding() -> None:
    texts = [
        "Nghị định số 45/2020/NĐ-CP ngày 8/4/2018",
        "Nghị định số 45/2020/NĐ-CP ngày 08/4/2021",
    ]

    findings = audit_citation(REGISTER, texts)

    assert [one.printed for one in findings] == ["8/4/2018; 08/4/2021"]


def test_an_entry_that_was_not_checked_against_the_original_says_so() -> None:
    findings = audit_citation(REGISTER, "Nghị định số 45/2020/NĐ-CP ngày 08/4/2021")

    assert not findings[0].because.is_verified
    assert "chưa được đối chiếu" in findings[0].because.vi


def test_an_empty_register_finds_nothing() -> None:
    assert audit_citation(Register(), "Nghị định 45/2020/NĐ-CP ngày 08/4/2021") == ()


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ({"kind": "Nghị định"}, "no symbol"),
        ({"symbol": "1/2020/NĐ-CP", "status": "verified"}, "source"),
        ({"symbol": "1/2020/NĐ-CP", "source": "x", "status": "maybe"}, "status"),
        (
            {"symbol": "1/2020/NĐ-CP", "source": "x", "status": "verified", "date": "8/4/2020"},
            "date",
        ),
    ],
)
def test_a_register_entry_that_cannot_be_used_is_refused(
    entry: dict[str, object], reason: str
) -> None:
    with pytest.raises(RegisterError, match=reason):
        read_register({"documents": [entry]})


def test_every_dated_entry_of_the_register_was_signed_in_the_year_of_its_symbol() -> None:
    misdated = [
        one.symbol
        for one in REGISTER.documents
        if one.signed_on and one.parts[1] and one.signed_on.year != int(one.parts[1])
    ]

    assert misdated == []

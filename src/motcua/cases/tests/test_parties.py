"""Who hands in, whose it is and who stands for them: numbers that can be, children with somebody."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Literal
from uuid import uuid4

import pytest

from motcua.cases.actions import PartyEntry, Submission
from motcua.cases.reception import check_parties

TODAY = date(2023, 3, 6)
MOTHER = PartyEntry(kind="PERSON", full_name="Trần Thị Ưu", identity_number="075190000456")
CHILD = PartyEntry(kind="PERSON", full_name="Trần Bé", identity_number="075216004321")


def told(
    applicant: PartyEntry,
    *,
    owner: PartyEntry | None = None,
    representative: PartyEntry | None = None,
) -> dict[str, str]:
    """Return the problems of a submission by their fields."""
    submission = Submission(
        submission_key=uuid4(),
        procedure_code="1.000001",
        channel="COUNTER",
        variant_code="01",
        applicant=applicant,
        owner=owner,
        representative=representative,
    ).tidied()
    return {one.field: one.message for one in check_parties(submission, on=TODAY)}


def person(number: str) -> PartyEntry:
    return PartyEntry(kind="PERSON", full_name="Nguyễn Ẵm", identity_number=number)


def company(number: str) -> PartyEntry:
    return PartyEntry(kind="ORGANISATION", full_name="Công ty Nước", identity_number=number)


@pytest.mark.parametrize("number", ["075193000123", "075 193 000 123", "271234567", "C1234567", ""])
def test_numbers_of_people_that_can_be_are_accepted(number: str) -> None:
    assert told(person(number)) == {}


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("12", "12 chữ số"),
        ("003193000123", "mã 003"),
        ("075231000123", "năm sinh 2031 chưa tới"),
        ("０７５１９３０００１２３", "12 chữ số"),
    ],
)
def test_numbers_of_people_that_cannot_be_are_refused_with_the_reason(
    number: str, why: str
) -> None:
    assert why in told(person(number))["applicant_identity_number"]


@pytest.mark.parametrize(
    "number", ["3600259560", "3600259560-001", "3600259560001", "075193000123"]
)
def test_numbers_of_organisations_that_can_be_are_accepted(number: str) -> None:
    assert told(company(number)) == {}


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("3600259561", "chữ số kiểm tra không khớp"),
        ("36002595601", "10 hoặc 13 chữ số"),
        ("36002595AB", "chữ số kiểm tra không khớp"),
    ],
)
def test_a_wrong_digit_of_an_organisation_is_seen(number: str, why: str) -> None:
    assert why in told(company(number))["applicant_identity_number"]


def test_a_child_needs_somebody_who_stands_for_it() -> None:
    problem = told(CHILD)["representative_full_name"]

    assert "Trần Bé chưa đủ 15 tuổi" in problem
    assert "Bộ luật Dân sự" in problem


def test_a_child_whose_mother_hands_in_still_needs_her_named_as_representative() -> None:
    assert set(told(MOTHER, owner=CHILD)) == {"representative_full_name"}
    assert told(MOTHER, owner=CHILD, representative=MOTHER) == {}


def test_a_child_cannot_stand_for_anybody() -> None:
    assert set(told(MOTHER, representative=CHILD)) == {"representative_identity_number"}


def test_the_representative_is_checked_as_everybody() -> None:
    nobody = PartyEntry(kind="PERSON", full_name="", phone="12")

    assert set(told(MOTHER, representative=nobody)) == {
        "representative_full_name",
        "representative_phone",
    }


@pytest.mark.parametrize("shape", ["NFC", "NFD"])
def test_names_with_every_vietnamese_letter_are_stored_composed(
    shape: Literal["NFC", "NFD"],
) -> None:
    marks = ("", "̀", "̉", "̃", "́", "̣")
    bases = ("a", "ă", "â", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "y")
    composed = "".join(
        unicodedata.normalize("NFC", base + mark) for base in bases for mark in marks
    )
    every = f"{composed}{composed.upper()}đĐ"

    entry = PartyEntry(kind="PERSON", full_name=unicodedata.normalize(shape, every)).tidied()

    assert entry.full_name == every
    assert told(entry) == {}

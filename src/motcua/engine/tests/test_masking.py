"""Names and numbers are masked so that they are recognised and cannot be used."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import Literal

import pytest

from motcua.engine.masking import (
    MaskingRules,
    mask_address,
    mask_identity_number,
    mask_name,
    mask_number,
)

RULES = MaskingRules(
    name_words=1, number_signs=3, identity_signs=4, hidden_percent=50, address_parts=2
)

# Every capital that a Vietnamese syllable may begin with, vowels under each of their marks.
VIETNAMESE = (
    "AÁÀẢÃẠĂẮẰẲẴẶÂẤẦẨẪẬEÉÈẺẼẸÊẾỀỂỄỆIÍÌỈĨỊOÓÒỎÕỌÔỐỒỔỖỘƠỚỜỞỠỢUÚÙỦŨỤƯỨỪỬỮỰYÝỲỶỸỴBCDĐGHKLMNPQRSTVX"
)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Nguyễn Thị Thúy An", "Nguyễn T. T. A."),
        ("Đỗ  Ẵm", "Đỗ Ẵ."),
        ("Ưng", "Ư."),
        ("", ""),
    ],
)
def test_a_name_keeps_its_family_name_and_initials(name: str, shown: str) -> None:
    assert mask_name(name, RULES) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [("0912345678", "*******678"), ("075193000123", "*********123"), ("12345", "*****"), ("", "")],
)
def test_a_number_keeps_its_end_unless_that_is_most_of_it(number: str, shown: str) -> None:
    assert mask_number(number, RULES) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        (
            "12 Nguyễn Ái Quốc, phường Tân Phong, thành phố Biên Hòa",
            "… phường Tân Phong, thành phố Biên Hòa",
        ),
        ("Ấp 3, xã Phú Lý, huyện Vĩnh Cửu, tỉnh Đồng Nai", "… huyện Vĩnh Cửu, tỉnh Đồng Nai"),
        ("12 Nguyễn Ái Quốc, Biên Hòa", "… Biên Hòa"),
        ("12 Nguyễn Ái Quốc", "…"),
        (" , ", ""),
    ],
)
def test_an_address_tells_the_place_but_neither_house_nor_street(address: str, shown: str) -> None:
    assert mask_address(address, RULES) == shown


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("letter", VIETNAMESE)
def test_an_initial_keeps_its_marks_however_it_was_typed(
    letter: str, form: Literal["NFC", "NFD"]
) -> None:
    typed = unicodedata.normalize(form, f"Nguyễn {letter}nh")

    assert mask_name(typed, RULES) == f"Nguyễn {letter}."
    assert mask_name(unicodedata.normalize(form, f"{letter}nh"), RULES) == f"{letter}."


def test_an_identity_number_has_a_rule_of_its_own() -> None:
    assert mask_identity_number("075193000123", RULES) == "********0123"


def test_rules_can_tell_less_and_more_but_never_all() -> None:
    none = replace(RULES, name_words=0, number_signs=0, address_parts=0)
    much = replace(RULES, name_words=9, number_signs=9, hidden_percent=0, address_parts=9)

    assert mask_name("Nguyễn Thị An", none) == "N. T. A."
    assert mask_number("0912345678", none) == "**********"
    assert mask_address("12 Nguyễn Ái Quốc, Biên Hòa", none) == "…"
    assert mask_name("Nguyễn Thị An", much) == "Nguyễn Thị A."
    assert mask_number("0912345678", much) == "*912345678"
    assert mask_address("12 Nguyễn Ái Quốc, Tân Phong, Biên Hòa", much) == "… Tân Phong, Biên Hòa"

"""Names and numbers are masked so that they are recognised and cannot be used."""

from __future__ import annotations

import unicodedata
from typing import Literal

import pytest

from motcua.engine.masking import mask_address, mask_name, mask_number

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
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [("0912345678", "*******678"), ("075193000123", "*********123"), ("12345", "*****"), ("", "")],
)
def test_a_number_keeps_its_end_unless_that_is_most_of_it(number: str, shown: str) -> None:
    assert mask_number(number) == shown


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
    assert mask_address(address) == shown


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("letter", VIETNAMESE)
def test_an_initial_keeps_its_marks_however_it_was_typed(
    letter: str, form: Literal["NFC", "NFD"]
) -> None:
    typed = unicodedata.normalize(form, f"Nguyễn {letter}nh")

    assert mask_name(typed) == f"Nguyễn {letter}."
    assert mask_name(unicodedata.normalize(form, f"{letter}nh")) == f"{letter}."

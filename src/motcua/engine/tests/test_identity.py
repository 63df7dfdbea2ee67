"""A personal identification number says who may be meant, and refuses what cannot be."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.engine.identity import Flaw, IdentityRefused, PartyRules, read_citizen_number

RULES = PartyRules(provinces=frozenset({"001", "075"}), representative_until=15, source="")
TODAY = date(2023, 3, 6)


@pytest.mark.parametrize(
    "number", ["", "07519300012", "0751930001234", "07519300012A", "０７５193000123"]
)
def test_what_is_not_twelve_digits_is_refused(number: str) -> None:
    with pytest.raises(IdentityRefused) as error:
        read_citizen_number(number, rules=RULES, on=TODAY)

    assert error.value.flaw is Flaw.NOT_TWELVE_DIGITS


def test_a_birth_abroad_carries_the_code_of_a_country() -> None:
    assert read_citizen_number("113193000123", rules=RULES, on=TODAY).place == "113"


@given(year=st.integers(1900, 2023), is_female=st.booleans(), rest=st.integers(0, 999_999))
def test_year_and_sex_are_read_back_as_they_were_written(
    year: int, is_female: bool, rest: int
) -> None:
    sign = (year // 100 - 19) * 2 + is_female

    found = read_citizen_number(f"075{sign}{year % 100:02}{rest:06}", rules=RULES, on=TODAY)

    assert (found.born, found.is_female) == (year, is_female)


@pytest.mark.parametrize(("born", "is_under"), [("10", True), ("09", True), ("08", False)])
def test_only_who_cannot_have_had_the_birthday_yet_is_surely_under(
    born: str, is_under: bool
) -> None:
    found = read_citizen_number(f"0752{born}000123", rules=RULES, on=TODAY)

    assert found.is_surely_under(15, on=TODAY) is is_under

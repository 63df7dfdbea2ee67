"""Identity numbers: what a personal identification number says of its holder, and whether it can be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

_LENGTH = 12
_CENTURY_OF_ZERO = 19


class Flaw(StrEnum):
    """Why a number cannot be somebody's personal identification number."""

    NOT_TWELVE_DIGITS = "NOT_TWELVE_DIGITS"
    NO_SUCH_PROVINCE = "NO_SUCH_PROVINCE"
    NOT_BORN_YET = "NOT_BORN_YET"


class IdentityRefused(ValueError):
    """A number that nobody can have."""

    def __init__(self, flaw: Flaw, *, told: str = "") -> None:
        self.flaw = flaw
        self.told = told
        super().__init__(flaw)


@dataclass(frozen=True, kw_only=True, slots=True)
class PartyRules:
    """The law of a day about parties: codes of provinces, and from which age one files alone."""

    provinces: frozenset[str]
    representative_until: int
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CitizenNumber:
    """What the twelve digits say: where the birth was registered, the sex, and the year of birth."""

    number: str
    place: str
    is_female: bool
    born: int

    def is_surely_under(self, age: int, *, on: date) -> bool:
        """Tell whether the holder has not had this birthday on a day, whatever the day of birth.

        The number holds the year only: who may have turned that age this year is not under it.
        """
        return on.year - self.born < age


def read_citizen_number(number: str, *, rules: PartyRules, on: date) -> CitizenNumber:
    """Return what a personal identification number says; raise IdentityRefused.

    Twelve digits: three of the province (or of the country, from 100 on, for a birth abroad), one of
    century and sex (0 and 1: male and female of the 1900s, 2 and 3 of the 2000s …), two of the year
    of birth, six at random (NĐ 137/2015/NĐ-CP Đ13; TT 59/2021/TT-BCA Đ4).
    """
    if len(number) != _LENGTH or not (number.isascii() and number.isdigit()):
        raise IdentityRefused(Flaw.NOT_TWELVE_DIGITS)
    place, sign = number[:3], int(number[3])
    if place < "100" and place not in rules.provinces:
        raise IdentityRefused(Flaw.NO_SUCH_PROVINCE, told=place)
    born = (_CENTURY_OF_ZERO + sign // 2) * 100 + int(number[4:6])
    if born > on.year:
        raise IdentityRefused(Flaw.NOT_BORN_YET, told=str(born))
    return CitizenNumber(number=number, place=place, is_female=sign % 2 == 1, born=born)

"""Personal data as lists and exports show it: enough to recognise, too little to use.

How much is told stands in law/product/masking.yaml.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class MaskingRules:
    """How much of personal data is told to whoever does not work on the case.

    `name_words` are the first words of a name; `number_signs` the last signs of a telephone number,
    `identity_signs` of the number of an identity paper; `hidden_percent` of a number stay hidden at
    least; `address_parts` are the widest parts of an address.
    """

    name_words: int
    number_signs: int
    identity_signs: int
    hidden_percent: int
    address_parts: int


def mask_name(name: str, rules: MaskingRules) -> str:
    """Return a person's name with the family name and initials: Nguyễn T. T. A.

    An initial keeps its marks however the name was typed: Ấ and not A. The last word is never told.
    """
    words = unicodedata.normalize("NFC", name).split()
    told = words[: max(min(rules.name_words, len(words) - 1), 0)]
    return " ".join([*told, *(f"{word[0]}." for word in words[len(told) :])])


def mask_number(number: str, rules: MaskingRules) -> str:
    """Return a telephone number with its last signs: *******678."""
    return _end_of(number, rules.number_signs, rules)


def mask_identity_number(number: str, rules: MaskingRules) -> str:
    """Return the number of an identity paper with its last signs: ********0123."""
    return _end_of(number, rules.identity_signs, rules)


def mask_address(address: str, rules: MaskingRules) -> str:
    """Return where an address lies: … phường Tân Phong, thành phố Biên Hòa.

    Only its widest parts are told, and never the first, which names house and street.
    """
    parts = [part.strip() for part in address.split(",") if part.strip()]
    wider = parts[1:]
    told = ", ".join(wider[max(len(wider) - rules.address_parts, 0) :])
    return f"… {told}".strip() if parts else ""


def _end_of(number: str, signs: int, rules: MaskingRules) -> str:
    """Return a number with its last signs, or with none where too little would stay hidden."""
    hidden = max(len(number) - signs, 0)
    if hidden * 100 < len(number) * rules.hidden_percent:
        hidden = len(number)
    return "*" * hidden + number[hidden:]

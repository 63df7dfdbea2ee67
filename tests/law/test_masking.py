"""The worked examples of masking in law/product come out as written."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from motcua.engine.masking import (
    MaskingRules,
    mask_address,
    mask_identity_number,
    mask_name,
    mask_number,
)
from motcua.lawbook import queries
from motcua.lawbook.entries import Entry

MASKS: dict[str, Callable[[str, MaskingRules], str]] = {
    "name_words": mask_name,
    "number_signs": mask_number,
    "hidden_percent": mask_number,
    "identity_signs": mask_identity_number,
    "address_parts": mask_address,
}


@pytest.mark.parametrize(
    "example",
    queries.get_subject("product/masking").examples,
    ids=lambda e: e.get("name").get("en").text(),
)
def test_what_is_masked_is_told_as_the_example_says(example: Entry) -> None:
    rules = queries.get_masking_rules(example.get("day").day())
    mask = MASKS[example.get("mask").text()]

    shown = mask(example.get("whole").text(), rules)

    assert shown == example.get("masked").text()


def test_every_rule_has_an_example() -> None:
    subject = queries.get_subject("product/masking")

    assert {one.get("mask").text() for one in subject.examples} == set(subject.rules)

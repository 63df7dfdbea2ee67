"""The worked examples of identity numbers in law/parties come out as written."""

from __future__ import annotations

import pytest

from motcua.engine.identity import IdentityRefused, read_citizen_number
from motcua.lawbook import queries
from motcua.lawbook.entries import Entry

EXAMPLES = queries.get_subject("parties").examples


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.get("name").get("en").text())
def test_a_number_says_what_the_example_says(example: Entry) -> None:
    day = example.get("day").day()
    rules = queries.get_party_rules(day)
    number = example.get("number").text()
    if refused := example.find("refused"):
        with pytest.raises(IdentityRefused) as error:
            read_citizen_number(number, rules=rules, on=day)
        assert error.value.flaw == refused.text()
        return

    found = read_citizen_number(number, rules=rules, on=day)

    assert found.born == example.get("born").integer()
    assert found.is_female == (example.get("sex").text() == "F")
    is_child = found.is_surely_under(rules.representative_until, on=day)
    assert is_child == example.get("needs_representative").boolean()

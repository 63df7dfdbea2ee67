"""The worked examples of who lost the time, in law/product, come out as written."""

from __future__ import annotations

from decimal import Decimal

import pytest

from motcua.engine.explain import Because
from motcua.engine.lateness import PartyKind, PartyOfTime, StepSpan, share_lateness
from motcua.engine.ledger import LedgerKind, LedgerLine, StoppedFor
from motcua.engine.limits import Unit, parse_limit
from motcua.lawbook import queries
from motcua.lawbook.entries import Entry

EXAMPLES = queries.get_subject("product/lateness").examples
DOOR = PartyOfTime(kind=PartyKind.RECEIVING_UNIT, id=0, name="Bộ phận Một cửa")
WHY = Because(vi="ví dụ", en="example")


def ledger_of(example: Entry) -> list[LedgerLine]:
    received = example.get("received").moment()
    lines = [LedgerLine(received, received, LedgerKind.START, Decimal(0), Unit.HOUR, WHY)]
    if paused := example.find("paused"):
        begins, ends = paused.get("from").moment(), paused.get("to").moment()
        lines += [
            LedgerLine(
                begins, ends, LedgerKind.PAUSED, Decimal(0), Unit.HOUR, WHY, StoppedFor.CITIZEN
            ),
            LedgerLine(ends, ends, LedgerKind.RESUMED, Decimal(0), Unit.HOUR, WHY),
        ]
    return lines


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.get("name").get("en").text())
def test_each_party_loses_what_the_example_says(example: Entry) -> None:
    day, finished = example.get("day").day(), example.get("finished").moment()
    steps = tuple(example.get("steps").items())

    found = share_lateness(
        ledger=ledger_of(example),
        steps=[
            StepSpan(
                name=step.get("name").text(),
                party_id=number,
                party_name=step.get("agency").text(),
                opened_at=step.get("opened").moment(),
                completed_at=step.get("completed").moment(),
                limit=parse_limit(step.get("limit").text()),
            )
            for number, step in enumerate(steps, start=1)
        ],
        due_at=example.get("due").moment(),
        finished_at=finished,
        now=finished,
        receiving_unit=DOOR,
        calendar=queries.get_calendar(),
        rules=queries.get_time_rules(day),
        sharing=queries.get_sharing_rules(day),
    )

    waiting, still = example.find("waiting"), example.find("stood_still")
    lost = {part.step: part.minutes for part in found.parts if part.step}
    assert lost == {step.get("name").text(): step.get("minutes").integer() for step in steps}
    between = sum(p.minutes for p in found.parts if p.party.kind is PartyKind.RECEIVING_UNIT)
    assert between == (waiting.integer() if waiting else 0)
    paused = sum(p.used_minutes for p in found.parts if p.party.kind is PartyKind.CITIZEN)
    assert paused == (still.integer() if still else 0)
    assert sum(part.minutes for part in found.parts) == found.total_minutes
    assert found.total_minutes == example.get("total").integer()

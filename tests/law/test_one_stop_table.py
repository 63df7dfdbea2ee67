"""The worked examples beside the one-stop table's definition come out as written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from motcua.engine.lawvalues import LawRefused, NotInForce
from motcua.engine.moments import local_minute, midnight
from motcua.lawbook import loader, queries
from motcua.lawbook.entries import Entry
from motcua.reporting.one_stop_table import CaseTimes, Window, definition_on
from motcua.reporting.unit_and_period import get_period

SUBJECT = "indicators/one_stop_table"


def examples() -> Iterator[Any]:
    for example in queries.get_subject(SUBJECT).examples:
        yield pytest.param(example, id=example.get("name").get("en").text())


def times(case: Entry) -> list[CaseTimes]:
    finished, repeated = case.find("finished"), case.find("times")
    read = CaseTimes(
        received_at=case.get("received").moment(),
        due_at=case.get("due").moment(),
        finished_at=finished.moment() if finished else None,
    )
    return [read] * (repeated.integer() if repeated else 1)


@pytest.mark.parametrize("example", list(examples()))
def test_the_table_gives_the_written_figures(example: Entry) -> None:
    first, last = (example.get("period").get(day).day() for day in ("first_day", "last_day"))
    now = example.find("now")
    period = get_period(
        first_day=first, last_day=last, now=now.moment() if now else midnight(date(2026, 1, 1))
    )
    definition = definition_on(queries.get_subject(SUBJECT), last)

    figures = definition.count(
        (one for case in example.get("cases").items() for one in times(case)), period.window
    )

    written: Any = example.get("expected").plain()
    rate = written["rate_percent"]
    assert figures == {**written, "rate_percent": None if rate is None else Decimal(rate)}


def test_the_table_is_not_defined_before_the_one_stop_decree() -> None:
    with pytest.raises(NotInForce):
        definition_on(queries.get_subject(SUBJECT), date(2018, 6, 20))


def test_every_column_and_footnote_names_its_source_in_both_languages() -> None:
    definition = definition_on(queries.get_subject(SUBJECT), date(2023, 3, 14))

    notes = [column.definition for column in definition.columns] + list(definition.footnotes)

    assert len(definition.columns) == 10
    assert all(note.source and note.words.vi and note.words.en for note in notes)


@pytest.mark.parametrize(
    "right, wrong, complaint",
    [
        ("count: received_in_period", "count: received_sometime", "không có điều kiện này"),
        ("sum_of: [carried_over, received]", "sum_of: [carried_over, open]", "“open”"),
        ("denominator: done,", "denominator: total_done,", "“total_done”"),
        ("sum_of: [done_on_time, done_late]", "sums: 1", "cần một trong count, sum_of, formula"),
    ],
)
def test_a_definition_with_an_unknown_name_is_refused_with_its_line(
    tmp_path: Path, right: str, wrong: str, complaint: str
) -> None:
    text = (queries.get_law_dir() / f"{SUBJECT}.yaml").read_text()
    (tmp_path / "indicators").mkdir()
    (tmp_path / f"{SUBJECT}.yaml").write_text(text.replace(right, wrong))

    with pytest.raises(LawRefused) as caught:
        definition_on(loader.load_subject(tmp_path, SUBJECT), date(2023, 3, 14))

    assert complaint in str(caught.value)
    assert str(caught.value).startswith(f"law/{SUBJECT}.yaml:")


def test_a_rate_over_nothing_is_nothing() -> None:
    definition = definition_on(queries.get_subject(SUBJECT), date(2023, 3, 14))
    day = midnight(date(2023, 3, 14))

    figures = definition.count([], Window(starts_at=day, cut_off=local_minute(day)))

    assert figures["rate_percent"] is None

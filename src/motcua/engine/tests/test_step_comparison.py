"""Procedures of one class that pass a place in different numbers of steps, and in which they differ."""

from __future__ import annotations

from motcua.engine.step_comparison import Passage, PassedStep, compare, side_by_side


def steps(*written: str) -> tuple[PassedStep, ...]:
    """Return steps written as “CLERK take in”."""
    return tuple(
        PassedStep(role=text.partition(" ")[0], name=text.partition(" ")[2]) for text in written
    )


THREE = steps("CLERK take in", "OFFICER draft", "LEADER sign")
FIVE = steps("CLERK check", "LEADER assign", "OFFICER appraise", "LEADER approve", "CLERK issue")


def passage(procedure: str, chart: tuple[PassedStep, ...], **changes: str) -> Passage:
    values = {"place": "Office", "kind": "plain", "chart": str(len(chart)), **changes}
    return Passage(procedure=procedure, steps=chart, **values)


def test_three_steps_and_five_are_laid_side_by_side() -> None:
    (pair,) = compare([passage("a", FIVE), passage("b", THREE), passage("c", FIVE)])

    extra = [row.more.name for row in pair.rows if row.fewer is None and row.more]
    assert (pair.fewer.procedures, pair.more.procedures) == (("b",), ("a", "c"))
    assert extra == ["assign", "issue"]
    assert len(pair.rows) == 5


def test_procedures_that_agree_are_not_listed() -> None:
    assert compare([passage("a", THREE), passage("b", THREE)]) == ()


def test_classes_and_places_are_not_mixed() -> None:
    found = compare(
        [
            passage("a", THREE),
            passage("b", FIVE, kind="interagency"),
            passage("c", FIVE, place="Department"),
        ]
    )

    assert found == ()


def test_no_step_is_lost_nor_told_twice() -> None:
    for fewer, more in ((THREE, FIVE), (FIVE, FIVE), (THREE, steps("ADMIN a")), ((), THREE)):
        rows = side_by_side(fewer, more)

        assert tuple(row.fewer for row in rows if row.fewer) == fewer
        assert tuple(row.more for row in rows if row.more) == more


def test_of_steps_of_one_role_those_with_like_names_are_the_same() -> None:
    rows = side_by_side(steps("LEADER approve result"), steps("LEADER assign", "LEADER approve"))

    assert [(r.fewer and r.fewer.name, r.more and r.more.name) for r in rows] == [
        (None, "assign"),
        ("approve result", "approve"),
    ]

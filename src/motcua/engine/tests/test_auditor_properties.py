"""Figures made to agree are never found; one changed figure always is."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from motcua.engine.auditor import FindingClass
from motcua.engine.tests.auditing import audit_one, classes

# Other processes may slow one example down; that is no disagreement of figures.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
counts = st.integers(min_value=0, max_value=200_000)
places = st.integers(min_value=0, max_value=4)
roundings = st.sampled_from([ROUND_HALF_UP, ROUND_HALF_EVEN])


def rounded(numerator: int, denominator: int, digits: int, rounding: str) -> Decimal:
    """Return a percentage rounded as a spreadsheet would, from the exact quotient."""
    with localcontext(prec=60):
        return (Decimal(100 * numerator) / Decimal(denominator)).quantize(
            Decimal(1).scaleb(-digits), rounding=rounding
        )


@st.composite
def settlements(draw: st.DrawFn) -> dict[str, object]:
    """Draw a row of the one-stop table that agrees with itself, some of its figures blank."""
    early, on_day, late = draw(counts), draw(counts), draw(counts)
    open_in_time, open_overdue = draw(counts), draw(counts)
    done, still_open = early + on_day + late, open_in_time + open_overdue
    total = done + still_open
    carried = draw(st.integers(min_value=0, max_value=total))
    row: dict[str, object] = {
        "carried_over": carried,
        "received": total - carried,
        "total": total,
        "early": early,
        "on_day": on_day,
        "on_time": early + on_day,
        "late": late,
        "done": done,
        "open_in_time": open_in_time,
        "open_overdue": open_overdue,
        "open": still_open,
    }
    if done:
        digits, rounding = draw(places), draw(roundings)
        for key, part in (
            ("rate", early + on_day),
            ("late_rate", late),
            ("early_rate", early),
            ("on_day_rate", on_day),
        ):
            row[key] = {"percent": rounded(part, done, digits, rounding)}
    return row


@unhurried
@given(settlements())
def test_a_row_that_agrees_is_never_found(row: dict[str, object]) -> None:
    assert audit_one("settlement", **row) == ()


@unhurried
@given(settlements(), st.sets(st.sampled_from(["carried_over", "received", "total", "open"])))
def test_a_row_that_agrees_is_never_an_error_when_figures_are_lost(
    row: dict[str, object], lost: set[str]
) -> None:
    findings = audit_one("settlement", **{**row, **dict.fromkeys(lost)})

    # What came in may be known only in part; then a note may ask for the other part.
    assert [one for one in findings if one.severity != "note"] == []
    assert set(classes(findings)) <= {FindingClass.STOCK}
    assert not findings or {"carried_over", "total"} <= lost


@unhurried
@given(
    settlements(),
    st.sampled_from(["carried_over", "received", "total", "done", "open"]),
    st.integers(min_value=1, max_value=1000),
)
def test_one_changed_figure_breaks_the_stock(row: dict[str, object], key: str, change: int) -> None:
    row[key] = row[key] + change  # type: ignore[operator]

    findings = audit_one("settlement", **row)

    assert FindingClass.STOCK in classes(findings)


@unhurried
@given(
    settlements(),
    st.sampled_from(["early", "on_day", "on_time", "late", "open_in_time", "open_overdue"]),
    st.integers(min_value=1, max_value=1000),
)
def test_one_changed_part_breaks_a_sum(row: dict[str, object], key: str, change: int) -> None:
    row[key] = row[key] + change  # type: ignore[operator]

    findings = audit_one("settlement", **row)

    assert FindingClass.SUM in classes(findings)


@unhurried
@given(counts, counts, places, roundings, st.integers(min_value=-500, max_value=500))
def test_a_changed_rate_is_found_unless_it_still_rounds_to_the_exact_one(
    on_time: int, late: int, digits: int, rounding: str, change: int
) -> None:
    done = on_time + late
    assume(done > 0)
    unit = Decimal(1).scaleb(-digits)
    percent = rounded(on_time, done, digits, rounding) + change * unit
    exact = Fraction(100 * on_time, done)
    distance = abs(exact - Fraction(percent))

    found = classes(audit_one("settlement", done=done, on_time=on_time, rate=percent))

    if distance <= Fraction(unit) / 2:
        assert found == []
    elif distance < Fraction(unit):
        assert found == [FindingClass.ROUND]
    else:
        assert found == [FindingClass.RATE]


@unhurried
@given(st.dictionaries(st.text(min_size=1), counts, min_size=1, max_size=8), counts)
def test_a_total_is_found_exactly_when_it_is_not_the_sum(
    parts: dict[str, int], change: int
) -> None:
    findings = audit_one("partition", total=sum(parts.values()) + change, parts=parts)

    assert classes(findings) == ([FindingClass.SUM] if change else [])


@unhurried
@given(counts, counts, places, roundings)
def test_a_share_that_agrees_is_never_found(
    numerator: int, denominator: int, digits: int, rounding: str
) -> None:
    percent = rounded(numerator, denominator, digits, rounding) if denominator else None

    assert audit_one("ratio", numerator=numerator, denominator=denominator, percent=percent) == ()


@unhurried
@given(st.lists(counts, min_size=1, max_size=6), counts)
def test_a_figure_is_found_exactly_when_it_is_printed_differently(
    places_of_one: list[int], value: int
) -> None:
    agreeing = dict.fromkeys(map(str, range(len(places_of_one))), value)

    agrees = audit_one("same", values=agreeing)
    differs = audit_one("same", values={**agreeing, "other": value + 1})

    assert agrees == ()
    assert classes(differs) == [FindingClass.SAME]


@unhurried
@given(counts, counts)
def test_a_carried_figure_is_found_exactly_when_it_differs(before: int, carried: int) -> None:
    findings = audit_one("carry", open_before=before, carried_over=carried)

    assert bool(findings) == (before != carried)

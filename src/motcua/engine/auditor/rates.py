"""RATE, ROUND, DENOM: percentages against the figures that they are printed beside."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from motcua.engine.auditor.findings import Finding, FindingClass, Severity
from motcua.engine.auditor.precision import Interval, Printed, round_as_printed
from motcua.engine.auditor.quotients import Candidates, Quotient, candidates
from motcua.engine.auditor.statements import Ratio, Settlement
from motcua.engine.auditor.wording import LABELS, Words, num, percent
from motcua.engine.explain import Because

_NO_RATE = "–"


def check_rates(settlement: Settlement) -> Iterator[Finding]:
    """Yield a finding for each printed rate that its expected figures do not give.

    In this order: over the expected denominator it agrees; over another one it is a note (DENOM);
    over the expected one it is cut off or rounded to the wrong side (ROUND); else RATE.
    """
    for key, rate in settlement.rates.items():
        tested = candidates(settlement, key, rate)
        if tested is None:
            continue
        if any(_gives(quotient, rate.percent) for quotient in tested.expected):
            continue
        yield _judge(settlement.statement_id, LABELS[key], rate.percent, tested)


def _judge(statement: str, name: Words, printed: Printed, tested: Candidates) -> Finding:
    for quotient in tested.others:
        if _gives(quotient, printed):
            return _another_denominator(statement, name, printed, quotient, tested)
    for quotient in tested.expected:
        exact = _exact(quotient)
        if exact is not None and abs(exact - printed.exact) < printed.unit:
            return _wrongly_rounded(statement, name, printed, exact, _formula(quotient))
    return _not_given(statement, name, printed, tested)


def _exact(quotient: Quotient) -> Fraction | None:
    """Return the exact percentage, or None over zero."""
    over = quotient.denominator[1]
    return Fraction(100 * quotient.numerator[1], over) if over else None


def _gives(quotient: Quotient, printed: Printed) -> bool:
    exact = _exact(quotient)
    return exact is not None and printed.as_rounded().meets(Interval(exact, exact))


def _formula(quotient: Quotient) -> Words:
    (of, numerator), (over, denominator) = quotient.numerator, quotient.denominator
    return Words(
        f"{num(numerator).vi}/{num(denominator).vi} ({of.vi} / {over.vi})",
        f"{num(numerator).en}/{num(denominator).en} ({of.en} / {over.en})",
    )


def _shown(quotient: Quotient, places: int) -> Words:
    """Return a quotient with its result, for a sentence."""
    exact, formula = _exact(quotient), _formula(quotient)
    result = Words(_NO_RATE, _NO_RATE) if exact is None else percent(exact, places)
    return Words(f"{formula.vi} = {result.vi}", f"{formula.en} = {result.en}")


def _another_denominator(
    statement: str, name: Words, printed: Printed, quotient: Quotient, tested: Candidates
) -> Finding:
    expected = _exact(tested.expected[0]) if tested.expected else None
    shown = _shown(quotient, printed.places)
    if tested.expected:
        instead = _shown(tested.expected[0], printed.places)
        but = Words(f"chứ không phải {instead.vi}", f"not as {instead.en}")
    else:
        done = LABELS["done"]
        but = Words(f"mà “{done.vi}” không được in ra", f"and “{done.en}” was not printed")
    return _finding(
        statement,
        FindingClass.DENOM,
        Severity.NOTE,
        printed=printed,
        expected=expected,
        because=Because(
            vi=f"{name.vi.capitalize()} in {_printed(printed).vi} khớp khi tính {shown.vi}, {but.vi}.",
            en=f"{name.en.capitalize()} printed as {_printed(printed).en} holds as {shown.en}, "
            f"{but.en}.",
        ),
    )


def _wrongly_rounded(
    statement: str, name: Words, printed: Printed, exact: Fraction, formula: Words
) -> Finding:
    more = percent(exact, printed.places + 2)
    right = percent(exact, printed.places)
    if printed.exact < exact:
        how = Words("bị cắt bớt chữ số thập phân", "cut off instead of rounded")
    else:
        how = Words("bị làm tròn lên", "rounded up")
    return _finding(
        statement,
        FindingClass.ROUND,
        Severity.ERROR,
        printed=printed,
        expected=exact,
        because=Because(
            vi=f"{name.vi.capitalize()} in {_printed(printed).vi} không khớp quy tắc làm tròn: "
            f"{formula.vi} = {more.vi}, làm tròn là {right.vi}; số in {how.vi}.",
            en=f"{name.en.capitalize()} printed as {_printed(printed).en} does not reconcile with "
            f"its rounding: {formula.en} = {more.en}, which rounds to {right.en}; "
            f"the printed one is {how.en}.",
        ),
    )


def _not_given(statement: str, name: Words, printed: Printed, tested: Candidates) -> Finding:
    quotients: dict[tuple[int, int], Quotient] = {}
    for quotient in (*tested.expected, *tested.others):
        # Two names for the same two figures are one test to the reader.
        quotients.setdefault((quotient.numerator[1], quotient.denominator[1]), quotient)
    shown = [_shown(quotient, printed.places) for quotient in quotients.values()]
    first, rest = shown[0], shown[1:]
    vi, en = f"{first.vi}.", f"{first.en}."
    if rest:
        vi += f" Đã thử thêm: {'; '.join(one.vi for one in rest)}."
        en += f" Also tested: {'; '.join(one.en for one in rest)}."
    if not tested.is_expected_printed:
        done = LABELS["done"]
        vi += f" Có thể do “{done.vi}” không được in ra."
        en += f" “{done.en}”, which was not printed, could explain it."
    return _finding(
        statement,
        FindingClass.RATE,
        Severity.ERROR if tested.is_expected_printed else Severity.NOTE,
        printed=printed,
        expected=_exact(next(iter(quotients.values()))),
        because=Because(
            vi=f"{name.vi.capitalize()} in {_printed(printed).vi} không khớp: {vi}",
            en=f"{name.en.capitalize()} printed as {_printed(printed).en} does not reconcile: {en}",
        ),
    )


def check_ratio(ratio: Ratio) -> Iterator[Finding]:
    """Yield a finding when a percentage is not its numerator over its denominator."""
    numerator, denominator, printed = ratio.numerator, ratio.denominator, ratio.percent
    if numerator is None or denominator is None or printed is None:
        return
    name = LABELS["percent"]
    formula = Words(
        f"{num(numerator.value).vi}/{num(denominator.value).vi}",
        f"{num(numerator.value).en}/{num(denominator.value).en}",
    )
    possible = _divide(numerator.as_counted(), denominator.as_counted())
    if possible is None or denominator.exact == 0:
        if denominator.exact == 0:
            yield _over_zero(ratio.statement_id, name, printed, formula)
        return
    if printed.as_rounded().meets(possible):
        return
    exact = 100 * numerator.exact / denominator.exact
    if possible.distance_to(printed.exact) < printed.unit:
        yield _wrongly_rounded(ratio.statement_id, name, printed, exact, formula)
        return
    right = percent(exact, printed.places)
    yield _finding(
        ratio.statement_id,
        FindingClass.RATE,
        Severity.ERROR,
        printed=printed,
        expected=exact,
        because=Because(
            vi=f"{name.vi.capitalize()} in {_printed(printed).vi} không khớp: "
            f"{formula.vi} = {right.vi}.",
            en=f"{name.en.capitalize()} printed as {_printed(printed).en} does not reconcile: "
            f"{formula.en} = {right.en}.",
        ),
    )


def _divide(numerator: Interval, denominator: Interval) -> Interval | None:
    """Return all percentages that two printed numbers can give, or None around zero."""
    if denominator.low <= 0 <= denominator.high:
        return None
    corners = [
        100 * one / other
        for one in (numerator.low, numerator.high)
        for other in (denominator.low, denominator.high)
    ]
    return Interval(min(corners), max(corners))


def _over_zero(statement: str, name: Words, printed: Printed, formula: Words) -> Finding:
    return _finding(
        statement,
        FindingClass.RATE,
        Severity.ERROR,
        printed=printed,
        expected=None,
        because=Because(
            vi=f"{name.vi.capitalize()} in {_printed(printed).vi} không khớp: {formula.vi} không "
            f"tính được vì mẫu số là 0, phải in “{_NO_RATE}”.",
            en=f"{name.en.capitalize()} printed as {_printed(printed).en} does not reconcile: "
            f"{formula.en} has no value over zero; print “{_NO_RATE}”.",
        ),
    )


def _printed(printed: Printed) -> Words:
    return percent(printed.exact, printed.places)


def _finding(
    statement: str,
    finding_class: FindingClass,
    severity: Severity,
    *,
    printed: Printed,
    expected: Fraction | None,
    because: Because,
) -> Finding:
    value: Decimal | str = _NO_RATE
    difference = None
    if expected is not None:
        value = round_as_printed(expected, printed.places)
        difference = printed.value - value
    return Finding(
        statement=statement,
        finding_class=finding_class,
        severity=severity,
        printed=printed.value,
        expected=value,
        difference=difference,
        because=because,
    )

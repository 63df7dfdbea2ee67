"""SAME and CARRY: one figure printed twice, in one document or in two that follow each other."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from motcua.engine.auditor.findings import Finding, FindingClass, Severity
from motcua.engine.auditor.precision import Interval, Printed
from motcua.engine.auditor.statements import Carry, Same
from motcua.engine.auditor.wording import LABELS, num
from motcua.engine.explain import Because


def check_same(same: Same) -> Iterator[Finding]:
    """Yield a finding when one figure is printed with different values; blanks are not tested."""
    printed = {name: value for name, value in same.values.items() if value is not None}
    is_rounded = any(value.places for value in printed.values())
    intervals = {name: _interval(value, is_rounded) for name, value in printed.items()}
    if not printed:
        return
    # What most places print is taken as the reference; at a draw, the first place named.
    reference = max(
        intervals, key=lambda name: sum(intervals[name].meets(one) for one in intervals.values())
    )
    odd = [name for name in printed if not intervals[name].meets(intervals[reference])]
    if not odd:
        return
    value, expected = printed[odd[0]].value, printed[reference].value
    vi = "; ".join(f"{name}: {num(one.value).vi}" for name, one in printed.items())
    en = "; ".join(f"{name}: {num(one.value).en}" for name, one in printed.items())
    yield Finding(
        statement=same.statement_id,
        finding_class=FindingClass.SAME,
        severity=Severity.ERROR,
        printed=value,
        expected=expected,
        difference=value - expected,
        because=Because(
            vi=f"Cùng một số liệu nhưng in không khớp nhau ({vi}).",
            en=f"One figure is printed with values that do not reconcile ({en}).",
        ),
    )


def _interval(value: Printed, is_rounded: bool) -> Interval:
    return value.as_rounded() if is_rounded else value.as_counted()


def check_carry(carry: Carry) -> Iterator[Finding]:
    """Yield a finding when what was carried over is not what the last period left open.

    Column (6) of form II.06a of one period is column (11) of the period before.
    """
    before, carried = carry.open_before, carry.carried_over
    if before is None or carried is None or before == carried:
        return
    open_before, carried_over = LABELS["open_before"], LABELS["carried_over"]
    yield Finding(
        statement=carry.statement_id,
        finding_class=FindingClass.CARRY,
        severity=Severity.ERROR,
        printed=Decimal(carried),
        expected=Decimal(before),
        difference=Decimal(carried - before),
        because=Because(
            vi=f"{carried_over.vi.capitalize()} in {num(carried).vi} không khớp với số "
            f"{open_before.vi}: {num(before).vi}.",
            en=f"{carried_over.en.capitalize()} is printed as {num(carried).en} and does not "
            f"reconcile with what was {open_before.en}: {num(before).en}.",
            source="Biểu II.06a/VPCP/KSTT, TT 01/2020/TT-VPCP",
        ),
    )

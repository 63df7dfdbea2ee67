"""SUM: parts that were printed beside a total and do not add up to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from motcua.engine.auditor.findings import Finding, FindingClass, Severity
from motcua.engine.auditor.statements import COUNT_KEYS, Partition, Settlement
from motcua.engine.auditor.wording import Words, join, labels, num
from motcua.engine.explain import Because

_SUMS = (
    ("total", ("carried_over", "received")),
    ("on_time", ("early", "on_day")),
    ("open", ("open_in_time", "open_overdue")),
)


def check_partition(partition: Partition) -> Iterator[Finding]:
    """Yield a finding when the parts of a total do not add up; blank members are not tested."""
    total, parts = partition.total, partition.parts
    if total is None or not parts:
        return
    printed = {name: part for name, part in parts.items() if part is not None}
    if len(printed) < len(parts):
        return
    whole = total.as_counted()
    low = sum((part.as_counted().low for part in printed.values()), Fraction(0))
    high = sum((part.as_counted().high for part in printed.values()), Fraction(0))
    if whole.low <= high and low <= whole.high:
        return
    expected = sum((part.value for part in printed.values()), Decimal(0))
    yield _finding(
        partition.statement_id,
        Words("tổng số", "total"),
        total.value,
        expected,
        join(
            (Words(f"{n} {num(p.value).vi}", f"{n} {num(p.value).en}") for n, p in printed.items()),
            " + ",
        ),
    )


def check_sums(settlement: Settlement) -> Iterator[Finding]:
    """Yield a finding for each figure of a settlement that its own parts do not add up to."""
    counts = settlement.counts
    for whole, parts in _SUMS:
        if whole in counts and all(part in counts for part in parts):
            if counts[whole] != sum(counts[part] for part in parts):
                yield _sum_finding(settlement, whole, parts)
    yield from _check_done(settlement)
    yield from _check_named_parts(settlement)


def _check_done(settlement: Settlement) -> Iterator[Finding]:
    counts = settlement.counts
    whole = "done" if "done" in counts else "handled"
    in_time = ("on_time",) if "on_time" in counts else ("early", "on_day")
    parts = (*in_time, "late")
    if whole not in counts or not all(part in counts for part in parts):
        return
    settled = sum(counts[part] for part in parts)
    # Some provinces count returned files among the settled ones, some apart (settlement forms
    # of TT 01/2020/TT-VPCP): both readings agree.
    if counts[whole] not in {settled, settled + counts.get("returned", 0)}:
        yield _sum_finding(settlement, whole, parts)


def _sum_finding(settlement: Settlement, whole: str, parts: tuple[str, ...]) -> Finding:
    counts = settlement.counts
    named = (
        Words(f"{labels([p]).vi} {num(counts[p]).vi}", f"{labels([p]).en} {num(counts[p]).en}")
        for p in parts
    )
    return _finding(
        settlement.statement_id,
        labels([whole]),
        Decimal(counts[whole]),
        Decimal(sum(counts[part] for part in parts)),
        join(named, " + "),
    )


def _check_named_parts(settlement: Settlement) -> Iterator[Finding]:
    for key in COUNT_KEYS:
        members: Mapping[str, Settlement] = settlement.parts
        if key not in settlement.counts or not members:
            continue
        if not all(key in member.counts for member in members.values()):
            continue
        expected = sum(member.counts[key] for member in members.values())
        if expected != settlement.counts[key]:
            named = (
                Words(f"{name} {num(m.counts[key]).vi}", f"{name} {num(m.counts[key]).en}")
                for name, m in members.items()
            )
            yield _finding(
                settlement.statement_id,
                labels([key]),
                Decimal(settlement.counts[key]),
                Decimal(expected),
                join(named, " + "),
            )


def _finding(
    statement: str, whole: Words, printed: Decimal, expected: Decimal, parts: Words
) -> Finding:
    return Finding(
        statement=statement,
        finding_class=FindingClass.SUM,
        severity=Severity.ERROR,
        printed=printed,
        expected=expected,
        difference=printed - expected,
        because=Because(
            vi=f"{whole.vi.capitalize()} in {num(printed).vi} không khớp với tổng các phần: "
            f"{parts.vi} = {num(expected).vi}.",
            en=f"{whole.en.capitalize()} is printed as {num(printed).en} and does not reconcile "
            f"with its parts: {parts.en} = {num(expected).en}.",
        ),
    )

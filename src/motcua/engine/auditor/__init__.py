"""Auditor: checks whether the figures and citations that a document publishes agree with each other.

The wording of every finding is "does not reconcile": which of the printed figures is the right one
is for their owner to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import localcontext
from typing import Final

from motcua.engine.auditor.agreement import check_carry, check_same
from motcua.engine.auditor.citations import check_citation
from motcua.engine.auditor.dates import FindPeriod, PeriodName, parse_period_name
from motcua.engine.auditor.findings import Finding, FindingClass, Severity
from motcua.engine.auditor.parsing import StatementError, parse_document
from motcua.engine.auditor.period import check_period
from motcua.engine.auditor.precision import UnreadableNumber, read_number
from motcua.engine.auditor.rates import check_rates, check_ratio
from motcua.engine.auditor.reading import ReadDocument, UnreadableDocument, read_document
from motcua.engine.auditor.register import LegalDocument, Register, RegisterError, read_register
from motcua.engine.auditor.statements import (
    Carry,
    Citation,
    Partition,
    Ratio,
    Same,
    Settlement,
    Statement,
)
from motcua.engine.auditor.stock import check_stock
from motcua.engine.auditor.sums import check_partition, check_sums
from motcua.engine.auditor.tables import PrintedTable, read_tables

_DIGITS: Final = 1000


def audit(
    document: Mapping[str, object], register: Register, periods: FindPeriod
) -> tuple[Finding, ...]:
    """Return what does not reconcile in a document given as plain values, in the document's order.

    Raises StatementError.
    """
    published = parse_document(document)
    findings: list[Finding] = []
    if published.period is not None:
        findings.extend(check_period(published.period, periods))
    # Sums and differences of the longest numbers that are read stay exact.
    with localcontext(prec=_DIGITS):
        for statement in published.statements:
            findings.extend(_check(statement, register))
    return tuple(findings)


def _check(statement: Statement, register: Register) -> Iterator[Finding]:
    match statement:
        case Settlement():
            yield from _check_settlement(statement)
        case Partition():
            yield from check_partition(statement)
        case Ratio():
            yield from check_ratio(statement)
        case Same():
            yield from check_same(statement)
        case Carry():
            yield from check_carry(statement)
        case Citation():
            yield from check_citation(statement, register)


def _check_settlement(settlement: Settlement) -> Iterator[Finding]:
    yield from check_sums(settlement)
    yield from check_stock(settlement)
    yield from check_rates(settlement)
    for part in settlement.parts.values():
        yield from _check_settlement(part)


__all__ = [
    "FindPeriod",
    "Finding",
    "FindingClass",
    "LegalDocument",
    "PeriodName",
    "PrintedTable",
    "ReadDocument",
    "Register",
    "RegisterError",
    "Severity",
    "StatementError",
    "UnreadableDocument",
    "UnreadableNumber",
    "audit",
    "parse_period_name",
    "read_document",
    "read_number",
    "read_register",
    "read_tables",
]

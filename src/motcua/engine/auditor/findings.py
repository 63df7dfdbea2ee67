"""Findings: where published figures do not reconcile, each with a sentence in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from motcua.engine.explain import Because


class FindingClass(StrEnum):
    """The kinds of disagreement that the auditor can find."""

    SUM = "SUM"
    STOCK = "STOCK"
    RATE = "RATE"
    ROUND = "ROUND"
    DENOM = "DENOM"
    CARRY = "CARRY"
    SAME = "SAME"
    PERIOD = "PERIOD"
    CITATION = "CITATION"


class Severity(StrEnum):
    """How much a finding weighs: a note may be explained by something that was not printed."""

    ERROR = "error"
    NOTE = "note"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One printed figure or citation that does not reconcile with the others, or with the law."""

    statement: str
    finding_class: FindingClass
    severity: Severity
    printed: Decimal | str
    expected: Decimal | str
    difference: Decimal | None
    because: Because

    def as_json(self) -> dict[str, object]:
        """Return the finding as plain values, numbers as numbers."""
        return {
            "statement": self.statement,
            "class": self.finding_class.value,
            "severity": self.severity.value,
            "printed": _plain(self.printed),
            "expected": _plain(self.expected),
            "difference": _plain(self.difference),
            "message_vi": self.because.vi,
            "message_en": self.because.en,
        }


def _plain(amount: Decimal | str | None) -> int | float | str | None:
    if not isinstance(amount, Decimal):
        return amount
    return int(amount) if amount == amount.to_integral_value() else float(amount)

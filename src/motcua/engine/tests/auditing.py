"""Short ways to ask the auditor about one statement."""

from __future__ import annotations

from datetime import date

from motcua.engine.auditor import Finding, FindingClass, Register, audit


def no_period(name: str) -> tuple[date, date] | None:
    """Know no reporting period."""
    return None


def audit_one(kind: str, /, **keys: object) -> tuple[Finding, ...]:
    """Return the findings on one statement."""
    document = {"statements": [{"id": "one", "kind": kind, **keys}]}
    return audit(document, Register(), no_period)


def audit_citation(register: Register, text: str | list[str]) -> tuple[Finding, ...]:
    """Return the findings on passages that cite documents."""
    document = {"statements": [{"id": "one", "kind": "citation", "text": text}]}
    return audit(document, register, no_period)


def amounts(finding: Finding) -> tuple[object, ...]:
    """Return what was printed, what was expected, and the difference."""
    return finding.printed, finding.expected, finding.difference


def classes(findings: tuple[Finding, ...]) -> list[FindingClass]:
    """Return the classes of findings, in order."""
    return [finding.finding_class for finding in findings]

"""PERIOD: the days that a document gives for its period are not those of the law of the day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from motcua.engine.auditor.dates import FindPeriod
from motcua.engine.auditor.findings import Finding, FindingClass, Severity
from motcua.engine.auditor.statements import PublishedPeriod
from motcua.engine.explain import Because


def check_period(period: PublishedPeriod, find_period: FindPeriod) -> Iterator[Finding]:
    """Yield a finding when the printed days differ from the named period's; unknown names pass."""
    lawful = find_period(period.name) if period.name else None
    if lawful is None:
        return
    first, last = period.first_day or lawful[0], period.last_day or lawful[1]
    if (first, last) == lawful:
        return
    printed, expected = _days(first, last), _days(*lawful)
    yield Finding(
        statement="period",
        finding_class=FindingClass.PERIOD,
        severity=Severity.ERROR,
        printed=printed,
        expected=expected,
        difference=None,
        because=Because(
            vi=f"Kỳ báo cáo “{period.name}” in {printed} không khớp với kỳ theo quy định: {expected}.",
            en=f"The period “{period.name}” is printed as {printed} and does not reconcile with "
            f"the period under the law: {expected}.",
        ),
    )


def _days(first: date, last: date) -> str:
    return f"{first:%d/%m/%Y} – {last:%d/%m/%Y}"

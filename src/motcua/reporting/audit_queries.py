"""What can be asked of a published report: what it states, and what in it does not reconcile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from django.utils.translation import gettext as _

from motcua.engine.auditor import (
    Finding,
    ReadDocument,
    Register,
    StatementError,
    audit,
    parse_period_name,
)
from motcua.engine.lawvalues import LawRefused, NotInForce
from motcua.engine.periods import PeriodUnknown
from motcua.lawbook import queries as lawbook
from motcua.reporting.published_files import CannotReadReport, read_report


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditedReport:
    """What a report states, as plain values, and the findings about it in its order."""

    name: str
    content: Mapping[str, object]
    findings: tuple[Finding, ...]


def audit_report(name: str, content: bytes, *, language: str) -> AuditedReport:
    """Return what does not reconcile in a file; raise CannotReadReport with file and line."""
    document = read_report(name, content, language=language)
    try:
        findings = audit(_mapping(document), _register(), _find_period)
    except StatementError as refused:
        place = name
        if refused.position is not None and refused.position < len(document.lines):
            place += f":{document.lines[refused.position]}"
        raise CannotReadReport(f"{place}: {refused.because.text(language)}") from None
    return AuditedReport(name=name, content=_mapping(document), findings=findings)


def _mapping(document: ReadDocument) -> Mapping[str, object]:
    return cast("Mapping[str, object]", document.content)


def _register() -> Register:
    try:
        return Register(lawbook.list_documents())
    except (OSError, LawRefused) as problem:
        raise CannotReadReport(
            _("Không đọc được sổ văn bản: %(reason)s") % {"reason": problem}
        ) from None


def _find_period(name: str) -> tuple[date, date] | None:
    """Return the first and last day of a named period under the law of its day, if it has one."""
    named = parse_period_name(name)
    try:
        period = lawbook.get_period(named.code if named else name)
    except (PeriodUnknown, NotInForce):
        return None
    return period.first_day, period.last_day

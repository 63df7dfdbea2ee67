"""What the page of the auditor shows: each statement as printed, with its findings beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from motcua.engine.auditor import Finding, Severity
from motcua.engine.auditor.wording import LABELS, num
from motcua.reporting.audit_queries import AuditedReport


@dataclass(frozen=True, kw_only=True, slots=True)
class FindingLine:
    """A finding in words: its class, what was printed, what was computed, and why."""

    kind: str
    is_note: bool
    weight: str
    printed: str
    expected: str
    difference: str
    sentence: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StatementLine:
    """A statement as printed, and what was found about it."""

    name: str
    figures: tuple[str, ...]
    passages: tuple[str, ...]
    findings: tuple[FindingLine, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditPage:
    """The whole answer about a file."""

    name: str
    period: str
    error_count: int
    note_count: int
    count: int
    lines: tuple[StatementLine, ...]


def audit_page(report: AuditedReport, *, language: str) -> AuditPage:
    """Return the answer about a file, the statements with findings first."""
    by_statement: dict[str, list[Finding]] = {}
    for finding in report.findings:
        whole = finding.statement
        by_statement.setdefault(whole, []).append(finding)
    lines = [
        _statement_line(statement, by_statement, language)
        for statement in _statements(report.content)
    ]
    period = report.content.get("period")
    if isinstance(period, Mapping):
        name = str(period.get("name") or _("Kỳ báo cáo"))
        found = by_statement.get(name, []) + by_statement.get("period", [])
        lines.insert(0, _period_line(name, period, found, language))
    notes = sum(finding.severity is Severity.NOTE for finding in report.findings)
    return AuditPage(
        name=report.name,
        period=str(period.get("name") or "") if isinstance(period, Mapping) else "",
        error_count=len(report.findings) - notes,
        note_count=notes,
        count=len(lines),
        lines=tuple(sorted(lines, key=lambda line: not line.findings)),
    )


def _statements(content: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """Yield the statements as they were given, the parts of a whole after it."""
    listed = content.get("statements")
    for statement in listed if isinstance(listed, list) else []:
        yield statement
        yield from _parts(statement)


def _parts(statement: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    parts = statement.get("parts")
    if statement.get("kind") == "settlement" and isinstance(parts, Mapping):
        for name, part in parts.items():
            one = {**part, "id": f"{statement['id']} / {name}", "kind": "settlement"}
            yield one
            yield from _parts(one)


def _statement_line(
    statement: Mapping[str, object], found: Mapping[str, list[Finding]], language: str
) -> StatementLine:
    name = str(statement["id"])
    text = statement.get("text")
    passages = [text] if isinstance(text, str) else text if isinstance(text, list) else []
    return StatementLine(
        name=name,
        figures=tuple(_figures(statement, language)),
        passages=tuple(map(str, passages)),
        findings=tuple(_finding_line(one, language) for one in found.get(name, [])),
    )


def _period_line(
    name: str, period: Mapping[str, object], found: list[Finding], language: str
) -> StatementLine:
    days = _("từ ngày %(first)s đến ngày %(last)s") % {
        "first": period.get("from"),
        "last": period.get("to"),
    }
    findings = tuple(_finding_line(one, language) for one in found)
    return StatementLine(name=name, figures=(days,), passages=(), findings=findings)


def _figures(statement: Mapping[str, object], language: str) -> Iterator[str]:
    is_whole = statement.get("kind") == "settlement"
    for key, value in statement.items():
        if key in ("id", "kind", "text") or value is None or (key == "parts" and is_whole):
            continue
        words = LABELS.get(key)
        label = (words.en if language == "en" else words.vi) if words else key
        if isinstance(value, Mapping):
            named = value if key != "rate" else {"": value.get("percent")}
            for name, each in named.items():
                yield f"{name or label}: {_amount(each, language)}"
        else:
            yield f"{label}: {_amount(value, language)}"


def _finding_line(finding: Finding, language: str) -> FindingLine:
    is_note = finding.severity is Severity.NOTE
    return FindingLine(
        kind=finding.finding_class.value,
        is_note=is_note,
        weight=_("lưu ý") if is_note else _("không khớp"),
        printed=_amount(finding.printed, language),
        expected=_amount(finding.expected, language),
        difference=_amount(finding.difference, language),
        sentence=finding.because.text(language),
    )


def _amount(value: object, language: str) -> str:
    if isinstance(value, Decimal | int):
        words = num(value)
        return words.en if language == "en" else words.vi
    return "–" if value is None else str(value)

"""`motcua audit FILE.yaml`: checks whether the figures and citations of a document agree."""

from __future__ import annotations

import io
import json
import shutil
from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from motcua.engine.auditor import (
    Finding,
    ReadDocument,
    Register,
    RegisterError,
    Severity,
    StatementError,
    UnreadableDocument,
    audit,
    parse_period_name,
    read_document,
    read_register,
)
from motcua.engine.auditor.wording import num
from motcua.engine.lawvalues import NotInForce
from motcua.engine.periods import PeriodUnknown
from motcua.lawbook import queries as lawbook

_NARROWEST = 100


class Command(BaseCommand):
    """Checks published figures given as statements, and tells what does not reconcile."""

    help = "Check published figures: find what does not reconcile with each other or with the law."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.yaml")
        parser.add_argument("--json", action="store_true", dest="as_json")
        parser.add_argument("--language", choices=["vi", "en"], default="vi")

    def handle(self, *args: Any, **options: Any) -> None:
        language: str = options["language"]
        with translation.override(language):
            findings = _audit_file(options["file"], language)
            if options["as_json"]:
                listed = [finding.as_json() for finding in findings]
                text = json.dumps({"findings": listed}, ensure_ascii=False, indent=2)
            else:
                text = _as_table(findings, language)
        self.stdout.write(text)


def _audit_file(path: Path, language: str) -> tuple[Finding, ...]:
    document = _read(path, language)
    try:
        return audit(document.content, _register(), _find_period)  # type: ignore[arg-type]
    except StatementError as refused:
        place = str(path)
        if refused.position is not None and refused.position < len(document.lines):
            place += f":{document.lines[refused.position]}"
        raise CommandError(f"{place}: {refused.because.text(language)}") from None


def _read(path: Path, language: str) -> ReadDocument:
    try:
        return read_document(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise CommandError(
            _("%(file)s: không phải tệp văn bản UTF-8. Hãy lưu lại tệp với mã UTF-8.")
            % {"file": path}
        ) from None
    except OSError as problem:
        raise CommandError(
            _("%(file)s: không mở được tệp (%(reason)s). Hãy kiểm tra đường dẫn và quyền đọc.")
            % {"file": path, "reason": problem.strerror}
        ) from None
    except UnreadableDocument as problem:
        place = f"{path}:{problem.line}" if problem.line else str(path)
        raise CommandError(f"{place}: {problem.because.text(language)}") from None


def _register() -> Register:
    path = lawbook.get_law_dir() / "documents.yaml"
    try:
        content = read_document(path.read_text(encoding="utf-8")).content
        return read_register(content if isinstance(content, dict) else {})
    except (OSError, UnreadableDocument, RegisterError) as problem:
        raise CommandError(
            _("Không đọc được sổ văn bản %(file)s: %(reason)s") % {"file": path, "reason": problem}
        ) from None


def _find_period(name: str) -> tuple[date, date] | None:
    """Return the first and last day of a named period under the law of its day, if it has one."""
    named = parse_period_name(name)
    try:
        period = lawbook.get_period(named.code if named else name)
    except (PeriodUnknown, NotInForce):
        return None
    return period.first_day, period.last_day


def _as_table(findings: Sequence[Finding], language: str) -> str:
    if not findings:
        return _("Các số liệu đều khớp.")
    table = Table(show_lines=True)
    for heading in (_("Phát biểu"), _("Loại"), _("Mức độ")):
        table.add_column(heading)
    for heading in (_("Bản in"), _("Theo tính toán"), _("Chênh lệch")):
        table.add_column(heading, justify="right")
    table.add_column(_("Giải thích"), ratio=1)
    for one in findings:
        table.add_row(
            escape(one.statement),
            one.finding_class.value,
            _("lưu ý") if one.severity is Severity.NOTE else _("lỗi"),
            escape(_amount(one.printed, language)),
            escape(_amount(one.expected, language)),
            _amount(one.difference, language),
            escape(one.because.text(language)),
        )
    rendered = io.StringIO()
    width = max(_NARROWEST, shutil.get_terminal_size((140, 24)).columns)
    Console(file=rendered, width=width).print(table)
    heading = ngettext("%(count)d chỗ không khớp.", "%(count)d chỗ không khớp.", len(findings)) % {
        "count": len(findings)
    }
    return f"{heading}\n{rendered.getvalue()}"


def _amount(amount: Decimal | str | None, language: str) -> str:
    if not isinstance(amount, Decimal):
        return amount or ""
    words = num(amount)
    return words.en if language == "en" else words.vi

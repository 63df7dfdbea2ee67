"""`motcua audit FILE` (YAML, XLSX or DOCX): checks whether the figures and citations of a document agree."""

from __future__ import annotations

import io
import json
import shutil
from argparse import ArgumentParser
from collections.abc import Sequence
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

from motcua.engine.auditor import Finding, Severity
from motcua.engine.auditor.wording import num
from motcua.reporting.audit_queries import audit_report
from motcua.reporting.published_files import CannotReadReport

_NARROWEST = 100


class Command(BaseCommand):
    """Checks published figures given as statements, and tells what does not reconcile."""

    help = "Check published figures: find what does not reconcile with each other or with the law."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
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
    try:
        content = path.read_bytes()
    except OSError as problem:
        raise CommandError(
            _("%(file)s: không mở được tệp (%(reason)s). Hãy kiểm tra đường dẫn và quyền đọc.")
            % {"file": path, "reason": problem.strerror}
        ) from None
    try:
        return audit_report(str(path), content, language=language).findings
    except CannotReadReport as refused:
        raise CommandError(str(refused)) from None


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

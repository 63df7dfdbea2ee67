"""The command `workflow`: check the drawing of a flow chart as publication would; rehearse a draft."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management import load_command_class
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from motcua.clock import queries as clock
from motcua.engine.bpmn import BpmnProblem
from motcua.workflow.charts import compile_chart


class Command(BaseCommand):
    """Tells everything that publication would refuse or warn of, or what a draft would have done.

    Exit code 0: it could be published; 1: it could not; what is called and which agencies there are
    is asked of the database.
    """

    help = "Check the drawing of a flow chart (BPMN 2.0), or rehearse a draft on past cases."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        rehearse = _rehearse_command()
        rehearse.add_arguments(actions.add_parser("rehearse", help=rehearse.help))
        parser = actions.add_parser("check", help="what publication would say of a drawing")
        parser.add_argument("file", type=Path, metavar="FILE.bpmn")
        parser.add_argument("--key", default="", help="the workflow that it is to become")
        parser.add_argument("--on", type=date.fromisoformat, help="first day, 2023-10-27; today")
        parser.add_argument("--json", action="store_true", help="the findings as JSON")
        parser.add_argument("--language", choices=("vi", "en"), default="vi")

    def handle(self, *args: object, **options: Any) -> None:
        if options.pop("action") == "rehearse":
            rehearse = _rehearse_command()
            rehearse.stdout = self.stdout
            rehearse.handle(**options)
            return
        language: str = options["language"]
        with translation.override(language):
            try:
                xml = options["file"].read_bytes()
            except OSError as error:
                raise CommandError(str(error)) from None
            on = options["on"] or timezone.localtime(clock.now()).date()
            found = _findings(xml, key=options["key"], on=on, language=language)
            is_publishable = not any(finding["severity"] == "error" for finding in found)
            if options["json"]:
                told = {"file": str(options["file"]), "ok": is_publishable, "findings": found}
                self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
            else:
                for finding in found:
                    self.stdout.write("{severity} {code} {element}: {text}".format(**finding))
                self.stdout.write(
                    _("Có thể công bố.") if is_publishable else _("Chưa thể công bố.")
                )
        if not is_publishable:
            sys.exit(1)


def _rehearse_command() -> BaseCommand:
    """Return the command that rehearses: by its name, since what it reads stands above this area."""
    return load_command_class("motcua.cases", "rehearse_draft")


def _findings(xml: bytes, *, key: str, on: date, language: str) -> list[dict[str, Any]]:
    try:
        chart = compile_chart(bpmn_xml=xml, key=key, on=on)
    except BpmnProblem as refused:
        return [
            {
                "severity": "error",
                "code": problem.code,
                "element": problem.element_id,
                "line": problem.line,
                "text": problem.because.text(language),
            }
            for problem in refused.problems
        ]
    return [
        {
            "severity": finding.severity,
            "code": finding.code,
            "element": finding.element_id,
            "text": finding.because.text(language),
        }
        for finding in chart.findings
    ]

"""The command `due`: when would a file received at a moment be due, and why."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from motcua.cases import due_answers
from motcua.cases import what_if_queries as what_if
from motcua.engine.lawvalues import LawRefused, NotInForce
from motcua.engine.limits import LimitRefused, parse_limit
from motcua.engine.worktime import CalendarEnds


class Command(BaseCommand):
    """Answers from the law, and from the catalogue when asked about a procedure; creates nothing.

    A plain limit needs no database.
    """

    help = "Compute a due time and explain it day by day."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        asked = parser.add_mutually_exclusive_group(required=True)
        asked.add_argument("--procedure", metavar="CODE", help="1.004227")
        asked.add_argument("--limit", help='"5 working days", "8 hours", "2 months"')
        parser.add_argument(
            "--received", required=True, help="2023-10-27T09:32 (the time in Viet Nam)"
        )
        parser.add_argument("--channel", type=str.upper, choices=tuple(what_if.CHANNEL_NAMES))
        parser.add_argument("--unit", metavar="CODE", default="", help="H19.01.01")
        parser.add_argument("--format", choices=("text", "json"), default="text")
        parser.add_argument("--language", choices=("vi", "en"), default="vi")

    def handle(self, *args: object, **options: Any) -> None:
        language: str = options["language"]
        with translation.override(language):
            try:
                answer = _answer(options, due_answers.parse_moment(options["received"]))
            except (LimitRefused, CalendarEnds) as refused:
                raise CommandError(refused.because.text(language)) from None
            except (
                due_answers.CannotReadMoment,
                what_if.CannotTellDueTime,
                NotInForce,
                LawRefused,
            ) as refused:
                raise CommandError(str(refused)) from None
            if options["format"] == "json":
                told = due_answers.as_json(answer, language)
                self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
            else:
                self.stdout.write(due_answers.as_text(answer, language))


def _answer(options: dict[str, Any], received_at: datetime) -> what_if.WhatIf:
    if options["procedure"] is not None:
        return what_if.what_if_procedure(
            procedure_code=options["procedure"],
            channel=options["channel"] or "COUNTER",
            received_at=received_at,
            agency_code=options["unit"],
        )
    if options["channel"]:
        raise CommandError(
            _("--channel chỉ dùng với --procedure: thời hạn ghi thẳng không tùy cách nộp.")
        )
    return what_if.what_if_limit(
        limit=parse_limit(options["limit"]), received_at=received_at, agency_code=options["unit"]
    )

"""The command `due`: when would a file received at a moment be due, and why."""

from __future__ import annotations

import json
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from motcua.engine.lawvalues import LawRefused, NotInForce
from motcua.engine.limits import LimitRefused, parse_limit
from motcua.engine.worktime import CalendarEnds
from motcua.lawbook import due_answers


class Command(BaseCommand):
    """Answers from the law alone; nothing is created and no database is needed."""

    help = "Tính hạn trả kết quả và giải thích từng ngày / compute a due time and explain it"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--limit",
            required=True,
            help='"5 ngày làm việc", "5 working days", "8 hours", "2 months"',
        )
        parser.add_argument("--received", required=True, help="2023-10-27T09:32 (giờ Việt Nam)")
        parser.add_argument("--format", choices=("text", "json"), default="text")
        parser.add_argument("--language", choices=("vi", "en"), default="vi")

    def handle(self, *args: object, **options: str) -> None:
        language = options["language"]
        try:
            deadline = due_answers.what_if_received(
                received_at=due_answers.parse_moment(options["received"]),
                limit=parse_limit(options["limit"]),
            )
        except (LimitRefused, CalendarEnds) as refused:
            raise CommandError(refused.because.text(language)) from None
        except (due_answers.CannotReadMoment, NotInForce, LawRefused) as refused:
            raise CommandError(str(refused)) from None
        if options["format"] == "json":
            answer = due_answers.as_json(deadline, language)
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
        else:
            self.stdout.write(due_answers.as_text(deadline, language))

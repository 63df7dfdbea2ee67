"""The command `mirror`: take in messages of another system, one JSON object a line."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from motcua.cases import actions, mirror_queries
from motcua.cases.mirror_queries import NATIONAL_PORTAL
from motcua.clock import queries as clock
from motcua.engine.forwarded import WHOLE, MessageRefused
from motcua.people import queries as people


class Command(BaseCommand):
    """Reads what an adapter of the National Portal or a ministry wrote down, in whatever order.

    Each line is {"service": "DongBoHoSoMC" or "CapNhatTienDoHoSoMC", "data": {…}}. A line that is
    refused is told with its number and holds up no other; reading the same file again adds nothing.
    """

    help = "Mirror case files that another system owns."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", default=NATIONAL_PORTAL, help="DVCQG, G09")

    def handle(self, *args: object, file: Path, source: str, **options: Any) -> None:
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(str(error)) from error
        refused = 0
        for number, line in enumerate(lines, start=1):
            if line.strip() and (why := _take_in(line, source[:20])):
                refused += 1
                self.stderr.write(f"{number}: {why}")
        taken = sum(bool(line.strip()) for line in lines) - refused
        self.stdout.write(
            _("Đã nhận %(taken)d tin, từ chối %(refused)d tin.")
            % {"taken": taken, "refused": refused}
        )


def _take_in(line: str, source: str) -> str:
    """Take in one message; return why not, or nothing."""
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return mirror_queries.words_of_refusal(MessageRefused(WHOLE))
    try:
        actions.take_in(
            officer=people.get_system(), source=source, message=message, now=clock.now()
        )
    except MessageRefused as refusal:
        return mirror_queries.words_of_refusal(refusal)
    except actions.CannotMirrorCase as refusal:
        return str(refusal)
    return ""

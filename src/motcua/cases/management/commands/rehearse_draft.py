"""The command `workflow rehearse`: past cases played through a draft, for people or as JSON."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from motcua.cases import actions, rehearsal_queries
from motcua.cases.models import Rehearsal
from motcua.clock import queries as clock
from motcua.engine.periods import PeriodUnknown
from motcua.lawbook import queries as lawbook
from motcua.people import queries as people
from motcua.workflow.queries import NoSuchDraft


class Command(BaseCommand):
    """Rehearses at once and keeps the result, which the page of the draft then shows as well."""

    help = "Play the cases of a past period through a draft: how many would be late, and where."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--draft", type=int, required=True, metavar="ID")
        parser.add_argument("--unit", required=True, metavar="CODE", help="H19.01")
        parser.add_argument("--own", action="store_true", help="without subordinate units")
        parser.add_argument("--period", required=True, help="2023-Q1, 2022-Y")
        parser.add_argument("--json", action="store_true", help="the figures as JSON")
        parser.add_argument("--language", choices=("vi", "en"), default="vi")

    def handle(self, *args: object, **options: Any) -> None:
        with translation.override(options["language"]):
            lawbook.refresh_decisions()
            try:
                rehearsal = _rehearse(options)
            except (
                actions.CannotRehearse,
                NoSuchDraft,
                people.NoSuchAgency,
                PeriodUnknown,
            ) as refusal:
                raise CommandError(str(refusal)) from None
            if rehearsal.result is None:
                raise CommandError(rehearsal.refusal)
            if options["json"]:
                self.stdout.write(json.dumps(rehearsal.result, ensure_ascii=False, indent=2))
            else:
                self.stdout.write(_told(rehearsal.result))


def _rehearse(options: dict[str, Any]) -> Rehearsal:
    period = lawbook.get_period(options["period"])
    asked = actions.ask_for_rehearsal(
        officer=people.get_system(),
        draft_id=options["draft"],
        unit_code=options["unit"],
        with_subordinate=not options["own"],
        first_day=period.first_day,
        last_day=period.last_day,
        now=clock.now(),
    )
    actions.carry_out_rehearsal(rehearsal_id=asked.pk, now=clock.now())
    found = rehearsal_queries.find_rehearsal(options["draft"], asked.pk)
    if found is None:
        raise CommandError(_("Không đọc lại được kết quả diễn tập."))
    return found


def _told(result: dict[str, Any]) -> str:
    lines = [
        _("Hồ sơ: %(all)d (chưa xong: %(unfinished)d)")
        % {"all": result["all"], "unfinished": result["unfinished"]},
        _("Trễ hạn: thực tế %(actual)d, lưu đồ đang dùng %(before)d, bản thảo %(after)d")
        % {
            "actual": result["late_actual"],
            "before": result["late_before"],
            "after": result["late_after"],
        },
    ]
    lines += [
        _("%(unit)s: %(before)d → %(after)d phút làm việc")
        % {"unit": line["unit"], "before": line["minutes"][0], "after": line["minutes"][1]}
        for line in result["units"]
    ]
    return "\n".join(lines)

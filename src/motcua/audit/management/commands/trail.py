"""Checks the audit trail from the command line, and seals finished days."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.audit import actions, queries
from motcua.clock import queries as clock


class Command(BaseCommand):
    help = "trail verify: check every chain and seal; trail seal: seal the days that are over."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["verify", "seal"])

    def handle(self, *args: Any, **options: Any) -> None:
        if options["what"] == "seal":
            yesterday = timezone.localtime(clock.now()).date() - timedelta(days=1)
            try:
                seal = actions.seal_day(day=yesterday, now=clock.now())
            except actions.CannotSealDay as error:
                raise CommandError(str(error)) from error
            self.stdout.write(
                _("Đã niêm phong %(count)s dòng đến hết ngày %(day)s.")
                % {"count": seal.entry_count, "day": f"{yesterday:%d/%m/%Y}"}
            )
            return
        broken = [*queries.find_broken_chains(), *queries.find_broken_seals()]
        for chain in broken:
            self.stdout.write(
                _("%(subject)s: dòng %(number)s – %(reason)s")
                % {"subject": chain.subject, "number": chain.number, "reason": chain.reason}
            )
        if broken:
            raise CommandError(
                _("%(count)s chuỗi dấu vết không còn nguyên vẹn.") % {"count": len(broken)}
            )
        self.stdout.write(
            _("Nguyên vẹn: %(entries)s dòng dấu vết, %(seals)s ngày đã niêm phong.")
            % {"entries": queries.count_entries(), "seals": queries.count_seals()}
        )

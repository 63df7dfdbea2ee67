"""The command `system_access`: let another system send messages, say which may, and end it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from motcua.cases import actions, mirror_queries
from motcua.clock import queries as clock
from motcua.look.formats import write_date
from motcua.people import queries as people


class Command(BaseCommand):
    """Gives a token for each system and agency; only its hash is kept, so it is shown once."""

    help = "Let another system send messages about its case files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        give = acts.add_parser("give")
        give.add_argument("source", help="DVCQG, G09")
        give.add_argument("--agency", required=True, help="the agency, with all below it")
        end = acts.add_parser("end")
        end.add_argument("access_id", type=int)
        acts.add_parser("list")

    def handle(self, *args: object, act: str, **options: Any) -> None:
        try:
            {"give": self._give, "end": self._end, "list": self._list}[act](options)
        except actions.CannotGiveAccess as refusal:
            raise CommandError(str(refusal)) from refusal

    def _give(self, options: dict[str, Any]) -> None:
        access, token = actions.give_access(
            officer=people.get_system(),
            source=options["source"][:20],
            agency_code=options["agency"],
            now=clock.now(),
        )
        self.stdout.write(_("Mã kết nối số %(id)s, chỉ hiện một lần này:") % {"id": access.pk})
        self.stdout.write(token)

    def _end(self, options: dict[str, Any]) -> None:
        actions.end_access(
            officer=people.get_system(), access_id=options["access_id"], now=clock.now()
        )
        self.stdout.write(_("Đã đóng mã kết nối số %(id)s.") % {"id": options["access_id"]})

    def _list(self, _options: dict[str, Any]) -> None:
        for access in mirror_queries.list_accesses():
            ended = (
                _("đã đóng ngày %(day)s") % {"day": write_date(access.ended_at)}
                if access.ended_at
                else _("đang mở")
            )
            self.stdout.write(f"{access.pk}  {access.source}  {access.agency.code}  {ended}")

"""Loads the demonstration province, or lists its accounts."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from motcua.demonstration import actions, queries
from motcua.demonstration.province import PASSWORD
from motcua.people import queries as people


class Command(BaseCommand):
    help = "Load the demonstration province into an empty database; --accounts lists its accounts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--accounts", action="store_true", help="list the accounts and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["accounts"]:
            self._list_accounts()
            return
        if queries.is_complete():
            self.stdout.write(_("Tỉnh minh họa đã có đủ, không cần nạp lại."))
            return
        if people.count_agencies() and not queries.is_started():
            raise CommandError(
                _(
                    "Cơ sở dữ liệu đã có dữ liệu thật nên không nạp tỉnh minh họa. Hãy dùng cơ sở dữ liệu "
                    "trống."
                )
            )
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=Console(file=self.stdout)) as progress:  # type: ignore[arg-type]
            task = progress.add_task(_("Nạp tỉnh minh họa"), total=None)
            count = actions.load(
                now=timezone.now(),
                progress=lambda done, total: progress.update(task, completed=done, total=total),
            )
        self.stdout.write(_("Đã nạp %(count)s hồ sơ.") % {"count": count})

    def _list_accounts(self) -> None:
        table = Table(
            title=_("Tài khoản minh họa (mật khẩu: %(password)s)") % {"password": PASSWORD}
        )
        # What one types must never be cut; the rest may take two lines.
        table.add_column(_("Tài khoản"), no_wrap=True, min_width=16)
        for heading in (_("Họ tên"), _("Vị trí"), _("Cơ quan")):
            table.add_column(heading)
        for account in queries.list_accounts():
            table.add_row(account.username, account.full_name, account.title, account.agency)
        Console(file=self.stdout).print(table)  # type: ignore[arg-type]

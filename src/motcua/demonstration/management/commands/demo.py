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

from motcua.clock import queries as clock
from motcua.demonstration import actions, full_province, queries, seed_figures
from motcua.demonstration.province import PASSWORD
from motcua.look import formats
from motcua.people import queries as people


class Command(BaseCommand):
    help = "Load the demonstration province into an empty database; --accounts lists its accounts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--full",
            action="store_true",
            help="add every case file that the province settled in the quarter (248,716)",
        )
        parser.add_argument(
            "--figures",
            action="store_true",
            help="print the table of the source report's figures, printed and computed, and stop",
        )
        parser.add_argument("--accounts", action="store_true", help="list the accounts and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["figures"]:
            self.stdout.write(seed_figures.write_table(), ending="")
            return
        if options["accounts"]:
            self._list_accounts()
            return
        if queries.is_complete():
            if options["full"]:
                self._load_all()
            else:
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
        if options["full"]:
            self._load_all()

    def _load_all(self) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        with Progress(*columns, console=Console(file=self.stdout)) as progress:  # type: ignore[arg-type]
            task = progress.add_task(_("Nạp hồ sơ cả tỉnh"), total=None)
            try:
                count = full_province.load_all(
                    now=clock.now(),
                    progress=lambda done, total: progress.update(task, completed=done, total=total),
                )
            except full_province.CannotLoadAll as refusal:
                raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            _("Đã nạp thêm %(count)s hồ sơ đã giải quyết của cả tỉnh.")
            % {"count": formats.write_number(count)}
        )

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

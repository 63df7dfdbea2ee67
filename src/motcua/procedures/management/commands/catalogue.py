"""Imports the catalogue from a YAML or XLSX file, or writes it to one."""

from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from motcua.clock import queries as clock
from motcua.people import queries as people
from motcua.people.actions import SYSTEM_USERNAME
from motcua.procedures import actions, queries
from motcua.procedures.catalogue_files import WRITERS


class Command(BaseCommand):
    help = "Import the catalogue of procedures from a file, or export it to one (YAML or XLSX)."

    def add_arguments(self, parser: CommandParser) -> None:
        doing = parser.add_subparsers(dest="doing", required=True)
        taking = doing.add_parser("import", help="import a file: all of it, or nothing")
        taking.add_argument("file", type=Path)
        giving = doing.add_parser("export", help="write the catalogue to FILE.yaml or FILE.xlsx")
        giving.add_argument("file", type=Path)
        giving.add_argument("--on", type=_day, help="only what is in force on YYYY-MM-DD")

    def handle(self, *args: Any, doing: str, file: Path, **options: Any) -> None:
        if doing == "import":
            self._import(file)
        else:
            self._export(file, on=options["on"])

    def _import(self, file: Path) -> None:
        try:
            data = file.read_bytes()
        except OSError as error:
            raise CommandError(
                _("Không đọc được tệp %(file)s: %(reason)s.")
                % {"file": file, "reason": error.strerror}
            )
        try:
            officer = people.get_person(username=SYSTEM_USERNAME)
        except people.NoSuchPerson as error:
            raise CommandError(
                _("Cơ sở dữ liệu chưa có tỉnh nào. Hãy khởi tạo tỉnh trước khi nhập danh mục.")
            ) from error
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as bar:
            task = bar.add_task(_("Nhập danh mục"), total=None)
            try:
                result = actions.import_catalogue_file(
                    officer=officer,
                    data=data,
                    now=clock.now(),
                    report=lambda done, total: bar.update(task, completed=done, total=total),
                )
            except actions.CannotImportCatalogue as error:
                lines = "\n".join(str(problem) for problem in error.problems)
                raise CommandError(f"{error}\n{lines}") from error
        self.stdout.write(
            _(
                "Đã thêm %(added)d thủ tục, sửa %(changed)d, giữ nguyên %(unchanged)d; thêm "
                "%(revisions)d bản và %(fields)d lĩnh vực."
            )
            % {
                "added": len(result.added),
                "changed": len(result.changed),
                "unchanged": len(result.unchanged),
                "revisions": result.revision_count,
                "fields": len(result.fields_added),
            }
        )
        for warning in result.warnings:
            self.stderr.write(_("Cần xem lại: %s") % warning)

    def _export(self, file: Path, *, on: date | None) -> None:
        form = file.suffix.lower().removeprefix(".").replace("yml", "yaml")
        if form not in WRITERS:
            raise CommandError(
                _("Không rõ dạng tệp “%s”: tên tệp phải kết thúc bằng .yaml hoặc .xlsx.")
                % file.name
            )
        content = queries.export_catalogue_file(form=form, on=on)
        try:
            file.write_bytes(content)
        except OSError as error:
            raise CommandError(
                _("Không ghi được tệp %(file)s: %(reason)s.")
                % {"file": file, "reason": error.strerror}
            )
        self.stdout.write(
            _("Đã ghi %(file)s (%(size)d byte).") % {"file": file, "size": len(content)}
        )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(
            _("“%s” không phải là ngày; hãy ghi năm-tháng-ngày, ví dụ 2023-03-14.") % text
        )

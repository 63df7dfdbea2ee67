"""`motcua export facts --parquet FOLDER`: the facts of the reports as Parquet files."""

from __future__ import annotations

import getpass
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from motcua.cases.actions import CannotExport, note_export_at_server
from motcua.clock import queries as clock
from motcua.look import formats
from motcua.reporting.engines import CannotCount, require_module
from motcua.reporting.fact_files import count_facts, write_facts


class Command(BaseCommand):
    """Write the facts that reports count as Parquet files; they hold nothing personal."""

    help = "Write the facts that reports count as Parquet files, for DuckDB and the like."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["facts"])
        parser.add_argument("--parquet", type=Path, metavar="FOLDER", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["parquet"]
        if not folder.is_dir():
            raise CommandError(
                _("Không có thư mục “%(folder)s”. Hãy tạo thư mục rồi chạy lại.")
                % {"folder": folder}
            )
        try:
            duckdb = require_module("duckdb")
        except CannotCount as refusal:
            raise CommandError(str(refusal)) from refusal
        try:
            note_export_at_server(
                account=getpass.getuser(), what="facts", rows=count_facts(), now=clock.now()
            )
        except CannotExport as refusal:
            raise CommandError(str(refusal)) from refusal
        for name, count in write_facts(folder, duckdb=duckdb).items():
            self.stdout.write(f"{name}.parquet: {formats.write_number(count)}")

"""Writes a report from the command line: `motcua report ii-06a --unit CODE --period 2023-Q1`.

Every report that is a page can be written. It asks as the system, not as a person: who may run
commands on the server is its administrator.
"""

from __future__ import annotations

import getpass
import os
import sys
import tempfile
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from motcua.cases.actions import CannotExport
from motcua.clock import queries as clock
from motcua.engine.lawvalues import LawRefused
from motcua.people import queries as people
from motcua.reporting import engines, queries, reports
from motcua.reporting.spark_facts import LOCAL


class Command(BaseCommand):
    """Write a report as JSON, text, XLSX or DOCX, to a file or to standard output."""

    help = "Make a report of one unit in one period: any form, table or text that is a page."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        # Everything is read as text and checked in handle(), so that a mistake is one clear line.
        parser.add_argument(
            "form", metavar="FORM", help="such as one-stop-table, ii-06a, narrative"
        )
        parser.add_argument(
            "--unit", default="", metavar="CODE", help="code of the unit (the Office if not given)"
        )
        parser.add_argument(
            "--from", dest="first_day", metavar="DAY", help="first day, such as 2022-12-15"
        )
        parser.add_argument(
            "--to", dest="last_day", metavar="DAY", help="last day, itself included"
        )
        parser.add_argument("--period", metavar="NAME", help="a period of the law, such as 2023-Q1")
        parser.add_argument(
            "--with-subordinate", action="store_true", help="add the units below it"
        )
        parser.add_argument("--rows", default="", metavar="field|unit|level", help="a row is a …")
        parser.add_argument(
            "--count",
            action="append",
            default=[],
            metavar="KEY=ANSWER",
            help="another answer to a question on which provinces differ, such as on_time=by_day",
        )
        parser.add_argument(
            "--cast-back",
            action="store_true",
            help="count what merged units did with their successors",
        )
        parser.add_argument("--format", default="text", metavar="|".join(reports.FORMATS))
        parser.add_argument("--output", metavar="FILE", help="write to this file")
        parser.add_argument("--engine", default="postgres", metavar="|".join(engines.ENGINES))
        parser.add_argument(
            "--facts",
            metavar="FOLDER",
            type=Path,
            help="Parquet files of `motcua export facts` (those of this moment if not given)",
        )
        parser.add_argument(
            "--spark-master",
            default=LOCAL,
            metavar="URL",
            help=f"the master of a Spark cluster ({LOCAL} if not given)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = self._write(options)
        except (queries.CannotReport, CannotExport, LawRefused) as refusal:
            raise CommandError(str(refusal), returncode=2) from refusal
        self._deliver(content, kind=options["format"], output=options["output"])

    def _write(self, options: dict[str, Any]) -> bytes:
        now = clock.now()
        kind, name = options["format"], options["form"]
        _require_one_of(name, reports.list_report_names(people.day_of(now)), what=_("biểu"))
        _require_one_of(kind, reports.list_report_formats(name), what=_("định dạng"))
        _require_one_of(options["engine"], engines.ENGINES, what=_("bộ máy đếm"))
        _refuse_bytes_on_screen(options)
        first_day, last_day = _days(options)
        # A wrong period is told before facts are written for it.
        queries.get_period(first_day=first_day, last_day=last_day, now=now)
        with engines.open_engine(
            options["engine"], folder=options["facts"], master=options["spark_master"]
        ) as engine:
            asked = reports.Asked(
                account=getpass.getuser(),
                first_day=first_day,
                last_day=last_day,
                now=now,
                unit_code=options["unit"],
                with_subordinate=options["with_subordinate"],
                rows_by=options["rows"],
                answers=_answers(options["count"]),
                casts_back=options["cast_back"],
                engine=engine,
            )
            return reports.write_report(name, kind, asked)

    def _deliver(self, content: bytes, *, kind: str, output: str | None) -> None:
        if output:
            _write_whole(Path(output), content)
        elif kind in _BINARY:
            sys.stdout.buffer.write(content)
            sys.stdout.flush()
        else:
            self.stdout.write(content.decode(), ending="")


_BINARY = ("xlsx", "docx")


def _answers(given: list[str]) -> dict[str, str]:
    """Return the answers given as KEY=ANSWER."""
    for one in given:
        if "=" not in one:
            raise CommandError(
                _("--count: “%(text)s” không đúng dạng. Hãy ghi như on_time=by_day.")
                % {"text": one},
                returncode=2,
            )
    return dict(one.split("=", 1) for one in given)


def _days(options: Mapping[str, Any]) -> tuple[date, date]:
    """Return the days asked for: of a period that the law names, or from and to."""
    given = [options["first_day"], options["last_day"]]
    if options["period"]:
        if any(given):
            raise CommandError(
                _("Chỉ dùng một trong hai: --period, hoặc --from cùng --to."), returncode=2
            )
        period = queries.get_named_period(options["period"])
        return period.first_day, period.last_day
    if not all(given):
        raise CommandError(
            _("Thiếu kỳ báo cáo: hãy ghi --period 2023-Q1, hoặc --from và --to."), returncode=2
        )
    return _day("--from", given[0]), _day("--to", given[1])


def _day(option: str, text: str) -> date:
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text.strip(), pattern).date()  # noqa: DTZ007 - only a day
        except ValueError:
            continue
    raise CommandError(
        _(
            "%(option)s: “%(text)s” không phải ngày có thật. Hãy ghi năm-tháng-ngày (2023-03-14) hoặc "
            "ngày/tháng/năm (14/03/2023)."
        )
        % {"option": option, "text": text},
        returncode=2,
    )


def _require_one_of(given: str, known: tuple[str, ...], *, what: str) -> None:
    if given not in known:
        raise CommandError(
            _("Không có %(what)s “%(given)s”. Hãy dùng: %(known)s.")
            % {"what": what, "given": given, "known": ", ".join(known)},
            returncode=2,
        )


def _refuse_bytes_on_screen(options: Mapping[str, Any]) -> None:
    kind = options["format"]
    if kind in _BINARY and not options["output"] and sys.stdout.isatty():
        raise CommandError(
            _("Tệp %(kind)s không đọc được trên màn hình. Hãy thêm --output TÊN-TỆP.%(kind)s.")
            % {"kind": kind},
            returncode=2,
        )


def _write_whole(path: Path, content: bytes) -> None:
    """Write a file beside its place and move it there, so that nobody finds half of it."""
    beside: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            beside = Path(file.name)
            file.write(content)
        # A temporary file is closed to others; a report is not.
        umask = os.umask(0)
        os.umask(umask)
        beside.chmod(0o666 & ~umask)
        beside.replace(path)
    except OSError as error:
        if beside is not None:
            beside.unlink(missing_ok=True)
        raise CommandError(
            _("Không ghi được vào “%(path)s”: %(reason)s. Hãy chọn chỗ khác.")
            % {"path": path, "reason": error.strerror},
            returncode=2,
        ) from error

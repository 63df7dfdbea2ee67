"""The `motcua` command: Django's management commands, with the database at hand and plain errors."""

from __future__ import annotations

import argparse
import os
import runpy
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg

from motcua.project.collector import collect_all_seldom
from motcua.project.console import CannotContinue, gettext, tell
from motcua.project.database import database_in_use
from motcua.project.lifeline import start_tied
from motcua.project.prepare import prepare
from motcua.project.serve import serve

# Commands, with the word after them where only that use is meant, that need no database.
_WITHOUT_DATABASE = {
    ("help",), ("version",), ("check",), ("due",), ("audit",), ("workflow", "check"), ("makemessages",),
    ("compilemessages",), ("findstatic",), ("diffsettings",), ("startapp",),
}  # fmt: skip
# Options with which a command of the above asks the database all the same.
_ASKING_DATABASE = {"due": ("--procedure", "--unit")}
_AS_OWNER = {"migrate", "run"}
# What the database says when it is empty, or older than the program.
_OLDER = (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn)


def main() -> int:
    """Run one command and return its exit code; expected failures become one plain sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.project.settings")
    collect_all_seldom()
    command, *rest = sys.argv[1:] or ["help"]
    try:
        return _run(command, rest)
    except CannotContinue as reason:
        tell(str(reason))
    except KeyboardInterrupt:
        return 130
    return 1


def _run(command: str, rest: Sequence[str]) -> int:
    if command == "serve":
        return _serve(rest)
    if command == "prepare":
        return _prepare(rest)
    if command in _AS_OWNER:
        os.environ.setdefault("MOTCUA_DATABASE_ROLE", "owner")
    if needs_database(command, rest):
        with database_in_use():
            if command == "demo" and "--full" in rest and (code := _prepare_first()):
                return code
            return _run_script(rest) if command == "run" else _manage(command, rest)
    return _manage(command, rest)


def _prepare_first() -> int:
    """Make what is missing of the database, in a process of its own: it acts as another role."""
    return start_tied([sys.executable, "-m", "motcua", "prepare"]).wait()


def needs_database(command: str, rest: Sequence[str]) -> bool:
    """Whether the command needs the database, as far as can be told before it runs."""
    if {"-h", "--help"} & {command, *rest} or command == "--version":
        return False
    if any(_is_option(word, of) for of in _ASKING_DATABASE.get(command, ()) for word in rest):
        return True
    return (command,) not in _WITHOUT_DATABASE and (command, *rest[:1]) not in _WITHOUT_DATABASE


def _is_option(word: str, option: str) -> bool:
    """Whether the word is this option, in full or cut short, with or without its value."""
    name = word.partition("=")[0]
    return len(name) > len("--") and option.startswith(name)


def _manage(command: str, rest: Sequence[str]) -> int:
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - slow to load

    if (command, *rest) in {("help",), ("--help",), ("-h",)}:
        sys.stdout.write(_overview())
    with _plain_errors():
        execute_from_command_line(["motcua", command, *rest])
    return 0


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Turn what a user can put right into one sentence."""
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415 - slow to load
    from django.db.utils import OperationalError, ProgrammingError  # noqa: PLC0415 - slow to load

    try:
        yield
    except OperationalError as refusal:
        raise CannotContinue(
            gettext("Cơ sở dữ liệu không đáp ứng: {reason}").format(reason=str(refusal).strip())
        )
    except ProgrammingError as refusal:
        if not isinstance(refusal.__cause__, _OLDER):
            raise
        raise CannotContinue(
            gettext("Cơ sở dữ liệu chưa có bảng hoặc là của bản cũ hơn. Hãy chạy: motcua prepare")
        )
    except ImproperlyConfigured as refusal:
        raise CannotContinue(gettext("Cấu hình sai: {reason}").format(reason=refusal))


def _serve(rest: Sequence[str]) -> int:
    reader = argparse.ArgumentParser(prog="motcua serve")
    reader.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1")
    reader.add_argument("--port", default=os.environ.get("PORT") or "8000")
    given = reader.parse_args(rest)
    if not given.port.isdecimal() or not 0 < int(given.port) < 65536:
        raise CannotContinue(
            gettext("Cổng {port} không hợp lệ: hãy cho một số từ 1 đến 65535.").format(
                port=given.port
            )
        )
    return serve(host=given.host, port=int(given.port))


def _prepare(rest: Sequence[str]) -> int:
    reader = argparse.ArgumentParser(prog="motcua prepare")
    reader.add_argument("--accounts-file", type=Path)
    given = reader.parse_args(rest)
    with database_in_use(), _plain_errors():
        prepare(accounts_file=given.accounts_file)
    return 0


def _run_script(rest: Sequence[str]) -> int:
    """Run a Python file in the environment of the product, as the owner of the tables."""
    if not rest or not Path(rest[0]).is_file():
        raise CannotContinue(gettext("Không có tệp {file}.").format(file=rest[0] if rest else "?"))
    sys.argv = [*rest]
    runpy.run_path(rest[0], run_name="__main__")
    return 0


def _overview() -> str:
    return gettext(
        "motcua: một cửa điện tử của tỉnh\n\n"
        "  motcua serve     chuẩn bị mọi thứ rồi phục vụ (HOST, PORT)\n"
        "  motcua prepare   tạo bảng, nạp dữ liệu minh họa, gom tệp tĩnh, không phục vụ\n"
        "  motcua run FILE  chạy một tệp Python trong môi trường của motcua\n\n"
    )

"""Makes a database and the static files ready to serve; run again, it does only what is missing."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg

from motcua.project import console, database
from motcua.project.console import CannotContinue, gettext, tell
from motcua.project.lifeline import start_tied
from motcua.project.roles import (
    APPLICATION_ROLE,
    let_application_use_tables,
    let_owner_act_as_application,
    make_application_role,
)


class CannotPrepare(CannotContinue):
    """The database or the static files could not be made ready."""


def prepare(*, accounts_file: Path | None = None) -> None:
    """Make roles, tables, the demonstration province and the static files where they are missing.

    Raises CannotPrepare. Must run before Django is loaded: it works as the owner of the tables.
    """
    os.environ.update(MOTCUA_DATABASE_ROLE="owner", MOTCUA_COLLECTING="1")
    if url := os.environ.get("DATABASE_URL"):
        _make_roles(url)

    import django  # noqa: PLC0415 - see the docstring

    django.setup()
    _migrate()
    _load_demonstration()
    _collect_static()
    if accounts_file is not None:
        accounts_file.write_text(_list_accounts())


def _make_roles(url: str) -> None:
    """Make the application's role on a server of one's own."""
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            make_application_role(connection, login=False)
            let_owner_act_as_application(connection)
            let_application_use_tables(connection)
    except psycopg.errors.InsufficientPrivilege as refusal:
        raise CannotPrepare(
            gettext(
                "Tài khoản trong DATABASE_URL không được phép tạo vai trò {role} ({reason}). Nhờ"
                " người quản trị PostgreSQL chạy: CREATE ROLE {role} NOLOGIN; GRANT {role} TO"
                " <tài khoản>; rồi chạy lại."
            ).format(role=APPLICATION_ROLE, reason=str(refusal).strip())
        )


def _migrate() -> None:
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        tell(gettext("Đang tạo hoặc cập nhật các bảng dữ liệu…"))
        call_command("migrate", interactive=False, verbosity=0)
    # The table of the cache is no migration's; made where it is missing.
    call_command("createcachetable", verbosity=0)


def _load_demonstration() -> None:
    """Load the demonstration into an empty database, or the rest of one that was cut short."""
    from django.conf import settings  # noqa: PLC0415

    from motcua.demonstration import queries as demonstration  # noqa: PLC0415
    from motcua.people import queries as people  # noqa: PLC0415

    if not settings.IS_DEMONSTRATION or demonstration.is_complete():
        return
    if people.count_agencies() and not demonstration.is_started():
        return
    tell(gettext("Đang nạp tỉnh minh họa…"))
    code = start_tied(
        [sys.executable, "-m", "motcua", "demo"], environment=_environment_of_application()
    ).wait()
    if code != 0:
        raise CannotPrepare(
            gettext(
                "Không nạp được dữ liệu minh họa (mã {code}). Đặt MOTCUA_DEMO=0 để chạy với cơ sở"
                " dữ liệu trống."
            ).format(code=code)
        )


def _environment_of_application() -> dict[str, str]:
    """Return the environment of a command that acts as the application, not as the owner."""
    own = ("MOTCUA_DATABASE_ROLE", "MOTCUA_COLLECTING")
    return {name: value for name, value in os.environ.items() if name not in own}


def _collect_static() -> None:
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    stamp = database.var_dir() / "run" / "static-digest"
    digest = _digest_of_static()
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if manifest.exists() and stamp.exists() and stamp.read_text() == digest:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest)


def _digest_of_static() -> str:
    digest = hashlib.sha256()
    for name, content in _static_files():
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _static_files() -> Iterator[tuple[str, bytes]]:
    from django.contrib.staticfiles.finders import get_finders  # noqa: PLC0415

    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            with storage.open(name) as file:
                yield name, file.read()


def _list_accounts() -> str:
    """Return the demonstration accounts as the demonstration itself lists them, if it is loaded."""
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.utils import translation  # noqa: PLC0415

    from motcua.demonstration import queries as demonstration  # noqa: PLC0415

    if not settings.IS_DEMONSTRATION or not demonstration.is_started():
        return ""
    # A narrower table would cut the names to sign in with.
    os.environ["COLUMNS"] = str(max(100, shutil.get_terminal_size().columns))
    listed = io.StringIO()
    with translation.override(console.language()):
        call_command("demo", accounts=True, stdout=listed)
    return listed.getvalue()

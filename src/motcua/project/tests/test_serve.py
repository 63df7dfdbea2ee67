"""Serving: one at a time, on a free port, and nothing outlives the process that started it."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from motcua.project.embedded import Cluster
from motcua.project.serve import CannotServe, Child, only_one, require_free
from motcua.project.tests.places import (
    Prepared,
    environment,
    find_free_port,
    is_alive,
    wait_until,
)

Serve = Callable[[int], tuple[subprocess.Popen[bytes], Path]]

TIED = """
import sys, time
from motcua.project.lifeline import start_tied
child = start_tied([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def serve(place: Path) -> Iterator[Serve]:
    """Starts `motcua serve` on the test's own folder and returns it with the file of its words."""
    servers: list[subprocess.Popen[bytes]] = []

    def start(port: int) -> tuple[subprocess.Popen[bytes], Path]:
        said = place / f"said-{len(servers)}"
        with said.open("wb") as file:
            server = subprocess.Popen(
                [sys.executable, "-m", "motcua", "serve"],
                env=environment(MOTCUA_VAR=str(place), MOTCUA_DEMO="0", PORT=str(port)),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
            )
        servers.append(server)
        return server, said

    yield start
    for server in servers:
        server.kill()
        server.wait()


def test_a_second_server_from_the_same_folder_is_told_who_serves(place: Path) -> None:
    with ExitStack() as serving:
        serving.enter_context(only_one(place, address="http://127.0.0.1:8000"))

        with pytest.raises(CannotServe, match=f"http://127.0.0.1:8000, pid {os.getpid()}"):
            serving.enter_context(only_one(place, address="http://127.0.0.1:8001"))


def test_the_folder_is_free_again_afterwards(place: Path) -> None:
    with only_one(place, address="http://127.0.0.1:8000"):
        pass

    with only_one(place, address="http://127.0.0.1:8001"):
        noted = (place / "serve.lock").read_text()

    assert noted.startswith("http://127.0.0.1:8001")


def test_a_port_in_use_is_named_with_another_to_try() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(CannotServe, match=f"PORT={port + 1} script/server"):
            require_free("127.0.0.1", port)


def test_a_child_dies_with_a_parent_that_is_killed() -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", TIED], stdout=subprocess.PIPE, text=True, env=environment()
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    was_alive = is_alive(child)

    parent.kill()
    parent.communicate()

    assert was_alive
    assert wait_until(lambda: not is_alive(child), seconds=5)


def test_a_child_that_keeps_ending_is_started_with_growing_pauses() -> None:
    child = Child(name="broken", command=[sys.executable, "-c", "raise SystemExit(3)"])
    child.start()

    pauses = []
    for _ in range(2):
        assert child.process is not None
        child.process.wait()
        child.look_after()
        pauses.append(child.next_start - time.monotonic())
        child.next_start = 0.0
        child.look_after()

    assert child.process is not None
    child.process.wait()
    assert child.ends == 2
    assert 0.3 < pauses[0] <= 0.5
    assert 0.8 < pauses[1] <= 1.0


def test_the_whole_server_survives_being_killed_and_stops_when_told(
    place: Path, prepared: Prepared, serve: Serve
) -> None:
    prepared.copy_to(place)
    port = find_free_port()
    address = f"http://127.0.0.1:{port}"
    cluster = Cluster(data_dir=place / "pg")
    first, told_first = serve(port)
    assert wait_until(lambda: address in told_first.read_text(), seconds=90), told_first.read_text()
    health_first = _health(port)

    first.kill()
    first.wait()
    assert wait_until(lambda: _health(port) is None, seconds=5)
    survived = cluster.find_postmaster()
    again, told_again = serve(port)
    assert wait_until(lambda: address in told_again.read_text(), seconds=60), told_again.read_text()
    health_again = _health(port)
    began = time.monotonic()
    again.send_signal(signal.SIGTERM)
    again.wait(15)

    assert (health_first, health_again) == (200, 200)
    assert survived is not None
    assert time.monotonic() - began < 10
    assert again.returncode == 0
    assert cluster.find_postmaster() is None
    assert _health(port) is None


def _health(port: int) -> int | None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        told: dict[str, Any] = json.loads(answer.read())
        assert set(told) == {"status", "database", "queue"}
        return answer.status
    except OSError:
        return None
    finally:
        connection.close()

"""Spark benchmark: the facts of this database counted by four engines, which must agree to the last figure.

PostgreSQL, DuckDB, Spark in this process, and a Spark master with two workers on loopback. Needs Java 17
(Debian: openjdk-17-jre-headless). It proves that the same SQL runs on a cluster; on one machine and as few
rows as a province has, Spark's start and its plans cost more than the counting.
"""

from __future__ import annotations

import importlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django

django.setup()

from motcua.reporting import facts  # noqa: E402
from motcua.reporting.engines import open_engine  # noqa: E402
from motcua.reporting.fact_files import write_facts  # noqa: E402
from motcua.reporting.facts import CountingRules, Engine, Slice  # noqa: E402

PERIOD = (datetime(2022, 12, 14, 17, tzinfo=UTC), datetime(2023, 3, 14, 17, tzinfo=UTC))
SETTINGS = (
    CountingRules(),
    CountingRules(by_day=True),
    CountingRules(waiting_is_settled=True, ended_is_apart=True),
)
PARTS = ("unit", "field", "level")


def count_all(engine: Engine) -> tuple[Any, float, float]:
    """Return every count under every setting, and the seconds of the first and the best pass."""
    found, first, best = None, 0.0, float("inf")
    for number in range(3):
        started = time.perf_counter()
        found = [
            facts.count_cases(
                Slice(starts_at=PERIOD[0], cut_off=PERIOD[1], rules=rules),
                by=PARTS,
                counts=facts.list_counts(),
                engine=engine,
            )
            for rules in SETTINGS
        ]
        took = time.perf_counter() - started
        first, best = (took if number == 0 else first), min(best, took)
    return found, first, best


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_for(port: int, *, seconds: float) -> None:
    """Wait until somebody listens on a port of loopback; raise TimeoutError."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with socket.socket() as caller:
            if caller.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise TimeoutError(f"Spark's master did not listen on port {port} within {seconds} s.")


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """Keep up a master with two workers on loopback; the address is what a session connects to."""
    home = Path(str(importlib.import_module("pyspark").__file__)).parent
    port = free_port()
    address = f"spark://127.0.0.1:{port}"
    common = ["--host", "127.0.0.1", "--webui-port", "0"]
    master = ["org.apache.spark.deploy.master.Master", *common, "--port", str(port)]
    worker = ["org.apache.spark.deploy.worker.Worker", *common, "--cores", "1", "--memory", "1g"]
    with ExitStack() as stack:
        stack.enter_context(daemon(home, master))
        wait_for(port, seconds=60)
        for number in (1, 2):
            stack.enter_context(
                daemon(home, [*worker, "--work-dir", str(folder / f"worker-{number}"), address])
            )
        yield address


@contextmanager
def daemon(home: Path, command: Sequence[str]) -> Iterator[None]:
    """Keep up one process of Spark, and end it."""
    environment = {**os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1"}
    process = subprocess.Popen(
        [str(home / "bin" / "spark-class"), *command],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def main() -> int:
    """Count with each engine and compare; 1 where any of them disagrees."""
    if shutil.which("java") is None:
        sys.stderr.write("Java 17 is needed: apt-get install openjdk-17-jre-headless\n")
        return 1
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    with tempfile.TemporaryDirectory(prefix="motcua-spark-") as made:
        folder = Path(made)
        started = time.perf_counter()
        written = write_facts(folder, duckdb=importlib.import_module("duckdb"))
        print(f"facts written in {time.perf_counter() - started:.1f} s: {written}")
        wanted, agree = None, True
        with cluster(folder) as address:
            for title, name, master in (
                ("PostgreSQL", "postgres", ""),
                ("DuckDB", "duckdb", ""),
                ("Spark, local", "spark", "local[2]"),
                ("Spark, two workers", "spark", address),
            ):
                started = time.perf_counter()
                with open_engine(name, folder=folder, master=master) as engine:
                    opened = time.perf_counter() - started
                    found, first, best = count_all(engine)
                wanted = found if wanted is None else wanted
                agree = agree and found == wanted
                print(
                    f"{title:20} opened {opened:6.2f} s, first {first:6.2f} s, best {best:6.2f} s,"
                    f" {sum(map(len, found)):,} groups, {'equal' if found == wanted else 'DIFFERENT'}"
                )
    return 0 if agree else 1


if __name__ == "__main__":
    sys.exit(main())

"""Clusters for the tests of the wiring, in folders that any account can reach."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from motcua.project.embedded import Cluster, socket_dir


@pytest.fixture
def place() -> Iterator[Path]:
    """A short-named folder of the test's own; a server left running in it is stopped."""
    with _open_place() as folder:
        yield folder


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A cluster made once for all tests of a module; a test that needs it running starts it."""
    with _open_place() as folder:
        cluster = Cluster(data_dir=folder / "pg")
        cluster.start()
        yield cluster


@contextmanager
def _open_place() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="motcua-place-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        for version in folder.rglob("PG_VERSION"):
            if version.with_name("postgresql.conf").exists():
                Cluster(data_dir=version.parent).stop(at_once=True)
                sockets = socket_dir(version.parent)
                if sockets != version.parent:
                    shutil.rmtree(sockets, ignore_errors=True)
        shutil.rmtree(folder)

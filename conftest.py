"""Gives every test run a throw-away PostgreSQL, and says loudly when there is no browser."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dj_database_url
import pytest
from django.conf import settings
from django.db import connection
from xdist.scheduler import LoadFileScheduling

from motcua.project.embedded import OWNER, Cluster, socket_dir

_PREFIX = "motcua-test-"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_place = pytest.StashKey[Path]()
_cluster = pytest.StashKey[Cluster]()


def pytest_configure(config: pytest.Config) -> None:
    """Start the database in the first process of the run; the others inherit its address."""
    if hasattr(config, "workerinput"):
        _use(Path(os.environ["MOTCUA_VAR"]))
        return
    _remove_leftovers()
    config.stash[_place] = place = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
    # The server may run as nobody; its own folder inside is closed.
    place.chmod(0o711)
    (place / "static").mkdir()
    os.environ["MOTCUA_VAR"] = str(place)
    if url := os.environ.get("MOTCUA_TEST_DATABASE_URL"):
        os.environ.update(DATABASE_URL=url, MOTCUA_DATABASE_ROLE="owner")
        settings.DATABASES["default"].update(dj_database_url.parse(url))
    else:
        cluster = Cluster(data_dir=place / "pg", is_throwaway=True)
        cluster.start()
        config.stash[_cluster] = cluster
        os.environ.pop("DATABASE_URL", None)
        os.environ["MOTCUA_PG_HOST"] = host = str(socket_dir(cluster.data_dir))
        settings.DATABASES["default"].update(HOST=host, USER=OWNER, NAME="motcua")
    _use(place)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Throw the database away."""
    if _cluster in config.stash:
        config.stash[_cluster].stop(at_once=True)
    if _place in config.stash:
        shutil.rmtree(config.stash[_place], ignore_errors=True)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling | None:
    """Hand out tests by file, unless the caller asked for another way with --dist."""
    if config.getvalue("dist") != "load":
        return None
    # In the order of collection, which already has the longest first.
    config.option.loadscopereorder = False
    return LoadFileScheduling(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put what takes longest first, and skip the journeys where there is no browser to drive.

    Journeys are slow, and each process that makes any starts a server of its own for them: begun
    last, one of them would keep a process busy long after the others.
    """
    sizes = Counter(item.nodeid.split("::")[0] for item in items)
    items.sort(
        key=lambda item: (
            not item.get_closest_marker("journey"),
            -sizes[item.nodeid.split("::")[0]],
        )
    )
    journeys = [item for item in items if item.get_closest_marker("journey")]
    if journeys and _find_browser() is None:
        for item in journeys:
            item.add_marker(pytest.mark.skip(reason="no Chromium: set CHROMIUM or install one"))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say how many journeys were not made."""
    skipped = len(
        [
            report
            for report in terminalreporter.stats.get("skipped", [])
            if "no Chromium" in str(report.longrepr)
        ]
    )
    if skipped:
        terminalreporter.section("NO BROWSER", sep="!")
        terminalreporter.line(f"{skipped} browser journeys were SKIPPED: no Chromium was found.")


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name cases alike in every process: sets have no order, and archives hold the time of day."""
    if isinstance(val, bytes):
        return f"{len(val)}-bytes"
    if isinstance(val, set | frozenset):
        return ",".join(sorted(map(str, val))) or "nothing"
    return None


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser that the journeys drive."""
    found = _find_browser()
    assert found is not None, "journeys are skipped where there is no browser"
    return found


@pytest.fixture(autouse=True)
def _leave_no_jobs(request: pytest.FixtureRequest) -> Iterator[None]:
    """Take away the jobs that a committing test has queued.

    Django empties its own tables after such a test; those of the queue are not its own, and their
    rows would be found by whichever test comes next in the process.
    """
    if not _is_committing(request.node):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


def _is_committing(test: pytest.Item) -> bool:
    """Tell whether the test's transactions are real ones."""
    marker = test.get_closest_marker("django_db")
    named = set(getattr(test, "fixturenames", ()))
    return bool(marker and marker.kwargs.get("transaction")) or "transactional_db" in named


def _find_browser() -> str | None:
    if given := os.environ.get("CHROMIUM"):
        return given
    return next(filter(None, map(shutil.which, _BROWSERS)), None)


def _use(place: Path) -> None:
    """Point the settings, which pytest-django has read before any conftest, at this run's place."""
    settings.MEDIA_ROOT = place / "files"
    settings.STATIC_ROOT = place / "static"
    settings.WHITENOISE_USE_FINDERS = True
    # The real hash is slow on purpose; the accounts of tests are made by the hundred.
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]
    settings.STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }


def _remove_leftovers() -> None:
    """Remove the databases of runs that were killed."""
    for place in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
        pid = place.name.removeprefix(_PREFIX).split("-")[0]
        if place.stat().st_uid == os.geteuid() and not Path(f"/proc/{pid}").exists():
            Cluster(data_dir=place / "pg").stop(at_once=True)
            shutil.rmtree(place, ignore_errors=True)

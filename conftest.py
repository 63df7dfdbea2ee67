"""Gives every test run a throw-away PostgreSQL, and says loudly when there is no browser."""

from __future__ import annotations

import copy
import fcntl
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dj_database_url
import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker
from xdist.scheduler import LoadFileScheduling

from motcua.project.collector import collect_all_seldom
from motcua.project.embedded import OWNER, Cluster, socket_dir
from motcua.project.tests.places import Prepared, prepare

if TYPE_CHECKING:
    from motcua.cases.tests.world import World

_PREFIX = "motcua-test-"
_JOURNEYS = "tests/journeys/"
_RIGHTS = "tests/rights/"
_TEMPLATE = "motcua_template"
_IN_EVERY_DATABASE = frozenset({"django_migrations", "django_content_type", "auth_permission"})
_BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
_place = pytest.StashKey[Path]()
_cluster = pytest.StashKey[Cluster]()


def pytest_configure(config: pytest.Config) -> None:
    """Start the database in the first process of the run; the others inherit its address."""
    collect_all_seldom()
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


class _ByFile(LoadFileScheduling):
    """Hands out tests by file, but in one piece what shares a folder's costly beginning.

    All journeys share one server and one browser, the tests of rights one walk over every address.
    """

    def _split_scope(self, nodeid: str) -> str:
        folders = (folder for folder in (_JOURNEYS, _RIGHTS) if nodeid.startswith(folder))
        return next(folders, None) or super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling | None:
    """Hand out tests by file, unless the caller asked for another way with --dist."""
    if config.getvalue("dist") != "load":
        return None
    # In the order of collection, which already has the longest first.
    config.option.loadscopereorder = False
    return _ByFile(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put what takes longest first, and skip the journeys where there is no browser to drive.

    The journeys take one process nearly half of the time, and the walk of the tests of rights takes
    the time of a large file: begun last, they would keep a process busy long after the others.
    """
    sizes = Counter(item.nodeid.split("::")[0] for item in items)
    items.sort(
        key=lambda item: (
            not item.get_closest_marker("journey"),
            not item.nodeid.startswith(_RIGHTS),
            -sizes[item.nodeid.split("::")[0]],
            item.nodeid.split("::")[0],
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
    """Name cases alike in every process: sets have no order, and archives hold the time of day.

    The time changes even the size of an archive.
    """
    if isinstance(val, bytes):
        return "bytes"
    if isinstance(val, set | frozenset):
        return ",".join(sorted(map(str, val))) or "nothing"
    return None


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Let the test database be copied from one that is migrated once for all processes."""
    if "MOTCUA_TEST_DATABASE_URL" not in os.environ:
        with django_db_blocker.unblock():
            _make_template()


@pytest.fixture(scope="session", autouse=True)
def _empty_by_row() -> Iterator[None]:
    """Let what a committing test leaves be deleted: of ninety tables it filled a few.

    Django truncates each of them, with its indexes, and then writes anew what each application
    wants in every database; that is left here, and takes a third of a second a test.
    """
    if "MOTCUA_TEST_DATABASE_URL" in os.environ:
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _self: _empty_tables())
        yield


def _empty_tables() -> None:
    tables = [
        table
        for table in connection.introspection.django_table_names(
            only_existing=True, include_views=False
        )
        if table not in _IN_EVERY_DATABASE
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(
                f"(SELECT '{table}' FROM {connection.ops.quote_name(table)} LIMIT 1)"
                for table in tables
            )
        )
        filled = cursor.fetchall()
        # Neither foreign keys nor the trail's own guard hold whoever owns this throw-away database.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for (table,) in filled:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")


def _make_template() -> None:
    own = settings.DATABASES["default"]
    with (Path(os.environ["MOTCUA_VAR"]) / "template.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with psycopg.connect(
            host=own["HOST"], user=own["USER"], dbname=own["NAME"], autocommit=True
        ) as place:
            known = "SELECT FROM pg_database WHERE datname = %s"
            is_there = place.execute(known, [_TEMPLATE]).fetchone() is not None
            if not is_there:
                place.execute(f"CREATE DATABASE {_TEMPLATE}")
        if not is_there:
            connection.settings_dict["NAME"] = _TEMPLATE
            call_command("migrate", verbosity=0, interactive=False)
            connection.close()
            connection.settings_dict["NAME"] = own["NAME"]
    connection.settings_dict["TEST"]["TEMPLATE"] = _TEMPLATE


@pytest.fixture(scope="session")
def prepared() -> Prepared:
    """What a newcomer's first start prepares, made once for all processes and never served."""
    place = Path(os.environ["MOTCUA_VAR"])
    folder, said = place / "prepared", place / "prepared.said"
    with (place / "prepared.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.exists():
            folder.mkdir(mode=0o711)
            said.write_text(prepare(folder), encoding="utf-8")
    return Prepared(folder=folder, said=said.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser that the journeys drive."""
    found = _find_browser()
    assert found is not None, "journeys are skipped where there is no browser"
    return found


@dataclass(kw_only=True)
class Shared:
    """Rows made once for all tests of a file: in a transaction round them, then rolled back."""

    blocker: DjangoDbBlocker
    made: dict[Callable[[], Any], Any] = field(default_factory=dict)
    atomics: list[transaction.Atomic] = field(default_factory=list)

    def make(self, build: Callable[[], Any]) -> Callable[[], Any]:
        with self.blocker.unblock():
            if not self.atomics:
                self.atomics.append(transaction.atomic())
                # As Django marks its own round a test: a durable block may stand within.
                self.atomics[0]._from_testcase = True  # noqa: SLF001
                self.atomics[0].__enter__()
            self.made[build] = build()
        return lambda: self._copy(build)

    def _copy(self, build: Callable[[], Any]) -> Any:
        if not self.atomics:
            return build()
        from motcua.procedures import queries as procedures  # noqa: PLC0415

        # Kept in memory since a published revision never changes; but tests do change it.
        procedures.get_sheet_of.cache_clear()
        return copy.deepcopy(self.made[build])

    def end(self) -> None:
        """Take the rows away, after the last test or before one whose transactions are real."""
        while self.atomics:
            with self.blocker.unblock():
                transaction.set_rollback(True)
                self.atomics.pop().__exit__(None, None, None)


_in_use: list[Shared] = []


@pytest.fixture(scope="module")
def shared(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Shared]:
    """What the tests of a file share instead of making it each for itself."""
    shared = Shared(blocker=django_db_blocker)
    _in_use.append(shared)
    yield shared
    _in_use.remove(shared)
    shared.end()


@pytest.fixture(scope="module")
def made_once(shared: Shared) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """Makes rows for all tests of a file, and returns what gives each its own copy of them."""
    return shared.make


@pytest.fixture(scope="module")
def world_of_file(
    made_once: Callable[[Callable[[], World]], Callable[[], World]],
) -> Callable[[], World]:
    """The small world, made once for the tests of a file."""
    from motcua.cases.tests.world import make_world  # noqa: PLC0415

    return made_once(make_world)


@pytest.fixture
def world(db: None, world_of_file: Callable[[], World]) -> World:
    """The small world: two agencies, five people, one procedure, one flow chart."""
    return world_of_file()


@pytest.fixture(autouse=True)
def _leave_no_jobs(request: pytest.FixtureRequest) -> Iterator[None]:
    """Take away the jobs that a committing test has queued.

    Django empties its own tables after such a test; those of the queue are not its own, and their
    rows would be found by whichever test comes next in the process.
    """
    if not _is_committing(request.node):
        yield
        return
    for shared in _in_use:
        shared.end()
    request.getfixturevalue("transactional_db")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs; DELETE FROM procrastinate_workers")


@pytest.fixture(autouse=True, scope="module")
def _leave_no_clock() -> Iterator[None]:
    """Let the next file read the clock anew: a file that loads the demonstration shifts it."""
    yield
    from motcua.clock import queries as clock  # noqa: PLC0415

    clock.forget()


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
    # Else each client of a test would list every file anew.
    settings.WHITENOISE_AUTOREFRESH = True
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

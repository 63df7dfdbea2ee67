"""The embedded database starts, stops, and comes back after every kind of sudden death."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from motcua.project.embedded import CannotStartDatabase, Cluster, in_use, socket_dir
from motcua.project.postgres_programs import CannotFindPostgres, find_programs
from motcua.project.tests.places import environment, kill_server, start_server_as_child, wait_until

WRITER = """
import sys, psycopg
from motcua.project.embedded import Cluster
from pathlib import Path
cluster = Cluster(data_dir=Path(sys.argv[1]))
with cluster.connect() as connection:
    for number in range(1_000_000):
        try:
            connection.execute("INSERT INTO written VALUES (%s, %s)", [int(sys.argv[2]), number])
        except psycopg.OperationalError:
            break
        print(number, flush=True)
"""


def test_a_first_start_makes_the_database_and_the_role_of_the_application(
    place: Path,
) -> None:
    cluster = Cluster(data_dir=place / "pg", is_throwaway=True)

    was_started = cluster.start()

    with cluster.connect() as connection:
        roles = connection.execute(
            "SELECT rolname, rolsuper, rolcanlogin FROM pg_roles WHERE rolname LIKE 'motcua%'"
            " ORDER BY 1"
        ).fetchall()
    assert was_started
    assert roles == [("motcua", True, True), ("motcua_app", False, True)]


def test_a_second_start_finds_the_server_running(cluster: Cluster) -> None:
    cluster.start()
    before = cluster.find_postmaster()

    was_started = cluster.start()

    assert not was_started
    assert cluster.find_postmaster() == before


def test_the_server_listens_on_no_network_address(cluster: Cluster) -> None:
    cluster.start()

    with cluster.connect() as connection:
        listens = connection.execute("SHOW listen_addresses").fetchone()

    assert listens == ("",)
    assert socket_dir(cluster.data_dir).stat().st_mode & 0o077 == 0


def test_killing_the_server_loses_no_acknowledged_row(cluster: Cluster) -> None:
    cluster.start()
    with cluster.connect() as connection:
        connection.execute("CREATE TABLE written (writer int, number int)")
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(cluster.data_dir), str(writer)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment(),
        )
        for writer in range(4)
    ]
    assert wait_until(lambda: _count(cluster) > 500, seconds=20)

    kill_server(cluster)
    acknowledged = {
        (writer, int(line))
        for writer, process in enumerate(writers)
        for line in process.communicate(timeout=20)[0].splitlines()
    }
    cluster.start()

    with cluster.connect() as connection:
        kept = set(connection.execute("SELECT writer, number FROM written").fetchall())
    assert len(acknowledged) > 400
    assert acknowledged <= kept


def test_a_zombie_is_not_taken_for_a_living_server(cluster: Cluster) -> None:
    cluster.start()
    cluster.stop()
    child = start_server_as_child(cluster)
    os.kill(child.pid, signal.SIGKILL)
    assert wait_until(lambda: _is_zombie(child.pid), seconds=5)

    was_started = cluster.start()

    assert was_started
    assert cluster.is_answering()
    assert _is_zombie(child.pid)
    child.wait()


def test_a_process_number_used_again_is_not_taken_for_a_server(cluster: Cluster) -> None:
    cluster.start()
    kill_server(cluster)
    note = cluster.data_dir / "postmaster.pid"
    _, *rest = note.read_text().splitlines(keepends=True)
    note.write_text(f"{os.getpid()}\n{''.join(rest)}")

    was_started = cluster.start()

    assert was_started
    assert cluster.is_answering()


@pytest.mark.parametrize("name", ["m" * 120, "một cửa", "a,b"])
def test_a_long_or_unusual_path_works(cluster: Cluster, place: Path, name: str) -> None:
    cluster.stop()
    elsewhere = Cluster(data_dir=place / name / "pg")
    elsewhere.data_dir.parent.mkdir()
    cluster.data_dir.rename(elsewhere.data_dir)

    elsewhere.start()

    assert elsewhere.is_answering()
    assert len(os.fsencode(socket_dir(elsewhere.data_dir))) < 90
    elsewhere.stop()
    if socket_dir(elsewhere.data_dir) != elsewhere.data_dir:
        socket_dir(elsewhere.data_dir).rmdir()
    elsewhere.data_dir.rename(cluster.data_dir)


def test_a_socket_folder_made_by_somebody_else_is_refused(cluster: Cluster, place: Path) -> None:
    cluster.stop()
    elsewhere = Cluster(data_dir=place / ("m" * 120) / "pg")
    elsewhere.data_dir.parent.mkdir()
    cluster.data_dir.rename(elsewhere.data_dir)
    socket_dir(elsewhere.data_dir).symlink_to(place)

    with pytest.raises(CannotStartDatabase, match="motcua-"):
        elsewhere.start()

    socket_dir(elsewhere.data_dir).unlink()
    elsewhere.data_dir.rename(cluster.data_dir)


def test_a_cluster_whose_making_was_cut_short_is_made_again(place: Path) -> None:
    cluster = Cluster(data_dir=place / "pg", is_throwaway=True)
    unfinished = cluster.data_dir.with_name("pg.new-left")
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18\n")

    cluster.start()

    assert cluster.is_answering()
    assert not unfinished.exists()


def test_a_first_start_cut_short_before_the_database_was_made_is_completed(
    cluster: Cluster,
) -> None:
    cluster.start()
    with cluster.connect("postgres") as connection:
        connection.execute("DROP DATABASE motcua WITH (FORCE)")

    was_completed = cluster.start()

    with cluster.connect() as connection:
        granted = connection.execute("SELECT count(*) FROM pg_default_acl").fetchone()
    assert was_completed
    assert granted == (2,)


def test_the_last_user_stops_the_server(cluster: Cluster) -> None:
    cluster.stop()
    with in_use(cluster.data_dir):
        with in_use(cluster.data_dir):
            pass
        runs_for_the_first = cluster.is_answering()

    assert runs_for_the_first
    assert cluster.find_postmaster() is None


def test_a_killed_user_does_not_keep_the_server_up(cluster: Cluster) -> None:
    use = (
        "import sys, time; from pathlib import Path; from motcua.project.embedded import in_use\n"
        "with in_use(Path(sys.argv[1])): print('up', flush=True); time.sleep(60)"
    )
    cluster.stop()
    user = subprocess.Popen(
        [sys.executable, "-c", use, str(cluster.data_dir)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    assert user.stdout is not None
    assert user.stdout.readline() == "up\n"
    user.kill()
    user.communicate()
    assert cluster.is_answering()

    with in_use(cluster.data_dir):
        pass

    assert cluster.find_postmaster() is None


def test_data_of_a_release_that_is_not_here_are_left_alone(place: Path) -> None:
    data_dir = place / "pg"
    data_dir.mkdir()
    (data_dir / "PG_VERSION").write_text("9.6\n")

    with pytest.raises(CannotFindPostgres, match="PostgreSQL 9"):
        find_programs(data_dir=data_dir)

    assert [file.name for file in data_dir.iterdir()] == ["PG_VERSION"]


def test_starting_again_is_quick(cluster: Cluster) -> None:
    cluster.start()
    cluster.stop()
    began = time.monotonic()

    cluster.start()

    assert time.monotonic() - began < 5


def _count(cluster: Cluster) -> int:
    with cluster.connect() as connection:
        row = connection.execute("SELECT count(*) FROM written").fetchone()
    assert row is not None
    return int(str(row[0]))


def _is_zombie(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat").read_text()
    return stat[stat.rindex(")") + 2] == "Z"


def test_the_application_cannot_change_tables(cluster: Cluster) -> None:
    cluster.start()
    with cluster.connect() as connection:
        connection.execute("CREATE TABLE made_by_owner (number int)")
        connection.execute("SET ROLE motcua_app")

        connection.execute("INSERT INTO made_by_owner VALUES (1)")

        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DROP TABLE made_by_owner")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE made_by_application (number int)")

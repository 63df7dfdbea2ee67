"""The `motcua` command: which commands need the database, and plain errors instead of tracebacks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from motcua.project.cli import _plain_errors, needs_database
from motcua.project.console import CannotContinue
from motcua.project.tests.places import environment


@pytest.mark.parametrize(
    "words",
    [
        ["help"],
        ["due", "--limit", "5 ngày", "--received", "2023-03-14T09:00"],
        ["workflow", "check", "a.bpmn"],
        ["demo", "--help"],
    ],
)
def test_a_command_that_only_computes_needs_no_database(words: list[str]) -> None:
    command, *rest = words

    assert not needs_database(command, rest)


@pytest.mark.parametrize(
    "words",
    [
        ["migrate"],
        ["report", "x"],
        ["workflow", "publish", "a.bpmn"],
        ["due", "--procedure", "1.004223", "--received", "2023-03-14T09:00"],
        ["due", "--proc=1.004223", "--received", "2023-03-14T09:00"],
        ["due", "--limit", "5 ngày", "--unit", "H19.01"],
    ],
)
def test_any_other_command_needs_the_database(words: list[str]) -> None:
    command, *rest = words

    assert needs_database(command, rest)


def test_a_database_that_cannot_be_reached_is_one_plain_sentence(place: Path) -> None:
    done = _motcua("migrate", place=place, DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")

    assert done.returncode == 1
    assert done.stderr.startswith("motcua: Không kết nối được cơ sở dữ liệu trong DATABASE_URL")
    assert "Traceback" not in done.stderr


def test_a_database_without_tables_is_one_plain_sentence(db: None) -> None:
    with (
        pytest.raises(CannotContinue, match="motcua prepare"),
        _plain_errors(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT FROM clock_shift_of_nowhere")


def test_a_port_that_is_no_port_is_refused_before_anything_starts(place: Path) -> None:
    done = _motcua("serve", place=place, PORT="eight")

    assert done.returncode == 1
    assert "eight" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(place.iterdir()) == []


def test_a_value_of_a_setting_that_is_wrong_is_one_plain_sentence(place: Path) -> None:
    done = _motcua("check", place=place, MOTCUA_DEBUG="perhaps")

    assert done.returncode == 1
    assert "MOTCUA_DEBUG" in done.stderr
    assert "Traceback" not in done.stderr


def test_help_names_the_commands_that_are_not_of_django(place: Path) -> None:
    done = _motcua("help", place=place)

    assert done.returncode == 0
    assert "motcua serve" in done.stdout
    assert "migrate" in done.stdout
    assert not (place / "pg").exists()


def _motcua(*words: str, place: Path, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "motcua", *words],
        env=environment(MOTCUA_VAR=str(place), LC_ALL="vi_VN.UTF-8", PYTHONUTF8="1", **more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )

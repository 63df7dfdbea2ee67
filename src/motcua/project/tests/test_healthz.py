"""The health page says what it knows and never invents a number."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client

NOTHING_KNOWN = {
    "waiting": None,
    "doing": None,
    "failed": None,
    "workers": None,
    "oldest_waiting_seconds": None,
}


@pytest.fixture
def unreachable_database(transactional_db: None) -> Iterator[None]:
    """A database whose socket is nowhere."""
    connection.close()
    host = connection.settings_dict["HOST"]
    connection.settings_dict["HOST"] = "/nowhere"
    yield
    connection.close()
    connection.settings_dict["HOST"] = host


@pytest.mark.django_db
def test_a_healthy_system_answers_200_with_the_state_of_the_queue(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status)"
            " VALUES ('default', 'a', 'todo'), ('default', 'b', 'todo'), ('default', 'c', 'failed')"
        )

    answer = client.get("/healthz")

    told = answer.json()
    assert answer.status_code == 200
    assert told["status"] == "ok"
    assert told["database"]["ok"] is True
    assert int(told["database"]["version"].split(".")[0]) >= 15
    assert told["queue"]["waiting"] == 2
    assert told["queue"]["doing"] == 0
    assert told["queue"]["failed"] == 1
    assert told["queue"]["workers"] == 0
    assert told["queue"]["oldest_waiting_seconds"] >= 0


@pytest.mark.django_db
def test_an_empty_queue_has_no_oldest_job(client: Client) -> None:
    queue = client.get("/healthz").json()["queue"]

    assert queue["waiting"] == 0
    assert queue["oldest_waiting_seconds"] is None


@pytest.mark.usefixtures("unreachable_database")
def test_a_database_that_does_not_answer_is_a_503_without_numbers(client: Client) -> None:
    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json() == {
        "status": "failing",
        "database": {"ok": False, "version": None},
        "queue": NOTHING_KNOWN,
    }


@pytest.mark.django_db
def test_a_queue_that_is_missing_is_a_503_without_numbers(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE procrastinate_workers RENAME TO procrastinate_elsewhere")

    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json()["database"]["ok"] is True
    assert answer.json()["queue"] == NOTHING_KNOWN

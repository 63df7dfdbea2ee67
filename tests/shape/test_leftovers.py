"""A test that commits leaves nothing in the queue to the next."""

from __future__ import annotations

import pytest
from django.db import connection


@pytest.mark.django_db(transaction=True)
def test_a_job_queued_by_a_committing_test_is_there_until_it_ends() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('default', 'a')"
        )

    assert count_jobs() == 1


# Committing as well, or it would be run before the other.
@pytest.mark.django_db(transaction=True)
def test_the_next_test_finds_an_empty_queue() -> None:
    assert count_jobs() == 0


def count_jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        return int(cursor.fetchone()[0])

"""The database itself refuses to change the trail: by the application's rights, and by triggers."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AbstractUser
from django.db import ProgrammingError, connection, transaction

from motcua.audit import actions, queries
from motcua.audit.tests.tampering import MONDAY, run, write

TABLES = ("audit_entry", "audit_dayseal", "audit_read")
CHANGES = ("UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE")


@contextmanager
def as_application() -> Iterator[None]:
    """Have only the application's rights."""
    with transaction.atomic():
        run("SET LOCAL ROLE motcua_app")
        yield
        run("RESET ROLE")


@pytest.fixture
def trail(writer: AbstractUser) -> AbstractUser:
    """A row in every table."""
    write(writer, count=2)
    actions.note_read(
        subject="case:1", actor_id=writer.pk, at=MONDAY, what="case.opened", was_allowed=True
    )
    run(
        "INSERT INTO audit_dayseal (day, entry_count, hash, sealed_at)"
        " VALUES ('2023-03-01', 0, '', now())"
    )
    return writer


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("change", CHANGES)
def test_the_application_has_no_right_to_change_the_trail(
    trail: AbstractUser, table: str, change: str
) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), as_application():
        run(change.format(table))

    assert queries.count_entries() == 2


@pytest.mark.parametrize("change", CHANGES[1:])
def test_the_application_has_no_right_to_forget_a_chain(trail: AbstractUser, change: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), as_application():
        run(change.format("audit_head"))

    assert list(queries.find_broken_chains()) == []


def test_the_application_writes_and_seals_with_the_rights_it_has(trail: AbstractUser) -> None:
    with as_application():
        write(trail, count=1)
        write(trail, "case:2", count=1)
        actions.note_read(
            subject="case:1", actor_id=trail.pk, at=MONDAY, what="case.opened", was_allowed=True
        )

    assert queries.count_entries() == 4
    assert list(queries.find_broken_chains()) == []


def test_the_application_seals_a_day_with_the_rights_it_has(writer: AbstractUser) -> None:
    write(writer, count=3)
    run("SET ROLE motcua_app")
    try:
        first = actions.seal_day(day=date(2023, 3, 6), now=MONDAY + timedelta(days=1))
        second = actions.seal_day(day=date(2023, 3, 7), now=MONDAY + timedelta(days=2))
    finally:
        run("RESET ROLE")

    assert (first.entry_count, second.entry_count) == (3, 0)
    assert list(queries.find_broken_seals()) == []


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("change", CHANGES[:2])
def test_even_the_owner_is_stopped_by_a_trigger(
    trail: AbstractUser, table: str, change: str
) -> None:
    with (
        pytest.raises(ProgrammingError, match=f"Rows of {table} are added, never changed"),
        transaction.atomic(),
    ):
        run(change.format(table))

    assert queries.count_entries() == 2


def test_the_application_may_refresh_what_the_planner_knows(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind = 'r' AND NOT has_table_privilege('motcua_app', oid, 'MAINTAIN')"
        )
        closed = cursor.fetchall()

    assert closed == []


def test_new_tables_are_open_to_the_application(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind = 'r' AND NOT has_table_privilege('motcua_app', oid, 'SELECT, INSERT')"
        )
        closed = cursor.fetchall()

    assert closed == []

"""Preparing: roles, tables and static files are made where they are missing, and only there."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from django.db import connection

from motcua.project.embedded import in_use
from motcua.project.prepare import _make_roles
from motcua.project.tests.places import Prepared, prepare


def test_preparing_twice_changes_nothing_the_second_time(place: Path, prepared: Prepared) -> None:
    prepared.copy_to(place)
    manifest = place / "static" / "staticfiles.json"
    collected_at = manifest.stat().st_mtime_ns

    second = prepare(place)

    assert "bảng dữ liệu" in prepared.said
    assert second == ""
    assert manifest.stat().st_mtime_ns == collected_at


@pytest.mark.django_db
def test_the_application_may_fill_every_table_but_not_edit_the_audit_trail() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename, has_table_privilege('motcua_app', quote_ident(tablename), 'INSERT'),"
            " has_table_privilege('motcua_app', quote_ident(tablename), 'DELETE')"
            " FROM pg_tables WHERE schemaname = 'public'"
        )
        rights = cursor.fetchall()

    assert len(rights) > 20
    assert all(may_insert for _, may_insert, _ in rights)
    assert ("audit_entry", True, False) in rights


def test_an_account_that_may_take_the_role_already_is_enough(place: Path) -> None:
    with in_use(place / "pg") as cluster:
        with cluster.connect() as own:
            own.execute("CREATE ROLE plain LOGIN; GRANT motcua_app TO plain")
            own.execute("CREATE DATABASE theirs OWNER plain")
        url = f"postgresql://plain@/theirs?host={place / 'pg'}"

        _make_roles(url)

        with psycopg.connect(url) as own:
            own.execute("CREATE TABLE things (number int)")
            own.execute("SET ROLE motcua_app")
            counted = own.execute("SELECT count(*) FROM things").fetchone()
    assert counted == (0,)

"""The two database roles: the owner, who changes tables, and the application, which fills them."""

from __future__ import annotations

import psycopg
from psycopg import sql

APPLICATION_ROLE = "motcua_app"


def make_application_role(
    connection: psycopg.Connection[tuple[object, ...]], *, login: bool
) -> None:
    """Create the application's role if it is missing; raises psycopg errors when not allowed."""
    found = connection.execute(
        "SELECT 1 FROM pg_roles WHERE rolname = %s", [APPLICATION_ROLE]
    ).fetchone()
    if found is None:
        connection.execute(
            sql.SQL("CREATE ROLE {} {}").format(
                sql.Identifier(APPLICATION_ROLE), sql.SQL("LOGIN" if login else "NOLOGIN")
            )
        )


def let_application_use_tables(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Let the application fill every table that the connected owner makes from now on, or nothing."""
    role = sql.Identifier(APPLICATION_ROLE)
    with connection.transaction():
        for statement in (
            "GRANT USAGE ON SCHEMA public TO {}",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO {}",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT INSERT, UPDATE, DELETE ON TABLES TO {}",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {}",
        ):
            connection.execute(sql.SQL(statement).format(role))


def let_owner_act_as_application(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Let the connected account take the application's role (`SET ROLE`) unless it already may."""
    member = connection.execute(
        "SELECT pg_has_role(current_user, %s, 'MEMBER')", [APPLICATION_ROLE]
    ).fetchone()
    if member is None or not member[0]:
        connection.execute(
            sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(APPLICATION_ROLE))
        )

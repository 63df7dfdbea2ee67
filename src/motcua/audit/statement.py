"""One statement that writes a change together with its audit entry, in one round trip."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.db import connection

from motcua.audit.chain import Link, check_link

_ENTRY = """INSERT INTO audit_entry (subject, number, happened_at, actor_id, event, because, facts,
    previous_hash, hash)
VALUES (%(audit_subject)s::text, %(audit_number)s::int, %(audit_at)s::timestamptz, %(audit_actor)s::bigint, %(audit_event)s::text,
    %(audit_because)s::text, %(audit_facts)s::jsonb, %(audit_previous)s::bytea, %(audit_hash)s::bytea)"""
_NEW_HEAD = """INSERT INTO audit_head (subject, number, hash)
VALUES (%(audit_subject)s::text, %(audit_number)s::int, %(audit_hash)s::bytea)"""
_NEXT_HEAD = """UPDATE audit_head SET number = %(audit_number)s::int, hash = %(audit_hash)s::bytea
WHERE subject = %(audit_subject)s::text AND number = %(audit_number)s::int - 1"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Write:
    """One named part of a statement: INSERT or UPDATE with named parameters."""

    name: str
    sql: str
    params: Mapping[str, Any] = field(default_factory=dict)


def execute(*writes: Write, link: Link, returning: str = "") -> tuple[Any, ...]:
    """Carry out all writes and append `link` to its chain, in one statement.

    All parts see the database as it was before the statement: a part cannot read what another
    writes. The caller holds the lock on the chain's head. `returning` is a select list over the
    parts, by their names; the row it gives is returned. Raises CannotBeHashed for a link that the
    database would not keep as it is.
    """
    check_link(link)
    parts = [(write.name, write.sql) for write in writes]
    parts.append(("audit_written", _ENTRY))
    parts.append(("audit_head_written", _NEW_HEAD if link.number == 1 else _NEXT_HEAD))
    digest = link.hash
    params: dict[str, Any] = {
        "audit_subject": link.subject,
        "audit_number": link.number,
        "audit_at": link.happened_at,
        "audit_actor": link.actor_id,
        "audit_event": link.event,
        "audit_because": link.because,
        "audit_facts": json.dumps(dict(link.facts), ensure_ascii=False),
        "audit_previous": link.previous_hash,
        "audit_hash": digest,
    }
    for write in writes:
        params.update(write.params)
    sql = "WITH " + ", ".join(f"{name} AS ({part})" for name, part in parts)
    return fetch_one(f"{sql} SELECT {returning or '1'}", params)


def fetch_one(sql: str, params: Mapping[str, Any]) -> tuple[Any, ...]:
    """Run a statement of the hot path and return its row, empty when it gives none.

    Unlike Django's own cursor this one binds on the server, so that the statement is prepared once
    a connection: planning these joins takes longer than running them.
    """
    connection.ensure_connection()
    if connection.queries_logged:
        connection.queries_log.append({"sql": sql, "time": "0"})
    with psycopg.Cursor(connection.connection) as cursor, connection.wrap_database_errors:
        cursor.execute(sql.encode(), params, prepare=True)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row or ()

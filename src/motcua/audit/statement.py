"""One statement that writes a change together with its audit entry, in one round trip."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections

from motcua.audit.chain import Link, check_link

# One for each connection, since the making of a cursor shows in what a step takes.
_cursors: WeakKeyDictionary[Any, psycopg.RawCursor[Any]] = WeakKeyDictionary()
# Made once: json.dumps makes a new encoder at each call that asks for anything of its own.
to_json = json.JSONEncoder(ensure_ascii=False).encode

# What a part of a statement asks so that it happens only when the chain's end is where it was read.
IF_UNMOVED = "EXISTS (SELECT FROM audit_head_written)"

_ENTRY = f"""INSERT INTO audit_entry (subject, number, happened_at, actor_id, event, because, facts,
    previous_hash, hash)
SELECT %(audit_subject)s::text, %(audit_number)s::int, %(audit_at)s::timestamptz,
    %(audit_actor)s::bigint, %(audit_event)s::text, %(audit_because)s::text, %(audit_facts)s::jsonb,
    %(audit_previous)s::bytea, %(audit_hash)s::bytea
WHERE {IF_UNMOVED}"""
_NEW_HEAD = """INSERT INTO audit_head (subject, number, hash)
VALUES (%(audit_subject)s::text, %(audit_number)s::int, %(audit_hash)s::bytea) RETURNING number"""
_NEXT_HEAD = """UPDATE audit_head SET number = %(audit_number)s::int, hash = %(audit_hash)s::bytea
WHERE subject = %(audit_subject)s::text AND number = %(audit_number)s::int - 1
    AND hash = %(audit_previous)s::bytea
RETURNING number"""


class TrailHasMoved(Exception):
    """Someone else added to the chain since its end was read; nothing was written."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Write:
    """One named part of a statement: INSERT or UPDATE with named parameters."""

    name: str
    sql: str
    params: Mapping[str, Any] = field(default_factory=dict)


def execute(*writes: Write, link: Link, returning: str = "") -> tuple[Any, ...]:
    """Carry out all writes and append `link` to its chain, in one statement.

    All parts see the database as it was before the statement: a part cannot read what another
    writes. `returning` is a select list over the parts, by their names; the row it gives is
    returned. Raises CannotBeHashed for a link that the database would not keep as it is, and
    TrailHasMoved when the chain does not end where `link` goes on. A caller who does not hold the
    lock on the chain's head makes each write depend on IF_UNMOVED, so that all happen or none.
    """
    check_link(link)
    parts = [("audit_head_written", _NEW_HEAD if link.number == 1 else _NEXT_HEAD)]
    parts += [(write.name, write.sql) for write in writes]
    parts.append(("audit_written", _ENTRY))
    digest = link.hash
    params: dict[str, Any] = {
        "audit_subject": link.subject,
        "audit_number": link.number,
        "audit_at": link.happened_at,
        "audit_actor": link.actor_id,
        "audit_event": link.event,
        "audit_because": link.because,
        "audit_facts": to_json(dict(link.facts)),
        "audit_previous": link.previous_hash,
        "audit_hash": digest,
    }
    for write in writes:
        params.update(write.params)
    sql = "WITH " + ", ".join(f"{name} AS ({part})" for name, part in parts)
    is_written, *row = fetch_one(f"{sql} SELECT {IF_UNMOVED}, {returning or '1'}", params)
    if not is_written:
        raise TrailHasMoved
    return tuple(row)


def text_array(items: Iterable[str]) -> str:
    """Return texts as PostgreSQL writes an array, for a parameter that is cast to text[]."""
    quoted = (item.replace("\\", "\\\\").replace('"', '\\"') for item in items)
    return "{" + ",".join(f'"{item}"' for item in quoted) + "}"


def fetch_one(sql: str, params: Mapping[str, Any]) -> tuple[Any, ...]:
    """Run a statement of the hot path and return its row, empty when it gives none.

    Unlike Django's own cursor this one binds on the server, so that the statement is prepared once
    a connection: planning these joins takes longer than running them. Values come back in binary,
    which needs no reading; times are in UTC, and JSON comes parsed.
    """
    database = connections[DEFAULT_DB_ALIAS]
    database.ensure_connection()
    if database.queries_logged:
        database.queries_log.append({"sql": sql, "time": "0"})
    with database.wrap_database_errors:
        cursor = _cursors.get(database.connection)
        if cursor is None:
            cursor = _cursors[database.connection] = psycopg.RawCursor(database.connection)
        numbered, names = _numbered(sql)
        cursor.execute(numbered, [params[name] for name in names], prepare=True, binary=True)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row or ()


_NAMED = re.compile(r"%\((\w+)\)s")


@lru_cache(maxsize=1024)
def _numbered(sql: str) -> tuple[bytes, tuple[str, ...]]:
    """Return a statement with $1, $2 … for its named parameters, and their names in that order."""
    names = tuple(dict.fromkeys(_NAMED.findall(sql)))
    places = {name: f"${place}" for place, name in enumerate(names, start=1)}
    return _NAMED.sub(lambda found: places[found[1]], sql).encode(), names

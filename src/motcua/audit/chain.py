"""The links of the audit chain: what is hashed, and how."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

START = bytes(32)
_NOT_KEPT = re.compile("[\0\ud800-\udfff]")


class CannotBeHashed(ValueError):
    """The link holds something that the database would give back in another form."""


# Made once: json.dumps makes a new encoder at each call that asks for anything of its own.
_in_one_order = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """One entry of a chain, before it has a place in the database."""

    subject: str
    number: int
    happened_at: datetime
    actor_id: int
    event: str
    because: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    previous_hash: bytes = START

    @property
    def hash(self) -> bytes:
        """The SHA-256 of all of the link, the hash before it included."""
        content = [
            self.subject,
            self.number,
            self.happened_at.astimezone(UTC).isoformat(timespec="microseconds"),
            self.actor_id,
            self.event,
            self.because,
            self.facts,
            self.previous_hash.hex(),
        ]
        return hashlib.sha256(_in_one_order(content).encode()).digest()


def check_link(link: Link) -> None:
    """Raise CannotBeHashed unless the database gives every part of the link back as it went in.

    Otherwise the entry would look tampered with at the next check. Verification does not call this:
    whatever stands in the table must be compared, however it came there.
    """
    if link.happened_at.utcoffset() is None:
        raise CannotBeHashed(f"{link.happened_at!r} has no time zone.")
    for text in (link.subject, link.event, link.because):
        _check_text(text)
    if not isinstance(link.facts, dict):
        raise CannotBeHashed(f"The facts are no dict but {type(link.facts).__name__}.")
    _check_fact(link.facts)


def _check_fact(fact: object) -> None:
    if isinstance(fact, dict):
        for name, value in fact.items():
            # JSON knows no other names: 1 and "1" would become the same.
            _check_text(name)
            _check_fact(value)
    elif isinstance(fact, list | tuple):
        for value in fact:
            _check_fact(value)
    elif fact is not None and not isinstance(fact, bool | int):
        # A float comes back otherwise (1e20 as an integer); amounts are written as text.
        _check_text(fact)


def _check_text(text: object) -> None:
    if not isinstance(text, str):
        msg = f"{text!r} is no text: write numbers with decimals, days and moments as text."
        raise CannotBeHashed(msg)
    if _NOT_KEPT.search(text):
        raise CannotBeHashed(f"{text!r} holds a sign that PostgreSQL does not keep.")

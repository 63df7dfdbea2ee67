"""The links of the audit chain: what is hashed, and how."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

START = bytes(32)


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
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).digest()

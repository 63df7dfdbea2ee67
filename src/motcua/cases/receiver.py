"""Whoever is told our statuses, and how the telling can fail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol
from uuid import UUID


class NotDelivered(Exception):
    """Nobody knows that it was received: to be sent again under the same key."""


class Refused(Exception):
    """The other system has read it and does not take it: sent again as it is, it would not either."""


class Receiver(Protocol):
    """A system that is told our statuses."""

    def tell(self, record: Mapping[str, str], *, key: UUID) -> None:
        """Tell one status; return only once it is taken. Raises NotDelivered or Refused."""

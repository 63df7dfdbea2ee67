"""Filters of a list as links beside each other, each with the number of rows it leads to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Chip:
    """A link among others of its kind."""

    label: str
    url: str
    is_active: bool
    count: int | None = None


def state_chips(
    names: Mapping[str, str], counts: Mapping[str, int], *, address: str, state: str
) -> tuple[Chip, ...]:
    """Return a chip for each state, with the count of its list; the first needs no name in the address."""
    first = next(iter(names))
    return tuple(
        Chip(
            label=label,
            url=address if one == first else f"{address}?state={one}",
            count=counts[one],
            is_active=one == state,
        )
        for one, label in names.items()
    )

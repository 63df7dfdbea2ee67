"""Statements: what a published document says, one frozen dataclass for each kind of statement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from motcua.engine.auditor.precision import Printed

COUNT_KEYS = (
    "carried_over",
    "received",
    "total",
    "early",
    "on_day",
    "on_time",
    "late",
    "done",
    "handled",
    "returned",
    "due",
    "open_in_time",
    "open_overdue",
    "open",
)
RATE_KEYS = ("rate", "late_rate", "early_rate", "on_day_rate")


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintedRate:
    """A printed percentage and, where the source says so, what it divides by what."""

    percent: Printed
    of: tuple[str, ...] | int | None = None
    over: tuple[str, ...] | int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Settlement:
    """Figures on the settling of cases or petitions; only what was printed is in them."""

    statement_id: str
    counts: Mapping[str, int]
    rates: Mapping[str, PrintedRate] = field(default_factory=dict)
    parts: Mapping[str, Settlement] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Partition:
    """A total and the parts that should add up to it."""

    statement_id: str
    total: Printed | None
    parts: Mapping[str, Printed | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Ratio:
    """A percentage printed beside its numerator and denominator."""

    statement_id: str
    numerator: Printed | None
    denominator: Printed | None
    percent: Printed | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Same:
    """One figure printed in several places."""

    statement_id: str
    values: Mapping[str, Printed | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Carry:
    """What the last period left open and what this period says was carried over."""

    statement_id: str
    open_before: int | None
    carried_over: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Citation:
    """One or several passages that cite legal documents."""

    statement_id: str
    texts: tuple[str, ...]


Statement = Settlement | Partition | Ratio | Same | Carry | Citation


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedPeriod:
    """The reporting period that a document names, and the days that it gives for it."""

    name: str
    first_day: date | None
    last_day: date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedDocument:
    """Everything that a published document states, ready to be checked."""

    period: PublishedPeriod | None
    statements: tuple[Statement, ...]

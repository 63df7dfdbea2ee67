"""Quotients: which figures a printed rate may be dividing, the expected ones first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from motcua.engine.auditor.statements import PrintedRate, Settlement
from motcua.engine.auditor.wording import LABELS, Words, labels

Figures = Mapping[str, int]
Amount = tuple[Words, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Quotient:
    """One way to form a rate: a named numerator over a named denominator."""

    numerator: Amount
    denominator: Amount


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidates:
    """The quotients that a rate is expected to be, and the others it is tested against."""

    expected: tuple[Quotient, ...]
    others: tuple[Quotient, ...]
    is_expected_printed: bool = True


def candidates(settlement: Settlement, key: str, rate: PrintedRate) -> Candidates | None:
    """Return what a printed rate is tested against, or None when too little was printed.

    What the source declares comes first; otherwise a rate of settled files divides by what is
    done, and a rate of handled petitions by what came in.
    """
    counts = settlement.counts
    numerator = _declared(counts, rate.of) if rate.of is not None else _numerator(counts, key)
    if numerator is None:
        return _handling(counts) if key == "rate" and rate.of is rate.over is None else None
    denominators = _denominators(counts, key)
    others = tuple(Quotient(numerator=numerator, denominator=one) for one in denominators)
    if rate.of is None and key == "rate":
        others += _of_all_files(counts)
    if rate.over is not None:
        over = _declared(counts, rate.over)
        if over is None:
            return None
        return Candidates(
            expected=(Quotient(numerator=numerator, denominator=over),), others=others
        )
    done = _done(counts)
    if done is None:
        return Candidates(expected=(), others=others, is_expected_printed=False) if others else None
    return Candidates(expected=(Quotient(numerator=numerator, denominator=done),), others=others)


def _declared(counts: Figures, term: tuple[str, ...] | int) -> Amount | None:
    if isinstance(term, int):
        return LABELS["denominator"], term
    if not all(key in counts for key in term):
        return None
    return labels(term), sum(counts[key] for key in term)


def _numerator(counts: Figures, key: str) -> Amount | None:
    """Return what a rate is a rate of, put together from its parts where it was not printed."""
    own, ways = _NUMERATORS[key]
    if own in counts:
        return LABELS[own], counts[own]
    for plus, minus in ways:
        if all(name in counts for name in (*plus, *minus)):
            value = sum(counts[name] for name in plus) - sum(counts[name] for name in minus)
            if value >= 0:
                return LABELS[own], value
    return None


_NUMERATORS: dict[str, tuple[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]]] = {
    "rate": ("on_time", ((("early", "on_day"), ()), (("done",), ("late",)))),
    "late_rate": ("late", ((("done",), ("on_time",)), (("done",), ("early", "on_day")))),
    "early_rate": ("early", ((("on_time",), ("on_day",)),)),
    "on_day_rate": ("on_day", ((("on_time",), ("early",)),)),
}


def _done(counts: Figures) -> Amount | None:
    for key in ("done", "handled"):
        if key in counts:
            return LABELS[key], counts[key]
    if "late" not in counts:
        return None
    if "on_time" in counts:
        return labels(["on_time", "late"]), counts["on_time"] + counts["late"]
    if "early" in counts and "on_day" in counts:
        return labels(["early", "on_day", "late"]), sum(
            counts[key] for key in ("early", "on_day", "late")
        )
    return None


def _denominators(counts: Figures, key: str) -> list[Amount]:
    """Return what rates in real reports have been seen to divide by, other than "done".

    The variants are those of the five on-time rates (R1 to R5) of the provinces' reports.
    """
    single = ["due", "handled", "total", "received"]
    if key in {"early_rate", "on_day_rate"}:
        single.insert(0, "on_time")
    found = [(LABELS[one], counts[one]) for one in single if one in counts]
    pairs = (("carried_over", "received"), ("on_time", "late"), ("done", "open"))
    found.extend(
        (labels(pair), sum(counts[one] for one in pair))
        for pair in pairs
        if all(one in counts for one in pair)
    )
    return found


def _of_all_files(counts: Figures) -> tuple[Quotient, ...]:
    """Return the rates that are not of settled files alone: in time among all; handled among all."""
    found = []
    came_in = [(LABELS[key], counts[key]) for key in ("total", "received") if key in counts]
    if "total" not in counts and "carried_over" in counts and "received" in counts:
        keys = ("carried_over", "received")
        came_in.append((labels(keys), sum(counts[key] for key in keys)))
    if "late" in counts and "open_overdue" in counts and came_in:
        name, value = came_in[-1] if "total" not in counts else came_in[0]
        in_time = value - counts["late"] - counts["open_overdue"]
        words = Words(
            f"{name.vi} − {LABELS['late'].vi} − {LABELS['open_overdue'].vi}",
            f"{name.en} − {LABELS['late'].en} − {LABELS['open_overdue'].en}",
        )
        if in_time >= 0:
            found.append(Quotient(numerator=(words, in_time), denominator=(name, value)))
    if "handled" in counts:
        handled = (LABELS["handled"], counts["handled"])
        found.extend(Quotient(numerator=handled, denominator=one) for one in came_in)
    return tuple(found)


def _handling(counts: Figures) -> Candidates | None:
    """Return the rate of what was handled among what came in, however that is counted."""
    if "handled" not in counts:
        return None
    numerator = (LABELS["handled"], counts["handled"])
    denominators = [one for one in _denominators(counts, "rate") if one[0] != LABELS["handled"]]
    expected = tuple(Quotient(numerator=numerator, denominator=one) for one in denominators)
    return Candidates(expected=expected, others=()) if expected else None

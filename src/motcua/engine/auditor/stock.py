"""STOCK: what came in, less what was settled, is not what is still open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from motcua.engine.auditor.findings import Finding, FindingClass, Severity
from motcua.engine.auditor.statements import Settlement
from motcua.engine.auditor.wording import LABELS, Words, join, num
from motcua.engine.explain import Because


@dataclass(frozen=True, kw_only=True, slots=True)
class _Stock:
    """The printed members of the identity: in, settled, returned, still open."""

    carried_over: int | None
    received: int | None
    total: int | None
    done: int
    done_key: str
    returned: int | None
    still_open: int
    is_open_complete: bool

    def gap(self, came_in: int) -> int:
        """Return how many files are unaccounted for: vanished if positive, appeared if negative."""
        inside = came_in - self.done - self.still_open
        apart = inside - (self.returned or 0)
        # Returned files may be counted among the settled ones or apart; either way agrees.
        if 0 in (inside, apart):
            return 0
        return apart if self.is_open_complete else min(apart, 0)

    def gone(self) -> list[tuple[str, int]]:
        """Return the printed figures of files that are no longer open."""
        return [
            (self.done_key, self.done),
            *([("returned", self.returned)] if self.returned else []),
        ]


def check_stock(settlement: Settlement) -> Iterator[Finding]:
    """Yield a finding when carried over + received - done is not what is open.

    An identity with a missing member is not tested; where only one part of the open files was
    printed, they are at least that many.
    """
    stock = _read_stock(settlement)
    if stock is None:
        return
    found = [
        one for one in (_check_flow(settlement, stock), _check_total(settlement, stock)) if one
    ]
    # Of two sides of one disagreement the graver is told, once.
    yield from sorted(found, key=lambda finding: finding.severity is Severity.NOTE)[:1]


def _read_stock(settlement: Settlement) -> _Stock | None:
    counts = settlement.counts
    done_key = "done" if "done" in counts else "handled"
    done = counts.get(done_key)
    if done is None:
        if "on_time" not in counts or "late" not in counts:
            return None
        done, done_key = counts["on_time"] + counts["late"], "done"
    open_parts = [counts[key] for key in ("open_in_time", "open_overdue") if key in counts]
    if "open" not in counts and not open_parts:
        return None
    return _Stock(
        carried_over=counts.get("carried_over"),
        received=counts.get("received"),
        total=counts.get("total"),
        done=done,
        done_key=done_key,
        returned=counts.get("returned"),
        still_open=counts.get("open", sum(open_parts)),
        is_open_complete="open" in counts or len(open_parts) == 2,
    )


def _check_flow(settlement: Settlement, stock: _Stock) -> Finding | None:
    carried, received = stock.carried_over, stock.received
    if received is None or (carried is None and stock.total is not None):
        return None
    if carried is None and not stock.is_open_complete:
        return None
    came_in = [("received", received)]
    if carried is not None:
        came_in.insert(0, ("carried_over", carried))
    gap = stock.gap(sum(value for _, value in came_in))
    if gap == 0:
        return None
    could_explain = None
    if gap > 0 and stock.returned is None:
        could_explain = LABELS["returned"]
    elif gap < 0 and carried is None:
        could_explain = LABELS["carried_over"]
    arrived, gone = _terms(came_in, " + "), _terms(stock.gone(), " − ")
    return _finding(
        settlement.statement_id,
        printed=("open", stock.still_open),
        expected=stock.still_open + gap,
        formula=join([arrived, gone], " − "),
        could_explain=could_explain,
        remedies=_remedies(stock, gap),
    )


def _check_total(settlement: Settlement, stock: _Stock) -> Finding | None:
    if stock.total is None:
        return None
    gap = stock.gap(stock.total)
    if gap == 0:
        return None
    return _finding(
        settlement.statement_id,
        printed=("total", stock.total),
        expected=stock.total - gap,
        formula=_terms([*stock.gone(), ("open", stock.still_open)], " + "),
        could_explain=LABELS["returned"] if gap > 0 and stock.returned is None else None,
        remedies=_remedies(stock, gap),
    )


def _terms(figures: list[tuple[str, int]], sign: str) -> Words:
    return join(
        (
            Words(f"{LABELS[key].vi} {num(value).vi}", f"{LABELS[key].en} {num(value).en}")
            for key, value in figures
        ),
        sign,
    )


def _remedies(stock: _Stock, gap: int) -> Words:
    """Return which single figures, printed otherwise, would make the identity hold."""
    candidates = [(stock.done_key, stock.done + gap), ("open", stock.still_open + gap)]
    if stock.total is not None:
        candidates.append(("total", stock.total - gap))
    elif stock.received is not None:
        candidates.append(("received", stock.received - gap))
    possible = [(key, value) for key, value in candidates if value >= 0]
    vi, en = _terms(possible, "; hoặc ").vi, _terms(possible, "; or ").en
    return Words(f"Sẽ khớp nếu: {vi}.", f"Would reconcile with: {en}.")


def _finding(
    statement: str,
    *,
    printed: tuple[str, int],
    expected: int,
    formula: Words,
    could_explain: Words | None,
    remedies: Words,
) -> Finding:
    name, value = LABELS[printed[0]], printed[1]
    if could_explain:
        hint = Words(
            f"Có thể do “{could_explain.vi}” không được in ra.",
            f"“{could_explain.en}”, which was not printed, could explain it.",
        )
    else:
        hint = remedies
    return Finding(
        statement=statement,
        finding_class=FindingClass.STOCK,
        severity=Severity.NOTE if could_explain else Severity.ERROR,
        printed=Decimal(value),
        expected=Decimal(expected),
        difference=Decimal(value - expected),
        because=Because(
            vi=f"{name.vi.capitalize()} in {num(value).vi} không khớp: "
            f"{formula.vi} = {num(expected).vi}. {hint.vi}",
            en=f"{name.en.capitalize()} is printed as {num(value).en} and does not reconcile: "
            f"{formula.en} = {num(expected).en}. {hint.en}",
        ),
    )

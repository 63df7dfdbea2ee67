"""Indicators: what a figure of a report is, where its number comes from, and how figures follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from motcua.engine.formulas import Formula, FormulaProblem, Kind, find_cycle, read_formula
from motcua.engine.lawvalues import LawRefused

DIMENSIONS = ("unit", "level", "field", "procedure", "channel")


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """Words in both languages."""

    vi: str
    en: str

    @property
    def both(self) -> tuple[str, str]:
        """The words in Vietnamese and in English."""
        return self.vi, self.en

    def text(self, language: str) -> str:
        """Return the words in the language asked for, Vietnamese unless it is English."""
        return self.en if language.startswith("en") else self.vi


@dataclass(frozen=True, kw_only=True, slots=True)
class Indicator:
    """A figure: its words and law, and exactly one of what it counts, its formula, or its owner.

    `counts` names a condition on a fact; `owner` says who enters what the work does not tell, and
    `why_entered`, which an entered one must have, what is missing to count it.
    """

    id: str
    name: Words
    unit: Words
    kind: Kind
    decimals: int
    definition: Words
    source: str
    is_verified: bool
    where: str
    counts: str = ""
    formula_text: str = ""
    owner: str = ""
    why_entered: Words | None = None
    dimensions: tuple[str, ...] = ()
    missing_is_zero: bool = False
    most: Fraction | None = None

    def rounded(self, value: Fraction | None) -> Decimal | None:
        """Return a value as it is printed: rounded half up at the indicator's precision."""
        if value is None:
            return None
        scaled = value * 10**self.decimals
        whole = (scaled.numerator * 2 + scaled.denominator) // (scaled.denominator * 2)
        return (
            Decimal(whole)
            .scaleb(-self.decimals)
            .quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_UP)
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Catalogue:
    """The indicators in force on a day, each formula read and in an order that can be computed."""

    indicators: Mapping[str, Indicator]
    formulas: Mapping[str, Formula]

    def complete(self, known: Mapping[str, Fraction | int | None]) -> dict[str, Fraction | None]:
        """Return all figures that follow from what was counted and entered."""
        values: dict[str, Fraction | None] = {}
        for name, indicator in self.indicators.items():
            if name in self.formulas:
                continue
            value = known.get(name)
            if value is None:
                values[name] = Fraction(0) if indicator.missing_is_zero else None
            else:
                values[name] = Fraction(value)
        for name, formula in self.formulas.items():
            values[name] = formula.value(values)
        return values

    def counted_of(self, name: str) -> tuple[str, ...]:
        """Return the counted and entered indicators on which an indicator rests, itself if it is one."""
        if name not in self.formulas:
            return (name,)
        found: dict[str, None] = {}
        for part in self.formulas[name].names:
            found.update(dict.fromkeys(self.counted_of(part)))
        return tuple(found)


def make_catalogue(indicators: Iterable[Indicator], *, counts: Iterable[str]) -> Catalogue:
    """Return the catalogue; raise LawRefused with file and line for a cycle or an unknown name.

    `counts` are the conditions that the facts know.
    """
    by_name: dict[str, Indicator] = {}
    known = frozenset(counts)
    for indicator in indicators:
        if indicator.id in by_name:
            raise LawRefused(indicator.where, f"chỉ tiêu “{indicator.id}” đã có ở nơi khác.")
        _refuse_unclear(indicator, known)
        by_name[indicator.id] = indicator
    kinds = {name: indicator.kind for name, indicator in by_name.items()}
    formulas = {
        name: _formula(indicator, kinds)
        for name, indicator in by_name.items()
        if indicator.formula_text
    }
    asks = {name: formula.names for name, formula in formulas.items()}
    if cycle := find_cycle(asks):
        raise LawRefused(
            by_name[cycle[0]].where,
            f"các chỉ tiêu tính vòng tròn: {' → '.join(cycle)}.",
        )
    return Catalogue(
        indicators=by_name, formulas={name: formulas[name] for name in _in_order(asks)}
    )


def _refuse_unclear(indicator: Indicator, known: frozenset[str]) -> None:
    given = [bool(indicator.counts), bool(indicator.formula_text), bool(indicator.owner)]
    if sum(given) != 1:
        raise LawRefused(
            indicator.where,
            f"chỉ tiêu “{indicator.id}” cần đúng một trong count, formula, entered_by.",
        )
    if indicator.owner and not (indicator.why_entered and all(indicator.why_entered.both)):
        raise LawRefused(
            indicator.where,
            f"chỉ tiêu “{indicator.id}” là số nhập (entered_by) thì phải có why_entered, cả vi và en: "
            "chờ mảng nào, hoặc vì sao không đếm được.",
        )
    if indicator.why_entered and not indicator.owner:
        raise LawRefused(
            indicator.where,
            f"chỉ tiêu “{indicator.id}” có why_entered nhưng không phải số nhập (entered_by).",
        )
    if indicator.counts and indicator.counts not in known:
        raise LawRefused(
            indicator.where,
            f"chỉ tiêu “{indicator.id}” đếm theo “{indicator.counts}”, không có cách đếm này; "
            f"có: {', '.join(sorted(known))}.",
        )
    for dimension in indicator.dimensions:
        if dimension not in DIMENSIONS:
            raise LawRefused(
                indicator.where, f"không có chiều “{dimension}”; có: {', '.join(DIMENSIONS)}."
            )


def _formula(indicator: Indicator, kinds: Mapping[str, Kind]) -> Formula:
    try:
        formula = read_formula(indicator.formula_text, kinds)
    except FormulaProblem as problem:
        raise LawRefused(
            indicator.where, f"chỉ tiêu “{indicator.id}”: {problem.because.vi}"
        ) from None
    if formula.kind is not indicator.kind:
        raise LawRefused(
            indicator.where,
            f"chỉ tiêu “{indicator.id}” ghi kind {indicator.kind}, công thức cho {formula.kind}.",
        )
    return formula


def _in_order(asks: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return the names so that each stands behind those it asks for."""
    ordered: dict[str, None] = {}

    def follow(name: str) -> None:
        for part in asks[name]:
            if part in asks and part not in ordered:
                follow(part)
        ordered[name] = None

    for name in asks:
        if name not in ordered:
            follow(name)
    return list(ordered)

"""The one-stop table: its columns as the law data defines them, and the conditions they count."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, Final, cast

from motcua.engine.lawvalues import LawRefused, ValueInForce

if TYPE_CHECKING:
    from motcua.lawbook.loader import LawRule, LawSubject, LawText

Figure = int | Decimal | None
Figures = Mapping[str, Figure]


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseTimes:
    """The moments of a case file that decide where it is counted."""

    received_at: datetime
    due_at: datetime
    finished_at: datetime | None
    clock_stopped_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """The moments between which is counted: the period's start, and its cut-off (exclusive)."""

    starts_at: datetime
    cut_off: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition:
    """A condition on a case file: the states that the facts count for it, and what it means itself.

    `holds` is written apart from the SQL of the facts, and the examples of the law are counted by it.
    """

    states: tuple[str, ...]
    holds: Callable[[CaseTimes, Window], bool]


def _is_finished_in(case: CaseTimes, window: Window) -> bool:
    return case.finished_at is not None and window.starts_at <= case.finished_at < window.cut_off


def _is_open_at_cut_off(case: CaseTimes, window: Window) -> bool:
    return case.received_at < window.cut_off and (
        case.finished_at is None or case.finished_at >= window.cut_off
    )


def _overlaps(case: CaseTimes, window: Window) -> bool:
    return case.received_at < window.cut_off and (
        case.finished_at is None or case.finished_at >= window.starts_at
    )


def _is_overdue_at_cut_off(case: CaseTimes, window: Window) -> bool:
    """Say whether the time has run out; while the clock stands still it cannot."""
    stopped_at = case.clock_stopped_at
    return case.due_at < window.cut_off and not (stopped_at and stopped_at < window.cut_off)


CONDITIONS: Final[Mapping[str, Condition]] = {
    "received_before_period": Condition(
        states=("carried_over",),
        holds=lambda case, window: case.received_at < window.starts_at and _overlaps(case, window),
    ),
    "received_in_period": Condition(
        states=("received",),
        holds=lambda case, window: window.starts_at <= case.received_at < window.cut_off,
    ),
    "finished_in_period_by_due_time": Condition(
        states=("done_early", "done_on_day"),
        holds=lambda case, window: _is_finished_in(case, window) and not _is_late(case),
    ),
    "finished_in_period_after_due_time": Condition(
        states=("done_late",),
        holds=lambda case, window: _is_finished_in(case, window) and _is_late(case),
    ),
    "open_at_cut_off_within_time": Condition(
        states=("open_in_time",),
        holds=lambda case, window: (
            _is_open_at_cut_off(case, window) and not _is_overdue_at_cut_off(case, window)
        ),
    ),
    "open_at_cut_off_overdue": Condition(
        states=("open_overdue",),
        holds=lambda case, window: (
            _is_open_at_cut_off(case, window) and _is_overdue_at_cut_off(case, window)
        ),
    ),
}


def _is_late(case: CaseTimes) -> bool:
    return case.finished_at is not None and case.finished_at > case.due_at


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """Words in both languages."""

    vi: str
    en: str

    def text(self, language: str) -> str:
        """Return the words in the language asked for, Vietnamese unless it is English."""
        return self.en if language.startswith("en") else self.vi


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """Words that rest on a source, and whether that source itself was read."""

    words: Text
    source: str
    is_verified: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Rate:
    """One column over another, times a number, rounded half up; nothing over zero."""

    numerator: str
    denominator: str
    times: int
    decimals: int

    def of(self, figures: Figures) -> Decimal | None:
        """Return the rate of these figures, or None where the denominator is 0."""
        over = figures[self.denominator]
        part = figures[self.numerator]
        if not over or part is None:
            return None
        exact = Decimal(part) * self.times / Decimal(over)
        return exact.quantize(Decimal(1).scaleb(-self.decimals), rounding=ROUND_HALF_UP)


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A column: its words, its source, and what it counts, adds or divides."""

    id: str
    group: Text
    name: Text
    definition: Note
    condition: str | None = None
    sum_of: tuple[str, ...] = ()
    rate: Rate | None = None
    # How a case file of this column is said to stand, where the column says that at all.
    standing: Text | None = None

    @property
    def parts(self) -> tuple[str, ...]:
        """Return the columns that this one adds or divides."""
        return (self.rate.numerator, self.rate.denominator) if self.rate else self.sum_of

    @property
    def is_counted(self) -> bool:
        """Say whether the column stands for case files that can be listed."""
        return self.rate is None


@dataclass(frozen=True, kw_only=True, slots=True)
class Definition:
    """The table as it is defined for a period: title, columns in order, footnotes."""

    title: Text
    columns: tuple[Column, ...]
    footnotes: tuple[Note, ...]

    def column(self, column_id: str) -> Column | None:
        """Return the column with this id, or None."""
        return next((column for column in self.columns if column.id == column_id), None)

    def states(self, column: Column) -> tuple[str, ...]:
        """Return the states of the facts of which a case file in the column has one."""
        return tuple(state for one in self._conditions(column) for state in one.states)

    def _conditions(self, column: Column) -> tuple[Condition, ...]:
        if column.condition is not None:
            return (CONDITIONS[column.condition],)
        parts = (self.column(part) for part in column.sum_of)
        return tuple(c for part in parts if part for c in self._conditions(part))

    def holds(self, column: Column, case: CaseTimes, window: Window) -> bool:
        """Say whether a case file is counted in the column."""
        return any(condition.holds(case, window) for condition in self._conditions(column))

    def standing(self, state: str) -> Column:
        """Return the column that says how a case file in a state stood at the cut-off."""
        return next(
            column
            for column in self.columns
            if column.standing is not None and state in self.states(column)
        )

    def complete(self, counts: Mapping[str, int]) -> dict[str, Figure]:
        """Return all figures of a row from its counts: sums and rates follow, in column order."""
        figures: dict[str, Figure] = {}
        for column in self.columns:
            if column.condition is not None:
                figures[column.id] = counts[column.id]
            elif column.rate is not None:
                figures[column.id] = column.rate.of(figures)
            else:
                figures[column.id] = sum(int(figures[part] or 0) for part in column.sum_of)
        return figures

    def count(self, cases: Iterable[CaseTimes], window: Window) -> dict[str, Figure]:
        """Return the figures of a list of case files, as the database counts them."""
        rows = tuple(cases)
        return self.complete(
            {
                column.id: sum(self.holds(column, case, window) for case in rows)
                for column in self.columns
                if column.condition is not None
            }
        )


def definition_on(law: LawSubject, day: date) -> Definition:
    """Return the definition for a period that ends on `day`.

    Raises NotInForce before the first one, and LawRefused (with file and line) when a column names
    a condition or a column that does not exist.
    """
    columns: dict[str, Column] = {}
    footnotes: list[Note] = []
    for rule in law.rules.values():
        value = rule.dated.in_force(day)
        entry = cast("Mapping[str, Any]", value.value.entry.plain())
        if "group" in entry:
            column = _read_column(rule, value, entry)
            _refuse_unknown_names(column, earlier=columns, where=value.where)
            columns[column.id] = column
        else:
            footnotes.append(_note(value))
    return Definition(
        title=Text(vi=law.title_vi, en=law.title_en),
        columns=tuple(columns.values()),
        footnotes=tuple(footnotes),
    )


def _read_column(rule: LawRule, value: ValueInForce[LawText], entry: Mapping[str, Any]) -> Column:
    if len({"count", "sum_of", "formula"} & entry.keys()) != 1:
        raise LawRefused(value.where, f"cột “{rule.key}” cần một trong count, sum_of, formula.")
    return Column(
        id=rule.key,
        group=Text(**entry["group"]),
        name=Text(vi=rule.title_vi, en=rule.title_en),
        definition=_note(value),
        condition=entry.get("count"),
        sum_of=tuple(entry.get("sum_of", ())),
        rate=Rate(**entry["formula"]) if "formula" in entry else None,
        standing=Text(**entry["standing"]) if "standing" in entry else None,
    )


def _refuse_unknown_names(column: Column, *, earlier: Mapping[str, Column], where: str) -> None:
    """Refuse an unknown condition, and parts that do not stand before: so no cycle can be made."""
    if column.condition is not None and column.condition not in CONDITIONS:
        raise LawRefused(
            where,
            f"cột “{column.id}” đếm theo “{column.condition}”, không có điều kiện này; "
            f"có: {', '.join(CONDITIONS)}.",
        )
    for part in column.parts:
        if part not in earlier or not earlier[part].is_counted:
            raise LawRefused(
                where, f"cột “{column.id}” dùng “{part}”, không phải cột đếm nào đứng trước nó."
            )


def _note(value: ValueInForce[LawText]) -> Note:
    return Note(
        words=Text(vi=value.value.text_vi, en=value.value.text_en),
        source=value.source,
        is_verified=value.is_verified,
    )

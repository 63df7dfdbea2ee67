"""Filled forms: every figure of a form for a unit and period, and the rows behind a figure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from motcua.cases import queries as case_queries
from motcua.engine.formulas import read_formula
from motcua.engine.indicators import Catalogue, Indicator
from motcua.people import queries as people
from motcua.procedures import queries as procedures
from motcua.reporting import facts, procedure_facts
from motcua.reporting.definitions import FormDefinition, FormLine, get_catalogue
from motcua.reporting.entered_queries import Entered, find_entered
from motcua.reporting.facts import CountingRules, Slice
from motcua.reporting.unit_and_period import CannotReport, Period, Unit, get_unit

Values = Mapping[str, Fraction | None]
ROWS_PER_PAGE = 50
LEVELS = ("PROVINCE", "DISTRICT", "COMMUNE", "VERTICAL")


class CannotOpenFigure(CannotReport):
    """The figure is not one of the form's, or does not stand for case files."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What a form is filled for: unit, period, the choices of counting, and how rows are told apart.

    `casts_back` counts the case files of agencies that ended with the one that succeeded them.
    """

    unit: Unit
    include_subordinate: bool
    period: Period
    rules: CountingRules = CountingRules()
    rows_by: str = "field"
    casts_back: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class RowLabel:
    """What a row is about: a field, a unit, a level, or everything (an empty key)."""

    key: str
    vi: str
    en: str

    def label(self, language: str) -> str:
        """Return the row's name in the language asked for, as far as it has one."""
        return (self.en if language.startswith("en") else "") or self.vi


@dataclass(frozen=True, kw_only=True, slots=True)
class FilledRow:
    """A row of a grid with all its figures, by indicator."""

    label: RowLabel
    values: Values


@dataclass(frozen=True, kw_only=True, slots=True)
class FilledLine:
    """A line of a list with its figure."""

    line: FormLine
    value: Fraction | None
    values: Values


@dataclass(frozen=True, kw_only=True, slots=True)
class FilledForm:
    """A form with its figures: the rows of a grid and their total, or the lines of a list."""

    form: FormDefinition
    question: Question
    catalogue: Catalogue
    rows: tuple[FilledRow, ...]
    total: FilledRow
    lines: tuple[FilledLine, ...]
    entered: Mapping[str, Entered]
    broken: tuple[str, ...]

    def printed(self, indicator: Indicator, values: Values) -> Decimal | None:
        """Return a figure as it is printed."""
        return indicator.rounded(values.get(indicator.id))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Places:
    """The agencies by id, and with whom each is counted."""

    by_id: Mapping[int, Mapping[str, Any]]
    counted_as: Mapping[int, int]


def fill_form(
    form: FormDefinition, question: Question, *, engine: facts.Engine | None = None
) -> FilledForm:
    """Return the form with every figure, counted, computed and entered.

    What counts is the database unless another engine holds the facts.
    """
    catalogue = get_catalogue(question.period.last_day)
    entered = find_entered(who_enters(form, question).id, question.period)
    known = {n: None if e.value is None else Fraction(e.value) for n, e in entered.items()}
    wanted = {name for one in form.indicators for name in catalogue.counted_of(one.id)}
    counts = [n for n in wanted if catalogue.indicators[n].counts in facts.list_counts()]
    of_procedures = [n for n in wanted if catalogue.indicators[n].counts in procedure_facts.COUNTS]
    places = _places()
    if of_procedures:
        states = {name: catalogue.indicators[name].counts for name in of_procedures}
        listed = procedure_facts.find_procedures(
            states.values(), _whose(question, places), engine=engine
        )
        known.update({name: Fraction(len(listed[state])) for name, state in states.items()})
    part = question.rows_by if form.is_grid else "level"
    groups = _count(question, part, counts, catalogue, places, engine)
    labels = _labels(part, groups, places)
    total = FilledRow(
        label=RowLabel(key="", vi="", en=""),
        values=catalogue.complete({**known, **dict.fromkeys(counts, 0), **_sum(groups.values())}),
    )
    rows = tuple(
        FilledRow(label=labels[key], values=catalogue.complete({**known, **groups[key]}))
        for key in labels
    )
    by_level = {row.label.key: row.values for row in rows}
    nothing = catalogue.complete({**known, **dict.fromkeys(counts, 0)})
    return FilledForm(
        form=form,
        question=question,
        catalogue=catalogue,
        rows=rows if form.is_grid else (),
        total=total,
        lines=tuple(
            _line(line, by_level.get(line.level, nothing) if line.level else total.values)
            for line in form.lines
        ),
        entered=entered,
        broken=tuple(_broken(form, catalogue, (*rows, total))),
    )


def total_of(question: Question, indicator_id: str) -> Fraction | None:
    """Return one counted figure of everything that a question asks about."""
    catalogue = get_catalogue(question.period.last_day)
    counts = list(catalogue.counted_of(indicator_id))
    groups = _count(question, "level", counts, catalogue, _places(), None)
    figures = {**dict.fromkeys(counts, 0), **_sum(groups.values())}
    return catalogue.complete(figures).get(indicator_id)


def who_enters(form: FormDefinition, question: Question) -> Unit:
    """Return whose entered figures a form takes: of the whole province those of the Office."""
    return get_unit(on=question.period.last_day) if form.is_of_province else question.unit


def _line(line: FormLine, values: Values) -> FilledLine:
    value = values.get(line.indicator.id) if line.indicator else None
    return FilledLine(line=line, value=value, values=values)


def _count(
    question: Question,
    part: str,
    counts: list[str],
    catalogue: Catalogue,
    places: _Places,
    engine: facts.Engine | None,
) -> dict[Any, dict[str, int]]:
    """Return the counts by the key of each row: what ended is counted with what succeeded it."""
    if not counts:
        return {}
    states = {name: catalogue.indicators[name].counts for name in counts}
    wanted = _slice(question, places)
    found = facts.count_cases(wanted, by=(part,), counts=states.values(), engine=engine)
    groups: dict[Any, dict[str, int]] = defaultdict(lambda: dict.fromkeys(counts, 0))
    for (key,), figures in found.items():
        place = places.counted_as[key] if part == "unit" and question.casts_back else key
        if any(figures.values()):
            for name, state in states.items():
                groups[place][name] += figures[state]
    return dict(groups)


def _slice(question: Question, places: _Places, **where: tuple[Any, ...]) -> Slice:
    unit = question.unit
    ids, trees = ((), (unit.path,)) if question.include_subordinate else ((unit.id,), ())
    return Slice(
        starts_at=question.period.starts_at,
        cut_off=question.period.cut_off,
        rules=question.rules,
        unit_ids=(*ids, *_predecessors(question, places)),
        trees=trees,
        where=where,
    )


def _predecessors(question: Question, places: _Places) -> tuple[int, ...]:
    """Return the agencies that ended and are counted with those that a question asks about."""
    unit = question.unit
    if not question.casts_back:
        return ()
    return tuple(
        pk
        for pk, later in places.counted_as.items()
        if pk != later
        and (
            later == unit.id
            or (question.include_subordinate and places.by_id[later]["path"].startswith(unit.path))
        )
    )


def _whose(question: Question, places: _Places) -> procedure_facts.Whose:
    """Return whose procedures a question asks about."""
    unit = question.unit
    below = [
        row
        for pk, row in places.by_id.items()
        if pk == unit.id or (question.include_subordinate and row["path"].startswith(unit.path))
    ]
    return procedure_facts.Whose(
        period=question.period,
        unit_ids=(unit.id, *_predecessors(question, places)),
        tree=unit.path if question.include_subordinate else "",
        kinds=tuple(sorted({row["kind"] for row in below})),
    )


def _places() -> _Places:
    everything = people.Scope(everything=True, agency_ids=frozenset(), subtrees=())
    names = (
        *("pk", "code", "name", "name_en", "level", "kind", "path", "sort_name"),
        "successor_id",
    )
    rows = {row["pk"]: row for row in people.agencies_in_scope(everything).values(*names)}
    counted_as: dict[int, int] = {}
    for pk in rows:
        place, seen = pk, {pk}
        while (later := rows[place]["successor_id"]) and later not in seen:
            place = later
            seen.add(place)
        counted_as[pk] = place
    return _Places(by_id=rows, counted_as=counted_as)


def _labels(part: str, keys: Iterable[Any], places: _Places) -> dict[Any, RowLabel]:
    """Return what each row is called, in the order in which rows stand."""
    present = set(keys)
    if part == "level":
        names = dict(people.list_levels())
        return {
            level: RowLabel(key=level, vi=str(names[level]), en="")
            for level in LEVELS
            if level in present
        }
    if part == "unit":
        rows = sorted(
            (places.by_id[pk] for pk in present),
            key=lambda row: (LEVELS.index(row["level"]), row["sort_name"]),
        )
        return {
            row["pk"]: RowLabel(key=row["code"], vi=row["name"], en=row["name_en"]) for row in rows
        }
    fields = procedures.list_fields().values_list("sort_name", "pk", "code", "name", "name_en")
    return {
        pk: RowLabel(key=code, vi=name, en=name_en)
        for _order, pk, code, name, name_en in sorted(fields)
        if pk in present
    }


def _sum(groups: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = defaultdict(int)
    for figures in groups:
        for name, count in figures.items():
            total[name] += count
    return total


def _broken(form: FormDefinition, catalogue: Catalogue, rows: Iterable[FilledRow]) -> Iterable[str]:
    """Yield the identities of the form that do not hold in some row."""
    kinds = {name: indicator.kind for name, indicator in catalogue.indicators.items()}
    for identity in form.identities:
        left, right = (read_formula(side, kinds) for side in identity.split("="))
        if any(left.value(row.values or {}) != right.value(row.values or {}) for row in rows):
            yield identity


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedCase:
    """A case file behind a figure: nothing personal, only where it stood at the cut-off."""

    case_id: int
    code: str
    procedure_name: str
    field: str
    unit_name: str
    received_at: datetime
    due_at: datetime
    finished_at: datetime | None
    standing: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenedFigure:
    """The case files behind a figure: how many there are, and one page of them."""

    indicator: Indicator
    row: RowLabel
    count: int
    page: int
    cases: tuple[ListedCase, ...]


def open_figure(
    form: FormDefinition, question: Question, *, indicator_id: str, row_key: str, page: int
) -> OpenedFigure:
    """Return the case files behind a figure of a form; raise CannotOpenFigure."""
    catalogue = get_catalogue(question.period.last_day)
    if indicator_id not in rests_on(form, catalogue):
        raise _no_figure(indicator_id, row_key)
    indicator = catalogue.indicators[indicator_id]
    states = _states(indicator, catalogue)
    if not states:
        raise CannotOpenFigure(
            _(
                "“%(figure)s” không phải số đếm hồ sơ nên không có danh sách. Hãy mở từng phần của nó."
            )
            % {"figure": indicator.name.vi}
        )
    places = _places()
    part = question.rows_by if form.is_grid else "level"
    where, label = _row_named(part, row_key, question, places)
    wanted = _slice(question, places, **where)
    count = facts.count_rows(wanted, counts=states)
    page = max(1, min(page, -(-count // ROWS_PER_PAGE)))
    rows = facts.list_rows(
        wanted, counts=states, limit=ROWS_PER_PAGE, offset=(page - 1) * ROWS_PER_PAGE
    )
    return OpenedFigure(
        indicator=indicator,
        row=label,
        count=count,
        page=page,
        cases=tuple(_listed(rows, places, question.period.cut_off)),
    )


def rests_on(form: FormDefinition, catalogue: Catalogue) -> frozenset[str]:
    """Return the indicators that stand in a form and all that they are made of."""
    found: set[str] = set()
    waiting = [one.id for one in form.indicators]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            formula = catalogue.formulas.get(name)
            waiting += formula.names if formula else ()
    return frozenset(found)


def _states(indicator: Indicator, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the states whose case files a figure adds up; none where it does anything else."""
    if indicator.counts:
        return (indicator.counts,) if indicator.counts in facts.list_counts() else ()
    formula = catalogue.formulas.get(indicator.id)
    if formula is None or set(formula.text) & set("-*/("):
        return ()
    parts = [_states(catalogue.indicators[name], catalogue) for name in formula.names]
    return tuple(state for part in parts for state in part) if all(parts) else ()


def indicator_of(filled: FilledForm, indicator_id: str) -> Indicator:
    """Return an indicator of the day, in the form or not; raise CannotOpenFigure."""
    found = filled.catalogue.indicators.get(indicator_id)
    if found is None:
        raise _no_figure(indicator_id, "")
    return found


def open_procedures(
    form: FormDefinition, question: Question, *, indicator_id: str
) -> tuple[Indicator, tuple[procedure_facts.ListedProcedure, ...]]:
    """Return the procedures behind a figure of a form; raise CannotOpenFigure."""
    catalogue = get_catalogue(question.period.last_day)
    if indicator_id not in rests_on(form, catalogue):
        raise _no_figure(indicator_id, "")
    indicator = catalogue.indicators[indicator_id]
    if indicator.counts not in procedure_facts.COUNTS:
        raise CannotOpenFigure(
            _("“%(figure)s” không phải số đếm thủ tục nên không có danh sách thủ tục.")
            % {"figure": indicator.name.vi}
        )
    whose = _whose(question, _places())
    return indicator, procedure_facts.list_procedures(indicator.counts, whose)


def is_listable(indicator: Indicator, catalogue: Catalogue) -> bool:
    """Say whether a figure opens to case files: it is counted, or only adds up what is."""
    return bool(_states(indicator, catalogue))


def _row_named(
    part: str, key: str, question: Question, places: _Places
) -> tuple[dict[str, tuple[Any, ...]], RowLabel]:
    """Return the condition of a row, and what it is called."""
    if not key:
        return {}, RowLabel(key="", vi="", en="")
    if part == "level" and key in LEVELS:
        return {"level": (key,)}, _labels(part, [key], places)[key]
    if part == "unit":
        for pk, row in places.by_id.items():
            if row["code"] == key:
                ids = [pk]
                if question.casts_back:
                    ids = [one for one, later in places.counted_as.items() if later == pk]
                return {"unit": tuple(ids)}, _labels(part, [pk], places)[pk]
    if part == "field":
        found = procedures.list_fields().filter(code=key).values_list("pk", flat=True).first()
        if found is not None:
            return {"field": (found,)}, _labels(part, [found], places)[found]
    raise _no_figure("", key)


def _no_figure(indicator_id: str, key: str) -> CannotOpenFigure:
    return CannotOpenFigure(
        _("Biểu này không có ô “%(figure)s, %(row)s”. Hãy mở danh sách từ một ô của biểu.")
        % {"figure": indicator_id or "–", "row": key or _("Tổng cộng")}
    )


def _listed(rows: list[dict[str, Any]], places: _Places, cut_off: datetime) -> Iterable[ListedCase]:
    ids = {row["revision_id"] for row in rows}
    # A case keeps the revision it was received under, and so the name it had then.
    revisions = procedures.full_revisions().filter(pk__in=ids).prefetch_related(None)
    names = dict(revisions.values_list("pk", "name"))
    fields = dict(procedures.list_fields().values_list("pk", "name"))
    for row in rows:
        yield ListedCase(
            case_id=row["case_id"],
            code=row["case_code"],
            procedure_name=names[row["revision_id"]],
            field=fields[row["field_id"]],
            unit_name=places.by_id[row["unit_id"]]["name"],
            received_at=row["received_at"],
            due_at=row["due_at"],
            finished_at=facts.finished_by(row, cut_off),
            standing=facts.standing_of(row),
        )


def list_visible_ids(
    cases: Iterable[ListedCase], *, officer: people.Person, now: datetime
) -> frozenset[int]:
    """Return which of the listed case files the officer may open."""
    visible = case_queries.cases_in_scope(officer, now=now)
    ids = [case.case_id for case in cases]
    return frozenset(visible.filter(pk__in=ids).values_list("pk", flat=True))

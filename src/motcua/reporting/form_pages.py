"""What the pages of a form show: each figure with its address, where it comes from, its rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.engine.indicators import Indicator
from motcua.look import formats
from motcua.reporting import wording
from motcua.reporting.definitions import Setting
from motcua.reporting.filled_forms import (
    FilledForm,
    FilledRow,
    ListedCase,
    OpenedFigure,
    Question,
    RowLabel,
    Values,
    is_listable,
)
from motcua.reporting.pages import Cell, HeadCell, Line, SourcedText, case_address


@dataclass(frozen=True, kw_only=True, slots=True)
class ListLine:
    """A line of a list as it is printed; a heading has no cell."""

    code: str
    name: str
    unit: str
    cell: Cell | None
    note: str
    depth: int


@dataclass(frozen=True, kw_only=True, slots=True)
class FormPage:
    """The whole page of a form."""

    key: str
    number: str
    title: str
    unit: str
    is_grid: bool
    row_head: str
    include_subordinate: bool
    period: str
    cut_off: str
    is_provisional: bool
    groups: tuple[HeadCell, ...]
    heads: tuple[HeadCell, ...]
    numbers: tuple[str, ...]
    lines: tuple[Line, ...]
    total: Line
    listed: tuple[ListLine, ...]
    footnotes: tuple[SourcedText, ...]
    broken: tuple[str, ...]
    workbook_url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """The addresses of pages about the same question."""

    key: str
    query: Mapping[str, str]

    def of(self, page: str, **more: str) -> str:
        """Return the address of a page about this question."""
        query = urlencode({**self.query, **more})
        return f"{reverse(f'reporting:{page}', args=[self.key])}?{query}"


def form_page(
    filled: FilledForm,
    *,
    address: Address,
    settings: Iterable[Setting],
    chosen: Mapping[str, str],
    row_head: str,
    language: str,
) -> FormPage:
    """Return the form as the page shows it, every figure with its address."""
    form, question = filled.form, filled.question
    groups, heads = _heads(filled, address, language)
    return FormPage(
        key=form.key,
        number=form.number,
        title=form.title.text(language),
        unit=question.unit.label(language),
        is_grid=form.is_grid,
        row_head=row_head,
        include_subordinate=question.include_subordinate,
        period=wording.write_period(question.period, language),
        cut_off=wording.write_cut_off(question.period),
        is_provisional=question.period.is_provisional,
        groups=groups,
        heads=heads,
        numbers=tuple(column.number for column in form.columns if column.number),
        lines=tuple(_grid_line(filled, row, address, language) for row in filled.rows),
        total=_grid_line(filled, filled.total, address, language),
        listed=tuple(_list_lines(filled, address, language)),
        footnotes=tuple(footnotes(filled, settings, chosen, language)),
        broken=filled.broken,
        workbook_url=address.of("form-workbook"),
    )


def _heads(
    filled: FilledForm, address: Address, language: str
) -> tuple[tuple[HeadCell, ...], tuple[HeadCell, ...]]:
    groups: list[HeadCell] = []
    heads: list[HeadCell] = []
    for group, members in groupby(filled.form.columns, key=lambda column: column.group):
        columns = list(members)
        groups.append(
            HeadCell(
                words=group.text(language), span=len(columns), explain_url="", stands_alone=False
            )
        )
        for column in columns:
            url = address.of("form-explanation", indicator=column.indicator.id)
            words = column.name.text(language)
            heads.append(HeadCell(words=words, span=1, explain_url=url, stands_alone=False))
    return tuple(groups), tuple(heads)


def _grid_line(filled: FilledForm, row: FilledRow, address: Address, language: str) -> Line:
    label = row_name(row.label, language)
    return Line(
        label=label,
        cells=tuple(
            _cell(filled, column.indicator, row.values, row.label.key, label, address, language)
            for column in filled.form.columns
        ),
    )


def row_name(label: RowLabel, language: str) -> str:
    """Return what a row is called; the one of everything is the total."""
    return label.label(language) if label.key else _("TỔNG CỘNG")


def _cell(
    filled: FilledForm,
    indicator: Indicator,
    values: Values,
    row_key: str,
    label: str,
    address: Address,
    language: str,
) -> Cell:
    listed = is_listable(indicator, filled.catalogue)
    return Cell(
        words=write_figure(indicator, values),
        url=address.of(
            "form-cases" if listed else "form-explanation", indicator=indicator.id, row=row_key
        ),
        label=f"{label}, {indicator.name.text(language)}",
        is_counted=listed,
    )


def _list_lines(filled: FilledForm, address: Address, language: str) -> Iterable[ListLine]:
    for one in filled.lines:
        line = one.line
        indicator = line.indicator
        if indicator is None:
            yield ListLine(
                code=line.code, name=line.name.text(language), unit="", cell=None, note="", depth=0
            )
            continue
        entered = filled.entered.get(indicator.id)
        yield ListLine(
            code=line.code,
            name=line.name.text(language),
            unit=indicator.unit.text(language),
            cell=_list_cell(filled, indicator, one.values, line.level, address, language),
            note=entered.note if entered else "",
            depth=line.code.count("."),
        )


def _list_cell(
    filled: FilledForm,
    indicator: Indicator,
    values: Values,
    level: str,
    address: Address,
    language: str,
) -> Cell:
    return Cell(
        words=write_figure(indicator, values),
        url=address.of("form-explanation", indicator=indicator.id, row=level),
        label=indicator.name.text(language),
        is_counted=False,
    )


def write_figure(indicator: Indicator, values: Values) -> str:
    """Return a figure as it is printed: 1.234, 99,48 or "–"."""
    return formats.write_number(indicator.rounded(values.get(indicator.id)), indicator.decimals)


def footnotes(
    filled: FilledForm, settings: Iterable[Setting], chosen: Mapping[str, str], language: str
) -> Iterable[SourcedText]:
    """Yield what is printed under a form: what it is, the choices of counting, the law's period."""
    form = filled.form
    yield sourced(form.note.text(language), form.source, form.is_verified)
    if any(filled.catalogue.indicators[n].counts for n in _rests_on(filled)):
        for setting in settings:
            option = setting.options[chosen[setting.key]].text(language)
            words = f"{setting.title.text(language)}: {option}. {setting.note.text(language)}"
            yield sourced(words, setting.source, setting.is_verified)
    if filled.question.casts_back:
        yield sourced(_("Số của đơn vị đã sáp nhập được tính cho đơn vị kế thừa."), "", True)
    named = filled.question.period.named
    if named:
        days = {
            "name": wording.name_period(named, language),
            "first": formats.write_date(named.first_day),
            "last": formats.write_date(named.last_day),
        }
        text = _("%(name)s tính từ ngày %(first)s đến hết ngày %(last)s.") % days
        yield sourced(text, named.source, named.is_verified)


def _rests_on(filled: FilledForm) -> set[str]:
    return {name for one in filled.form.indicators for name in filled.catalogue.counted_of(one.id)}


def sourced(text: str, source: str, is_verified: bool, amount: str = "") -> SourcedText:
    """Return a text with the law that it comes from."""
    return SourcedText(amount=amount, text=text, source=source, is_verified=is_verified)


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseLine:
    """A case file in a list; its address is empty where the reader may not open it."""

    number: int
    code: str
    url: str
    procedure: str
    field: str
    unit: str
    received_at: datetime
    due_at: datetime
    finished_at: datetime | None
    standing: str
    tone: str
    is_late: bool


def standing_words(standing: str) -> tuple[str, str]:
    """Return how a case file stood at the cut-off, in words and as a tone."""
    said = {
        "done_early": (_("đã giải quyết trước hạn"), "good"),
        "done_on_day": (_("đã giải quyết đúng hạn"), "good"),
        "done_late": (_("đã giải quyết quá hạn"), "bad"),
        "open_in_time": (_("đang giải quyết, trong hạn"), "active"),
        "open_overdue": (_("đang giải quyết, quá hạn"), "bad"),
    }
    return said[standing]


def case_lines(
    opened: OpenedFigure, *, visible: frozenset[int], per_page: int
) -> tuple[CaseLine, ...]:
    """Return the case files behind a figure; only those in `visible` get an address."""
    first = (opened.page - 1) * per_page + 1
    return tuple(
        _case_line(case, number, is_visible=case.case_id in visible)
        for number, case in enumerate(opened.cases, start=first)
    )


def _case_line(case: ListedCase, number: int, *, is_visible: bool) -> CaseLine:
    words, tone = standing_words(case.standing)
    return CaseLine(
        number=number,
        code=case.code,
        url=case_address(case.code) if is_visible else "",
        procedure=case.procedure_name,
        field=case.field,
        unit=case.unit_name,
        received_at=case.received_at,
        due_at=case.due_at,
        finished_at=case.finished_at,
        standing=words,
        tone=tone,
        is_late=tone == "bad",
    )


def address_of(key: str, question: Question, chosen: Mapping[str, Any]) -> Address:
    """Return the addresses of a question: the same figures for whoever opens them."""
    period = question.period
    query = {
        "unit": question.unit.code,
        "first_day": formats.write_date(period.first_day),
        "last_day": formats.write_date(period.last_day),
        "rows_by": question.rows_by,
        **chosen,
    }
    if question.include_subordinate:
        query["include_subordinate"] = "on"
    if question.casts_back:
        query["casts_back"] = "on"
    return Address(key=key, query=query)

"""Where a figure of a form comes from: formula, parts, law, rows; or who entered it, and who may."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.engine.formulas import Kind
from motcua.engine.indicators import Indicator
from motcua.look import formats
from motcua.people import queries as people
from motcua.reporting import procedure_facts, wording
from motcua.reporting.filled_forms import FilledForm, Question, Values, is_listable, rests_on
from motcua.reporting.form_pages import Address, row_name, sourced, write_figure
from motcua.reporting.pages import Link, SourcedText
from motcua.reporting.unit_and_period import Period, Unit


@dataclass(frozen=True, kw_only=True, slots=True)
class FigureExplanation:
    """Where a figure comes from: its formula in words, its parts, its law, who entered it."""

    title: str
    row: str
    figure: str
    formula: str
    lines: tuple[SourcedText, ...]
    origin: tuple[str, ...]
    links: tuple[Link, ...]
    who_enters: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Entering:
    """Whose entered figures a form takes, and whether the reader may enter them."""

    unit: Unit
    may_enter: bool


def explain_figure(
    filled: FilledForm,
    *,
    indicator: Indicator,
    row_key: str,
    address: Address,
    entering: Entering,
    language: str,
) -> FigureExplanation:
    """Return where a figure of a form comes from, and how one that is entered can be entered."""
    values, label = _values_of(filled, row_key, language)
    catalogue = filled.catalogue
    formula = catalogue.formulas.get(indicator.id)
    parts = [catalogue.indicators[name] for name in formula.names] if formula else []
    names = {one.id: one.name.text(language) for one in catalogue.indicators.values()}
    lines = [
        sourced(
            one.definition.text(language)
            if one is indicator
            else f"{one.name.text(language)}: {one.definition.text(language)}",
            one.source,
            one.is_verified,
            write_figure(one, values),
        )
        for one in (indicator, *parts)
    ]
    return FigureExplanation(
        title=indicator.name.text(language),
        row=label,
        figure=_with_unit(indicator, values, language),
        formula=formula.words(names, language=language) if formula else "",
        lines=tuple(lines),
        origin=tuple(_origin(filled, indicator, language)),
        links=tuple(_links_to_rows(filled, indicator, values, row_key, address, language))
        + tuple(_links_to_enter(filled, indicator, entering, language)),
        who_enters=""
        if entering.may_enter or not _entered_parts(filled, indicator)
        else name_who_enters(entering.unit, language),
    )


def _links_to_rows(
    filled: FilledForm,
    indicator: Indicator,
    values: Values,
    row_key: str,
    address: Address,
    language: str,
) -> Iterable[Link]:
    """Yield the lists behind a figure: its own, those of its parts, and of all that these rest on."""
    catalogue = filled.catalogue
    formula = catalogue.formulas.get(indicator.id)
    parts = (indicator.id, *(formula.names if formula else ()))
    for name in dict.fromkeys((*parts, *catalogue.counted_of(indicator.id))):
        one = catalogue.indicators[name]
        words = _("Mở danh sách: %(column)s (%(count)s)") % {
            "column": one.name.text(language),
            "count": write_figure(one, values),
        }
        if one.counts in procedure_facts.COUNTS:
            yield Link(words=words, url=address.of("form-procedures", indicator=name))
        elif is_listable(one, catalogue) and name in rests_on(filled.form, catalogue):
            url = address.of("form-cases", indicator=name, row=row_key)
            yield Link(words=words, url=url)


def entering_address(page: str, unit: Unit, period: Period, *names: str) -> str:
    """Return the address at which figures of a unit and period are entered: all, or one by name."""
    query = {
        "unit": unit.code,
        "first_day": formats.write_date(period.first_day),
        "last_day": formats.write_date(period.last_day),
    }
    return f"{reverse(f'reporting:{page}', args=names)}?{urlencode(query)}"


def name_who_enters(unit: Unit, language: str) -> str:
    """Return in words who may enter the figures of a unit."""
    own, everywhere = people.name_roles_of("reports.enter")
    return _("Người được nhập: %(own)s của %(unit)s; %(everywhere)s.") % {
        "own": _lower(own),
        "unit": unit.label(language),
        "everywhere": _lower(everywhere),
    }


def _lower(names: tuple[str, ...]) -> str:
    return ", ".join(f"{name[:1].lower()}{name[1:]}" for name in names)


def _entered_parts(filled: FilledForm, indicator: Indicator) -> tuple[Indicator, ...]:
    catalogue = filled.catalogue
    parts = (catalogue.indicators[name] for name in catalogue.counted_of(indicator.id))
    return tuple(one for one in parts if one.owner)


def _links_to_enter(
    filled: FilledForm, indicator: Indicator, entering: Entering, language: str
) -> Iterable[Link]:
    """Yield where each entered part is entered, for who may; another one reads who does."""
    period = filled.question.period
    for one in _entered_parts(filled, indicator) if entering.may_enter else ():
        name = one.name.text(language)
        entered = filled.entered.get(one.id)
        yield Link(
            words=(_("Nhập lại: %(name)s") if entered else _("Nhập số liệu: %(name)s"))
            % {"name": name},
            url=entering_address("enter", entering.unit, period, one.id),
        )


def _with_unit(indicator: Indicator, values: Values, language: str) -> str:
    figure = write_figure(indicator, values)
    if figure == "–":
        return figure
    gap = "" if indicator.kind is Kind.PERCENT else " "
    return f"{figure}{gap}{indicator.unit.text(language)}"


def _values_of(filled: FilledForm, row_key: str, language: str) -> tuple[Values, str]:
    for row in filled.rows:
        if row.label.key == row_key:
            return row.values, row_name(row.label, language)
    for one in filled.lines:
        if one.line.level and one.line.level == row_key:
            return one.values, one.line.name.text(language)
    return filled.total.values, _("Tổng cộng") if filled.form.is_grid else ""


def words_of_count(indicator: Indicator, question: Question, language: str) -> str:
    """Return in a sentence what a counted indicator counts, of whom and until when."""
    values = {
        "unit": question.unit.label(language),
        "period": wording.write_period(question.period, language),
        "cut_off": wording.write_cut_off(question.period),
        "day": formats.write_date(question.period.last_day),
    }
    counts = indicator.counts
    if counts in procedure_facts.PUBLISHED:
        words = _(
            "Đếm từ các lần công bố có quyết định ký trong kỳ, không kể cơ quan ngành dọc. %(period)s."
        )
    elif counts in procedure_facts.SPOT:
        words = _(
            "Đếm từ các bước đã làm của hồ sơ xong trong kỳ do %(unit)s giải quyết hoặc tiếp nhận. "
            "%(period)s. %(cut_off)s."
        )
    elif counts in procedure_facts.OF_UNIT:
        words = _("Đếm từ danh mục thủ tục có hiệu lực ngày %(day)s do %(unit)s giải quyết.")
    elif counts in procedure_facts.COUNTS:
        words = _("Đếm từ danh mục thủ tục có hiệu lực ngày %(day)s, không kể cơ quan ngành dọc.")
    else:
        words = _("Đếm từ hồ sơ của %(unit)s. %(period)s. %(cut_off)s.")
    return words % values


def _origin(filled: FilledForm, indicator: Indicator, language: str) -> Iterable[str]:
    """Yield where the number itself comes from: counted until when, of whom; or entered by whom."""
    catalogue = filled.catalogue
    counted = (catalogue.indicators[name] for name in catalogue.counted_of(indicator.id))
    yield from dict.fromkeys(
        words_of_count(one, filled.question, language) for one in counted if one.counts
    )
    for name in filled.catalogue.counted_of(indicator.id):
        one = filled.catalogue.indicators[name]
        if not one.owner:
            continue
        entered = filled.entered.get(name)
        if entered is None:
            yield _("%(name)s: chưa nhập số liệu của kỳ này.") % {"name": one.name.text(language)}
        else:
            yield _("%(name)s: %(person)s nhập lúc %(moment)s. Căn cứ: %(reason)s") % {
                "name": one.name.text(language),
                "person": entered.entered_by,
                "moment": formats.write_moment(entered.entered_at),
                "reason": entered.reason,
            }
    parts = _entered_parts(filled, indicator)
    # Parts that wait for the same area say so once.
    yield from dict.fromkeys(one.why_entered.text(language) for one in parts if one.why_entered)

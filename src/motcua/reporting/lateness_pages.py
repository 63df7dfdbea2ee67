"""What the pages of lateness show: figures with their addresses, bars, and lists of case files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page
from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.engine.lateness import PartyKind
from motcua.engine.wording import minutes_en, minutes_vi
from motcua.look import formats
from motcua.reporting import pages, wording
from motcua.reporting.lateness import ChosenCases, LateCase, Lateness, PartLine, PartyAtStep
from motcua.reporting.on_the_spot import OnTheSpot

BARS = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """A figure in words, and the address of the rows behind it."""

    name: str
    words: str
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LinePrinted:
    """A line of the table: who, at which step, in how many case files, how much."""

    who: str
    step: str
    count: str
    minutes: str
    percent: str
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LatenessPage:
    """The whole page of lateness."""

    unit: str
    unit_code: str
    include_subordinate: bool
    period: str
    cut_off: str
    is_provisional: bool
    figures: tuple[Figure, ...]
    lines: tuple[LinePrinted, ...]
    waits: tuple[LinePrinted, ...]
    total: LinePrinted
    chart: dict[str, Any]
    untold: Figure | None
    workbook_url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CasePrinted:
    """A late case file in the list; its address is empty where the reader may not open it."""

    number: int
    code: str
    url: str
    unit: str
    received_at: datetime
    due_at: datetime
    finished_at: datetime | None
    minutes: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CasesPage:
    """The list behind a figure, and what its minutes sum to."""

    title: str
    what: str
    count: int
    total: str
    unit: str
    period: str
    cut_off: str
    include_subordinate: bool
    lines: tuple[CasePrinted, ...]
    table_url: str


def lateness_page(found: Lateness, *, language: str) -> LatenessPage:
    """Return the page, every figure with the address of its rows."""
    lines = tuple(_printed(line, found, language=language) for line in found.lines)
    return LatenessPage(
        unit=found.unit.label(language),
        unit_code=found.unit.code,
        include_subordinate=found.include_subordinate,
        period=wording.write_period(found.period, language),
        cut_off=wording.write_cut_off(found.period),
        is_provisional=found.period.is_provisional,
        figures=(
            _figure(_("Giải quyết xong quá hạn trong kỳ"), len(found.finished_late), found, "done"),
            _figure(_("Đang giải quyết, đã quá hạn"), len(found.open_overdue), found, "open"),
            _figure(_("Tổng số hồ sơ chậm"), len(found.cases), found, ""),
        ),
        lines=lines,
        waits=tuple(_printed(line, found, language=language) for line in found.waits),
        total=LinePrinted(
            who=_("TỔNG CỘNG"),
            step="",
            count=formats.write_number(len(found.cases)),
            minutes=length(found.minutes, language),
            percent=formats.write_percent(100, 0) if found.minutes else "–",
            url=address_of(found, "lateness-cases"),
        ),
        chart=_chart(found, language=language),
        untold=_figure(_("Chưa chia được"), len(found.untold), found, "untold")
        if found.untold
        else None,
        workbook_url=address_of(found, "lateness-workbook"),
    )


def _figure(name: str, count: int, found: Lateness, part: str) -> Figure:
    url = address_of(found, "lateness-cases", **({"part": part} if part else {}))
    return Figure(name=name, words=formats.write_number(count), url=url)


def _printed(line: PartLine, found: Lateness, *, language: str) -> LinePrinted:
    share = line.minutes * 100 / found.minutes if found.minutes else 0
    return LinePrinted(
        who=party_words(line.party),
        step=step_words(line.party),
        count=formats.write_number(len(line.cases)),
        minutes=length(line.minutes, language),
        percent=formats.write_percent(share, 1) if line.party.may_be_late else "–",
        url=address_of(found, "lateness-cases", part=line.party.key),
    )


def _chart(found: Lateness, *, language: str) -> dict[str, Any]:
    """Return the bars, the longest first; what is beyond the first few is in the table."""
    return {
        "kind": "bars",
        "unit": _("phút làm việc"),
        "bars": [
            {
                "label": ", ".join(
                    part for part in (step_words(line.party), party_words(line.party)) if part
                ),
                "value": line.minutes,
                "words": length(line.minutes, language),
                "url": address_of(found, "lateness-cases", part=line.party.key),
            }
            for line in found.lines[:BARS]
        ],
    }


def party_words(party: PartyAtStep) -> str:
    """Return who a party is."""
    if party.kind is PartyKind.CITIZEN:
        return _("Chờ người dân, doanh nghiệp")
    if party.kind is PartyKind.SUSPENDED:
        return _("Tạm ngừng do bất khả kháng")
    return party.name


def step_words(party: PartyAtStep) -> str:
    """Return the step at which a party held case files, in words."""
    if party.kind is PartyKind.RECEIVING_UNIT and not party.step:
        return _("chờ chuyển hoặc chờ trả")
    return party.step


def length(minutes: int, language: str) -> str:
    """Return minutes of working time in hours and minutes."""
    return minutes_en(minutes) if language.startswith("en") else minutes_vi(minutes)


def address_of(found: Lateness | OnTheSpot, name: str, **extra: str) -> str:
    """Return the address of a page about the same unit and period."""
    query = {
        "unit": found.unit.code,
        "first_day": formats.write_date(found.period.first_day),
        "last_day": formats.write_date(found.period.last_day),
        **({"include_subordinate": "on"} if found.include_subordinate else {}),
        **extra,
    }
    return f"{reverse(f'reporting:{name}')}?{urlencode(query)}"


def cases_page(
    found: Lateness,
    chosen: ChosenCases,
    page: Page[LateCase],
    *,
    visible: frozenset[int],
    language: str,
) -> CasesPage:
    """Return the list behind a figure; only case files in `visible` get an address."""
    title, what = _titles(chosen, language)
    return CasesPage(
        title=title,
        what=what,
        count=len(chosen.cases),
        total=length(sum(case.minutes for case in chosen.cases), language),
        unit=found.unit.label(language),
        period=wording.write_period(found.period, language),
        cut_off=wording.write_cut_off(found.period),
        include_subordinate=found.include_subordinate,
        lines=tuple(_case_lines(page, visible=visible, language=language)),
        table_url=address_of(found, "causes" if chosen.part.startswith("cause:") else "lateness"),
    )


def _titles(chosen: ChosenCases, language: str) -> tuple[str, str]:
    """Return what the list is about, and what its minutes are."""
    if chosen.part.startswith("cause:"):
        cause = chosen.cause.text(language) if chosen.cause else _("Tổng số hồ sơ chậm")
        return ", ".join(name for name in (cause, chosen.field_name) if name), _(
            "Chậm so với hạn trả"
        )
    if chosen.line is None:
        titles = {
            "": _("Tổng số hồ sơ chậm"),
            "done": _("Giải quyết xong quá hạn trong kỳ"),
            "open": _("Đang giải quyết, đã quá hạn"),
            "untold": _("Chưa chia được"),
        }
        return titles[chosen.part], _("Chậm so với hạn trả")
    party = chosen.line.party
    names = [name for name in (party_words(party), step_words(party)) if name]
    what = _("Phần làm chậm") if party.may_be_late else _("Đồng hồ đứng yên")
    return ": ".join(names), what


def _case_lines(
    page: Page[LateCase], *, visible: frozenset[int], language: str
) -> Iterable[CasePrinted]:
    for number, case in enumerate(page.object_list, start=page.start_index()):
        yield CasePrinted(
            number=number,
            code=case.code,
            url=pages.case_address(case.code) if case.case_id in visible else "",
            unit=case.unit_name,
            received_at=case.received_at,
            due_at=case.due_at,
            finished_at=case.finished_at,
            minutes=length(case.minutes, language),
            reason=case.refusal.text(language) if case.refusal else "",
        )

"""What the page, the lists and the workbook of settling on the spot show: each figure with its rows."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from motcua.engine import moments
from motcua.look import formats
from motcua.reporting import pages, wording
from motcua.reporting.cause_pages import Count
from motcua.reporting.lateness_pages import address_of
from motcua.reporting.on_the_spot import MARKS, LevelRow, OnTheSpot, ProcedureRow, SpotCase
from motcua.reporting.pages import Cell

_FONT = {"font_name": "Times New Roman", "font_size": 11, "valign": "vcenter", "text_wrap": True}


@dataclass(frozen=True, kw_only=True, slots=True)
class LevelPrinted:
    """A level in words: its two counts with their rows, the share, and whether it is enough."""

    name: str
    procedures: Cell
    on_the_spot: Cell
    percent: str
    least: str
    verdict: str
    tone: str
    source: str
    is_verified: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ProcedurePrinted:
    """A procedure in words: its counts with their rows."""

    code: str
    name: str
    level: str
    cells: tuple[Count, ...]
    is_on_the_spot: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class SpotPage:
    """The whole page."""

    unit: str
    unit_code: str
    include_subordinate: bool
    period: str
    cut_off: str
    levels: tuple[LevelPrinted, ...]
    procedures: tuple[ProcedurePrinted, ...]
    heads: tuple[str, ...]
    narrowed: str
    all_url: str
    workbook_url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SpotCaseLine:
    """A case file in the list; its address is empty where the reader may not open it."""

    code: str
    url: str
    case: SpotCase


def level_names() -> dict[str, str]:
    """Return the levels in words."""
    return {"PROVINCE": _("Cấp tỉnh"), "DISTRICT": _("Cấp huyện"), "COMMUNE": _("Cấp xã")}


def mark_names() -> dict[str, str]:
    """Return what a figure counts, in words; without a mark all case files."""
    return {
        "": _("Hồ sơ đã giải quyết"),
        "appraised": _("Thẩm định tại chỗ"),
        "approved": _("Phê duyệt tại chỗ"),
        "returned": _("Đã trả tại chỗ"),
        "on_the_spot": _("Đủ 4 tại chỗ"),
    }


def spot_page(found: OnTheSpot, *, level: str, only: str, language: str) -> SpotPage:
    """Return the page; `level` and `only` narrow the list of procedures to the rows of a figure."""
    names = level_names()
    shown = [
        row
        for row in found.procedures
        if (not level or row.level == level) and (only != "on_the_spot" or row.is_on_the_spot)
    ]
    told = [names[level]] if level in names else []
    told += [_("chỉ thủ tục đủ 4 tại chỗ")] if only == "on_the_spot" else []
    return SpotPage(
        unit=found.unit.label(language),
        unit_code=found.unit.code,
        include_subordinate=found.include_subordinate,
        period=wording.write_period(found.period, language),
        cut_off=wording.write_cut_off(found.period),
        levels=tuple(_level(row, found) for row in found.levels),
        procedures=tuple(_procedure(row, found) for row in shown),
        heads=tuple(mark_names().values()),
        narrowed=", ".join(told),
        all_url=address_of(found, "on-the-spot"),
        workbook_url=address_of(found, "on-the-spot-workbook"),
    )


def _level(row: LevelRow, found: OnTheSpot) -> LevelPrinted:
    name = level_names()[row.level]
    reached = row.is_reached
    verdict = {True: _("Đạt"), False: _("Chưa đạt"), None: _("Không có thủ tục")}[reached]
    return LevelPrinted(
        name=name,
        procedures=_cell(row.procedures, found, _("%(level)s: số thủ tục") % {"level": name}, row),
        on_the_spot=_cell(
            row.on_the_spot,
            found,
            _("%(level)s: số thủ tục đủ 4 tại chỗ") % {"level": name},
            row,
            only="on_the_spot",
        ),
        percent=formats.write_percent(row.on_the_spot * 100 / row.procedures, 1)
        if row.procedures
        else "–",
        least=formats.write_percent(row.least_percent, 0) if row.least_percent else "–",
        verdict=verdict,
        tone={True: "good", False: "warn", None: "neutral"}[reached],
        source=row.source,
        is_verified=row.is_verified,
    )


def _cell(count: int, found: OnTheSpot, label: str, row: LevelRow, **extra: str) -> Cell:
    url = address_of(found, "on-the-spot", level=row.level, **extra)
    return Cell(
        words=formats.write_number(count), url=f"{url}#thu-tuc", label=label, is_counted=True
    )


def _procedure(row: ProcedureRow, found: OnTheSpot) -> ProcedurePrinted:
    counts = {"": row.cases, **row.counts}
    return ProcedurePrinted(
        code=row.code,
        name=row.name,
        level=level_names().get(row.level, row.level),
        is_on_the_spot=row.is_on_the_spot,
        cells=tuple(
            Count(
                head=name,
                words=formats.write_number(counts[mark]),
                url=address_of(
                    found, "on-the-spot-cases", code=row.code, level=row.level, mark=mark
                ),
                label=f"{row.code}, {name}",
            )
            for mark, name in mark_names().items()
        ),
    )


def case_lines(cases: tuple[SpotCase, ...], *, visible: frozenset[int]) -> list[SpotCaseLine]:
    """Return the list behind a figure; only case files in `visible` get an address."""
    return [
        SpotCaseLine(
            code=case.code,
            url=pages.case_address(case.code) if case.case_id in visible else "",
            case=case,
        )
        for case in cases
    ]


def file_name(found: OnTheSpot) -> str:
    """Return the name under which the workbook is saved, without marks or spaces."""
    days = f"{found.period.first_day:%Y%m%d}-{found.period.last_day:%Y%m%d}"
    return f"4-tai-cho_{found.unit.code}_{days}.xlsx"


def build_workbook(found: OnTheSpot, *, language: str) -> bytes:
    """Return the levels and the procedures as XLSX."""
    page = spot_page(found, level="", only="", language=language)
    buffer = io.BytesIO()
    import xlsxwriter  # noqa: PLC0415 - slow to load

    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    # The same figures give the same file: its date is the cut-off, not the moment of writing.
    created = moments.local(found.period.cut_off).replace(tzinfo=None)
    book.set_properties({"title": _("Giải quyết tại chỗ"), "created": created})
    above = (f"{page.unit} ({page.unit_code})", f"{page.period}. {page.cut_off}.")
    levels = [
        (line.name, row.procedures, row.on_the_spot, line.percent, line.least, line.verdict)
        for line, row in zip(page.levels, found.levels, strict=True)
    ]
    heads = (_("Cấp"), _("Số thủ tục"), mark_names()["on_the_spot"], _("Tỷ lệ"), _("Mức cần đạt"))
    _write(book, _("Theo cấp"), above, (*heads, _("Kết quả")), levels)
    rows = [
        (
            row.code,
            row.name,
            level_names().get(row.level, row.level),
            row.cases,
            *(row.counts[mark] for mark in MARKS),
        )
        for row in found.procedures
    ]
    columns = (_("Mã thủ tục"), _("Tên thủ tục"), _("Cấp"), *page.heads)
    _write(book, _("Theo thủ tục"), above, columns, rows)
    book.close()
    return buffer.getvalue()


def _write(
    book: Any, name: str, above: tuple[str, ...], heads: tuple[str, ...], rows: list[Any]
) -> None:
    sheet = book.add_worksheet(name)
    sheet.set_column(0, len(heads), 20)
    plain, cell = book.add_format(_FONT), book.add_format({**_FONT, "border": 1})
    head = book.add_format({**_FONT, "bold": True, "border": 1, "bg_color": "#E9ECEF"})
    for place, text in enumerate(above):
        sheet.merge_range(place, 0, place, len(heads) - 1, text, plain)
    sheet.write_row(len(above), 0, heads, head)
    for place, row in enumerate(rows, start=len(above) + 1):
        sheet.write_row(place, 0, row, cell)

"""Causes of lateness: each late case file under the one that held most of its lost time (II.07a)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.utils.translation import gettext as _

from motcua.engine.indicators import Words
from motcua.engine.lawvalues import NotInForce
from motcua.lawbook import queries as lawbook
from motcua.procedures import queries as procedures
from motcua.reporting.definitions import CannotFindForm
from motcua.reporting.lateness import (
    CannotReportPart,
    Cause,
    ChosenCases,
    LateCase,
    Lateness,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class CauseForm:
    """The form as the law data of a day define it."""

    number: str
    title: Words
    causes: Mapping[Cause, Words]
    # The causes that no ledger tells: missing in every row, and not zero.
    not_told: frozenset[Cause]
    note: Words
    source: str
    is_verified: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class CauseRow:
    """A field with the number of its late case files by cause; the row of everything has no code.

    A cause that nothing tells has no number: None, which is not zero.
    """

    code: str
    name: Words
    counts: Mapping[Cause, int | None]

    @property
    def total(self) -> int:
        """How many late case files the row stands for."""
        return sum(count or 0 for count in self.counts.values())


@dataclass(frozen=True, kw_only=True, slots=True)
class CauseTable:
    """The causes of lateness of a unit and period, by field."""

    form: CauseForm
    found: Lateness
    rows: tuple[CauseRow, ...]
    total: CauseRow


def get_cause_form(on: date) -> CauseForm:
    """Return the form as of a day; raise CannotFindForm before its law."""
    rule = lawbook.get_rule("forms/ii_07a", "causes")
    try:
        value = rule.dated.in_force(on)
    except NotInForce as error:
        first = rule.dated.values[0].first_day
        raise CannotFindForm(
            _("Biểu “%(form)s” áp dụng cho kỳ kết thúc từ ngày %(day)s. Hãy chọn kỳ muộn hơn.")
            % {"form": rule.title_vi, "day": f"{first:%d/%m/%Y}"}
        ) from error
    entry = cast("Mapping[str, Any]", value.value.entry.plain())
    subject = lawbook.get_subject("forms/ii_07a")
    return CauseForm(
        number=entry["number"],
        title=Words(vi=subject.title_vi, en=subject.title_en),
        causes={Cause(key): Words(**words) for key, words in entry["causes"].items()},
        not_told=frozenset(map(Cause, entry.get("not_told", ()))),
        note=Words(vi=value.value.text_vi, en=value.value.text_en),
        source=value.source,
        is_verified=value.is_verified,
    )


def table_causes(found: Lateness) -> CauseTable:
    """Return the late case files of a unit and period by field and cause; raise CannotFindForm."""
    form = get_cause_form(found.period.last_day)
    counts: dict[int, dict[Cause, int]] = defaultdict(lambda: dict.fromkeys(form.causes, 0))
    total = dict.fromkeys(form.causes, 0)
    for case in found.cases:
        counts[case.field_id][case.cause] += 1
        total[case.cause] += 1
    names = procedures.list_fields().values_list("sort_name", "pk", "code", "name", "name_en")
    return CauseTable(
        form=form,
        found=found,
        rows=tuple(
            CauseRow(
                code=code,
                name=Words(vi=name, en=name_en or name),
                counts=_told(form, counts[pk]),
            )
            for _order, pk, code, name, name_en in sorted(names)
            if pk in counts
        ),
        total=CauseRow(code="", name=Words(vi="TỔNG CỘNG", en="TOTAL"), counts=_told(form, total)),
    )


def _told(form: CauseForm, counts: Mapping[Cause, int]) -> dict[Cause, int | None]:
    """Return the counts without those that nothing tells.

    Where every late case file is unknown, that none was any agency's cannot be said either.
    """
    late = sum(counts.values())
    is_blind = late > 0 and counts[Cause.UNTOLD] == late
    return {
        cause: None
        if cause in form.not_told or (is_blind and cause is not Cause.UNTOLD)
        else counts[cause]
        for cause in form.causes
    }


def part_of(cause: Cause | None, field_code: str) -> str:
    """Return the name that a cell has in addresses; no cause is all of them."""
    return f"cause:{cause or ''}:{field_code}"


def choose_of_cause(found: Lateness, part: str) -> ChosenCases:
    """Return the case files behind a cell of the form; raise CannotReportPart."""
    _kind, cause, code = (*part.split(":", 2), "", "")[:3]
    form = get_cause_form(found.period.last_day)
    fields = {
        code: (pk, name)
        for pk, code, name in procedures.list_fields().values_list("pk", "code", "name")
    }
    told = [one for one in form.causes if one not in form.not_told]
    if (cause and cause not in told) or (code and code not in fields):
        raise CannotReportPart(
            _("Trong kỳ này không có phần nào mang tên “%(key)s”. Hãy mở danh sách từ bảng.")
            % {"key": part}
        )

    def is_wanted(case: LateCase) -> bool:
        return (not cause or case.cause == cause) and (not code or case.field_id == fields[code][0])

    return ChosenCases(
        part=part,
        line=None,
        cases=tuple(case for case in found.cases if is_wanted(case)),
        field_name=fields[code][1] if code else "",
        cause=form.causes[Cause(cause)] if cause else None,
    )

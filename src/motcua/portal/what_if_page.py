"""What the page “what if filed today?” shows: procedures found, choices, the answer line by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from motcua.cases import what_if_queries
from motcua.engine.explain import Because
from motcua.engine.ledger import LedgerKind, LedgerLine, day_by_day
from motcua.engine.limits import Limit, Unit
from motcua.engine.sentences import sentence
from motcua.engine.wording import moment_en, moment_vi, number_en, number_vi

if TYPE_CHECKING:
    from motcua.people.models import Agency
    from motcua.procedures.models import Revision

# Past this, a citizen reads runs of days and not single days.
MOST_DAYS_SHOWN = 120
# Up to here the lines stand open on a phone.
MOST_DAYS_OPEN = 16
_DAYS = (Unit.WORKING_DAY, Unit.DAY)
_GROUPS = {
    "PROVINCE": gettext_lazy("Cấp tỉnh"),
    "DISTRICT": gettext_lazy("Cấp huyện"),
    "COMMUNE": gettext_lazy("Cấp xã"),
    "VERTICAL": gettext_lazy("Ngành dọc"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A procedure that a search found."""

    code: str
    name: str
    field: str
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CountedLine:
    """One line behind the answer."""

    amount: str
    text: str
    source: str
    is_verified: bool
    is_counted: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """When the result is due, in words, and why."""

    due: str
    limit: str
    sentence: str
    lines: tuple[CountedLine, ...]
    is_by_day: bool
    is_short: bool
    warnings: tuple[str, ...]
    office_hours: tuple[Because, ...]
    norm_due: str
    norm_limit: str
    online_answer: str
    online_source: tuple[Because, ...]


def language() -> str:
    """Return the language of the reader, as the engine names it."""
    return "en" if (get_language() or "vi").startswith("en") else "vi"


def found_of(revisions: Iterable[Revision], kept: dict[str, str]) -> tuple[Found, ...]:
    """Return the procedures found, each with the address that asks about it."""
    is_english = language() == "en"
    address = reverse("portal:what-if")
    rows = []
    for revision in revisions:
        field, code = revision.procedure.field, revision.procedure.code
        rows.append(
            Found(
                code=code,
                name=(is_english and revision.name_en) or revision.name,
                field=(is_english and field.name_en) or field.name,
                url=f"{address}?{urlencode({'procedure': code, **kept})}",
            )
        )
    return tuple(rows)


def channel_choices(limits: Iterable[tuple[str, Limit]]) -> list[tuple[str, str]]:
    """Return the ways to file, each with its limit."""
    return [
        (kind, f"{what_if_queries.CHANNEL_NAMES.get(kind, kind)} – {limit_words(limit)}")
        for kind, limit in limits
    ]


def limit_words(limit: Limit) -> str:
    """Return a limit in the language of the reader."""
    return limit.text_en() if language() == "en" else limit.text_vi()


def place_choices(places: Iterable[Agency]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the places under the names of their levels."""
    is_english, levels = language() == "en", list(_GROUPS)
    ordered = sorted(places, key=lambda one: levels.index(one.level))
    return [
        (str(_GROUPS[level]), [(p.code, (is_english and p.name_en) or p.name) for p in group])
        for level, group in groupby(ordered, key=lambda one: one.level)
    ]


def usual_channel(limits: Iterable[tuple[str, Limit]]) -> str:
    """Return the counter, where it is a way to file, else the first way."""
    kinds = [kind for kind, _limit in limits]
    return "COUNTER" if "COUNTER" in kinds else next(iter(kinds), "")


def usual_place(places: Iterable[Agency]) -> str:
    """Return the code of the public administration centre, where it is among the places."""
    return next((place.code for place in places if place.kind == "CENTRE"), "")


def answer_of(told: what_if_queries.WhatIf) -> Answer:
    """Return the answer as the page shows it."""
    deadline, tongue = told.deadline, language()
    by_day = day_by_day(deadline, told.calendar)
    is_by_day = len(by_day) <= MOST_DAYS_SHOWN
    online = told.online_answer
    return Answer(
        due=_moment(deadline.due_at),
        limit=limit_words(deadline.limit),
        sentence=sentence(deadline, tongue),
        lines=tuple(_lines(by_day if is_by_day else deadline.ledger, deadline.limit)),
        is_by_day=is_by_day,
        is_short=len(by_day) <= MOST_DAYS_OPEN,
        warnings=told.warnings,
        office_hours=(told.office_hours,),
        norm_due=_moment(told.norm.due_at) if told.norm else "",
        norm_limit=limit_words(told.norm.limit) if told.norm else "",
        online_answer=_moment(online.due_at) if online else "",
        online_source=_source_of_limit(online.limit) if online else (),
    )


def _source_of_limit(limit: Limit) -> tuple[Because, ...]:
    vi, en = limit.text_vi(), limit.text_en()
    return (Because(vi=vi, en=en, source=limit.source, is_verified=limit.is_verified),)


def _moment(moment: datetime) -> str:
    return moment_en(moment) if language() == "en" else moment_vi(moment)


def _lines(lines: Iterable[LedgerLine], limit: Limit) -> Iterator[CountedLine]:
    """Yield the lines with the count so far: 1/5, 2/5 … of a limit in days."""
    is_english = language() == "en"
    write = number_en if is_english else number_vi
    whole = f"/{write(limit.amount)}" if limit.unit in _DAYS and not limit.amount % 1 else ""
    days = minutes = Decimal(0)
    for line in lines:
        is_counted = line.kind is LedgerKind.COUNTED and bool(line.amount)
        amount = "–"
        if is_counted and line.unit in _DAYS:
            days += line.amount
            amount = f"{write(days)}{whole}"
        elif is_counted:
            minutes += line.amount
            amount = f"{int(minutes) // 60}:{int(minutes) % 60:02}"
        yield CountedLine(
            amount=amount,
            text=line.because.text(language()),
            source=line.because.source,
            is_verified=line.because.is_verified,
            is_counted=is_counted,
        )


def beyond_calendar(last_day: str) -> str:
    """Return why a due time after the known years cannot be told."""
    return _(
        "Hạn trả rơi sau ngày %(day)s, là ngày cuối của lịch nghỉ đã biết, nên chưa tính được. Hãy chọn "
        "ngày nộp sớm hơn."
    ) % {"day": last_day}

"""What the pages of the counter show: procedures found, the dossier, when an answer is promised."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.forms import BoundField, Form
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.cases import reception_queries as reception
from motcua.desk.filter_chips import Chip
from motcua.desk.forms import COUNTER_CHANNELS, ReceptionForm
from motcua.engine.lawvalues import NotInForce
from motcua.engine.ledger import Deadline, LedgerKind, LedgerLine, day_by_day
from motcua.engine.limits import Limit, Unit
from motcua.engine.sentences import sentence
from motcua.engine.wording import moment_en, moment_vi, number_en, number_vi
from motcua.engine.worktime import CalendarEnds
from motcua.lawbook import queries as lawbook
from motcua.look.formats import write_number
from motcua.procedures import queries as procedures

if TYPE_CHECKING:
    from motcua.procedures.models import Channel, Field, Revision

# Why a due time cannot be told: the years of the calendar, or the reach of the law, end before it.
CANNOT_COUNT = (CalendarEnds, NotInForce)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sign:
    """A word on a small ground: a flag of a procedure."""

    words: str
    tone: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ProcedureRow:
    """A procedure as the counter sees it; `place` says where to file what is not filed here."""

    code: str
    name: str
    url: str
    limit: str
    fee: str
    fee_note: str
    signs: tuple[Sign, ...]
    place: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldGroup:
    """The procedures of one field on this page."""

    name: str
    rows: tuple[ProcedureRow, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One part of the results: what is received here, or what is not."""

    is_here: bool
    groups: tuple[FieldGroup, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class CountedDay:
    """One line behind a promise."""

    amount: str
    text: str
    source: str
    is_verified: bool
    is_counted: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Promise:
    """A way to hand in: its limit and fee, and when a case received now would be answered."""

    kind: str
    label: str
    is_chosen: bool
    limit: str
    fee: str
    fee_note: str
    due: str
    sentence: str
    days: tuple[CountedDay, ...]
    problem: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperRow:
    """A paper of the checklist with its boxes."""

    id: int
    number: int
    name: str
    form: str
    expected: str
    is_required: bool
    originals: BoundField
    copies: BoundField
    full: BoundField

    @property
    def has_errors(self) -> bool:
        """Whether something is wrong with this paper."""
        return bool(self.originals.errors or self.copies.errors)


@dataclass(frozen=True, kw_only=True, slots=True)
class PartyBoxes:
    """The boxes of the applicant, the owner or the representative."""

    name: str
    kind: BoundField
    boxes: tuple[BoundField, ...]
    # Whether something was typed in them or is wrong with it.
    is_open: bool


def is_english() -> bool:
    """Say whether the reader reads English."""
    return (get_language() or "vi").startswith("en")


def parts_of(revisions: Iterable[Revision]) -> tuple[Part, ...]:
    """Return revisions, which come sorted, in parts and by field."""
    return tuple(
        Part(
            is_here=is_here,
            groups=tuple(
                FieldGroup(name=name, rows=tuple(_row(revision, is_here) for revision in rows))
                for name, rows in groupby(part, key=lambda one: _field_name(one.procedure.field))
            ),
        )
        for is_here, part in groupby(
            revisions, key=lambda one: bool(getattr(one, "is_here", False))
        )
    )


def _row(revision: Revision, is_here: bool) -> ProcedureRow:
    channels = {channel.kind: channel for channel in revision.channels.all()}
    channel = channels.get("COUNTER") or channels.get("POST")
    code = revision.procedure.code
    return ProcedureRow(
        code=code,
        name=(is_english() and revision.name_en) or revision.name,
        url=reverse("desk:receive", args=[code])
        if is_here
        else reverse("procedures:procedure", args=[code]),
        limit=limit_words(channel) if channel else _("chỉ nhận trực tuyến"),
        fee=fee_words(channel.fee_vnd) if channel else "",
        fee_note=channel.fee_note if channel else "",
        signs=tuple(_signs(revision)),
        place="" if is_here else place_words(revision.procedure.level),
    )


def _field_name(field: Field) -> str:
    return (is_english() and field.name_en) or field.name


def _signs(revision: Revision) -> Iterator[Sign]:
    if revision.is_on_the_spot:
        yield Sign(words=_("giải quyết tại chỗ"), tone="good")
    if revision.is_place_independent:
        yield Sign(words=_("không phụ thuộc địa giới"), tone="good")
    if revision.is_interagency_same_level:
        yield Sign(words=_("liên thông cùng cấp"), tone="active")
    if revision.is_interagency_across_levels:
        yield Sign(words=_("liên thông các cấp"), tone="active")
    if revision.online == "FULL":
        yield Sign(words=_("trực tuyến toàn trình"), tone="neutral")
    if revision.online == "PARTIAL":
        yield Sign(words=_("trực tuyến một phần"), tone="neutral")


def place_words(level: str) -> str:
    """Return where the procedures of a level are filed (NĐ 61/2018/NĐ-CP Đ14)."""
    places = {
        "PROVINCE": _("Trung tâm Hành chính công tỉnh"),
        "DISTRICT": _("Bộ phận Một cửa cấp huyện"),
        "COMMUNE": _("Bộ phận Một cửa cấp xã"),
    }
    return places.get(level, _("cơ quan giải quyết thủ tục"))


def limit_words(channel: procedures.ChannelSheet | Channel) -> str:
    """Return the time limit of a way to hand in."""
    limit = Limit(amount=Decimal(channel.limit_amount), unit=Unit(channel.limit_unit))
    return limit.text_en() if is_english() else limit.text_vi()


def fee_words(amount: Decimal) -> str:
    """Return a fee as 28.000 đồng."""
    if not amount:
        return _("không thu phí")
    return _("%(amount)s đồng") % {"amount": write_number(amount)}


def field_chips(found: reception.CounterList, *, text: str, field: str) -> tuple[Chip, ...]:
    """Return a chip for all fields and one for each; they keep the words looked for."""
    kept = {"q": text} if text else {}

    def chip(label: str, code: str, count: int) -> Chip:
        query = urlencode({**kept, **({"field": code} if code else {})})
        address = reverse("desk:counter")
        return Chip(
            label=label,
            url=f"{address}?{query}" if query else address,
            count=count,
            is_active=code == field,
        )

    chips = [chip(_("Mọi lĩnh vực"), "", found.total)]
    chips += [chip(_field_name(one.field), one.field.code, one.count) for one in found.fields]
    return tuple(chips)


def promises_of(form: ReceptionForm, *, agency_code: str, now: datetime) -> tuple[Promise, ...]:
    """Return, for each way to hand in at a counter, what would be promised now."""
    chosen = str(form["channel"].value() or "")
    channels = {channel.kind: channel for channel in form.sheet.channels}
    return tuple(
        _promise(
            form.sheet,
            channels[kind],
            agency_code=agency_code,
            is_chosen=kind == chosen,
            now=now,
        )
        for kind in COUNTER_CHANNELS
        if kind in channels
    )


def _promise(
    sheet: procedures.Sheet,
    channel: procedures.ChannelSheet,
    *,
    agency_code: str,
    is_chosen: bool,
    now: datetime,
) -> Promise:
    due = told = problem = ""
    days: tuple[CountedDay, ...] = ()
    try:
        deadline = reception.preview_due(
            sheet=sheet, channel=channel, agency_code=agency_code, now=now
        )
    except CANNOT_COUNT as error:
        problem = str(error)
    else:
        due = moment_en(deadline.due_at) if is_english() else moment_vi(deadline.due_at)
        told = sentence(deadline, "en" if is_english() else "vi")
        days = tuple(counted_days(deadline))
    return Promise(
        kind=channel.kind,
        label=str(COUNTER_CHANNELS[channel.kind]),
        is_chosen=is_chosen,
        limit=limit_words(channel),
        fee=fee_words(channel.fee_vnd),
        fee_note=channel.fee_note,
        due=due,
        sentence=told,
        days=days,
        problem=problem,
    )


def counted_days(deadline: Deadline) -> Iterator[CountedDay]:
    """Yield the lines behind a promised moment, day by day."""
    language = "en" if is_english() else "vi"
    for line in day_by_day(deadline, lawbook.get_calendar()):
        yield CountedDay(
            amount=_amount(line),
            text=line.because.text(language),
            source=line.because.source,
            is_verified=line.because.is_verified,
            is_counted=line.kind is LedgerKind.COUNTED,
        )


def _amount(line: LedgerLine) -> str:
    if line.kind is not LedgerKind.COUNTED or not line.amount:
        return "–"
    if line.unit is Unit.MINUTE:
        return f"+{int(line.amount) // 60}:{int(line.amount) % 60:02}"
    return f"+{number_en(line.amount) if is_english() else number_vi(line.amount)}"


def papers_of(form: ReceptionForm) -> tuple[PaperRow, ...]:
    """Return the checklist of the chosen variant."""
    return tuple(
        PaperRow(
            id=component.id,
            number=number,
            name=component.name,
            form=component.form,
            expected=copies_words(component.originals, component.copies) or _("không định số bản"),
            is_required=component.is_required,
            originals=form[f"component_{component.id}_originals"],
            copies=form[f"component_{component.id}_copies"],
            full=form[f"component_{component.id}_full"],
        )
        for number, component in enumerate(form.chosen.components, start=1)
    )


def copies_words(originals: int, copies: int) -> str:
    """Return how many there are or should be: 1 bản chính, 2 bản sao; nothing for none."""
    told = []
    if originals:
        told.append(_("%(count)s bản chính") % {"count": originals})
    if copies:
        told.append(_("%(count)s bản sao") % {"count": copies})
    return ", ".join(told)


def party_of(form: Form, name: str) -> PartyBoxes:
    """Return the boxes of the party whose fields begin with a name."""
    parts = ("full_name", "identity_number", "phone", "email", "address")
    return PartyBoxes(
        name=name,
        kind=form[f"{name}_kind"],
        boxes=tuple(form[f"{name}_{part}"] for part in parts),
        is_open=any(
            form[f"{name}_{part}"].errors or form[f"{name}_{part}"].value() for part in parts
        ),
    )

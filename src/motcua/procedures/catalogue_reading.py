"""Reads the cells of a catalogue file into entries, and notes everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from motcua.procedures.catalogue import (
    AGENCY_KINDS,
    CHANNEL_KINDS,
    CODE_STATUSES,
    FORMAT,
    LEVELS,
    LIMIT_UNITS,
    ONLINE,
    RECORDED_RESULTS,
    Cell,
    ChannelEntry,
    ComponentEntry,
    FieldEntry,
    ParsedCatalogue,
    Problem,
    ProcedureEntry,
    RevisionEntry,
    VariantEntry,
)
from motcua.procedures.catalogue_values import Section

_KEYS: Final = {
    "catalogue": ("format", "fields", "procedures"),
    "field": ("code", "name", "name_en"),
    "procedure": ("code", "code_status", "field", "level", "revisions"),
    "revision": (
        *("name", "name_en", "starts_on", "ends_on", "agency", "decision", "legal_basis"),
        *("online", "interagency_same_level", "interagency_across_levels", "place_independent"),
        *("on_the_spot", "workflow", "channels", "variants", "result", "recorded_result"),
    ),
    "decision": ("number", "date", "status"),
    "agency": ("kind",),
    "channel": ("kind", "limit", "fee"),
    "limit": ("amount", "unit"),
    "fee": ("amount", "note"),
    "variant": ("code", "name", "steps", "components"),
    "component": ("name", "form", "originals", "copies", "required"),
}
_LONG_TEXT: Final = 4000
_MOST_LEGAL_TEXTS: Final = 30


def read_entries(root: Cell) -> ParsedCatalogue:
    """Return what the cells say, with every problem found on the way."""
    problems: list[Problem] = []
    top = Section(root, keys=_KEYS["catalogue"], problems=problems)
    found = top.text("format", limit=40)
    if found and found != FORMAT:
        top.refuse(
            "format",
            _("Dạng tệp là “%(found)s”, cần là “%(wanted)s”.") % {"found": found, "wanted": FORMAT},
        )
    fields = tuple(_field(item) for item in top.sections("fields", keys=_KEYS["field"]))
    sections = top.sections("procedures", keys=_KEYS["procedure"])
    procedures = tuple(_procedure(item) for item in sections)
    if not problems and not fields and not procedures:
        top.refuse("procedures", _("Tệp không có lĩnh vực hay thủ tục nào để nhập."))
    _refuse_repeated(
        problems,
        ((entry.code, entry.place) for entry in fields),
        lambda code: _("Mã lĩnh vực “%s” đã có ở trên; mỗi lĩnh vực chỉ ghi một lần.") % code,
    )
    _refuse_repeated(
        problems,
        ((entry.code, entry.place) for entry in procedures),
        lambda code: (
            _("Mã thủ tục “%s” đã có ở trên; ghi mọi bản của thủ tục dưới cùng một mã.") % code
        ),
    )
    return ParsedCatalogue(fields=fields, procedures=procedures, problems=tuple(problems))


def _field(section: Section) -> FieldEntry:
    return FieldEntry(
        code=section.code("code", limit=30),
        name=section.text("name", limit=200),
        name_en=section.text("name_en", limit=200, is_required=False),
        place=section.place,
    )


def _procedure(section: Section) -> ProcedureEntry:
    revisions = [_revision(item) for item in section.sections("revisions", keys=_KEYS["revision"])]
    if not revisions:
        section.refuse("revisions", _("Thủ tục phải có ít nhất một bản (một đợt công bố)."))
    dated = [entry for entry in revisions if entry.starts_on != date.min]
    revisions.sort(key=lambda entry: entry.starts_on)
    _refuse_overlaps(section.problems, dated)
    return ProcedureEntry(
        code=section.code("code", limit=40),
        code_status=section.choice("code_status", CODE_STATUSES, default="illustrative"),
        field_code=section.code("field", limit=30),
        level=section.choice("level", LEVELS),
        revisions=tuple(revisions),
        place=section.place,
        field_place=section.place_of("field"),
    )


def _refuse_overlaps(problems: list[Problem], revisions: list[RevisionEntry]) -> None:
    """Two revisions of a procedure are never in force on the same day."""
    for place, later in enumerate(revisions):
        for earlier in revisions[:place]:
            if later.overlaps(earlier):
                message = _(
                    "Thời gian áp dụng từ %(start)s trùng với bản áp dụng từ %(other)s của cùng thủ "
                    "tục; ngày cuối của bản trước phải đứng trước ngày đầu của bản sau."
                ) % {
                    "start": f"{later.starts_on:%d/%m/%Y}",
                    "other": f"{earlier.starts_on:%d/%m/%Y}",
                }
                problems.append(Problem(place=later.place, message=message))


def _revision(section: Section) -> RevisionEntry:
    starts_on = section.day("starts_on") or date.min
    last_day = section.day("ends_on", is_required=False)
    if last_day and last_day < starts_on:
        section.refuse(
            "ends_on",
            _("Ngày cuối %(end)s đứng trước ngày đầu %(start)s.")
            % {"end": f"{last_day:%d/%m/%Y}", "start": f"{starts_on:%d/%m/%Y}"},
        )
    agency, agency_kind = _agency(section)
    decision = section.inner("decision", keys=_KEYS["decision"])
    channels = [_channel(item) for item in section.sections("channels", keys=_KEYS["channel"])]
    variants = [_variant(item) for item in section.sections("variants", keys=_KEYS["variant"])]
    _check_channels_and_variants(section, channels, variants)
    return RevisionEntry(
        name=section.text("name", limit=600),
        name_en=section.text("name_en", limit=600, is_required=False),
        starts_on=starts_on,
        last_day=last_day,
        agency=agency,
        agency_kind=agency_kind,
        decision_number=decision.text("number", limit=60, is_required=False),
        decision_date=decision.day("date", is_required=False),
        decision_status=decision.choice("status", CODE_STATUSES, default="illustrative"),
        legal_basis=section.texts("legal_basis", limit=1000, most=_MOST_LEGAL_TEXTS),
        online=section.choice("online", ONLINE, default="NONE"),
        is_interagency_same_level=section.flag("interagency_same_level"),
        is_interagency_across_levels=section.flag("interagency_across_levels"),
        is_place_independent=section.flag("place_independent"),
        is_on_the_spot=section.flag("on_the_spot"),
        workflow=section.code("workflow", limit=60),
        channels=tuple(sorted(channels, key=lambda entry: entry.kind)),
        variants=tuple(sorted(variants, key=lambda entry: entry.code)),
        result=section.text("result", limit=_LONG_TEXT, is_required=False),
        recorded_result=section.choice("recorded_result", RECORDED_RESULTS, default="NONE"),
        place=section.place,
        agency_place=section.place_of("agency"),
    )


def _agency(section: Section) -> tuple[str, str]:
    """Return the code of the settling agency, or the kind of agency at the place of filing."""
    if section.is_mapping("agency"):
        return "", section.inner("agency", keys=_KEYS["agency"]).choice("kind", AGENCY_KINDS)
    return section.code("agency", limit=60).upper(), ""


def _check_channels_and_variants(
    section: Section, channels: Iterable[ChannelEntry], variants: Iterable[VariantEntry]
) -> None:
    if not channels:
        section.refuse("channels", _("Phải có ít nhất một cách thức nộp, kèm thời hạn."))
    if not variants:
        section.refuse("variants", _("Phải có ít nhất một trường hợp, kèm thành phần hồ sơ."))
    _refuse_repeated(
        section.problems,
        ((entry.kind, section.place_of("channels")) for entry in channels),
        lambda kind: (
            _("Cách thức “%s” được ghi hai lần; mỗi cách thức chỉ có một thời hạn.")
            % CHANNEL_KINDS.get(kind, kind)
        ),
    )
    _refuse_repeated(
        section.problems,
        ((entry.code, section.place_of("variants")) for entry in variants),
        lambda code: _("Mã trường hợp “%s” được ghi hai lần.") % code,
    )


def _channel(section: Section) -> ChannelEntry:
    limit = section.inner("limit", keys=_KEYS["limit"], is_required=True)
    fee = section.inner("fee", keys=_KEYS["fee"])
    amount = limit.number("amount", decimals=1, most=Decimal(99999)) or Decimal(0)
    if amount <= 0 and limit.is_stated("amount") and not limit.was_refused("amount"):
        limit.refuse("amount", _("Thời hạn phải lớn hơn 0."))
    fee_vnd = fee.number("amount", decimals=2, most=Decimal(10) ** 12, is_required=False)
    if fee_vnd is not None and fee_vnd < 0:
        fee.refuse("amount", _("Phí, lệ phí không thể là số âm; miễn phí thì ghi 0."))
    return ChannelEntry(
        kind=section.choice("kind", CHANNEL_KINDS),
        limit_amount=amount,
        limit_unit=limit.choice("unit", LIMIT_UNITS),
        fee_vnd=fee_vnd or Decimal(0),
        fee_note=fee.text("note", limit=300, is_required=False),
    )


def _variant(section: Section) -> VariantEntry:
    components = section.sections("components", keys=_KEYS["component"])
    return VariantEntry(
        code=section.code("code", limit=10),
        name=section.text("name", limit=400),
        steps=section.texts("steps", limit=_LONG_TEXT, most=200),
        components=tuple(_component(item) for item in components),
    )


def _component(section: Section) -> ComponentEntry:
    originals = section.count("originals", most=999)
    copies = section.count("copies", most=999)
    if originals == 0 and copies == 0 and not section.was_refused("originals", "copies"):
        section.refuse(
            "originals",
            _("Giấy tờ phải có ít nhất một bản chính hoặc một bản sao; cả hai đang là 0."),
        )
    return ComponentEntry(
        name=section.text("name", limit=_LONG_TEXT),
        form=section.text("form", limit=200, is_required=False),
        originals=originals,
        copies=copies,
        is_required=section.flag("required", default=True),
    )


def _refuse_repeated(
    problems: list[Problem],
    values: Iterable[tuple[str, str]],
    message: Callable[[str], str],
) -> None:
    seen: set[str] = set()
    for value, place in values:
        if value and value in seen:
            problems.append(Problem(place=place, message=message(value)))
        seen.add(value)

"""What can be asked about the catalogue: find a procedure, and read it as it was on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from motcua.engine import vietnamese
from motcua.engine.limit_checks import LegalLimit
from motcua.engine.limits import Limit, Unit
from motcua.people import queries as people
from motcua.procedures.catalogue import FieldEntry, ParsedCatalogue
from motcua.procedures.catalogue_files import WRITERS
from motcua.procedures.catalogue_stored import StoredProcedure, stored_procedures
from motcua.procedures.models import Channel, Component, Field, Procedure, Revision, Variant


class NoSuchProcedure(LookupError):
    """No procedure with this code was in force on that day."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceOfFiling:
    """Where a procedure may be filed at one agency, or why it may not."""

    is_allowed: bool
    settling_agency_id: int | None
    place: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ComponentSheet:
    """A paper of a dossier as a plain value."""

    id: int
    name: str
    form: str
    originals: int
    copies: int
    is_required: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class VariantSheet:
    """A case variant with its components as plain values."""

    id: int
    code: str
    name: str
    components: tuple[ComponentSheet, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ChannelSheet:
    """A way to file with its time limit and fee as plain values."""

    kind: str
    limit_amount: Decimal
    limit_unit: str
    fee_vnd: Decimal
    fee_note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """A revision as a plain value: what receiving a case needs to know of the catalogue."""

    revision_id: int
    procedure_code: str
    field_id: int
    name: str
    name_en: str
    level: str
    agency_id: int | None
    agency_kind: str
    is_place_independent: bool
    is_interagency_across_levels: bool
    workflow_key: str
    source: str
    channels: tuple[ChannelSheet, ...]
    variants: tuple[VariantSheet, ...]


def get_sheet(*, code: str, on: date) -> Sheet:
    """Return what the catalogue says of a procedure on a day; raise NoSuchProcedure otherwise."""
    found = revisions_on(on).filter(procedure__code=code).values_list("pk", flat=True).first()
    if found is None:
        raise _no_procedure_in_force(code, on)
    return get_sheet_of(found)


def _no_procedure_in_force(code: str, on: date) -> NoSuchProcedure:
    return NoSuchProcedure(
        _("Không có thủ tục “%(code)s” nào đang áp dụng vào ngày %(day)s.")
        % {"code": code, "day": f"{on:%d/%m/%Y}"}
    )


@lru_cache(maxsize=5000)
def get_sheet_of(revision_id: int) -> Sheet:
    """Read a revision once: its content never changes, only its last day does."""
    revision = full_revisions().get(pk=revision_id)
    return Sheet(
        revision_id=revision.pk,
        procedure_code=revision.procedure.code,
        field_id=revision.procedure.field_id,
        name=revision.name,
        name_en=revision.name_en,
        level=revision.procedure.level,
        agency_id=revision.agency_id,
        agency_kind=revision.agency_kind,
        is_place_independent=revision.is_place_independent,
        is_interagency_across_levels=revision.is_interagency_across_levels,
        workflow_key=revision.workflow_key,
        source=revision.decision_number,
        channels=tuple(
            ChannelSheet(
                kind=channel.kind,
                limit_amount=channel.limit_amount,
                limit_unit=channel.limit_unit,
                fee_vnd=channel.fee_vnd,
                fee_note=channel.fee_note,
            )
            for channel in revision.channels.all()
        ),
        variants=tuple(
            VariantSheet(
                id=variant.pk,
                code=variant.code,
                name=variant.name,
                components=tuple(
                    ComponentSheet(
                        id=component.pk,
                        name=component.name,
                        form=component.form,
                        originals=component.originals,
                        copies=component.copies,
                        is_required=component.is_required,
                    )
                    for component in variant.components.all()
                ),
            )
            for variant in revision.variants.all()
        ),
    )


def revisions_on(day: date) -> QuerySet[Revision]:
    """Return the revisions in force on a day."""
    return Revision.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day), starts_on__lte=day)


def count_settlers(*, workflow_key: str, on: date) -> list[tuple[str, int]]:
    """Return the codes of the agencies that settle procedures along a workflow, and how many each."""
    found = revisions_on(on).filter(workflow_key=workflow_key, agency__isnull=False)
    return list(found.values_list("agency__code").annotate(Count("pk")).order_by("agency__code"))


def search_revisions(*, text: str, field_id: int | None, on: date) -> QuerySet[Revision]:
    """Find revisions in force by words (with or without marks), code or field; by field and name."""
    found = revisions_on(on).select_related("procedure__field", "agency")
    if field_id is not None:
        found = found.filter(procedure__field_id=field_id)
    for word in vietnamese.fold(text).split():
        found = found.filter(search_text__contains=word)
    return found.prefetch_related("channels").order_by("procedure__field__sort_name", "name", "id")


def full_revisions() -> QuerySet[Revision]:
    """Return revisions with everything that hangs under them."""
    components = Component.objects.order_by("number")
    variants = Variant.objects.order_by("code").prefetch_related(
        Prefetch("components", queryset=components)
    )
    return Revision.objects.select_related("procedure__field", "agency").prefetch_related(
        Prefetch("channels", queryset=Channel.objects.order_by("kind")),
        Prefetch("variants", queryset=variants),
    )


def list_legal_limits(workflow_key: str, *, on: date) -> tuple[LegalLimit, ...]:
    """Return the limits of the procedures that a chart settles on a day or will later. One query."""
    rows = (
        Channel.objects.filter(revision__workflow_key=workflow_key)
        .filter(Q(revision__ends_on__isnull=True) | Q(revision__ends_on__gt=on))
        .values_list("revision__procedure__code", "limit_amount", "limit_unit")
        .distinct()
    )
    return tuple(
        LegalLimit(procedure=code, limit=Limit(amount=amount, unit=Unit(unit)))
        for code, amount, unit in rows
    )


def list_fields() -> QuerySet[Field]:
    """Return the fields in Vietnamese order."""
    return Field.objects.order_by("sort_name", "id")


def place_of_filing(sheet: Sheet, *, post: people.HeldPost) -> PlaceOfFiling:
    """Say whether the agency of a post may receive this procedure, and who settles it then.

    A procedure is filed at the level that settles it (NĐ 61/2018/NĐ-CP Đ14), at a lower one where
    it runs across levels, anywhere where it does not depend on the place.
    """
    settling = _settling_agency(sheet, post=post)
    levels = ["PROVINCE", "DISTRICT", "COMMUNE"]
    wanted, here = sheet.level, post.agency_level
    if wanted in levels and here in levels and wanted != here and not sheet.is_place_independent:
        is_lower = levels.index(here) > levels.index(wanted)
        is_allowed = sheet.is_interagency_across_levels and is_lower
    else:
        is_allowed = True
    return PlaceOfFiling(
        is_allowed=is_allowed and settling is not None,
        settling_agency_id=settling,
        place=_(_PLACES[wanted]) if wanted in _PLACES else "",
    )


_PLACES = {
    "PROVINCE": gettext_noop("Trung tâm Hành chính công tỉnh"),
    "DISTRICT": gettext_noop("Bộ phận Một cửa cấp huyện"),
    "COMMUNE": gettext_noop("Bộ phận Một cửa cấp xã"),
}


def _settling_agency(sheet: Sheet, *, post: people.HeldPost) -> int | None:
    if sheet.agency_id is not None:
        return sheet.agency_id
    if sheet.agency_kind == post.agency_kind:
        return post.agency_id
    # A commune's district is the agency above it in its path.
    if sheet.agency_kind == "DISTRICT" and post.agency_kind == "COMMUNE":
        above = post.agency_path.strip("/").split("/")
        return int(above[-2]) if len(above) > 1 else None
    return None


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldCount:
    """A field with the number of revisions that a search finds in it."""

    field: Field
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CatalogueList:
    """What a search finds on a day: the revisions, and how many of them in each field."""

    revisions: QuerySet[Revision]
    fields: tuple[FieldCount, ...]
    total: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ProcedureOnDay:
    """A procedure, its revision in force on a day if there is one, and all its revisions."""

    procedure: Procedure
    revision: Revision | None
    history: tuple[Revision, ...]


def list_catalogue(*, text: str, field_code: str, on: date) -> CatalogueList:
    """Return what a search finds; the count of a field is the length of the list filtered by it."""
    everywhere = search_revisions(text=text, field_id=None, on=on)
    grouped = everywhere.order_by().values_list("procedure__field").annotate(Count("pk"))
    counts: dict[int, int] = dict(grouped)
    fields = tuple(FieldCount(field=f, count=counts.get(f.pk, 0)) for f in list_fields())
    chosen = next((item.field.pk for item in fields if item.field.code == field_code), None)
    # An unknown field finds nothing, rather than everything.
    field_id = chosen if chosen or not field_code else 0
    return CatalogueList(
        revisions=search_revisions(text=text, field_id=field_id, on=on),
        fields=tuple(item for item in fields if item.count or item.field.pk == chosen),
        total=sum(counts.values()),
    )


def get_procedure_on(*, code: str, on: date) -> ProcedureOnDay:
    """Return a procedure as it was on a day, with its history; raise NoSuchProcedure otherwise."""
    procedure = Procedure.objects.select_related("field").filter(code=code).first()
    if procedure is None:
        raise NoSuchProcedure(_("Không có thủ tục nào mang mã “%(code)s”.") % {"code": code})
    history = tuple(Revision.objects.filter(procedure=procedure).order_by("-starts_on"))
    in_force = next((r for r in history if r.starts_on <= on < (r.ends_on or date.max)), None)
    revision = full_revisions().get(pk=in_force.pk) if in_force else None
    return ProcedureOnDay(procedure=procedure, revision=revision, history=history)


def list_stored_procedures(codes: Iterable[str]) -> dict[str, StoredProcedure]:
    """Return the procedures with these codes as a file would state them, with their ids."""
    return stored_procedures(full_revisions().filter(procedure__code__in=list(codes)))


def export_catalogue(*, on: date | None) -> ParsedCatalogue:
    """Return the whole catalogue as entries, or only what is in force on a day."""
    revisions = full_revisions()
    if on is not None:
        revisions = revisions.filter(pk__in=revisions_on(on))
    found = stored_procedures(revisions.order_by("procedure__code", "starts_on"))
    procedures = tuple(found[code].entry for code in sorted(found))
    used = {entry.field_code for entry in procedures}
    return ParsedCatalogue(
        fields=tuple(
            FieldEntry(code=field.code, name=field.name, name_en=field.name_en)
            for field in list_fields()
            if on is None or field.code in used
        ),
        procedures=procedures,
    )


def export_catalogue_file(*, form: str, on: date | None) -> bytes:
    """Return the catalogue as the bytes of a file; `form` is "yaml" or "xlsx"."""
    return WRITERS[form](export_catalogue(on=on))

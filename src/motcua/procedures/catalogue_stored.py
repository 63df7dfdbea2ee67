"""The stored catalogue as entries, so that a file can be compared with it and written from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from motcua.procedures.catalogue import (
    ChannelEntry,
    ComponentEntry,
    ProcedureEntry,
    RevisionEntry,
    VariantEntry,
)
from motcua.procedures.models import Revision, Variant


@dataclass(kw_only=True, slots=True)
class StoredProcedure:
    """A procedure of the catalogue, with the ids of its revisions by first day."""

    id: int
    entry: ProcedureEntry
    last_number: int = 0
    revision_ids: dict[date, int] = field(default_factory=dict)


def stored_procedures(revisions: Iterable[Revision]) -> dict[str, StoredProcedure]:
    """Return the procedures of some revisions by code; the revisions come with all they hold."""
    found: dict[str, StoredProcedure] = {}
    grouped: dict[str, list[RevisionEntry]] = {}
    for revision in revisions:
        procedure = revision.procedure
        stored = found.get(procedure.code)
        if stored is None:
            entry = ProcedureEntry(
                code=procedure.code,
                code_status=procedure.code_status,
                field_code=procedure.field.code,
                level=procedure.level,
            )
            stored = found[procedure.code] = StoredProcedure(id=procedure.pk, entry=entry)
        stored.last_number = max(stored.last_number, revision.number)
        stored.revision_ids[revision.starts_on] = revision.pk
        grouped.setdefault(procedure.code, []).append(_revision(revision))
    for code, entries in grouped.items():
        entries.sort(key=lambda entry: entry.starts_on)
        found[code].entry = replace(found[code].entry, revisions=tuple(entries))
    return found


def _revision(revision: Revision) -> RevisionEntry:
    last_day = revision.ends_on - timedelta(days=1) if revision.ends_on else None
    channels = [
        ChannelEntry(
            kind=channel.kind,
            limit_amount=channel.limit_amount,
            limit_unit=channel.limit_unit,
            fee_vnd=channel.fee_vnd,
            fee_note=channel.fee_note,
        )
        for channel in revision.channels.all()
    ]
    variants = [_variant(variant) for variant in revision.variants.all()]
    return RevisionEntry(
        name=revision.name,
        name_en=revision.name_en,
        starts_on=revision.starts_on,
        last_day=last_day,
        agency=revision.agency.code if revision.agency else "",
        agency_kind=revision.agency_kind,
        decision_number=revision.decision_number,
        decision_date=revision.decision_date,
        decision_status=revision.decision_status,
        legal_basis=tuple(revision.legal_basis),
        online=revision.online,
        is_interagency_same_level=revision.is_interagency_same_level,
        is_interagency_across_levels=revision.is_interagency_across_levels,
        is_place_independent=revision.is_place_independent,
        is_on_the_spot=revision.is_on_the_spot,
        workflow=revision.workflow_key,
        channels=tuple(sorted(channels, key=lambda entry: entry.kind)),
        variants=tuple(sorted(variants, key=lambda entry: entry.code)),
        result=revision.result,
        recorded_result=revision.recorded_result,
    )


def _variant(variant: Variant) -> VariantEntry:
    return VariantEntry(
        code=variant.code,
        name=variant.name,
        steps=tuple(variant.steps),
        components=tuple(
            ComponentEntry(
                name=component.name,
                form=component.form,
                originals=component.originals,
                copies=component.copies,
                is_required=component.is_required,
            )
            for component in variant.components.all()
        ),
    )

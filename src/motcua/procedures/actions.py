"""What can be done to the catalogue: import a file, as a whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from motcua.audit import actions as audit
from motcua.engine import vietnamese
from motcua.people import actions as people
from motcua.people import queries as agencies
from motcua.people.queries import Person
from motcua.procedures import events, queries
from motcua.procedures.catalogue import (
    CannotReadCatalogue,
    FieldEntry,
    ParsedCatalogue,
    Problem,
    ProcedureEntry,
    RevisionEntry,
)
from motcua.procedures.catalogue_changes import ProcedureChange, compare
from motcua.procedures.catalogue_files import read_catalogue
from motcua.procedures.catalogue_stored import StoredProcedure
from motcua.procedures.models import Channel, Component, Field, Procedure, Revision, Variant

_BATCH = 500

Progress = Callable[[int, int], None]


class CannotImportCatalogue(Exception):
    """The file has errors; nothing of it was written. `problems` names each with its place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        super().__init__(
            ngettext(
                "Tệp có %d lỗi, chưa ghi gì vào danh mục. Hãy sửa lỗi rồi nhập lại.",
                "Tệp có %d lỗi, chưa ghi gì vào danh mục. Hãy sửa các lỗi rồi nhập lại.",
                count,
            )
            % count
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportResult:
    """What an import did, by the codes of fields and procedures."""

    fields_added: tuple[str, ...]
    fields_changed: tuple[str, ...]
    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    revision_count: int
    warnings: tuple[Problem, ...] = ()


def import_catalogue_file(
    *, officer: Person, data: bytes, now: datetime, report: Progress | None = None
) -> ImportResult:
    """Read a YAML or XLSX file and import it; raise CannotImportCatalogue when anything is wrong."""
    people.require(officer, "procedures.change", now=now)
    try:
        content = read_catalogue(data)
    except CannotReadCatalogue as error:
        raise CannotImportCatalogue([error.problem]) from error
    return import_catalogue(officer=officer, content=content, now=now, report=report)


# Not durable: setting up a province imports its catalogue in one transaction with everything else.
@transaction.atomic
def import_catalogue(
    *, officer: Person, content: ParsedCatalogue, now: datetime, report: Progress | None = None
) -> ImportResult:
    """Add what a catalogue holds; raise CannotImportCatalogue and write nothing on any problem.

    A revision that is stored exactly so stays; one that differs is refused, since case files hang
    on it (its missing last day may be set). Procedures that the file leaves out stay as they are.
    """
    people.require(officer, "procedures.change", now=now)
    _let_one_import_run()
    fields = {field.code: field for field in queries.list_fields()}
    known = _Agencies()
    problems = list(content.problems)
    problems.extend(_unknown_fields(content, fields))
    problems.extend(known.problems(content))
    if problems:
        raise CannotImportCatalogue(problems)

    stored = queries.list_stored_procedures(entry.code for entry in content.procedures)
    changes = [
        compare(known.with_present_codes(entry), stored.get(entry.code))
        for entry in content.procedures
    ]
    problems = [*_renamed_fields(content, fields), *(p for c in changes for p in c.problems)]
    if problems:
        raise CannotImportCatalogue(problems)

    added_fields, changed_fields = _save_fields(content.fields, fields)
    made = [change for change in changes if not change.is_empty]
    _save_procedures(made, fields=fields, agency_ids=known.ids)
    for code in (*added_fields, *changed_fields):
        event = "field.added" if code in added_fields else "field.changed"
        audit.record(event=event, subject=f"field:{code}", actor_id=officer.id, at=now)
    for number, change in enumerate(made, start=1):
        _record(change, officer=officer, now=now)
        if report:
            report(number, len(made))
    if made:
        _let_it_be_planned_for()
    return ImportResult(
        fields_added=added_fields,
        fields_changed=changed_fields,
        added=tuple(change.entry.code for change in made if change.stored is None),
        changed=tuple(change.entry.code for change in made if change.stored is not None),
        unchanged=tuple(change.entry.code for change in changes if change.is_empty),
        revision_count=sum(len(change.added) for change in made),
        warnings=_warnings(made),
    )


def _warnings(made: Iterable[ProcedureChange]) -> tuple[Problem, ...]:
    """Ask those who work by the catalogue what the importer should know. Nothing is refused."""
    entries = tuple(
        replace(change.entry, revisions=tuple(change.added)) for change in made if change.added
    )
    answers: list[Any] = (
        events.revisions_added.send(sender=Procedure, entries=entries) if entries else []
    )
    return tuple(problem for _receiver, told in answers for problem in told)


def _let_one_import_run() -> None:
    """Make a second import wait: row locks do not cover the rows that the first one adds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('procedures.import', 0))")


def _let_it_be_planned_for() -> None:
    """Tell the planner what the tables hold now: autovacuum would do so a minute later."""
    with connection.cursor() as cursor:
        cursor.execute(
            "ANALYZE procedures_field, procedures_procedure, procedures_revision,"
            " procedures_variant, procedures_component, procedures_channel"
        )


def _unknown_fields(content: ParsedCatalogue, fields: dict[str, Field]) -> list[Problem]:
    known = {*fields, *(entry.code for entry in content.fields)}
    return [
        Problem(
            place=entry.field_place,
            message=_(
                "Không có lĩnh vực mang mã “%s”, trong tệp cũng như trong danh mục. Hãy thêm lĩnh vực "
                "này vào phần lĩnh vực của tệp hoặc sửa lại mã."
            )
            % entry.field_code,
        )
        for entry in content.procedures
        if entry.field_code and entry.field_code not in known
    ]


def _renamed_fields(content: ParsedCatalogue, fields: dict[str, Field]) -> list[Problem]:
    return [
        Problem(
            place=entry.place,
            message=_(
                "Lĩnh vực “%(code)s” đã có tên là “%(name)s”. Tên này đã nằm trong các báo cáo nên không "
                "đổi qua tệp được; hãy ghi đúng tên cũ hoặc dùng mã mới."
            )
            % {"code": entry.code, "name": fields[entry.code].name},
        )
        for entry in content.fields
        if entry.code in fields and fields[entry.code].name != entry.name
    ]


class _Agencies:
    """The agencies that a file names, each looked up once."""

    def __init__(self) -> None:
        self.ids: dict[str, int] = {}
        self._codes: dict[str, str | None] = {"": ""}

    def problems(self, content: ParsedCatalogue) -> list[Problem]:
        """Look up every agency; say which ones do not exist."""
        return [
            Problem(
                place=revision.agency_place,
                message=_(
                    "Không có cơ quan nào mang mã “%s”. Hãy ghi mã cơ quan (ví dụ H19.01), hoặc loại cơ "
                    "quan nơi nộp: cấp huyện (DISTRICT), cấp xã (COMMUNE)."
                )
                % revision.agency,
            )
            for entry in content.procedures
            for revision in entry.revisions
            if self._present_code(revision.agency) is None
        ]

    def _present_code(self, code: str) -> str | None:
        if code not in self._codes:
            agency = agencies.find_agency(code)
            self._codes[code] = agency.code if agency else None
            if agency:
                self.ids[agency.code] = agency.pk
        return self._codes[code]

    def with_present_codes(self, entry: ProcedureEntry) -> ProcedureEntry:
        """Return the entry with each older agency code replaced by the present one."""
        revisions = [
            replace(revision, agency=self._codes[revision.agency] or "")
            for revision in entry.revisions
        ]
        return replace(entry, revisions=tuple(revisions))


def _save_fields(
    entries: Iterable[FieldEntry], fields: dict[str, Field]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Add new fields to the table and to `fields`; set a new English name."""
    new = [entry for entry in entries if entry.code not in fields]
    renamed = [
        entry
        for entry in entries
        if entry.code in fields and entry.name_en not in {"", fields[entry.code].name_en}
    ]
    rows = [
        Field(
            code=entry.code,
            name=entry.name,
            name_en=entry.name_en,
            sort_name=vietnamese.sort_key(entry.name)[:500],
        )
        for entry in new
    ]
    for row in Field.objects.bulk_create(rows):
        fields[row.code] = row
    for entry in renamed:
        Field.objects.filter(pk=fields[entry.code].pk).update(name_en=entry.name_en)
    return tuple(entry.code for entry in new), tuple(entry.code for entry in renamed)


def _save_procedures(
    changes: list[ProcedureChange], *, fields: dict[str, Field], agency_ids: dict[str, int]
) -> None:
    new = [
        Procedure(
            code=change.entry.code,
            code_status=change.entry.code_status,
            field=fields[change.entry.field_code],
            level=change.entry.level,
        )
        for change in changes
        if change.stored is None
    ]
    ids = {row.code: row.pk for row in Procedure.objects.bulk_create(new, batch_size=_BATCH)}
    revisions: list[tuple[Revision, RevisionEntry]] = []
    for change in changes:
        code, stored, field = change.entry.code, change.stored, fields[change.entry.field_code]
        if stored:
            ids[code] = stored.id
            _save_changes(change, stored)
        for number, entry in enumerate(
            change.added, start=(stored.last_number if stored else 0) + 1
        ):
            agency_id = agency_ids.get(entry.agency)
            row = _revision_row(entry, code=code, number=number, field=field, agency_id=agency_id)
            row.procedure_id = ids[code]
            revisions.append((row, entry))
    Revision.objects.bulk_create([row for row, _entry in revisions], batch_size=_BATCH)
    _save_contents(revisions)


def _save_changes(change: ProcedureChange, stored: StoredProcedure) -> None:
    """Save what may change: the status of the code, and the end of a revision that had none."""
    if change.has_new_code_status:
        Procedure.objects.filter(pk=stored.id).update(code_status=change.entry.code_status)
    for entry in change.ended:
        Revision.objects.filter(pk=stored.revision_ids[entry.starts_on]).update(
            ends_on=entry.ends_on
        )


def _revision_row(
    entry: RevisionEntry, *, code: str, number: int, field: Field, agency_id: int | None
) -> Revision:
    return Revision(
        number=number,
        name=entry.name,
        name_en=entry.name_en,
        search_text=vietnamese.fold(f"{code} {entry.name} {entry.name_en} {field.name}"),
        agency_id=agency_id,
        agency_kind=entry.agency_kind,
        starts_on=entry.starts_on,
        ends_on=entry.ends_on,
        decision_number=entry.decision_number,
        decision_date=entry.decision_date,
        decision_status=entry.decision_status,
        legal_basis=list(entry.legal_basis),
        result=entry.result,
        recorded_result=entry.recorded_result,
        online=entry.online,
        is_interagency_same_level=entry.is_interagency_same_level,
        is_interagency_across_levels=entry.is_interagency_across_levels,
        is_place_independent=entry.is_place_independent,
        is_on_the_spot=entry.is_on_the_spot,
        workflow_key=entry.workflow,
    )


def _save_contents(revisions: list[tuple[Revision, RevisionEntry]]) -> None:
    """Save the channels, variants and components of new revisions, one statement a table."""
    channels = [
        Channel(
            revision=row,
            kind=channel.kind,
            limit_amount=channel.limit_amount,
            limit_unit=channel.limit_unit,
            fee_vnd=channel.fee_vnd,
            fee_note=channel.fee_note,
        )
        for row, entry in revisions
        for channel in entry.channels
    ]
    Channel.objects.bulk_create(channels, batch_size=_BATCH)
    variants = [
        (
            Variant(revision=row, code=variant.code, name=variant.name, steps=list(variant.steps)),
            variant,
        )
        for row, entry in revisions
        for variant in entry.variants
    ]
    Variant.objects.bulk_create([row for row, _entry in variants], batch_size=_BATCH)
    components = [
        Component(
            variant=row,
            number=number,
            name=component.name,
            form=component.form,
            originals=component.originals,
            copies=component.copies,
            is_required=component.is_required,
        )
        for row, variant in variants
        for number, component in enumerate(variant.components, start=1)
    ]
    Component.objects.bulk_create(components, batch_size=_BATCH)


def _record(change: ProcedureChange, *, officer: Person, now: datetime) -> None:
    audit.record(
        event="procedure.changed" if change.stored else "procedure.added",
        subject=f"procedure:{change.entry.code}",
        actor_id=officer.id,
        at=now,
        because=change.entry.revisions[-1].name,
        facts=change.facts,
    )

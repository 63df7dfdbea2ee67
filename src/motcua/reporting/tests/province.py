"""The small province that the tests of the one-stop table count in, and its case files."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count

from motcua.cases.models import Case, ClockEvent
from motcua.engine import moments, vietnamese
from motcua.people.models import Agency, Post, User
from motcua.procedures.models import Field, Procedure, Revision, Variant
from motcua.reporting.one_stop_table import CaseTimes
from motcua.workflow.models import Run, Version, Workflow

START = date(2020, 9, 15)
Q1_FIRST, Q1_LAST = date(2022, 12, 15), date(2023, 3, 14)
_numbers = count(1)


def local(text: str) -> datetime:
    """Return a moment written in Vietnamese time: "2023-03-14 17:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=moments.VIETNAM)


AFTER_Q1 = local("2023-03-20 08:00")


@dataclass
class Province:
    """The Office with its centre, a department, and three fields with a procedure each."""

    office: Agency
    centre: Agency
    department: Agency
    fields: dict[str, Field]
    revisions: dict[str, Revision]
    version: Version
    clerk: User


def make_agency(
    code: str,
    name: str,
    *,
    kind: str,
    parent: Agency | None = None,
    starts_on: date = START,
    ends_on: date | None = None,
    successor: Agency | None = None,
) -> Agency:
    agency = Agency.objects.create(
        code=code,
        name=name,
        short_name=name[:100],
        name_en=f"{kind.title()} {code}",
        search_name=vietnamese.fold(name),
        sort_name=vietnamese.sort_key(name),
        level="PROVINCE",
        kind=kind,
        parent=parent,
        successor=successor,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    agency.path = f"{parent.path if parent else '/'}{agency.pk}/"
    agency.save(update_fields=["path"])
    return agency


def make_field(code: str, name: str) -> Field:
    return Field.objects.create(
        code=code, name=name, name_en=f"Field {code}", sort_name=vietnamese.sort_key(name)
    )


def make_revision(field: Field, agency: Agency) -> Revision:
    procedure = Procedure.objects.create(
        code=f"1.{field.code}", code_status="illustrative", field=field, level="PROVINCE"
    )
    revision = Revision.objects.create(
        procedure=procedure,
        number=1,
        name=f"Thủ tục về {field.name}",
        search_text="",
        agency=agency,
        starts_on=START,
        workflow_key="office-3-steps",
    )
    Variant.objects.create(revision=revision, code="01", name="Mặc định")
    return revision


def make_province() -> Province:
    top = make_agency("H19", "Ủy ban nhân dân tỉnh Đồng Nai", kind="PROVINCE")
    office = make_agency("H19.01", "Văn phòng Ủy ban nhân dân tỉnh", kind="OFFICE", parent=top)
    centre = make_agency("H19.01.01", "Trung tâm Hành chính công", kind="CENTRE", parent=office)
    department = make_agency("H19.02", "Sở Nội vụ", kind="DEPARTMENT", parent=top)
    fields = {
        code: make_field(code, name)
        for code, name in (("DD", "Đất đai"), ("TNN", "Tài nguyên nước"), ("DT", "Đấu thầu"))
    }
    User.objects.create(username="he-thong", full_name="Hệ thống")
    workflow = Workflow.objects.create(key="office-3-steps", name="Ba bước")
    version = Version.objects.create(
        workflow=workflow,
        number=1,
        bpmn_xml="<definitions/>",
        net={},
        digest="0" * 64,
        starts_on=START,
        published_at=local("2020-09-15 08:00"),
    )
    return Province(
        office=office,
        centre=centre,
        department=department,
        fields=fields,
        revisions={code: make_revision(field, office) for code, field in fields.items()},
        version=version,
        clerk=User.objects.create(username="clerk", full_name="Trần Thị Bình"),
    )


@dataclass(frozen=True, kw_only=True)
class CaseEntry:
    """What a test says about a case file."""

    times: CaseTimes
    field: str = "DD"
    unit: Agency | None = None
    status: str | None = None


def entry(
    received: str,
    due: str,
    finished: str | None = None,
    *,
    field: str = "DD",
    unit: Agency | None = None,
    status: str | None = None,
    stopped: str | None = None,
) -> CaseEntry:
    times = CaseTimes(
        received_at=local(received),
        due_at=local(due),
        finished_at=local(finished) if finished else None,
        clock_stopped_at=local(stopped) if stopped else None,
    )
    return CaseEntry(times=times, field=field, unit=unit, status=status)


def make_cases(province: Province, entries: Sequence[CaseEntry]) -> list[Case]:
    """Insert case files straight into the tables: only their times and places matter here."""
    variants = {
        code: Variant.objects.get(revision=revision)
        for code, revision in province.revisions.items()
    }
    runs = Run.objects.bulk_create(
        Run(
            version=province.version,
            receiving_agency=province.centre,
            settling_agency=made.unit or province.office,
            started_at=made.times.received_at,
            finished_at=made.times.finished_at,
        )
        for made in entries
    )
    made_cases = Case.objects.bulk_create(
        Case(
            code=f"H19.01-{made.times.received_at.astimezone(UTC):%y%m%d}-{next(_numbers):04}",
            submission_key=uuid.uuid4(),
            revision=province.revisions[made.field],
            variant=variants[made.field],
            field=province.fields[made.field],
            channel="COUNTER",
            receiving_agency=province.centre,
            settling_agency=made.unit or province.office,
            run=run,
            status=made.status or ("DONE" if made.times.finished_at else "PROCESSING"),
            law_date=made.times.received_at.date(),
            received_at=made.times.received_at,
            received_by=province.clerk,
            due_at=made.times.due_at,
            finished_at=made.times.finished_at,
            clock_stopped_at=made.times.clock_stopped_at,
        )
        for made, run in zip(entries, runs, strict=True)
    )
    ClockEvent.objects.bulk_create(
        ClockEvent(
            case=case,
            kind="SUPPLEMENT_REQUESTED" if case.status == "SUPPLEMENT" else "SUSPENDED",
            at=case.clock_stopped_at,
            recorded_at=case.clock_stopped_at,
            recorded_by=province.clerk,
        )
        for case in made_cases
        if case.clock_stopped_at is not None
    )
    return made_cases


QUARTER = (
    entry("2022-12-01 08:00", "2022-12-20 17:00", "2022-12-14 16:00"),
    entry("2022-12-01 08:00", "2022-12-20 17:00", "2022-12-20 17:00"),
    entry("2022-12-14 16:30", "2023-01-05 17:00", "2023-01-06 09:00"),
    entry("2022-12-15 07:30", "2023-01-05 17:00", "2023-01-03 09:00", field="TNN"),
    entry("2023-03-14 16:55", "2023-03-28 17:00", field="TNN"),
    entry("2023-02-01 09:00", "2023-03-01 17:00", field="DT"),
    entry("2023-03-15 07:30", "2023-03-28 17:00", field="DT"),
)


def make_officer(
    username: str,
    agency: Agency,
    role: str,
    *,
    starts_on: date = START,
    ends_on: date | None = None,
) -> User:
    user = User.objects.create(username=username, full_name=username.title())
    Post.objects.create(person=user, agency=agency, role=role, starts_on=starts_on, ends_on=ends_on)
    return user

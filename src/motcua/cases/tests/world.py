"""A small world for tests: two agencies, five people, one procedure, one flow chart.

The same cast everywhere: An applies, Cúc receives, Bình settles, Dung decides, Oanh may not look.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import uuid4

from motcua.cases import actions as cases
from motcua.cases.models import Case
from motcua.engine import vietnamese
from motcua.engine.moments import VIETNAM
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.people.models import Agency
from motcua.procedures.models import Channel, Component, Field, Procedure, Revision, Variant
from motcua.workflow import actions as workflow

LONG_AGO = date(2020, 1, 1)
MONDAY = datetime(2023, 3, 6, 9, 0, tzinfo=VIETNAM)

CHART = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:motcua="urn:motcua:bpmn" id="d" targetNamespace="urn:motcua:test">
  <process id="p" name="Ba bước" isExecutable="true">
    <startEvent id="start"><outgoing>f1</outgoing></startEvent>
    <userTask id="forward" name="Kiểm tra, chuyển hồ sơ" motcua:unit="RECEIVING" motcua:role="CLERK"
        motcua:limit="4 giờ"><incoming>f1</incoming><outgoing>f2</outgoing></userTask>
    <userTask id="appraise" name="Thẩm định hồ sơ" motcua:unit="SETTLING" motcua:role="OFFICER"
        motcua:limit="3 ngày làm việc">
        <incoming>f2</incoming><incoming>f5</incoming><outgoing>f3</outgoing></userTask>
    <userTask id="approve" name="Phê duyệt" motcua:unit="SETTLING" motcua:role="LEADER"
        motcua:limit="4 giờ" motcua:outcomes="APPROVE,RETURN">
        <incoming>f3</incoming><outgoing>f4</outgoing></userTask>
    <exclusiveGateway id="decided" name="Kết quả phê duyệt" default="f6">
        <incoming>f4</incoming><outgoing>f5</outgoing><outgoing>f6</outgoing></exclusiveGateway>
    <endEvent id="end"><incoming>f6</incoming></endEvent>
    <sequenceFlow id="f1" sourceRef="start" targetRef="forward"/>
    <sequenceFlow id="f2" sourceRef="forward" targetRef="appraise"/>
    <sequenceFlow id="f3" sourceRef="appraise" targetRef="approve"/>
    <sequenceFlow id="f4" sourceRef="approve" targetRef="decided"/>
    <sequenceFlow id="f5" sourceRef="decided" targetRef="appraise">
        <conditionExpression>outcome == "RETURN"</conditionExpression></sequenceFlow>
    <sequenceFlow id="f6" sourceRef="decided" targetRef="end"/>
  </process>
</definitions>
"""


@dataclass(frozen=True, kw_only=True)
class World:
    """Everything a test may want to hold on to."""

    system: people.Person
    office: Agency
    centre: Agency
    elsewhere: Agency
    field: Field
    cuc: people.Person
    binh: people.Person
    dung: people.Person
    oanh: people.Person
    controller: people.Person

    def submission(self, **changes: object) -> cases.Submission:
        """Return a complete submission of An's, with changes."""
        values: dict[str, object] = {
            "submission_key": uuid4(),
            "procedure_code": "1.000001",
            "channel": "COUNTER",
            "variant_code": "01",
            "applicant": cases.PartyEntry(
                kind="PERSON",
                full_name="Nguyễn Thị Thúy An",
                identity_number="075193000123",
                phone="0912 345 678",
                address="Phường Trảng Dài, thành phố Biên Hòa",
            ),
            "papers": {c.pk: (c.originals, c.copies) for c in Component.objects.all()},
        }
        return cases.Submission(**{**values, **changes})  # type: ignore[arg-type]

    def receive(self, now: datetime = MONDAY, **changes: object) -> Case:
        """Let Cúc receive a case."""
        return cases.receive_case(
            officer=self.cuc,
            agency_id=self.centre.pk,
            submission=self.submission(**changes),
            now=now,
        )


def make_world(now: datetime = MONDAY) -> World:
    """Make the world in an empty database."""
    system = people_actions.found_province(
        code="H19",
        name="Ủy ban nhân dân tỉnh Đồng Nai",
        name_en="People's Committee",
        starts_on=LONG_AGO,
        now=now,
    )
    province = people.get_agency("H19")
    office = _agency(system, "H19.01", "Văn phòng UBND tỉnh", "OFFICE", province, now)
    centre = _agency(system, "H19.01.01", "Trung tâm Hành chính công tỉnh", "CENTRE", office, now)
    elsewhere = _agency(
        system, "H19.17", "Sở Tài nguyên và Môi trường", "DEPARTMENT", province, now
    )
    field = make_procedure(office)
    workflow.publish_version(
        officer=system,
        key="three-steps",
        name="Ba bước",
        bpmn_xml=CHART,
        starts_on=LONG_AGO,
        now=now,
    )
    return World(
        system=system,
        office=office,
        centre=centre,
        elsewhere=elsewhere,
        field=field,
        cuc=make_person(system, "cuc", "Trần Thị Cúc", centre, "CLERK", now),
        binh=make_person(system, "binh", "Lê Thanh Bình", office, "OFFICER", now),
        dung=make_person(system, "dung", "Phạm Ngọc Dung", office, "LEADER", now),
        oanh=make_person(system, "oanh", "Đỗ Thị Oanh", elsewhere, "OFFICER", now),
        controller=make_person(system, "vy", "Huỳnh Thúy Vy", office, "CONTROLLER", now),
    )


def _agency(
    system: people.Person, code: str, name: str, kind: str, parent: Agency, now: datetime
) -> Agency:
    agency = people_actions.add_agency(
        officer=system,
        now=now,
        code=code,
        old_code=f"000.00.{code[-2:]}.H19" if kind != "CENTRE" else "000.01.01.H19",
        name=name,
        level="PROVINCE",
        kind=kind,
        parent=parent,
        starts_on=LONG_AGO,
    )
    return Agency.objects.get(pk=agency.pk)


def make_person(
    system: people.Person,
    username: str,
    full_name: str,
    agency: Agency,
    role: str,
    now: datetime = MONDAY,
    ends_on: date | None = None,
) -> people.Person:
    """Make a person with one post; the password is the username with “-2023”."""
    user = people_actions.add_person(
        officer=system, now=now, username=username, full_name=full_name, password=f"{username}-2023"
    )
    people_actions.give_post(
        officer=system,
        now=now,
        person_id=user.pk,
        agency_id=agency.pk,
        role=role,
        starts_on=LONG_AGO,
        ends_on=ends_on,
    )
    return people.get_person(user_id=user.pk)


def make_procedure(
    office: Agency, code: str = "1.000001", name: str = "Cấp giấy phép khai thác nước dưới đất"
) -> Field:
    """Make a procedure of the Office with two components and a limit of five working days."""
    field, _created = Field.objects.get_or_create(
        code="TNN",
        defaults={"name": "Tài nguyên nước", "sort_name": vietnamese.sort_key("Tài nguyên nước")},
    )
    procedure = Procedure.objects.create(
        code=code, code_status="illustrative", field=field, level="PROVINCE"
    )
    revision = Revision.objects.create(
        procedure=procedure,
        number=1,
        name=name,
        search_text=vietnamese.fold(f"{code} {name} Tài nguyên nước"),
        agency=office,
        starts_on=LONG_AGO,
        decision_number="1/QĐ-UBND",
        workflow_key="three-steps",
    )
    for kind, days in (("COUNTER", 5), ("ONLINE", 4)):
        Channel.objects.create(
            revision=revision, kind=kind, limit_amount=Decimal(days), limit_unit="WORKING_DAY"
        )
    variant = Variant.objects.create(revision=revision, code="01", name="Trường hợp chung")
    Component.objects.create(
        variant=variant, number=1, name="Đơn đề nghị cấp phép", originals=1, copies=0
    )
    Component.objects.create(
        variant=variant, number=2, name="Bản vẽ vị trí công trình", originals=0, copies=2
    )
    return field

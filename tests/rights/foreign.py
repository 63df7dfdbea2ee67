"""What belongs to one agency and is nobody else's: one of each thing that an address can name."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from motcua.cases import actions as cases
from motcua.cases.models import (
    Case,
    ClockEvent,
    Migration,
    MirroredCase,
    OutgoingStatus,
    PostalItem,
    Rehearsal,
    ShiftHandOver,
)
from motcua.cases.tests.world import MONDAY, World, make_person
from motcua.desk.tests.rows import finish
from motcua.engine.forwarded import ForwardedCase
from motcua.messages.models import Notice
from motcua.people import actions as people
from motcua.workflow import actions as workflow
from motcua.workflow.models import RecordedTest, Task, Version

LATER = MONDAY + timedelta(hours=1)
AFTER = MONDAY + timedelta(hours=2)
# Words of the citizen and of the papers that stand nowhere but in what is foreign.
SECRETS = ("Ngọc Ẩn", "075193004567", "0987654321", "Hẻm Kín", "Bí mật riêng")


APPLICANT = cases.PartyEntry(
    kind="PERSON",
    full_name="Nguyễn Thị Ngọc Ẩn",
    identity_number="075193004567",
    phone="0987654321",
    address="Hẻm Kín, phường Trảng Dài",
)


def make_foreign(world: World) -> dict[str, Any]:
    """Make one of each at the centre and the Office; return what the addresses call them."""
    other = people.add_agency(
        officer=world.system,
        now=MONDAY,
        code="H19.18",
        old_code="000.00.18.H19",
        name="Sở Xây dựng",
        level="PROVINCE",
        kind="DEPARTMENT",
        parent=world.office.parent,
        starts_on=date(2020, 1, 1),
    )
    make_person(world.system, "khoa", "Võ Đăng Khoa", other, "OFFICER")
    case, finished = (
        world.receive(applicant=APPLICANT),
        world.receive(applicant=APPLICANT, returns_by_post=True, return_address="Hẻm Kín"),
    )
    finish(world, finished, now=LATER)
    document = cases.add_document(
        officer=world.cuc,
        case_code=case.code,
        title="Bí mật riêng",
        name="rieng.pdf",
        content=b"%PDF-1.4 B\xc3\xad m\xe1\xba\xadt ri\xc3\xaang",
        component_id=None,
        now=LATER,
    )
    result = cases.draft_result(
        officer=world.binh,
        case_code=case.code,
        title="Bí mật riêng",
        name="ket-qua.pdf",
        content=b"%PDF-1.4 B\xc3\xad m\xe1\xba\xadt ri\xc3\xaang",
        now=LATER,
    )
    submission = cases.register_submission(
        officer=world.system,
        agency_code="H19.01.01",
        submission=world.submission(channel="ONLINE", applicant=APPLICANT),
        submitted_at=LATER,
        now=LATER,
    )
    _looked_at(world, case)
    cases.enter_waiting(now=AFTER)
    asked = cases.consult_agency(
        officer=world.binh,
        case_code=case.code,
        agency_code="H19.18",
        question="Bí mật riêng có đúng không?",
        limit="2 ngày làm việc",
        now=LATER,
    )
    return {
        "code": case.code,
        "returned_code": _returned(world).code,
        "procedure_code": "1.000001",
        "document_id": document.pk,
        "result_id": result.pk,
        "task_id": Task.objects.filter(run_id=case.run_id).latest("pk").pk,
        "key": submission.key,
        "consultation_id": asked.pk,
        "event_id": _clock_event(world, case).pk,
        "slip": "phieu-kiem-soat",
        "moment": int(LATER.timestamp()),
        "notice_id": _notice(world).pk,
        "mirrored_id": (mirrored := _mirrored(world)).pk,
        "outgoing_id": _outgoing(world, mirrored).pk,
        "hand_over_id": _shift(world).pk,
        "agency_code": "H19.01.01",
        "part": "cases",
        **_of_workflow(world, case),
        **_of_people(world),
        **_of_post(world, finished),
    }


def _returned(world: World) -> Case:
    """Receive, settle and hand over a case: only then there is a slip of the hand-over."""
    case = world.receive()
    finish(world, case, now=LATER)
    who = "Nguyễn Thị Thúy An"
    cases.return_result(officer=world.cuc, case_code=case.code, returned_to=who, now=AFTER)
    return case


def _clock_event(world: World, case: Case) -> ClockEvent:
    return ClockEvent.objects.create(
        case=case,
        kind="EXTENDED",
        at=LATER,
        until=date(2023, 3, 20),
        reason="Bí mật riêng",
        recorded_at=LATER,
        recorded_by_id=world.dung.id,
    )


def _mirrored(world: World) -> MirroredCase:
    told = ForwardedCase(
        code="G09.20-20230306-0000001",
        procedure_code="1.000001",
        procedure_name="",
        agency_code="H19.01.01",
        owner_name=APPLICANT.full_name,
        status=4,
        status_at=MONDAY,
        received_at=MONDAY,
        due_at=None,
    )
    return cases.mirror_case(officer=world.system, source="DVCQG", told=told, now=LATER)


def _outgoing(world: World, mirrored: MirroredCase) -> OutgoingStatus:
    return OutgoingStatus.objects.create(
        mirrored=mirrored,
        number=1,
        status=4,
        at=LATER,
        told_by_id=world.cuc.id,
        refused_at=LATER,
        reason="Bí mật riêng",
    )


def _shift(world: World) -> ShiftHandOver:
    mai = make_person(world.system, "mai", "Lý Thị Mai", world.centre, "CLERK")
    return ShiftHandOver.objects.create(
        agency=world.centre,
        day=MONDAY.date(),
        clerk_id=mai.id,
        next_clerk_id=world.cuc.id,
        starts_at=MONDAY,
        given_at=LATER,
        received=1,
        returned=0,
        called=0,
        absent=0,
        due_vnd=0,
        cash_vnd=0,
        note="Bí mật riêng",
    )


def _notice(world: World) -> Notice:
    return Notice.objects.create(
        person_id=world.binh.id,
        path="/ho-so/",
        text_vi="Bí mật riêng",
        text_en="Bí mật riêng",
        once_key="foreign",
        created_at=LATER,
    )


def _of_workflow(world: World, case: Case) -> dict[str, Any]:
    """Make a draft of the Office with a test and a rehearsal, and a move of running cases."""
    version = Version.objects.select_related("workflow").get()
    version.workflow.owner = world.office
    version.workflow.save(update_fields=["owner"])
    draft = workflow.start_draft(
        officer=world.controller, workflow_key="three-steps", version_number=1, now=LATER
    )
    test = RecordedTest.objects.create(
        workflow=version.workflow,
        name="Đi hết ba bước",
        finishes=True,
        recorded_at=LATER,
        recorded_by_id=world.controller.id,
    )
    rehearsal = Rehearsal.objects.create(
        draft=draft,
        revision=draft.revision,
        before=version,
        agency=world.office,
        with_subordinate=True,
        first_day=date(2023, 1, 1),
        last_day=date(2023, 3, 31),
        asked_at=LATER,
        asked_by_id=world.controller.id,
        total=1,
    )
    migration = Migration.objects.create(
        from_version=version,
        to_version=version,
        mapping={},
        reason="Bí mật riêng",
        total=1,
        started_at=LATER,
        started_by_id=world.controller.id,
    )
    return {
        "draft_id": draft.pk,
        "number": version.number,
        "test_id": test.pk,
        "rehearsal_id": rehearsal.pk,
        "migration_id": migration.pk,
    }


def _of_people(world: World) -> dict[str, Any]:
    """Let Dung stand in for Bình, and suspend the Office by force majeure."""
    lan = make_person(world.system, "lan", "Võ Thị Lan", world.office, "LEADER")
    absence = people.name_stand_in(
        officer=world.dung,
        absent_id=lan.id,
        stand_in_id=world.dung.id,
        starts_on=MONDAY.date(),
        ends_on=MONDAY.date() + timedelta(days=3),
        now=LATER,
    )
    mass = cases.suspend_unit(
        officer=world.controller,
        agency_code="H19.01",
        with_subordinate=True,
        starts_at=LATER,
        ends_at=None,
        reason="Bão số 1, trụ sở ngập",
        document="Công điện 5/CĐ-UBND",
        now=LATER + timedelta(minutes=1),
    )
    return {
        "absence_id": absence.pk,
        "post_id": lan.posts[0].id,
        "user_id": lan.id,
        "mass_id": mass.pk,
        "suspension_id": int(mass.origin.split(":")[-1]),
    }


def _looked_at(world: World, case: Case) -> None:
    """Let the clerk look at what a parcel of the case masks, and write why."""
    item = cases.plan_return_by_post(
        officer=world.cuc, case_code=case.code, name="Ngọc Ẩn", address="Hẻm Kín", now=LATER
    )
    # Later than everything that the walk notes: it stands on the first page of who looked.
    after_all = AFTER + timedelta(days=1)
    cases.reveal_item(
        officer=world.cuc, item_id=item.pk, chosen="", typed="Bí mật riêng", now=after_all
    )


def _of_post(world: World, finished: Case) -> dict[str, Any]:
    """Hand the result of a finished case to the postman."""
    item = PostalItem.objects.get(case=finished)
    slip = cases.hand_to_post(
        officer=world.cuc,
        agency_id=world.centre.pk,
        tracking_numbers={item.pk: "EA123456789VN"},
        carrier_name="Phạm Văn Thư",
        now=LATER,
    )
    return {"item_id": item.pk, "slip_id": slip.pk}

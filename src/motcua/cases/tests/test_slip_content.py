"""What a slip says of a case: read from the case, its procedure and the form of its day."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from motcua.cases import actions, slips
from motcua.cases.queries import get_case_page
from motcua.cases.slip_content import SUBJECT, Letterhead, PaperLine, get_form, place_name, qr_text
from motcua.cases.tests.world import MONDAY, World
from motcua.lawbook import queries as lawbook
from motcua.workflow.models import Task

NOW = MONDAY + timedelta(hours=1)


@pytest.mark.parametrize("example", lawbook.get_subject(SUBJECT).examples, ids=lambda e: e.where)
def test_the_examples_in_the_law_hold(example: object) -> None:
    given = example.plain()  # type: ignore[attr-defined]

    form = get_form(given["slip"], on=given["day"])
    text = qr_text(
        case_code="000.00.01.H19-230314-0001",
        procedure_code="1.001612",
        holder_number="075190001234",
        paper_title=form.title,
        on=given["day"],
    )

    assert (form.number, form.issued_with, form.paper, text) == (
        given["number"],
        given["issued_with"],
        given["paper"],
        given["qr_code"],
    )


def test_the_parts_of_a_qr_code_stay_apart() -> None:
    text = qr_text(
        case_code="A|B", procedure_code="1", holder_number="", paper_title="C", on=date(2024, 1, 2)
    )

    assert text == "A/B|1||C"


@pytest.mark.parametrize(
    ("committee", "place"),
    [
        ("Ủy ban nhân dân tỉnh Đồng Nai", "Đồng Nai"),
        ("Ủy ban nhân dân thành phố Biên Hòa", "Biên Hòa"),
        ("Ủy ban nhân dân thị trấn Trảng Bom", "Trảng Bom"),
        ("Ủy ban nhân dân phường 15", "Phường 15"),
        ("Cục Thuế tỉnh Đồng Nai", ""),
    ],
)
def test_papers_are_dated_from_the_place_of_the_committee(committee: str, place: str) -> None:
    assert place_name(committee) == place


@pytest.mark.django_db
def test_the_receipt_of_a_case_says_what_the_case_says(world: World) -> None:
    owner = actions.PartyEntry(
        kind="ORGANISATION", full_name="Công ty Nước Đồng Nai", identity_number="3600123457"
    )
    case = world.receive(owner=owner)

    content = slips.receipt_content(get_case_page(case_code=case.code, officer=world.cuc, now=NOW))
    assert content.letterhead == Letterhead(
        superior="Văn phòng UBND tỉnh",
        unit="Trung tâm Hành chính công tỉnh",
        place="Đồng Nai",
        issued_at=MONDAY,
    )
    assert content.case_code == content.qr_text == case.code
    assert content.applicant.full_name == "Nguyễn Thị Thúy An"
    assert content.owner is not None
    assert content.owner.is_organisation
    assert content.papers == (
        PaperLine(name="Đơn đề nghị cấp phép", originals=1, copies=0),
        PaperLine(name="Bản vẽ vị trí công trình", originals=0, copies=2),
    )
    assert content.limit == "5 ngày làm việc"
    assert (content.received_at, content.due_at) == (case.received_at, case.due_at)
    assert content.clerk_name == "Trần Thị Cúc"


@pytest.mark.django_db
def test_the_receipt_knows_who_stands_for_the_owner_and_that_the_result_goes_by_post(
    world: World,
) -> None:
    stands_for = actions.PartyEntry(
        kind="PERSON", full_name="Lê Thị Bé", identity_number="075180000456"
    )
    plain, posted = (
        world.receive(),
        world.receive(
            representative=stands_for, returns_by_post=True, return_address="Số 9, xã Tân An"
        ),
    )

    without, content = (
        slips.receipt_content(get_case_page(case_code=case.code, officer=world.cuc, now=NOW))
        for case in (plain, posted)
    )

    assert (without.representative, without.postal_return) == (None, None)
    assert content.representative is not None and content.postal_return is not None
    assert content.representative.full_name == "Lê Thị Bé"
    assert content.postal_return.address == "Số 9, xã Tân An"
    assert content.postal_return.receiver.startswith("Nguyễn Thị Thúy An")
    assert "Bưu điện" in content.postal_return.carrier


@pytest.mark.django_db
def test_an_applicant_who_is_the_owner_is_printed_once(world: World) -> None:
    case = world.receive(submission_key=uuid4())

    content = slips.receipt_content(get_case_page(case_code=case.code, officer=world.cuc, now=NOW))

    assert content.owner is None


@pytest.mark.django_db
def test_the_limit_is_that_of_the_way_in_which_the_case_was_filed(world: World) -> None:
    case = world.receive(channel="ONLINE")

    content = slips.receipt_content(get_case_page(case_code=case.code, officer=world.cuc, now=NOW))

    assert content.limit == "4 ngày làm việc"


@pytest.mark.django_db
def test_the_hand_over_slip_names_who_handed_over_and_to_whom(world: World) -> None:
    case = world.receive()
    before = slips.hand_over_content(
        get_case_page(case_code=case.code, officer=world.cuc, now=NOW), clerk_name="Trần Thị Cúc"
    )
    for officer, outcome in ((world.cuc, ""), (world.binh, ""), (world.dung, "APPROVE")):
        task = Task.objects.get(run=case.run, completed_at=None)
        actions.complete_step(officer=officer, task_id=task.pk, outcome=outcome, now=NOW)
    actions.return_result(
        officer=world.cuc, case_code=case.code, returned_to="Nguyễn Thị Thúy An", now=NOW
    )

    after = slips.hand_over_content(
        get_case_page(case_code=case.code, officer=world.cuc, now=NOW), clerk_name="Ai khác"
    )

    assert (before.returned_at, before.returned_to, before.clerk_name) == (None, "", "Trần Thị Cúc")
    assert (after.finished_at, after.returned_at) == (NOW, NOW)
    assert (after.returned_to, after.clerk_name) == ("Nguyễn Thị Thúy An", "Trần Thị Cúc")
    assert after.letterhead.issued_at == NOW

"""The result of a case: drafted, signed, numbered, handed over, kept; revoked and replaced."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection

from motcua.audit.queries import find_broken_chains, list_entries
from motcua.cases import actions, result_queries
from motcua.cases.models import Case, Result
from motcua.cases.tests.world import MONDAY, World
from motcua.messages.queries import list_citizen_messages
from motcua.people.actions import NotAllowed
from motcua.workflow.models import Task

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 a licence"
LATER = MONDAY + timedelta(hours=1)
TODAY = date(2023, 3, 6)


def settled(world: World) -> Case:
    case = world.receive()
    for who, outcome in ((world.cuc, ""), (world.binh, ""), (world.dung, "APPROVE")):
        task = Task.objects.get(run_id=case.run_id, completed_at=None)
        actions.complete_step(officer=who, task_id=task.pk, outcome=outcome, now=LATER)
    case.refresh_from_db()
    return case


def draft(world: World, case: Case, now: datetime = LATER) -> Result:
    return actions.draft_result(
        officer=world.binh,
        case_code=case.code,
        title="Giấy phép",
        name="giay-phep.pdf",
        content=PDF,
        now=now,
    )


def sign(world: World, result: Result, now: datetime = LATER) -> Result:
    return actions.sign_result(
        officer=world.dung, case_code=result.case.code, result_id=result.pk, now=now
    )


def number(
    world: World, result: Result, name: str = "125/GP-UBND", now: datetime = LATER
) -> Result:
    return actions.number_result(
        officer=world.binh,
        case_code=result.case.code,
        result_id=result.pk,
        document_number=name,
        document_date=TODAY,
        now=now,
    )


def revoke(world: World, result: Result, now: datetime = LATER) -> Result:
    return actions.revoke_result(
        officer=world.dung,
        case_code=result.case.code,
        result_id=result.pk,
        decision="12/QĐ-VP",
        reason="Sai tên chủ giấy phép",
        now=now,
    )


def hand_over(world: World, case: Case, now: datetime = LATER) -> Case:
    return actions.return_result(
        officer=world.cuc, case_code=case.code, returned_to="Nguyễn Thị Thúy An", now=now
    )


def ready(world: World) -> tuple[Case, Result]:
    case = settled(world)
    return case, number(world, sign(world, draft(world, case)))


def test_nobody_else_drafts_signs_numbers_archives_or_revokes(world: World) -> None:
    case = settled(world)
    result = draft(world, case)
    at_result: dict[str, Any] = {"case_code": case.code, "result_id": result.pk, "now": LATER}

    for outsider in (world.oanh, world.cuc):
        with pytest.raises(NotAllowed):
            actions.draft_result(
                officer=outsider,
                case_code=case.code,
                title="",
                name="a.pdf",
                content=PDF,
                now=LATER,
            )
        with pytest.raises(NotAllowed):
            actions.sign_result(officer=outsider, **at_result)
        with pytest.raises(NotAllowed):
            actions.number_result(
                officer=outsider, document_number="1", document_date=TODAY, **at_result
            )
        with pytest.raises(NotAllowed):
            actions.archive_result(officer=outsider, place="Hộp 1", **at_result)
        with pytest.raises(NotAllowed):
            actions.revoke_result(officer=outsider, decision="1", reason="Sai", **at_result)
    with pytest.raises(NotAllowed):
        actions.sign_result(officer=world.binh, **at_result)

    assert Result.objects.get().stage == "DRAFT"


def test_a_result_goes_from_draft_to_the_archive_and_its_trail_tells(world: World) -> None:
    case, result = ready(world)

    hand_over(world, case)
    actions.archive_result(
        officer=world.binh, case_code=case.code, result_id=result.pk, place="Hộp 12", now=LATER
    )

    kept = Result.objects.get()
    assert kept.stage == "ARCHIVED"
    assert kept.code == f"{case.code}-KQ(1)"
    assert (kept.signed_by_id, kept.signed_at_agency_id) == (world.dung.id, world.office.pk)
    assert (kept.handed_over_to, kept.handed_over_by_id) == ("Nguyễn Thị Thúy An", world.cuc.id)
    told = [entry.event for entry in list_entries(f"case:{case.code}")]
    assert told[-5:] == [
        "case.result_drafted",
        "case.result_signed",
        "case.result_numbered",
        "case.returned",
        "case.result_archived",
    ]
    assert list(find_broken_chains()) == []


def test_a_result_is_not_returned_before_it_is_signed_and_numbered(world: World) -> None:
    case = settled(world)
    result = draft(world, case)

    with pytest.raises(actions.CannotReturnResult, match="mới là dự thảo, chưa được ký"):
        hand_over(world, case)
    sign(world, result)
    with pytest.raises(actions.CannotReturnResult, match="chưa có số và ngày văn bản"):
        hand_over(world, case)

    assert Case.objects.get().status == "DONE"


def test_a_case_without_a_recorded_result_is_returned_as_ever(world: World) -> None:
    case = settled(world)

    assert hand_over(world, case).status == "RETURNED"


def test_a_draft_is_replaced_until_it_is_signed(world: World) -> None:
    case = settled(world)
    first = draft(world, case)

    second = draft(world, case)
    sign(world, second)

    assert second.pk == first.pk
    with pytest.raises(
        actions.CannotChangeResult, match=r"“Đã ký, chờ cấp số” \(Phạm Ngọc Dung, 10:00 06/03/2023"
    ):
        draft(world, case)


def test_a_result_is_signed_once_and_numbered_once(world: World) -> None:
    _case, result = ready(world)

    with pytest.raises(actions.CannotChangeResult, match="Đã cấp số, chờ trả"):
        sign(world, result)
    with pytest.raises(actions.CannotChangeResult, match=r"KQ\(1\).*Lê Thanh Bình"):
        number(world, result)


def test_a_number_waits_for_the_end_of_the_case(world: World) -> None:
    case = world.receive()
    result = sign(world, draft(world, case))

    with pytest.raises(actions.CannotChangeResult, match="Hãy hoàn thành bước cuối trước"):
        number(world, result)


def test_a_document_is_not_dated_in_the_future(world: World) -> None:
    result = sign(world, draft(world, settled(world)))

    with pytest.raises(actions.CannotChangeResult, match="07/03/2023 còn ở phía trước"):
        actions.number_result(
            officer=world.binh,
            case_code=result.case.code,
            result_id=result.pk,
            document_number="1/GP",
            document_date=date(2023, 3, 7),
            now=LATER,
        )


def test_the_result_of_a_withdrawn_case_is_not_signed_and_who_withdrew_is_told(
    world: World,
) -> None:
    case = world.receive()
    result = draft(world, case)
    actions.withdraw_case(officer=world.cuc, case_code=case.code, reason="Xin rút", now=LATER)

    with pytest.raises(
        actions.CannotChangeResult, match="được Trần Thị Cúc ghi “Công dân yêu cầu rút hồ sơ”"
    ):
        sign(world, result)


def test_a_revoked_result_is_kept_marked_and_found_and_the_citizen_hears(world: World) -> None:
    case, result = ready(world)
    hand_over(world, case)

    revoke(world, result)

    (found,) = result_queries.search_results(
        officer=world.binh, text="125/gp", state="revoked", now=LATER
    )
    assert (found.code, found.revocation_decision) == (f"{case.code}-KQ(1)", "12/QĐ-VP")
    told = list(list_citizen_messages(f"case:{case.code}"))
    assert any("đã thu hồi kết quả" in message.text for message in told)
    with pytest.raises(actions.CannotChangeResult, match=r"Đã bị thu hồi.*Phạm Ngọc Dung"):
        revoke(world, result)


def test_a_replacement_gets_the_next_code_and_the_case_keeps_its_day(world: World) -> None:
    case, first = ready(world)
    hand_over(world, case)
    revoke(world, first)
    second = number(world, sign(world, draft(world, case)), "126/GP-UBND")

    actions.hand_over_replacement(
        officer=world.cuc,
        case_code=case.code,
        result_id=second.pk,
        handed_over_to="An",
        now=LATER + timedelta(days=3),
    )

    second.refresh_from_db()
    assert (second.code, second.handed_over_to) == (f"{case.code}-KQ(2)", "An")
    assert Case.objects.get().returned_at == LATER


def test_a_revoked_result_is_not_handed_over(world: World) -> None:
    case, result = ready(world)
    revoke(world, result)

    with pytest.raises(
        actions.CannotReturnResult, match="bị Phạm Ngọc Dung thu hồi lúc 10:00 06/03/2023"
    ):
        hand_over(world, case)


def test_a_draft_is_not_revoked(world: World) -> None:
    result = draft(world, settled(world))

    with pytest.raises(actions.CannotChangeResult, match="mới là dự thảo"):
        revoke(world, result)


@pytest.mark.parametrize("text", ["thuy an", "075193000123", "KQ(1)", "125/GP"])
def test_a_result_is_found_by_holder_identity_code_and_number(world: World, text: str) -> None:
    _case, result = ready(world)

    found = result_queries.search_results(officer=world.binh, text=text, state="all", now=LATER)

    assert list(found) == [result]
    assert not result_queries.search_results(
        officer=world.oanh, text=text, state="all", now=LATER
    ).exists()


def test_a_hand_over_by_mistake_is_taken_back_on_the_same_day(world: World) -> None:
    case, result = ready(world)
    hand_over(world, case)

    actions.take_back_return(officer=world.cuc, case_code=case.code, reason="Nhầm", now=LATER)

    case.refresh_from_db()
    result.refresh_from_db()
    assert (case.status, case.returned_at, case.returned_to) == ("DONE", None, "")
    assert result.stage == "NUMBERED"
    entry = list_entries(f"case:{case.code}").last()
    assert entry is not None
    assert (entry.event, entry.facts["returned_to"]) == (
        "case.return_taken_back",
        "Nguyễn Thị Thúy An",
    )
    assert any("do ghi nhầm" in told.text for told in list_citizen_messages(f"case:{case.code}"))
    assert hand_over(world, case).status == "RETURNED"


def test_a_hand_over_stands_the_day_after_and_once_something_rests_on_it(world: World) -> None:
    case, result = ready(world)
    take_back = partial(
        actions.take_back_return, officer=world.cuc, case_code=case.code, reason="Nhầm"
    )
    with pytest.raises(actions.CannotReturnResult, match="chưa ghi trả kết quả"):
        take_back(now=LATER)
    hand_over(world, case)

    with pytest.raises(NotAllowed):
        actions.take_back_return(officer=world.binh, case_code=case.code, reason="x", now=LATER)
    with pytest.raises(actions.CannotReturnResult, match="chỉ rút lại được đến hết ngày"):
        take_back(now=LATER + timedelta(days=1))
    with pytest.raises(actions.CannotReturnResult, match="Hãy ghi vì sao"):
        take_back(reason=" ", now=LATER)
    revoke(world, result)
    with pytest.raises(actions.CannotReturnResult, match="lưu trữ hoặc thu hồi sau khi trả"):
        take_back(now=LATER)

    assert Case.objects.get().status == "RETURNED"


def test_a_signature_is_taken_back_by_its_signer_before_the_number(world: World) -> None:
    case = settled(world)
    result = sign(world, draft(world, case))
    take_back = partial(
        actions.take_back_signature, case_code=case.code, result_id=result.pk, now=LATER
    )

    with pytest.raises(NotAllowed):
        take_back(officer=world.binh, reason="Nhầm tệp")
    assert take_back(officer=world.dung, reason="Nhầm tệp").stage == "DRAFT"
    number(world, sign(world, result))
    with pytest.raises(actions.CannotChangeResult, match="Đã cấp số, chờ trả"):
        take_back(officer=world.dung, reason="Nhầm tệp")


def test_an_entry_of_the_archive_is_taken_back(world: World) -> None:
    case, result = ready(world)
    hand_over(world, case)
    known: dict[str, Any] = {
        "officer": world.binh,
        "case_code": case.code,
        "result_id": result.pk,
        "now": LATER,
    }
    actions.archive_result(**known, place="Hộp 12")

    assert actions.take_back_archiving(**known, reason="Nhầm hộp").stage == "HANDED_OVER"
    with pytest.raises(actions.CannotChangeResult, match="“Đã trả”"):
        actions.take_back_archiving(**known, reason="Nhầm hộp")


@pytest.mark.django_db(transaction=True)
def test_of_a_revocation_and_a_hand_over_at_one_moment_the_second_is_told_of_the_first(
    world: World,
) -> None:
    case, result = ready(world)

    def run(act: object) -> str:
        try:
            act()  # type: ignore[operator]
        except actions.CannotReturnResult as refusal:
            return str(refusal)
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        revoked = pool.submit(run, lambda: revoke(world, result))
        returned = pool.submit(run, lambda: hand_over(world, case))
        told = returned.result()

    case.refresh_from_db()
    result.refresh_from_db()
    assert revoked.result() == "done"
    assert result.stage == "REVOKED"
    # Handed over first, or refused with who revoked it and when; case and result agree either way.
    assert (told == "done") == (case.status == "RETURNED") == bool(result.handed_over_at)
    assert told == "done" or "bị Phạm Ngọc Dung thu hồi lúc 10:00" in told
    assert list(find_broken_chains()) == []

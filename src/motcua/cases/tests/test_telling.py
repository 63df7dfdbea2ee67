"""What the applicant is told of each act: put into the outbox with the act, once, or not at all."""

from datetime import date, timedelta

import pytest

from motcua.cases import actions, queries
from motcua.cases.actions import telling
from motcua.cases.models import Case, ClockEvent, Party
from motcua.cases.tests.world import MONDAY, World, make_world
from motcua.engine import slip_texts
from motcua.lawbook import queries as lawbook
from motcua.messages.models import CitizenMessage

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=2)
EVEN_LATER = MONDAY + timedelta(hours=3)


@pytest.fixture
def world() -> World:
    return make_world()


def told(case: Case) -> list[str]:
    found = CitizenMessage.objects.filter(subject=f"case:{case.code}").order_by("id")
    return [message.text for message in found]


def test_each_act_on_the_clock_tells_the_applicant_in_words(world: World) -> None:
    case = world.receive()

    actions.extend_with_apology(
        officer=world.dung,
        until=date(2023, 3, 15),
        reason="Chờ ý kiến.",
        now=LATER,
        case_code=case.code,
    )
    actions.request_supplement(
        officer=world.binh, reason="Thiếu bản vẽ", now=LATER, case_code=case.code
    )
    actions.take_supplement(officer=world.cuc, now=EVEN_LATER, case_code=case.code)

    apology, wanted, taken = told(case)
    assert apology == (
        f"Văn phòng UBND tỉnh xin lỗi vì hồ sơ {case.code} chưa xong: Chờ ý kiến. Hẹn trả kết quả: "
        "17:00 15/03/2023."
    )
    assert f"{case.code} cần bổ sung: Thiếu bản vẽ." in wanted
    assert "đã nhận bổ sung" in taken
    assert set(CitizenMessage.objects.values_list("phone", flat=True)) == {"0912345678"}


def test_a_file_sent_back_and_one_taken_back_are_told_too(world: World) -> None:
    case = world.receive()

    actions.return_after_appraisal(
        officer=world.binh, reason="Bản vẽ không khớp", now=LATER, case_code=case.code
    )
    actions.take_file_again(officer=world.cuc, now=EVEN_LATER, case_code=case.code)
    actions.take_back_event(
        officer=world.cuc,
        event_id=ClockEvent.objects.latest("id").pk,
        reason="Ghi nhầm hồ sơ",
        now=EVEN_LATER + timedelta(minutes=1),
        case_code=case.code,
    )

    sent_back, again, mistake = told(case)
    assert f"{case.code} chưa đủ điều kiện giải quyết, cần hoàn thiện: Bản vẽ không" in sent_back
    assert "đã được nhận lại. Hẹn trả kết quả: 17:00" in again
    assert "là do ghi nhầm, đã thu hồi; xin lỗi Ông/Bà" in mistake


def test_endings_and_the_hand_over_tell_too_and_without_a_number_the_words_wait(
    world: World,
) -> None:
    refused, returned = world.receive(), world.receive()
    Party.objects.update(phone="")

    actions.refuse_case(officer=world.dung, case_code=refused.code, reason="Trùng hồ sơ", now=LATER)
    for officer, outcome in ((world.cuc, ""), (world.binh, ""), (world.dung, "APPROVE")):
        task = queries.first_open_task(returned.code)
        actions.complete_step(officer=officer, task_id=task.pk, outcome=outcome, now=LATER)
    actions.return_result(
        officer=world.cuc, case_code=returned.code, returned_to="Lê Văn Nam", now=EVEN_LATER
    )

    (words,) = told(refused)
    assert f"{refused.code} không được giải quyết: Trùng hồ sơ." in words
    assert "nhận lại giấy tờ tại Trung tâm Hành chính công tỉnh" in words
    assert told(returned) == [f"Kết quả hồ sơ {returned.code} đã trả cho Lê Văn Nam."]
    assert set(CitizenMessage.objects.values_list("phone", flat=True)) == {""}


def test_an_act_that_is_refused_tells_nothing(world: World) -> None:
    case = world.receive()

    with pytest.raises(actions.CannotEndCase):
        actions.stop_case(officer=world.dung, case_code=case.code, reason=" ", now=LATER)

    assert told(case) == []


def test_the_words_use_known_fields_only() -> None:
    for rule in lawbook.get_subject(telling.TEXTS).rules.values():
        for value in rule.dated.values:
            text = str(value.value.entry.plain())
            assert slip_texts.problems_of(text, known=telling.FIELDS) == ()


def test_every_state_of_a_case_is_one_of_the_ten_statuses_of_the_national_portal() -> None:
    statuses = lawbook.get_statuses()

    assert [str(label) for label in Case.Status.labels] == [one.name_vi for one in statuses]
    assert [one.code for one in statuses] == list(range(1, 11))

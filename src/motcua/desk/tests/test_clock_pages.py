"""The pages that move a clock: what may be done is offered, shown before it is done, and explained after."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.test import Client

from motcua.audit.models import Read
from motcua.cases import actions
from motcua.cases.models import Case, ClockEvent, Consultation
from motcua.cases.tests.world import World
from motcua.desk.tests.rows import (
    count_queries,
    desk_clock,
    finish,
    make_rows,
    set_clock,
    sign_in,
    words,
)
from motcua.engine.moments import VIETNAM


def at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    """A moment of March 2023, whose 6th is the Monday of the reception."""
    return datetime(2023, 3, day, hour, minute, tzinfo=VIETNAM)


ASKED = at(8, 10)


@pytest.fixture
def world(world: World) -> Iterator[World]:
    with desk_clock(at(8, 10)):
        yield world


@pytest.fixture
def case(world: World) -> Case:
    return world.receive()


def act(case: Case, slug: str) -> str:
    return f"/ho-so/{case.code}/thoi-han/{slug}/"


def ask(world: World, case: Case, now: datetime = ASKED) -> None:
    actions.request_supplement(
        officer=world.binh, case_code=case.code, reason="Thiếu bản vẽ vị trí", now=now
    )


def offered(client: Client, case: Case) -> set[str]:
    """Return the acts that the page of a case offers, by the last part of their address."""
    page = client.get(f"/ho-so/{case.code}/").content.decode()
    return {part.split('/"')[0] for part in page.split(act(case, "")[:-1])[1:]}


@pytest.mark.parametrize("slug", ["yeu-cau-bo-sung", "hen-lai", "tu-choi", "lay-y-kien"])
def test_an_outsider_reaches_no_act_and_the_attempt_is_noted(
    world: World, case: Case, slug: str
) -> None:
    client = sign_in(world.oanh)

    answers = [client.get(act(case, slug)), client.post(act(case, slug), {"reason": "Thiếu"})]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert list(Read.objects.values_list("was_allowed", flat=True)) == [False, False]
    assert ClockEvent.objects.count() == 0


def test_each_person_is_offered_what_their_post_allows(world: World, case: Case) -> None:
    assert offered(sign_in(world.cuc), case) == {
        "yeu-cau-bo-sung",
        "yeu-cau-nop-tien",
        "rut-ho-so",
    }
    assert offered(sign_in(world.binh), case) == {
        "yeu-cau-bo-sung",
        "tra-lai-sau-tham-dinh",
        "yeu-cau-nop-tien",
        "lay-y-kien",
    }
    assert {"hen-lai", "tu-choi", "dung-giai-quyet"} <= offered(sign_in(world.dung), case)
    assert offered(sign_in(world.controller), case) == set()


def test_what_the_law_no_longer_allows_is_not_offered(world: World, case: Case) -> None:
    set_clock(at(13, 8))
    assert "hen-lai" not in offered(sign_in(world.dung), case)

    set_clock(at(14, 8))
    assert offered(sign_in(world.dung), case) == {"lay-y-kien", "dung-giai-quyet"}


def test_a_finished_case_offers_nothing(world: World, case: Case) -> None:
    finish(world, case)

    assert offered(sign_in(world.dung), case) == set()


def test_before_asking_the_page_says_that_the_clock_will_stop_and_by_which_law(
    world: World, case: Case
) -> None:
    page = words(sign_in(world.binh).get(act(case, "yeu-cau-bo-sung")))

    assert "Hạn trả hiện nay 13/03/2023 17:00" in page
    assert "tạm dừng, sẽ tính lại khi hồ sơ tiếp tục" in page
    assert "Hồ sơ chưa đủ điều kiện phải được trả lại trước 09/03/2023 17:00" in page
    assert "NĐ 61/2018/NĐ-CP Đ19.4" in page
    assert ClockEvent.objects.count() == 0


def test_asking_late_after_the_appraisal_is_said(world: World, case: Case) -> None:
    set_clock(at(10, 8))

    page = words(sign_in(world.binh).get(act(case, "yeu-cau-bo-sung")))

    assert "Hạn trả lại hồ sơ chưa đủ điều kiện đã qua lúc 09/03/2023 17:00" in page


def test_a_request_is_sent_and_told_on_the_page_and_the_time_line(world: World, case: Case) -> None:
    client = sign_in(world.binh)

    page = words(
        client.post(act(case, "yeu-cau-bo-sung"), {"reason": "Thiếu bản vẽ vị trí"}, follow=True)
    )

    assert f"Đã yêu cầu bổ sung hồ sơ {case.code}. Thời hạn đang tạm dừng." in page
    assert "Yêu cầu bổ sung hồ sơ từ 08/03/2023 10:00, thời hạn đang tạm dừng." in page
    assert "tạm dừng từ 08/03/2023" in page
    assert "Yêu cầu bổ sung hồ sơ Lê Thanh Bình 08/03/2023 10:00 Thiếu bản vẽ vị trí" in page


def test_a_double_click_asks_once(world: World, case: Case) -> None:
    client = sign_in(world.binh)
    sent = {"reason": "Thiếu bản vẽ vị trí"}
    client.post(act(case, "yeu-cau-bo-sung"), sent)

    again = client.post(act(case, "yeu-cau-bo-sung"), sent)

    assert again.status_code == 409
    assert "chưa kết thúc" in words(again)
    assert ClockEvent.objects.count() == 1


def test_what_was_typed_is_kept_when_nothing_is_said_or_too_much(world: World, case: Case) -> None:
    client = sign_in(world.binh)

    empty = client.post(act(case, "yeu-cau-bo-sung"), {"reason": " "})
    long = client.post(act(case, "yeu-cau-bo-sung"), {"reason": "ờ" * 4001})

    assert (empty.status_code, long.status_code) == (409, 422)
    assert "Hãy ghi rõ giấy tờ nào còn thiếu" in words(empty)
    assert "ờ" * 4001 in long.content.decode()


def test_taking_papers_shows_the_new_due_time_first(world: World, case: Case) -> None:
    ask(world, case)
    set_clock(at(10, 14))
    client = sign_in(world.cuc)

    before = words(client.get(act(case, "nhan-bo-sung")))
    after = words(client.post(act(case, "nhan-bo-sung"), {"reason": ""}, follow=True))

    assert "Sau việc này 17/03/2023 17:00" in before
    assert "tính lại từ đầu" in before
    assert f"Đã nhận bổ sung hồ sơ {case.code}. Hạn trả: 17/03/2023 17:00." in after


def test_papers_that_nobody_asked_for_are_refused_with_the_reason(world: World, case: Case) -> None:
    client = sign_in(world.cuc)

    looked = client.get(act(case, "nhan-bo-sung"))
    sent = client.post(act(case, "nhan-bo-sung"), {"reason": ""})

    assert "trước đó chưa có yêu cầu bổ sung hồ sơ" in words(looked)
    assert sent.status_code == 409
    assert ClockEvent.objects.count() == 0


def test_a_second_request_warns_and_asks_whether_it_is_meant(world: World, case: Case) -> None:
    ask(world, case, at(7))
    actions.take_supplement(officer=world.cuc, case_code=case.code, now=at(8))
    client = sign_in(world.binh)

    looked = words(client.get(act(case, "yeu-cau-bo-sung")))
    refused = client.post(act(case, "yeu-cau-bo-sung"), {"reason": "Thiếu nữa"})
    meant = client.post(
        act(case, "yeu-cau-bo-sung"), {"reason": "Thiếu nữa", "is_second_meant": "on"}
    )

    assert "Yêu cầu bổ sung lần thứ 2" in looked
    assert (refused.status_code, meant.status_code) == (409, 302)
    assert ClockEvent.objects.filter(kind="SUPPLEMENT_REQUESTED").count() == 2


def test_a_day_can_be_looked_at_before_it_is_promised(world: World, case: Case) -> None:
    client = sign_in(world.dung)
    wanted = {"until": "16/03/2023", "reason": "Chờ kiểm tra thực địa"}

    looked = words(client.post(act(case, "hen-lai"), {**wanted, "preview": "1"}))
    unmoved = Case.objects.get().due_at
    done = words(client.post(act(case, "hen-lai"), wanted, follow=True))

    assert "Sau việc này 16/03/2023 17:00" in looked
    assert "Chờ kiểm tra thực địa" in looked
    assert unmoved == at(13, 17)
    assert f"Đã hẹn lại ngày trả kết quả của hồ sơ {case.code}. Hạn trả: 16/03/2023 17:00." in done
    assert "đến ngày 16/03/2023" in done


@pytest.mark.parametrize("day", ["", "31/02/2023", "hôm sau"])
def test_a_day_that_does_not_exist_is_refused_at_its_box(
    world: World, case: Case, day: str
) -> None:
    refused = sign_in(world.dung).post(act(case, "hen-lai"), {"until": day, "reason": "Chờ"})

    assert refused.status_code == 422
    assert "hãy ghi ngày/tháng/năm, ví dụ 14/03/2023" in words(refused)


def test_a_day_off_is_refused_by_the_look_ahead(world: World, case: Case) -> None:
    page = words(
        sign_in(world.dung).post(act(case, "hen-lai"), {"until": "18/03/2023", "preview": "1"})
    )

    assert "phải là ngày làm việc sau hạn cũ" in page


def test_an_extension_after_the_deadline_says_why_not(world: World, case: Case) -> None:
    set_clock(at(14, 8))

    refused = sign_in(world.dung).post(act(case, "hen-lai"), {"until": "16/03/2023", "reason": "."})

    assert refused.status_code == 409
    assert "Hạn trả kết quả đã hết lúc 17:00 Thứ Hai 13/03/2023" in words(refused)


@pytest.mark.parametrize(
    ("slug", "who", "line"),
    [
        ("tu-choi", "dung", "Từ chối giải quyết Phạm Ngọc Dung"),
        ("dung-giai-quyet", "dung", "Dừng giải quyết Phạm Ngọc Dung"),
        ("rut-ho-so", "cuc", "Người dân rút hồ sơ Trần Thị Cúc"),
    ],
)
def test_an_ended_case_tells_why_and_offers_nothing_more(
    world: World, case: Case, slug: str, who: str, line: str
) -> None:
    client = sign_in(getattr(world, who))

    page = words(client.post(act(case, slug), {"reason": "Trùng hồ sơ"}, follow=True))

    assert f"{line} 08/03/2023 10:00 Trùng hồ sơ" in page
    assert "không làm nữa, hồ sơ kết thúc ở đây" in page
    assert offered(client, case) == set()


def test_an_unknown_act_gets_a_clear_page(world: World, case: Case) -> None:
    answer = sign_in(world.cuc).get(act(case, "hat"))

    assert answer.status_code == 404
    assert "Không có việc nào mang tên “hat”" in words(answer)


def consult(world: World, case: Case) -> Consultation:
    sign_in(world.binh).post(
        act(case, "lay-y-kien"),
        {"agency": "H19.17", "limit": "3 ngày làm việc", "reason": "Có vướng quy hoạch không?"},
    )
    return Consultation.objects.get()


def test_a_consulted_agency_sees_its_part_only_and_answers_once(world: World, case: Case) -> None:
    asked = consult(world, case)
    client = sign_in(world.oanh)
    address = f"/lay-y-kien/{asked.pk}/"

    listed = words(client.get("/lay-y-kien/"))
    part = words(client.get(address))
    done = words(client.post(address, {"answer": "Không vướng"}, follow=True))
    again = client.post(address, {"answer": "Có vướng"})

    assert "Có vướng quy hoạch không? 13/03/2023 17:00 chờ trả lời" in listed
    assert "Có vướng quy hoạch không?" in part
    assert "Nguyễn Thị Thúy An" not in part
    assert f"Đã trả lời ý kiến về hồ sơ {case.code}." in done
    assert again.status_code == 409
    assert client.get(f"/ho-so/{case.code}/").status_code == 403
    assert "Không vướng" in words(sign_in(world.binh).get(f"/ho-so/{case.code}/"))


def test_silence_is_shown_as_silence(world: World, case: Case) -> None:
    consult(world, case)
    set_clock(at(14, 8))

    page = words(sign_in(world.binh).get(f"/ho-so/{case.code}/"))

    assert "hết hạn chưa trả lời" in page
    assert "im lặng không phải là đồng ý" in page


def test_a_question_to_others_is_closed_to_those_it_does_not_concern(
    world: World, case: Case
) -> None:
    asked = consult(world, case)
    asked.agency = world.centre
    Consultation.objects.filter(pk=asked.pk).update(agency=world.centre)

    answer = sign_in(world.oanh).get(f"/lay-y-kien/{asked.pk}/")

    assert answer.status_code == 403
    assert Read.objects.filter(what="case.consultation_read", was_allowed=False).count() == 1
    assert sign_in(world.cuc).get("/lay-y-kien/").status_code == 403


def test_a_question_that_does_not_exist_is_said_so(world: World) -> None:
    assert sign_in(world.oanh).get("/lay-y-kien/99/").status_code == 404


def test_the_explanation_tells_the_stop_the_restart_and_the_extension(
    world: World, case: Case
) -> None:
    ask(world, case)
    actions.take_supplement(officer=world.cuc, case_code=case.code, now=at(10, 14))
    sign_in(world.dung)
    set_clock(at(13, 8))
    sign_in(world.dung).post(act(case, "hen-lai"), {"until": "22/03/2023", "reason": "Chờ"})

    page = words(sign_in(world.cuc).get(f"/ho-so/{case.code}/han-tra/"))

    assert "hạn trả kết quả là 17:00 Thứ Tư 22/03/2023" in page
    assert "tính lại từ đầu" in page
    assert "Các lần tính hạn Tiếp nhận hồ sơ hạn trả 13/03/2023 17:00" in page
    assert "hạn trả 17/03/2023 17:00" in page
    assert "NĐ 61/2018/NĐ-CP Đ19.9" in page


def test_the_time_in_the_hands_of_the_citizen_is_measured(world: World, case: Case) -> None:
    ask(world, case, at(8, 10))
    actions.take_supplement(officer=world.cuc, case_code=case.code, now=at(9, 10))
    set_clock(at(9, 10))

    page = words(sign_in(world.cuc).get(f"/ho-so/{case.code}/han-tra/"))

    # Three days of eight hours from Monday 9:00 less one hour that has not passed on Thursday.
    assert "hồ sơ ở chỗ người dân 8 giờ làm việc, ở các cơ quan 17 giờ làm việc" in page


def test_an_earlier_count_can_still_be_read(world: World, case: Case) -> None:
    ask(world, case)
    actions.take_supplement(officer=world.cuc, case_code=case.code, now=at(10, 14))
    client = sign_in(world.cuc)

    first = words(client.get(f"/ho-so/{case.code}/han-tra/?lan=1"))

    assert "Đây là lần tính trước" in first
    assert "hạn trả kết quả là 17:00 Thứ Hai 13/03/2023" in first
    for nonsense in ("0", "9", "x", "-1", "٣", "99999999"):
        page = words(client.get(f"/ho-so/{case.code}/han-tra/?lan={nonsense}"))
        assert "Đây là lần tính trước" not in page


def test_the_pages_take_as_many_queries_whatever_moved_the_clock(world: World) -> None:
    young, old = world.receive(), world.receive()
    for hour in range(8, 11):
        actions.request_supplement(
            officer=world.binh,
            case_code=old.code,
            reason="Thiếu",
            is_second_meant=True,
            now=at(7, hour),
        )
        actions.take_supplement(officer=world.cuc, case_code=old.code, now=at(7, hour, 30))
    client = sign_in(world.binh)

    for page in ("", "han-tra/", "thoi-han/yeu-cau-bo-sung/"):
        few = count_queries(client, f"/ho-so/{young.code}/{page}")
        assert count_queries(client, f"/ho-so/{old.code}/{page}") == few
        assert few <= 26


def test_the_list_of_questions_takes_as_many_queries_for_ten_as_for_a_thousand(
    world: World,
) -> None:
    client = sign_in(world.oanh)

    def ask_about(cases: list[Case]) -> None:
        Consultation.objects.bulk_create(
            Consultation(
                case=case,
                agency=world.elsewhere,
                question="Có vướng quy hoạch không?",
                asked_at=at(7),
                asked_by_id=world.binh.id,
                due_at=at(9),
            )
            for case in cases
        )

    ask_about(make_rows(world, 10))
    few = count_queries(client, "/lay-y-kien/")
    ask_about(make_rows(world, 990, prefix="MORE"))

    assert count_queries(client, "/lay-y-kien/") == few
    assert few <= 12

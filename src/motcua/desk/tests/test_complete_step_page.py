"""Completing a step from its page: once, by the right person, with what was typed kept."""

from collections.abc import Iterator

import pytest

from motcua.audit.models import Entry, Read
from motcua.cases.models import Case
from motcua.cases.tests.world import World, make_person
from motcua.desk.tests.rows import desk_clock, open_task, sign_in, step, words
from motcua.workflow.models import Task


@pytest.fixture
def world(world: World) -> Iterator[World]:
    with desk_clock():
        yield world


def address(case: Case, task: Task) -> str:
    return f"/ho-so/{case.code}/buoc/{task.pk}/"


def test_the_case_goes_on_and_the_message_names_the_next_step(world: World) -> None:
    case = world.receive()

    response = sign_in(world.cuc).post(
        address(case, open_task(case)), {"outcome": "", "comment": "Đủ giấy tờ"}, follow=True
    )

    assert response.redirect_chain == [("/viec-cua-toi/", 302)]
    assert f"Đã hoàn thành bước “Kiểm tra, chuyển hồ sơ” của hồ sơ {case.code}." in words(response)
    assert "Bước tiếp theo: Thẩm định hồ sơ." in words(response)
    assert open_task(case).name == "Thẩm định hồ sơ"
    assert Task.objects.get(node="forward").comment == "Đủ giấy tờ"


def test_whoever_has_the_next_step_too_stays_on_the_case(world: World) -> None:
    make_person(world.system, "yen", "Cao Hải Yến", world.office, "LEADER")
    case = world.receive()
    step(world.cuc, case)
    step(world.binh, case)
    client = sign_in(world.dung)
    task = open_task(case)
    Task.objects.filter(pk=task.pk).update(role="OFFICER")

    response = sign_in(world.binh).post(
        address(case, task), {"outcome": "RETURN", "comment": "Làm lại"}
    )

    assert response["Location"] == f"/ho-so/{case.code}/"
    assert client.get(f"/ho-so/{case.code}/").status_code == 200


def test_the_last_step_says_that_the_result_waits(world: World) -> None:
    case = world.receive()
    step(world.cuc, case)
    step(world.binh, case)

    response = sign_in(world.dung).post(
        address(case, open_task(case)), {"outcome": "APPROVE"}, follow=True
    )

    assert "đã xử lý xong và chờ trả kết quả" in words(response)
    assert Case.objects.get().status == "DONE"


def test_returning_without_a_reason_is_refused_and_the_page_stays(world: World) -> None:
    case = world.receive()
    step(world.cuc, case)
    step(world.binh, case)

    response = sign_in(world.dung).post(address(case, open_task(case)), {"outcome": "RETURN"})

    assert response.status_code == 409
    assert "Hãy ghi lý do khi chọn “Trả lại để làm lại”" in words(response)
    assert open_task(case).name == "Phê duyệt"


def test_what_was_typed_is_kept_when_the_outcome_is_refused(world: World) -> None:
    case = world.receive()

    response = sign_in(world.cuc).post(
        address(case, open_task(case)), {"outcome": "SING", "comment": "Đã đối chiếu <bản gốc>"}
    )

    assert response.status_code == 409
    assert "Đã đối chiếu &lt;bản gốc&gt;</textarea>" in response.content.decode()


def test_the_second_officer_is_told_who_did_it_and_when_and_loses_no_word(world: World) -> None:
    yen = make_person(world.system, "yen", "Cao Hải Yến", world.centre, "CLERK")
    case = world.receive()
    task = open_task(case)
    sign_in(world.cuc).post(address(case, task), {"outcome": ""})

    response = sign_in(yen).post(address(case, task), {"outcome": "", "comment": "Hồ sơ đủ"})

    assert response.status_code == 409
    page = words(response)
    assert "đã được Trần Thị Cúc hoàn thành lúc 10:00 06/03/2023" in page
    assert "chưa được ghi: “Hồ sơ đủ”" in page
    assert Entry.objects.filter(event="case.step_completed").count() == 1


def test_a_double_click_completes_one_step(world: World) -> None:
    case = world.receive()
    task = open_task(case)
    client = sign_in(world.cuc)

    client.post(address(case, task), {"outcome": ""})
    client.post(address(case, task), {"outcome": ""})

    assert Task.objects.filter(run_id=case.run_id).count() == 2


def test_a_colleague_in_another_role_is_refused_on_the_page_of_the_case(world: World) -> None:
    case = world.receive()
    step(world.cuc, case)

    response = sign_in(world.dung).post(address(case, open_task(case)), {"outcome": ""})

    assert response.status_code == 403
    assert "thuộc việc của vị trí khác" in words(response)
    assert open_task(case).name == "Thẩm định hồ sơ"


def test_someone_of_another_agency_is_refused_and_the_attempt_is_noted(world: World) -> None:
    case = world.receive()

    response = sign_in(world.oanh).post(address(case, open_task(case)), {"outcome": ""})

    assert response.status_code == 403
    assert "do cơ quan khác tiếp nhận" in words(response)
    assert not Read.objects.get().was_allowed
    assert open_task(case).name == "Kiểm tra, chuyển hồ sơ"


def test_an_unknown_step_gets_a_clear_page(world: World) -> None:
    case = world.receive()

    response = sign_in(world.cuc).post(f"/ho-so/{case.code}/buoc/999999/", {"outcome": ""})

    assert response.status_code == 404
    assert "Không có bước nào mang số 999999" in words(response)


def test_a_comment_that_is_too_long_is_refused_and_kept(world: World) -> None:
    case = world.receive()

    response = sign_in(world.cuc).post(
        address(case, open_task(case)), {"outcome": "", "comment": "ờ" * 4001}
    )

    assert response.status_code == 422
    assert "dài quá 4.000 ký tự" in words(response)
    assert "ờ" * 4001 in response.content.decode()


def test_a_step_is_not_completed_by_following_a_link(world: World) -> None:
    case = world.receive()

    assert sign_in(world.cuc).get(address(case, open_task(case))).status_code == 405

"""The pages on which an agency is dissolved: its work before, what moved after, and taking it back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from motcua.cases import actions
from motcua.cases.dissolution_queries import PARTS
from motcua.cases.models import Case, Dissolution
from motcua.cases.tests.dissolving import Merger, make_merger, open_task
from motcua.cases.tests.world import MONDAY, World
from motcua.desk.tests.rows import LATER, count_queries, desk_clock, sign_in, words
from motcua.people import queries as people

PAGE = "/quan-tri/co-quan/H19.17/giai-the/"


@pytest.fixture
def merger(world: World) -> Iterator[Merger]:
    with desk_clock():
        yield make_merger(world)


@pytest.fixture
def admin(merger: Merger) -> Client:
    return sign_in(merger.admin)


def typed(**changes: str) -> dict[str, str]:
    return {
        "decision_number": "12/NQ-HĐND",
        "decision_date": "01/03/2023",
        "last_day": "06/03/2023",
        "successor": "H19.30",
        **changes,
    }


def test_nobody_without_the_right_sees_or_does_anything(merger: Merger) -> None:
    for outsider in (merger.world.oanh, merger.lan, merger.world.controller):
        browser = sign_in(outsider)
        assert browser.get(PAGE).status_code == 403
        assert browser.post(PAGE, typed()).status_code == 403
        assert browser.get(f"{PAGE}cases/").status_code == 403
        assert browser.post(f"{PAGE}huy/", {"reason": "Nhầm"}).status_code == 403

    assert not Dissolution.objects.exists()


def test_the_controller_above_may(merger: Merger) -> None:
    browser = sign_in(merger.world.controller)

    assert browser.get("/quan-tri/co-quan/H19.01.01/giai-the/").status_code == 200
    assert "/H19.01.01/giai-the/" in browser.get("/quan-tri/co-quan/").content.decode()
    assert "/H19.17/giai-the/" not in browser.get("/quan-tri/co-quan/").content.decode()


def test_before_it_is_done_the_page_tells_what_there_is_and_becomes_of_it(
    merger: Merger, admin: Client
) -> None:
    merger.received(2)

    page = admin.get(PAGE)

    said = words(page)
    assert "Bước đang mở 2 chuyển sang cơ quan kế thừa, cùng vai trò, hạn không đổi" in said
    assert "Không có: Hồ sơ đã xong, chờ trả kết quả; Hồ sơ trực tuyến chờ trả lời;" in said
    assert f'href="{PAGE}steps/"' in page.content.decode()
    # Neither the agency itself nor what stands below it can go on with its work.
    assert 'value="H19.17"' not in page.content.decode()
    assert "Sở Nông nghiệp và Môi trường (H19.30)" in said


def test_every_count_leads_to_as_many_rows(merger: Merger, admin: Client) -> None:
    (case, _other) = merger.received(2)
    actions.take_task(officer=merger.world.oanh, task_id=open_task(case).pk, now=LATER)

    said = {part: words(admin.get(f"{PAGE}{part}/")) for part in PARTS}

    assert case.code in said["cases"]
    assert f"{case.code}, Công chức thụ lý, Đỗ Thị Oanh" in said["steps"]
    assert "Ngô Thị Lan Lãnh đạo" in said["posts"]
    assert "Cấp giấy phép khai thác nước dưới đất 1.000001" in said["procedures"]
    assert "Không có gì ở đây" in said["registers"]
    # The administrator learns no name of a citizen.
    assert not any("Thúy An" in text for text in said.values())
    assert admin.get(f"{PAGE}nothing/").status_code == 404
    assert admin.get("/quan-tri/co-quan/H99.99/giai-the/").status_code == 404


def test_what_hinders_it_is_said_at_once(merger: Merger, admin: Client) -> None:
    office = admin.get("/quan-tri/co-quan/H19.01/giai-the/")
    top = admin.get("/quan-tri/co-quan/H19/giai-the/")

    assert "còn 1 cơ quan trực thuộc đang hoạt động: Trung tâm Hành chính công" in words(office)
    assert "đứng đầu cây cơ quan" in words(top)
    assert 'name="last_day"' not in top.content.decode()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"last_day": ""}, "Ngày hoạt động cuối: Chưa ghi ngày"),
        ({"last_day": "31/02/2023"}, "Ngày không có thật"),
        ({"last_day": "31/12/9999"}, "Ngày này quá xa"),
        ({"last_day": "05/03/2023"}, "đã qua"),
        ({"decision_number": ""}, "Hãy ghi số văn bản giải thể"),
        ({"successor": ""}, "phải có cơ quan kế thừa"),
        ({"successor": "H19.17"}, "không nhận việc được"),
    ],
)
def test_what_is_wrong_is_said_and_kept(
    merger: Merger, admin: Client, changes: dict[str, str], said: str
) -> None:
    merger.received()

    answer = admin.post(PAGE, typed(**changes))

    assert answer.status_code == 422
    assert said in words(answer)
    assert changes.get("decision_number") == "" or 'value="12/NQ-HĐND"' in answer.content.decode()
    assert not Dissolution.objects.exists()


def test_it_is_done_and_the_page_then_lists_what_moved(merger: Merger, admin: Client) -> None:
    (case,) = merger.received()

    answer = admin.post(PAGE, typed(), follow=True)

    said = words(answer)
    assert "Đã giải thể Sở Tài nguyên và Môi trường" in said
    assert "12/NQ-HĐND" in said
    assert "1 hồ sơ đã chuyển" in said
    assert case.code in said
    assert open_task(case).agency_id == merger.new.pk
    assert "Xem giải thể" in words(admin.get("/quan-tri/co-quan/"))
    hoa = sign_in(people.get_person(user_id=merger.hoa.id))
    assert case.code in hoa.get("/viec-cua-toi/").content.decode()
    page = words(hoa.get(f"/ho-so/{case.code}/"))
    assert "Cơ quan giải thể, việc chuyển cho cơ quan kế thừa" in page


def test_whoever_had_one_step_of_a_case_is_told_where_it_went(merger: Merger) -> None:
    (case,) = merger.received()
    Case.objects.update(settling_agency=merger.world.centre)
    oanh, task = sign_in(merger.world.oanh), open_task(case)
    seen = oanh.get(f"/ho-so/{case.code}/")

    merger.dissolve(now=MONDAY)
    done = oanh.post(f"/ho-so/{case.code}/buoc/{task.pk}/", {"step": task.node, "comment": "Đủ"})

    assert (seen.status_code, done.status_code) == (200, 403)
    told = words(done)
    assert f"Hồ sơ {case.code} đã chuyển sang {merger.new.name} lúc" in told
    assert f"{merger.old.name} giải thể theo 12/NQ-HĐND" in told
    assert open_task(case).completed_at is None
    # Whoever never worked there is not told where it went.
    stranger = words(sign_in(merger.world.binh).get(f"/ho-so/{case.code}/"))
    assert "do cơ quan khác" in stranger
    assert "giải thể" not in stranger


def test_with_a_day_ahead_the_page_says_when_it_moves(merger: Merger, admin: Client) -> None:
    (case,) = merger.received()

    said = words(admin.post(PAGE, typed(last_day="10/03/2023"), follow=True))

    assert "đầu giờ làm việc đầu tiên sau ngày cuối" in said
    assert "Bước đang mở 1" in said
    assert open_task(case).agency_id == merger.old.pk


def test_it_is_taken_back_with_a_reason(merger: Merger, admin: Client) -> None:
    (case,) = merger.received()
    admin.post(PAGE, typed())

    lacking = admin.post(f"{PAGE}huy/", {"reason": ""})
    done = admin.post(f"{PAGE}huy/", {"reason": "Ghi nhầm"}, follow=True)
    again = admin.post(f"{PAGE}huy/", {"reason": "Ghi nhầm"}, follow=True)

    assert (lacking.status_code, "Hãy ghi lý do hủy" in words(lacking)) == (422, True)
    assert "Đã hủy giải thể" in words(done)
    assert "chưa được ghi giải thể" in words(again)
    assert open_task(case).agency_id == merger.old.pk


def test_what_went_on_is_named_where_it_cannot_be_taken_back(merger: Merger, admin: Client) -> None:
    (case,) = merger.received()
    admin.post(PAGE, typed())
    hoa = people.get_person(user_id=merger.hoa.id)
    actions.take_task(officer=hoa, task_id=open_task(case).pk, now=LATER)

    answer = admin.post(f"{PAGE}huy/", {"reason": "Ghi nhầm"})

    assert answer.status_code == 422
    assert f"không hủy được nữa: {case.code}" in words(answer)
    assert 'value="Ghi nhầm"' in answer.content.decode()


def test_the_pages_ask_as_much_for_many_cases_as_for_few(merger: Merger, admin: Client) -> None:
    merger.received()
    pages = [PAGE, *(f"{PAGE}{part}/" for part in ("cases", "steps", "posts"))]
    few = [count_queries(admin, one) for one in pages]
    merger.received(4)
    many = [count_queries(admin, one) for one in pages]
    admin.post(PAGE, typed())

    assert many == few
    assert count_queries(admin, PAGE) <= 12

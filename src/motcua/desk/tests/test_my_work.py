"""My work: what waits for me or my unit, nearest deadline first, with counts that hold."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

import pytest
from django.test import Client

from motcua.audit.models import Read
from motcua.cases import actions as cases
from motcua.cases import work_queries
from motcua.cases.models import Case
from motcua.cases.tests.world import MONDAY, World, make_person
from motcua.desk import chips
from motcua.desk.tests.rows import (
    count_queries,
    desk_clock,
    make_rows,
    open_task,
    set_clock,
    sign_in,
    step,
    words,
)
from motcua.engine import vietnamese
from motcua.lawbook import queries as lawbook
from motcua.people import actions as people_actions
from motcua.people import queries as people
from motcua.people.models import Post
from motcua.procedures.models import Field
from motcua.workflow.models import Task

WORK = "/viec-cua-toi/"
FRIDAY = MONDAY + timedelta(days=4)


@pytest.fixture
def world(world: World) -> Iterator[World]:
    with desk_clock():
        yield world


def codes(response: object) -> list[str]:
    page = response.content.decode()  # type: ignore[attr-defined]
    return re.findall(r'class="cell-title cell-code" href="/ho-so/([^"/]+)/"', page)


def counts(response: object) -> dict[str, int]:
    """Return the number on each chip by its words."""
    page = response.content.decode()  # type: ignore[attr-defined]
    chips = re.findall(r'<a class="filter"[^>]*>(.*?)</a>', page, re.DOTALL)
    found = (re.sub(r"<[^>]+>", " ", chip).split() for chip in chips)
    return {" ".join(parts[:-1]): int(parts[-1]) for parts in found}


def test_a_visitor_is_led_to_the_sign_in_page(world: World) -> None:
    for address in ("/", WORK, "/ho-so/", "/tra-ket-qua/", "/tim/?q=a", "/ho-so/X/"):
        response = Client().get(address)

        assert response.status_code == 302
        assert response["Location"].startswith("/tai-khoan/")


def test_what_waits_for_the_unit_is_listed_nearest_deadline_first(world: World) -> None:
    late = world.receive(now=MONDAY + timedelta(days=1))
    early = world.receive(now=MONDAY)
    set_clock(MONDAY + timedelta(days=1, hours=2))

    response = sign_in(world.cuc).get(WORK)

    assert codes(response) == [early.code, late.code]
    page = words(response)
    assert "Nguyễn Thị Thúy An" in page
    assert "Cấp giấy phép khai thác nước dưới đất" in page
    assert "Kiểm tra, chuyển hồ sơ" in page
    assert "còn 4 ngày làm việc" in page


def test_work_of_another_unit_or_role_is_not_listed(world: World) -> None:
    world.receive()

    for person in (world.binh, world.dung, world.oanh):
        assert codes(sign_in(person).get(WORK)) == []


def test_a_step_that_is_done_leaves_the_list_and_reaches_the_next_unit(world: World) -> None:
    case = world.receive()
    step(world.cuc, case)

    assert codes(sign_in(world.cuc).get(WORK)) == []
    assert codes(sign_in(world.binh).get(WORK)) == [case.code]


def test_overdue_is_said_in_words_and_marked(world: World) -> None:
    case = world.receive()
    set_clock(datetime(2023, 3, 15, 17, 30, tzinfo=MONDAY.tzinfo))

    response = sign_in(world.cuc).get(WORK, {"state": "overdue"})

    assert codes(response) == [case.code]
    assert "quá hạn 2 ngày làm việc" in words(response)
    assert '<tr class="row-late">' in response.content.decode()


def test_the_chips_count_what_their_lists_hold(world: World) -> None:
    other = Field.objects.create(
        code="DD", name="Đất đai", sort_name=vietnamese.sort_key("Đất đai")
    )
    make_rows(world, 3, prefix="A", due_at=MONDAY - timedelta(days=4))
    make_rows(world, 2, prefix="B", assignee_id=world.cuc.id)
    moved = make_rows(world, 4, prefix="C", due_at=MONDAY + timedelta(hours=4))
    Case.objects.filter(pk__in=[case.pk for case in moved]).update(field=other)
    client = sign_in(world.cuc)

    response = client.get(WORK)

    assert counts(response) == {
        "Tất cả": 9,
        "Tôi đã nhận": 2,
        "Quá hạn": 3,
        "Đến hạn hôm nay": 4,
        "Sắp đến hạn": 4,
        "Mọi lĩnh vực": 9,
        "Đất đai": 4,
        "Tài nguyên nước": 5,
    }
    within = counts(client.get(WORK, {"field": other.pk}))
    assert (within["Tất cả"], within["Quá hạn"], within["Sắp đến hạn"]) == (4, 0, 4)
    assert len(codes(client.get(WORK, {"field": str(other.pk), "state": "soon"}))) == 4


@pytest.mark.parametrize("seed", range(6))
def test_each_count_is_the_length_of_its_list(world: World, seed: int) -> None:
    random = Random(seed)
    fields = [world.field] + [
        Field.objects.create(code=f"F{n}", name=f"Lĩnh vực {n}", sort_name=f"{n}") for n in range(3)
    ]
    made = make_rows(world, 60)
    for case in made:
        task = open_task(case)
        task.role = random.choice(["CLERK", "CLERK", "OFFICER"])
        task.agency_id = random.choice([world.centre.pk, world.centre.pk, world.office.pk])
        task.assignee_id = random.choice([None, world.cuc.id, world.binh.id])
        is_done = random.random() < 0.2
        task.completed_at = MONDAY if is_done else None
        task.completed_by_id = world.binh.id if is_done else None
        task.save()
        # A second task of the same run, as parallel branches have.
        if random.random() < 0.4:
            task.pk = None
            task.node, task.completed_at, task.completed_by_id = "second", None, None
            task.role = random.choice(["CLERK", "OFFICER"])
            task.assignee_id = random.choice([None, world.cuc.id])
            task.save()
        Case.objects.filter(pk=case.pk).update(
            due_at=MONDAY + timedelta(hours=random.randint(-90, 90)), field=random.choice(fields)
        )
    soon_until = chips.soon_until(MONDAY, lawbook.get_calendar())

    for field_id in [None, *(field.pk for field in fields)]:
        told = work_queries.count_work(
            world.cuc, field_id=field_id, soon_until=soon_until, now=MONDAY
        )
        for state, count in told.items():
            wanted = work_queries.WorkFilter(state=state, field_id=field_id)
            rows = list(
                work_queries.list_work(world.cuc, wanted=wanted, soon_until=soon_until, now=MONDAY)
            )
            assert len(rows) == count
            tasks = Task.objects.in_bulk([row.task_id for row in rows])  # type: ignore[attr-defined]
            assert len(tasks) == count
            for row in rows:
                task = tasks[row.task_id]  # type: ignore[attr-defined]
                assert (task.run_id, task.completed_at) == (row.run_id, None)
                assert (task.agency_id, task.role) == (world.centre.pk, "CLERK")
                assert task.assignee_id == row.task_assignee_id  # type: ignore[attr-defined]
    by_field = work_queries.count_work_by_field(
        world.cuc, state="all", soon_until=soon_until, now=MONDAY
    )
    assert (
        sum(field["count"] for field in by_field)
        == work_queries.count_waiting(world.cuc, now=MONDAY)["desk:my-work"]
    )


def test_the_rail_counts_in_one_query_and_follows_who_loses_a_post(
    world: World, django_assert_num_queries: object
) -> None:
    world.receive()
    with django_assert_num_queries(1):  # type: ignore[operator]
        waiting = work_queries.count_waiting(world.cuc, now=MONDAY)
    assert waiting == {"desk:my-work": 1, "desk:returns": 0, "desk:online": 0}

    Post.objects.filter(person_id=world.cuc.id).update(ends_on=MONDAY.date())
    left = people.get_person(user_id=world.cuc.id)
    assert work_queries.count_waiting(left, now=MONDAY)["desk:my-work"] == 0
    # Known since the morning, the same person still held the post the day before.
    before = work_queries.count_waiting(left, now=MONDAY - timedelta(days=1))
    assert before["desk:my-work"] == 1


@pytest.mark.parametrize("elsewhere", ["abc", "-1", "//evil.example/", "https://evil.example/", ""])
def test_where_one_came_from_is_a_page_of_this_site_or_the_case(
    world: World, elsewhere: str
) -> None:
    case = world.receive()
    task = open_task(case)

    response = sign_in(world.cuc).post(
        f"/ho-so/{case.code}/nhan-viec/{task.pk}/", {"to": "take", "next": elsewhere}
    )

    assert (response.status_code, response["Location"]) == (302, f"/ho-so/{case.code}/")


def test_taking_a_task_puts_it_in_ones_hands_and_keeps_the_filter(world: World) -> None:
    case = world.receive()
    task = open_task(case)
    client = sign_in(world.cuc)

    response = client.post(
        f"/ho-so/{case.code}/nhan-viec/{task.pk}/",
        {"to": "take", "next": "/viec-cua-toi/?state=all"},
        follow=True,
    )

    assert response.redirect_chain == [("/viec-cua-toi/?state=all", 302)]
    assert open_task(case).assignee_id == world.cuc.id
    assert "Anh/chị đã nhận bước “Kiểm tra, chuyển hồ sơ”" in words(response)
    assert codes(client.get(WORK, {"state": "mine"})) == [case.code]


def test_a_double_click_on_take_does_not_give_the_task_back(world: World) -> None:
    case = world.receive()
    address = f"/ho-so/{case.code}/nhan-viec/{open_task(case).pk}/"
    client = sign_in(world.cuc)

    client.post(address, {"to": "take"})
    client.post(address, {"to": "take"})

    assert open_task(case).assignee_id == world.cuc.id


def test_taking_can_be_undone_from_the_message(world: World) -> None:
    case = world.receive()
    client = sign_in(world.cuc)
    response = client.post(
        f"/ho-so/{case.code}/nhan-viec/{open_task(case).pk}/", {"to": "take"}, follow=True
    )
    undo = re.search(r'<form method="post" action="([^"]*give-back)"', response.content.decode())

    assert undo is not None
    client.post(undo[1])

    assert open_task(case).assignee_id is None


def test_a_task_in_anothers_hands_is_refused_with_the_name(world: World) -> None:
    case = world.receive()
    yen = make_person(world.system, "yen", "Cao Hải Yến", world.centre, "CLERK")
    task = open_task(case)
    Task.objects.filter(pk=task.pk).update(assignee_id=yen.id)

    response = sign_in(world.cuc).post(f"/ho-so/{case.code}/nhan-viec/{task.pk}/")

    assert response.status_code == 409
    assert "đang do Cao Hải Yến nhận xử lý" in words(response)
    assert "Cao Hải Yến" in words(sign_in(world.cuc).get(WORK))


def test_nobody_is_led_to_another_site_after_taking(world: World) -> None:
    case = world.receive()

    response = sign_in(world.cuc).post(
        f"/ho-so/{case.code}/nhan-viec/{open_task(case).pk}/",
        {"to": "take", "next": "https://example.org/"},
    )

    assert response["Location"] == f"/ho-so/{case.code}/"


def test_an_empty_list_says_what_will_appear(world: World) -> None:
    client = sign_in(world.cuc)

    assert "Chưa có việc nào chờ" in words(client.get(WORK))
    assert "Không có việc nào khớp bộ lọc" in words(client.get(WORK, {"state": "overdue"}))


def test_a_filter_that_makes_no_sense_filters_nothing(world: World) -> None:
    case = world.receive()
    client = sign_in(world.cuc)

    for wrong in ({"state": "x"}, {"field": "x"}, {"field": "9" * 30}, {"page": "x"}):
        assert codes(client.get(WORK, wrong)) == [case.code]


def test_pages_hold_fifty_rows(world: World) -> None:
    make_rows(world, 60)
    client = sign_in(world.cuc)

    assert len(codes(client.get(WORK))) == 50
    assert len(codes(client.get(WORK, {"page": 2}))) == 10


def test_the_page_takes_as_many_queries_for_a_thousand_rows_as_for_ten(world: World) -> None:
    client = sign_in(world.cuc)
    make_rows(world, 10, prefix="FEW")
    few = count_queries(client, WORK)
    make_rows(world, 990, prefix="MANY")

    assert count_queries(client, WORK) == few
    assert few <= 14


def test_home_leads_to_the_first_page_a_post_allows(world: World) -> None:
    assert sign_in(world.cuc).get("/")["Location"] == WORK
    assert sign_in(world.controller).get("/")["Location"] == "/ho-so/"


def test_an_expired_post_opens_nothing_and_says_since_when(world: World) -> None:
    gone = make_person(
        world.system, "gia", "Hồ Văn Gia", world.centre, "CLERK", ends_on=MONDAY.date()
    )
    client = sign_in(gone)

    for address in ("/", WORK, "/ho-so/", "/tra-ket-qua/"):
        response = client.get(address)

        assert response.status_code == 403
        assert "đã hết hiệu lực từ ngày 06/03/2023" in words(response)


def test_one_works_in_the_post_one_chooses(world: World) -> None:
    people_actions.give_post(
        officer=world.system,
        now=MONDAY,
        person_id=world.cuc.id,
        agency_id=world.office.pk,
        role="OFFICER",
        starts_on=MONDAY.date(),
        ends_on=None,
    )
    client = sign_in(world.cuc)
    post = client.get(WORK).context["posts"][-1]

    client.post("/chon-vi-tri/", {"post": post.id})

    assert client.get(WORK).context["current_post"].id == post.id
    refused = client.post("/chon-vi-tri/", {"post": "999999"}, follow=True)
    assert "không còn giữ vị trí đã chọn" in words(refused)
    assert client.get(WORK).context["current_post"].id == post.id


def test_reading_lists_notes_no_reads(world: World) -> None:
    world.receive()

    sign_in(world.cuc).get(WORK)

    assert not Read.objects.exists()


def test_the_step_of_a_case_that_waits_for_the_citizen_is_not_late(world: World) -> None:
    case = world.receive(now=MONDAY)
    cases.request_supplement(
        officer=world.cuc, case_code=case.code, reason="Thiếu bản vẽ", now=MONDAY
    )

    page = words(sign_in(world.cuc).get("/viec-cua-toi/"))

    assert "tạm dừng từ 06/03/2023" in page
    assert "quá hạn" not in page.replace("Quá hạn", "")

"""The page of assignment: whose it is, its counts, marking tasks, and the warning at the posts."""

from collections.abc import Iterator

import pytest

from motcua.cases.tests.world import MONDAY, World, make_person
from motcua.desk.tests.rows import count_queries, desk_world, make_rows, sign_in, step, words
from motcua.people.models import Post
from motcua.workflow.models import Task

PAGE = "/phan-cong/"


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with desk_world() as world:
        yield world


def appraisals(world: World, count: int, **task: object) -> None:
    make_rows(world, count, agency_id=world.office.pk, role="OFFICER", **task)  # type: ignore[arg-type]


def test_only_a_leader_has_the_page(world: World) -> None:
    for person in (world.oanh, world.binh, world.controller):
        assert sign_in(person).get(PAGE).status_code == 403
        assert sign_in(person).post(PAGE, {"all": "1", "to": "suggest"}).status_code == 403


def test_a_leader_sees_own_units_and_no_others(world: World) -> None:
    appraisals(world, 2)
    stranger = make_person(world.system, "son", "Đinh Văn Sơn", world.elsewhere, "LEADER")

    assert "Giao tất cả 2 việc trong danh sách" in words(sign_in(world.dung).get(PAGE))
    assert "Không có việc nào ở đây" in words(sign_in(stranger).get(PAGE))


def test_nothing_marked_and_nobody_chosen_is_said(world: World) -> None:
    appraisals(world, 1)
    client = sign_in(world.dung)

    assert "Chưa chọn việc nào" in words(client.post(PAGE, {"to": "suggest"}))
    task = str(Task.objects.get().pk)
    assert "Chưa chọn người nhận" in words(client.post(PAGE, {"task": task, "to": "x"}))


def test_who_left_is_warned_of_at_the_posts_and_hands_over_by_suggestion(world: World) -> None:
    cu = make_person(world.system, "cu", "Mai Văn Cũ", world.office, "OFFICER")
    case = world.receive()
    task = Task.objects.get(run_id=case.run_id)
    Task.objects.update(assignee_id=cu.id, agency_id=world.office.pk, role="OFFICER")
    Post.objects.filter(person_id=cu.id).update(ends_on=MONDAY.date())

    posts = words(sign_in(world.controller).get("/quan-tri/"))
    response = sign_in(world.dung).post(f"{PAGE}?state=left", {"all": "1", "to": "suggest"})

    assert "cần bàn giao: Mai Văn Cũ (1)" in posts
    assert "Đã giao 1 việc, không giao được 0 việc" in words(response)
    task.refresh_from_db()
    assert task.assignee_id == world.binh.id
    assert "cần bàn giao" not in words(sign_in(world.controller).get("/quan-tri/"))


def test_each_count_is_that_of_its_list(world: World) -> None:
    appraisals(world, 2, prefix="FREE")
    appraisals(world, 3, prefix="HELD", assignee_id=world.binh.id)
    client = sign_in(world.dung)

    for state, count in (("all", 5), ("unheld", 2), ("left", 0)):
        page = words(client.get(f"{PAGE}?state={state}"))
        assert (f"Giao tất cả {count} việc" in page) == bool(count)
    held = words(client.get(f"{PAGE}?holder={world.binh.id}"))
    assert "Giao tất cả 3 việc" in held


def test_a_case_that_passed_several_units_is_listed_once_and_only_where_it_waits(
    world: World,
) -> None:
    case = world.receive()
    step(world.cuc, case)
    son = make_person(world.system, "son", "Đinh Văn Sơn", world.centre, "LEADER")

    page = words(sign_in(world.dung).get(PAGE))

    assert "Giao tất cả 1 việc trong danh sách" in page
    assert "Không có việc nào ở đây" in words(sign_in(son).get(PAGE))


def test_the_page_costs_the_same_for_ten_as_for_a_thousand_tasks(world: World) -> None:
    costs = []
    for number, prefix in ((10, "FEW"), (1000, "MANY")):
        appraisals(world, number, prefix=prefix, assignee_id=world.binh.id)
        costs.append(count_queries(sign_in(world.dung), PAGE))

    assert costs[0] == costs[1] == 13

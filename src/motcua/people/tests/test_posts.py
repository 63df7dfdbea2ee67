"""Giving and ending posts: by days, never the same one twice at a time, never the last administrator."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.db import connection

from motcua.audit.queries import list_entries
from motcua.people import actions, queries
from motcua.people.models import Agency, Post
from motcua.people.tests.cast import (
    LONG_AGO,
    MONDAY,
    Province,
    give,
    make_agency,
    make_person,
    make_province,
)

TODAY = MONDAY.date()


def end(province: Province, post: Post, ends_on: date) -> Post:
    return actions.end_post(officer=province.admin, post_id=post.pk, ends_on=ends_on, now=MONDAY)


@pytest.fixture
def whole_province(transactional_db: None) -> Province:
    """The province in a database that other threads see too."""
    return make_province()


def test_who_may_not_change_posts_gives_none(province: Province) -> None:
    with pytest.raises(actions.NotAllowed):
        give(province.controller, province.clerk.id, province.office, "LEADER")

    assert Post.objects.filter(person_id=province.clerk.id).count() == 1


def test_a_post_is_given_from_a_day_on_and_told(province: Province) -> None:
    post = give(
        province.admin,
        province.clerk.id,
        province.office,
        "OFFICER",
        starts_on=date(2023, 4, 1),
        ends_on=date(2023, 5, 1),
    )

    held = queries.get_person(user_id=province.clerk.id).posts[-1]
    entry = list_entries(f"person:{province.clerk.id}").last()
    assert (held.role, held.agency_id) == ("OFFICER", province.office.pk)
    assert not held.is_held_on(date(2023, 3, 31))
    assert held.is_held_on(date(2023, 4, 30))
    assert not held.is_held_on(date(2023, 5, 1))
    assert entry is not None
    assert (entry.event, entry.because) == ("post.given", province.office.name)
    assert entry.facts == {
        "post": post.pk,
        "role": "OFFICER",
        "agency": "H19.01",
        "starts_on": "2023-04-01",
        "ends_on": "2023-05-01",
    }


@pytest.mark.parametrize("length", [0, -1, -30])
def test_a_post_must_last_a_day(province: Province, length: int) -> None:
    with pytest.raises(actions.CannotChangePost, match="phải từ ngày đầu 06/03/2023 trở đi"):
        give(
            province.admin,
            province.clerk.id,
            province.office,
            starts_on=TODAY,
            ends_on=TODAY + timedelta(days=length),
        )


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [
        (TODAY, None),
        (date(2019, 1, 1), None),
        (LONG_AGO, date(2020, 1, 2)),
        (date(2023, 3, 5), date(2023, 3, 7)),
    ],
)
def test_the_same_post_is_not_held_twice_at_a_time(
    province: Province, starts_on: date, ends_on: date | None
) -> None:
    Agency.objects.update(starts_on=date(2010, 1, 1))

    with pytest.raises(actions.CannotChangePost, match="khoảng thời gian trùng nhau"):
        give(
            province.admin,
            province.clerk.id,
            province.centre,
            starts_on=starts_on,
            ends_on=ends_on,
        )

    assert Post.objects.filter(person_id=province.clerk.id).count() == 1


def test_posts_that_touch_do_not_overlap(province: Province) -> None:
    an = make_person(
        province.system, "an", "Nguyễn Văn An", province.centre, "CLERK", ends_on=TODAY
    )

    give(province.admin, an.id, province.centre, "CLERK", starts_on=TODAY)

    assert Post.objects.filter(person_id=an.id).count() == 2


def test_another_role_or_agency_at_the_same_time_is_another_post(province: Province) -> None:
    give(province.admin, province.clerk.id, province.centre, "OFFICER")
    give(province.admin, province.clerk.id, province.office, "CLERK")

    assert Post.objects.filter(person_id=province.clerk.id).count() == 3


@pytest.mark.parametrize(
    ("starts_on", "words"),
    [
        (date(2021, 12, 31), "hoạt động từ ngày 01/01/2022"),
        (date(2023, 1, 1), "ngừng hoạt động từ ngày 01/01/2023"),
    ],
)
def test_a_post_begins_while_its_agency_exists(
    province: Province, starts_on: date, words: str
) -> None:
    board = make_agency(
        province.system,
        "H19.40",
        "Ban Dân tộc",
        parent=province.province,
        starts_on=date(2022, 1, 1),
        ends_on=date(2023, 1, 1),
    )

    with pytest.raises(actions.CannotChangePost, match=words):
        give(province.admin, province.clerk.id, board, starts_on=starts_on)


def test_an_unknown_role_is_refused(province: Province) -> None:
    with pytest.raises(ValueError, match="KING"):
        give(province.admin, province.clerk.id, province.office, "KING")


def test_a_post_that_ends_is_held_up_to_the_day_before(province: Province) -> None:
    post = Post.objects.get(person_id=province.clerk.id)

    end(province, post, TODAY)

    clerk = queries.get_person(username="cuc")
    entry = list_entries(f"person:{clerk.id}").last()
    assert clerk.posts_on(TODAY - timedelta(days=1))
    assert not clerk.posts_on(TODAY)
    assert entry is not None
    assert (entry.event, entry.facts["ends_on"]) == ("post.ended", "2023-03-06")


def test_who_may_not_change_posts_ends_none(province: Province) -> None:
    post = Post.objects.get(person_id=province.clerk.id)

    with pytest.raises(actions.NotAllowed):
        actions.end_post(officer=province.controller, post_id=post.pk, ends_on=TODAY, now=MONDAY)

    assert Post.objects.get(pk=post.pk).ends_on is None


def test_a_post_does_not_end_before_it_begins(province: Province) -> None:
    post = give(province.admin, province.clerk.id, province.office, starts_on=TODAY)

    with pytest.raises(actions.CannotChangePost, match="không thể có ngày cuối là 05/03/2023"):
        end(province, post, TODAY)
    end(province, post, TODAY + timedelta(days=1))

    assert Post.objects.get(pk=post.pk).ends_on == TODAY + timedelta(days=1)


def test_an_end_that_is_set_only_moves_nearer(province: Province) -> None:
    post = Post.objects.get(person_id=province.clerk.id)
    end(province, post, date(2023, 4, 1))

    with pytest.raises(actions.CannotChangePost, match="đã có ngày cuối là 31/03/2023"):
        end(province, post, date(2023, 5, 1))
    end(province, post, date(2023, 3, 15))

    assert Post.objects.get(pk=post.pk).ends_on == date(2023, 3, 15)


def test_a_post_that_does_not_exist_is_said_so(province: Province) -> None:
    with pytest.raises(queries.NoSuchPost, match="mang số 987654"):
        actions.end_post(officer=province.admin, post_id=987654, ends_on=TODAY, now=MONDAY)


def test_the_last_administrator_who_can_sign_in_stays(province: Province) -> None:
    post = Post.objects.get(person_id=province.admin.id)

    with pytest.raises(actions.CannotChangePost, match="vị trí quản trị duy nhất"):
        end(province, post, TODAY)
    make_person(province.system, "quy", "Võ Thị Quý", province.office, "ADMIN")
    end(province, post, TODAY)

    assert Post.objects.get(pk=post.pk).ends_on == TODAY


def test_two_administrators_cannot_end_each_other_at_the_same_moment(
    whole_province: Province,
) -> None:
    quy = make_person(whole_province.system, "quy", "Võ Thị Quý", whole_province.office, "ADMIN")
    start = Barrier(2)

    def attempt(pair: tuple[queries.Person, queries.Person]) -> str:
        officer, other = pair
        start.wait(timeout=10)
        try:
            post = Post.objects.get(person_id=other.id)
            actions.end_post(officer=officer, post_id=post.pk, ends_on=TODAY, now=MONDAY)
        except actions.CannotChangePost:
            return "told"
        finally:
            connection.close()
        return "ended"

    with ThreadPoolExecutor(2) as pool:
        pairs = [(whole_province.admin, quy), (quy, whole_province.admin)]
        outcomes = sorted(pool.map(attempt, pairs))

    assert outcomes == ["ended", "told"]


def test_two_who_give_the_same_post_at_the_same_moment_give_one(whole_province: Province) -> None:
    start = Barrier(3)

    def attempt(_place: int) -> str:
        start.wait(timeout=10)
        try:
            give(whole_province.admin, whole_province.clerk.id, whole_province.office, "OFFICER")
        except actions.CannotChangePost:
            return "told"
        finally:
            connection.close()
        return "given"

    with ThreadPoolExecutor(3) as pool:
        outcomes = sorted(pool.map(attempt, range(3)))

    assert outcomes == ["given", "told", "told"]

"""The list of posts: what it shows, finds and counts, and how many queries it takes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from motcua.people.models import Post, User
from motcua.people.tests.cast import (
    Province,
    give,
    hash_password,
    make_person,
)
from motcua.people.tests.desks import (
    GIVE,
    POSTS,
    TODAY,
    count_queries,
    desk_of,
    make_posts,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def test_posts_are_listed_with_their_last_day_those_in_force_first(
    province: Province, admin: Client
) -> None:
    make_person(
        province.system, "yen", "Đoàn Yến", province.centre, "CLERK", ends_on=date(2023, 3, 1)
    )

    rows = admin.get(POSTS).context["rows"]

    assert [row["post"].person.username for row in rows][-1] == "yen"
    assert (rows[-1]["last_day"], rows[-1]["state"]) == (date(2023, 2, 28), "Đã kết thúc")
    assert {row["state"] for row in rows[:-1]} == {"Đang hiệu lực"}


@pytest.mark.parametrize(
    ("search", "names"),
    [
        ({"q": "tran thi cuc"}, {"cuc"}),
        ({"q": "TRẦN"}, {"cuc"}),
        ({"q": "trung tam"}, {"cuc"}),
        ({"q": "van phong phuc"}, {"phuc"}),
        ({"agency": "H19.01"}, {"phuc", "vy"}),
        ({"agency": "H19.01", "role": "ADMIN"}, {"phuc"}),
        ({"role": "CLERK"}, {"cuc"}),
        ({"q": "nobody"}, set()),
        ({"agency": "H99"}, set()),
        ({"q": "\0"}, {"he-thong", "phuc", "vy", "cuc"}),
    ],
)
def test_posts_are_found_without_marks_by_agency_and_role(
    province: Province, admin: Client, search: dict[str, str], names: set[str]
) -> None:
    answer = admin.get(POSTS, search)

    assert answer.status_code == 200
    assert {row["post"].person.username for row in answer.context["rows"]} == names


def test_the_counts_of_the_chips_are_the_lengths_of_the_lists_behind_them(
    province: Province, admin: Client
) -> None:
    make_person(province.system, "yen", "Đoàn Yến", province.centre, "CLERK", ends_on=TODAY)
    give(province.system, province.clerk.id, province.office, starts_on=TODAY + timedelta(days=1))

    chips = admin.get(POSTS, {"role": "CLERK"}).context["chips"]

    assert {chip["label"]: chip["count"] for chip in chips} == {
        "Tất cả": 3,
        "Đang hiệu lực": 1,
        "Chưa bắt đầu": 1,
        "Đã kết thúc": 1,
    }
    for chip in chips:
        assert len(admin.get(chip["url"]).context["rows"]) == chip["count"]


@pytest.mark.parametrize("address", [POSTS, f"{POSTS}?q=nguyen&role=CLERK", GIVE])
def test_a_page_takes_as_many_queries_for_a_thousand_posts_as_for_ten(
    province: Province, admin: Client, address: str
) -> None:
    make_posts(province, 10)
    few = count_queries(admin, address)
    Post.objects.filter(role="CLERK").delete()
    User.objects.filter(username__startswith="nv").delete()
    make_posts(province, 1000)

    many = count_queries(admin, address)

    assert many == few
    # One of them asks who left a post with tasks in hand.
    assert few <= {GIVE: 8}.get(address, 13)


def test_long_lists_come_in_pages_that_keep_the_search(province: Province, admin: Client) -> None:
    make_posts(province, 120)

    page = admin.get(POSTS, {"q": "nguyen van", "page": "3"})

    assert len(page.context["rows"]) == 20
    assert "q=nguyen+van&amp;page=2" in page.content.decode()


def test_an_account_without_a_post_is_pointed_out(province: Province, admin: Client) -> None:
    user = User.objects.create(username="moi", full_name="Trương Mới")
    user.password = hash_password("motcua-2023")
    user.save()

    words = admin.get(POSTS).content.decode()

    assert f"{GIVE}?person=moi" in words
    assert "moi" not in desk_of(province.controller).get(POSTS).content.decode()

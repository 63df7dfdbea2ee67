"""The page that ends a post: what that means, up to which day."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from motcua.people import queries
from motcua.people.models import Post, User
from motcua.people.tests.cast import (
    Province,
    give,
    make_person,
)
from motcua.people.tests.desks import (
    end_page,
    post_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def test_before_a_post_ends_the_page_says_what_that_means(
    province: Province, admin: Client
) -> None:
    give(province.system, province.clerk.id, province.office, "OFFICER")
    post = Post.objects.get(person_id=province.clerk.id, role="CLERK")

    words = admin.get(end_page(post)).content.decode()

    assert "không còn được tiếp nhận hồ sơ, trả kết quả, xử lý hồ sơ" in words
    assert "Công chức thụ lý, Văn phòng Ủy ban nhân dân tỉnh" in words
    assert 'value="06/03/2023"' in words


def test_a_post_ends_with_the_last_day_that_was_typed(province: Province, admin: Client) -> None:
    post = post_of(province.clerk)

    answer = admin.post(end_page(post), {"last_day": "10/03/2023"}, follow=True)

    clerk = queries.get_person(username="cuc")
    assert clerk.posts_on(date(2023, 3, 10))
    assert not clerk.posts_on(date(2023, 3, 11))
    assert "hết hiệu lực sau ngày 10/03/2023" in answer.content.decode()


@pytest.mark.parametrize(
    ("last_day", "words"),
    [
        ("", "Hãy ghi ngày này"),
        ("mai", "không đúng dạng"),
        ("31/12/2019", "bắt đầu từ ngày 01/01/2020"),
    ],
)
def test_a_day_on_which_a_post_cannot_end_is_told_and_kept(
    province: Province, admin: Client, last_day: str, words: str
) -> None:
    post = post_of(province.clerk)

    answer = admin.post(end_page(post), {"last_day": last_day})

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not last_day or f'value="{last_day}"' in answer.content.decode()
    assert post_of(province.clerk).ends_on is None


def test_one_s_own_last_administrator_s_post_stays(province: Province, admin: Client) -> None:
    post = post_of(province.admin)

    page = admin.get(end_page(post))
    answer = admin.post(end_page(post), {"last_day": "06/03/2023"})

    assert "Đây là vị trí của chính anh/chị." in page.content.decode()
    assert answer.status_code == 422
    assert "vị trí quản trị duy nhất" in answer.content.decode()


def test_a_post_that_has_ended_offers_nothing_to_do(province: Province, admin: Client) -> None:
    former = make_person(
        province.system, "yen", "Đoàn Yến", province.centre, "CLERK", ends_on=date(2023, 3, 1)
    )

    words = admin.get(end_page(post_of(former))).content.decode()

    assert "Vị trí này đã kết thúc" in words
    assert 'name="last_day"' not in words


def test_the_post_of_a_closed_account_can_be_ended(province: Province, admin: Client) -> None:
    User.objects.filter(pk=province.clerk.id).update(is_active=False)
    post = post_of(province.clerk)

    page = admin.get(end_page(post))
    admin.post(end_page(post), {"last_day": "06/03/2023"})

    assert page.status_code == 200
    assert post_of(province.clerk).ends_on == date(2023, 3, 7)


def test_a_post_that_does_not_exist_is_not_found(province: Province, admin: Client) -> None:
    assert admin.get("/quan-tri/vi-tri/987654/ket-thuc/").status_code == 404

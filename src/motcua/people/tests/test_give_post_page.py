"""The page that gives a post: who and where is meant, from which day to which."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from motcua.people.models import Post
from motcua.people.tests.cast import (
    Province,
)
from motcua.people.tests.desks import (
    GIVE,
    giving,
    make_posts,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def test_a_post_is_given_up_to_the_last_day_that_was_typed(
    province: Province, admin: Client
) -> None:
    answer = admin.post(GIVE, giving(), follow=True)

    post = Post.objects.get(person_id=province.clerk.id, role="OFFICER")
    assert (post.agency, post.starts_on, post.ends_on) == (
        province.office,
        date(2023, 4, 1),
        date(2023, 5, 1),
    )
    assert answer.redirect_chain == [("/quan-tri/?q=cuc", 302)]
    assert "Đã giao vị trí Công chức thụ lý" in answer.content.decode()


def test_a_post_may_be_given_without_an_end(province: Province, admin: Client) -> None:
    admin.post(GIVE, giving(last_day=""))

    assert Post.objects.get(person_id=province.clerk.id, role="OFFICER").ends_on is None


def test_sending_the_same_post_twice_gives_it_once(province: Province, admin: Client) -> None:
    admin.post(GIVE, giving())
    again = admin.post(GIVE, giving())

    assert again.status_code == 422
    assert "khoảng thời gian trùng nhau" in again.content.decode()
    assert Post.objects.filter(person_id=province.clerk.id, role="OFFICER").count() == 1


def test_words_that_name_nobody_exactly_offer_who_is_meant(
    province: Province, admin: Client
) -> None:
    asked = giving(person="tran thi", agency="trung tam hanh chinh")

    offered = admin.post(GIVE, asked)
    given = admin.post(GIVE, {**asked, "person_match": "cuc", "agency_match": "H19.01.01"})

    words = offered.content.decode()
    assert offered.status_code == 422
    assert "Trần Thị Cúc (cuc)" in words
    assert "Trung tâm Hành chính công tỉnh (H19.01.01)" in words
    assert 'value="tran thi"' in words
    assert given.status_code == 302
    assert Post.objects.filter(person_id=province.clerk.id, role="OFFICER").exists()


def test_a_match_of_other_words_is_not_taken(province: Province, admin: Client) -> None:
    answer = admin.post(GIVE, giving(person="tran thi", person_match="phuc"))

    assert answer.status_code == 422
    assert Post.objects.filter(role="OFFICER").count() == 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"person": ""}, "Hãy nhập người được giao vị trí."),
        ({"person": "không có ai"}, "Không tìm thấy “không có ai”"),
        ({"agency": "H99"}, "Không tìm thấy “H99”"),
        ({"role": ""}, "Hãy chọn vai trò."),
        ({"role": "KING"}, "Vai trò này không có."),
        ({"first_day": "31/02/2023"}, "Ngày này không có thật"),
        ({"first_day": ""}, "Hãy ghi ngày này"),
        ({"last_day": "31/12/9999"}, "Ngày này quá xa"),
        ({"last_day": "31/03/2023"}, "Ngày cuối 31/03/2023 phải từ ngày đầu 01/04/2023 trở đi"),
        ({"first_day": "01/01/2019"}, "hoạt động từ ngày 01/01/2020"),
    ],
    ids=str,
)
def test_a_mistake_is_told_and_everything_typed_is_kept(
    province: Province, admin: Client, changes: dict[str, str], words: str
) -> None:
    asked = giving(**changes)

    answer = admin.post(GIVE, asked)

    told = answer.content.decode()
    assert answer.status_code == 422
    assert words in told
    for name in ("person", "agency", "first_day", "last_day"):
        assert not asked[name] or f'value="{asked[name]}"' in told
    assert Post.objects.filter(person_id=province.clerk.id).count() == 1


def test_too_many_matches_ask_for_more_words(province: Province, admin: Client) -> None:
    make_posts(province, 30)

    answer = admin.post(GIVE, giving(person="nguyen van"))

    assert "Có hơn 20 kết quả khớp" in answer.content.decode()


def test_the_form_opens_with_the_person_or_agency_it_was_asked_for(
    province: Province, admin: Client
) -> None:
    words = admin.get(GIVE, {"person": "cuc", "agency": "H19.01"}).content.decode()

    assert 'value="cuc"' in words
    assert 'value="H19.01"' in words
    assert 'value="06/03/2023"' in words

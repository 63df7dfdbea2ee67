"""The page that adds an account."""

from __future__ import annotations

import pytest
from django.test import Client

from motcua.people.models import User
from motcua.people.tests.cast import (
    Province,
)
from motcua.people.tests.desks import (
    ADD,
    GIVE,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def test_a_new_account_can_sign_in_and_is_given_a_post_next(
    province: Province, admin: Client
) -> None:
    answer = admin.post(
        ADD, {"username": "an", "full_name": " Nguyễn  Văn An", "password": "cay-tram-2023"}
    )

    assert answer.status_code == 302
    assert answer["Location"] == f"{GIVE}?person=an"
    assert User.objects.get(username="an").full_name == "Nguyễn Văn An"
    assert Client().login(username="an", password="cay-tram-2023")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"username": "cuc"}, "“cuc” đã là của Trần Thị Cúc"),
        ({"username": "nguyen an"}, "không có khoảng trắng"),
        ({"username": ""}, "Hãy nhập tên đăng nhập."),
        ({"full_name": ""}, "Hãy nhập họ và tên."),
        ({"password": "ngan"}, "Mật khẩu quá ngắn"),
        ({"password": "password1"}, "Mật khẩu này quá phổ biến"),
        ({"password": ""}, "Hãy nhập mật khẩu ban đầu."),
    ],
    ids=str,
)
def test_a_mistake_in_an_account_is_told_and_everything_typed_is_kept(
    province: Province, admin: Client, changes: dict[str, str], words: str
) -> None:
    asked = {"username": "an", "full_name": "Nguyễn Văn An", "password": "cay-tram-2023", **changes}

    answer = admin.post(ADD, asked)

    told = answer.content.decode()
    assert answer.status_code == 422
    assert words in told
    assert all(f'value="{value}"' in told for value in asked.values() if value)
    assert not User.objects.filter(username="an").exists()

"""Who may open the pages of posts, accounts and agencies."""

from __future__ import annotations

import pytest
from django.test import Client

from motcua.people.models import User
from motcua.people.tests.cast import (
    Province,
)
from motcua.people.tests.desks import (
    ADD,
    ADD_AGENCY,
    AGENCIES,
    GIVE,
    POSTS,
    desk_of,
    end_page,
    giving,
    post_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


@pytest.mark.parametrize(
    "address", [POSTS, AGENCIES, GIVE, ADD, "/quan-tri/vi-tri/1/ket-thuc/", ADD_AGENCY]
)
def test_a_visitor_is_sent_to_the_door(province: Province, address: str) -> None:
    answer = Client().get(address)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/tai-khoan/login/")


@pytest.mark.parametrize("address", [POSTS, AGENCIES, GIVE, ADD, ADD_AGENCY])
def test_a_clerk_sees_no_page_of_the_administration(province: Province, address: str) -> None:
    answer = desk_of(province.clerk).get(address)

    assert answer.status_code == 403
    assert "không có quyền" in answer.content.decode()


def test_the_controller_sees_posts_and_agencies_and_changes_nothing(province: Province) -> None:
    client = desk_of(province.controller)

    lists = [client.get(POSTS), client.get(AGENCIES)]
    refused = [
        client.get(GIVE),
        client.post(GIVE, giving()),
        client.post(ADD, {"username": "an", "full_name": "An", "password": "cay-tram-2023"}),
        client.post(end_page(post_of(province.clerk)), {"last_day": "06/03/2023"}),
    ]

    assert [answer.status_code for answer in lists] == [200, 200]
    assert all(GIVE not in answer.content.decode() for answer in lists)
    assert [answer.status_code for answer in refused] == [403] * 4
    assert not User.objects.filter(username="an").exists()
    assert post_of(province.clerk).ends_on is None

"""Requests that are refused before they reach a page still get a page that says so."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_a_host_that_is_not_served_is_refused_with_a_page() -> None:
    client = Client(raise_request_exception=False)

    answer = client.get("/tai-khoan/login/", headers={"host": "elsewhere.example"})

    assert answer.status_code == 400
    assert "chưa có gì được lưu" in answer.content.decode()


def test_an_unknown_address_is_said_so(client: Client) -> None:
    answer = client.get("/khong-co-trang-nay/")

    assert answer.status_code == 404
    assert "<h1>" in answer.content.decode()

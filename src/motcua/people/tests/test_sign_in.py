"""Signing in: a whole office comes from one address."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from motcua.people.models import User
from motcua.people.tests.cast import Province

SIGN_IN = reverse("account_login")


@pytest.fixture(autouse=True)
def _hashes_are_quick(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def sign_in(address: str, username: str, password: str) -> Any:
    # Without what the proxy says: the address is the only thing that they have in common.
    return Client(REMOTE_ADDR=address).post(SIGN_IN, {"login": username, "password": password})


def test_forty_clerks_behind_one_address_sign_in_within_a_minute(province: Province) -> None:
    clerk = User.objects.get(pk=province.clerk.id)
    clerk.set_password("đúng mật khẩu")
    clerk.save(update_fields=["password"])

    answers = [
        sign_in("127.3.1.1", clerk.username, "đúng mật khẩu").status_code for _clerk in range(40)
    ]

    assert answers == [302] * 40

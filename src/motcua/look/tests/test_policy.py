"""The browser is told to run and load only what the site itself serves."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_every_page_comes_with_a_content_security_policy(client: Client) -> None:
    policy = client.get("/tai-khoan/login/").headers["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "script-src" not in policy
    assert "frame-ancestors 'none'" in policy

"""Who writes in the tests of the trail: one account, without any rights."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser


@pytest.fixture
def writer(db: None) -> AbstractUser:
    """Someone who does things."""
    return get_user_model().objects.create(username="binh", full_name="Lê Thanh Bình")

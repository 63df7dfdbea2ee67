"""Walks over every address once for all tests of this folder."""

from __future__ import annotations

import pytest
from pytest_django import DjangoDbBlocker

from tests.rights.walk import Walked, walk_everywhere


@pytest.fixture(scope="session")
def walked(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Walked:
    """What everybody was answered everywhere; nothing of it is left in the database."""
    with django_db_blocker.unblock():
        return walk_everywhere(tmp_path_factory.mktemp("written"))


@pytest.fixture(autouse=True)
def _ask_for_a_database(db: None) -> None:
    """Ask for the database: it is only made where a test says so, and the walk needs one."""

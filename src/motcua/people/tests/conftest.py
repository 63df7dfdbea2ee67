"""The province in which the tests of people take place."""

import pytest

from motcua.people.tests.cast import Province, make_province


@pytest.fixture
def province(db: None) -> Province:
    """The small province."""
    return make_province()

"""The province and its case files, for the tests that need them."""

from __future__ import annotations

import pytest

from motcua.reporting.tests.province import QUARTER, Province, make_cases, make_province


@pytest.fixture
def province(db: None) -> Province:
    return make_province()


@pytest.fixture
def quarter(province: Province) -> Province:
    make_cases(province, QUARTER)
    return province
